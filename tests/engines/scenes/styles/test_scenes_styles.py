import numpy as np
import pytest
from scene_fakes import SMALL, AtOnce, Later

from endlessdreams_cam.engines.scenes.paint import fbm
from endlessdreams_cam.engines.scenes.styles import STYLES, Stylist
from endlessdreams_cam.engines.scenes.styles.stylist import make
from endlessdreams_cam.frame import Size


def world(size=SMALL, brightness=1.0, move=0.0):
    random = np.random.default_rng(4)
    planes = [fbm(random, size, cells=5) for _ in range(3)]
    picture = np.stack(planes, 2)
    picture[size.height // 3 : size.height // 2, size.width // 4 : size.width // 2] = (
        0.9,
        0.6,
        0.3,
    )
    return (np.roll(picture, round(move), 1) * brightness).astype(np.float32)


@pytest.fixture(params=sorted(STYLES))
def style(request):
    return make(request.param, SMALL)


def test_a_style_gives_a_picture_and_leaves_its_argument(style):
    picture = world()
    before = picture.copy()
    styled = style(picture, 1.0)
    assert styled.shape == picture.shape
    assert styled.dtype == np.float32
    assert np.isfinite(styled).all()
    assert -0.2 < styled.min() <= styled.max() < 2
    assert np.array_equal(picture, before)


def test_a_style_changes_the_picture(style):
    assert np.abs(style(world(), 1.0) - world()).mean() > 0.01


def test_a_style_does_not_boil(style):
    """A picture that stands still stands still; only the tape's noise moves, a little."""
    picture = world()
    for n in range(60):
        style(picture, n / 30)  # exposures settle
    assert np.abs(style(picture, 2.0) - style(picture, 2.0333)).mean() < 0.02


def test_a_style_keeps_the_scene(style):
    """Where the scene is light the picture is lighter than where it is dark (neon: has edges)."""
    picture = world()
    styled = style(picture, 1.0)
    if type(style).__name__ == "Neon":
        assert styled.std() > 0.08
        return
    light = picture.mean(2)
    grey = styled.mean(2)
    assert (
        grey[light > np.quantile(light, 0.8)].mean() > grey[light < np.quantile(light, 0.2)].mean()
    )


@pytest.mark.parametrize("name", sorted(STYLES))
def test_a_night_is_not_lost(name):
    night = make(name, SMALL)
    for n in range(3):
        styled = night(world(brightness=0.25), n / 30)
    assert styled.max() > 0.2
    assert styled.std() > 0.03


@pytest.mark.parametrize("name", sorted(STYLES))
@pytest.mark.parametrize("size", [Size(64, 64), Size(97, 131), Size(160, 96)])
def test_every_size_works(name, size):
    assert make(name, size)(world(size), 0.0).shape == (size.height, size.width, 3)


@pytest.mark.parametrize("name", sorted(STYLES))
@pytest.mark.parametrize("value", [0.0, 0.5, 1.5])
def test_flat_pictures_are_no_fault(name, value):
    flat = np.full((SMALL.height, SMALL.width, 3), value, np.float32)
    assert np.isfinite(make(name, SMALL)(flat, 0.0)).all()


def test_a_style_comes_and_goes_softly():
    stylist, picture = Stylist(SMALL, AtOnce()), world()
    assert stylist(picture, "", 1 / 30, 1.0) is picture
    before, steps = picture, []
    for n in range(90):
        styled = stylist(picture, "glass" if n < 45 else "", 1 / 30, 1.0)
        steps.append(np.abs(styled - before).mean())
        before = styled
    whole = np.abs(make("glass", SMALL)(picture, 1.0) - picture).mean()
    assert max(steps) < 0.1 * whole
    assert sum(steps) > 1.8 * whole
    assert np.allclose(before, picture, atol=1e-5)


def test_a_style_is_prepared_off_air():
    later, picture = Later(), world()
    stylist = Stylist(SMALL, later)
    for _ in range(60):
        assert stylist(picture, "oil", 1 / 30, 0.3) is picture
    assert len(later.waiting) == 1
    later.go()
    for _ in range(60):
        styled = stylist(picture, "oil", 1 / 30, 0.3)
    assert np.abs(styled - picture).mean() > 0.01


def test_part_of_a_style_is_part_of_the_way():
    stylist, picture = Stylist(SMALL, AtOnce()), world()
    for _ in range(30):
        stylist(picture, "noir", 1 / 30, 0.3)
    none, part, whole = (stylist(picture, "noir", 0.0, 0.3, a) for a in (0.0, 0.5, 1.0))
    assert np.allclose(none, picture, atol=1e-5)
    assert np.allclose(part, (none + whole) / 2, atol=0.02)


def test_few_styles_are_kept():
    stylist, picture = Stylist(SMALL, AtOnce()), world()
    for name in STYLES:
        for _ in range(20):
            stylist(picture, name, 1 / 30, 0.3)
    assert len(stylist._made) <= 4


def ridge(size=Size(320, 180)):
    """Return a pale ridge before a pale sky, as in mist."""
    ys, xs = np.mgrid[: size.height, : size.width].astype(np.float32)
    land = ys > size.height * (0.5 + 0.15 * np.sin(xs / 30))
    picture = np.where(land[..., None], (0.70, 0.62, 0.62), (0.84, 0.74, 0.72))
    return picture.astype(np.float32), land


def test_a_ridge_in_mist_is_seen_through_glass():
    picture, land = ridge()
    red, green, _ = np.moveaxis(make("glass", Size(320, 180))(picture, 0.0), 2, 0)
    # The panes' own colours differ less than the ridge and the sky behind it.
    assert (red / green)[land].std() < 0.5 * (np.median(green[~land]) - np.median(green[land]))


def test_a_sheet_of_paper_has_one_colour_and_a_flower_keeps_its_own():
    picture, land = ridge()
    random = np.random.default_rng(3)
    tint = np.repeat(fbm(random, Size(320, 180), cells=4)[..., None], 3, 2)
    picture += 0.12 * (tint - 0.5) * np.array((1, -0.5, -0.1), np.float32)
    picture[120:140, 150:180] = (0.9, 0.1, 0.05)
    styled = make("paper", Size(320, 180))(picture, 0.0)
    bare = land.copy()
    bare[110:150, 140:190] = False

    def hues(pixels):
        return (pixels / pixels.sum(1, keepdims=True)).std(0).max()

    assert hues(styled[bare]) < 0.7 * hues(picture[bare])
    red, green, _ = styled[125:135, 157:173].mean((0, 1))
    assert red > 2 * green
