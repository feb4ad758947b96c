import socket

import original_layout
import pytest
import tiny_models
import torch

from endlessdreams_cam.errors import EngineError, ModelError, NoRoom
from endlessdreams_cam.frame import Size
from endlessdreams_cam.models.architecture import Kind
from endlessdreams_cam.models.catalogue import CATALOGUE
from endlessdreams_cam.models.choice import choose, pick
from endlessdreams_cam.models.load import load
from endlessdreams_cam.models.memory import (
    GB,
    KEPT,
    capture_bytes,
    needed_bytes,
    require_capture,
)
from endlessdreams_cam.models.pins import Pin, pinned
from endlessdreams_cam.models.store import Store


def pin(store, name):
    """Write the pin of a model whose files a test put into the store."""
    folder = store.path(name)
    files = {
        path.relative_to(folder).as_posix(): pinned(path)
        for path in folder.rglob("*")
        if path.is_file()
    }
    store.write(Pin(name, {"someone/dreams": "c" * 40}, files, whole=True))


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "models")


@pytest.fixture
def pulled(store):
    """Put a model of the catalogue into the store, tiny."""

    def put(name, shape="sd15", **options):
        tiny_models.folder(store.path(name), shape, **options)
        return store.path(name)

    return put


def vae(store, name, seed=3):
    torch.manual_seed(seed)
    tiny_models.autoencoder().save_pretrained(store.path(name))
    pin(store, name)


def test_a_name_loads_what_was_pulled(store, pulled):
    pulled("sd-turbo", "sd21")
    pin(store, "sd-turbo")
    nets = load("sd-turbo", "cpu", "float32", store=store)
    assert (nets.name, nets.kind, nets.notes) == ("sd-turbo", Kind.TURBO, ())
    assert nets.best_size == Size(512, 512)


def test_sd15_lcm_is_loaded_with_its_lora_in_it(store, pulled):
    folder = pulled("sd15-lcm", scheduler="ddim")
    (folder / "lora").mkdir()
    plain = load(folder, "cpu", "float32", store=store)
    change = tiny_models.lora(folder / "lora" / "pytorch_lora_weights.safetensors", plain.unet)
    pin(store, "sd15-lcm")
    nets = load("sd15-lcm", "cpu", "float32", store=store)
    assert (plain.kind, nets.kind) == (Kind.PLAIN, Kind.LCM)
    assert not nets.notes
    for layer, delta in change.items():
        now, before = (one.unet.get_submodule(layer).weight for one in (nets, plain))
        assert torch.allclose(now, before + delta, atol=1e-5)


def test_a_pulled_model_that_was_changed_is_not_loaded(store, pulled):
    folder = pulled("sd-turbo")
    pin(store, "sd-turbo")
    (folder / "model_index.json").write_text("{}")
    with pytest.raises(ModelError, match="another size"):
        load("sd-turbo", "cpu", "float32", store=store)


def test_a_name_that_was_not_pulled_says_the_command(store):
    with pytest.raises(ModelError, match="sdxl-turbo is not here") as caught:
        choose("sdxl-turbo", store)
    assert "models pull sdxl-turbo" in caught.value.remedy
    with pytest.raises(ModelError, match="taesd is a part of models"):
        choose("taesd", store)


@pytest.mark.parametrize("shape", ["sd15", "sdxl"])
def test_a_model_with_a_full_vae_gets_the_pulled_tiny_one(store, tmp_path, shape):
    folder = tiny_models.folder(tmp_path / "mine", shape, vae="kl")
    name = "taesdxl" if shape == "sdxl" else "taesd"
    assert f"pull {name}" in choose(folder, store).found.notes[-1]
    vae(store, name)
    nets = load(folder, "cpu", "float32", store=store)
    assert nets.tiny_vae
    assert not nets.notes
    assert not load(folder, "cpu", "float32", store=store, own_vae=True).tiny_vae


def test_a_single_file_gets_the_tiny_vae_too(store, tmp_path):
    folder = tiny_models.folder(tmp_path / "mine", "sd15", vae="kl")
    file = original_layout.single_file(folder / "lcm.safetensors", folder)
    vae(store, "taesd")
    nets = load(file, "cpu", "float32", store=store)
    assert nets.tiny_vae
    assert nets.kind is Kind.LCM


def test_the_home_folder_may_be_written_as_a_tilde(store, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    tiny_models.folder(tmp_path / "mine")
    assert choose("~/mine", store).found.path == tmp_path / "mine"


def test_no_room_is_said_before_anything_is_loaded(store, tmp_path):
    folder = tiny_models.folder(tmp_path / "mine")
    told = []
    with pytest.raises(NoRoom, match=r"mine takes about 1\.\d GB of memory; 0\.5 GB are free"):
        load(folder, "cpu", "float32", store=store, free=lambda device: GB // 2,
             progress=lambda done, doing: told.append(doing))  # fmt: skip
    assert not told


def test_memory_that_runs_out_amid_the_loading_is_said(store, tmp_path, monkeypatch):
    import endlessdreams_cam.models.materialise as module

    def fill(*words, **options):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(module, "read_tensors", fill)
    with pytest.raises(NoRoom, match="Memory ran out while mine was loaded"):
        load(tiny_models.folder(tmp_path / "mine"), "cpu", "float32", store=store)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has an NVIDIA card")
def test_a_card_that_is_not_there_is_said(store, tmp_path):
    folder = tiny_models.folder(tmp_path / "mine")
    with pytest.raises(EngineError, match="no NVIDIA card") as caught:
        load(folder, "cuda", "float16", store=store)
    assert "doctor" in caught.value.remedy


def test_a_larger_dream_needs_more_room(store, tmp_path):
    folder = tiny_models.folder(tmp_path / "mine")
    free = needed_bytes(4_000_000, 4, Size(512, 512)) + 20_000_000
    load(folder, "cpu", "float32", store=store, free=lambda device: free)
    with pytest.raises(NoRoom):
        load(folder, "cpu", "float32", store=store, free=lambda device: free, size=Size(1024, 1024))


def test_loading_asks_nobody(store, tmp_path, monkeypatch):
    def refuse(*where):
        raise AssertionError(f"the network was asked: {where}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    folder = tiny_models.folder(tmp_path / "mine", "sdxl", vae="kl")
    load(folder, "cpu", "float32", store=store)


def test_the_model_for_a_card_is_the_first_that_fits(store, pulled):
    assert pick(store, 24 * GB) is None
    pulled("sdxl-turbo", "sdxl")
    pin(store, "sdxl-turbo")
    assert pick(store, 24 * GB) is CATALOGUE["sdxl-turbo"]
    assert pick(store, 6 * GB) is None
    pulled("sd15-lcm")
    pin(store, "sd15-lcm")
    assert pick(store, 6 * GB) is CATALOGUE["sd15-lcm"]
    assert pick(store, 24 * GB) is CATALOGUE["sdxl-turbo"]


def test_what_a_net_averaged_in_training_is_not_counted(store, tmp_path):
    from safetensors.torch import load_file, save_file

    folder = tiny_models.folder(tmp_path / "mine", vae="kl")
    file = original_layout.single_file(folder / "turbo.safetensors", folder)
    plain = choose(file, store).found.parameters
    tensors = load_file(file)
    averages = {
        f"model_ema.{name.replace('.', '')}": tensor + 1
        for name, tensor in tensors.items()
        if name.startswith("model.")
    }
    save_file(tensors | averages, file)
    assert choose(file, store).found.parameters == plain


def test_room_is_kept_back_beside_a_model(store, tmp_path):
    folder = tiny_models.folder(tmp_path / "mine")
    with pytest.raises(NoRoom, match=r"and 2\.0 GB are kept back; 3\.0 GB are free"):
        load(folder, "cpu", "float32", store=store, free=lambda device: 3 * GB, kept=2 * GB)


@pytest.mark.parametrize(("side", "value_bytes"), [(512, 2), (1024, 2), (512, 4)])
def test_graphs_are_captured_where_there_is_room_for_them_and_for_others(side, value_bytes):
    size = Size(side, side)
    needed = capture_bytes(size, value_bytes)
    assert needed > capture_bytes(Size(256, 256), 2)
    require_capture(size, value_bytes, needed + KEPT)
    with pytest.raises(NoRoom, match=r"Capturing CUDA graphs takes about .* kept back") as caught:
        require_capture(size, value_bytes, needed + KEPT - 1)
    assert "OBS's encoder" in caught.value.remedy
