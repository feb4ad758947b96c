import numpy as np
import pytest

from endlessdreams_cam.program.flash_counter import GRID, FlashCounter, grid_of, read

TICK = 1_000_000_000 // 30


def shade(value, part=np.s_[:, :]):
    grid = np.zeros((GRID.height, GRID.width, 3), np.float32)
    grid[part] = value
    return read(grid)


def test_the_grid_holds_mean_colours():
    picture = np.zeros((720, 1280, 3), np.uint8)
    picture[:40, 40:80] = (10, 200, 30)
    grid = grid_of(picture)
    assert grid.shape == (18, 32, 3)
    assert grid[0, 1].tolist() == [10, 200, 30]
    assert not grid[1:].any()


@pytest.mark.parametrize("shape", [(1, 1), (7, 500), (36, 64), (143, 17), (144, 20), (2000, 3)])
def test_every_size_has_a_grid(shape):
    grid = grid_of(np.full((*shape, 3), 200, np.uint8))
    assert grid.shape == (18, 32, 3)
    assert grid.min() == grid.max() == 200


def test_luminance_is_the_relative_luminance_of_wcag():
    assert shade((255, 255, 255)).levels[0, 0, 0] == pytest.approx(1, abs=1e-4)
    assert shade((118, 118, 118)).levels[0, 0, 0] == pytest.approx(0.1812, abs=1e-3)
    red = shade((255, 0, 0))
    assert red.levels[0, 0] == pytest.approx([0.2126, 1], abs=1e-4)
    assert red.red.all()
    assert not shade((255, 160, 160)).red.any()


def show(counter, reading, tick):
    sight = counter.see(reading, tick * TICK)
    counter.note(sight)
    return sight.worst


def changes(readings):
    counter = FlashCounter(readings[0], 0)
    for n, reading in enumerate(readings[1:], 1):
        show(counter, reading, n)
    return counter.worst(len(readings) * TICK)


def test_each_way_is_one_change():
    dark, light = shade(0), shade((180, 180, 180))
    assert changes([dark, light, light]) == 1
    assert changes([dark, light, light, dark, light]) == 3


def test_a_change_may_take_many_pictures_but_must_turn_round():
    ramp = [shade((v, v, v)) for v in range(0, 250, 25)]
    assert changes(ramp) == 1
    assert changes(ramp + ramp[::-1]) == 2


def test_small_and_bright_changes_do_not_count():
    assert changes([shade((100,) * 3), shade((112,) * 3)] * 4) == 0
    assert changes([shade((232,) * 3), shade((255,) * 3)] * 4) == 0, "both are above 0.8"


def test_a_red_flash_counts_where_its_luminance_does_not():
    dull, deep = shade((60, 0, 0)), shade((130, 0, 0))
    assert abs(dull.levels[0, 0, 0] - deep.levels[0, 0, 0]) < 0.09
    assert changes([dull, deep, dull, deep]) == 3
    pale, paler = shade((190, 150, 150)), shade((215, 150, 150))
    assert changes([pale, paler, pale, paler]) == 0, "no deep red"


def test_area_is_a_quarter_of_any_field_of_view():
    light = (200, 200, 200)
    small, large = shade(light, np.s_[5:8, 5:8]), shade(light, np.s_[5:9, 5:9])
    assert changes([shade(0), small] * 4) == 0
    assert changes([shade(0), large] * 4) == 7
    apart = np.zeros((GRID.height, GRID.width, 3), np.float32)
    apart[::6, ::6] = 200
    assert changes([shade(0), read(apart)] * 4) == 0, "small spots far from each other"


def test_a_flash_may_swell_across_the_picture():
    sweep = [shade((180,) * 3, np.s_[:, : 2 * n]) for n in range(8)]
    assert changes([*sweep, shade(0), *sweep[1:]]) == 3


def test_what_flickers_each_in_its_own_time_is_no_flash():
    random = np.random.default_rng(4)
    shape = (GRID.height, GRID.width, 1)
    phases, periods = random.integers(0, 12, shape), random.integers(6, 14, shape)
    burning = random.random(shape) < 0.6
    lit = [np.where(burning & ((phases + n) % periods < 3), 130.0, 60.0) for n in range(60)]
    flames = [read(grid.repeat(3, 2).astype(np.float32)) for grid in lit]
    together = [read(np.full((*shape[:2], 3), 130.0 if n % 8 < 3 else 60.0)) for n in range(60)]
    assert changes(flames) <= 3
    assert changes(together) >= 7


def test_what_is_older_than_a_second_is_forgotten():
    counter, dark, light = FlashCounter(shade(0), 0), shade(0), shade((180,) * 3)
    for n, reading in enumerate([light, dark, light]):
        show(counter, reading, n)
    assert counter.worst(29 * TICK) == 3
    assert counter.worst(31 * TICK) == 2
    assert counter.worst(32 * TICK) == 1
    assert counter.worst(33 * TICK) == 0


def test_it_tells_before_it_is_shown():
    dark, light = shade(0), shade((180,) * 3)
    counter = FlashCounter(dark, 0)
    show(counter, light, 1)
    copy = counter.copy()
    assert counter.see(dark, 2 * TICK).worst == 2
    assert counter.see(light, 2 * TICK).worst == 0, "what stays makes no change"
    assert counter.worst(2 * TICK) == 1, "to see is not to show"
    assert show(copy, dark, 2) == 2
    assert (counter.worst(2 * TICK), copy.worst(2 * TICK)) == (1, 2)
