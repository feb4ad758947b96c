import pytest
from played_time import Time

from endlessdreams_cam.errors import ParameterError, SettingError
from endlessdreams_cam.parameters import Store

S = 1_000_000_000


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def store(time):
    return Store(time)


def test_a_change_is_a_new_snapshot_and_the_old_one_stays(store):
    before = store.snapshot
    after = store.set("dream.steps", 4, origin="test")
    assert (before.integer("dream.steps"), after.integer("dream.steps")) == (1, 4)
    assert after.version == before.version + 1


def test_a_glide_starts_from_where_the_value_is(store, time):
    store.set("view.zoom", 3, origin="test", glide_s=10)
    time.ns = 5 * S
    half = store.snapshot.number("view.zoom", time.ns)
    assert half == pytest.approx(2)
    store.set("view.zoom", 1, origin="test", glide_s=10)
    assert store.snapshot.number("view.zoom", time.ns) == pytest.approx(half)
    time.ns = 15 * S
    assert store.snapshot.number("view.zoom", time.ns) == 1


def test_the_view_glides_by_its_own_parameter(store, time):
    store.set("view.glide", 2, origin="test")
    store.set("view.zoom", 2, origin="hand")
    assert store.snapshot.moves["view.zoom"].duration_s == 2


def test_all_or_none(store):
    before = store.snapshot
    with pytest.raises(ParameterError):
        store.apply({"dream.steps": 4, "view.zoom": "wide"}, origin="test")
    assert store.snapshot is before


def test_a_guard_refuses_before_anything_changes(store):
    def guard(values, origin):
        if values.get("program.cut") == "black":
            raise SettingError("not now")

    store.guard(guard)
    before = store.snapshot
    with pytest.raises(SettingError):
        store.apply({"dream.steps": 3, "program.cut": "black"}, origin="test")
    assert store.snapshot is before


def test_listeners_hear_names_and_origin(store):
    heard = []
    store.listen(heard.append)
    store.apply({"dream.steps": 3, "look.hue": 10}, origin="midi")
    assert heard[0].names == {"dream.steps", "look.hue"}
    assert heard[0].origin == "midi"


def test_a_trigger_counts_up(store):
    store.pull("dream.reseed", origin="test")
    store.pull("dream.reseed", origin="test")
    assert store.snapshot.integer("dream.reseed") == 2


def test_a_knob_moves_only_numbers(store):
    store.set_unit("dream.strength", 1.0, origin="midi")
    assert store.snapshot.values["dream.strength"] == 0.95
    with pytest.raises(ParameterError, match="not a number"):
        store.set_unit("prompt.1.text", 0.5, origin="midi")


def test_an_offset_adds_and_the_sum_is_clamped(store, time):
    store.set("prompt.1.weight", 0.8, origin="test", glide_s=0)
    store.offset({"prompt.1.weight": 0.7}, glide_s=2, origin="auto")
    assert store.snapshot.number("prompt.1.weight", 0) == pytest.approx(0.8)
    time.ns = 3 * S
    assert store.snapshot.number("prompt.1.weight", time.ns) == 1
    assert store.snapshot.base("prompt.1.weight", time.ns) == 0.8


def test_an_offset_that_returned_is_forgotten(store, time):
    store.offset({"dream.seed": 5}, glide_s=0, origin="auto")
    assert store.snapshot.integer("dream.seed") == 6
    store.offset({"dream.seed": 0}, glide_s=1, origin="auto")
    time.ns = 2 * S
    store.offset({"look.hue": 1}, glide_s=0, origin="auto")
    assert "dream.seed" not in store.snapshot.offsets


def test_home_is_this_shows_default(time):
    store = Store(time, {"dream.feedback": 0.35})
    assert store.snapshot.values["dream.feedback"] == 0.35
    assert store.home["dream.feedback"] == 0.35


def test_a_recall_takes_its_own_morph(store):
    after = store.apply({"look.hue": 90, "preset.morph": 8}, origin="t", preset="ember")
    assert after.moves["look.hue"].duration_s == 8
    assert (after.morph.duration_s, after.preset) == (8, "ember")
    in_beats = {"look.hue": 0, "preset.morph_beats": 16, "tempo.bpm": 240}
    assert store.apply(in_beats, origin="t", preset="ember").morph.duration_s == 4


def test_finishing_hurries_the_recall_and_nothing_else(store, time):
    time.ns = S
    store.apply({"look.hue": 90, "motion.speed": 2}, origin="t", glide_s=10, preset="ember")
    time.ns = 2 * S
    store.set("motion.energy", 1, origin="hand", glide_s=10)
    store.set("motion.speed", 3, origin="hand", glide_s=10)
    before = store.snapshot
    after = store.finish(origin="keys")
    assert after.number("look.hue", time.ns) == before.number("look.hue", time.ns)
    assert after.moves["motion.energy"] == before.moves["motion.energy"]
    assert after.moves["motion.speed"] == before.moves["motion.speed"]
    time.ns += S // 10
    assert after.number("look.hue", time.ns) == 90
    assert after.morph.done(time.ns)
