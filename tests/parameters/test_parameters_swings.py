import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from played_time import Time

from endlessdreams_cam.errors import ParameterError
from endlessdreams_cam.parameters import PARAMETERS, Kind, Snapshot, Store
from endlessdreams_cam.parameters.swings import wave
from endlessdreams_cam.parameters.table import WAVES

S = 1_000_000_000
MS = 1_000_000
TARGETS = [p for p in PARAMETERS.values() if p.swings]


@pytest.fixture
def time():
    return Time(100 * S)


@pytest.fixture
def store(time):
    return Store(time)


def swing(store, target, source="sine", *, n=1, beats=4, depth=1.0, phase=0.0, glide_s=0.0):
    values = {"target": target, "source": source, "beats": beats, "depth": depth, "phase": phase}
    named = {f"mod.{n}.{part}": value for part, value in values.items()}
    return store.apply(named, origin="test", glide_s=glide_s)


def value(snapshot, name, now):
    parameter = PARAMETERS[name]
    if parameter.kind is Kind.INTEGER:
        return snapshot.integer(name, now)
    return snapshot.number(name, now)


@given(st.sampled_from(WAVES), st.floats(-1e6, 1e6), st.integers(1, 8))
def test_waves_stay_between_their_ends_and_come_again(source, turns, n):
    assert -1 <= wave(source, turns, n) <= 1
    if source != "random":
        again = wave(source, turns + 1, n)
        assert again == pytest.approx(wave(source, turns, n), abs=1e-6) or source in (
            "saw", "square",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "at"),
    [
        ("sine", [0, 1, 0, -1]),
        ("triangle", [0, 1, 0, -1]),
        ("saw", [-1, -0.5, 0, 0.5]),
        ("square", [1, 1, -1, -1]),
        ("none", [0, 0, 0, 0]),
    ],
)
def test_the_waves_have_their_shapes(source, at):
    assert [wave(source, k / 4) for k in range(4)] == pytest.approx(at, abs=1e-9)


def test_random_is_new_in_each_period_and_the_same_again():
    ends = [wave("random", float(k), 1) for k in range(400)]
    assert len(set(ends)) == 400
    assert ends == [wave("random", float(k), 1) for k in range(400)]
    assert abs(sum(ends)) / 400 < 0.1
    assert max(ends) > 0.95
    assert min(ends) < -0.95
    assert ends != [wave("random", float(k), 2) for k in range(400)]


@given(st.sampled_from(["sine", "triangle", "random"]), st.floats(-1e3, 1e3))
def test_these_waves_are_continuous(source, turns):
    step = 1e-4
    assert abs(wave(source, turns + step, 3) - wave(source, turns, 3)) < 7 * step


@settings(max_examples=300)
@given(
    st.sampled_from(TARGETS),
    st.sampled_from(WAVES),
    st.floats(0, 1),
    st.floats(0.125, 64),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(0, 10**12),
)
def test_a_swung_value_is_in_range(target, source, depth, beats, phase, base, now):
    store = Store(lambda: 0)
    low, high = target.low, target.high
    store.set(target.name, low + (high - low) * base, origin="t", glide_s=0)
    snapshot = swing(store, target.name, source, depth=depth, beats=beats, phase=phase)
    swung = value(snapshot, target.name, now)
    assert target.low <= swung <= target.high
    knob_low, knob_high = target.knob or (low, high)
    reach = max(knob_high, float(store.snapshot.values[target.name]))
    assert min(knob_low, float(store.snapshot.values[target.name])) - 1e-6 <= swung <= reach + 1e-6


@given(
    st.sampled_from([p for p in TARGETS if p.glides]),
    st.sampled_from(["sine", "triangle"]),
    st.floats(0, 1),
    st.floats(0.5, 64),
    st.floats(0, 1),
    st.integers(0, 10**11),
)
def test_a_swung_value_is_continuous(target, source, depth, beats, base, now):
    store = Store(lambda: 0)
    width = target.high - target.low
    store.set(target.name, target.low + width * base, origin="t", glide_s=0)
    snapshot = swing(store, target.name, source, depth=depth, beats=beats)
    step = value(snapshot, target.name, now + MS) - value(snapshot, target.name, now)
    assert abs(step) < 0.05 * width


@given(st.sampled_from(TARGETS), st.sampled_from(WAVES), st.floats(0, 1), st.integers(0, 10**12))
def test_at_depth_0_or_amount_0_the_base_is_exact(target, source, base, now):
    store = Store(lambda: 0)
    width = target.high - target.low
    store.set(target.name, target.low + width * base, origin="t", glide_s=0)
    still = value(store.snapshot, target.name, now)
    assert value(swing(store, target.name, source, depth=0), target.name, now) == still
    swing(store, target.name, source, depth=0.7)
    store.set("mod.amount", 0, origin="t", glide_s=0)
    assert value(store.snapshot, target.name, now) == still


def test_the_base_knows_nothing_of_swings(store, time):
    swing(store, "motion.energy", phase=0.25)
    assert store.snapshot.base("motion.energy", time.ns) == 0.5
    assert store.snapshot.steady("motion.energy", time.ns) == 0.5
    assert store.snapshot.number("motion.energy", time.ns) == pytest.approx(1.0)


def test_depth_is_a_part_of_the_knob_along_its_curve(store, time):
    swing(store, "view.zoom", "square", depth=0.5)  # 1 to 3 in octaves: from 1.5 a quarter up
    store.set("view.zoom", 1.5, origin="t", glide_s=0)
    up = store.snapshot.number("view.zoom", 100 * S)
    down = store.snapshot.number("view.zoom", 101 * S)
    assert up == pytest.approx(1.5 * 3**0.25)
    assert down == pytest.approx(1.5 / 3**0.25)


def test_a_base_beyond_the_knob_does_not_jump_to_it(store, time):
    store.set("view.zoom", 0.6, origin="t", glide_s=0)
    swing(store, "view.zoom", "square", depth=0.01)
    assert store.snapshot.number("view.zoom", 100 * S) == pytest.approx(0.6, abs=0.01)


def test_two_swings_on_one_parameter_add_up(store, time):
    swing(store, "look.hue", phase=0.25, depth=0.25)
    swing(store, "look.hue", n=2, phase=0.25, depth=0.25)
    assert store.snapshot.number("look.hue", 100 * S) == pytest.approx(90)


def test_an_integer_swings_in_steps(store, time):
    swing(store, "dream.steps", depth=0.5)
    found = {store.snapshot.integer("dream.steps", 100 * S + k * 50 * MS) for k in range(40)}
    assert found == {1, 2, 3}
    assert store.snapshot.integer("dream.steps") == 1


def test_weights_swing(store, time):
    store.apply({"prompt.1.text": "a", "prompt.2.text": "b"}, origin="t")
    store.set("prompt.2.weight", 0.5, origin="t", glide_s=0)
    swing(store, "prompt.2.weight", phase=0.25)
    assert store.snapshot.weights(100 * S)[:2] == (0.5, 0.5)
    assert store.snapshot.weights(101 * S)[:2] == (1, 0)


def test_decoded_it_is_the_same(store, time):
    for n, source in enumerate(WAVES, 1):
        swing(store, "look.hue", source, n=n, beats=n, depth=0.2 * n / 2, phase=n / 9)
    swing(store, "drift.zoom", "random", n=7, beats=3)
    swing(store, "drift.zoom", "sine", n=7, beats=5, glide_s=2)  # one leaves
    time.ns += S
    got = Snapshot.decode(store.snapshot.encode())
    assert got.leaving
    for k in range(200):
        now = time.ns + k * 37 * MS
        for name in ("look.hue", "drift.zoom"):
            assert got.number(name, now) == store.snapshot.number(name, now)


def test_another_tempo_does_not_make_a_swing_jump(store, time):
    swing(store, "motion.energy", beats=3)
    time.ns += 777 * MS
    before = store.snapshot.number("motion.energy", time.ns)
    store.set("tempo.bpm", 201, origin="t")
    assert store.snapshot.number("motion.energy", time.ns) == pytest.approx(before)


def steps(snapshot_at, time, seconds):
    """Return the largest step of look.hue between ticks of 5 ms."""
    found, last = 0.0, None
    for _ in range(round(seconds * 200)):
        hue = snapshot_at().number("look.hue", time.ns)
        found = max(found, abs(hue - last) if last is not None else 0.0)
        last = hue
        time.ns += 5 * MS
    return found


@pytest.mark.parametrize(
    "change",
    [
        {"mod.1.target": ""},
        {"mod.1.source": "none"},
        {"mod.1.source": "triangle"},
        {"mod.1.beats": 7},
        {"mod.1.depth": 0},
        {"mod.amount": 0},
        {"mod.1.target": "look.brightness"},
    ],
)
@pytest.mark.parametrize("glide_s", [None, 1.0])
def test_a_swing_that_changes_fades_over(store, time, change, glide_s):
    swing(store, "look.hue", depth=0.5, phase=0.1)
    time.ns += 300 * MS
    last = store.snapshot.number("look.hue", time.ns)
    store.apply(change, origin="hand", glide_s=glide_s)
    assert store.snapshot.number("look.hue", time.ns) == pytest.approx(last, abs=1e-6)
    assert steps(lambda: store.snapshot, time, 2) < 25


def test_a_period_under_a_turning_knob_stays_calm(store, time):
    swing(store, "look.hue", depth=0.5)
    for k in range(60):
        store.set("mod.1.beats", 4 + k / 10, origin="midi")
        assert steps(lambda: store.snapshot, time, 0.01) < 15
    assert len(store.snapshot.leaving) <= 16


def test_in_a_panic_swings_fade_to_rest_and_come_back_where_the_beat_is(store, time):
    swing(store, "look.hue", depth=0.5)
    undisturbed = store.snapshot
    store.sway(0, origin="panic")
    assert steps(lambda: store.snapshot, time, 0.5) < 10
    assert store.snapshot.number("look.hue", time.ns) == 0
    store.sway(1, origin="panic")
    assert steps(lambda: store.snapshot, time, 0.5) < 10
    at = store.snapshot.number("look.hue", time.ns)
    assert at == pytest.approx(undisturbed.number("look.hue", time.ns))


@pytest.mark.parametrize(
    "target",
    [
        "prompt.1.text", "tempo.bpm", "mod.1.depth", "preset.morph", "auto.every", "dream.rate",
        "program.fade", "view.mirror", "source.mirror", "dream.reseed", "prompt.glide",
    ],
)  # fmt: skip
def test_what_no_swing_moves_is_refused(store, target):
    before = store.snapshot
    with pytest.raises(ParameterError, match=r"mod\.2\.target") as caught:
        store.apply({"mod.2.target": target, "mod.2.depth": 1}, origin="t")
    assert "motion.energy" in caught.value.remedy
    assert store.snapshot is before


def test_a_target_that_does_not_exist_gets_the_nearest(store):
    with pytest.raises(ParameterError, match=r"Did you mean motion\.energy"):
        store.set("mod.1.target", "motion.enrgy", origin="t")


def test_no_target_is_none(store, time):
    swing(store, "", "sine")
    assert store.snapshot.swing(1) is None


def test_every_number_worth_it_swings():
    names = {parameter.name for parameter in TARGETS}
    assert {"prompt.8.weight", "view.zoom", "drift.rotate", "look.hue", "program.mix"} <= names
    assert not [n for n in names if n.startswith(("tempo.", "mod.", "preset.", "auto."))]
    assert math.inf not in [parameter.high for parameter in TARGETS]
