import numpy as np
import pytest

from endlessdreams_cam.obs.proof import THUMB, Seen, Verdict, compare

MS = 1_000_000
WIDTH, HEIGHT = THUMB
Y, X = np.mgrid[0:HEIGHT, 0:WIDTH]


def picture(phase, noise=0.0, seed=0):
    """A slow dream: soft waves that travel."""
    wave = 120 + 60 * np.sin(X / 9 + phase) + 40 * np.cos(Y / 7 - phase * 0.7)
    wave = wave + np.random.default_rng(seed).normal(0, noise, wave.shape) if noise else wave
    return np.repeat(wave[..., None], 3, axis=2).astype(np.float32)


def film(speed=0.03, frames=150):
    return [Seen(round(n * 1000 / 30) * MS, picture(n * speed)) for n in range(frames)]


def newest(program, at_ns):
    return [seen for seen in program if seen.time_ns <= at_ns][-1]


def through_obs(program, delay_ms, *, change=lambda thumb, n: thumb, start_ms=3500, shots=30):
    shown = []
    for n in range(shots):
        at = (start_ms + n * 47) * MS
        thumb = newest(program, at - delay_ms * MS).thumb
        shown.append(Seen(at, change(thumb, n)))
    return shown


@pytest.mark.parametrize("delay_ms", [20, 93, 400, 1500])
def test_the_delay_is_found_in_a_slow_dream_and_through_noise(delay_ms):
    program = film()
    noisy = through_obs(
        program, delay_ms, change=lambda thumb, n: thumb + picture(0, 4, n) - picture(0)
    )
    found = compare(program, noisy)
    assert found.verdict is Verdict.MOVES
    # What is seen is a frame until the next one comes: half a frame's time more, on average.
    assert found.latency_ms == pytest.approx(delay_ms + 17, abs=18)


def test_a_range_of_levels_that_was_squeezed_is_the_same_picture():
    program = film()
    shown = through_obs(program, 90, change=lambda thumb, n: 16 + thumb * 219 / 255)
    assert compare(program, shown).verdict is Verdict.MOVES


def test_a_source_that_stays_on_an_old_picture():
    program = film(speed=0.08)
    stuck = through_obs(program, 90, change=lambda thumb, n: program[40].thumb)
    assert compare(program, stuck).verdict is Verdict.STUCK


def test_another_picture_that_moves_is_not_the_program():
    program = film()
    other = through_obs(
        program,
        90,
        change=lambda thumb, n: picture(n * 0.3).transpose(1, 0, 2).reshape(thumb.shape),
    )
    assert compare(program, other).verdict is Verdict.OTHER


def test_an_empty_source():
    program = film()
    black = through_obs(program, 90, change=lambda thumb, n: thumb * 0)
    assert compare(program, black).verdict is Verdict.NOTHING
    assert compare(program, []).verdict is Verdict.NOTHING
    assert compare([], black).verdict is Verdict.NOTHING


def test_a_program_that_stands_still_is_recognised_without_a_delay():
    program = film(speed=0)
    found = compare(program, through_obs(program, 90))
    assert (found.verdict, found.latency_ms) == (Verdict.STILL, None)


def test_a_black_program_shown_black_stands_still():
    program = [Seen(seen.time_ns, seen.thumb * 0) for seen in film()]
    assert compare(program, through_obs(program, 90)).verdict is Verdict.STILL


def test_a_source_that_stays_while_a_very_slow_program_moves():
    program = film(speed=0.004)
    stuck = through_obs(program, 90, change=lambda thumb, n: program[100].thumb)
    assert compare(program, stuck).verdict is Verdict.STUCK


def test_a_program_that_moves_once_has_no_certain_delay():
    program = [
        Seen(seen.time_ns, picture(0.0 if n < 108 else 0.3)) for n, seen in enumerate(film())
    ]
    at_ms = [*range(3300, 3560, 40), *range(4700, 4900, 40)]
    shown = [Seen(at * MS, newest(program, (at - 90) * MS).thumb) for at in at_ms]
    found = compare(program, shown)
    assert (found.verdict, found.latency_ms) == (Verdict.MOVES, None)
