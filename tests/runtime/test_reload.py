"""Files that are edited while on air."""

import pytest

from endlessdreams_cam.parameters import Store
from endlessdreams_cam.presets import Library
from endlessdreams_cam.runtime.desk import Desk
from endlessdreams_cam.runtime.reload import Reloads, Watch

S = 1_000_000_000
MS = 1_000_000


class Time:
    ns = 10 * S

    def __call__(self):
        return self.ns


class Editing:
    def __init__(self, folder):
        self.folder, self.time, self.notes = folder, Time(), []
        self.write("mine", '[values]\n"look.hue" = 10')
        library = Library(folder)
        self.desk = Desk(Store(self.time), library, self.time)
        self.desk.recall("mine", origin="start")
        self.reloads = Reloads(
            self.desk, library, library.setlist_path, lambda *note: self.notes.append(note)
        )
        self.wait(1)

    def write(self, name, text):
        (self.folder / f"{name}.toml").write_text(f'title = "x"\n{text}')

    def wait(self, seconds):
        for _ in range(round(seconds * 10)):
            self.time.ns += 100 * MS
            self.reloads.poll(self.time.ns)

    @property
    def hue(self):
        return self.desk.snapshot.values["look.hue"]


@pytest.fixture
def editing(tmp_path):
    return Editing(tmp_path)


def test_an_edit_is_on_air_within_a_second(editing):
    editing.write("mine", '[values]\n"look.hue" = 20')
    editing.wait(1)
    assert (editing.hue, editing.notes) == (20, [])


def test_a_fault_is_told_once_with_its_place_and_then_that_it_is_mended(editing):
    editing.write("mine", '[values]\n"look.hue" = "blue"')
    editing.wait(5)
    ((what, said),) = editing.notes
    assert what == "preset"
    assert "mine.toml: values: look.hue cannot be 'blue'" in said
    assert editing.hue == 10
    editing.write("mine", '[values]\n"look.hue" = 30')
    editing.wait(1)
    assert editing.hue == 30
    assert "good again" in editing.notes[-1][1]


def test_a_half_written_file_is_not_read(editing):
    for length in range(1, 60):
        editing.write("mine", ('[values]\n"look.hue" = 40\n# and so on, ' * 3)[:length])
        editing.wait(0.1)
    assert (editing.hue, editing.notes) == (10, [])
    editing.write("mine", '[values]\n"look.hue" = 40')
    editing.wait(1)
    assert (editing.hue, editing.notes) == (40, [])


def test_an_editor_that_renames(editing):
    path = editing.folder / "mine.toml"
    path.rename(editing.folder / "mine.toml~")
    editing.wait(0.2)
    editing.write("mine.new", '[values]\n"look.hue" = 50')
    (editing.folder / "mine.new.toml").replace(path)
    editing.wait(1)
    assert (editing.hue, editing.notes) == (50, [])


def test_a_file_that_is_gone_is_told_and_the_look_stays(editing):
    (editing.folder / "mine.toml").unlink()
    editing.wait(3)
    ((_, said),) = editing.notes
    assert "no preset 'mine'" in said
    assert editing.hue == 10


def test_only_the_file_of_the_preset_on_air_counts(editing):
    editing.write("other", '[values]\n"look.hue" = 60')
    editing.desk.recall("other", origin="start")
    editing.wait(1)
    editing.write("mine", '[values]\n"look.hue" = 70')
    editing.wait(2)
    assert (editing.hue, editing.notes) == (60, [])


def test_ones_own_copy_of_a_shipped_preset_is_taken_in(editing):
    editing.desk.recall("ember", origin="start")
    editing.wait(1)
    editing.write("ember", '[values]\n"look.hue" = 80')
    editing.wait(1)
    assert editing.hue == 80


def test_a_setlist_comes_changes_and_breaks(editing):
    editing.write("setlist", '[[song]]\npreset = "mine"\n[[song]]\npreset = "abyss"')
    editing.wait(1)
    assert [editing.desk.pad(n) for n in (1, 2, 3)] == ["mine", "abyss", ""]
    editing.write("setlist", '[[song]]\npreset = "mine"\n[[song]]\npreset = "nothing"')
    editing.wait(1)
    ((what, said),) = editing.notes
    assert what == "setlist"
    assert "setlist.toml: song.2.preset: there is no preset 'nothing'" in said
    assert editing.desk.pad(2) == "abyss"


def test_a_new_preset_comes_onto_the_pads(editing):
    before = editing.desk.recalls.order.names()
    editing.write("a-new-one", "")
    editing.wait(1.2)
    assert set(editing.desk.recalls.order.names()) - set(before) == {"a-new-one"}


def test_a_watch_tells_each_change_once(tmp_path):
    path = tmp_path / "a"
    watch = Watch(lambda: path)
    found = []
    for step in range(40):
        if step in (3, 20):
            path.write_text("x" * step)
        found.append(watch.changed(step * 100 * MS))
    assert sum(found) == 2
    assert 3 < found.index(True) <= 3 + 9
