import os
import pty

import pytest

from endlessdreams_cam.cli import keys
from endlessdreams_cam.cli.keys import Keys, split
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.presets import Library
from endlessdreams_cam.runtime.desk import Desk

S = 1_000_000_000


class Hand:
    """Presses keys, with the time that passes between."""

    def __init__(self, folder):
        self.ns = 100 * S
        self.said, self.ended = [], []
        self.desk = Desk(Store(self.now), Library(folder), self.now)
        self.desk.recall("aurora", origin="start")
        self.keys = Keys(self.desk, lambda: self.ended.append(1), self.said.append, now=self.now)

    def now(self):
        return self.ns

    def press(self, *pressed):
        """Press keys and return what stands there then."""
        for key in pressed:
            self.ns += S // 10
            self.keys.press(key)
        return self.said[-1]


@pytest.fixture
def hand(tmp_path):
    return Hand(tmp_path)


def test_words_of_an_earlier_key_do_not_stay(hand):
    assert "PANIC" in hand.press("\x1b")
    assert hand.press("d") == ""
    assert "again" in hand.press("q")
    assert hand.press("left") == ""


def test_the_show_ends_at_the_second_q_only_right_after_the_first(hand):
    hand.press("q", "r", "q")
    assert not hand.ended
    hand.ns += 9 * S
    hand.press("q")
    assert not hand.ended
    hand.press("q")
    assert hand.ended


def test_arrows_are_arrows_and_escape_is_escape():
    assert split("\x1b[A\x1b[15~q") == ["up", "q"]
    assert split("\x1b") == ["\x1b"]


@pytest.mark.skipif(not hasattr(keys, "termios"), reason="another system's terminal")
def test_an_arrow_that_a_slow_line_cuts_in_two_is_no_panic(monkeypatch):
    keeper, terminal = pty.openpty()
    keys.tty.setraw(terminal)
    monkeypatch.setattr("sys.stdin", os.fdopen(terminal, closefd=False))
    os.write(keeper, b"\x1b")
    reads, real = [], os.read

    def read(handle, size):
        reads.append(real(handle, size))
        if len(reads) == 1:
            os.write(keeper, b"[A")
        return reads[-1]

    monkeypatch.setattr(keys.os, "read", read)
    assert split(keys._read()) == ["up"]
    os.close(keeper)
    os.close(terminal)
