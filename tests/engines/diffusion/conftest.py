"""Tiny models of the real classes, built once a run, and a painter's inputs."""

import pytest
import tiny_models
import torch
from diffusion_pictures import make_picture
from safetensors.torch import load_file, save_file

from endlessdreams_cam.models.load import load
from endlessdreams_cam.parameters import Store

torch.set_num_threads(1)  # two spin on busy processors

_LOUDER = {
    "vae": {"encoder.layers.8.weight": 30.0},
    "unet": {"attn2.to_out": 8.0, "cond_proj.weight": 30.0},
}


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    """Tiny models' folders by their options, built when they are first asked for."""
    root, built = tmp_path_factory.mktemp("models"), {}

    def find(shape="sd15", **options):
        key = (shape, *sorted(options.items()))
        if key not in built:
            built[key] = _loud(tiny_models.folder(root / str(len(built)), shape, **options))
        return built[key]

    return find


def _loud(folder):
    """Make a random model listen: else a picture would hardly show through in its dreams."""
    for net, layers in _LOUDER.items():
        path = folder / net / "diffusion_pytorch_model.safetensors"
        state = load_file(path)
        for name in state:
            state[name] *= next((by for layer, by in layers.items() if layer in name), 1.0)
        save_file(state, path, metadata={"format": "pt"})
    return folder


@pytest.fixture(scope="session")
def nets(folders):
    """Loaded tiny models by their options."""
    loaded = {}

    def find(shape="sd15", *, dtype="float32", **options):
        key = (shape, dtype, *sorted(options.items()))
        if key not in loaded:
            loaded[key] = load(folders(shape, **options), "cpu", dtype)
        return loaded[key]

    return find


@pytest.fixture
def store():
    """A store with a prompt, whose clock stands."""
    found = Store(lambda: 0)
    found.apply({"prompt.1.text": "a cat", "dream.wander": 0.0}, origin="test")
    return found


@pytest.fixture
def picture():
    """Noise with large spots in it, uint8 (64, 64, 3)."""
    return make_picture()
