import pytest

from endlessdreams_cam.engines.scenes.mixture import Mixture
from endlessdreams_cam.parameters import Store


class Desk:
    """A mixture with a store, where scenes are ready unless they are held back."""

    def __init__(self, **values):
        self.now = 0
        self.store = Store(lambda: self.now)
        self.mixture = Mixture()
        self.held = set()
        self.set(**values)

    def set(self, glide_s=0.0, **values):
        self.store.apply(values, origin="test", glide_s=glide_s)

    def ready(self, key):
        return key.scene not in self.held

    def after(self, seconds=0.0, steps=10):
        for _ in range(steps):
            self.now += round(seconds * 1e9 / steps)
            self.mixture.follow(self.store.snapshot, self.now, self.ready)
        return self.named()

    def named(self):
        found = {}
        weights = self.mixture.weights()
        for key, weight in weights.items():
            found[key.scene] = found.get(key.scene, 0) + weight / sum(weights.values())
        return found


def test_weights_are_followed():
    desk = Desk(**{"prompt.1.text": "ocean", "prompt.2.text": "fire"})
    assert desk.after(1) == {"ocean": pytest.approx(1)}
    desk.set(**{"prompt.1.weight": 0.25, "prompt.2.weight": 0.75})
    assert desk.after(1) == {"ocean": pytest.approx(0.25), "fire": pytest.approx(0.75)}


def test_the_base_fills_what_is_left():
    desk = Desk(**{"prompt.1.text": "ocean", "prompt.base": "galaxy", "prompt.1.weight": 0.3})
    assert desk.after(1) == {"ocean": pytest.approx(0.3), "galaxy": pytest.approx(0.7)}


def test_two_prompts_with_one_wish_are_one_scene():
    desk = Desk(**{"prompt.1.text": "the ocean", "prompt.2.text": "ocean!", "prompt.2.weight": 1})
    desk.after(1)
    assert len(desk.mixture.weights()) == 1


def test_at_zero_the_last_mix_stays():
    desk = Desk(**{"prompt.1.text": "ocean", "prompt.2.text": "fire", "prompt.2.weight": 1.0})
    desk.after(1)
    desk.set(**{"prompt.1.weight": 0, "prompt.2.weight": 0})
    assert desk.after(1) == {"ocean": pytest.approx(0.5), "fire": pytest.approx(0.5)}


def test_a_text_edit_glides():
    desk = Desk(**{"prompt.1.text": "ocean", "prompt.glide": 2.0})
    desk.after(1)
    desk.set(**{"prompt.1.text": "fire"})
    early, late = desk.after(0.5), desk.after(1.0)
    assert 0.02 < early["fire"] < 0.5 < late["fire"] < 1
    assert desk.after(1.0) == {"fire": pytest.approx(1)}


def test_an_edit_in_the_middle_of_a_glide_does_not_jump():
    desk = Desk(**{"prompt.1.text": "ocean", "prompt.glide": 2.0})
    desk.after(1)
    desk.set(**{"prompt.1.text": "fire"})
    before = desk.after(1.0)
    desk.set(**{"prompt.1.text": "galaxy"})
    after = desk.after(0.01)
    assert after["fire"] == pytest.approx(before["fire"], abs=0.02)
    assert desk.after(3.0) == {"galaxy": pytest.approx(1)}


def test_the_old_scene_shows_until_the_new_one_is_ready():
    desk = Desk(**{"prompt.1.text": "ocean"})
    desk.after(1)
    desk.held = {"fire"}
    desk.set(**{"prompt.1.text": "fire"})
    assert desk.after(5) == {"ocean": pytest.approx(1)}
    assert [key.scene for key in desk.mixture.missing(desk.ready)] == ["fire"]
    desk.held = set()
    assert desk.after(5) == {"fire": pytest.approx(1)}


def test_a_prompt_that_is_cleared_fades():
    desk = Desk(**{"prompt.1.text": "ocean", "prompt.2.text": "fire", "prompt.2.weight": 1.0})
    desk.after(1)
    desk.set(**{"prompt.2.text": ""})
    assert 0.2 < desk.after(0.4)["fire"] < 0.5
    assert desk.after(1) == {"ocean": pytest.approx(1)}


def test_solo_does_not_pop():
    desk = Desk(**{"prompt.1.text": "ocean", "prompt.2.text": "fire"})
    desk.after(1)
    desk.set(**{"prompt.2.solo": True})
    assert 0 < desk.after(0.05)["fire"] < 1
    assert desk.after(0.2) == {"fire": pytest.approx(1)}


def test_a_new_seed_is_another_scene_and_glides():
    desk = Desk(**{"prompt.1.text": "ocean", "dream.seed_glide": 1.0})
    desk.after(1)
    (old,) = desk.mixture.weights()
    desk.store.pull("dream.reseed", origin="test")
    desk.after(0.5)
    both = desk.mixture.weights()
    assert len(both) == 2
    assert 0.2 < both[old] < 0.8
    desk.after(1)
    (new,) = desk.mixture.weights()
    assert new.mood.seed != old.mood.seed


def test_a_seed_can_hit():
    desk = Desk(**{"prompt.1.text": "ocean", "dream.seed_glide": 0.0})
    desk.after(1)
    desk.set(**{"dream.seed": 9})
    desk.after(0.01, steps=1)
    assert len(desk.mixture.weights()) == 1


def test_a_seed_that_never_rests_still_changes_the_picture():
    """Each seed is shown before the next is begun, however fast they come."""
    desk = Desk(**{"prompt.1.text": "ocean", "dream.seed_glide": 0.1})
    desk.after(1)
    built, shown = set(desk.mixture.weights()), set()
    for n in range(120):
        desk.set(**{"dream.seed": n})
        desk.now += 33_000_000
        desk.mixture.follow(desk.store.snapshot, desk.now, lambda key: key in built)
        if n % 5 == 4:  # a scene takes five dreams to build
            built.update(desk.mixture.missing(lambda key: key in built)[:1])
        shown.update(desk.mixture.weights())
    assert len(shown) > 8


def test_a_recall_takes_the_morphs_time():
    desk = Desk(**{"prompt.1.text": "ocean", "preset.morph": 4.0, "prompt.glide": 0.2})
    desk.after(1)
    desk.store.apply({"prompt.1.text": "fire"}, origin="preset", preset="ember")
    assert desk.after(2)["fire"] == pytest.approx(0.5, abs=0.1)


def test_a_morph_in_beats_is_followed_too():
    desk = Desk(**{"prompt.1.text": "ocean", "tempo.bpm": 60, "preset.morph_beats": 8})
    desk.after(1)
    desk.store.apply({"prompt.1.text": "fire"}, origin="preset", preset="ember")
    assert desk.after(4)["fire"] == pytest.approx(0.5, abs=0.1)


def test_a_finished_morph_is_finished_here_too():
    desk = Desk(**{"prompt.1.text": "ocean", "preset.morph": 30.0})
    desk.after(1)
    desk.store.apply({"prompt.1.text": "fire"}, origin="preset", preset="ember")
    before = desk.after(10)
    desk.store.finish(origin="keys")
    assert desk.after(0.001, steps=1)["fire"] == pytest.approx(before["fire"], abs=0.05)
    assert desk.after(0.1) == {"fire": pytest.approx(1)}


def test_a_scene_that_is_ready_after_the_finish_arrives_soon():
    desk = Desk(**{"prompt.1.text": "ocean", "preset.morph": 30.0})
    desk.after(1)
    desk.held = {"fire"}
    desk.store.apply({"prompt.1.text": "fire"}, origin="preset", preset="ember")
    desk.after(1)
    desk.store.finish(origin="keys")
    desk.after(0.2)
    desk.held = set()
    assert desk.after(0.5) == {"fire": pytest.approx(1)}


def test_a_swing_of_the_style_changes_it_on_the_beat():
    desk = Desk(**{"prompt.1.text": "ocean", "mod.1.target": "prompt.style"})
    desk.store.apply({}, origin="test", styles=("", *["oil painting"] * 8))
    desk.set(**{"mod.1.source": "square", "mod.1.depth": 1.0, "mod.1.beats": 2})
    found = set()
    for _ in range(20):
        desk.after(0.1)
        found.add(desk.mixture.leader.style)
    assert found == {"", "oil"}


def test_an_empty_bank_dreams_all_the_same():
    assert set(Desk(**{"prompt.1.text": ""}).after(1)) == {"aurora"}


def test_the_style_of_the_heaviest_prompt_leads():
    desk = Desk(**{"prompt.1.text": "ocean, oil painting", "prompt.2.text": "fire, pixel art"})
    desk.after(1)
    assert desk.mixture.leader.style == "oil"
    desk.set(**{"prompt.1.weight": 0.2, "prompt.2.weight": 0.9})
    desk.after(1)
    assert desk.mixture.leader.style == "pixel"


def test_guesses_are_noted():
    desk = Desk(**{"prompt.3.text": "asdf", "prompt.3.weight": 1})
    desk.after(1)
    (note,) = desk.mixture.notes
    assert note.startswith("prompt 3: no scene in these words, painted as ")
    assert len(note) < 80


def test_eight_prompts_and_their_successors_stay_a_mix_of_nine():
    desk = Desk(**{f"prompt.{n}.text": f"ocean {n}" for n in range(1, 9)})
    desk.set(**{f"prompt.{n}.weight": 1.0 for n in range(1, 9)})
    desk.after(1)
    desk.set(**{f"prompt.{n}.text": f"fire {n}" for n in range(1, 9)})
    desk.after(0.5)
    assert len(desk.mixture.weights()) <= 9
