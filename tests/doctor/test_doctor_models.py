import pytest

from endlessdreams_cam.doctor import State, diagnose
from endlessdreams_cam.doctor.models import Card, check_models
from endlessdreams_cam.models.pins import Pin
from endlessdreams_cam.models.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "models")


def put(store, *names, whole=True):
    for name in names:
        store.write(Pin(name, {}, {}, whole=whole))


def card(memory_gb, free_gb=None):
    return Card("RTX", memory_gb, memory_gb - 1 if free_gb is None else free_gb)


def check(store, *cards):
    found = check_models(list(cards), store)
    return found.state, found.text, found.remedy


def test_without_a_card_no_model_is_missed(store):
    state, text, _ = check(store)
    assert (state, text) == (State.OK, "none, and the scenes need none")
    put(store, "sd-turbo")
    assert check(store)[1] == "sd-turbo; no NVIDIA card for it"


def test_a_card_without_a_model_is_told_which_to_pull(store):
    state, text, remedy = check(store, card(24))
    assert state is State.WARNING
    assert text == "none here; the card has 24 GB"
    assert remedy.startswith("endlessdreams-cam models pull sd-turbo (2.4 GB")


def test_a_model_that_fits_is_fine(store):
    put(store, "sd-turbo", "sdxl-turbo")
    state, text, _ = check(store, card(2), card(8))
    assert state is State.OK
    assert text == "sd-turbo (3.5 GB), sdxl-turbo (7.5 GB); the card has 8 GB"


def test_a_model_that_is_too_large_names_the_small_one(store):
    put(store, "sdxl-turbo")
    state, text, remedy = check(store, card(6))
    assert state is State.WARNING
    assert "too large for the card's 6 GB" in text
    assert "pull sd-turbo" in remedy


def test_a_card_that_others_fill_is_said(store):
    put(store, "sd-turbo")
    state, text, remedy = check(store, card(8, free_gb=2.0))
    assert state is State.WARNING
    assert "only 2.0 GB of the card are free now" in text
    assert remedy


def test_a_model_that_came_in_part_is_said_even_without_a_card(store):
    put(store, "sdxl-turbo", whole=False)
    state, text, remedy = check(store)
    assert (state, text) == (State.WARNING, "sdxl-turbo came only in part")
    assert "pull sdxl-turbo" in remedy


def test_the_doctor_has_a_line_on_models(tmp_path, monkeypatch):
    monkeypatch.setenv("ENDLESSDREAMS_MODELS", str(tmp_path))
    put(Store(tmp_path), "sd-turbo")
    (line,) = [check for check in diagnose(limit_s=20).checks if check.name == "models"]
    assert "sd-turbo" in line.text
