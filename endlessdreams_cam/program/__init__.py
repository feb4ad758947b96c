"""The program: when a frame is due, and what is on it."""

from endlessdreams_cam.program.compositor import Compositor
from endlessdreams_cam.program.pacer import Pacer, Tick
from endlessdreams_cam.program.stage import Program, Stage

__all__ = ["Compositor", "Pacer", "Program", "Stage", "Tick"]
