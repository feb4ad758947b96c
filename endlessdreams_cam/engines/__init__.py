"""Engines make dreams from the live input and the parameters."""

from endlessdreams_cam.engines.catalogue import ENGINES, make_engine
from endlessdreams_cam.engines.engine import KINDS_OF_PAINT, Engine, Inputs, Paint, Standing

__all__ = ["ENGINES", "KINDS_OF_PAINT", "Engine", "Inputs", "Paint", "Standing", "make_engine"]
