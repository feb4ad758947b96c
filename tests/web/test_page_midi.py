"""Learning on the page, through a real controller on JACK."""

import pytest
from page_browser import Panel, a_show, chromium

pytestmark = [pytest.mark.browser, pytest.mark.jack, pytest.mark.timeout(120)]

QUICK = (
    "--output", "null", "--size", "320x180", "--dream-size", "160x90", "--source", "none",
    "--panel", "0", "glass-garden",
)  # fmt: skip
KNOB = 18  # knob 3, which no one moves otherwise


def sweep(controller, start, end):
    step = 4 if end > start else -4
    for value in (*range(start, end, step), end):
        controller.do("cc", 1, KNOB, value)


def bound_by(panel, name):
    """Return the first binding of a parameter, as the show tells it."""
    return panel.page.evaluate(
        "name => import('/static/js/show.js').then(({show}) => show.bindings.get(name)[0])", name
    )


def test_a_knob_is_learned_shown_edited_and_saved(controller, tmp_path_factory):
    korg = controller()
    with chromium() as browser, a_show(tmp_path_factory, *QUICK) as running:
        panel = Panel(browser, running)
        panel.tab("MIDI")
        devices = panel.find("edc-mapping p")
        panel.until(lambda: devices.filter(has_text="● nanoKONTROL2").count())
        assert panel.find("edc-slot[n='1'] edc-fader .bound").inner_text() == "F1"

        panel.keys("m")
        panel.tab("View")
        knob = panel.find("edc-deck edc-knob[name='view.zoom']")
        knob.locator(".slider").click()
        panel.until(lambda: knob.get_attribute("learning") is not None)
        sweep(korg, 10, 40)
        bound = knob.locator(".bound")
        panel.until(lambda: bound.count() and "K3" in bound.inner_text())
        assert panel.value("view.zoom") == 1, "a control that is learned moves nothing"
        panel.keys("m")
        assert knob.get_attribute("learnable") is None

        # On a busy machine a sweep may come down to its end alone, which meets no value.
        panel.until(lambda: sweep(korg, 0, 127) or panel.value("view.zoom") == 3)
        korg.do("cc", 1, KNOB, 126)
        panel.until(lambda: knob.get_attribute("moved") is not None)

        panel.home({"view.zoom": 1})
        korg.do("cc", 1, KNOB, 125)
        ghost = knob.locator(".ghost")
        panel.until(lambda: ghost.get_attribute("visibility") == "visible")
        assert knob.locator(".arrow").text_content() == "▼", "the hand must go down to it"

        panel.tab("MIDI")
        row = panel.find("edc-mapping .binding[data-learned]")
        assert "knob.3" in row.inner_text() and "view.zoom" in row.inner_text()
        row.locator("input").nth(1).fill("2")
        row.locator("input").nth(1).press("Enter")
        panel.until(lambda: row.locator("input").nth(1).input_value() == "2")
        row.locator("select").nth(1).select_option("jump")
        panel.until(lambda: bound_by(panel, "view.zoom")["pickup"] == "jump")
        korg.do("cc", 1, KNOB, 127)
        panel.until(lambda: panel.value("view.zoom") == 2)

        panel.button("Learn", "edc-air").click()
        panel.find("edc-mapping label select").first.select_option("cut.black")
        panel.until(lambda: "cut.black" in panel.find("edc-mapping p").first.inner_text())
        panel.find("edc-cuts").get_by_role("button", name="slate").click()
        panel.until(lambda: panel.value("program.cut") == "slate")
        panel.keys("m", "d")

        panel.find("edc-presets input[name=name]").fill("mine")
        panel.button("save", "edc-presets").click()
        saved = running.folder / "presets" / "mine.toml"
        panel.until(saved.is_file)
        panel.until(lambda: 'control = "knob.3"' in saved.read_text())
        panel.close()
