import hashlib
import subprocess

import pytest

from endlessdreams_cam.models.hashes import matches, sha256_of


def test_a_sha256_is_told_as_it_is_read(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(bytes(3 << 20))
    read = []
    assert sha256_of(path, read.append) == hashlib.sha256(bytes(3 << 20)).hexdigest()
    assert read == [1 << 20] * 3


@pytest.mark.parametrize("content", [b"", b"{}", b"x" * 5000])
def test_a_small_file_is_known_by_gits_hash(tmp_path, content):
    path = tmp_path / "x"
    path.write_bytes(content)
    git = subprocess.run(["git", "hash-object", "-t", "blob", path], capture_output=True, text=True,
                         check=True).stdout.strip()  # fmt: skip
    assert matches(path, None, git)
    assert not matches(path, None, "")
    assert not matches(path, hashlib.sha256(content + b"!").hexdigest(), git)
