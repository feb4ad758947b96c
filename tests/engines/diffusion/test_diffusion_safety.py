"""The safety checker: the real class, tiny and random, and who decides what is held."""

import threading

import numpy as np
import pytest
import tiny_models
import torch
from diffusion_pictures import make_picture

from endlessdreams_cam.engines.diffusion import safety as module
from endlessdreams_cam.engines.diffusion.engine import DiffusionEngine
from endlessdreams_cam.engines.diffusion.safety import Beside, Check, Safety, spacing
from endlessdreams_cam.engines.engine import Inputs
from endlessdreams_cam.errors import EngineError, ModelError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.checker import load_checker, recognise_checker

SIZE = Size(64, 64)
S = 1_000_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_models.checker(tmp_path_factory.mktemp("checker") / "safety_checker")


@pytest.fixture(scope="module")
def net(folder):
    return load_checker(folder, torch.device("cpu"), torch.float32)


class Looker:
    """Answers at once what a test says, None for not yet."""

    def __init__(self):
        self.answers, self.looks = [], []

    def begin(self, pixels):
        self.looks.append(pixels.copy())

    def answer(self):
        return self.answers.pop(0) if self.answers else False


@pytest.fixture
def looker():
    return Looker()


def dream(n):
    return np.full((64, 64, 3), n % 256, np.uint8)


def play(safety, count, begin=0, rate=30):
    """Show dreams that are as grey as their number; return how grey what is shown is."""
    return [
        int(safety.show(dream(n), round(n * S / rate))[0, 0, 0])
        for n in range(begin, begin + count)
    ]


def test_every_so_many_dreams_one_is_looked_at(looker):
    safety = Safety(looker, SIZE, every=8)
    assert play(safety, 40) == list(range(40))
    assert [look[0, 0, 0] for look in looker.looks] == [0, 8, 16, 24, 32]


def test_three_hits_in_a_row_hold_the_last_good_dream_and_two_clean_looks_let_go(looker):
    safety = Safety(looker, SIZE, every=8)
    looker.answers = [False, True, True, True, True, False, False]
    shown = play(safety, 24)
    # 0 is clean, 8 is not; from there on every dream is looked at, and heard of in the next one.
    assert shown == [*range(11), 0, 0, 12, *range(14, 24)]
    assert not safety.held


def test_two_hits_are_not_enough(looker):
    safety = Safety(looker, SIZE, every=1)
    looker.answers = [True, True, False] * 20
    assert play(safety, 60) == list(range(60))


def test_before_any_dream_was_clean_grey_is_shown(looker):
    safety = Safety(looker, SIZE, every=1)
    looker.answers = [True] * 30
    shown = play(safety, 20)
    assert shown[-10:] == [128] * 10
    assert safety.held


def test_dreams_go_on_while_a_look_takes_its_time(looker):
    safety = Safety(looker, SIZE, every=4)
    looker.answers = [None] * 10 + [False]
    assert play(safety, 12) == list(range(12))
    assert len(looker.looks) == 2


def test_a_checker_that_does_not_answer_is_a_fault(looker):
    safety = Safety(looker, SIZE, every=4)
    looker.answers = [None] * 1000
    with pytest.raises(EngineError, match="no answer"):
        play(safety, 600)


def test_a_look_may_cost_a_millisecond_for_each_dream():
    assert [spacing(ms) for ms in (0.2, 8, 8.1, 20, 1500)] == [8, 8, 9, 20, 30]


def test_it_judges_as_diffusers_does(net):
    """Random nets have no opinion: thresholds are laid close to what they say."""
    check, verdicts = Check(net), []
    with torch.inference_mode():
        for n in range(12):
            clip_input = torch.randn((1, 3, 32, 32), generator=torch.Generator().manual_seed(n))
            image = net.visual_projection(net.vision_model(clip_input)[1])
            near = torch.nn.functional.cosine_similarity(image, net.concept_embeds)
            net.concept_embeds_weights.copy_(near + 0.005 * (1 if n % 3 else -1))
            care = torch.nn.functional.cosine_similarity(image, net.special_care_embeds)
            net.special_care_embeds_weights.copy_(care + 0.02 * (1 if n % 2 else -1))
            _, (wanted,) = net(clip_input, [np.zeros((8, 8, 3))])
            verdicts.append(bool(wanted))
            assert bool(check.judge(clip_input)) == wanted
    assert set(verdicts) == {True, False}


def test_a_square_picture_is_seen_as_the_pipelines_processor_shows_it(net):
    from transformers import CLIPImageProcessor

    picture = make_picture(3)
    wanted = CLIPImageProcessor(size=32, crop_size=32)(picture, return_tensors="pt").pixel_values
    seen = []
    check = Check(net)
    check.judge = lambda clip_input: seen.append(clip_input) or torch.tensor(False)
    check(torch.from_numpy(picture))
    assert (seen[0] - wanted).abs().mean() < 0.02


@pytest.fixture
def strict(tmp_path):
    """A checker for which nothing is clean."""
    return tiny_models.checker(tmp_path / "strict", threshold=-2.0)


def played(engine, store, dreams):
    """Dream, giving the thread that looks the time that it needs."""
    shown = []
    for n in range(dreams):
        shown.append(engine.render(Inputs(now_ns=n * S // 10), store.snapshot, 0.1).copy())
        for _ in range(400):
            if engine._safety._since_ns is None or engine._safety._looker.answer() is not None:
                break
            threading.Event().wait(0.005)
    return shown


def test_the_engine_holds_what_is_not_clean_and_says_so(folders, store, strict):
    store.set("safety.checker", str(strict), origin="test")
    engine = DiffusionEngine(SIZE, str(folders("sd15")))
    engine.open(store.snapshot)
    shown = played(engine, store, 8)
    assert shown[0].std() > 0
    assert (shown[-1] == 128).all()
    assert engine.notes[0].startswith("The safety checker holds the last good dream.")


def test_the_engine_shows_what_is_clean(folders, store, folder):
    store.set("safety.checker", str(folder), origin="test")
    engine = DiffusionEngine(SIZE, str(folders("sd15")))
    engine.open(store.snapshot)
    assert all(pixels.std() > 0 for pixels in played(engine, store, 20))
    assert engine._safety._looker.answer() is False, "it was looked at"
    assert not any("safety" in note for note in engine.notes)


def test_without_the_checker_that_is_asked_for_nothing_is_dreamt(folders, store, tmp_path):
    store.set("safety.checker", str(tmp_path / "nowhere"), origin="test")
    engine = DiffusionEngine(SIZE, str(folders("sd15")))
    with pytest.raises(ModelError, match="no safety checker"):
        engine.open(store.snapshot)
    with pytest.raises(EngineError, match="not open"):
        engine.render(Inputs(), store.snapshot, 0.1)


def test_a_checker_that_fails_beside_the_dreams_is_a_fault_of_the_engine(looker):
    def broken(_picture):
        raise RuntimeError("CUDA error: unknown")

    beside = Beside(broken, torch.device("cpu"))
    beside.begin(dream(0))
    with pytest.raises(RuntimeError, match="CUDA error"):
        for _ in range(1000):
            assert beside.answer() is None
            threading.Event().wait(0.005)


def test_other_folders_are_refused_with_the_remedy(folders, tmp_path):
    with pytest.raises(ModelError, match="instead of a StableDiffusionSafetyChecker"):
        recognise_checker(folders("sd15") / "text_encoder")
    with pytest.raises(ModelError, match=r"config\.json is missing"):
        recognise_checker(tmp_path)


def test_a_models_own_checker_is_found_in_its_folder(folder):
    assert recognise_checker(folder.parent) == recognise_checker(folder)


def test_weights_of_another_architecture_are_refused(tmp_path):
    made = tiny_models.checker(tmp_path / "made")
    config = made / "config.json"
    config.write_text(config.read_text().replace('"projection_dim": 64', '"projection_dim": 32'))
    with pytest.raises(ModelError):
        load_checker(made, torch.device("cpu"), torch.float32)


def test_what_looks_is_timed_before_it_goes_on_air(net):
    times = iter(range(0, 10 * S, S // 50))  # each look seems to take 20 ms
    made = module.watch_over(net, SIZE, lambda: next(times))
    assert made.every == 20
