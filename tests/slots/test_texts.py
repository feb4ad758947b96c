import pytest

from endlessdreams_cam.slots import TextSlot


@pytest.fixture
def slot():
    made = TextSlot.make("test")
    yield made
    made.close()


def test_the_newest_wins(slot):
    assert slot.read() is None
    reader = TextSlot.attach(slot.name)
    for text in (b"one", b"two", b"three " * 1000):
        slot.write(text)
        assert reader.read() == text
    assert reader.sequence == 3
    reader.close()


def test_too_much_is_refused(slot):
    slot.write(b"kept")
    with pytest.raises(ValueError, match="do not fit"):
        slot.write(b"x" * 70_000)
    assert slot.read() == b"kept"


def test_bytes_caught_half_written_are_not_returned(slot):
    slot.write(b"whole")
    at = slot._at(slot.sequence)
    slot._shared.buf[at + 16] ^= 0xFF
    assert slot.read() is None
