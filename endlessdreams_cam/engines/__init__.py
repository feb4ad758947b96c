"""Engines make dreams from the live input and the parameters."""

from endlessdreams_cam.engines.catalogue import ENGINES, make_engine
from endlessdreams_cam.engines.engine import Engine, Inputs

__all__ = ["ENGINES", "Engine", "Inputs", "make_engine"]
