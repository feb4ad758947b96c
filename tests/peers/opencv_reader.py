"""Reads a camera with OpenCV and prints the numbers of its test cards: DEVICE COUNT."""

import sys

import cv2

from endlessdreams_cam.sources.pattern import read_number

camera = cv2.VideoCapture(sys.argv[1], cv2.CAP_V4L2)
for _ in range(int(sys.argv[2])):
    good, frame = camera.read()
    print(read_number(frame).number if good else "nothing", flush=True)  # noqa: T201
