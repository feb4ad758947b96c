"""A thread's turn on the processors: what must be prompt goes first, where the system allows it.

Measured beside an engine at full load on two processors: a thread that wakes like all others is
up to 11 ms late, with a short slice 4 ms, in real time 0.3 ms.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
import threading

_NICE = -10
_PRIORITY = 1  # the lowest of the real-time ones: sound comes before pictures
_SLICE_NS = 100_000
_SET_ATTRIBUTES = {"x86_64": 314, "aarch64": 274}  # the number of sched_setattr(2)
_ATTRIBUTES = struct.Struct("=IIQiIQQQII")  # struct sched_attr of sched_setattr(2), 56 bytes


def come_first(*, in_short: bool = False) -> str:
    """Let the present thread run before others, as far as the system allows; return how.

    in_short: the thread only ever works for moments, and may do so in real time (Linux grants
    that to root and to those with an rtprio limit, as sound studios set it). Returns "real time",
    "before others", "promptly" or "as others".
    """
    if not sys.platform.startswith("linux"):
        return "as others"
    if in_short and _in_real_time():
        return "real time"
    before = _before_others()
    prompt = _promptly()
    return "before others" if before else "promptly" if prompt else "as others"


def _in_real_time() -> bool:
    me, policy = threading.get_native_id(), os.SCHED_RR | os.SCHED_RESET_ON_FORK
    if os.sched_getscheduler(me) & ~os.SCHED_RESET_ON_FORK in (os.SCHED_RR, os.SCHED_FIFO):
        return True  # JACK gave it a priority, which is not to be lowered
    try:
        os.sched_setscheduler(me, policy, os.sched_param(_PRIORITY))
    except OSError:
        return False
    return True


def _before_others() -> bool:
    try:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
    except OSError:
        return False
    return True


def _promptly() -> bool:
    """Ask for short slices: since Linux 6.12 who asks for little at a time is let in sooner.

    It needs no permission; older kernels take no notice.
    """
    number = _SET_ATTRIBUTES.get(platform.machine())
    if number is None:
        return False
    nice = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    size = _ATTRIBUTES.size
    wanted = _ATTRIBUTES.pack(size, os.SCHED_OTHER, 0, nice, 0, _SLICE_NS, 0, 0, 0, 0)
    result = ctypes.CDLL(None).syscall(number, 0, ctypes.c_char_p(wanted), 0)
    return int(result) == 0
