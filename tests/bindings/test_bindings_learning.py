import pytest
from hypothesis import given
from hypothesis import strategies as st

from endlessdreams_cam.bindings import Encoding, Event, Gesture
from endlessdreams_cam.bindings.learning import WINDOW_NS, Learned, Lesson, tell_apart

MS = 1_000_000


def ccs(values, address="cc:1:20"):
    return [
        Event("box", address, "", Gesture.ABSOLUTE, v / 127, n * 10 * MS)
        for n, v in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 1, 1, 2, 1], ("relative", Encoding.TWOS)),
        ([1, 1, 127, 127, 126, 1], ("relative", Encoding.TWOS)),
        ([65, 65, 66, 65], ("relative", Encoding.OFFSET)),
        ([63, 63, 65, 62, 62], ("relative", Encoding.OFFSET)),
        ([1, 1, 65, 66, 65, 65, 2], ("relative", Encoding.SIGN)),
        ([10, 11, 13, 16, 18, 20], ("absolute", None)),
        ([60, 62, 63, 66, 68], ("absolute", None)),
        ([3, 2, 1, 0], ("absolute", None)),
        ([127], ("button", None)),
        ([127, 0, 127, 0], ("button", None)),
    ],
)
def test_what_a_control_sends_tells_what_it_is(values, expected):
    assert tell_apart(ccs(values)) == expected


@given(st.integers(0, 127), st.integers(0, 127), st.integers(1, 9))
def test_a_fader_is_never_taken_for_an_encoder_or_a_button(start, end, step):
    values = list(range(start, end + (1 if end >= start else -1), step if end >= start else -step))
    if len(values) >= 3:
        assert tell_apart(ccs(values)) == ("absolute", None)


def test_notes_are_buttons_and_a_profiles_encoder_is_relative():
    assert tell_apart([Event("b", "note:1:9", "", Gesture.PRESS, 1.0)]) == ("button", None)
    assert tell_apart([Event("b", "cc:1:9", "", Gesture.RELATIVE, 1)]) == ("relative", None)
    assert tell_apart([Event("b", "pitch:1", "", Gesture.ABSOLUTE, 0.0)] * 4)[0] == "absolute"


def test_a_lesson_lasts_half_a_second_and_takes_what_moved_most():
    lesson = Lesson()
    assert lesson.learned() is None
    assert not lesson.over(10**12), "it waits for the first message"
    for event in [*ccs([5], "cc:1:1"), *ccs([40, 41, 42])]:
        lesson.note(event)
    lesson.note(Event("box", "cc:1:99", "", Gesture.ABSOLUTE, 0.5, WINDOW_NS + 50 * MS))
    assert lesson.over(WINDOW_NS + MS)
    learned = lesson.learned()
    assert learned == Learned("box", "cc:1:20", "", "absolute")
    binding = learned.binding("dream.wander")
    assert (binding.control, binding.device, binding.to) == ("cc:1:20", "box", "dream.wander")


def test_a_control_that_the_profile_names_is_bound_by_its_name_on_any_device():
    binding = Learned("box", "cc:1:20", "knob.3", "absolute").binding("look.hue")
    assert (binding.control, binding.device) == ("knob.3", "")
