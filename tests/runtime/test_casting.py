"""Who dreams: the ladder is climbed as engines get warm, and left when one fails."""

import pytest
from played_time import Time

from endlessdreams_cam.errors import NoRoom
from endlessdreams_cam.frame import Size
from endlessdreams_cam.runtime.casting import PAUSES_S, Casting, Falls
from endlessdreams_cam.runtime.repertoire import Ladder, Rung

S = 1_000_000_000
SCENES, EAGER, FAST = Rung("scenes"), Rung("diffusion:a", Size(704, 384)), Rung("diffusion-fast:a")
OTHER = Rung("diffusion:b")


class Stage:
    """Plays the stagehands: what is prepared, and what a test says of it."""

    def __init__(self):
        self.preparing = None
        self.prepared = []
        self.kept = []
        self.tried = []
        self.warm = False
        self.fell = Falls()
        self.outgrown = False
        self.no_room = False

    def prepare_engine(self, rung, *, keep):
        self.tried.append(rung)
        if self.no_room:
            raise NoRoom("There is no room.")
        self.preparing = rung
        self.prepared.append(rung)
        self.kept.append(keep)

    def prepared_engine(self):
        if self.warm and self.preparing:
            self.warm, self.preparing = False, None
            return "b"
        return None

    def give_up_preparing(self):
        self.preparing = None

    def engine_fell(self):
        fell, self.fell = self.fell, Falls()
        return fell

    def engine_outgrown(self):
        return self.outgrown


@pytest.fixture
def stage():
    return Stage()


@pytest.fixture
def time():
    return Time(100 * S)


@pytest.fixture
def switched():
    return []


@pytest.fixture
def casting(stage, time, switched):
    made = Casting(stage, time, switched.append)
    assert made.begin(Ladder((SCENES, EAGER, FAST))) == SCENES
    return made


def warm(casting, stage):
    """Let what is prepared dream, and be put on air."""
    stage.warm = True
    casting.poll()


def test_the_ladder_is_climbed_one_by_one(casting, stage, switched):
    casting.poll()
    assert stage.preparing == EAGER
    casting.poll()
    assert stage.prepared == [EAGER]
    warm(casting, stage)
    assert switched == ["b"]
    assert stage.preparing == FAST
    warm(casting, stage)
    casting.poll()
    assert (stage.preparing, stage.prepared) == (None, [EAGER, FAST])


def test_one_that_cannot_be_prepared_is_tried_again_later_each_time(casting, stage, time):
    casting.poll()
    for n, pause_s in enumerate((*PAUSES_S, PAUSES_S[-1]), 1):
        stage.fell = Falls(preparing="It broke.")
        casting.poll()
        assert stage.preparing is None
        time.ns += round((pause_s - 0.1) * S)
        casting.poll()
        assert len(stage.prepared) == n
        time.ns += round(0.2 * S)
        casting.poll()
        assert len(stage.prepared) == n + 1


def test_scenes_take_over_when_diffusion_dies_and_it_comes_back(casting, stage, time, switched):
    casting.poll()
    warm(casting, stage)
    stage.fell = Falls(on_air="It died.")
    casting.poll()
    assert stage.preparing == SCENES
    warm(casting, stage)
    assert len(switched) == 2
    casting.poll()
    assert stage.preparing is None
    time.ns += round((PAUSES_S[0] + 0.1) * S)
    casting.poll()
    assert stage.preparing == EAGER


def test_the_supervisor_keeps_the_first_of_the_ladder_and_casting_every_other(casting, stage):
    casting.poll()
    warm(casting, stage)
    stage.fell = Falls(on_air="It died.")
    casting.poll()
    assert list(zip(stage.prepared, stage.kept, strict=True)) == [
        (EAGER, False), (FAST, False), (SCENES, True)
    ]  # fmt: skip


def test_a_rescue_that_finds_no_room_is_sent_again_a_second_later(casting, stage, time):
    casting.poll()
    warm(casting, stage)
    stage.fell, stage.no_room = Falls(on_air="It died."), True
    for _ in range(5):  # one failure, no storm of them
        tried = len(stage.tried)
        with pytest.raises(NoRoom):
            casting.poll()
        casting.poll()
        assert stage.tried[tried:] == [SCENES]
        time.ns += S
    stage.no_room = False
    casting.poll()
    assert stage.preparing == SCENES


def test_why_there_is_no_better_engine_names_the_cause_and_when_it_is_tried_again(
    casting, stage, time
):
    casting.begin(Ladder((SCENES, EAGER)))
    casting.poll()
    warm(casting, stage)
    stage.fell = Falls(on_air="The graphics card's memory is full. Close other programs.")
    casting.poll()
    warm(casting, stage)
    assert casting.why == (
        "Diffusion failed. The graphics card's memory is full. Close other programs. "
        "It is tried again in 5 s."
    )
    time.ns += round((PAUSES_S[0] + 0.1) * S)
    casting.poll()
    assert casting.why.endswith("It is being tried again.")
    warm(casting, stage)
    assert casting.why == ""


def test_one_that_kills_the_engine_on_air_while_it_is_prepared_waits_longer_each_time(
    casting, stage, time
):
    casting.poll()
    pauses = []
    for _ in range(4):
        warm(casting, stage)  # eager on air; the fast one is prepared, and eager dies of it
        began = time.ns
        while stage.preparing != FAST:
            time.ns += S
            casting.poll()
        pauses.append((time.ns - began) / S)
        stage.fell = Falls(on_air="It died.")
        casting.poll()
        warm(casting, stage)
        while stage.preparing != EAGER:
            time.ns += S
            casting.poll()
    assert pauses == sorted(pauses)
    assert pauses[-1] > PAUSES_S[0], "eager dreams on for longer before the next try"


def test_after_a_long_healthy_time_it_is_tried_again_soon(casting, stage, time):
    casting.poll()
    for _ in range(3):
        stage.fell = Falls(preparing="It broke.")
        casting.poll()
        time.ns += 200 * S
        casting.poll()
    warm(casting, stage)
    time.ns += 3600 * S
    stage.fell = Falls(on_air="It died.")
    casting.poll()
    warm(casting, stage)
    time.ns += round((PAUSES_S[0] + 0.1) * S)
    casting.poll()
    assert stage.preparing == EAGER


def test_another_model_comes_without_a_detour(casting, stage):
    casting.poll()
    warm(casting, stage)
    casting.follow(Ladder((SCENES, OTHER)))
    casting.poll()
    assert stage.preparing == OTHER


def test_another_size_comes_straight_to_the_engine_that_dreams(casting, stage):
    casting.poll()
    warm(casting, stage)
    warm(casting, stage)  # the fast one is on air
    smaller = [Rung(rung.words, rung.size, scale=0.7) for rung in (EAGER, FAST)]
    casting.follow(Ladder((SCENES, *smaller)))
    casting.poll()
    assert stage.preparing == smaller[1], "eager would be slower than what is on air"


def test_dreams_that_are_to_be_looked_at_from_now_on_wait_for_that_behind_scenes(casting, stage):
    casting.poll()
    warm(casting, stage)
    checked = Rung(EAGER.words, EAGER.size, checker="/a/checker")
    casting.follow(Ladder((SCENES, checked)))
    casting.poll()
    assert stage.preparing == SCENES
    warm(casting, stage)
    assert stage.preparing == checked
    warm(casting, stage)
    casting.follow(Ladder((SCENES, EAGER)))
    casting.poll()
    assert stage.preparing == EAGER, "back again there is nothing to wait for"


def test_models_that_do_not_fit_together_go_by_way_of_scenes(casting, stage):
    casting.poll()
    warm(casting, stage)
    casting.follow(Ladder((SCENES, OTHER)))
    casting.poll()
    stage.fell = Falls(preparing="It broke.")
    casting.poll()
    assert stage.preparing == SCENES


def test_back_to_scenes_when_they_are_asked_for(casting, stage):
    casting.poll()
    warm(casting, stage)
    casting.follow(Ladder((SCENES,)))
    assert stage.preparing is None
    casting.poll()
    assert stage.preparing == SCENES


def test_an_engine_that_was_outgrown_for_some_time_is_made_anew(casting, stage, time):
    casting.begin(Ladder((FAST,)))
    stage.outgrown = True
    casting.poll()
    assert stage.preparing is None
    time.ns += 4 * S
    casting.poll()
    assert stage.preparing == FAST


def test_no_room_for_a_process_is_told_and_tried_later(casting, stage, time):
    stage.no_room = True
    with pytest.raises(NoRoom):
        casting.poll()
    casting.poll()
    stage.no_room = False
    time.ns += round((PAUSES_S[0] + 0.1) * S)
    casting.poll()
    assert stage.preparing == EAGER
