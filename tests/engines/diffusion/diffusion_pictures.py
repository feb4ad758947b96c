"""Pictures that dreams are made of in the tests."""

import numpy as np

from endlessdreams_cam.frame import Frame, Size

SIZE = Size(64, 64)


def make_picture(seed=0, size=SIZE):
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (size.height // 8, size.width // 8, 3)).repeat(8, 0)
    fine = random.integers(-20, 21, (size.height, size.width, 3))
    return np.clip(coarse.repeat(8, 1) + fine, 0, 255).astype(np.uint8)


def as_frame(pixels):
    return Frame(np.ascontiguousarray(pixels))
