from endlessdreams_cam.runtime.figures import Spread
from endlessdreams_cam.runtime.statuses import (
    CaptureStatus,
    EngineStatus,
    Log,
    OutputStatus,
    ViewerStatus,
    decode,
    encode,
)

S = 1_000_000_000


def test_the_program_goes_on_counting_over_a_takeover():
    before = OutputStatus(
        frames=300, late=2, held=5, skipped=1, first_frame_ns=10 * S, last_frame_ns=20 * S,
        first_dream_ns=11 * S, interval_ms=Spread(33.3, 34.0, 41.0),
    )  # fmt: skip
    now = OutputStatus(
        frames=100, late=1, first_frame_ns=21 * S, last_frame_ns=24 * S, first_dream_ns=21 * S,
        interval_ms=Spread(33.5, 36.0, 180.0),
    )  # fmt: skip
    both = now.after(before)
    assert (both.frames, both.late, both.held, both.skipped) == (400, 3, 5, 1)
    assert (both.first_frame_ns, both.first_dream_ns) == (10 * S, 11 * S)
    assert both.fps_overall == 28.5, "the pause between counts"
    assert both.interval_ms == Spread(33.3, 34.5, 180.0)


def test_a_life_that_showed_nothing_changes_nothing():
    before = OutputStatus(frames=300, first_frame_ns=S, last_frame_ns=11 * S)
    assert OutputStatus().after(before).first_frame_ns == S
    assert OutputStatus().after(before).fps_overall == 29.9
    assert before.after(OutputStatus()).frames == 300


def test_engines_and_inputs_go_on_counting_too():
    before = EngineStatus(frames=10, first_dream_ns=S, last_dream_ns=2 * S)
    dreams = EngineStatus(frames=11, first_dream_ns=9 * S, last_dream_ns=11 * S).after(before)
    assert (dreams.frames, dreams.fps_overall, dreams.first_dream_ns) == (21, 2.0, S)
    source = CaptureStatus(frames=3, reopened=1).after(CaptureStatus(frames=4, reopened=2))
    assert (source.frames, source.reopened) == (7, 3)


def test_a_status_survives_its_slot():
    for status in (OutputStatus(frames=3), EngineStatus(notes=("a", "b")), ViewerStatus(file="x")):
        assert decode(type(status), encode(status)) == status


def test_an_error_that_comes_again_counts_and_moves_to_the_end():
    log = Log()
    for time, worker in enumerate(("a", "b", "a", "b", "a")):
        log.add(str(time), worker, "it fell")
    assert [(row.worker, row.time, row.times) for row in log.rows] == [("b", "3", 2), ("a", "4", 3)]
    assert [row.number for row in log.rows] == [2, 1]


def test_the_log_keeps_the_newest_hundred():
    log = Log()
    for n in range(150):
        log.add("now", "a", f"error {n}")
    assert [row.text for row in log.rows] == [f"error {n}" for n in range(50, 150)]
