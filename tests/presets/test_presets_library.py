import os

import pytest

from endlessdreams_cam.cli.reference import print_presets
from endlessdreams_cam.errors import PresetError
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.presets import Library, changes, shipped_folder
from endlessdreams_cam.presets.library import canonical, read


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "own")


@pytest.fixture
def store():
    return Store(lambda: 0)


@pytest.mark.parametrize("entry", Library(shipped_folder()).entries(), ids=lambda e: e.name)
def test_shipped_presets_are_good_and_full(entry):
    preset = read(entry.path)
    assert len(preset.prompt) == 8
    assert all(slot.text and slot.label for slot in preset.prompt)
    assert preset.base
    assert len(preset.styles) >= 3
    assert sum(slot.weight for slot in preset.prompt) > 0


def test_twelve_come_with_the_program(library):
    names = {entry.name for entry in library.entries()}
    assert len(names) >= 12
    assert {"ember", "aurora", "abyss", "neon-mile", "night-train"} <= names


def test_ones_own_wins(library, store):
    path = library.save("ember", store.snapshot)
    entry = next(e for e in library.entries() if e.name == "ember")
    assert entry.own
    assert entry.path == path


def test_saved_and_recalled_is_the_same_look(library, store):
    preset = library.load("aurora")
    store.apply(changes(preset, store.home), origin="t", glide_s=0, styles=preset.styles)
    store.set("look.hue", 33, origin="t", glide_s=0)
    before = store.snapshot
    library.save("Mine", before)
    other = Store(lambda: 0)
    mine = library.load("mine")
    other.apply(changes(mine, other.home), origin="t", glide_s=0, styles=mine.styles)
    assert dict(other.snapshot.values) == dict(before.values)
    assert other.snapshot.styles == before.styles


def test_saving_keeps_comments(library, store):
    path = library.save("mine", store.snapshot)
    path.write_text("# my opener\n" + path.read_text())
    path.write_text(path.read_text().replace("[values]", "[values]\n# the sky\n"))
    store.set("look.hue", 12, origin="t", glide_s=0)
    store.set("prompt.1.text", "a sky", origin="t")
    library.save("mine", store.snapshot)
    assert "# the sky" in path.read_text()
    assert path.read_text().startswith("# my opener\n")
    assert "look.hue" in path.read_text()


def test_a_save_that_fails_leaves_the_old_file(library, store, monkeypatch):
    path = library.save("mine", store.snapshot)
    before = path.read_bytes()

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PresetError, match="No space left"):
        library.save("mine", store.snapshot)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "..", "", ".", "a\\b", "x" * 99, "a\0b", "~", "/etc/x"]
)
def test_names_cannot_leave_the_folder(library, store, name):
    with pytest.raises(PresetError):
        library.save(name, store.snapshot)
    with pytest.raises(PresetError):
        library.load(name)


def test_names_are_forgiving():
    assert canonical("Neon Mile") == "neon-mile"
    assert canonical("ember.toml") == "ember"


def test_an_unknown_name_lists_what_there_is(library):
    with pytest.raises(PresetError, match="ember"):
        library.load("embr")


def test_neighbours_go_round(library):
    names = [entry.name for entry in library.entries()]
    assert library.neighbours(names[0], -1)[0] == names[-1]
    assert library.neighbours(names[-1], 1)[0] == names[0]
    assert library.neighbours("", 1) == names
    assert library.neighbours("", -1) == names[::-1]
    assert library.neighbours(names[2], 1) == [*names[3:], *names[:3]]


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.mark.timeout(10)
def test_what_is_no_file_is_refused_and_nothing_waits_for_it(library, own):
    (own / "folder.toml").mkdir()
    os.mkfifo(own / "pipe.toml")
    (own / "endless.toml").symlink_to("/dev/zero")
    for name in ("folder", "pipe", "endless"):
        with pytest.raises(PresetError, match="is not a file"):
            library.load(name)
    (own / "gone.toml").symlink_to("/no/such/file")
    with pytest.raises(PresetError, match="No such file"):
        library.load("gone")


def test_a_huge_file_is_refused(library, own):
    (own / "huge.toml").write_text('title = "x"\n#' + "x" * 10_000_000)
    with pytest.raises(PresetError, match="at most 64 KB"):
        library.load("huge")


def test_the_list_names_what_cannot_be_used(library, own, capsys, monkeypatch):
    monkeypatch.setenv("ENDLESSDREAMS_PRESETS", str(own))
    monkeypatch.setenv("COLUMNS", "200")
    (own / "broken.toml").write_text("title = ")
    (own / "My Evening.toml").write_text('title = "x"')
    print_presets()
    said = capsys.readouterr().out
    assert "broken.toml is not valid TOML" in said
    assert "whisperwood" in said
    assert "My Evening.toml. Name it with a-z" in said
