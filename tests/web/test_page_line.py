"""Shows of their own: the line is lost and found, a wrong link, the page on air, a setlist."""

import socket

import pytest
from page_browser import Panel, a_show, apart, chromium
from shows import RunningShow

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

QUICK = (
    "--output", "null", "--size", "320x180", "--dream-size", "160x90", "--source", "none",
    "--midi", "off", "--set", "auto.on=off", "glass-garden",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_it_comes_back_by_itself_and_says_so(browser, tmp_path_factory):
    port = free_port()
    with a_show(tmp_path_factory, *QUICK, "--panel", port) as running:
        panel = Panel(browser, running)
        panel.home({"look.hue": 90})
        folder = running.folder
    tally = panel.find("edc-air .tally")
    panel.until(lambda: "RECONNECTING" in tally.inner_text())
    dimmed = panel.find("edc-bank").evaluate("one => getComputedStyle(one).opacity")
    assert float(dimmed) < 1, "what reaches nobody looks so"
    panel.page.locator("body").press("d")  # a key that reaches nobody breaks nothing
    again = RunningShow(folder, *QUICK, "--panel", port)
    panel.until(lambda: "DREAM" in tally.inner_text(), within_s=15)
    panel.until(lambda: panel.value("look.hue") == 0)
    panel.keys("s")
    panel.until(lambda: panel.value("program.cut") == "slate")
    panel.close()
    again.end()


def test_a_wrong_link_says_where_the_right_one_is(browser, tmp_path_factory):
    with a_show(tmp_path_factory, *QUICK, "--panel", "0") as running:
        panel = Panel(browser, running)
        page = browser.new_page()
        page.goto(f"{panel.server}/#wrong")
        page.get_by_text("Open the one that the show's terminal prints").wait_for()
        assert "wrong" not in page.url, "no token stays in the address or the history"
        page.goto(f"{panel.server}/#{panel.token}")
        page.locator("edc-panic").wait_for()
        page.close()
        panel.close()


def test_on_air_is_the_program_and_nothing_else(browser, tmp_path_factory):
    with a_show(tmp_path_factory, *QUICK, "--panel", "0") as running:
        panel = Panel(browser, running)
        key = running.status()["panel"]["picture_url"].partition("?")[2]
        page = browser.new_page(viewport={"width": 800, "height": 450})
        page.goto(f"{panel.server}/on-air?{key}")
        look = """() => {
            const small = new OffscreenCanvas(16, 9).getContext("2d");
            small.drawImage(document.querySelector("canvas"), 0, 0, 16, 9);
            return {grey: [...small.getImageData(0, 0, 16, 9).data]};
        }"""
        first = panel.until(lambda: sum((seen := page.evaluate(look))["grey"]) > 60_000 and seen)
        panel.until(lambda: apart(page.evaluate(look), first) > 0.2)
        box = page.locator("canvas").bounding_box()
        assert (box["width"], box["height"]) == (800, 450)
        assert not page.evaluate("document.body.innerText.trim()")
        page.close()
        panel.close()


def test_a_setlist_plays_a_preset_twice(browser, tmp_path_factory):
    setlist = tmp_path_factory.mktemp("setlist") / "evening.toml"
    songs = "".join(f'[[song]]\npreset = "{name}"\n' for name in ("ember", "abyss", "ember"))
    setlist.write_text(f'schema = 1\ntitle = "Evening"\n{songs}')
    options = (*QUICK[:-1], "--panel", "0", "--setlist", str(setlist))
    with a_show(tmp_path_factory, *options) as running:
        panel = Panel(browser, running)
        pads = panel.find("edc-presets .pad")
        assert [pad.inner_text().split()[-1] for pad in pads.all()] == ["Ember", "Abyss", "Ember"]
        pads.nth(2).click()
        panel.until(lambda: pads.nth(2).get_attribute("aria-current") == "true")
        assert pads.nth(0).get_attribute("aria-current") == "false"
        assert "Evening 3/3" in panel.find("edc-presets .head").inner_text()
        panel.close()
