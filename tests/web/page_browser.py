"""A real browser on the panel of a real show: Chromium without a screen."""

import contextlib
import json
import os
import shutil
import signal
import time
from urllib.request import Request, urlopen

from missing import missing
from shows import RunningShow

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
REMEDY = "sudo apt install chromium; pip install playwright"
_POLL_S = 0.03


@contextlib.contextmanager
def chromium():
    """Open a browser; the test is skipped, or fails where peers are required, without one."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if not path:
        missing("Chromium", REMEDY)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextlib.contextmanager
def a_show(folders, *options):
    """Run a real show; `folders` is pytest's tmp_path_factory."""
    running = RunningShow(folders.mktemp("show"), *options)
    try:
        yield running
        running.end()
    finally:
        if running.process.poll() is None:
            os.killpg(running.process.pid, signal.SIGKILL)
            running.process.communicate()


class Panel:
    """One page on the panel. Whatever the browser complains of fails the test at its end."""

    def __init__(self, browser, running, *, at="/", width=1440, height=900, touch=False):
        self.running = running
        self.complaints = []
        self.page = browser.new_page(viewport={"width": width, "height": height}, has_touch=touch)
        self.page.set_default_timeout(10_000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._console)
        row = running.until(lambda status: (status.get("panel") or {}).get("url"))["panel"]
        self.server, self.token = row["url"], row["token"]
        self.page.goto(f"{self.server}{at}#{self.token}")
        self.page.locator("edc-panic").wait_for()

    def _console(self, message):
        # A line that is lost while a show restarts is told in the console too: that is no fault.
        if message.type == "error" and "WebSocket connection" not in message.text:
            self.complaints.append(message.text)

    def close(self):
        self.page.close()
        assert not self.complaints

    def home(self, values):
        """Set parameters as they were at the beginning, and see that they are."""
        self.page.evaluate(
            "values => import('/static/js/show.js').then(({show}) => "
            "show.link.ask({do: 'set', values}))",
            values,
        )
        self.until(lambda: all(self.value(name) == value for name, value in values.items()))

    def told(self, name):
        """Return what the show itself holds of a parameter."""
        headers = {"Authorization": f"Bearer {self.token}"}
        ask = Request(f"{self.server}/api/values", headers=headers)
        with urlopen(ask, timeout=10) as answer:
            return json.load(answer)[name]

    def find(self, selector):
        return self.page.locator(selector)

    def button(self, name, within="body"):
        return self.find(within).get_by_role("button", name=name)

    def tab(self, name):
        self.page.get_by_role("tab", name=name).click()

    def keys(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def value(self, name):
        """Return what this page believes of a parameter."""
        return self.page.evaluate(
            "name => import('/static/js/show.js').then(({show}) => show.base.get(name))", name
        )

    def look(self, of="program"):
        """Return the mean of a preview's pixels (0…255) and a small grey picture of it."""
        return self.find(f"edc-preview[of={of}] .live").evaluate("""canvas => {
            const small = new OffscreenCanvas(32, 18).getContext("2d");
            small.drawImage(canvas, 0, 0, 32, 18);
            const grey = [];
            const {data} = small.getImageData(0, 0, 32, 18);
            for (let at = 0; at < data.length; at += 4)
                grey.push((data[at] + data[at + 1] + data[at + 2]) / 3);
            return {mean: grey.reduce((a, b) => a + b) / grey.length, grey};
        }""")

    def until(self, condition, within_s=8.0):
        """Wait until a condition holds and return what it gave."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            if found := condition():
                return found
            self.page.wait_for_timeout(_POLL_S * 1000)  # a plain sleep would stop its events
        raise AssertionError("it did not come to pass")

    def drag(self, locator, dx, dy, steps=8, shift=False):
        """Drag from the middle of an element by pixels."""
        box = locator.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse = self.page.mouse
        mouse.move(x, y)
        if shift:
            self.page.keyboard.down("Shift")
        mouse.down()
        mouse.move(x + dx, y + dy, steps=steps)
        mouse.up()
        if shift:
            self.page.keyboard.up("Shift")


def apart(one, other):
    """Return the mean difference of two looks, 0…255."""
    return sum(abs(a - b) for a, b in zip(one["grey"], other["grey"], strict=True)) / len(
        one["grey"]
    )
