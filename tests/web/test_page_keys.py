"""The keyboard alone runs a show."""

import pytest
from page_browser import Panel, a_show, chromium

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]

QUICK = (
    "--output", "null", "--size", "320x180", "--dream-size", "160x90", "--source", "none",
    "--set", "auto.on=off", "--panel", "0", "glass-garden",
)  # fmt: skip


@pytest.fixture(scope="module")
def panel(tmp_path_factory):
    with chromium() as browser, a_show(tmp_path_factory, *QUICK) as running:
        opened = Panel(browser, running)
        yield opened
        opened.close()


def test_prompts_and_presets(panel):
    panel.keys("3")
    panel.until(lambda: panel.value("prompt.3.weight") == 1 and panel.value("prompt.1.weight") == 0)
    panel.keys("Shift+Digit2")
    panel.until(lambda: "Aurora" in panel.find("edc-air .song").inner_text())
    panel.keys("Control+z")
    panel.until(lambda: "Glass Garden" in panel.find("edc-air .song").inner_text())
    panel.keys("n")
    panel.until(lambda: "Golden Hour" in panel.find("edc-air .song").inner_text())


def test_hold_dream_slate(panel):
    panel.keys("Space")
    panel.until(lambda: panel.value("program.cut") == "hold")
    panel.until(lambda: "HELD 0:0" in panel.find("edc-air .tally").inner_text())
    panel.keys("Space")
    panel.until(lambda: panel.value("program.cut") == "dream")
    panel.keys("s")
    panel.until(lambda: panel.value("program.cut") == "slate")
    panel.keys("d")
    panel.until(lambda: panel.value("program.cut") == "dream")


def test_space_holds_whatever_was_clicked_last(panel):
    panel.find("edc-cuts").get_by_role("button", name="dream").click()
    panel.keys("Space")
    panel.until(lambda: panel.told("program.cut") == "hold")
    panel.page.wait_for_timeout(300)
    assert panel.told("program.cut") == "hold", "the button that has the focus is not pressed too"
    panel.keys("d")
    panel.until(lambda: panel.told("program.cut") == "dream")


def test_seed_tap_auto_and_view(panel):
    seeds = panel.value("dream.reseed")
    panel.keys("r")
    panel.until(lambda: panel.value("dream.reseed") == seeds + 1)
    for _ in range(3):
        panel.keys("t")
        panel.page.wait_for_timeout(300)
    panel.until(lambda: 150 < panel.value("tempo.bpm") < 230)
    panel.keys("a")
    panel.until(lambda: panel.value("auto.on"))
    panel.keys("a", "+", "ArrowRight")
    panel.until(lambda: not panel.value("auto.on"))
    panel.until(lambda: panel.value("view.zoom") > 1 and panel.value("view.pan_x") > 0)
    panel.keys("0")
    panel.until(lambda: panel.value("view.zoom") == 1 and panel.value("view.pan_x") == 0)


def test_panic_works_while_typing_and_latches(panel):
    text = panel.page.get_by_label("Text of prompt 1")
    text.focus()
    panel.keys("d", "3", "Space", "m")
    assert text.input_value().endswith("d3 m"), "letters go into the text"
    panel.keys("Escape")
    panel.until(lambda: panel.value("program.cut") == "slate")
    bar = panel.find("edc-panic button")
    panel.until(lambda: "SLATE IS ON AIR" in bar.inner_text())
    panel.find("edc-cuts").get_by_role("button", name="black").click()
    panel.until(lambda: "Panic holds the slate" in panel.find("edc-notes p").inner_text())
    assert panel.value("program.cut") == "slate"
    panel.page.keyboard.press("Escape", delay=700)
    assert panel.value("program.cut") == "slate", "hands in a hurry end no panic"
    panel.page.wait_for_timeout(600)
    panel.page.keyboard.down("Escape")
    panel.page.wait_for_timeout(700)
    panel.page.keyboard.up("Escape")
    panel.until(lambda: panel.value("program.cut") == "dream")
    panel.until(lambda: "PANIC" in bar.inner_text())


def test_tabs_and_knobs_without_a_mouse(panel):
    panel.page.get_by_role("tab", name="Dream").focus()
    panel.keys("ArrowRight", "Tab")
    tabs = panel.page.get_by_role("tab", name="View")
    assert tabs.get_attribute("aria-selected") == "true"
    before = panel.value("view.zoom")
    panel.keys("PageUp")
    panel.until(lambda: panel.value("view.zoom") > before)
    panel.keys("Home")
    panel.until(lambda: panel.value("view.zoom") == 1)


def test_the_source_by_keyboard_needs_the_hold_too(panel):
    source = panel.find("edc-cuts").get_by_role("button", name="source")
    source.press("Enter")
    panel.page.wait_for_timeout(450)
    assert panel.value("program.cut") == "dream"
    source.press("Enter", delay=450)
    panel.until(lambda: panel.value("program.cut") == "source")
    panel.keys("d")
