import json
import os

import pytest

from endlessdreams_cam.errors import SettingError
from endlessdreams_cam.runtime import report


def test_a_report_is_whole_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "r.json"
    report.write(path, {"a": 1})
    report.write(path, {"a": 2})
    assert json.loads(path.read_text()) == {"a": 2}
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    report.write(tmp_path / "link.json", {})
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text() == "{}\n"


def test_a_folder_or_a_device_is_refused_and_stays(tmp_path):
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    for path in (tmp_path, fifo):
        with pytest.raises(SettingError, match="is not a file"):
            report.write(path, {})
    assert fifo.is_fifo()
    assert list(tmp_path.iterdir()) == [fifo]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(SettingError, match="No such file or directory"):
        report.write(tmp_path / "no" / "r.json", {})
