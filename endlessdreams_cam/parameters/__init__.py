"""Everything that can be played: one table, one store, immutable snapshots."""

from endlessdreams_cam.parameters.move import Move
from endlessdreams_cam.parameters.snapshot import Ahead, Snapshot, Switch, Value
from endlessdreams_cam.parameters.spec import Kind, Parameter
from endlessdreams_cam.parameters.store import Change, Store, morph_s
from endlessdreams_cam.parameters.swings import Swing
from endlessdreams_cam.parameters.table import PARAMETERS, PROMPTS, clean, find
from endlessdreams_cam.parameters.tempo import BAR, Beat

__all__ = [
    "BAR",
    "PARAMETERS",
    "PROMPTS",
    "Ahead",
    "Beat",
    "Change",
    "Kind",
    "Move",
    "Parameter",
    "Snapshot",
    "Store",
    "Swing",
    "Switch",
    "Value",
    "clean",
    "find",
    "morph_s",
]
