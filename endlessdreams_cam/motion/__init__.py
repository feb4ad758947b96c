"""Where the dream's camera stands, and how a picture is seen from there. Pure."""

from endlessdreams_cam.motion.affine import Affine, compose, invert, matrix, warp
from endlessdreams_cam.motion.integrator import PoseIntegrator
from endlessdreams_cam.motion.view import View, cover, view_matrix, within

__all__ = [
    "Affine",
    "PoseIntegrator",
    "View",
    "compose",
    "cover",
    "invert",
    "matrix",
    "view_matrix",
    "warp",
    "within",
]
