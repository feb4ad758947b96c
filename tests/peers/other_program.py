"""Sends black into a virtual camera until it is ended, and says when it has it: DEVICE."""

import sys
import time

import numpy as np
import pyvirtualcam

black = np.zeros((360, 640, 3), np.uint8)
with pyvirtualcam.Camera(640, 360, 30, device=sys.argv[1]) as camera:
    print("It is mine.", flush=True)  # noqa: T201
    while True:
        camera.send(black)
        time.sleep(0.1)
