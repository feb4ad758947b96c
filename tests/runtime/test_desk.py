import pytest
from played_time import Time

from endlessdreams_cam.errors import PresetError, SettingError
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.presets import Library
from endlessdreams_cam.runtime.desk import Desk

S = 1_000_000_000


@pytest.fixture
def time():
    return Time(10 * S)


@pytest.fixture
def desk(time, tmp_path):
    return Desk(Store(time), Library(tmp_path), time)


def cut(desk):
    return desk.snapshot.text("program.cut")


def test_panic_latches_until_dream(desk):
    desk.panic(origin="t")
    assert (cut(desk), desk.latched) == ("slate", True)
    for other in ("source", "hold", "black"):
        with pytest.raises(SettingError, match="Panic"):
            desk.cut(other, origin="t")
        with pytest.raises(SettingError, match="Panic"):
            desk.set({"program.cut": other}, origin="t")
    assert cut(desk) == "slate"
    desk.cut("dream", origin="t")
    assert (cut(desk), desk.latched) == ("dream", False)
    desk.cut("source", origin="t")


def test_other_parameters_move_during_a_panic(desk):
    desk.panic(origin="t")
    desk.set({"view.zoom": 2}, origin="t")
    assert desk.snapshot.values["view.zoom"] == 2


def test_dream_by_name_ends_a_panic_too(desk):
    desk.panic(origin="t")
    desk.set({"program.cut": "dream"}, origin="t")
    assert not desk.latched


def test_further_hits_do_nothing(desk, time):
    desk.panic(origin="t")
    version = desk.snapshot.version
    time.ns += S // 2
    desk.panic(origin="t")
    assert desk.snapshot.version == version
    desk.release(origin="t")
    assert cut(desk) == "dream"


def test_release_without_panic_does_nothing(desk):
    desk.cut("slate", origin="t")
    desk.release(origin="t")
    assert cut(desk) == "slate"


def test_hold_toggles_and_counts(desk, time):
    desk.toggle("hold", origin="t")
    time.ns += 12 * S
    assert desk.held_s() == 12
    desk.toggle("hold", origin="t")
    assert (cut(desk), desk.held_s()) == ("dream", 0)


def test_a_prompt_glides_alone(desk, time):
    desk.recall("aurora", origin="t")
    desk.prompt(3, origin="t")
    time.ns += 60 * S
    weights = desk.snapshot.weights(time.ns)
    assert weights[2] == 1
    assert sum(weights) == 1


def test_a_recall_lands_whole_and_undo_takes_it_back(desk):
    desk.recall("ember", origin="t")
    desk.set({"look.hue": 30}, origin="t")
    before = desk.snapshot
    desk.recall("aurora", origin="t")
    assert desk.snapshot.version == before.version + 1
    assert desk.snapshot.preset == "aurora"
    desk.undo(origin="t")
    assert dict(desk.snapshot.values) == dict(before.values)
    assert (desk.snapshot.preset, desk.snapshot.styles) == ("ember", before.styles)
    desk.undo(origin="t")
    assert desk.snapshot.preset == "aurora"


def test_a_bad_recall_changes_nothing(desk):
    before = desk.snapshot
    with pytest.raises(PresetError):
        desk.recall("nothing", origin="t")
    assert desk.snapshot is before
    with pytest.raises(SettingError, match="no recall"):
        desk.undo(origin="t")


def test_next_and_previous_walk_the_library(desk):
    desk.recall("aurora", origin="t")
    there = desk.step(1, origin="t")
    assert there != "aurora"
    assert desk.step(-1, origin="t") == "aurora"


def test_a_preset_that_cannot_be_read_is_stepped_over(desk, tmp_path):
    (tmp_path / "aurora-2.toml").write_text("title = ")
    desk.recall("aurora", origin="t")
    there = desk.step(1, origin="t")
    assert there not in ("aurora", "aurora-2")
    assert desk.step(-1, origin="t") == "aurora"


@pytest.mark.parametrize("word", [None, "red", 5])
def test_a_cut_that_there_is_not_is_refused(desk, word):
    with pytest.raises(SettingError, match=r"program\.cut cannot be"):
        desk.set({"program.cut": word, "look.hue": 9}, origin="t")
    assert desk.snapshot.values["look.hue"] == 0


def test_in_a_panic_the_swings_rest(desk, time):
    desk.set({"mod.1.target": "look.hue", "mod.1.source": "sine", "mod.1.depth": 1}, origin="t")
    desk.panic(origin="t")
    time.ns += S
    seen = {desk.snapshot.number("look.hue", time.ns + k * S // 7) for k in range(7)}
    assert seen == {0}
    desk.set({"program.cut": "dream"}, origin="t")
    time.ns += S
    seen = {desk.snapshot.number("look.hue", time.ns + k * S // 7) for k in range(7)}
    assert len(seen) == 7


def test_setting_a_trigger_pulls_it_once(desk):
    desk.set({"dream.reseed": 1}, origin="t")
    desk.set({"dream.reseed": 1}, origin="t")
    assert desk.snapshot.integer("dream.reseed") == 2
