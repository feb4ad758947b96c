"""What faults get: the program goes on, the cause is told, the part comes back."""

import os
import signal
import time

import pytest
from shows import texts

QUICK = ("--size", "320x180", "--dream-size", "160x90")


def goes_on(running):
    """The program delivers frames right now."""
    before = running.status()["output"]["frames"]
    running.until(lambda s: s["output"]["frames"] > before + 10 or s["output"]["frames"] < before)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("raise", "this engine raises on purpose"),
        ("die", "The process ended (code 3)"),
        ("nan", "made no picture: a picture is uint8"),
        ("shape", "made 160x45 pixels where 160x90 were asked for"),
        ("hang", "Nothing has come from it"),
    ],
)
def test_a_faulty_engine(show, kind, said):
    running = show(*QUICK, "--output", "null", "--source", "none", "--engine", f"fault:{kind}")
    output = running.pid("output")
    status = running.until(lambda s: any(said in text for text in texts(s, "engine")))
    assert status["output"]["shown"] == "dream", "the last dream stands in"
    goes_on(running)
    running.until(lambda s: any(w["restarts"] for w in s["workers"] if "engine" in w["name"]))
    assert running.pid("output") == output
    running.end()


def test_an_engine_that_is_late_with_its_first_dream_is_waited_for(show):
    options = (*QUICK, "--output", "null", "--source", "none", "--engine", "fault:late")
    running = show(*options, wait=False)
    status = running.until(lambda s: s["engine"]["frames"] > 5)
    assert not texts(status, "engine")
    assert not any(w["restarts"] for w in status["workers"])
    running.end()


def test_an_engine_ten_times_too_slow_costs_the_program_nothing(show):
    running = show(*QUICK, "--output", "null", "--source", "none", "--engine", "fault:slow")
    running.until(lambda s: s["engine"]["render_ms"]["p99"] > 300)
    before, at = running.status()["output"]["frames"], time.monotonic()
    time.sleep(2)
    rate = (running.status()["output"]["frames"] - before) / (time.monotonic() - at)
    assert rate > 20
    running.end()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("unplug", "The camera was unplugged. Plug it in again."),
        ("busy", "belongs to another program (obs)"),
        ("missing", "The camera is not there."),
        ("raise", "this source raises on purpose"),
        ("hang", "No sign of life"),
        ("freeze", "its picture stands still"),
        ("slow", "Nothing has come from it"),
    ],
)
def test_a_faulty_source(show, kind, said):
    running = show(*QUICK, "--output", "null", "--source", f"fault:{kind}")
    running.until(lambda s: any(said in text for text in texts(s, "source")))
    goes_on(running)
    assert running.status()["output"]["shown"] == "dream"
    running.end()


@pytest.mark.parametrize("kind", ["ended", "resize", "black"])
def test_a_source_that_is_only_strange(show, kind):
    running = show(*QUICK, "--output", "null", "--source", f"fault:{kind}")
    running.until(lambda s: s["source"]["frames"] >= 30)
    time.sleep(1)
    goes_on(running)
    status = running.status()
    assert not texts(status, "source")
    assert not texts(status, "engine")
    running.end()


def test_the_virtual_camera_appears_later(show):
    running = show(*QUICK, "--output", "fault:appears:4", "--source", "none", wait=False)
    waiting = running.until(lambda s: s["output"]["state"] == "waiting" and s["output"]["frames"])
    assert waiting
    status = running.until(lambda s: s["output"]["state"] == "live")
    assert status["output"]["label"] == "a faulty camera"
    said, _ = running.end()
    assert "modprobe v4l2loopback" in said or "virtual camera" in said
    assert "Choose this camera in OBS, Zoom, Meet: a faulty camera" in said


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("busy", "The virtual camera is in use."),
        ("vanish:40", "The virtual camera has gone."),
        ("raise", "this sink raises on purpose"),
    ],
)
def test_a_faulty_virtual_camera(show, fault, said):
    running = show(*QUICK, "--output", f"fault:{fault}", "--source", "none")
    running.until(lambda s: any(said in row["text"] for row in s["errors"]))
    goes_on(running)
    running.end()


def test_a_blocking_virtual_camera_skips_frames_and_goes_on_with_the_present(show):
    running = show(*QUICK, "--output", "fault:block:1500", "--source", "none")
    status = running.until(lambda s: s["output"]["skipped"] > 30)
    assert status["output"]["send_ms"]["max"] >= 1500
    goes_on(running)
    running.end()


def test_a_slate_picture_that_cannot_be_shown_is_told(show):
    running = show(*QUICK, "--output", "null", "--source", "none")
    running.send("slate.image=/no/such.png", "program.cut=slate")
    status = running.until(lambda s: texts(s, "output"))
    assert texts(status, "output") == [
        "The slate's picture '/no/such.png' cannot be shown: there is no such file"
    ]
    assert status["output"]["shown"] == "slate"
    running.end()


def test_a_program_that_stands_still_is_told(show):
    running = show(*QUICK, "--output", "null", "--source", "none")
    output = running.pid("output")
    os.kill(output, signal.SIGSTOP)
    stopped = time.monotonic()
    running.until(lambda s: any("Nothing has come from it" in text for text in texts(s, "output")))
    assert time.monotonic() - stopped < 4
    os.kill(output, signal.SIGCONT)
    goes_on(running)
    running.end()


@pytest.mark.parametrize("name", ["engine", "source", "output", "standby", "record"])
def test_a_killed_worker(show, name, tmp_path):
    record = f"record:{tmp_path / 'show.mkv'}"
    running = show(*QUICK, "--output", "null", "--output", record, "--source", "pattern")
    running.until(lambda s: any(w["name"].startswith("record") for w in s["workers"]))
    time.sleep(1)
    killed = running.pid(name)
    os.kill(killed, signal.SIGKILL)
    running.until(lambda s: any("signal 9" in row["text"] for row in s["errors"]))
    running.until(
        lambda s: any(w["name"].startswith(name) and w["pid"] != killed for w in s["workers"])
    )
    goes_on(running)
    running.end()


def test_the_standby_takes_over_again_and_again(show):
    running = show(*QUICK, "--output", "null", "--source", "none")
    for n in range(1, 4):
        running.until(lambda s: any(w["name"].startswith("standby") for w in s["workers"]))
        time.sleep(1.2)
        os.kill(running.pid("output"), signal.SIGKILL)
        running.until(
            lambda s, n=n: next(w for w in s["workers"] if w["name"] == "output")["restarts"] == n
        )
        goes_on(running)
    running.end()


def test_the_report_counts_the_program_over_takeovers(show):
    running = show(*QUICK, "--output", "null", "--source", "none")
    before = running.until(lambda s: s["output"]["frames"] > 60)
    for n in (1, 2):
        running.until(lambda s, n=n: any(w["name"] == f"standby-{n + 1}" for w in s["workers"]))
        time.sleep(0.7)
        os.kill(running.pid("output"), signal.SIGKILL)
        running.until(lambda s, n=n: sum(row["times"] for row in s["errors"]) == n)
    running.until(lambda s: s["output"]["frames"] > before["output"]["frames"] + 30)
    running.end()
    report = running.report()
    assert [(row["worker"], row["times"]) for row in report["errors"]] == [("output", 2)]
    began_ms = (before["output"]["first_frame_ns"] - before["begun_ns"]) / 1e6
    assert report["first_frame_ms"] == pytest.approx(began_ms, abs=0.1)
    assert report["program"]["interval_ms"]["max"] > 34, "the gap is among the intervals"
    assert report["program"]["frames"] / report["program"]["fps"] > 2, "over the whole show"


def test_the_output_and_its_standby_die_together_after_a_takeover(show):
    running = show(*QUICK, "--output", "null", "--source", "none")
    running.until(lambda s: any(w["name"].startswith("standby") for w in s["workers"]))
    os.kill(running.pid("output"), signal.SIGKILL)
    running.until(lambda s: any("signal 9" in row["text"] for row in s["errors"]))
    running.until(lambda s: any(w["name"].startswith("standby-3") for w in s["workers"]))
    for pid in (running.pid("standby"), running.pid("output")):
        os.kill(pid, signal.SIGKILL)
    running.until(lambda s: s["output"]["state"] == "live" and s["output"]["frames"] > 10)
    goes_on(running)
    running.end()
