import json
import struct

import numpy as np
import pytest
from safetensors.numpy import save_file

from endlessdreams_cam.errors import ModelError
from endlessdreams_cam.models.headers import Tensor, read_header


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "net.safetensors"
    tensors = {"a": np.ones((2, 3), np.float16), "b": np.ones(5, np.float32)}
    save_file(tensors, path, metadata={"modelspec.title": "test"})
    return path


def write(path, document, body=b""):
    text = json.dumps(document).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def test_names_types_and_shapes_are_read_without_the_values(file):
    header = read_header(file)
    assert header.tensors == {"a": Tensor("F16", (2, 3), 12), "b": Tensor("F32", (5,), 20)}
    assert header.metadata == {"modelspec.title": "test"}


@pytest.mark.parametrize("kept", [0, 7, 20, -1])
def test_a_file_that_was_cut_is_not_whole(file, kept):
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(ModelError, match=r"is not a whole \.safetensors file") as caught:
        read_header(file)
    assert "again" in caught.value.remedy


def test_a_file_with_more_behind_it_is_not_whole(file):
    file.write_bytes(file.read_bytes() + b"more")
    with pytest.raises(ModelError, match="is longer than its header says"):
        read_header(file)


@pytest.mark.parametrize("start", [b"\x80\x02}q", b"PK\x03\x04"])
def test_a_pickle_under_another_name_is_refused(tmp_path, start):
    path = tmp_path / "model.safetensors"
    path.write_bytes(start + bytes(range(1, 200)))
    with pytest.raises(ModelError, match="is a pickle under another name"):
        read_header(path)


@pytest.mark.parametrize(
    "row",
    [
        {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 10]},
        {"dtype": "F16", "shape": [-2, -3], "data_offsets": [0, 12]},
        {"dtype": "X", "shape": [6], "data_offsets": [0, 12]},
        {"dtype": "F16", "shape": [6]},
        {"dtype": "F16", "shape": [6], "data_offsets": [12, 0]},
        {"dtype": "F16", "shape": ["six"], "data_offsets": [0, 12]},
        ["F16"],
    ],
)
def test_a_header_that_cannot_be_is_refused(tmp_path, row):
    write(tmp_path / "x.safetensors", {"a": row}, bytes(12))
    with pytest.raises(ModelError, match="cannot be"):
        read_header(tmp_path / "x.safetensors")


def test_overlapping_tensors_are_refused(tmp_path):
    row = {"dtype": "U8", "shape": [8], "data_offsets": [0, 8]}
    write(tmp_path / "x.safetensors", {"a": row, "b": row}, bytes(8))
    with pytest.raises(ModelError, match="does not begin where"):
        read_header(tmp_path / "x.safetensors")


def test_a_header_that_is_not_a_table_is_refused(tmp_path):
    write(tmp_path / "x.safetensors", [1])
    with pytest.raises(ModelError, match="not a table"):
        read_header(tmp_path / "x.safetensors")
