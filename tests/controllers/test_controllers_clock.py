import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endlessdreams_cam.clock import SECOND_NS
from endlessdreams_cam.controllers.midi_clock import TICKS, ClockFollower, Heard

MILLISECOND = 1_000_000
KINDS = ("clock", "start", "stop", "continue", "songpos")


def interval(bpm):
    return 60 * SECOND_NS / (bpm * TICKS)


class Sender:
    """A clock that plays into a follower and keeps what was heard."""

    def __init__(self, bpm=120.0, late=lambda: 0):
        self.follower = ClockFollower()
        self.bpm = bpm
        self.now = 1000 * SECOND_NS
        self.late = late
        self.heard = []
        self.beats = []  # where the sender's own beats fell

    def say(self, kind, position=0):
        self._keep(self.follower.feed(kind, self.now, position))

    def tick(self, count=1):
        for _ in range(count):
            self._keep(self.follower.feed("clock", round(self.now + self.late())))
            self.now += interval(self.bpm)

    def beat(self, count=1):
        for _ in range(count):
            self.beats.append(self.now)
            self.tick(TICKS)

    def _keep(self, heard):
        if heard:
            self.heard.append(heard)


def jitter(seed, largest_ms=2):
    chance = random.Random(seed)
    return lambda: chance.uniform(-largest_ms, largest_ms) * MILLISECOND


@pytest.mark.parametrize("bpm", [30, 60, 120, 127.5, 174, 300])
def test_a_steady_clock_is_told_once(bpm):
    sender = Sender(bpm)
    sender.say("start")
    sender.beat(32)
    assert [(h.bpm, h.beat) for h in sender.heard] == [(bpm, 0)]
    assert sender.heard[0].beat_ns == pytest.approx(sender.beats[0], abs=MILLISECOND)


def test_the_tempo_is_known_after_a_beat():
    sender = Sender()
    sender.tick(TICKS - 1)
    assert not sender.heard
    sender.tick(6)
    assert sender.heard


def test_without_a_start_the_beat_is_unknown():
    sender = Sender()
    sender.beat(16)
    assert [(h.bpm, h.beat) for h in sender.heard] == [(120.0, None)]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("bpm", [60, 120, 174])
def test_jitter_is_averaged(bpm, seed):
    sender = Sender(bpm, jitter(seed))
    sender.say("start")
    sender.beat(160)
    assert abs(sender.heard[-1].bpm - bpm) <= 0.1
    settled = [h for h in sender.heard if h.beat > 16]
    assert all(abs(h.bpm - bpm) <= 0.2 for h in settled)
    for heard in settled:
        assert abs(heard.beat_ns - sender.beats[heard.beat]) < 2 * MILLISECOND


@pytest.mark.parametrize("seed", range(5))
def test_jitter_is_told_at_most_once_a_bar(seed):
    sender = Sender(120, jitter(seed))
    sender.say("start")
    sender.beat(8)
    sender.heard.clear()
    sender.beat(160)
    assert len(sender.heard) <= 40
    assert all(h.beat % 4 == 0 for h in sender.heard)


@pytest.mark.parametrize("late_ticks", [3, 8])
def test_a_late_burst_changes_nothing(late_ticks):
    """Some ticks come all at once when the last of them is due."""
    sender = Sender()
    sender.say("start")
    sender.beat(8)
    sender.heard.clear()
    due = sender.now + interval(120) * late_ticks
    sender.late = lambda: max(due - sender.now, 0)
    sender.beat(16)
    assert sender.heard == []


def test_a_new_tempo_is_followed_within_two_beats():
    sender = Sender()
    sender.say("start")
    sender.beat(8)
    sender.bpm = 140
    sender.beat(3)
    assert sender.heard[-1].bpm == 140
    assert len(sender.heard) < 12
    sender.heard.clear()
    sender.beat(16)
    assert len(sender.heard) <= 1


def test_a_drift_is_followed_in_steps():
    sender = Sender()
    sender.say("start")
    sender.beat(4)
    for _ in range(100):
        sender.bpm += 0.1
        sender.beat()
        assert abs(sender.heard[-1].bpm - sender.bpm) < 0.5
    assert len(sender.heard) <= 101


def test_a_sender_that_stalls_and_goes_on_moves_the_beat():
    sender = Sender()
    sender.say("start")
    sender.beat(8)
    sender.now += SECOND_NS // 10
    sender.beat(8)
    last = sender.heard[-1]
    assert last.bpm == 120
    assert last.beat_ns == pytest.approx(sender.beats[last.beat], abs=MILLISECOND)


def test_start_begins_the_count_at_its_first_tick():
    sender = Sender()
    sender.beat(5)
    sender.tick(7)
    sender.say("start")
    there = sender.now
    sender.tick()
    heard = sender.heard[-1]
    assert (heard.bpm, heard.beat) == (120.0, 0)
    assert heard.beat_ns == pytest.approx(there, abs=MILLISECOND)


def test_start_after_a_silence_is_told_at_once_with_the_tempo_known():
    sender = Sender()
    sender.say("start")
    sender.beat(4)
    sender.say("stop")
    sender.now += 5 * SECOND_NS
    sender.say("start")
    there = sender.now
    sender.tick()
    assert sender.heard[-1] == Heard(120.0, round(there), 0)


def test_stop_freezes_and_continue_goes_on():
    sender = Sender()
    sender.say("start")
    sender.beat(6)
    sender.say("stop")
    sender.heard.clear()
    sender.bpm = 140
    sender.tick(100)
    assert sender.heard == []
    sender.say("continue")
    there = sender.now
    sender.tick()
    assert sender.heard[-1].beat == 6
    assert sender.heard[-1].bpm == 140
    assert sender.heard[-1].beat_ns == pytest.approx(there, abs=MILLISECOND)


def test_a_song_position_moves_the_count():
    sender = Sender()
    sender.say("start")
    sender.beat(6)
    sender.say("stop")
    sender.say("songpos", 32)
    sender.say("continue")
    sender.tick()
    assert sender.heard[-1].beat == 8


def test_a_song_position_may_lie_between_two_beats():
    sender = Sender()
    sender.beat(3)
    sender.say("songpos", 6)
    there = sender.now
    sender.tick()
    assert sender.heard[-1].beat == 1
    assert sender.heard[-1].beat_ns == pytest.approx(there - 0.25 * SECOND_NS, abs=MILLISECOND)


def test_ticks_that_cease_have_stopped():
    sender = Sender()
    sender.beat(2)
    assert sender.follower.ticking(sender.now)
    assert not sender.follower.ticking(sender.now + SECOND_NS)
    assert not ClockFollower().ticking(0)


def test_after_a_silence_unheard_the_place_is_unknown():
    sender = Sender()
    sender.say("start")
    sender.beat(4)
    sender.now += 2 * SECOND_NS
    sender.bpm = 90
    sender.beat(4)
    assert (sender.heard[-1].bpm, sender.heard[-1].beat) == (90, None)


def test_again_tells_what_is_known():
    sender = Sender()
    sender.beat(4)
    sender.heard.clear()
    sender.follower.again()
    sender.beat()
    assert [h.bpm for h in sender.heard] == [120]


@pytest.mark.parametrize("bpm", [10, 600])
def test_a_clock_beyond_the_tempos_range_is_not_followed(bpm):
    sender = Sender(bpm)
    sender.beat(8)
    assert sender.heard == []


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.sampled_from(KINDS), st.integers(0, 30 * MILLISECOND), st.integers(0, 16383)),
        max_size=400,
    )
)
def test_no_messages_can_hurt(messages):
    follower, now = ClockFollower(), 0
    for kind, later, position in messages:
        now += later
        heard = follower.feed(kind, now, position)
        if heard:
            assert 30 <= heard.bpm <= 300
            assert heard.beat is None or heard.beat >= 0


def test_a_hand_says_where_the_beat_of_a_clock_is_that_never_started():
    sender = Sender(120, jitter(3))
    sender.tick(7 + 10 * TICKS)
    assert sender.heard[-1].beat is None
    said = sender.now + 4 * MILLISECOND
    sender.follower.place(16, said)
    sender.tick(2 * 4 * TICKS)
    placed = [h for h in sender.heard if h.beat is not None]
    assert placed[0].beat == 16
    assert placed[0].beat_ns == pytest.approx(said, abs=8 * MILLISECOND)
    sender.bpm = 140  # and keeps to it when the tempo changes
    sender.tick(16 * TICKS)
    last = sender.heard[-1]
    assert last.bpm == pytest.approx(140, abs=0.2)
    ticks_since = 2 * 4 * TICKS + 16 * TICKS
    assert 16 < last.beat <= 16 + ticks_since // TICKS
