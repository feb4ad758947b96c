"""A real OBS Studio under Xvfb, with a home of its own and a small canvas."""

import os
import shutil
import signal
import socket
import subprocess
import time

REMEDY = "apt-get install obs-studio xvfb"


class Obs:
    """tools: a folder of programs that OBS finds before the system's own."""

    def __init__(self, home, password="a test's password", *, listens=True, tools=None):
        self.home, self.password, self.port = home, password, _free_port()
        self._listens, self._tools, self._display = listens, tools, ""
        self._screen = self.process = None

    @staticmethod
    def there():
        return bool(shutil.which("obs") and shutil.which("Xvfb"))

    def start(self):
        read, write = os.pipe()
        self._screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-nolisten", "tcp"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as lines:
            self._display = lines.readline().strip()
        self.launch()

    def launch(self):
        """Start the program itself on the display that is there."""
        self._configure()
        # cv2 points Qt to its own plugins, with which OBS does not start.
        clean = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
        if self._tools:
            clean["PATH"] = f"{self._tools}:{clean['PATH']}"
        home, proxy = str(self.home), "http://127.0.0.1:9"
        self.process = subprocess.Popen(
            ["obs", "--multi", "--disable-missing-files-check"],
            env={**clean, "HOME": home, "XDG_CONFIG_HOME": f"{home}/.config",
                 "XDG_RUNTIME_DIR": home, "DISPLAY": f":{self._display}", "QT_QPA_PLATFORM": "xcb",
                 "LIBGL_ALWAYS_SOFTWARE": "1", "https_proxy": proxy,
                 "no_proxy": "127.0.0.1,localhost"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 30
        while self._listens and not _listens(self.port):
            assert self.process.poll() is None, "OBS has ended"
            assert time.monotonic() < deadline, "OBS does not come up"
            time.sleep(0.05)

    def kill(self):
        """End the program as a crash does."""
        self.process.kill()
        self.process.wait()

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        for process in (self.process, self._screen):
            if process is None:
                continue
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _configure(self):
        folder = self.home / ".config/obs-studio"
        profile = folder / "basic/profiles/Untitled"
        profile.mkdir(parents=True, exist_ok=True)
        (folder / "global.ini").write_text(
            "[General]\nFirstRun=true\n[Basic]\nProfile=Untitled\nProfileDir=Untitled\n"
            "SceneCollection=Untitled\nSceneCollectionFile=Untitled\n[OBSWebSocket]\n"
            f"FirstLoad=false\nServerEnabled={str(self._listens).lower()}\nServerPort={self.port}\nAlertsEnabled=false\n"
            f"AuthRequired=true\nServerPassword={self.password}\n"
            "[BasicWindow]\nPreviewEnabled=false\n"
        )
        (profile / "basic.ini").write_text(
            "[Video]\nBaseCX=640\nBaseCY=360\nOutputCX=640\nOutputCY=360\nFPSType=0\nFPSCommon=30\n"
        )


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
