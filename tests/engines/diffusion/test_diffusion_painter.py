import gc

import cv2
import numpy as np
import psutil
import pytest
import torch
from diffusion_pictures import SIZE, as_frame, make_picture

from endlessdreams_cam.engines.diffusion.canvas import to_pixels
from endlessdreams_cam.engines.diffusion.painter import Painter
from endlessdreams_cam.engines.diffusion.step import ALL, Shape
from endlessdreams_cam.engines.diffusion.stubs import stub_nets
from endlessdreams_cam.engines.engine import Inputs, Paint
from endlessdreams_cam.frame import Pose, Size
from endlessdreams_cam.motion import warp
from endlessdreams_cam.parameters.snapshot import Ahead

SECOND = 1_000_000_000
DT = 1 / 30


def inputs(n=0, source=None, layer=None, pose=None, paint=None):
    return Inputs(
        source=None if source is None else as_frame(source),
        layer=None if layer is None else as_frame(layer),
        pose=pose or Pose(),
        now_ns=10 * SECOND + round(n * DT * SECOND),
        paint=paint,
    )


def dreams(painter, store, count=3, begin=0, **options):
    for n in range(begin, begin + count):
        pixels = painter.paint(inputs(n, **options), store.snapshot, DT).copy()
    return pixels.astype(int)


@pytest.fixture(params=["sd15", "sdxl"])
def painter(nets, request):
    return Painter(nets(request.param), SIZE)


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt.1.text": "the sea"},
        {"prompt.2.weight": 1.0},
        {"dream.strength": 0.9},
        {"dream.seed": 5},
        {"dream.steps": 2},
        {"dream.guidance": 6.0},
        {"source.amount": 0.1},
        {"dream.feedback": 0.0},
    ],
    ids=str,
)
def test_a_change_is_in_the_very_next_dream(painter, store, picture, changes):
    store.apply({"prompt.2.text": "fire", "dream.feedback": 0.3, "prompt.glide": 0.0,
                 "dream.seed_glide": 0.0}, origin="test")  # fmt: skip
    dreams(painter, store, 6, source=picture)
    same, calm = (next_dream(painter, store, picture) for _ in range(2))
    store.apply(changes, origin="test", glide_s=0.0)
    changed = next_dream(painter, store, picture)
    assert np.abs(calm - same).max() <= 1
    assert np.abs(changed - same).max() >= 2


def next_dream(painter, store, picture):
    """Return the dream that comes next, and leave the last one as it was."""
    newest = painter._newest
    painter.buffers.grain.zero_()
    found = painter.paint(inputs(6, picture), store.snapshot, DT).astype(int)
    painter._newest = newest
    return found


def test_a_reseed_is_in_the_very_next_dream(painter, store, picture):
    store.apply({"dream.feedback": 0.0, "dream.seed_glide": 0.0}, origin="test", glide_s=0.0)
    before = dreams(painter, store, 2, source=picture)
    store.pull("dream.reseed", origin="test")
    assert np.abs(dreams(painter, store, 1, begin=3, source=picture) - before).max() > 3


def test_strength_zero_shows_the_untouched_canvas(painter, store, picture):
    store.apply({"dream.strength": 0.0, "dream.feedback": 0.0, "source.amount": 1.0}, origin="test")
    assert np.abs(dreams(painter, store, source=picture) - picture).max() <= 1


def test_strength_one_ignores_the_canvas(painter, store, picture):
    store.apply({"dream.strength": 1.0, "dream.feedback": 0.0}, origin="test")
    assert np.array_equal(
        dreams(painter, store, source=picture), dreams(painter, store, source=255 - picture)
    )


def test_strength_is_continuous(nets, store, picture):
    store.apply({"dream.feedback": 0.0}, origin="test")
    painter, last = Painter(nets("sd15"), SIZE), None
    for n in range(0, 101, 2):
        store.set("dream.strength", n / 100, origin="test", glide_s=0.0)
        dream = dreams(painter, store, 1, begin=n, source=picture)
        if last is not None and n > 3:
            assert np.abs(dream - last).mean() < 16, n
        last = dream


def live(painter, store, **options):
    """Return the canvas itself, by asking for no strength."""
    store.apply({"dream.strength": 0.0, "dream.feedback": 0.0, "source.amount": 1.0}, origin="test")
    return dreams(painter, store, 2, **options)


@pytest.fixture
def stub():
    return Painter(stub_nets(), SIZE)


@pytest.mark.parametrize("mode", ["mix", "screen", "multiply", "difference", "luma"])
def test_layers_are_blended_as_the_modes_say(stub, store, mode):
    below, layer = make_picture(1), make_picture(2)
    store.apply({"layer.amount": 0.6, "layer.mode": mode}, origin="test")
    found = live(stub, store, source=below, layer=layer)
    a, b = below / 255, layer / 255
    luma = (b @ [0.299, 0.587, 0.114])[..., None]
    full = {"mix": b, "screen": 1 - (1 - a) * (1 - b), "multiply": a * b,
            "difference": abs(a - b), "luma": a + (b - a) * luma}[mode]  # fmt: skip
    assert np.abs(found - 255 * (a + 0.6 * (full - a))).max() <= 1


def test_a_wide_source_is_cropped_in_its_middle_and_not_stretched(stub, store):
    wide = np.zeros((128, 256, 3), np.uint8)
    wide[:, 64:192] = 200  # the middle
    assert live(stub, store, source=wide).min() >= 199


def test_without_a_source_the_canvas_is_neutral(stub, store):
    assert set(np.unique(live(stub, store))) <= {127, 128}


def test_the_last_dream_moves_as_the_program_moves_it(stub, store):
    picture = cv2.GaussianBlur(make_picture(3), (0, 0), 3)
    live(stub, store, source=picture)
    store.apply({"dream.feedback": 1.0}, origin="test", glide_s=0.0)
    stub._reference._looks = 9  # no look between
    stub.buffers.reference.detail.zero_()
    pose = Pose(0.2, 0.05, -0.03, 12.0)
    moved = stub.paint(inputs(5, picture, pose=pose), store.snapshot, DT).astype(int)
    stub.buffers.numbers.set("match", 0.0)
    wanted = warp(picture, pose).astype(int)
    assert np.abs(moved - wanted)[4:-4, 4:-4].mean() < 4
    assert np.abs(moved - picture).mean() > 10


def test_drawn_colours_and_kept_places(stub, store, picture):
    masks = np.zeros((64, 64, 3), np.uint8)
    masks[:, :32, 0] = 255
    paint = Paint(np.full((64, 64, 3), 250, np.uint8), masks)
    found = live(stub, store, source=picture, paint=paint)
    assert np.abs(found[:, :32] - 250).max() <= 1
    assert np.abs(found[:, 32:] - picture[:, 32:]).max() <= 1
    before = dreams(stub, store, 1, begin=5, source=picture)
    masks[:], masks[:, 32:, 2] = 0, 255
    kept = dreams(stub, store, 1, begin=6, source=255 - picture, paint=paint)
    assert np.abs(kept[:, 32:] - before[:, 32:]).max() <= 1
    assert np.abs(kept[:, :32] - before[:, :32]).max() > 50


def test_drawn_noise_changes_the_dream_where_it_is(painter, store, picture):
    store.apply({"dream.strength": 0.3, "dream.feedback": 0.0}, origin="test")
    before = dreams(painter, store, 2, source=picture)
    masks = np.zeros((64, 64, 3), np.uint8)
    masks[:, :16, 1] = 255
    noisy = dreams(painter, store, 1, begin=3, source=picture, paint=Paint(masks, masks))
    assert np.abs(noisy - before)[:, :16].mean() > 0.5
    assert np.abs(noisy - before)[:, :16].mean() > np.abs(noisy - before)[:, -16:].mean()


@pytest.mark.parametrize(
    "pixels",
    [np.full((64, 64, 3), 0, np.uint8), np.full((64, 64, 3), 255, np.uint8),
     np.full((64, 64, 3), 200, np.uint8), np.maximum(make_picture(4), 140),
     np.minimum(make_picture(5), 60),
     np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)],
    ids=["black", "white", "flat", "bright", "dark", "noisy"],
)  # fmt: skip
def test_no_frame_is_normalised(stub, store, pixels):
    assert np.abs(live(stub, store, source=pixels) - pixels).max() <= 1


def test_light_beyond_white_and_black_is_cut():
    beyond = torch.tensor([-3.0, -1.0, 0.0, 1.0, 3.0]).view(1, 1, 1, 5).expand(1, 3, 1, 5)
    assert to_pixels(beyond)[0, :, 0].tolist() == [0, 0, 128, 255, 255]


def test_a_dream_that_is_not_a_number_is_not_fed_back(stub, store, picture):
    dreams(stub, store, 2, source=picture)
    stub._newest = stub._newest._replace(picture=torch.full((1, 3, 64, 64), torch.nan))
    assert dreams(stub, store, 2, begin=2, source=picture).std() > 1
    assert stub.buffers.last.isfinite().all()


def test_a_long_prompt_is_cut_and_said(painter, store):
    store.set("prompt.1.text", "a red dog " * 30 + "the end", origin="test")
    dreams(painter, store, 1)
    (note,) = painter.notes
    assert note.startswith("prompt 1 is too long: “")
    assert "dog" in note


def test_nothing_in_the_mix_keeps_the_last_one(painter, store):
    store.set("dream.feedback", 0.0, origin="test", glide_s=0.0)
    before = dreams(painter, store, 3)
    store.apply({"prompt.1.weight": 0.0}, origin="test", glide_s=0.0)
    assert np.array_equal(dreams(painter, store, 1, begin=4), before)


def test_what_may_soon_be_wanted_is_encoded_one_text_a_dream(stub, store):
    store.apply({"prompt.2.text": "fire", "prompt.3.text": "ice"}, origin="test")
    store.prepare(Ahead(("a forest",), "in oil", 3))
    dreams(stub, store, 1)
    soon, seen = ("ice", "fire", "a forest, in oil"), []
    for n in range(1, 6):
        dreams(stub, store, 1, begin=n)
        seen.append(sum(text in stub._encoder for text in soon))
    assert seen == [1, 2, 3, 3, 3]


def test_an_edited_text_glides_in(stub, store):
    store.set("prompt.glide", 1.0, origin="test")
    dreams(stub, store, 1)
    old = stub.buffers.prompt.tokens.clone()
    store.set("prompt.1.text", "the fire at sea", origin="test")
    distances = []
    for n in range(1, 40):
        dreams(stub, store, 1, begin=n)
        distances.append(float((stub.buffers.prompt.tokens - old).norm()))
    assert 0 < distances[0] < 0.2 * distances[-1]
    assert max(np.diff(distances)) < 0.2 * distances[-1]
    assert distances[-1] == distances[-2]  # arrived


def test_ten_thousand_frames_leave_memory_flat(store):
    size = Size(32, 32)
    painter, source = Painter(stub_nets(), size), make_picture(0, size)
    store.apply({"dream.wander": 1.0}, origin="test")
    process, sizes = psutil.Process(), []
    for n in range(10_000):
        if n % 500 == 0:
            store.set("prompt.1.text", f"text {n}", origin="test")
        if n % 1000 == 0:  # the whole function costs more: a tenth of the frames is enough
            store.set("dream.feedback", 0.6, origin="test", glide_s=0.0)
        if n % 1000 == 100:
            store.set("dream.feedback", 0.0, origin="test", glide_s=0.0)
        painter.paint(inputs(n, source), store.snapshot, DT)
        if n in (3000, 9999):
            gc.collect()
            sizes.append(process.memory_info().rss)
    assert sizes[1] - sizes[0] < 8 << 20


@pytest.mark.parametrize("shape", ["sdxl"])
def test_one_graph_compiled_whole_with_the_same_picture(nets, store, picture, shape):
    painter = Painter(nets(shape, layers=1), SIZE)
    layer, paint = make_picture(7), Paint(make_picture(8), make_picture(9) // 2)
    store.apply({"layer.amount": 0.5, "dream.feedback": 0.5, "dream.guidance": 3.0}, origin="test")
    dreams(painter, store, 3, source=picture, layer=layer, paint=paint, pose=Pose(0.1))
    step = painter.eager(Shape(1, guided=True))
    compiled = torch.compile(step.dream, fullgraph=True, backend="eager")
    with torch.inference_mode():
        apart = compiled(ALL).pixels.int() - step(ALL).pixels.int()
    assert apart.abs().max() <= 1
