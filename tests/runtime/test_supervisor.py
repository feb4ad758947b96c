import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from endlessdreams_cam import clock
from endlessdreams_cam.errors import NoRoom
from endlessdreams_cam.runtime.host import Worker
from endlessdreams_cam.runtime.life import WorkerSpec
from endlessdreams_cam.runtime.statuses import State, ViewerStatus
from endlessdreams_cam.runtime.supervisor import Supervisor

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch):
    monkeypatch.syspath_prepend(str(HERE))


class Company:
    """A supervisor with what it told."""

    def __init__(self, folder):
        self.told = []
        self.folder = folder
        self.supervisor = Supervisor(lambda worker, text: self.told.append((worker, text)))
        self.supervisor.open()

    def hire(self, function, job=None, *, name="w", hang_s=5.0, on_end=None, on_fall=None):
        spec = WorkerSpec(name, f"stand_ins:{function}", job, hang_s, self.folder / "log")
        worker = Worker(spec, ViewerStatus)
        self.supervisor.add(worker, on_end, on_fall=on_fall)
        return worker


@pytest.fixture
def company(tmp_path):
    made = Company(tmp_path)
    yield made
    made.supervisor.close(2.0)


def until(condition, within_s=15.0):
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)


def test_a_worker_lives_and_says_so(company):
    worker = company.hire("live", "hello")
    until(lambda: worker.status.state is State.LIVE)
    assert worker.status.label == "hello"


def test_a_killed_worker_is_back_and_the_cause_is_told(company):
    worker = company.hire("live")
    until(lambda: worker.status.state is State.LIVE)
    first = worker.pid
    os.kill(first, signal.SIGKILL)
    until(lambda: worker.starts == 2 and worker.status.state is State.LIVE)
    assert worker.pid != first
    assert ("w", "The process was killed (signal 9); it is started again.") in company.told


def test_an_exception_is_told_with_its_words(company):
    worker = company.hire("raises")
    until(lambda: worker.starts >= 2)
    assert company.told[0] == ("w", "ValueError: this worker raises on purpose")


def test_one_that_somebody_else_answers_for_is_not_started_again(company):
    causes = []
    worker = company.hire("raises", on_fall=causes.append)
    other = company.hire("dies", name="other")
    until(lambda: other.starts >= 3)
    assert (worker.starts, worker.alive) == (1, False)
    assert causes == ["ValueError: this worker raises on purpose"]
    assert company.told.count(("w", causes[0])) == 1
    company.supervisor.drop("w")


def test_no_restart_storm(company):
    worker = company.hire("dies")
    until(lambda: worker.starts >= 3)
    starts = worker.starts
    time.sleep(1.0)
    assert worker.starts - starts <= 1


def test_what_is_urgent_is_never_long_away(company):
    spec = WorkerSpec("w", "stand_ins:dies", None, 5.0, company.folder / "log")
    worker = Worker(spec, ViewerStatus)
    company.supervisor.add(worker, longest_s=0.25)
    until(lambda: worker.starts >= 5)
    began, starts = time.monotonic(), worker.starts
    until(lambda: worker.starts >= starts + 3)
    assert time.monotonic() - began < 6, "with the usual pauses it would be 16 s"


@pytest.mark.parametrize("how", ["wait", "gil"])
def test_a_hung_worker_ends_itself_and_is_back(company, how):
    worker = company.hire("hangs", how, hang_s=0.6)
    until(lambda: worker.starts >= 2)
    assert any("No sign of life for 0.6 s" in text for _, text in company.told)


def test_trouble_that_a_worker_lives_on_with_is_told_once(company):
    worker = company.hire("troubled")
    until(lambda: company.told)
    time.sleep(0.5)
    assert company.told == [("w", "ValueError: a cable is loose")]
    assert worker.alive


def test_a_trouble_that_lasts_counts_once(company):
    worker = company.hire("tries")
    until(lambda: worker.status.state is State.LIVE)
    assert worker.status.trouble.count == 3


def test_what_a_worker_prints_goes_to_the_log_not_to_the_terminal(company, capfd):
    worker = company.hire("chatty")
    until(lambda: worker.status.state is State.LIVE)
    assert capfd.readouterr() == ("", "")
    assert (company.folder / "log").read_text() == "printed\nwritten\n"


def test_a_standby_goes_when_told(company):
    worker = company.hire("standby")
    until(lambda: worker.status.state is State.STANDBY)
    worker.go()
    until(lambda: worker.status.label == "gone")


def test_a_standby_that_took_over_and_dies_does_not_wait_again(company):
    worker = company.hire("standby")
    until(lambda: worker.status.state is State.STANDBY)
    worker.go()
    until(lambda: worker.status.label == "gone")
    os.kill(worker.pid, signal.SIGKILL)
    until(lambda: worker.starts == 2 and worker.status.label == "gone")


def test_on_end_is_called_at_once(company):
    ended = []
    worker = company.hire("live", on_end=lambda: ended.append(clock.now_ns()))
    until(lambda: worker.status.state is State.LIVE)
    killed = clock.now_ns()
    os.kill(worker.pid, signal.SIGKILL)
    until(lambda: ended)
    assert clock.seconds(ended[0] - killed) < 2


def test_what_cannot_be_done_when_a_worker_dies_is_told_and_the_watch_goes_on(company):
    def no_room():
        raise NoRoom("There is no room.", remedy="Close other programs.")

    worker = company.hire("live", on_end=no_room)
    until(lambda: worker.status.state is State.LIVE)
    os.kill(worker.pid, signal.SIGKILL)
    until(lambda: worker.starts == 2 and worker.status.state is State.LIVE)
    assert ("w", "There is no room. Close other programs.") in company.told


def test_a_start_that_the_system_refuses_is_tried_again(company, monkeypatch):
    worker = company.hire("live")
    until(lambda: worker.status.state is State.LIVE)
    start, refused = worker.start, [OSError(11, "Resource temporarily unavailable")] * 2

    def refusing():
        if refused:
            raise refused.pop()
        start()

    monkeypatch.setattr(worker, "start", refusing)
    os.kill(worker.pid, signal.SIGKILL)
    until(lambda: worker.starts == 2 and worker.status.state is State.LIVE)
    assert any("Resource temporarily unavailable" in text for _, text in company.told)


def test_all_end_even_a_deaf_one(company):
    workers = [company.hire("live", name="a"), company.hire("deaf", name="b")]
    for worker in workers:
        until(lambda worker=worker: worker.status.state is State.LIVE)
    pids = [worker.pid for worker in workers]
    company.supervisor.close(2.0)
    assert not any(
        psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in pids
    )


def test_a_dropped_worker_stays_away(company):
    worker = company.hire("live")
    until(lambda: worker.status.state is State.LIVE)
    company.supervisor.drop("w")
    time.sleep(0.4)
    assert worker.starts == 1
    assert not worker.alive
    assert worker.status.state is State.LIVE, "its last word is kept"


MAIN = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from endlessdreams_cam.runtime.host import Worker
from endlessdreams_cam.runtime.life import WorkerSpec
from endlessdreams_cam.runtime.statuses import State, ViewerStatus
from endlessdreams_cam.runtime.supervisor import Supervisor

if __name__ == "__main__":
    supervisor = Supervisor(print)
    supervisor.open()
    workers = [Worker(WorkerSpec(n, f"stand_ins:{n}", None, 5.0, Path(sys.argv[2])), ViewerStatus)
               for n in ("live", "deaf", "hangs")]
    for worker in workers:
        supervisor.add(worker)
    while any(worker.status.state is not State.LIVE for worker in workers):
        time.sleep(0.02)
    print(*(worker.pid for worker in workers), flush=True)
    time.sleep(60)
"""


def test_when_main_is_killed_no_worker_outlives_it_by_two_seconds(tmp_path):
    script = tmp_path / "main_script.py"
    script.write_text(textwrap.dedent(MAIN))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])])}
    main = subprocess.Popen(
        [sys.executable, str(script), str(HERE), str(tmp_path / "log")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
    )  # fmt: skip
    pids = [int(pid) for pid in main.stdout.readline().split()]
    assert len(pids) == 3
    main.kill()
    main.communicate()
    until(lambda: not any(psutil.pid_exists(pid) for pid in pids), within_s=6)


def test_ctrl_c_to_the_whole_group_is_for_main_alone(tmp_path):
    script = tmp_path / "main_script.py"
    script.write_text(textwrap.dedent(MAIN))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])])}
    main = subprocess.Popen(
        [sys.executable, "-c",
         "import signal, runpy, sys; signal.signal(signal.SIGINT, lambda *a: None);"
         f"sys.argv = [{str(script)!r}, {str(HERE)!r}, {str(tmp_path / 'log')!r}];"
         f"runpy.run_path({str(script)!r}, run_name='__main__')"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
        start_new_session=True,
    )  # fmt: skip
    pids = [int(pid) for pid in main.stdout.readline().split()]
    os.killpg(main.pid, signal.SIGINT)
    time.sleep(0.4)
    assert all(psutil.pid_exists(pid) for pid in pids)
    main.kill()
    main.communicate()
    until(lambda: not any(psutil.pid_exists(pid) for pid in pids), within_s=6)
