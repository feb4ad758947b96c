import pytest

from endlessdreams_cam.controllers.names import (
    device_name,
    distinct,
    is_device,
    partner,
    stem,
    unique,
)
from endlessdreams_cam.controllers.profile import Profile
from endlessdreams_cam.controllers.realtime import plugged

KORG = Profile(name="nanokontrol2", title="Korg nanoKONTROL2", match=("nanokontrol2",))
GENERIC = Profile(name="generic", title="Any")


@pytest.mark.parametrize(
    ("port", "device"),
    [
        ("nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0", "nanoKONTROL2"),
        ("nanoKONTROL2:nanoKONTROL2 nanoKONTROL2 _ CTRL 28:0", "nanoKONTROL2 nanoKONTROL2 _ CTRL"),
        ("Launch Control XL:Launch Control XL MIDI 2 20:1", "Launch Control XL MIDI 2"),
        ("nanoKONTROL2:CTRL", "nanoKONTROL2"),
        ("nanoKONTROL2-01:CTRL", "nanoKONTROL2"),
        ("nanoKONTROL2 SLIDER/KNOB", "nanoKONTROL2 SLIDER/KNOB"),
        ("nanoKONTROL2 SLIDER/KNOB (2)", "nanoKONTROL2 SLIDER/KNOB"),
        ("MIDI Mix", "MIDI Mix"),
        (":", ":"),
    ],
)
def test_what_a_device_is_called(port, device):
    assert device_name(port) == device


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("MIDI Mix:MIDI Mix MIDI 1 24:0", "MIDI Mix:MIDI Mix MIDI 1 32:0"),
        ("nanoKONTROL2:CTRL", "nanoKONTROL2-03:CTRL"),
        ("MIDI Mix", "MIDI Mix (2)"),
    ],
)
def test_a_stem_stays_when_the_numbers_change(before, after):
    assert stem(before) == stem(after)


def test_two_ports_of_one_device_have_two_stems():
    one, two = ("Launch Control XL:Launch Control XL MIDI 1 20:0", "Launch Control XL MIDI 2 20:1")
    assert stem(one) != stem(two)


def test_our_own_ports_are_no_devices():
    for port in ("EndlessDreams Cam:in", "EndlessDreams Cam-01:out", "Midi Through:Midi 14:0"):
        assert not is_device(port)
    assert is_device("MIDI Mix:MIDI Mix MIDI 1 24:0")


def test_names_of_one_kind_are_numbered():
    assert unique("X", []) == "X"
    assert unique("X", ["X"]) == "X 2"
    assert unique("X", ["X", "X 2", "X 4"]) == "X 3"


def test_equal_ports_get_names_that_differ():
    assert distinct(["a", "b", "a", "a"]) == ("a", "b", "a (2)", "a (3)")


@pytest.mark.parametrize(
    ("port", "outputs", "expected"),
    [
        ("K:K MIDI 1 24:0", ["K:K MIDI 1 28:0", "K:K MIDI 1 24:0"], "K:K MIDI 1 24:0"),
        ("K:CTRL", ["K-03:CTRL", "K-01:CTRL"], "K-01:CTRL"),
        ("K-02:CTRL", ["K-01:CTRL", "K-03:CTRL"], "K-03:CTRL"),
        ("K:in", ["K:out", "L:in"], "K:out"),
        ("nanoKONTROL2 SLIDER/KNOB", ["MIDI Mix", "nanoKONTROL2 CTRL"], "nanoKONTROL2 CTRL"),
        ("MIDI Mix", ["nanoKONTROL2 CTRL"], "nanoKONTROL2 CTRL"),
        ("K:CTRL", [], None),
    ],
)
def test_an_inputs_output(port, outputs, expected):
    assert partner(port, outputs, KORG) == expected


def test_an_unknown_device_takes_no_strangers_output():
    assert partner("MIDI Mix", ["nanoKONTROL2 CTRL"], GENERIC) is None


def test_a_card_plugged_in_anew_is_another(tmp_path):
    card = tmp_path / "controlC2"
    card.touch()
    first = plugged("K:K MIDI 1 24:0", tmp_path)
    assert first == plugged("K:K MIDI 1 24:0", tmp_path) > 0
    other = tmp_path / "new"  # while the first is there, so that its number is not taken again
    other.touch()
    other.replace(card)
    assert plugged("K:K MIDI 1 24:0", tmp_path) != first
    assert plugged("K:K MIDI 1 28:0", tmp_path) == 0
    assert plugged("K:CTRL", tmp_path) == 0
