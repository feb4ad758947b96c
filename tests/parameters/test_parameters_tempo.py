import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from played_time import Time

from endlessdreams_cam.parameters import Beat, Snapshot, Store
from endlessdreams_cam.parameters.tempo import Taps

S = 1_000_000_000
MS = 1_000_000

beats = st.builds(
    Beat,
    st.integers(-S, 100 * S),
    st.floats(-100, 10_000),
    st.floats(30, 300),
    st.floats(-0.25, 0.25),
)
times = st.integers(0, 200 * S)


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def store(time):
    return Store(time)


def test_beats_are_counted():
    beat = Beat(S, 8.0, 120)
    assert beat.count(S) == 8
    assert beat.count(2 * S) == 10
    assert beat.next_beat(S + MS) == S + S // 2
    assert beat.next_bar(S + MS) == 3 * S
    assert beat.next_bar(S) == S


@given(beats, times, times)
def test_the_count_never_goes_back(beat, a, b):
    a, b = min(a, b), max(a, b)
    assert beat.count(a) <= beat.count(b)


@given(beats, st.floats(-100, 10_000))
def test_when_is_the_inverse_of_the_count(beat, count):
    assert beat.count(beat.when(count)) == pytest.approx(count, abs=1e-5)


@given(beats, times)
def test_the_next_beat_is_a_beat_and_within_one(beat, now):
    at = beat.next_beat(now)
    assert at >= now
    assert beat.count(at) == pytest.approx(round(beat.count(at)), abs=1e-4)
    assert beat.count(at) - beat.count(now) < 1 + 1e-4
    assert round(beat.count(beat.next_bar(now))) % 4 == 0


@given(beats, st.floats(30, 300), times)
def test_another_tempo_keeps_the_phase(beat, bpm, now):
    after = beat.at_tempo(bpm, now)
    assert after.count(now) == pytest.approx(beat.count(now))
    assert after.count(now + 60 * S) == pytest.approx(beat.count(now) + bpm)


@given(beats, st.floats(30, 300), times, st.integers(-S // 2, 0))
def test_a_correction_is_spread_over_a_beat_or_a_jump(beat, bpm, now, ago):
    after = beat.steered(bpm, now + ago, now)
    jump = abs(after.count(now) - beat.count(now))
    # Within a beat the counts meet; a jump is more than a quarter of a beat.
    assert jump < 1e-9 or jump > 0.25 - 1e-9
    there = after.count(now + 4 * S) - (4 * S - ago) * bpm / 60 / S
    assert there == pytest.approx(round(there), abs=1e-4)


@given(beats, times)
def test_a_resync_begins_a_bar_now(beat, now):
    count = beat.resynced(now).count(now)
    assert count % 4 == 0
    assert -0.25 - 1e-9 <= count - beat.count(now) < 3.75 + 1e-9


def test_the_tempo_by_hand_keeps_the_phase(store, time):
    time.ns = 3 * S + 123
    before = store.snapshot.beat.count(time.ns)
    store.set("tempo.bpm", 93, origin="hand")
    assert store.snapshot.beat.count(time.ns) == pytest.approx(before)
    assert store.snapshot.beat.bpm == 93
    assert "tempo.bpm" not in store.snapshot.moves


@pytest.mark.parametrize("bpm", [30, 77.3, 128, 174, 300])
def test_taps_set_the_tempo_and_the_beat(store, time, bpm):
    step = round(60 * S / bpm)
    time.ns = 10 * S
    for _ in range(5):
        time.ns += step
        store.pull("tempo.tap", origin="hand")
    assert store.snapshot.values["tempo.bpm"] == pytest.approx(bpm, abs=0.1)
    due = store.snapshot.beat.next_beat(time.ns + step // 2)
    assert due == pytest.approx(time.ns + step, abs=5 * MS)


def test_one_tap_alone_changes_nothing(store, time):
    time.ns = 10 * S + 77
    before = store.snapshot.beat
    store.pull("tempo.tap", origin="hand")
    assert store.snapshot.beat == before
    time.ns += 3 * S  # too long ago to be a beat
    store.pull("tempo.tap", origin="hand")
    assert store.snapshot.beat == before


def test_an_unsteady_hand_is_averaged():
    chance, taps, now, heard = random.Random(3), Taps(), 0, []
    for _ in range(8):
        now += round(S / 2 + chance.gauss(0, 12 * MS))
        heard.append(taps.tap(now))
    assert heard[-1] == pytest.approx(120, abs=3)


def test_a_pad_that_bounces_is_one_tap():
    taps = Taps()
    heard = [taps.tap(at * MS) for at in (0, 20, 500, 515, 1000, 1500)]
    assert heard[-1] == 120


def test_resync_begins_a_bar(store, time):
    time.ns = 5 * S + 300 * MS
    store.pull("tempo.resync", origin="hand")
    assert store.snapshot.beat.count(time.ns) % 4 == 0


def clock(store, time, bpm, seconds, *, jitter_ms=0.0, seed=1):
    """Play an outer clock whose beats are heard with jitter; return the versions it cost."""
    chance, version, worst = random.Random(seed), store.snapshot.version, 0.0
    period = 60 * S / bpm
    first = time.ns
    for n in range(round(seconds * bpm / 60)):
        time.ns = round(first + n * period)
        before = store.snapshot.beat.count(time.ns)
        store.follow(bpm, time.ns + round(chance.gauss(0, jitter_ms) * MS))
        worst = max(worst, abs(store.snapshot.beat.count(time.ns) - before))
    return store.snapshot.version - version, worst


def test_a_clock_is_followed_in_tempo_and_phase(store, time):
    time.ns = 10 * S + 111 * MS
    clock(store, time, 128, 8)
    count = store.snapshot.beat.count(time.ns)
    assert count == pytest.approx(round(count), abs=0.011)
    assert store.snapshot.values["tempo.bpm"] == 128


def test_a_steady_clock_costs_no_snapshots(store, time):
    clock(store, time, 128, 8)
    cost, _ = clock(store, time, 128, 60)
    assert cost <= 1


def test_jitter_does_not_shake_the_beat(store, time):
    clock(store, time, 120, 8, jitter_ms=2)
    cost, jump = clock(store, time, 120, 60, jitter_ms=2)
    assert jump == pytest.approx(0)
    assert cost < 30


def test_a_start_jumps_to_its_beat(store, time):
    time.ns = 7 * S + 200 * MS
    store.follow(100, time.ns - 10 * MS, beat=0)
    assert store.snapshot.beat.count(time.ns) == pytest.approx(1 / 60)
    store.follow(100, time.ns, beat=64)
    assert store.snapshot.beat.count(time.ns) == 64


def test_the_beat_travels(store, time):
    time.ns = 3 * S
    store.follow(101, 3 * S - 77 * MS)
    got = Snapshot.decode(store.snapshot.encode())
    assert got.beat == store.snapshot.beat
    assert got.beat.slip
