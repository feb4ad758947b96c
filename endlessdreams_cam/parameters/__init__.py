"""Everything that can be played: one table, one store, immutable snapshots."""

from endlessdreams_cam.parameters.snapshot import Move, Snapshot, Switch, Value
from endlessdreams_cam.parameters.spec import Kind, Parameter
from endlessdreams_cam.parameters.store import Change, Store
from endlessdreams_cam.parameters.table import PARAMETERS, PROMPTS, find

__all__ = [
    "PARAMETERS",
    "PROMPTS",
    "Change",
    "Kind",
    "Move",
    "Parameter",
    "Snapshot",
    "Store",
    "Switch",
    "Value",
    "find",
]
