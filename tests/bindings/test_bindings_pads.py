import pytest

from endlessdreams_cam.bindings import Act, Do
from endlessdreams_cam.bindings.pads import Pads

MS = 1_000_000
PLACE = ("dev", "note:1:1", "x")


def hold(action, ms, *, pads=None, values=None, at=0):
    """Hold a button so long; what it did at once, while held, and on release."""
    pads = pads or Pads()
    begun = at * MS
    pressed = pads.press(PLACE, action, begun, values or {})
    held = []
    for t in range(at, at + ms, 10):
        held += pads.tick(t * MS)
    return pressed, held, pads.release(PLACE, begun + ms * MS)


@pytest.mark.parametrize(
    ("action", "ms", "expected"),
    [
        ("prompt.3", 100, ([], [], [Act(Do.PROMPT, "3")])),
        ("prompt.3", 900, ([], [Act(Do.SOLO, "3")], [Act(Do.UNSOLO, "3")])),
        ("preset.2", 500, ([], [], [Act(Do.PRESET, "2")])),
        ("preset.2", 1200, ([], [Act(Do.SAVE, "2")], [])),
        ("cut.source", 200, ([], [], [])),
        ("cut.source", 400, ([], [Act(Do.CUT, "source")], [])),
        ("cut.black", 50, ([Act(Do.CUT, "black")], [], [])),
        ("panic", 50, ([Act(Do.PANIC)], [], [])),
        ("panic", 3000, ([Act(Do.PANIC)], [], [])),
        ("preset.next", 50, ([Act(Do.NEXT)], [], [])),
        ("style.next", 50, ([Act(Do.STYLE)], [], [])),
        ("lock.drift.zoom", 50, ([Act(Do.LOCK, "drift.zoom")], [], [])),
        ("record", 50, ([Act(Do.RECORD, "on")], [], [])),
    ],
)
def test_taps_and_holds(action, ms, expected):
    assert hold(action, ms) == expected


def test_a_recording_ends_after_a_second_only():
    on = {"program.record": True}
    assert hold("record", 400, values=on) == ([], [], [])
    assert hold("record", 1100, values=on) == ([], [Act(Do.RECORD, "off")], [])


def test_trembling_hands_do_not_end_a_panic():
    pads = Pads()
    assert hold("panic", 60, pads=pads)[0] == [Act(Do.PANIC)]
    pads.latched = True
    assert hold("panic", 700, pads=pads, at=200) == ([], [], []), "within the second"
    assert hold("panic", 300, pads=pads, at=2000) == ([], [], []), "too short"
    assert hold("panic", 700, pads=pads, at=3000) == ([], [Act(Do.RELEASE)], [])


def test_a_release_that_comes_before_the_tick_counts_as_a_hold():
    pads = Pads()
    pads.press(PLACE, "cut.source", 0, {})
    assert pads.release(PLACE, 400 * MS) == [Act(Do.CUT, "source")]


def test_a_cable_pulled_while_holding_ends_the_solo_and_taps_nothing():
    pads = Pads()
    pads.press(PLACE, "prompt.1", 0, {})
    assert pads.tick(400 * MS) == [Act(Do.SOLO, "1")]
    assert pads.let_go("dev", 500 * MS) == [Act(Do.UNSOLO, "1")]
    pads.press(PLACE, "preset.1", 0, {})
    assert pads.let_go("dev", 100 * MS) == []
    assert pads.due_ns is None


def test_when_a_hold_is_due():
    pads = Pads()
    assert pads.due_ns is None
    pads.press(PLACE, "prompt.1", 5 * MS, {})
    assert pads.due_ns == 305 * MS
    pads.tick(305 * MS)
    assert pads.due_ns is None
