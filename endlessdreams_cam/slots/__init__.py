"""Shared memory that holds the newest item only.

One writer, many readers: nobody waits for a reader and nothing queues. Main alone makes and
unlinks the memory; workers attach by name.
"""

from endlessdreams_cam.slots.frames import FrameSlot
from endlessdreams_cam.slots.memory import check_room, remove_leftovers
from endlessdreams_cam.slots.texts import TextSlot

__all__ = ["FrameSlot", "TextSlot", "check_room", "remove_leftovers"]
