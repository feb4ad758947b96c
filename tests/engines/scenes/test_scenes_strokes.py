import numpy as np
from scene_fakes import SMALL, Player

from endlessdreams_cam.engines import KINDS_OF_PAINT, Paint
from endlessdreams_cam.frame import Frame

LEFT = (slice(None), slice(0, SMALL.width // 3))
RIGHT = (slice(None), slice(2 * SMALL.width // 3, None))
AT_REST = {"prompt.1.text": "ocean", "dream.feedback": 0.0, "motion.speed": 0.0}


def painted(kind, colour=(255, 0, 0), size=SMALL):
    pixels = np.zeros((size.height, size.width, 3), np.uint8)
    masks = np.zeros_like(pixels)
    pixels[:] = colour
    masks[:, : size.width // 3, KINDS_OF_PAINT.index(kind)] = 255
    return Paint(pixels, masks)


def after(kind, **look):
    """Return a dream with and one without paint, of the same moment."""
    plain, drawn = Player(**AT_REST, **look), Player(**AT_REST, **look)
    plain.dream(3)
    drawn.dream(3)
    return plain.dream(1).copy(), drawn.dream(1, paint=painted(kind)).copy()


def test_colour_is_in_the_next_dream_and_nowhere_else():
    plain, drawn = after("colour")
    assert drawn[LEFT][..., 0].mean() > 180
    assert drawn[LEFT][..., 1:].mean() < 60
    assert np.abs(plain[RIGHT].astype(int) - drawn[RIGHT]).mean() < 1


def test_noise_is_in_the_next_dream_and_walks():
    plain, drawn = after("noise")
    assert drawn[LEFT].std() > plain[LEFT].std() + 20
    assert np.abs(plain[RIGHT].astype(int) - drawn[RIGHT]).mean() < 1


def test_what_is_kept_stays_and_the_rest_goes_on():
    player = Player(**{"prompt.1.text": "fire", "motion.energy": 1.0, "dream.feedback": 0.0})
    player.dream(10)
    held = player.dream(1, paint=painted("keep")).copy()
    later = player.dream(20, paint=painted("keep")).copy()
    assert np.abs(held[LEFT].astype(int) - later[LEFT]).mean() < 2
    assert np.abs(held[RIGHT].astype(int) - later[RIGHT]).mean() > 2
    player.dream(1)
    assert np.abs(held[LEFT].astype(int) - player.dream(20)[LEFT]).mean() > 2


def test_paint_of_another_size_fits():
    small = painted("colour", size=SMALL._replace(width=SMALL.width // 2, height=SMALL.height // 2))
    player = Player(**AT_REST)
    assert player.dream(1, paint=small)[LEFT][..., 0].mean() > 150


def test_an_empty_sheet_is_no_paint():
    sheet = np.zeros((2 * SMALL.height, SMALL.width, 3), np.uint8)
    assert Paint.of(Frame(sheet)) is None
    sheet[-1, 0, 1] = 1
    assert Paint.of(Frame(sheet)) is not None
