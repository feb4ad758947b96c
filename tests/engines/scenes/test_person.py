"""The person is found and drawn, and the room is not."""

from collections.abc import Iterable
from dataclasses import fields

import cv2
import numpy as np
import pytest

from endlessdreams_cam.engines.scenes.person import PersonReader
from endlessdreams_cam.engines.scenes.world import Person
from endlessdreams_cam.frame import Pixels, Size
from endlessdreams_cam.sources.sitter import bearing, sitter

SIZE = Size(320, 180)
DT = 1 / 15
WINDOW = np.s_[8:55, 8:58]
SHELF = np.s_[8:60, 120:158]
HEAD = np.s_[25:48, 77:91]
LAMP = np.s_[40:50, 102:112]


def _person(t: float) -> Pixels:
    return sitter(t, SIZE)


def _room(t: float) -> Pixels:
    return sitter(t, SIZE, present=False)


def _watch(reader: PersonReader, pictures: Iterable[Pixels], dt: float = DT) -> Person:
    found = None
    for n, pixels in enumerate(pictures):
        found = reader.read(pixels, n * dt, dt)
        for field in fields(Person):
            if isinstance(plane := getattr(found, field.name), np.ndarray):
                assert np.isfinite(plane).all(), field.name
    assert found is not None
    return found


@pytest.fixture
def reader() -> PersonReader:
    return PersonReader()


@pytest.fixture(scope="module")
def two_seconds() -> list[Pixels]:
    return [_person(k * DT) for k in range(30)]


def _noise(pixels: Pixels, seed: int) -> Pixels:
    noise = np.random.default_rng(seed).normal(0, 1.2, pixels.shape).astype(np.int16)
    return cv2.add(pixels, noise, dtype=cv2.CV_8U)


def test_after_two_seconds_the_person_is_there_and_the_room_is_not(
    reader: PersonReader, two_seconds: list[Pixels]
) -> None:
    presence = _watch(reader, two_seconds).presence
    assert presence.shape == (90, 160)
    assert presence[HEAD].mean() > 0.9
    assert presence[HEAD].min() > 0.6
    assert presence[WINDOW].max() < 0.1
    assert presence[SHELF].max() < 0.1


def test_the_first_second_shows_the_head_already(
    reader: PersonReader, two_seconds: list[Pixels]
) -> None:
    presence = _watch(reader, two_seconds[:9]).presence
    assert presence[HEAD].mean() > 0.5
    assert presence[WINDOW].mean() < 0.1


def test_who_sits_off_centre_is_found(reader: PersonReader) -> None:
    moved = [np.roll(_person(k * DT), 70, axis=1) for k in range(30)]
    presence = _watch(reader, moved).presence
    assert presence[25:48, 112:126].mean() > 0.8
    assert presence[:60, :60].mean() < 0.1


@pytest.mark.parametrize("noisy", [True, False])
def test_who_sits_still_for_three_minutes_stays(
    reader: PersonReader, two_seconds: list[Pixels], noisy: bool
) -> None:
    _watch(reader, two_seconds)
    last = two_seconds[-1]
    still = (_noise(last, k % 9) if noisy else last for k in range(360))
    presence = _watch(reader, still, dt=0.5).presence
    assert presence[HEAD].min() > 0.4
    assert presence[WINDOW].max() < 0.1


def test_an_empty_room_holds_nobody(reader: PersonReader) -> None:
    assert _watch(reader, [_room(k * DT) for k in range(30)]).presence.max() < 0.05


def test_who_leaves_is_gone_soon(reader: PersonReader, two_seconds: list[Pixels]) -> None:
    _watch(reader, two_seconds)
    seen, there = two_seconds[-1], cv2.absdiff(two_seconds[-1], _room(2.0)).max(axis=2) > 12
    for k in range(8):
        frame, shift = _room(k * DT), 24 * k
        cover = np.roll(there, shift, axis=1)
        cover[:, :shift] = False
        frame[cover] = np.roll(seen, shift, axis=1)[cover]
        reader.read(frame, 0, DT)
    assert _watch(reader, [_room(k * DT) for k in range(60)]).presence.mean() < 0.02


def test_the_clean_plate_shows_whoever_differs_from_it(reader: PersonReader) -> None:
    reader.take_plate(_room(0))
    presence = _watch(reader, [_person(1 + k * DT) for k in range(12)]).presence
    assert presence[HEAD].mean() > 0.8
    assert presence[WINDOW].max() < 0.1
    reader.take_plate(_room(1))
    assert reader.read(_person(2), 0, DT).presence[HEAD].mean() > 0.8


def test_a_jump_of_the_exposure_is_no_motion(
    reader: PersonReader, two_seconds: list[Pixels]
) -> None:
    before = _watch(reader, two_seconds)
    darker = [cv2.convertScaleAbs(_person(2 + k * DT), alpha=0.7) for k in range(8)]
    after = _watch(reader, darker)
    assert after.presence[WINDOW].max() < 0.1
    assert abs(after.presence.mean() - before.presence.mean()) < 0.03
    assert abs(after.tone[HEAD].mean() - before.tone[HEAD].mean()) < 0.08


def test_tone_spans_the_face_and_is_neutral_elsewhere(
    reader: PersonReader, two_seconds: list[Pixels]
) -> None:
    person = _watch(reader, two_seconds)
    face = person.tone[20:55, 74:95]
    assert np.percentile(face, 5) < 0.3
    assert np.percentile(face, 95) > 0.8
    assert np.abs(person.tone[WINDOW] - 0.5).max() < 0.05
    assert np.abs(person.relief[WINDOW]).max() < 0.05
    assert np.abs(person.detail[WINDOW]).max() < 0.05


def test_a_dim_picture_has_the_same_tones_unless_told_not_to() -> None:
    dim = [cv2.convertScaleAbs(_person(k * DT), alpha=0.35) for k in range(15)]
    bright = [_person(k * DT) for k in range(15)]
    tones = [
        _watch(PersonReader(), pictures).tone[HEAD].mean() for pictures in (dim, bright)
    ]  # fmt: skip
    assert abs(tones[0] - tones[1]) < 0.08
    reader = PersonReader()
    for pixels in dim:
        raw = reader.read(pixels, 0, DT, exposure=False)
    assert raw.tone[HEAD].mean() < tones[0] - 0.15


def test_eyes_are_dark_in_the_detail_and_cheeks_are_not(reader: PersonReader) -> None:
    t = 3.0
    how = bearing(t)
    person = _watch(reader, [_person(t - (20 - k) * DT) for k in range(21)])
    unit = 0.150 * 90
    x = 0.525 * 160 + (how.x + how.lean + 0.9 * np.sin(how.yaw)) * unit
    y = 0.415 * 90 + (how.y + how.breath + 0.8 * np.sin(how.pitch)) * unit

    def around(dx: float, dy: float) -> np.ndarray:
        column, row = round(x + dx * unit), round(y + dy * unit)
        return person.detail[row - 2 : row + 3, column - 2 : column + 3]

    for eye in (-0.38, 0.38):
        assert around(eye, 0.0).min() < -0.4
    assert around(0.0, 0.8).min() < -0.1
    assert around(-0.45, 0.42).mean() > around(-0.38, 0.0).min() + 0.5


def test_relief_is_smooth(reader: PersonReader, two_seconds: list[Pixels]) -> None:
    person = _watch(reader, two_seconds)
    inside = person.presence > 0.95
    steps = np.abs(np.diff(person.relief, axis=1))[inside[:, 1:]]
    assert np.abs(person.relief).max() > 0.3
    assert steps.max() < 0.3


def test_flow_has_the_direction_and_speed_of_the_motion(reader: PersonReader) -> None:
    picture = cv2.GaussianBlur(
        np.random.default_rng(4).integers(0, 255, (180, 400, 3), dtype=np.uint8), (0, 0), 5
    )
    picture = cv2.normalize(picture, None, 0, 255, cv2.NORM_MINMAX)
    shots = [picture[:, 80 - 4 * k : 400 - 4 * k] for k in range(10)]
    flow = _watch(reader, shots, dt=0.1).flow
    assert np.median(flow[..., 0]) == pytest.approx(4 / 320 / 0.1, rel=0.2)
    assert abs(np.median(flow[..., 1])) < 0.02


def test_a_still_room_has_no_flow(reader: PersonReader) -> None:
    assert np.abs(_watch(reader, [_room(k * DT) for k in range(10)]).flow).max() < 0.02


def test_a_wave_stirs(reader: PersonReader) -> None:
    calm = _watch(reader, [_person(3 + k * DT) for k in range(15)]).stir
    start = next(t for t in np.arange(4, 13, 0.1) if bearing(t).wave > 0.9)
    waving = _watch(reader, [_person(start + k * DT) for k in range(4)])
    assert waving.stir > 2 * calm


def test_what_a_wave_uncovers_is_the_room_again(reader: PersonReader) -> None:
    lowered = next(t for t in np.arange(6, 13, DT) if bearing(t).wave == 0)
    while_waving = _watch(reader, [_person(t) for t in np.arange(0, lowered - 1, DT)])
    assert while_waving.presence[LAMP].max() > 0.9
    since = [_person(t) for t in np.arange(lowered - 1, lowered + 2, DT)]
    assert _watch(reader, since).presence[LAMP].mean() < 0.4


def test_a_picture_read_twice_is_the_same_person(
    reader: PersonReader, two_seconds: list[Pixels]
) -> None:
    person = _watch(reader, two_seconds)
    assert reader.read(two_seconds[-1], 0, 1 / 60) is person


def test_whoever_is_in_a_still_image_is_shown(reader: PersonReader) -> None:
    image = _person(1.0)
    presence = _watch(reader, [image] * 40, dt=0.1).presence
    assert presence[HEAD].mean() > 0.6


def test_a_moving_camera_gives_the_middle_of_the_picture(reader: PersonReader) -> None:
    picture = cv2.GaussianBlur(
        np.random.default_rng(4).integers(0, 255, (180, 640, 3), dtype=np.uint8), (0, 0), 5
    )
    picture = cv2.normalize(picture, None, 0, 255, cv2.NORM_MINMAX)
    presence = _watch(reader, [picture[:, 8 * k : 320 + 8 * k] for k in range(40)]).presence
    assert presence[30:60, 60:100].mean() > 0.6
    corners = presence[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert corners.max() < 0.2


@pytest.mark.parametrize("size", [(720, 1280), (480, 640), (64, 64), (1080, 608), (90, 161)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    random = np.random.default_rng(1)
    pictures = [random.integers(0, 255, (*size, 3), dtype=np.uint8) for _ in range(3)]
    person = _watch(PersonReader(), pictures)
    assert person.presence.shape[1] == 160
    assert person.presence.shape[0] == pytest.approx(160 * size[0] / size[1], abs=1)
    assert person.flow.shape == (*person.presence.shape, 2)


def test_the_source_may_change_its_size(reader: PersonReader, two_seconds: list[Pixels]) -> None:
    _watch(reader, two_seconds)
    larger = cv2.resize(two_seconds[-1], (640, 360))
    assert reader.read(larger, 0, DT).presence[HEAD].mean() > 0.9
    square = reader.read(np.ascontiguousarray(larger[:, 140:500]), 0, DT)
    assert square.presence.shape == (160, 160)


@pytest.mark.parametrize("level", [0, 3, 255])
def test_flat_pictures_hold_nobody(reader: PersonReader, level: int) -> None:
    flat = [np.full((90, 160, 3), level, np.uint8)] * 20
    assert _watch(reader, flat, dt=0.1).presence.max() < 0.1


def test_fields_stay_in_their_ranges(reader: PersonReader) -> None:
    random = np.random.default_rng(2)
    pictures = [random.integers(0, 255, (90, 160, 3), dtype=np.uint8) for _ in range(15)]
    person = _watch(reader, pictures)
    for plane, low in ((person.presence, 0), (person.tone, 0), (person.relief, -1),
                       (person.detail, -1)):  # fmt: skip
        assert plane.dtype == np.float32
        assert low <= plane.min()
        assert plane.max() <= 1
