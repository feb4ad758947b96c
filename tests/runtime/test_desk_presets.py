"""Recalls: order, locks, undo, finish, reload, what comes next."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from played_time import Time

from endlessdreams_cam.bindings import Act, Do
from endlessdreams_cam.errors import ParameterError, SettingError
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.presets import Library
from endlessdreams_cam.presets.setlist import parse_setlist
from endlessdreams_cam.runtime.desk import Desk

S = 1_000_000_000

LIST = b"""
title = "Friday"
[[song]]
preset = "ember"
note = "slow"
[[song]]
preset = "abyss"
morph_beats = 8
[[song]]
preset = "ember"
morph = 7.5
wait = "beat"
[[song]]
preset = "aurora"
"""


@pytest.fixture
def time():
    return Time(10 * S)


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path)


@pytest.fixture
def store(time):
    return Store(time)


@pytest.fixture
def desk(store, time, library):
    return Desk(store, library, time)


@pytest.fixture
def friday(desk, library):
    setlist = parse_setlist(LIST, name="f.toml", presets=library.names())
    desk.recalls.use(setlist)
    desk.step(1, origin="start")
    return desk


def write(tmp_path, text, name="mine"):
    (tmp_path / f"{name}.toml").write_text(f'title = "{name.title()}"\n{text}')


# The order


def test_a_setlist_is_walked_round(friday, time):
    assert friday.snapshot.preset == "ember"
    assert friday.recalls.note == "slow"
    walked = []
    for _ in range(4):
        walked.append(friday.step(1, origin="start"))
        time.ns += 60 * S
    assert walked == ["abyss", "ember", "aurora", "ember"]
    assert friday.step(-1, origin="start") == "aurora"


def test_the_place_counts_not_the_name(friday):
    friday.step(1, origin="start")
    friday.step(1, origin="start")
    assert (friday.snapshot.preset, friday.recalls.cue.at) == ("ember", 2)
    assert friday.recalls.next == "aurora"
    assert friday.pad_of_preset() == 3


def test_an_entry_has_its_own_morph(friday):
    friday.step(1, origin="start")
    assert friday.snapshot.morph.duration_s == 4  # 8 beats at 120
    friday.step(1, origin="start")
    assert friday.snapshot.morph.duration_s == 7.5


def test_an_entry_has_its_own_wait(friday):
    friday.step(2, origin="keys")
    assert [row.what for row in friday.waiting] == ["Ember"]


def test_a_preset_from_outside_leaves_the_place(friday):
    friday.step(1, origin="start")
    friday.recall("neon-mile", origin="start")
    assert (friday.recalls.cue.at, friday.pad_of_preset()) == (1, 0)
    assert friday.recalls.note == Library(friday.recalls._library._own).load("neon-mile").note
    assert friday.step(1, origin="start") == "ember"
    assert friday.recalls.cue.at == 2


def test_a_name_goes_to_its_next_place(friday):
    friday.step(1, origin="start")
    friday.recall("ember", origin="start")
    assert friday.recalls.cue.at == 2


def test_a_changed_setlist_keeps_the_place(friday, library):
    friday.step(1, origin="start")
    new = b'[[song]]\npreset = "aurora"\n[[song]]\npreset = "ember"\n[[song]]\npreset = "abyss"'
    friday.recalls.use(parse_setlist(new, name="f", presets=library.names()))
    assert friday.recalls.cue.at == 2
    assert friday.step(1, origin="start") == "aurora"
    friday.recalls.use(None)
    names = library.names()
    assert friday.step(1, origin="start") == names[names.index("aurora") + 1]


# Pads


def test_pads_are_the_setlists_entries(friday):
    assert [friday.pad(n) for n in range(6)] == ["", "ember", "abyss", "ember", "aurora", ""]
    friday.recall_pad(4, origin="start")
    assert friday.pad_of_preset() == 4
    with pytest.raises(SettingError, match="nothing on pad 5"):
        friday.recall_pad(5, origin="start")


def test_without_a_setlist_they_are_the_librarys(desk, library):
    names = library.names()
    assert desk.pad(2) == names[1]
    desk.recall_pad(2, origin="start")
    assert (desk.snapshot.preset, desk.pad_of_preset()) == (names[1], 2)


def test_a_pad_during_its_own_morph_finishes_it(friday, time):
    friday.recall_pad(2, origin="midi")
    time.ns += S
    before = friday.snapshot.version
    friday.recall_pad(2, origin="midi")
    assert friday.snapshot.version == before + 1
    time.ns += S // 10
    assert not friday.morphing(time.ns)
    friday.recall_pad(2, origin="midi")
    assert friday.morphing(time.ns), "after it, the pad recalls again"


def test_a_pad_again_while_it_waits_brings_it_in(friday):
    friday.recall_pad(3, origin="midi")
    assert friday.waiting
    friday.recall_pad(3, origin="midi")
    assert (friday.recalls.cue.at, friday.waiting) == (2, ())


def test_a_pad_saves(friday, tmp_path, time):
    friday.set({"look.hue": 77}, origin="t")
    path = friday.save_pad(2)
    assert path == tmp_path / "abyss.toml"
    assert (friday.saved_ns, friday.saved_pad()) == (time.ns, 2)
    friday.recall("abyss", origin="start")
    assert friday.snapshot.values["look.hue"] == 77


# Locks


def test_a_recall_leaves_locked_parameters_alone(desk):
    desk.recall("ember", origin="start")
    desk.set({"drift.zoom": 0.2, "drift.rotate": 9, "look.hue": 50}, origin="t")
    desk.lock("drift")
    desk.lock("view.zoom")
    desk.recall("aurora", origin="start")
    values = desk.snapshot.values
    assert (values["drift.zoom"], values["drift.rotate"], values["look.hue"]) == (0.2, 9, 0)
    assert desk.locks == ("drift", "view.zoom")
    desk.unlock("drift")
    desk.recall("ember", origin="start")
    assert desk.snapshot.values["drift.zoom"] == 0.03


def test_the_bank_is_locked_with_its_styles(desk):
    desk.recall("ember", origin="start")
    before = desk.snapshot
    desk.lock("prompt")
    desk.recall("abyss", origin="start")
    after = desk.snapshot
    kept = {n: v for n, v in before.values.items() if n.startswith("prompt.")}
    assert kept.items() <= dict(after.values).items()
    assert after.styles == before.styles
    assert after.preset == "abyss"


def test_locks_hold_against_undo_and_reload(desk, tmp_path):
    write(tmp_path, '[values]\n"look.hue" = 10')
    desk.recall("mine", origin="start")
    desk.recall("ember", origin="start")
    desk.lock("look")
    desk.undo(origin="t")
    assert desk.snapshot.values["look.hue"] == 0
    write(tmp_path, '[values]\n"look.hue" = 20')
    desk.recalls.reload()
    assert desk.snapshot.values["look.hue"] == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [("drif", "There is no parameter 'drif'"), ("program.mix", "needs no lock"), ("", "There is")],
)
def test_what_cannot_be_locked_is_refused(desk, name, said):
    with pytest.raises(ParameterError, match=said):
        desk.lock(name)
    with pytest.raises(ParameterError, match="not locked"):
        desk.unlock(name)


# Undo


def test_undo_restores_only_what_the_recall_changed(desk):
    desk.recall("ember", origin="start")
    desk.recall("aurora", origin="start")
    desk.set({"look.hue": 44}, origin="midi")  # both presets have 0
    desk.undo(origin="t")
    assert desk.snapshot.preset == "ember"
    assert desk.snapshot.values["look.hue"] == 44


def test_undo_goes_back_in_the_order_too(friday):
    friday.step(1, origin="start")
    friday.undo(origin="t")
    assert friday.recalls.cue.at == 0
    assert friday.step(1, origin="start") == "abyss"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["ember", "abyss", "aurora", "undo"]), max_size=8))
def test_undo_twice_is_nothing(tmp_path_factory, names):
    store = Store(lambda: 0)
    desk = Desk(store, Library(tmp_path_factory.getbasetemp() / "none"), lambda: 0)
    desk.recall("starfall", origin="start")
    for name in names:
        desk.undo(origin="t") if name == "undo" else desk.recall(name, origin="start")
    before = desk.snapshot
    desk.recall("neon-mile", origin="start")
    desk.undo(origin="t")
    assert dict(desk.snapshot.values) == dict(before.values)
    assert (desk.snapshot.preset, desk.snapshot.styles) == (before.preset, before.styles)


# Reload


def test_an_edited_file_moves_what_it_changed(desk, tmp_path, time):
    write(tmp_path, 'base = "night"\n[values]\n"look.hue" = 10\n"drift.zoom" = 0.1')
    desk.recall("mine", origin="start")
    time.ns += 60 * S
    desk.set({"drift.zoom": 0.3, "view.zoom": 2}, origin="midi")
    write(tmp_path, 'base = "dawn"\n[values]\n"look.hue" = 30\n"drift.zoom" = 0.2')
    assert desk.recalls.reload()
    values = desk.snapshot.values
    assert (values["look.hue"], values["prompt.base"]) == (30, "dawn")
    assert (values["drift.zoom"], values["view.zoom"]) == (0.3, 2), "hands moved these since"
    assert desk.snapshot.moves["look.hue"].duration_s == 0.5
    assert not desk.morphing(time.ns)
    assert not desk.recalls.reload()


def test_what_an_edit_takes_out_goes_home(desk, tmp_path):
    write(tmp_path, 'styles = ["", "ink"]\n[values]\n"look.hue" = 10')
    desk.recall("mine", origin="start")
    write(tmp_path, "")
    desk.recalls.reload()
    assert (desk.snapshot.values["look.hue"], desk.snapshot.styles) == (0, ())


def test_a_faulty_edit_changes_nothing(desk, tmp_path):
    write(tmp_path, '[values]\n"look.hue" = 10')
    desk.recall("mine", origin="start")
    before = desk.snapshot
    write(tmp_path, '[values]\n"look.hue" = 10\n"drift.zom" = 1')
    with pytest.raises(SettingError, match=r"mine\.toml: values: .*Did you mean drift\.zoom"):
        desk.recalls.reload()
    assert desk.snapshot is before


def test_ones_own_save_is_no_edit(desk):
    desk.recall("ember", origin="start")
    desk.set({"look.hue": 10}, origin="midi")
    desk.save("ember")
    assert not desk.recalls.reload()


def test_a_new_binding_is_there_to_be_seen(desk, tmp_path):
    write(tmp_path, "")
    desk.recall("mine", origin="start")
    before = desk.recalls.preset
    write(tmp_path, '[[bind]]\ncontrol = "knob.1"\nto = "view.zoom"')
    desk.recalls.reload()
    assert desk.recalls.preset is not before
    assert desk.recalls.preset.bind[0].to == "view.zoom"


# What comes next


def test_the_next_presets_texts_are_told(friday, library):
    friday.tick(0)
    abyss = library.load("abyss")
    ahead = friday.snapshot.ahead
    assert ahead.texts[0] == abyss.prompt[0].text
    assert ahead.texts[-1] == abyss.base
    assert len(ahead.texts) == 9
    friday.lock("prompt")
    friday.tick(0)
    assert friday.snapshot.ahead.texts[0] == library.load("ember").prompt[0].text


def test_the_leading_prompt_comes_first_with_its_style_and_seed(desk, tmp_path):
    rows = "".join(f'[[prompt]]\ntext = "scene {n}"\nweight = {n / 10}\n' for n in range(1, 4))
    values = '[values]\n"prompt.style" = 1\n"dream.seed" = 99'
    write(tmp_path, f'styles = ["", "ink"]\n{rows}{values}', "emberly")  # comes after ember
    desk.recall("ember", origin="start")
    desk.tick(0)
    ahead = desk.snapshot.ahead
    assert ahead.texts == ("scene 3", "scene 2", "scene 1")
    assert (ahead.style, ahead.seed) == ("ink", 99)


def test_what_waits_is_what_comes_next(desk, library):
    desk.recall("ember", origin="start")
    desk.set({"preset.wait": "bar"}, origin="t")
    desk.recall("aurora", origin="keys")
    desk.tick(0)
    assert desk.snapshot.ahead.texts[0] == library.load("aurora").prompt[0].text


# Acts


def test_acts(friday, time):
    def do(what, which=""):
        return friday.do(Act(what, which), origin="midi")

    assert do(Do.PROMPT, "3") == friday.snapshot.text("prompt.3.label")
    do(Do.SOLO, "2")
    assert friday.snapshot.toggle("prompt.2.solo")
    do(Do.UNSOLO, "2")
    assert not friday.snapshot.toggle("prompt.2.solo")
    assert do(Do.NEXT) == "abyss"
    do(Do.FINISH)
    time.ns += S
    assert do(Do.PREVIOUS) == "ember"
    do(Do.UNDO)
    assert friday.snapshot.preset == "abyss"
    assert do(Do.PRESET, "4") == "aurora"
    assert do(Do.SAVE, "4") == "saved aurora"
    do(Do.CUT, "hold")
    assert friday.snapshot.text("program.cut") == "hold"
    do(Do.PANIC)
    assert friday.latched
    time.ns += 2 * S
    do(Do.RELEASE)
    assert not friday.latched
    assert do(Do.LOCK, "drift") == "drift locked"
    assert friday.locks == ("drift",)
    assert do(Do.LOCK, "drift") == "drift unlocked"
    do(Do.RECORD, "on")
    assert friday.snapshot.toggle("program.record")
    do(Do.RECORD, "off")
    assert not friday.snapshot.toggle("program.record")


def test_styles_go_round_past_the_empty_ones(desk, store):
    store.apply({}, origin="t", styles=("", "oil", "", "ink"))
    said = [desk.do(Act(Do.STYLE), origin="midi") for _ in range(4)]
    assert said == ["oil", "ink", "no style", "oil"]


def test_every_act_is_done_or_refused_with_words(friday):
    for what in Do:
        for which in ("1", "9", "99", "dream"):
            try:
                friday.do(Act(what, which), origin="midi")
            except SettingError as error:
                assert error.cause
