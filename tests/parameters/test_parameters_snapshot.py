import pytest
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.parameters import PARAMETERS, Ahead, Move, Snapshot, Store, Switch

S = 1_000_000_000
SWING = {"target": "prompt.1.weight", "source": "triangle", "depth": 0.123456789}


@given(
    st.floats(-10, 10), st.floats(-10, 10), st.floats(0.01, 20), st.floats(-1, 2),
)  # fmt: skip
def test_a_move_stays_between_its_ends_and_arrives(start, target, duration, u):
    move = Move(target, start, 0, duration)
    value = move.at(round(u * duration * S))
    assert min(start, target) - 1e-9 <= value <= max(start, target) + 1e-9
    assert move.at(round(duration * S) + 1) == target


def test_a_short_move_begins_at_once():
    move = Move(1.0, 0.0, 0, 0.06)
    assert move.at(S // 100) > 0.3


def bank(store, **weights):
    values = {f"prompt.{n}.text": f"prompt {n}" for n in (1, 2, 3)}
    values |= {f"prompt.{n}.weight": 0.0 for n in range(1, 9)}
    values |= {f"prompt.{key[1]}.weight": value for key, value in weights.items()}
    return store.apply(values, origin="test", glide_s=0)


@pytest.fixture
def store():
    return Store(lambda: 0)


def test_weights_are_shares(store):
    assert bank(store, p1=1, p2=1).weights(0)[:3] == (0.5, 0.5, 0)


def test_an_empty_slot_counts_nothing(store):
    assert bank(store, p1=0.5, p8=1).weights(0) == (1, 0, 0, 0, 0, 0, 0, 0)


def test_the_base_gets_what_the_weights_leave(store):
    store.set("prompt.base", "ground", origin="test")
    assert bank(store, p1=0.25).weights(0)[0] == 0.25
    assert bank(store, p1=1, p2=1).weights(0)[:2] == (0.5, 0.5)


def test_solo_wins(store):
    bank(store, p1=1)
    store.set("prompt.3.solo", True, origin="test")
    assert store.snapshot.weights(0)[:3] == (0, 0, 1)


def test_scan_walks_the_bank_without_a_jump(store):
    bank(store, p2=1)
    before = None
    for step in range(0, 301):
        store.set("prompt.scan", step / 100, origin="test", glide_s=0)
        now = store.snapshot.weights(0)
        assert before is None or max(abs(a - b) for a, b in zip(now, before, strict=True)) < 0.03
        before = now
    assert before[:3] == (0, 0, 1)


def test_a_snapshot_travels_whole(store):
    store.set("view.zoom", 2, origin="test", glide_s=3)
    store.set("prompt.1.text", "ein Gesicht aus Glut – ✨", origin="test")
    store.offset({"prompt.2.weight": 0.5}, glide_s=2, origin="auto")
    store.switch(Switch("b", True, "hang"))
    store.prepare(Ahead(("a koi pond", "night"), "ink", 7))
    store.sway(0.5, origin="test")
    store.apply({"look.hue": 20}, origin="test", glide_s=4, preset="abyss")
    sent = store.snapshot
    got = Snapshot.decode(sent.encode())
    assert dict(got.values) == dict(sent.values)
    assert (got.moves, got.offsets, got.switch, got.version) == (
        sent.moves, sent.offsets, sent.switch, sent.version,
    )  # fmt: skip
    assert (got.ahead, got.sway, got.morph, got.preset) == (
        sent.ahead, sent.sway, sent.morph, "abyss",
    )  # fmt: skip
    for t in (0, S, 5 * S):
        assert got.number("view.zoom", t) == sent.number("view.zoom", t)
        assert got.weights(t) == sent.weights(t)


def test_the_fullest_snapshot_fits_its_slot(store):
    for n in range(1, 9):
        store.set(f"prompt.{n}.text", "🔥" * 400, origin="test")
    store.prepare(Ahead(("🔥" * 400,) * 9, "🔥" * 100, 2**31 - 1))
    for k in range(40):
        swings = {f"mod.{n}.{part}": value for n in range(1, 9) for part, value in SWING.items()}
        store.apply(swings | {f"mod.{1 + k % 8}.beats": 1 + k / 7}, origin="test")
    names = [name for name, spec in PARAMETERS.items() if spec.glides]
    store.apply(dict.fromkeys(names, 0.001), origin="test", glide_s=9)
    store.offset(dict.fromkeys(names, 0.123456789), glide_s=9, origin="auto")
    assert len(store.snapshot.encode()) < 64 * 1024
