"""The guard against a counter that shares nothing with it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endlessdreams_cam.program.flash_guard import FlashGuard

SIZE = (144, 256)
S = 1_000_000_000
WHITE, BLACK, RED, GREY = (255, 255, 255), (0, 0, 0), (255, 0, 0), (90, 90, 90)


def card(colour, part=np.s_[:, :], ground=BLACK):
    picture = np.empty((*SIZE, 3), np.uint8)
    picture[:] = ground
    picture[part] = colour
    return picture


def strobe(a, b, hertz, seconds=4, fps=30):
    """Pictures that change between two at a rate: each period shows both."""
    return [a if int(2 * hertz * n / fps) % 2 == 0 else b for n in range(round(seconds * fps))]


def guarded(pictures, fps=30, cards=()):
    guard, sent = FlashGuard(), []
    for n, picture in enumerate(pictures):
        out = picture.copy()
        guard.filter(out, sent[-1] if sent else out, n * S // fps, card=n in cards)
        sent.append(out)
    return sent


def linear(picture):
    code = picture.astype(np.float64) / 255
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def flashes(pictures, size=SIZE, fps=30):
    """Return the most flashes in any second over a quarter of any third of the picture.

    Straight from the text of WCAG 2.3.1, per 16 × 16 pixels: pairs of opposing changes.
    """
    blocks = [p.reshape(size[0] // 16, 16, size[1] // 16, 16, 3).mean((1, 3)) for p in pictures]
    light = [linear(b) for b in blocks]
    luminance = np.array([x @ (0.2126, 0.7152, 0.0722) for x in light])
    redness = np.array([np.maximum(320 * (x[..., 0] - x[..., 1] - x[..., 2]), 0) for x in light])
    deep = np.array([x[..., 0] >= 0.8 * np.maximum(x.sum(-1), 1e-9) for x in light])
    worst = 0
    for values, step, ok in (
        (luminance, 0.1, lambda a, b, _: min(a, b) < 0.8),
        (redness, 20.0001, lambda _a, _b, red: red),
    ):
        rows, columns = values.shape[1:]
        times = {
            (y, x): turns(values[:, y, x], deep[:, y, x], step, ok)
            for y in range(rows)
            for x in range(columns)
        }
        for first in range(len(pictures)):
            counts = np.zeros((rows, columns), int)
            for place, found in times.items():
                counts[place] = sum(first <= t < first + fps for t in found) // 2
            for flash in range(worst + 1, 50):
                if not wide(counts >= flash):
                    break
                worst = flash
    return worst


def turns(values, deep, step, ok):
    """Return the times at which a value has changed by `step` against its last direction."""
    found, way, start = [], 0, 0
    extreme = [values[0], values[0]]
    for t, value in enumerate(values):
        red = bool(deep[start : t + 1].any())
        if way >= 0 and extreme[1] - value >= step and ok(extreme[1], value, red):
            found.append(t)
            way, extreme, start = -1, [value, value], t
        elif way <= 0 and value - extreme[0] >= step and ok(extreme[0], value, red):
            found.append(t)
            way, extreme, start = 1, [value, value], t
        extreme = [min(extreme[0], value), max(extreme[1], value)]
    return found


def wide(cells):
    down, across = cells.shape[0] // 3, -(-cells.shape[1] // 3)
    total = np.zeros((cells.shape[0] + 1, cells.shape[1] + 1), int)
    total[1:, 1:] = cells.cumsum(0).cumsum(1)
    sums = (
        total[down:, across:] - total[:-down, across:] - total[down:, :-across]
        + total[:-down, :-across]
    )  # fmt: skip
    return sums.max() >= 0.25 * down * across


def test_the_counter_of_this_test_counts():
    assert flashes(strobe(card(WHITE), card(BLACK), 2, 2)) == 2
    assert flashes(strobe(card(RED), card(BLACK), 5, 2)) == 5
    assert flashes([card(GREY)] * 40) == 0


HALF, QUARTER = np.s_[:, :128], np.s_[:72, :128]
STROBES = {
    "field": (card(WHITE), card(BLACK)),
    "faint": (card((120,) * 3), card((155,) * 3)),
    "half": (card(WHITE, HALF), card(BLACK)),
    "halves": (card(WHITE, HALF), card(WHITE, np.s_[:, 128:])),
    "quarter": (card(WHITE, QUARTER), card(BLACK)),
    "spot": (card(WHITE, np.s_[48:80, 96:144]), card(BLACK)),
    "red": (card(RED), card(BLACK)),
    "dull red": (card((140, 0, 0)), card((60, 0, 0))),
    "red and blue": (card(RED), card((0, 0, 255))),
    "checks": (
        card(WHITE, np.kron(np.indices((9, 16)).sum(0) % 2, np.ones((16, 16))) > 0),
        card(WHITE, np.kron(np.indices((9, 16)).sum(0) % 2, np.ones((16, 16))) < 1),
    ),
}


@pytest.mark.parametrize("name", STROBES)
@pytest.mark.parametrize("hertz", [4, 15])
def test_no_strobe_flashes_more_than_three_times_in_a_second(name, hertz):
    pictures = strobe(*STROBES[name], hertz, seconds=2.5)
    assert flashes(pictures) > 3, "this must test something"
    assert flashes(guarded(pictures)) <= 3


@pytest.mark.parametrize("hertz", [5, 10, 30])
def test_nor_at_sixty_frames_per_second(hertz):
    pictures = strobe(card(WHITE), card(BLACK), hertz, seconds=2.5, fps=60)
    assert flashes(guarded(pictures, fps=60), fps=60) <= 3


def test_nor_with_slow_ramps_between():
    wave = [card((round(127 + 127 * np.sin(n * 2 * np.pi * 5 / 30)),) * 3) for n in range(90)]
    assert flashes(wave) > 3
    assert flashes(guarded(wave)) <= 3


flickers = st.lists(
    st.tuples(st.sampled_from([WHITE, BLACK, RED, GREY, (150, 90, 90)]), st.integers(1, 9)),
    min_size=8, max_size=40,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(flickers)
def test_no_sequence_of_colours_gets_through(flicker):
    pictures = [card(colour) for colour, ticks in flicker for _ in range(ticks)]
    assert flashes([picture[:48, :48] for picture in guarded(pictures)], (48, 48)) <= 3


def test_a_lasting_strobe_becomes_a_calm_picture():
    sent = guarded(strobe(card(WHITE), card(BLACK), 10, seconds=5))
    means = np.array([picture.mean() for picture in sent[75:]])
    assert 80 < means.mean() < 180
    assert np.abs(np.diff(means)).max() < 20


def test_a_single_cut_passes_in_one_tick():
    pictures = [card(BLACK)] * 10 + [card(WHITE)] * 10
    assert all(
        a is not b and np.array_equal(a, b)
        for a, b in zip(pictures, guarded(pictures), strict=True)
    )


def test_cuts_every_half_second_and_three_flashes_pass_untouched():
    pictures = strobe(card(WHITE), card(RED), 1, seconds=4)
    assert np.array_equal(pictures, guarded(pictures))
    pictures = strobe(card(WHITE), card(BLACK), 3, seconds=4)
    assert np.array_equal(pictures, guarded(pictures))


def test_movement_passes_untouched():
    random = np.random.default_rng(5)
    world = random.integers(0, 256, (18, 64, 3), np.uint8).repeat(8, 0).repeat(16, 1)
    pictures = [np.ascontiguousarray(world[:, 2 * n : 2 * n + 256]) for n in range(90)]
    assert np.array_equal(pictures, guarded(pictures))


def test_small_lights_may_blink():
    pictures = strobe(card(WHITE, np.s_[60:76, 100:116]), card(BLACK), 10)
    assert np.array_equal(pictures, guarded(pictures))


def test_it_lets_go_smoothly_when_it_is_over():
    pictures = strobe(card(WHITE), card(BLACK), 10, seconds=2) + [card((150,) * 3)] * 90
    sent = guarded(pictures)
    steps = np.abs(np.diff([picture.mean() for picture in sent[60:]]))
    assert steps.max() < 25
    assert np.array_equal(sent[-1], pictures[-1])
    assert sum(np.array_equal(a, b) for a, b in zip(sent[60:], pictures[60:], strict=True)) > 25


def test_it_does_not_let_go_with_a_jump():
    ramp = [card((round(230 - 2.5 * n),) * 3) for n in range(90)]
    sent = guarded(strobe(card(WHITE), card(BLACK), 10, seconds=2) + ramp)
    steps = np.abs(np.diff([picture.mean() for picture in sent[75:]]))
    assert steps.max() < 12
    assert np.array_equal(sent[-1], ramp[-1])


def test_a_card_comes_at_once_even_while_it_smooths():
    pictures = strobe(card(WHITE), card(BLACK), 10, seconds=3)
    pictures[45:] = [card((20, 20, 30))] * 45
    sent = guarded(pictures, cards=range(45, 90))
    assert np.array_equal(sent[45], pictures[45])
    assert flashes(sent) <= 3


def test_cards_cannot_be_used_as_a_strobe():
    pictures = strobe(card(WHITE), card(BLACK), 5, seconds=3)
    assert flashes(guarded(pictures, cards=range(90))) <= 3


def test_after_a_reset_it_starts_anew():
    guard, out = FlashGuard(), card(WHITE)
    for n, picture in enumerate(strobe(card(WHITE), card(BLACK), 15, seconds=1)):
        out, last = picture.copy(), out
        guard.filter(out, last, n * S // 30)
    assert guard.smoothing
    guard.reset()
    out = card(BLACK)
    guard.filter(out, card(WHITE), 2 * S)
    assert not guard.smoothing
    assert np.array_equal(out, card(BLACK))
