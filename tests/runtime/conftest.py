"""Shows for the tests of the runtime."""

import os
import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from shows import RunningShow

# A job that a shell put into the background ignores Ctrl-C, and so would the shows that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def show(tmp_path):
    """Start shows; whatever a test leaves is killed."""
    started = []

    def start(*options, **keywords):
        running = RunningShow(tmp_path, *options, **keywords)
        started.append(running)
        return running

    yield start
    for running in started:
        if running.process.poll() is None:
            os.killpg(running.process.pid, signal.SIGKILL)
            running.process.communicate()
