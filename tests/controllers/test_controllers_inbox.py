import threading

from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.bindings import Event, Gesture
from endlessdreams_cam.controllers.inbox import Inbox

KEYS = [("a", "cc:1:1"), ("a", "cc:1:2"), ("b", "cc:1:1"), ("b", "note:1:9")]
EVENTS = st.builds(
    lambda key, gesture, value, at: Event(*key, "", gesture, value, at),
    st.sampled_from(KEYS), st.sampled_from(Gesture), st.integers(-64, 64).map(float),
    st.integers(0, 10**9),
)  # fmt: skip


def event(address, gesture, value, at_ns=0):
    return Event("a", address, "", gesture, value, at_ns)


def stands(address, value, at_ns=0):
    return event(address, Gesture.ABSOLUTE, value, at_ns)


def put(inbox, *events):
    for one in events:
        inbox.put(one, edge=is_edge(one))


def is_edge(one):
    return one.gesture in (Gesture.PRESS, Gesture.RELEASE)


PRESS, RELEASE = event("note:1:1", Gesture.PRESS, 1.0), event("note:1:1", Gesture.RELEASE, 0.0)


def test_the_last_value_stays_where_the_first_came():
    inbox = Inbox()
    put(inbox, stands("x", 0.1, 1), stands("y", 0.2, 2), stands("x", 0.3, 3))
    assert inbox.drain() == [stands("x", 0.3, 3), stands("y", 0.2, 2)]
    assert inbox.drain() == []


def test_ticks_are_summed():
    inbox = Inbox()
    put(inbox, *(event("x", Gesture.RELATIVE, ticks, at) for at, ticks in enumerate((1, 1, -3))))
    assert inbox.drain() == [event("x", Gesture.RELATIVE, -1, 2)]


def test_a_knob_turned_under_shift_stays_so():
    inbox = Inbox()
    put(inbox, PRESS, stands("x", 0.1), stands("x", 0.2), RELEASE, stands("x", 0.3))
    assert inbox.drain() == [PRESS, stands("x", 0.2), RELEASE, stands("x", 0.3)]


def test_the_ends_of_an_unknown_control_stay():
    inbox = Inbox()
    for value in (1.0, 0.0, 1.0, 1.0, 0.0):
        inbox.put(stands("x", value), edge=True)
    assert [e.value for e in inbox.drain()] == [1.0, 0.0, 1.0, 1.0, 0.0]


def test_only_the_first_after_a_drain_wakes():
    inbox = Inbox()
    assert inbox.put(PRESS, edge=True)
    assert not inbox.put(RELEASE, edge=True)
    inbox.drain()
    assert inbox.put(stands("x", 0), edge=False)


def test_without_room_a_press_is_lost_with_its_release_and_counted():
    inbox = Inbox(limit=2)
    held = event("note:1:2", Gesture.PRESS, 1.0)
    let_go = event("note:1:2", Gesture.RELEASE, 0.0)
    put(inbox, held, PRESS)
    put(inbox, RELEASE, PRESS, RELEASE, let_go, let_go)
    assert inbox.drain() == [held, PRESS, RELEASE, let_go]
    assert inbox.lost == 3
    put(inbox, PRESS, RELEASE)
    assert inbox.drain() == [PRESS, RELEASE]


@given(st.lists(EVENTS, max_size=100))
def test_nothing_that_counts_is_lost(events):
    inbox = Inbox()
    put(inbox, *events)
    drained = inbox.drain()
    assert [e for e in drained if is_edge(e)] == [e for e in events if is_edge(e)]
    for device, address in KEYS:
        own = [e for e in events if (e.device, e.address) == (device, address)]
        out = [e for e in drained if (e.device, e.address) == (device, address)]
        absolute = [e for e in own if e.gesture is Gesture.ABSOLUTE]
        assert [e for e in out if e.gesture is Gesture.ABSOLUTE][-1:] == absolute[-1:]
        ticks = [sum(e.value for e in es if e.gesture is Gesture.RELATIVE) for es in (own, out)]
        assert ticks[0] == ticks[1]


@given(st.lists(st.tuples(EVENTS, st.booleans()), max_size=300))
def test_it_is_bounded(events):
    inbox = Inbox(limit=20)
    for one, edge in events:
        inbox.put(one, edge=edge or is_edge(one))
    # One value, one sum and one release of each control may come on top of the limit.
    assert len(inbox.drain()) <= 20 + 3 * len(KEYS)


@given(st.lists(EVENTS, max_size=60), st.integers(0, 59))
def test_what_is_drained_in_two_is_all(events, middle):
    whole, parts = Inbox(), Inbox()
    put(whole, *events)
    put(parts, *events[:middle])
    first = parts.drain()
    put(parts, *events[middle:])
    drained = first + parts.drain()
    assert [e for e in drained if is_edge(e)] == [e for e in whole.drain() if is_edge(e)]


def test_two_threads_put_while_one_drains():
    inbox, count, drained = Inbox(), 2000, []

    def play(address):
        for number in range(count):
            inbox.put(event(address, Gesture.PRESS, float(number)), edge=True)
            inbox.put(event("turn", Gesture.RELATIVE, 1.0), edge=False)

    threads = [threading.Thread(target=play, args=(f"note:1:{n}",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        drained += inbox.drain()
    drained += inbox.drain()
    for address in ("note:1:1", "note:1:2"):
        assert [e.value for e in drained if e.address == address] == list(range(count))
    assert sum(e.value for e in drained if e.gesture is Gesture.RELATIVE) == 2 * count
