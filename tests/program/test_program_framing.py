import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endlessdreams_cam.frame import Pose, Size
from endlessdreams_cam.motion import View
from endlessdreams_cam.program.framing import Framing
from endlessdreams_cam.program.look import look_matrix
from endlessdreams_cam.program.pictures import Picture

PROGRAM = Size(160, 90)
REST, STILL = View(), Pose()


def noise(width, height, seed=1):
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 16, 3), np.uint8)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


def drawn(pixels, view=REST, look=None, delta=STILL, program=PROGRAM):
    out = np.full((program.height, program.width, 3), 77, np.uint8)
    Framing(program).draw([(Picture(pixels, delta), 1.0)], view, look, out)
    return out


def close(a, b, most=3.0):
    return np.abs(a.astype(int) - b).mean() < most


def spy(resize, taken):
    def watched(pixels, size, **how):
        taken.append(size[0] * size[1])
        return resize(pixels, size, **how)

    return watched


def dot(x, y, width=160, height=90):
    picture = np.zeros((height, width, 3), np.uint8)
    cv2.circle(picture, (x, y), 3, (255, 255, 255), -1, cv2.LINE_AA)
    return picture


def where(picture):
    plane = picture[..., 0].astype(float)
    ys, xs = np.mgrid[: plane.shape[0], : plane.shape[1]]
    return (plane * xs).sum() / plane.sum(), (plane * ys).sum() / plane.sum()


def test_at_rest_a_picture_of_the_programs_size_is_itself():
    picture = noise(160, 90)
    assert np.array_equal(drawn(picture), picture)


def test_at_rest_a_smaller_one_is_enlarged_and_a_larger_one_reduced():
    large = noise(320, 180)
    assert close(drawn(large), cv2.resize(large, PROGRAM, interpolation=cv2.INTER_AREA))
    huge = noise(1280, 720)
    assert close(drawn(huge), cv2.resize(huge, PROGRAM, interpolation=cv2.INTER_AREA))
    small = noise(80, 45)
    assert np.array_equal(drawn(small), cv2.resize(small, PROGRAM, interpolation=cv2.INTER_CUBIC))


@pytest.mark.parametrize("size", [(90, 90), (100, 90), (40, 90), (33, 17), (300, 40), (512, 512)])
def test_any_aspect_is_cropped_and_not_stretched(size):
    width, height = size
    scale = max(160 / width, 90 / height)
    picture = cv2.circle(np.zeros((height, width, 3), np.uint8), (width // 2, height // 2),
                         round(30 / scale), (255, 255, 255), -1)  # fmt: skip
    plane = drawn(picture)[..., 0] > 127
    across, down = np.ptp(np.nonzero(plane)[1]), np.ptp(np.nonzero(plane)[0])
    assert abs(across - down) <= 2 * scale
    assert abs(across - 60) <= 2 * scale + 3


@pytest.mark.parametrize("size", [(80, 45), (160, 90), (90, 90), (64, 47), (101, 59)])
def test_a_view_that_begins_to_move_changes_neither_place_nor_sharpness(size):
    picture = noise(*size)
    rest, moving = drawn(picture), drawn(picture, View(zoom=1.0001))
    assert np.abs(rest.astype(int) - moving).max() <= 6
    assert close(rest, moving, 0.5)


def test_positive_pan_looks_right_and_down():
    x, y = where(drawn(dot(120, 70), View(pan_x=0.5, pan_y=0.5, edge="black")))
    assert (x, y) == pytest.approx((80, 47.5), abs=0.2)


def test_a_slow_glide_moves_by_parts_of_a_pixel():
    found = [where(drawn(dot(80, 45), View(pan_x=n / 800, edge="black")))[0] for n in range(11)]
    assert np.diff(found) == pytest.approx(np.full(10, -0.1), abs=0.02)


def test_rotation_is_clockwise():
    assert where(drawn(dot(110, 45), View(rotate=90, edge="black"))) == pytest.approx(
        (79.5, 75), abs=0.6
    )


def test_beyond_the_edge_is_a_mirror_or_black_or_never_seen():
    picture = cv2.GaussianBlur(noise(160, 90), (0, 0), 6)
    half = View(zoom=0.5)
    mirrored = drawn(picture, half)
    assert close(mirrored[:, :40], mirrored[:, 40:80][:, ::-1], 5)
    assert not close(mirrored[:, :40], mirrored[:, 40:80], 15)
    black = drawn(picture, View(zoom=0.5, edge="black"))
    assert not black[:21].any()
    assert not black[:, :38].any()
    assert close(black[24:66, 42:118], mirrored[24:66, 42:118], 1)
    assert close(drawn(picture, View(zoom=0.5, edge="fit")), picture, 1)
    assert drawn(np.full((90, 160, 3), 9, np.uint8), View(0.6, 0.7, 1, 40, "fit")).min() == 9


def test_a_drifting_dream_mirrors_its_own_edge_even_in_a_black_view():
    picture = np.full((90, 160, 3), 200, np.uint8)
    out = drawn(picture, View(zoom=0.5, edge="black"), delta=Pose(pan_x=0.3))
    assert (out[:, :39] == 0).all()
    assert (out[24:66, 42:118] > 190).all()


def test_drift_and_view_are_one_move():
    picture = dot(60, 40)
    moved = where(drawn(picture, delta=Pose(pan_x=0.1)))
    assert moved == pytest.approx((76, 40), abs=0.1)
    zoomed = where(drawn(picture, View(zoom=2), delta=Pose(pan_x=0.1)))
    assert zoomed == pytest.approx((72.5, 35.5), abs=0.2)


def test_mirrors_are_on_the_screen_whatever_the_view():
    for view in (View(mirror="quad"), View(1.3, 0.1, 0.2, 33, mirror="quad")):
        out = drawn(noise(100, 70), view)
        assert np.array_equal(out, out[:, ::-1])
        assert np.array_equal(out, out[::-1])
    picture, view = noise(160, 90), View(1.4, 0.2, 0.1, 20)
    whole, right = drawn(picture, view), drawn(picture, View(1.4, 0.2, 0.1, 20, mirror="right"))
    assert np.array_equal(whole[:, 80:], right[:, 80:])


def test_the_look_is_laid_on_before_the_picture_is_enlarged():
    picture, look = noise(80, 45) // 3 + 80, look_matrix(hue=40, contrast=0.9)
    after = cv2.transform(drawn(picture), look)
    assert close(drawn(picture, look=look), after, 1)
    assert close(drawn(picture, View(rotate=5), look), cv2.transform(drawn(picture, View(rotate=5)), look), 1)  # fmt: skip  # noqa: E501


def test_shares_mix_and_mixing_first_is_the_same_picture():
    one, other = noise(160, 90, 1), noise(80, 45, 2)
    view = View(1.3, 0.2, -0.1, 25)
    moved = Pose(pan_x=0.2)
    layers = [(Picture(one), 0.3), (Picture(other), 0.7)]
    framing, out = Framing(PROGRAM), np.empty((90, 160, 3), np.uint8)
    framing.draw(layers, view, None, out)
    apart = cv2.addWeighted(drawn(one, view), 0.3, drawn(other, view), 0.7, 0)
    assert np.abs(out.astype(int) - apart).max() <= 3
    framing.draw([(Picture(one), 0.5), (Picture(other, moved), 0.5)], view, None, out)
    apart = cv2.addWeighted(drawn(one, view), 0.5, drawn(other, view, delta=moved), 0.5, 0)
    assert np.abs(out.astype(int) - apart).max() <= 2
    # Pictures that cannot be mixed first: another aspect, or a drift.
    framing.draw([(Picture(noise(90, 90)), 0.5), (Picture(one, Pose(rotate=3)), 0.5)], view, None, out)  # fmt: skip  # noqa: E501
    apart = cv2.addWeighted(
        drawn(noise(90, 90), view), 0.5, drawn(one, view, delta=Pose(rotate=3)), 0.5, 0
    )
    assert np.abs(out.astype(int) - apart).max() <= 2


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(st.integers(1, 700), st.integers(1, 700)),
    st.builds(
        View, st.floats(0.5, 4), st.floats(-1, 1), st.floats(-1, 1), st.floats(-180, 180),
        st.sampled_from(["mirror", "fit", "black"]),
        st.sampled_from(["off", "left", "right", "top", "quad"]),
    ),
    st.builds(Pose, st.floats(-1.5, 1.5), st.floats(-1, 1), st.floats(-1, 1), st.floats(-90, 90)),
    st.sampled_from([Size(64, 36), Size(36, 64), Size(31, 17)]),
)  # fmt: skip
def test_any_picture_in_any_view_fills_the_program(size, view, delta, program):
    picture = np.full((size[1], size[0], 3), 200, np.uint8)
    out = drawn(picture, view, None, delta, program)
    assert (out > 190).all() or view.edge == "black"


@pytest.mark.parametrize("size", [(1, 4000), (4000, 1), (3000, 2000)])
def test_extreme_pictures_need_no_extreme_memory(size, monkeypatch):
    taken = []
    monkeypatch.setattr(cv2, "resize", spy(cv2.resize, taken))
    assert (drawn(np.full((size[1], size[0], 3), 50, np.uint8), View(zoom=1.2)) == 50).all()
    assert max(taken, default=0) <= max(9 * 160 * 90, size[0] * size[1] // 4)


@pytest.mark.parametrize("view", [REST, View(rotate=3)])
def test_fine_detail_that_is_far_too_small_becomes_its_mean(view):
    checks = (np.indices((720, 1280)).sum(0) % 2 * 255).astype(np.uint8)[..., None].repeat(3, 2)
    assert np.abs(drawn(checks, view).astype(int) - 127).max() <= 3
