"""Engines by name; each is imported on first use."""

from __future__ import annotations

import importlib

from endlessdreams_cam.engines.engine import Engine
from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.frame import Size

ENGINES: dict[str, str] = {
    "scenes": "endlessdreams_cam.engines.scenes.engine:ScenesEngine",
    "diffusion": "endlessdreams_cam.engines.diffusion.engine:DiffusionEngine",
    "diffusion-fast": "endlessdreams_cam.engines.diffusion.engine:FastDiffusionEngine",
    "fault": "endlessdreams_cam.engines.faults:FaultEngine",
}
"""Names to "module:Class". diffusion:MODEL dreams with a model, diffusion-fast after compiling;
fault:KIND plays an engine that misbehaves (see engines.faults)."""


def make_engine(name: str, size: Size) -> Engine:
    """Return a new engine of that name, not yet open; raises SettingError for an unknown one."""
    kind, _, argument = name.partition(":")
    if kind not in ENGINES:
        raise SettingError(
            f"There is no engine called {kind!r} in this version.", remedy="Use scenes or auto."
        )
    module, _, cls = ENGINES[kind].partition(":")
    engine_type = getattr(importlib.import_module(module), cls)
    engine: Engine = engine_type(size, argument) if argument else engine_type(size)
    return engine
