"""The whole show, as a person starts it."""

import json
import os
import pty
import signal
import subprocess
import time

import psutil
import pytest

QUICK = ("--output", "null", "--size", "320x180", "--dream-size", "160x90")


def test_a_show_from_start_to_report(show):
    running = show(*QUICK, "--source", "pattern", "--set", "look.hue=20", "--set", "auto.on=off")
    running.until(lambda s: s["output"]["age_ms"]["p50"] and s["engine"]["frames"] > 10)
    said, _ = running.end(signal.SIGINT)
    lines = said.splitlines()
    assert lines[0] == "EndlessDreams Cam is on air."
    assert any(line.startswith("You: test card   Dream: scenes") for line in lines)
    assert any(line.startswith("Steer it from another terminal") for line in lines)
    report = running.report()
    assert report["program"]["frames"] > 5
    assert set(report["program"]["interval_ms"]) == {"p50", "p99", "max"}
    assert report["dream"]["engine"] == "scenes"
    assert report["dream"]["frames"] > 5
    assert report["dream"]["size"] == "160x90"
    assert report["source"]["kind"] == "pattern"
    assert report["age_ms"]["capture_to_program"]["p50"] > 0
    assert report["first_frame_ms"] > 0
    assert report["first_dream_ms"] >= report["first_frame_ms"]
    assert report["parameters"]["look.hue"] == 20
    assert {"main", "output", "source"} <= set(report["workers"])
    assert report["errors"] == []


def test_it_stops_by_itself(show):
    running = show(*QUICK, "--source", "none", "--seconds", "2", wait=False)
    running.process.communicate(timeout=30)
    assert running.process.returncode == 0
    assert running.report()["preset"] == "aurora"


def test_steered_from_another_terminal(show):
    running = show(*QUICK, "--source", "none")
    assert running.send("view.zoom=2", "prompt.1.text=a koi pond").returncode == 0
    parameters = running.status()["parameters"]
    assert (parameters["view.zoom"], parameters["prompt.1.text"]) == (2, "a koi pond")

    refused = running.send("view.zoom=1", "look.hue=much")
    assert refused.returncode == 1
    assert "look.hue cannot be 'much'" in refused.stderr
    assert "-180 to 180" in refused.stderr
    assert running.status()["parameters"]["view.zoom"] == 2, "all or nothing"

    assert running.send("preset", "abyss").returncode == 0
    assert running.status()["preset"] == "abyss"
    assert running.send("undo").returncode == 0
    assert running.status()["preset"] == "aurora"
    assert running.send("save", "my evening").returncode == 0
    assert (running.folder / "presets" / "my-evening.toml").is_file()
    assert "There is no preset" in running.send("preset", "nothing").stderr

    assert running.send("panic").returncode == 0
    running.until(lambda s: s["output"]["shown"] == "slate" and s["latched"])
    assert running.send("cut", "black").returncode == 1
    assert running.send("cut", "dream").returncode == 0
    running.until(lambda s: s["output"]["shown"] == "dream" and not s["latched"])
    running.end()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may come first")
def test_the_programs_turn_comes_before_the_others(show):
    running = show(*QUICK, "--source", "none")
    assert (
        psutil.Process(running.pid("output")).nice()
        < 0
        < psutil.Process(running.pid("engine")).nice()
    )
    running.end()


def test_every_cut_is_on_air(show):
    running = show(*QUICK, "--source", "pattern")
    running.until(lambda s: s["source"]["frames"] > 5)
    for cut in ("source", "hold", "slate", "black", "dream"):
        running.send("cut", cut)
        running.until(lambda s, cut=cut: s["output"]["shown"] == cut)
    running.send("program.privacy=on")
    running.send("cut", "source")
    running.until(lambda s: s["output"]["shown"] == "slate")
    running.end()


def test_inputs_and_engines_change_while_on_air(show):
    running = show(*QUICK, "--source", "none")
    before = running.pid("output")
    running.send("source.input=pattern", "layer.input=sitter")
    running.until(lambda s: s["source"] and s["source"]["frames"] > 5)
    running.until(lambda s: s["layer"] and s["layer"]["frames"] > 5)
    running.send("source.input=none")
    running.until(lambda s: s["source"] is None)
    assert "There is no source 'tape'" in running.send("source.input=tape:1").stderr
    running.send("engine.name=fault:slow")
    running.until(lambda s: s["engine"]["engine"] == "fault:slow")
    running.until(lambda s: sum(w["name"].startswith("engine") for w in s["workers"]) == 1)
    running.send("engine.name=scenes")
    running.until(lambda s: s["engine"]["engine"] == "scenes" and s["engine"]["frames"] > 3)
    assert running.pid("output") == before, "the output worker is the same all the while"
    running.end()


SETLIST = """
title = "Friday"
[[song]]
preset = "abyss"
note = "slow; wait for the bass"
[[song]]
preset = "ember"
morph = 0.5
[[song]]
preset = "abyss"
"""


def test_a_setlist_is_played_on_the_bar(show, tmp_path):
    (tmp_path / "friday.toml").write_text(SETLIST)
    running = show(*QUICK, "--source", "none", "--setlist", "friday.toml")
    first = {"title": "Friday", "at": 1, "songs": 3, "note": "slow; wait for the bass"}
    assert running.status()["order"] == {**first, "next": "ember"}
    assert not running.status()["autopilot"]

    running.send("preset.wait=bar", "tempo.bpm=30")
    running.send("tempo.resync=1")
    assert running.send("next").stdout.strip() == "ember"
    (waits,) = running.status()["waiting"]
    assert (waits["kind"], waits["what"]) == ("recall", "Ember")
    assert 0 < waits["beats"] <= 4
    assert "waits     Ember" in running.send("status").stdout
    assert running.status()["preset"] == "abyss"
    running.send("finish")  # the opening's morph, if it is still under way
    running.until(lambda s: s["preset"] == "ember", within_s=12)
    assert running.status()["order"]["at"] == 2

    assert running.send("lock", "drift").returncode == 0
    assert "There is no parameter 'drifd'" in running.send("lock", "drifd").stderr
    running.send("drift.zoom=0.2", "preset.wait=off")
    assert running.send("pad", "3").stdout.strip() == "abyss"
    status = running.status()
    assert (status["locks"], status["parameters"]["drift.zoom"]) == (["drift"], 0.2)
    assert status["order"]["at"] == 3
    running.end()


def test_a_preset_is_edited_on_air(show, tmp_path):
    folder = tmp_path / "presets"
    folder.mkdir()
    (folder / "mine.toml").write_text('title = "Mine"\n[values]\n"look.hue" = 10')
    running = show(*QUICK, "mine", "--source", "none")
    (folder / "mine.toml").write_text('title = "Mine"\n[values]\n"look.hue" = 20')
    running.until(lambda s: s["parameters"]["look.hue"] == 20, within_s=3)
    (folder / "mine.toml").write_text('title = "Mine"\n[values]\n"look.hue" = "blue"')
    status = running.until(lambda s: s["errors"], within_s=3)
    assert "mine.toml: values: look.hue cannot be 'blue'" in status["errors"][0]["text"]
    assert (status["parameters"]["look.hue"], status["output"]["shown"]) == (20, "dream")


def test_an_engine_is_asked_for_while_another_still_fades_out(show):
    running = show(*QUICK, "--source", "none")
    running.send("engine.name=fault:slow")
    running.until(lambda s: s["engine"]["engine"] == "fault:slow")
    # At a dream a second the next engine is not ready before the fade would be over.
    running.send("dream.rate=1", "engine.name=scenes")
    running.until(lambda s: s["engine"]["engine"] == "scenes")
    running.until(lambda s: sum(w["name"].startswith("engine") for w in s["workers"]) == 1)
    assert running.status()["errors"] == []
    running.end()


def test_what_is_set_at_the_start_acts_from_the_start(show, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_VIDEOS_DIR", str(tmp_path / "videos"))
    running = show(*QUICK, "--source", "none", "--set", "program.record=on",
                   "--set", "source.input=pattern", "--set", "layer.input=sitter")  # fmt: skip
    running.until(lambda s: s["source"] and s["source"]["frames"] > 5)
    running.until(lambda s: s["layer"] and s["layer"]["frames"] > 5)
    running.until(lambda s: s["viewers"] and s["viewers"][0]["frames"] > 5)
    running.end()
    assert (tmp_path / "videos" / "EndlessDreams.mkv").is_file()


def test_one_show_at_a_time(show, tmp_path):
    running = show(*QUICK, "--source", "none")
    second = show(*QUICK, "--source", "none", wait=False, report_name="second.json")
    _, said = second.process.communicate(timeout=20)
    assert second.process.returncode == 1
    assert f"A show is on air already (process {running.process.pid})" in said
    assert "send" in said
    running.end()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_whole_group_ends_it_cleanly(show, number):
    running = show(*QUICK, "--source", "pattern")
    pids = running.pids()
    os.killpg(running.process.pid, number)
    _, said = running.process.communicate(timeout=15)
    # SIGTERM ends the workers at once, too; main does not take that for an accident.
    assert running.process.returncode == 0, said
    assert not running.shared_memory()
    assert not [pid for pid in pids if psutil.pid_exists(pid)]


def test_ctrl_c_in_the_first_moment_leaves_nothing(show):
    for delay in (0.15, 0.35, 0.6):
        running = show(*QUICK, "--source", "pattern", wait=False)
        time.sleep(delay)
        os.killpg(running.process.pid, signal.SIGINT)
        _, said = running.process.communicate(timeout=15)
        assert "Traceback" not in said
        assert not running.shared_memory()


def test_closing_the_terminal_ends_it(show):
    keeper, terminal = pty.openpty()
    running = show(*QUICK, "--source", "none", stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    pids = running.pids()
    running.process.send_signal(signal.SIGHUP)
    os.close(keeper)
    running.process.wait(timeout=15)
    assert not running.shared_memory()
    assert not [pid for pid in pids if psutil.pid_exists(pid)]


def test_killed_without_warning_it_leaves_no_worker_and_the_next_start_sweeps(show):
    running = show(*QUICK, "--source", "pattern")
    pids = [pid for pid in running.pids() if pid != running.process.pid]
    running.process.kill()
    running.process.communicate()
    deadline = time.monotonic() + 5
    while [pid for pid in pids if psutil.pid_exists(pid)]:
        assert time.monotonic() < deadline, "a worker outlived main"
        time.sleep(0.05)
    again = show(*QUICK, "--source", "none", "--seconds", "1", wait=False)
    again.process.communicate(timeout=30)
    assert again.process.returncode == 0
    assert not running.shared_memory()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--set", "view.zoom=wide"), "view.zoom cannot be 'wide'"),
        (("--set", "view.zoom=nan"), "view.zoom cannot be 'nan'"),
        (("--set", "view.zom=1"), "Did you mean view.zoom"),
        (("--set", "view.zoom"), "Write --set NAME=VALUE"),
        (("--set", "program.cut=red"), "dream, source, hold, slate, black"),
        (("--set", "source.mirror=maybe"), "on or off"),
        (("--set", "prompt.1.text=" + "x" * 401), "up to 400 characters"),
        (("--set", "dream.steps=many"), "1 to 8"),
        (("--source", "tape"), "There is no source 'tape'"),
        (("--source", "url:file:///etc/passwd"), "cannot be opened"),
        (("--layer", "file:"), "Write file:PATH"),
        (("--engine", "magic"), "magic"),
        (("--engine", "diffusion"), "models pull sd-turbo"),
        (("--size", "big"), "like 1280x720"),
        (("--size", "1281x720"), "even sides"),
        (("--size", "99999x99999"), "1920x1080"),
        (("--fps", "1000"), "1 to 120"),
        (("--dream-size", "0x0"), "--dream-size"),
        (("--output", "virtualcam"), "cannot all be at once: null, virtualcam"),
        (("--output", "record:a.mkv", "--output", "record:b.mkv"), "cannot all be at once"),
        (("--output", "vhs"), "There is no output 'vhs'"),
        (("--output", "record:show.mp4"), "record:FILE.mkv"),
        (("--unpaced", "--output", "virtualcam"), "--unpaced needs --output null"),
        (("--setlist", "no.toml"), "no.toml cannot be read"),
        (("no-such-preset",), "There is no preset 'no-such-preset'"),
        (("--report", "/no/such/folder/r.json"), "cannot be written"),
    ],
)
def test_bad_options_are_refused_with_what_is_allowed(tmp_path, options, said):
    import sys
    from pathlib import Path

    done = subprocess.run(
        [sys.executable, "-m", "endlessdreams_cam", "run", "--headless", "--source", "none",
         "--output", "null", *options],
        cwd=tmp_path, text=True, capture_output=True, timeout=20,
        env={**os.environ, "ENDLESSDREAMS_RUNTIME": str(tmp_path / "run"), "COLUMNS": "200",
             "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == 1, done
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "run" / "show.sock").exists()


def test_the_report_is_whole_at_every_moment(show):
    running = show(*QUICK, "--source", "none")
    time.sleep(5.5)
    json.loads(running.report_path.read_text())
    assert [path.name for path in running.folder.iterdir() if ".json." in path.name] == []
    running.end()
