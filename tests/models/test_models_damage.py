"""Whatever is wrong with a model, it is a ModelError that says so, and nothing else."""

import contextlib
import json
import shutil
import struct

import original_layout
import pytest
import tiny_models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.headers import read_header
from endlessdreams_cam.models.lora_names import read_lora_names
from endlessdreams_cam.models.recognise import recognise

JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=4),
    st.lists(st.integers(-2, 2), max_size=3), st.just({}), st.just({"a": [1]}),
)  # fmt: skip
QUICK = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("damage")
    return tiny_models.folder(home / "xl", "sdxl", vae="kl")


@pytest.fixture(scope="module")
def headers(folder):
    """Return the headers of a single file and of a LoRA."""
    file = original_layout.single_file(folder / "turbo.safetensors", folder)
    tiny_models.lora(folder / "lora.safetensors", tiny_models.unet("sdxl"))
    found = {}
    for path in (file, folder / "lora.safetensors"):
        with path.open("rb") as raw:
            found[path.stem] = json.loads(raw.read(struct.unpack("<Q", raw.read(8))[0]))
        path.unlink()
    return found


@given(data=st.data(), junk=JUNK)
@QUICK
def test_a_configuration_with_anything_in_it(folder, data, junk):
    path = data.draw(st.sampled_from(sorted(folder.rglob("*.json"))))
    whole = path.read_text()
    config = json.loads(whole)
    key = data.draw(st.sampled_from(sorted(config) or ["x"]))
    try:
        path.write_text(json.dumps({**config, key: junk}))
        with contextlib.suppress(ModelError):
            recognise(folder)
    finally:
        path.write_text(whole)


@given(data=st.data(), shape=st.lists(st.integers(0, 3), max_size=4))
@QUICK
@pytest.mark.parametrize("name", ["turbo", "lora"])
def test_a_tensor_of_any_shape(folder, headers, name, data, shape):
    rows = dict(headers[name])
    rows.pop("__metadata__", None)
    key = data.draw(st.sampled_from(sorted(rows)))
    path = folder / "damaged.safetensors"
    write(path, {**{k: row["shape"] for k, row in rows.items()}, key: shape})
    with contextlib.suppress(ModelError):
        recognise(path) if name == "turbo" else look_at_lora(path)
    path.unlink()


def look_at_lora(path):
    file = read_lora_names(path)
    assert file.family is None
    for layer in file.layers:
        file.change_of(layer)


def write(path, shapes):
    """Write a file of these shapes whose values are a hole on the disk."""
    document, end = {}, 0
    for name, shape in shapes.items():
        size = 4
        for side in shape:
            size *= side
        document[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(document).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end)


@given(st.binary(max_size=200))
@QUICK
def test_any_bytes(tmp_path, content):
    path = tmp_path / "x.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelError):
        recognise(path)


@given(row=st.one_of(JUNK, st.fixed_dictionaries(
    {"dtype": JUNK | st.just("F32"), "shape": JUNK, "data_offsets": JUNK})))  # fmt: skip
@QUICK
def test_any_header(tmp_path, row):
    text = json.dumps({"a": row}).encode()
    path = tmp_path / "x.safetensors"
    path.write_bytes(struct.pack("<Q", len(text)) + text)
    with contextlib.suppress(ModelError):
        read_header(path)


def test_a_folder_without_rights_is_said(tmp_path):
    path = tmp_path / "sd"
    path.mkdir()
    (path / "model_index.json").mkdir()
    with pytest.raises(ModelError):
        recognise(path)
    shutil.rmtree(path)
