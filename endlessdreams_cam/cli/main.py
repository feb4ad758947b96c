"""The entry of the command: imports nothing, because every worker runs this module again."""

from __future__ import annotations

import time

_BEGUN_NS = time.perf_counter_ns()


def main() -> None:
    """Run the command line."""
    import sys

    if sys.argv[1:2] == ["send"]:
        # A button box calls `send` for every press: it takes the short way in.
        from endlessdreams_cam.cli.send import main as send

        sys.exit(send(sys.argv[2:]))
    import signal

    # Until a show ends in its own way, Ctrl-C ends the command at once: amid the imports an
    # exception would be a page of traceback, or be taken for a fault of what is imported.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from endlessdreams_cam.cli.app import main as app

    app(_BEGUN_NS)
