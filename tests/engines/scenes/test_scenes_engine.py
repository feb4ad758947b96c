from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scene_fakes import SMALL, Later, Player, apart, sitting

from endlessdreams_cam.engines import Engine, Inputs
from endlessdreams_cam.engines.scenes import strength
from endlessdreams_cam.engines.scenes.engine import ScenesEngine
from endlessdreams_cam.engines.scenes.person import PersonReader
from endlessdreams_cam.frame import Pose, Size, check_pixels
from endlessdreams_cam.parameters import PARAMETERS
from endlessdreams_cam.parameters.spec import Kind


def alike(a, b):
    """Return how alike the light of two pictures is, −1…1."""
    return np.corrcoef(a.mean(2).ravel(), b.mean(2).ravel())[0, 1]


def played(count=1, **start):
    player = Player(**start)
    return player, player.dream(count)


def test_it_is_an_engine():
    engine: Engine = ScenesEngine()
    assert engine.size == Size(640, 360)
    engine.close()


def test_dreams_are_pixels_of_the_size():
    player, dream = played()
    assert check_pixels(dream).shape == (SMALL.height, SMALL.width, 3)
    assert player.engine.notes == ()
    assert dream.std() > 1


def test_it_opens_and_closes_more_than_once():
    engine = ScenesEngine(SMALL)
    engine.open()
    engine.open()
    engine.close()
    engine.close()
    engine.open()
    engine.close()
    assert engine.notes == ()


def test_the_words_choose_the_picture():
    dreams = [played(**{"prompt.1.text": t})[1] for t in ("ocean", "fire", "asdf", "qwertz")]
    assert min(apart(a, b) for n, a in enumerate(dreams) for b in dreams[:n]) > 4


def test_guesses_are_in_the_notes():
    player, _ = played(**{"prompt.1.text": "asdf"})
    assert "prompt 1" in player.engine.notes[0]


def test_time_runs_at_the_speed():
    player, before = played(10)
    assert apart(before, player.dream(5)) > 1
    player.set(**{"motion.speed": 0.0, "dream.wander": 0.5})
    player.dream(2)
    assert apart(player.dream(), player.dream(30)) == 0


def test_energy_moves_the_scene():
    assert apart(played(9)[1], played(9, **{"motion.energy": 1.0})[1]) > 3


def test_wander_walks():
    assert apart(played(60)[1], played(60, **{"dream.wander": 1.0})[1]) > 3


def test_the_pose_reaches_the_scene():
    player, _ = played(3)
    player.pose = Pose(pan_x=0.5)
    player.dream()
    assert player.made[0].moments[-1].pose.pan_x == 0.5


def test_seed_and_reseed_change_the_world():
    player, before = played(3, **{"motion.speed": 0.0, "dream.seed_glide": 0.4})
    player.set(**{"dream.seed": 2})
    steps = [before] + [player.dream() for _ in range(20)]
    moves = [apart(a, b) for a, b in pairwise(steps)]
    assert apart(before, steps[-1]) > 4
    assert max(moves) < 0.4 * apart(before, steps[-1])
    player.store.pull("dream.reseed", origin="test")
    assert apart(steps[-1], player.dream(20)) > 4
    player.set(**{"dream.seed_glide": 0.0})
    player.store.pull("dream.reseed", origin="test")
    player.dream(2)
    assert apart(player.dream(), player.dream(10)) == 0


def test_a_weight_moves_the_mix_a_little_at_a_time():
    player, before = played(
        5, **{"prompt.2.text": "fire", "motion.speed": 0.0, "prompt.2.weight": 0.0}
    )
    alone = before
    for w in np.arange(0.01, 1.001, 0.01):
        player.set(**{"prompt.1.weight": max(1 - w, 0.0), "prompt.2.weight": min(w, 1.0)})
        after = player.dream()
        assert apart(before, after) < 2.5
        before = after
    player.dream(10)
    assert apart(alone, player.dream()) > 5
    fire = Player(**{"prompt.1.text": "fire", "motion.speed": 0.0})
    assert np.array_equal(player.dream(20), fire.dream(3))


def test_the_order_of_the_prompts_does_not_matter():
    texts = ["ocean", "fire", "galaxy"]
    dreams = []
    for order in ((1, 2, 3), (3, 1, 2)):
        start = {f"prompt.{n}.text": t for n, t in zip(order, texts, strict=True)}
        weights = {f"prompt.{n}.weight": w for n, w in zip(order, (0.5, 0.3, 0.2), strict=True)}
        dreams.append(played(40, **start, **weights, **{"motion.speed": 0.0})[1])
    assert np.array_equal(*dreams)


def test_a_text_edit_glides():
    player, before = played(5, **{"motion.speed": 0.0, "prompt.glide": 1.0})
    player.set(**{"prompt.1.text": "fire"})
    steps = [player.dream() for _ in range(40)]
    whole = apart(before, steps[-1])
    assert whole > 5
    assert apart(before, steps[0]) < 0.1 * whole
    assert 0.2 * whole < apart(before, steps[15]) < 0.8 * whole
    assert apart(steps[-1], player.dream()) == 0


def test_the_old_world_goes_on_while_the_new_one_is_built():
    later = Later()
    player = Player(executor=later, **{"prompt.glide": 0.2})
    player.dream(5)  # the first is built at once: there is nothing else to show
    player.set(**{"prompt.1.text": "fire"})
    before = player.dream()
    assert apart(before, player.dream(10)) > 1
    assert len(player.made) == 1
    later.go()
    player.dream(20)
    assert player.made[1].painted > 10


def test_without_weights_the_last_mix_stays():
    player, before = played(5, **{"motion.speed": 0.0})
    player.set(**{"prompt.1.weight": 0.0})
    assert np.array_equal(before, player.dream(20))


def test_strength_goes_from_the_live_picture_to_the_pure_painting():
    start = {"source.amount": 1.0, "motion.speed": 0.0}
    pure = played(60, **start)[1]
    found = {}
    for force in (0.0, 0.2, 0.55, 1.0):
        player = Player(source=sitting, **start, **{"dream.strength": force})
        found[force] = player.dream(60)
    camera = cv2.resize(sitting(60), SMALL, interpolation=cv2.INTER_AREA)
    assert apart(found[0.0][8:46, 14:82], camera[8:46, 14:82]) < 6
    assert alike(found[0.2], camera) > 0.6 > alike(pure, camera) + 0.2
    assert apart(found[0.2], camera) > 4 * apart(found[0.0], camera)
    assert apart(found[0.55], pure) > 0.2
    assert np.array_equal(found[1.0], pure)


def test_strength_is_continuous():
    player = Player(source=lambda n: sitting(0), **{"motion.speed": 0.0})
    before = player.dream(90)
    for force in np.arange(0.55, -0.001, -0.01):
        player.set(**{"dream.strength": max(force, 0.0)})
        after = player.dream()
        assert apart(before, after) < 6
        before = after


def test_the_person_comes_and_goes_softly():
    player = Player(source=sitting, **{"motion.speed": 0.0})
    with_person = player.dream(90)
    player.source = None
    assert apart(with_person, player.dream()) < 0.4 * apart(with_person, player.dream(60))


def test_the_plate_is_taken_once(monkeypatch):
    taken = []
    monkeypatch.setattr(PersonReader, "take_plate", lambda self, pixels: taken.append(pixels))
    player = Player(source=sitting)
    player.dream(3)
    assert not taken
    player.store.pull("source.plate", origin="test")
    player.dream(3)
    assert len(taken) == 1


def test_a_layer_without_a_person_shows():
    photo = np.zeros((54, 96, 3), np.uint8)
    photo[:, 48:] = 220
    player, without = played(5, **{"motion.speed": 0.0})
    player.layer = photo
    player.set(**{"layer.amount": 0.6})
    shown = player.dream(5).astype(float) - without
    assert shown[:, 60:].mean() - shown[:, :36].mean() > 20


def test_feedback_keeps_the_past():
    def after_a_cut(feedback):
        player = Player(**{"motion.speed": 0.0, "dream.feedback": feedback, "prompt.glide": 0.0})
        player.dream(20)
        player.set(**{"prompt.1.text": "fire"})
        return player.dream(4)

    gone = after_a_cut(0.0)
    assert apart(after_a_cut(0.97), gone) > 3 * apart(after_a_cut(0.5), gone) > 0


def test_under_drift_feedback_flies():
    player, still = played(60, **{"dream.feedback": 0.95, "motion.speed": 0.0})
    player.drift = Pose(zoom=0.2)
    player.dream(30)
    assert apart(player.dream(), player.dream()) > 0.05
    assert apart(still, player.dream()) > 1


def test_300_dreams_of_feedback_stay_stable():
    player, before = played(30, **{"dream.feedback": 1.0})
    player.drift = Pose(zoom=0.3, rotate=20)
    for _ in range(5):
        dream = player.dream(60)
        assert abs(dream.mean() - before.mean()) < 25
        assert dream.std() > 0.5 * before.std()


def test_a_style_is_applied():
    plain, styled = (
        played(60, **{"prompt.1.text": t, "motion.speed": 0.0})[1] for t in ("ocean", "ocean, noir")
    )
    assert (
        np.ptp(styled.astype(int), axis=2).mean() < 0.3 * np.ptp(plain.astype(int), axis=2).mean()
    )


def test_the_presets_style_is_applied():
    player, plain = played(5, **{"motion.speed": 0.0})
    player.store.apply({"prompt.style": 1}, origin="test", styles=("", "film noir"))
    styled = player.dream(80)
    assert (
        np.ptp(styled.astype(int), axis=2).mean() < 0.3 * np.ptp(plain.astype(int), axis=2).mean()
    )


def test_alone_the_hour_wanders():
    player, _ = played(2)
    player.set(**{"auto.on": True})
    for _ in range(6000):
        player.engine._mixture.hours.advance(0.25, alone=True)
    player.dream(2)
    assert len({scene.mood.hour for scene in player.made}) == 2


@pytest.mark.parametrize("size", [Size(64, 64), Size(97, 131), Size(128, 72)])
def test_every_size_dreams(size):
    player = Player(size, source=sitting, layer=sitting(9))
    player.set(**{"layer.amount": 0.5, "dream.strength": 0.3})
    assert player.dream(5).shape == (size.height, size.width, 3)


@pytest.mark.parametrize("dt", [0.0, -1.0, 3.0, float("nan"), float("inf")])
def test_odd_times_are_no_fault(dt):
    player, _ = played(3)
    pixels = player.engine.render(Inputs(now_ns=player.now), player.store.snapshot, dt)
    assert pixels.std() > 1


_PLAYED = [
    p
    for p in PARAMETERS.values()
    if p.group in ("prompt", "dream", "motion", "source", "layer", "auto")
]


def _values(parameter):
    match parameter.kind:
        case Kind.NUMBER:
            return st.sampled_from([parameter.low, parameter.high, parameter.default])
        case Kind.INTEGER:
            return st.sampled_from([int(parameter.low), int(parameter.high)])
        case Kind.TOGGLE:
            return st.booleans()
        case Kind.CHOICE:
            return st.sampled_from(parameter.choices)
        case Kind.TRIGGER:
            return st.integers(0, 3)
        case Kind.TEXT:
            return st.sampled_from(["", "fire", "\u6d77, glass", "neon", "z" * 8])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.data())
def test_no_value_is_a_fault(data):
    player = Player(Size(64, 48), source=sitting, layer=sitting(4))
    for _ in range(3):
        chosen = data.draw(st.lists(st.sampled_from(_PLAYED), min_size=6, max_size=14))
        values = {p.name: data.draw(_values(p)) for p in chosen}
        player.set(**{n: v for n, v in values.items() if "label" not in n})
        player.drift = Pose(*data.draw(st.tuples(*[st.sampled_from([-0.5, 0.0, 0.5])] * 4)))
        dream = player.dream(4)
        assert dream.shape == (48, 64, 3)
        assert len(player.engine._studio._living) <= 10


def test_the_default_strength_is_the_usual_one():
    assert PARAMETERS["dream.strength"].default == strength.USUAL


def test_a_seed_of_autopilots_comes_as_slowly_as_its_prompts():
    player, before = played(3, **{"motion.speed": 0.0, "dream.seed_glide": 0.4})
    player.store.offset({"dream.seed": 77}, glide_s=8.0, origin="auto")
    steps = [before] + [player.dream() for _ in range(300)]
    whole = apart(before, steps[-1])
    assert whole > 4
    assert max(apart(a, b) for a, b in pairwise(steps)) < 0.05 * whole
    player.store.pull("dream.reseed", origin="hand")  # a hand's comes at once, later on
    player.dream(15)
    assert apart(steps[-1], player.dream()) > 4
    assert apart(player.dream(), player.dream(20)) == 0
