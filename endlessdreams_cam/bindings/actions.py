"""What a button can do besides moving a parameter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from endlessdreams_cam.parameters import PROMPTS
from endlessdreams_cam.parameters.table import CUTS


class Do(StrEnum):
    """The actions of PERFORMING's words."""

    PROMPT = "prompt"  # glide to prompt N
    SOLO = "solo"  # solo prompt N while held
    UNSOLO = "unsolo"
    PRESET = "preset"  # recall the Nth preset; during its morph: finish now
    SAVE = "save"  # save the present state on the Nth preset
    NEXT = "next"
    PREVIOUS = "previous"
    UNDO = "undo"
    FINISH = "finish"  # finish the morph
    CUT = "cut"
    PANIC = "panic"
    RELEASE = "release"  # end a panic
    STYLE = "style"  # next style
    RECORD = "record"  # "on" or "off"
    LOCK = "lock"  # lock or unlock a parameter against recalls


@dataclass(frozen=True, slots=True)
class Act:
    """An action to be done: what, and to which (a prompt's number, a cut, a parameter's name)."""

    do: Do
    which: str = ""


PADS = 16
"""Preset pads (preset.pad.N)."""

ACTIONS: dict[str, str] = {
    **{f"prompt.{n}": f"Glide to prompt {n}; held: solo." for n in range(1, PROMPTS + 1)},
    **{f"preset.{n}": f"Recall preset {n}; held 1 s: save it." for n in range(1, PADS + 1)},
    "preset.next": "Recall the next preset of the setlist.",
    "preset.previous": "Recall the previous preset of the setlist.",
    "preset.undo": "Take back the last recall.",
    "preset.finish": "Finish the morph now.",
    **{f"cut.{cut}": f"Cut to {cut}." for cut in CUTS},
    "panic": "The slate, at once, latched; held 0.5 s while latched: back to the dream.",
    "style.next": "The next of the preset's styles.",
    "record": "Record; held 1 s: stop.",
    "shift": "The other layer of the controls, while held.",
}
"""Every action that a binding may name, and what it does."""
