"""A thread's turn: asked for in order of preference, and never more than it was given."""

import os
import sys
import threading

import pytest

from endlessdreams_cam import turn

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux has the calls")


def ask(*, in_short, before=lambda: None):
    """Ask on a thread of its own, which keeps what it is given; return what it got."""
    got = []

    def run():
        try:
            before()
        except PermissionError as error:
            got.append(error)
            return
        how = turn.come_first(in_short=in_short)
        me = threading.get_native_id()
        got.append((how, os.sched_getscheduler(me), os.getpriority(os.PRIO_PROCESS, me)))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(got[0], PermissionError):
        raise got[0]
    return got[0]


def refuse(monkeypatch, *names):
    def no(*_args):
        raise PermissionError

    for name in names:
        monkeypatch.setattr(os, name, no)


def test_who_works_for_moments_may_do_so_in_real_time():
    how, policy, _ = ask(in_short=True)
    real = policy & ~os.SCHED_RESET_ON_FORK == os.SCHED_RR
    assert real == (how == "real time")


def test_who_works_long_never_runs_in_real_time():
    how, policy, nice = ask(in_short=False)
    assert policy == os.SCHED_OTHER
    assert (how == "before others") == (nice == -10)


def test_without_permission_it_is_at_least_prompt(monkeypatch):
    before = os.getpriority(os.PRIO_PROCESS, 0)
    refuse(monkeypatch, "sched_setscheduler", "setpriority")
    how, policy, nice = ask(in_short=True)
    assert how in ("promptly", "as others")
    assert (policy, nice) == (os.SCHED_OTHER, before)


def test_an_unknown_processor_is_as_others(monkeypatch):
    refuse(monkeypatch, "sched_setscheduler", "setpriority")
    monkeypatch.setattr(turn.platform, "machine", lambda: "vax")
    assert ask(in_short=True)[0] == "as others"


def test_a_priority_that_it_has_is_not_lowered():
    def have_more():
        more = os.SCHED_FIFO | os.SCHED_RESET_ON_FORK
        os.sched_setscheduler(threading.get_native_id(), more, os.sched_param(7))

    try:
        how, policy, _ = ask(in_short=True, before=have_more)
    except PermissionError:
        pytest.skip("this user has no real time")
    assert how == "real time"
    assert policy & ~os.SCHED_RESET_ON_FORK == os.SCHED_FIFO


def test_other_threads_keep_their_turn():
    ask(in_short=True)
    assert os.sched_getscheduler(0) == os.SCHED_OTHER
