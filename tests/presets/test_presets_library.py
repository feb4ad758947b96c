import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endlessdreams_cam.bindings import Binding, Encoding
from endlessdreams_cam.cli.reference import print_presets
from endlessdreams_cam.errors import PresetError
from endlessdreams_cam.parameters import PARAMETERS, Kind, Store
from endlessdreams_cam.presets import Library, changes, shipped_folder
from endlessdreams_cam.presets.library import canonical, read
from endlessdreams_cam.presets.model import GLIDES


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
    assert library.neighbour(names[0], -1) == names[-1]
    assert library.neighbour(names[-1], 1) == names[0]
    assert library.neighbour("", 1) == names[0]


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=10
).map(str.strip)  # fmt: skip
TARGETS = ["", *(name for name, spec in PARAMETERS.items() if spec.swings and spec.in_presets)]
HELD = [
    spec
    for name, spec in PARAMETERS.items()
    if spec.in_presets and (not spec.stays or name in GLIDES.values())
]


def some_value(spec):
    if spec.name.endswith(".target"):
        return st.sampled_from(TARGETS)
    match spec.kind:
        case Kind.NUMBER:
            return st.floats(spec.low, spec.high)
        case Kind.INTEGER:
            return st.integers(spec.low, spec.high)
        case Kind.TOGGLE:
            return st.booleans()
        case Kind.CHOICE:
            return st.sampled_from(spec.choices)
    return TEXTS


some_looks = st.lists(st.sampled_from(HELD), max_size=40, unique=True).flatmap(
    lambda specs: st.fixed_dictionaries({spec.name: some_value(spec) for spec in specs})
)


@settings(max_examples=150, deadline=None)
@given(some_looks, st.lists(TEXTS, max_size=9), st.sampled_from(["mine", "ember"]), st.booleans())
def test_what_is_saved_comes_back_in_every_parameter(look, styles, name, camera):
    home = {"dream.feedback": 0.35} if camera else {}
    with tempfile.TemporaryDirectory() as folder:
        library, store = Library(Path(folder)), Store(lambda: 0, home)
        store.apply(look, origin="t", glide_s=0, styles=tuple(styles))
        before = store.snapshot
        library.save(name, before, home=store.home)
        saved = library.load(name)
        found = changes(saved, store.home)
        assert found == {name: before.values[name] for name in found}
        assert found.keys() >= {spec.name for spec in HELD}
        assert saved.styles == before.styles


def saved(library, store, name="mine"):
    return library.save(name, store.snapshot, home=store.home).read_text()


def test_swings_are_saved_as_rows(library, store):
    store.apply({"mod.2.target": "look.hue", "mod.2.source": "saw", "mod.2.depth": 0.3}, origin="t")
    text = saved(library, store)
    assert text.count("[[mod]]") == 2
    assert "mod.2" not in text
    assert library.load("mine").mod[1].target == "look.hue"


def test_a_swing_of_the_show_is_not_saved(library, store):
    store.apply({"mod.1.target": "program.mix", "mod.1.source": "sine"}, origin="t")
    assert "mod" not in saved(library, store)


def test_a_shipped_preset_keeps_its_title_and_comments_when_it_is_saved(library, store):
    preset = library.load("ember")
    store.apply(changes(preset, store.home), origin="t", styles=preset.styles, preset="ember")
    store.set("look.hue", 9, origin="t")
    text = saved(library, store, "ember")
    mine = library.load("ember")
    assert (mine.title, mine.note, mine.tags) == (preset.title, preset.note, preset.tags)
    assert '"look.hue" = 9.0' in text


BOUND = """\
title = "Bound"
partial = true
[glide]
morph_beats = 16 # a phrase
[[mod]] # the breath
target = "motion.energy"
depth = 0.2
[[bind]]
control = "knob.4"
to = "motion.speed"
range = [0.3, 2.0]
"""


def test_bindings_and_beats_are_kept(library, store, tmp_path):
    path = library.save("bound", store.snapshot)
    path.write_text(BOUND)
    preset = library.load("bound")
    store.apply(changes(preset, store.home), origin="t", preset="bound")
    text = saved(library, store, "bound")
    assert "morph_beats = 16 # a phrase" in text
    assert "[[mod]] # the breath" in text
    assert "partial" not in text
    assert library.load("bound").bind == preset.bind
    # A new file is played by the same hands.
    saved(library, store, "encore")
    encore = library.load("encore")
    assert (encore.title, encore.bind) == ("Encore", preset.bind)


def test_the_scenes_of_obs_stay_with_their_preset_alone(library, store):
    path = library.save("linked", store.snapshot)
    tied = '[obs] # the big camera\nenter = ["Wide", "Close"]\nshow = "Wide"\n'
    path.write_text(f'title = "x"\n{tied}')
    store.apply({}, origin="t", preset="linked")
    assert tied in saved(library, store, "linked")
    assert library.load("linked").obs.enter == ("Wide", "Close")
    assert "Wide" not in saved(library, store, "encore"), "two presets would claim one scene"


def test_the_tempo_stays_with_the_show(library, store):
    store.set("tempo.bpm", 140, origin="t")
    assert "tempo" not in saved(library, store)
    assert "tempo.bpm" not in changes(library.load("mine"), store.home)
    path = library.save("fast", store.snapshot)
    path.write_text('title = "Fast"\n[values]\n"tempo.bpm" = 174\n')
    assert changes(library.load("fast"), store.home)["tempo.bpm"] == 174
    saved(library, store, "fast")
    assert library.load("fast").values["tempo.bpm"] == 140


def test_the_setlist_is_no_preset(library, store, tmp_path):
    library.save("mine", store.snapshot)
    library.setlist_path.write_text('[[song]]\npreset = "mine"')
    assert "setlist" not in library.names()
    for touch in (library.load, lambda name: library.save(name, store.snapshot)):
        with pytest.raises(PresetError, match="setlist"):
            touch("setlist")


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


def test_a_learned_binding_goes_into_the_users_copy(library, store):
    turn = Binding(control="cc:1:20", to="look.hue", device="Box", relative=Encoding.TWOS)
    path = library.bind("Ember", turn)
    assert "# " not in path.read_text().partition("[[bind]]")[2]
    ember = library.load("ember")
    assert ember.title == "Ember"
    assert ember.bindings == (turn,)
    library.bind("ember", Binding(control="knob.1", to="view.zoom"))
    library.bind("ember", Binding(control="cc:1:20", to="view.zoom"))
    assert [b.control for b in library.load("ember").bindings] == ["knob.1", "cc:1:20"]
    assert library.load("ember").bindings[1].relative is None
