import pytest

from endlessdreams_cam.bindings import ACTIONS, Binding
from endlessdreams_cam.bindings.feedback import BLINKING, DARK, LIT, Facts, Look, View, meaning
from endlessdreams_cam.parameters import PARAMETERS, Move, Snapshot
from endlessdreams_cam.parameters.table import defaults

MS = 1_000_000
BANK = {f"prompt.{n}.text": "a sky" for n in range(1, 9)}


def look(to, now=None, *, now_ns=0, continuous=False, shifted=False, facts=None, **fields):
    snapshot = Snapshot(version=1, values=defaults() | BANK | (now or {}))
    view = View(snapshot, now_ns, facts or Facts(), shifted)
    return meaning(Binding(control="pad.1", to=to, **fields), continuous=continuous)(view)


@pytest.mark.parametrize(
    ("to", "values", "facts", "expected"),
    [
        ("prompt.1", {}, Facts(), LIT),
        ("prompt.2", {}, Facts(), DARK),
        ("prompt.1", {"prompt.2.weight": 1.0}, Facts(), DARK),  # half and half: nobody leads
        ("prompt.2", {"prompt.2.solo": True}, Facts(), BLINKING),
        ("prompt.1", {"prompt.2.solo": True}, Facts(), DARK),
        ("preset.3", {}, Facts(preset=3), LIT),
        ("preset.3", {}, Facts(preset=2), DARK),
        ("preset.3", {}, Facts(preset=2, pending=3), BLINKING),
        ("cut.dream", {}, Facts(), LIT),
        ("cut.hold", {}, Facts(), DARK),
        ("cut.hold", {"program.cut": "hold"}, Facts(on_air="hold"), LIT),
        ("cut.source", {"program.cut": "source"}, Facts(on_air="slate"), BLINKING),
        ("panic", {"program.cut": "slate"}, Facts(latched=True), BLINKING),
        ("panic", {"program.cut": "slate"}, Facts(), DARK),
        ("record", {}, Facts(recording=True), LIT),
        ("record", {"program.record": True}, Facts(), DARK),  # asked, but nothing is written
        ("style.next", {}, Facts(), DARK),
        ("style.next", {"prompt.style": 2}, Facts(), LIT),
        ("lock.look.hue", {}, Facts(locked=frozenset({"look.hue"})), LIT),
        ("lock.look.hue", {}, Facts(), DARK),
        ("auto.on", {"auto.on": True}, Facts(), LIT),
        ("auto.on", {}, Facts(), DARK),
        ("dream.reseed", {"dream.reseed": 5}, Facts(), DARK),
        ("view.mirror", {}, Facts(), DARK),
        ("view.mirror", {"view.mirror": "quad"}, Facts(), LIT),
    ],
)
def test_what_an_led_means(to, values, facts, expected):
    assert look(to, values, facts=facts) == expected


def test_the_shift_button_is_lit_while_it_is_held():
    assert look("shift", shifted=True) == LIT
    assert look("shift") == DARK


def test_a_save_is_three_quick_blinks_and_then_the_truth():
    facts = Facts(preset=2, saved=3, saved_ns=1000 * MS)
    seen = [look("preset.3", facts=facts, now_ns=t * MS).level for t in range(950, 1750, 100)]
    assert seen == [0, 0, 1, 0, 1, 0, 1, 0]
    current = Facts(preset=3, saved=3, saved_ns=1000 * MS)
    seen = [look("preset.3", facts=current, now_ns=t * MS).level for t in range(950, 1750, 100)]
    assert seen == [1, 0, 1, 0, 1, 0, 1, 1]


@pytest.mark.parametrize(
    ("values", "now", "expected"),
    [((0.0,), 0.0, LIT), ((0.0,), 1.0, DARK), ((0.5, 2.0), 2.0, LIT), ((0.5, 2.0), 0.5, DARK)],
)
def test_a_button_with_values_is_lit_when_they_are_there(values, now, expected):
    assert look("motion.speed", {"motion.speed": now}, values=values) == expected


def test_a_ring_stands_where_the_value_is_on_the_bindings_way():
    assert look("look.hue", {"look.hue": 0.0}, continuous=True).level == pytest.approx(0.5)
    assert look("dream.strength", {"dream.strength": 0.95}, continuous=True).level == 1
    half = look(
        "motion.speed", {"motion.speed": 0.5}, continuous=True, range=(0.0, 2.0), invert=True
    )
    assert half.level == pytest.approx(0.75)
    assert look("dream.steps", {"dream.steps": 8}, continuous=True).level == 1
    assert look("view.mirror", {"view.mirror": "off"}, continuous=True).level < 0.2


def test_a_ring_shows_the_live_value_not_the_target():
    move = Move(target=1.0, start=0.0, began_ns=0, duration_s=2.0)
    snapshot = Snapshot(
        version=1, values=defaults() | {"dream.wander": 1.0}, moves={"dream.wander": move},
        offsets={"motion.energy": Move(0.25)},
    )  # fmt: skip
    wander = meaning(Binding(control="knob.1", to="dream.wander"), continuous=True)
    assert wander(View(snapshot, 1000 * MS)) == Look(0.5)
    energy = meaning(Binding(control="knob.1", to="motion.energy"), continuous=True)
    assert energy(View(snapshot, 0)) == Look(0.75)


@pytest.mark.parametrize("to", sorted(ACTIONS) + sorted(PARAMETERS) + ["lock.look.hue"])
def test_everything_that_can_be_bound_means_something(to):
    spec = PARAMETERS.get(to)
    values = ("a text",) if spec and spec.kind == "text" else ()
    for continuous in (False, True):
        assert 0 <= look(to, continuous=continuous, values=values).level <= 1
