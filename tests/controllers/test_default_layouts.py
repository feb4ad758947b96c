"""The default layouts, row by row as a performer was promised them."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from endlessdreams_cam.bindings import ACTIONS, Button, Pickup
from endlessdreams_cam.controllers.profile import Part
from endlessdreams_cam.controllers.profiles import shipped
from endlessdreams_cam.parameters import PARAMETERS

PROFILES = {profile.name: profile for profile in shipped()}
ROOT = Path(__file__).parents[2]


def eight(control, to, first=1):
    return {control.format(n): to.format(n - first + 1) for n in range(first, first + 8)}


NANO = {
    **eight("fader.{}", "prompt.{}.weight"),
    "knob.8": "program.mix",
    "knob.1": "dream.strength",
    "knob.2": "source.amount",
    "knob.3": "dream.feedback",
    "knob.4": "motion.speed",
    "knob.5": "drift.zoom",
    "knob.6": "view.zoom",
    "knob.7": "view.pan_x",
    **eight("pad.{}", "prompt.{}"),  # S
    **eight("pad.{}", "preset.{}", 9),  # M
    "pad.17": "cut.dream",  # R
    "button.play": "cut.dream",
    "pad.18": "cut.hold",
    "pad.19": "cut.source",
    "pad.20": "cut.black",
    "pad.21": "dream.reseed",
    "pad.22": "style.next",
    "pad.23": "view.mirror",
    "pad.24": "tempo.tap",
    "button.stop": "panic",
    "button.cycle": "auto.on",
    "button.rewind": "preset.previous",
    "button.forward": "preset.next",
    "track.left": "preset.undo",
    "track.right": "preset.finish",
    "button.record": "record",
    "button.set": "shift",
}
NANO_SET = {
    "knob.1": "motion.energy",
    "knob.2": "layer.amount",
    "knob.3": "look.hue",
    "knob.4": "dream.wander",
    "knob.5": "drift.rotate",
    "knob.6": "view.rotate",
    "knob.7": "view.pan_y",
    "knob.8": "look.brightness",
    "button.stop": "panic",
}
MIDIMIX = {
    **eight("fader.{}", "prompt.{}.weight"),
    "fader.master": "program.mix",
    "knob.1": "dream.strength",
    "knob.2": "source.amount",
    "knob.3": "dream.feedback",
    "knob.4": "motion.speed",
    "knob.5": "motion.energy",
    "knob.6": "dream.wander",
    "knob.7": "layer.amount",
    "knob.8": "prompt.scan",
    "knob.9": "drift.zoom",
    "knob.10": "drift.pan_x",
    "knob.11": "drift.pan_y",
    "knob.12": "drift.rotate",
    "knob.13": "view.zoom",
    "knob.14": "view.pan_x",
    "knob.15": "view.pan_y",
    "knob.16": "view.rotate",
    "knob.17": "look.hue",
    "knob.18": "look.saturation",
    "knob.19": "look.brightness",
    "knob.20": "look.contrast",
    "knob.21": "mod.amount",
    "knob.22": "prompt.glide",
    "knob.23": "preset.morph",
    "knob.24": "program.fade",
    **eight("pad.{}", "preset.{}", 9),  # MUTE
    "pad.17": "cut.dream",  # REC
    "pad.18": "cut.hold",
    "pad.19": "cut.source",
    "pad.20": "cut.black",
    "pad.21": "dream.reseed",
    "pad.22": "style.next",
    "pad.23": "view.mirror",
    "pad.24": "tempo.tap",
    "bank.right": "panic",
    "bank.left": "auto.on",
    "button.solo": "shift",
    **eight("pad.{}", "prompt.{}"),
}
MIDIMIX_SOLO = {
    **eight("pad.{}", "prompt.{}"),  # SOLO + MUTE
    "bank.left": "preset.undo",
    "bank.right": "panic",
}
XTOUCH = {
    **eight("fader.{}", "prompt.{}.weight"),  # encoders of layer B
    "fader.master": "program.mix",
    "knob.1": "dream.strength",
    "knob.2": "source.amount",
    "knob.3": "dream.feedback",
    "knob.4": "motion.speed",
    "knob.5": "drift.zoom",
    "knob.6": "view.zoom",
    "knob.7": "view.pan_x",
    "knob.8": "view.pan_y",
    "push.1": "dream.strength",
    "push.2": "source.amount",
    "push.3": "dream.feedback",
    "push.4": "motion.speed",
    "push.5": "drift.zoom",
    "push.6": "view.zoom",
    "push.7": "view.pan_x",
    "push.8": "auto.on",
    **eight("push.{}", "prompt.{}", 9),
    **eight("pad.{}", "prompt.{}"),  # A upper
    **eight("pad.{}", "preset.{}", 9),  # B upper
    "pad.17": "cut.dream",  # lower, A and B
    "pad.18": "cut.hold",
    "pad.19": "cut.source",
    "pad.20": "cut.black",
    "pad.21": "dream.reseed",
    "pad.22": "style.next",
    "pad.23": "tempo.tap",
    "pad.24": "panic",
}
LAUNCH = {
    **{c: to for c, to in MIDIMIX.items() if c.startswith(("fader.", "knob."))},
    "knob.24": "program.mix",
    **eight("pad.{}", "prompt.{}"),
    **eight("pad.{}", "preset.{}", 9),
    "button.left": "preset.previous",
    "button.right": "preset.next",
    "button.up": "dream.reseed",
    "button.down": "tempo.tap",
    "button.device": "cut.dream",
    "button.mute": "cut.hold",
    "button.solo": "shift",
    "button.record": "panic",
}
del LAUNCH["fader.master"]
LAUNCH_SOLO = {
    "knob.24": "program.fade",
    "pad.9": "cut.dream",
    "pad.10": "cut.hold",
    "pad.11": "cut.source",
    "pad.12": "cut.black",
    "pad.13": "dream.reseed",
    "pad.14": "style.next",
    "pad.15": "view.mirror",
    "pad.16": "tempo.tap",
    "button.left": "preset.undo",
    "button.right": "preset.finish",
    "button.up": "auto.on",
    "button.down": "record",
    "button.record": "panic",
}
GENERIC = {
    **eight("cc.{}", "prompt.{}.weight"),
    "cc.9": "program.mix",
    "cc.10": "dream.strength",
    "cc.11": "source.amount",
    "cc.12": "dream.feedback",
    "cc.13": "motion.speed",
    "cc.14": "drift.zoom",
    "cc.15": "view.zoom",
    "cc.16": "view.pan_x",
    "cc.17": "view.pan_y",
    "cc.18": "motion.energy",
    "cc.19": "dream.wander",
    "cc.20": "layer.amount",
    "cc.21": "look.hue",
    "cc.22": "drift.rotate",
    "cc.23": "view.rotate",
    "cc.24": "look.brightness",
    **eight("note.{}", "prompt.{}"),
    **{f"note.{n}": f"preset.{n - 8}" for n in range(9, 25)},
}
LAYOUTS = {
    ("nanokontrol2", False): NANO,
    ("nanokontrol2", True): NANO_SET,
    ("midimix", False): MIDIMIX,
    ("midimix", True): MIDIMIX_SOLO,
    ("xtouch-mini", False): XTOUCH,
    ("xtouch-mini", True): {},
    ("launch-control-xl", False): LAUNCH,
    ("launch-control-xl", True): LAUNCH_SOLO,
    ("generic", False): GENERIC,
    ("generic", True): {},
}

MESSAGES = {
    "nanokontrol2": {
        "fader.1": "cc:1:0", "fader.8": "cc:1:7", "knob.1": "cc:1:16", "knob.8": "cc:1:23",
        "pad.1": "cc:1:32", "pad.8": "cc:1:39", "pad.9": "cc:1:48", "pad.16": "cc:1:55",
        "pad.17": "cc:1:64", "pad.24": "cc:1:71",
        "button.play": "cc:1:41", "button.stop": "cc:1:42", "button.rewind": "cc:1:43",
        "button.forward": "cc:1:44", "button.record": "cc:1:45", "button.cycle": "cc:1:46",
        "track.left": "cc:1:58", "track.right": "cc:1:59",
        "button.set": "cc:1:60", "marker.left": "cc:1:61", "marker.right": "cc:1:62",
    },
    "midimix": {
        **dict(zip([f"knob.{n}" for n in range(1, 9)],
                   [f"cc:1:{n}" for n in (16, 20, 24, 28, 46, 50, 54, 58)], strict=True)),
        **dict(zip([f"knob.{n}" for n in range(9, 17)],
                   [f"cc:1:{n}" for n in (17, 21, 25, 29, 47, 51, 55, 59)], strict=True)),
        **dict(zip([f"knob.{n}" for n in range(17, 25)],
                   [f"cc:1:{n}" for n in (18, 22, 26, 30, 48, 52, 56, 60)], strict=True)),
        **dict(zip([f"fader.{n}" for n in range(1, 9)],
                   [f"cc:1:{n}" for n in (19, 23, 27, 31, 49, 53, 57, 61)], strict=True)),
        "fader.master": "cc:1:62",
        **{f"pad.{n}": f"note:1:{3 * n - 1}" for n in range(1, 9)},  # solo 2, 5 … 23
        **{f"pad.{n + 8}": f"note:1:{3 * n - 2}" for n in range(1, 9)},  # mute 1, 4 … 22
        **{f"pad.{n + 16}": f"note:1:{3 * n}" for n in range(1, 9)},  # rec 3, 6 … 24
        "bank.left": "note:1:25", "bank.right": "note:1:26",
        "button.solo": "note:1:27",
    },
    "xtouch-mini": {
        "knob.1": "cc:11:1", "knob.8": "cc:11:8", "fader.1": "cc:11:11", "fader.8": "cc:11:18",
        "push.1": "note:11:0", "push.8": "note:11:7", "push.9": "note:11:24",
        "push.16": "note:11:31", "pad.1": "note:11:8", "pad.8": "note:11:15",
        "pad.9": "note:11:32", "pad.16": "note:11:39", "pad.17": "note:11:16",
        "pad.24": "note:11:23", "fader.master": "cc:11:9",
    },
    "launch-control-xl": {
        "knob.1": "cc:9:13", "knob.8": "cc:9:20", "knob.9": "cc:9:29", "knob.16": "cc:9:36",
        "knob.17": "cc:9:49", "knob.24": "cc:9:56", "fader.1": "cc:9:77", "fader.8": "cc:9:84",
        "pad.1": "note:9:41", "pad.4": "note:9:44", "pad.5": "note:9:57", "pad.8": "note:9:60",
        "pad.9": "note:9:73", "pad.12": "note:9:76", "pad.13": "note:9:89", "pad.16": "note:9:92",
    },
}  # fmt: skip


def test_these_are_the_profiles():
    assert set(PROFILES) == {name for name, _ in LAYOUTS}
    assert set(PROFILES) == set(MESSAGES) | {"generic"}


@pytest.mark.parametrize("name", sorted(PROFILES))
@pytest.mark.parametrize("shift", [False, True])
def test_every_row_is_there_and_no_other(name, shift):
    rows = [(b.control, b.to) for b in PROFILES[name].layout if b.shift == shift]
    assert len(rows) == len(dict(rows)), "no control is bound twice in a layer"
    assert dict(rows) == LAYOUTS[name, shift]


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_the_messages_are_those_of_the_factory(name):
    found = {c: PROFILES[name].by_name[c].address for c in MESSAGES[name]}
    assert found == MESSAGES[name]


def test_the_second_layers_send_other_messages():
    xtouch, launch = PROFILES["xtouch-mini"].by_address, PROFILES["launch-control-xl"].by_address
    assert (xtouch["cc:11:10"].name, xtouch["cc:11:10"].layer) == ("fader.master", "B")
    assert (xtouch["note:11:47"].name, xtouch["note:11:47"].layer) == ("pad.24", "B")
    assert (launch["cc:1:13"].name, launch["cc:1:13"].layer) == ("knob.1", "user")
    assert launch["note:1:92"].light.address == "note:1:92"


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda p: p.name)
def test_every_profile_is_sound(profile):
    names = set(profile.by_name)
    assert {binding.control for binding in profile.layout} <= names
    assert all(b.to in PARAMETERS or b.to in ACTIONS for b in profile.layout)
    addresses = [c.address for c in profile.controls if c.address]
    assert len(addresses) == len(set(addresses))
    layers = {c.layer for c in profile.controls}
    for layer in layers:
        here = [c for c in profile.controls if c.layer in ("", layer)]
        assert max(Counter(c.name for c in here).values()) == 1
        assert max(Counter(c.light.address for c in here if c.light).values(), default=1) == 1
    assert all(c.light is None or c.part is not Part.KNOB for c in profile.controls)
    assert profile.burst == 12


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda p: p.name)
def test_panic_works_in_every_layer_and_source_is_not_beside_it(profile):
    bound = {(b.to, b.shift): b.control for b in profile.layout}
    if profile.name == "generic":
        return
    panic = profile.by_name[bound["panic", False]]
    shifts = "shift" in {b.to for b in profile.layout}
    assert not shifts or bound["panic", True] == panic.name
    layers = {c.layer for c in profile.controls} - {""}
    assert {c.layer for c in profile.controls if c.name == panic.name} - {""} == layers
    for shift in (False, True):
        if ("cut.source", shift) in bound:
            source = profile.by_name[bound["cut.source", shift]]
            assert abs(source.x - panic.x) >= 1.5 or abs(source.y - panic.y) >= 2


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda p: p.name)
def test_pickup_is_left_to_the_mapper_but_for_encoders_that_send_positions(profile):
    for binding in profile.layout:
        encoder = profile.by_name[binding.control].part is Part.ENCODER
        assert binding.pickup is (Pickup.SCALED if encoder else None)


def test_a_pushed_encoder_sets_the_default_of_what_it_turns():
    layout = {b.control: b for b in PROFILES["xtouch-mini"].layout}
    for n in range(1, 8):
        push, knob = layout[f"push.{n}"], layout[f"knob.{n}"]
        assert (push.to, push.button) == (knob.to, Button.SET)
        assert push.values == (), "the show's own default"


@pytest.mark.parametrize(
    ("name", "control", "address", "fields"),
    [
        ("nanokontrol2", "pad.1", "cc:1:32", {}),
        ("nanokontrol2", "button.stop", "cc:1:42", {}),
        ("midimix", "pad.9", "note:1:1", {}),
        ("midimix", "bank.right", "note:1:26", {}),
        ("xtouch-mini", "pad.1", "note:1:0", {"on": 1, "blink": 2, "on_release": True}),
        ("xtouch-mini", "pad.24", "note:1:15", {"on": 1, "blink": 2, "on_release": True}),
        ("xtouch-mini", "knob.8", "cc:1:16",
         {"on": 13, "off": 1, "blink": 14, "continuous": True, "on_release": True}),
        ("launch-control-xl", "pad.1", "note:9:41", {"on": 63, "off": 12}),
        ("launch-control-xl", "pad.9", "note:9:73", {"on": 60, "off": 12}),
        ("launch-control-xl", "button.up", "cc:9:104", {"on": 15, "off": 12}),
    ],
)  # fmt: skip
def test_lights(name, control, address, fields):
    light = PROFILES[name].by_name[control].light
    assert light.address == address
    defaults = {"on": 127, "off": 0, "blink": None, "continuous": False, "on_release": False}
    assert {key: getattr(light, key) for key in defaults} == defaults | fields


def test_nothing_without_an_led_is_given_one():
    dark = {c.name for c in PROFILES["nanokontrol2"].controls if c.part is Part.BUTTON}
    dark -= {c.name for c in PROFILES["nanokontrol2"].controls if c.light}
    assert dark == {
        "track.left", "track.right", "button.set", "marker.left",
        "marker.right",
    }  # fmt: skip


def test_the_files_travel_in_the_wheel():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    patterns = project["tool"]["setuptools"]["package-data"]["endlessdreams_cam.controllers"]
    folder = ROOT / "endlessdreams_cam" / "controllers"
    listed = {path for pattern in patterns for path in folder.glob(pattern)}
    assert listed == {path for path in folder.rglob("*") if path.suffix == ".toml"}
    assert {path.stem for path in listed} == set(PROFILES)
