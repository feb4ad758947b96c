"""A real show in the test's own process, whose workers find torch awake.

Its workers are real processes, forked from one that has imported torch and diffusers: an engine is
there in half a second instead of six. All else is as in a show of its own (see shows.py).
"""

import multiprocessing
import threading
import time
from dataclasses import asdict

import pytest

from endlessdreams_cam.runtime import host
from endlessdreams_cam.runtime.requests import Requests
from endlessdreams_cam.runtime.show import Show

_AWAKE = (
    "endlessdreams_cam.engines.diffusion.painter",
    "endlessdreams_cam.engines.diffusion.ways",
    "endlessdreams_cam.models.load",
    "diffusers.models.autoencoders.autoencoder_tiny",
    "diffusers.models.unets.unet_2d_condition",
    "transformers.models.clip.modeling_clip",
    "transformers.models.clip.tokenization_clip",
)


class WarmShow:
    """A show with these options, and what can be asked of it."""

    def __init__(self, folder, options):
        self._patch = pytest.MonkeyPatch()
        for name in ("RUNTIME", "PRESETS", "CONTROLLERS", "MODELS"):
            self._patch.setenv(f"ENDLESSDREAMS_{name}", str(folder / name.lower()))
        for name in ("OMP_WAIT_POLICY", "OMP_NUM_THREADS"):
            self._patch.setenv(name, {"OMP_WAIT_POLICY": "passive"}.get(name, "1"))
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(_AWAKE))
        self._patch.setattr(host, "_SPAWN", context)
        self.show = Show(options)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="warm show")

    def open(self):
        self.show.open()
        self._thread.start()
        return self

    def close(self):
        self._ending.set()
        self._thread.join(10)
        self.show.close()
        self._patch.undo()

    def _run(self):
        while not self._ending.wait(0.05):
            self.show.poll()

    def ask(self, **request):
        return Requests(self.show).handle(request)

    def status(self):
        return asdict(self.show.overview(with_processes=True))

    def until(self, condition, within_s=60.0):
        """Wait until the status fulfils a condition, and return it."""
        deadline = time.monotonic() + within_s
        while not condition(status := self.status()):
            rows = {key: status[key] for key in ("engine", "preparing", "engine_why", "errors")}
            assert time.monotonic() < deadline, f"it did not come to pass: {rows}"
            time.sleep(0.05)
        return status

    def pid(self, name):
        rows = {row["name"]: row["pid"] for row in self.status()["workers"]}
        return next(pid for key, pid in rows.items() if key.startswith(name))
