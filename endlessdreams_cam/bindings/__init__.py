"""Bindings: which control moves what. The mapping is pure: events in, changes out."""

from endlessdreams_cam.bindings.actions import ACTIONS, Act, Do
from endlessdreams_cam.bindings.binding import (
    Binding,
    Button,
    Curve,
    Encoding,
    Pickup,
    good_control,
    matches,
)
from endlessdreams_cam.bindings.event import Event, Gesture

__all__ = [
    "ACTIONS",
    "Act",
    "Binding",
    "Button",
    "Curve",
    "Do",
    "Encoding",
    "Event",
    "Gesture",
    "Pickup",
    "good_control",
    "matches",
]
