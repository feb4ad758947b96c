import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.errors import ParameterError
from endlessdreams_cam.parameters import PARAMETERS, Kind, find

NUMBERS = [p for p in PARAMETERS.values() if p.kind in (Kind.NUMBER, Kind.INTEGER)]


@given(st.sampled_from(NUMBERS), st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_clamped(spec, value):
    assert spec.low <= spec.clean(value) <= spec.high


@given(st.sampled_from(NUMBERS), st.floats(0, 1))
def test_a_knob_gives_values_in_range_and_finds_its_way_back(spec, unit):
    value = spec.from_unit(unit)
    assert spec.low <= value <= spec.high
    assert spec.to_unit(value) == pytest.approx(unit, abs=1e-6)


@pytest.mark.parametrize("bad", ["", "much", None, [], math.nan, math.inf, "nan", "-inf", True, {}])
def test_what_is_no_number_is_refused_with_the_name_and_what_is_allowed(bad):
    with pytest.raises(ParameterError, match=r"view\.zoom") as caught:
        find("view.zoom").clean(bad)
    assert "0.5 to 4" in caught.value.remedy


@pytest.mark.parametrize(
    ("word", "value"), [("on", True), ("OFF", False), ("1", True), (False, False)]
)
def test_toggles_read_words(word, value):
    assert find("source.mirror").clean(word) is value


@pytest.mark.parametrize("bad", ["maybe", 0.5, 2, None])
def test_toggles_refuse_the_rest(bad):
    with pytest.raises(ParameterError, match="on or off"):
        find("source.mirror").clean(bad)


def test_choices_are_words_of_the_list():
    assert find("program.cut").clean(" Slate ") == "slate"
    with pytest.raises(ParameterError, match="dream, source, hold, slate, black"):
        find("program.cut").clean("red")


def test_stand_in_engines_may_be_named():
    assert find("engine.name").clean("fault:hang") == "fault:hang"


def test_texts_have_a_length_and_no_control_characters():
    spec = find("prompt.1.text")
    assert spec.clean("  a\nface ") == "a face"
    for bad in ("x" * 401, "a\x07b", 5):
        with pytest.raises(ParameterError):
            spec.clean(bad)


def test_an_unknown_name_gets_the_nearest_one():
    with pytest.raises(ParameterError, match=r"Did you mean view\.zoom"):
        find("view.zom")


def test_source_and_layer_are_aliases():
    assert find("source").name == "source.input"
    assert find("layer").name == "layer.input"


def test_defaults_are_values_of_their_parameters():
    for spec in PARAMETERS.values():
        assert spec.clean(spec.default) == spec.default
        assert spec.doc.endswith(".")
