import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endlessdreams_cam.bindings import Binding, Pickup
from endlessdreams_cam.errors import PresetError
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.presets import changes, json_schema, parse
from endlessdreams_cam.presets.model import LARGEST

GOOD = b"""
schema = 1
title = "Ember"
base = "glowing embers"
styles = ["", "neon"]
[[prompt]]
label = "embers"
text = "a face made of embers"
weight = 1.0
[values]
"drift.zoom" = 0.04
[glide]
prompt = 1.5
morph = 3.0
[[mod]]
target = "motion.energy"
beats = 4
depth = 0.2
[[bind]]
control = "knob.4"
to = "motion.speed"
range = [0.3, 2.0]
pickup = "scaled"
"""


@pytest.fixture
def home():
    return Store(lambda: 0).home


def test_a_good_preset_sets_everything_it_says(home):
    found = changes(parse(GOOD, name="ember.toml"), home)
    assert found["prompt.1.text"] == "a face made of embers"
    assert found["prompt.1.weight"] == 1.0
    assert found["drift.zoom"] == 0.04
    assert found["prompt.glide"] == 1.5
    assert found["preset.morph"] == 3.0
    assert found["mod.1.target"] == "motion.energy"


def test_what_it_does_not_name_returns_home(home):
    found = changes(parse(GOOD, name="x"), {**home, "dream.feedback": 0.35})
    assert found["dream.feedback"] == 0.35
    assert found["prompt.2.text"] == ""
    assert not [n for n in found if n.startswith(("program.", "slate."))]
    assert "dream.rate" not in found


def test_the_morph_is_the_performers_where_a_preset_asks_for_none(home):
    found = changes(parse(b'title = "T"', name="x"), home)
    assert not {"preset.morph", "preset.morph_beats"} & set(found)
    found = changes(parse(GOOD, name="x"), home)
    assert (found["preset.morph"], found["preset.morph_beats"]) == (3.0, 0.0)


def test_a_partial_preset_leaves_the_rest_alone(home):
    text = b'title = "T"\npartial = true\n[values]\n"look.hue" = 20'
    assert changes(parse(text, name="x"), home) == {"look.hue": 20}


def test_a_text_over_several_lines_becomes_one(home):
    text = b'title = "T"\n[[prompt]]\ntext = """a koi\n  pond"""'
    assert changes(parse(text, name="x"), home)["prompt.1.text"] == "a koi pond"


def test_values_may_stand_in_tables(home):
    text = b'title = "T"\npartial = true\n[values.drift]\nzoom = 0.1'
    assert changes(parse(text, name="x"), home) == {"drift.zoom": 0.1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'title = "x', "not valid TOML"),
        (b'title = "x"\nfoo = 1', "foo: this key is not known"),
        (b'title = "x"\n[values]\n"drift.zoom" = nan', r"drift\.zoom cannot be nan"),
        (b'title = "x"\n[values]\n"drift.zom" = 1', r"Did you mean drift\.zoom"),
        (b'title = "x"\n[values]\n"program.mix" = 1', "belongs to the show"),
        (b'title = "x"\n[values]\n"source.zoom" = 2', "belongs to the show"),
        (b'title = "x"\n[[prompt]]\ntext = 5', r"prompt\.1\.text"),
        (b'title = "x"\n[[prompt]]\ntext = "y"\nweight = 2', r"prompt\.1\.weight"),
        (b'title = "x"\n[[prompt]]\ntext = "y"\nweight = inf', "finite"),
        (b'title = "x"\n' + b'[[prompt]]\ntext = "y"\n' * 9, "at most 8"),
        (b'title = "x"\n[[bind]]\ncontrol = "knob.1"\nto = "nothing"', "no parameter"),
        (b'title = "x"\n[[mod]]\ntarget = "prompt.1.text"', r"mod\.1\.target: .*no swing moves"),
        (b'title = "x"\n[[mod]]\ntarget = "program.mix"', r"mod\.1\.target: .*belongs to the show"),
        (b'title = "x"\n[[mod]]\ntarget = "look.hu"', r"mod\.1\.target: .*Did you mean look\.hue"),
        (b'title = "x"\n[values]\n"mod.1.target" = "auto.every"', "no swing moves"),
        (b'title = "x"\n[glide]\nmorph_beats = 65', r"glide\.morph_beats"),
        (b'title = "x"\n[values]\n"preset.wait" = "bar"', "belongs to the show"),
        (b'title = "x"\nmodel = "/home/me/dream"', "model: a preset names a model"),
        (b'title = "x"\nmodel = "C:\\\\dream"', "model: a preset names a model"),
        (b'title = "x"\nschema = 99', "schema 99.*Update"),
        (b'title = "x"\nschema = "new"', "schema"),
        (b'title = "x"\nschema = "99"', "schema"),
        (b'title = "x"\nschema = 99.0', "schema"),
        (b'title = "' + b"x" * 61 + b'"', "title: String should have at most 60 characters"),
        (b'title = "x\\u001b[31m"', "title: there are characters"),
        (b'title = "x"\n[[prompt]]\ntext = "a\\u0007b"', r"prompt\.1\.text: there are characters"),
        (b'title = "x"\nstyles = ["", "a\\u0000"]', r"styles\.2: there are characters"),
        (b'title = "x"\n[obs]\nenter = "Wide"', r"obs\.enter"),
        (b'title = "x"\n[obs]\nenter = [""]', r"obs\.enter\.1"),
        (b'title = "x"\n[obs]\nleave = ["Wide"]', r"obs\.leave: this key is not known"),
        (b'title = "\xff"', "UTF-8"),
        (b"x = " + b"[" * 5000, "nested"),
        (b"a" + b".a" * 2000 + b" = 1", "nested|key|TOML"),
        (b"x" * (LARGEST + 1), "at most 64 KB"),
        (b"", "title"),
    ],
)
def test_bad_presets_are_refused_with_the_place(text, said):
    with pytest.raises(PresetError, match=said):
        parse(text, name="bad.toml")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=6))
def test_damage_never_does_more_than_a_preset_error(at, junk):
    with contextlib.suppress(PresetError):
        parse(GOOD[:at] + junk + GOOD[at + len(junk) :], name="x")


def test_the_schema_names_every_parameter_that_a_preset_holds(home):
    held = set(json_schema()["properties"]["values"]["properties"])
    assert "drift.zoom" in held
    assert "program.mix" not in held


def test_the_schema_in_the_docs_is_the_present_one():
    file = Path(__file__).parents[2] / "docs" / "preset.schema.json"
    assert json.loads(file.read_text()) == json_schema(), (
        "endlessdreams-cam presets schema > docs/preset.schema.json"
    )


def test_bindings_are_those_of_the_rows():
    [binding] = parse(GOOD, name="ember.toml").bindings
    assert binding == Binding(
        control="knob.4", to="motion.speed", range=(0.3, 2.0), pickup=Pickup.SCALED
    )


@pytest.mark.parametrize("to", ["program.mix", "panic", "cut.source", "lock.look.hue"])
def test_a_preset_may_bind_what_it_does_not_hold(to):
    text = f'title = "T"\n[[bind]]\ncontrol = "fader.1"\nto = "{to}"'
    assert parse(text.encode(), name="x").bindings[0].to == to
