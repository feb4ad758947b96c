"""Which engines a machine can play, from the first that is ready to the best."""

import pytest
import tiny_models

from endlessdreams_cam.errors import ModelError, SettingError
from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.cards import Card
from endlessdreams_cam.runtime import repertoire
from endlessdreams_cam.runtime.repertoire import ladder, size_for

WIDE = Size(1280, 720)
CARD = Card("A Card", 24.0, 20.0)


@pytest.fixture
def model(tmp_path, monkeypatch):
    monkeypatch.setenv("ENDLESSDREAMS_MODELS", str(tmp_path / "models"))
    return tiny_models.folder(tmp_path / "mine", "sd15")


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.setenv("ENDLESSDREAMS_MODELS", str(tmp_path / "models"))


def words(found):
    return [rung.words for rung in found.rungs]


def torch_is(monkeypatch, version):
    monkeypatch.setattr(repertoire, "torch_version", lambda: version)


def test_scenes_are_scenes(empty):
    assert words(ladder("scenes", "auto", WIDE)) == ["scenes"]


def test_auto_without_a_card_stays_with_scenes_and_says_why(empty):
    found = ladder("auto", "auto", WIDE, cards=lambda: [])
    assert words(found) == ["scenes"]
    assert "no NVIDIA card" in found.why


def test_auto_with_a_torch_that_cannot_use_the_card(empty, monkeypatch):
    torch_is(monkeypatch, "2.13.0+cpu")
    found = ladder("auto", "auto", WIDE, cards=lambda: [CARD])
    assert words(found) == ["scenes"]
    assert "2.13.0+cpu cannot use A Card" in found.why


def test_auto_without_a_model_names_the_remedy(empty, monkeypatch):
    torch_is(monkeypatch, "2.13.0+cu130")
    found = ladder("auto", "auto", WIDE, cards=lambda: [CARD])
    assert words(found) == ["scenes"]
    assert "models pull sd-turbo" in found.why


def test_with_a_card_diffusion_comes_after_scenes_and_then_its_fast_way(model, monkeypatch):
    torch_is(monkeypatch, "2.13.0+cu130")
    for engine in ("auto", "diffusion"):
        found = ladder(engine, str(model), WIDE, cards=lambda: [CARD])
        assert words(found) == ["scenes", f"diffusion:{model}", f"diffusion-fast:{model}"]
        assert found.rungs[1].size == size_for(Size(512, 512), WIDE)
        assert not found.why


def test_without_a_card_diffusion_is_played_as_far_as_it_goes(model):
    found = ladder("diffusion", str(model), WIDE, cards=lambda: [])
    assert words(found) == ["scenes", f"diffusion:{model}"]
    assert "NVIDIA" in found.why


def test_a_model_that_is_not_there_is_refused_with_the_remedy(empty):
    with pytest.raises(ModelError, match="models pull"):
        ladder("diffusion", "auto", WIDE, cards=lambda: [])
    with pytest.raises(ModelError):
        ladder("diffusion", "/nowhere/at/all", WIDE, cards=lambda: [])


def test_an_unknown_engine_is_refused(empty):
    with pytest.raises(SettingError, match="no engine called 'magic'"):
        ladder("magic", "auto", WIDE)


@pytest.mark.parametrize(
    ("best", "program", "size"),
    [
        (Size(512, 512), Size(1280, 720), Size(704, 384)),
        (Size(512, 512), Size(720, 1280), Size(384, 704)),
        (Size(512, 512), Size(640, 640), Size(512, 512)),
        (Size(1024, 1024), Size(1920, 1080), Size(1344, 768)),
        (Size(64, 64), Size(1920, 1080), Size(64, 64)),
    ],
)
def test_a_dream_has_the_models_area_at_the_programs_aspect(best, program, size):
    assert size_for(best, program) == size
