"""The panel's page in a real browser, on a real show."""

import pytest
from page_browser import Panel, a_show, apart, chromium

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]

QUICK = (
    "--output", "null", "--size", "640x360", "--dream-size", "160x90", "--source", "pattern",
    "--set", "auto.on=off", "--panel", "0", "glass-garden",
)  # fmt: skip
CUT = "edc-cuts"


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with a_show(tmp_path_factory, *QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def page(browser, running):
    opened = Panel(browser, running)
    yield opened
    opened.close()


@pytest.fixture
def panel(page):
    page.home(HOME)
    return page


HOME = {"program.cut": "dream", "program.mix": 1, "look.brightness": 0, "view.zoom": 1}


def test_the_picture_moves(panel):
    for of in ("program", "source"):
        first = panel.until(lambda of=of: (seen := panel.look(of))["mean"] > 1 and seen)
        panel.until(lambda of=of, first=first: apart(panel.look(of), first) > 0.2)


def test_black_is_black_in_the_next_frames(panel):
    panel.until(lambda: panel.look()["mean"] > 20)
    panel.button("black", CUT).click()
    panel.until(lambda: panel.look()["mean"] < 2, within_s=1.5)
    assert panel.button("black", CUT).get_attribute("aria-pressed") == "true"
    panel.button("dream", CUT).click()
    panel.until(lambda: panel.look()["mean"] > 20)


def test_a_stroke_of_colour_is_dreamt_and_cleared(panel):
    tools = panel.find("edc-tools")
    tools.locator("input[type=color]").fill("#00ff00")
    tools.get_by_label("The stroke fades in").fill("20")
    box = panel.find("edc-preview[of=program]").bounding_box()
    before = corner(panel)
    mouse = panel.page.mouse
    mouse.move(box["x"] + 20, box["y"] + 30)
    mouse.down()
    mouse.move(box["x"] + box["width"] / 3, box["y"] + 30, steps=6)
    mouse.up()
    panel.until(lambda: corner(panel) > before + 60)
    tools.get_by_role("button", name="clear").click()
    panel.until(lambda: corner(panel) < before + 30)
    tools.get_by_role("button", name="colour").click()
    assert panel.find("edc-sheet").get_attribute("hidden") is not None, "without a tool no drawing"


def corner(panel):
    """Return how green the program is where the stroke goes."""
    return panel.find("edc-preview[of=program] .live").evaluate("""canvas => {
        const {width, height} = canvas;
        const pen = canvas.getContext("2d");
        const [red, green, blue] = pen.getImageData(width / 6, 0.09 * height, 1, 1).data;
        return green - (red + blue) / 2;
    }""")


def test_the_source_is_cut_to_only_when_it_is_held(panel):
    source = panel.button("source", CUT)
    source.click(delay=120)
    panel.page.wait_for_timeout(500)
    assert panel.value("program.cut") == "dream"
    source.click(delay=450)
    panel.until(lambda: panel.value("program.cut") == "source")


def test_a_dragged_fader_changes_the_program(panel):
    before = panel.until(lambda: (seen := panel.look())["mean"] > 20 and seen)
    fader = panel.find("edc-bank .master [role=slider]")
    panel.drag(fader, 0, 300)
    panel.until(lambda: panel.value("program.mix") == 0)
    panel.until(lambda: apart(panel.look(), before) > 15)
    assert panel.told("program.mix") == 0
    assert fader.get_attribute("aria-valuenow") == "0.00"


def test_a_touch_alone_moves_nothing(panel):
    fader = panel.find("edc-slot[n='1'] [role=slider]")
    before = panel.value("prompt.1.weight")
    box = fader.bounding_box()
    panel.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.9)
    panel.page.wait_for_timeout(200)
    assert panel.value("prompt.1.weight") == before


def test_a_prompt_is_staged_until_enter(panel):
    text = panel.page.get_by_label("Text of prompt 2")
    before = panel.told("prompt.2.text")
    text.fill("a koi pond at dusk")
    assert "staged" in text.get_attribute("class")
    panel.page.wait_for_timeout(300)
    assert panel.told("prompt.2.text") == before
    text.press("Enter")
    panel.until(lambda: panel.value("prompt.2.text") == "a koi pond at dusk")
    panel.until(lambda: "staged" not in (text.get_attribute("class") or ""))


def test_with_control_a_prompt_comes_on_the_bar(panel):
    panel.home({"tempo.bpm": 300})
    text = panel.page.get_by_label("Text of prompt 3")
    text.fill("waves of silk")
    text.press("Control+Enter")
    panel.until(lambda: panel.value("prompt.3.text") == "waves of silk", within_s=4)
    panel.until(lambda: "staged" not in (text.get_attribute("class") or ""))


def test_presets_are_recalled_and_taken_back(panel):
    panel.button("Ember", "edc-presets").click()
    on_air = panel.find("edc-presets .pad[aria-current=true]")
    panel.until(lambda: "Ember" in on_air.inner_text())
    panel.page.locator("body").click(position={"x": 3, "y": 3})
    panel.keys("Control+z")
    panel.until(lambda: "Glass Garden" in on_air.inner_text())


def test_two_pages_stay_in_step(panel, browser, running):
    other = Panel(browser, running, at="/dock", width=340)
    panel.drag(panel.find("edc-bank .master [role=slider]"), 0, 40)
    value = panel.until(lambda: (at := panel.value("program.mix")) < 1 and at)
    other.until(lambda: abs(other.value("program.mix") - panel.value("program.mix")) < 1e-9)
    assert 0 < value < 1
    other.button("black", CUT).click()
    panel.until(lambda: panel.value("program.cut") == "black")
    other.close()


def test_a_knob_in_all_its_ways(panel):
    panel.tab("View")
    knob = panel.find("edc-deck edc-knob[name='view.zoom']")
    slider = knob.get_by_role("slider")
    panel.drag(slider, 0, -60)
    panel.until(lambda: panel.value("view.zoom") > 1.05)
    coarse = panel.value("view.zoom")
    panel.drag(slider, 0, -60, shift=True)
    fine = panel.until(lambda: (at := panel.value("view.zoom")) > coarse and at)
    assert fine / coarse < coarse**0.25, "with shift a tenth of the way"
    slider.dblclick()
    panel.until(lambda: panel.value("view.zoom") == 1)
    slider.press("ArrowUp")
    one = panel.until(lambda: (at := panel.value("view.zoom")) > 1 and at)
    assert one == pytest.approx(3**0.01)
    slider.press("Delete")
    panel.until(lambda: panel.value("view.zoom") == 1)
    slider.hover()
    slider.focus()
    panel.page.mouse.wheel(0, -100)
    panel.until(lambda: panel.value("view.zoom") > 1)
    slider.press("Enter")
    knob.locator("input").fill("2,5")
    knob.locator("input").press("Enter")
    panel.until(lambda: panel.value("view.zoom") == 2.5)
    assert slider.get_attribute("aria-valuetext") == "2.50"
    panel.until(lambda: panel.told("view.zoom") == 2.5)


def test_a_style_is_chosen_by_its_words(panel):
    panel.tab("Dream")
    panel.home({"prompt.style": 0})
    panel.button("stained glass", "edc-styles").click()
    panel.until(lambda: panel.told("prompt.style") > 0)
    panel.button("no style", "edc-styles").click()
    panel.until(lambda: panel.told("prompt.style") == 0)


def test_what_is_refused_says_why(panel):
    panel.tab("View")
    knob = panel.find("edc-deck edc-knob[name='view.zoom']")
    knob.get_by_role("slider").press("Enter")
    knob.locator("input").fill("much")
    knob.locator("input").press("Enter")
    said = panel.find("edc-notes p")
    panel.until(lambda: "is not a number" in said.inner_text())
    assert panel.value("view.zoom") == 1


def test_the_pads_pan_stays_and_drift_springs_back(panel):
    pan, drift = panel.find("edc-pad[label=pan] .pad"), panel.find("edc-pad[label=drift] .pad")
    panel.drag(pan, 40, 20)
    panel.until(lambda: panel.value("view.pan_x") > 0.1 and panel.value("view.pan_y") > 0.05)
    pan.dblclick()
    panel.until(lambda: panel.value("view.pan_x") == 0)
    box = drift.bounding_box()
    panel.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    panel.page.mouse.down()
    panel.page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2, steps=4)
    panel.until(lambda: panel.told("drift.pan_x") > 0.05)
    panel.page.mouse.up()
    panel.until(lambda: panel.told("drift.pan_x") == 0)


def test_a_pressed_thumbnail_is_solo_while_it_is_held(panel):
    tap = panel.find("edc-slot[n='4'] .tap")
    tap.click()
    panel.until(lambda: panel.value("prompt.4.weight") == 1 and panel.value("prompt.1.weight") == 0)
    box = panel.find("edc-slot[n='1'] .tap").bounding_box()
    panel.page.mouse.move(box["x"] + 20, box["y"] + 20)
    panel.page.mouse.down()
    panel.until(lambda: panel.value("prompt.1.solo"))
    panel.page.mouse.up()
    panel.until(lambda: not panel.value("prompt.1.solo"))
    assert panel.value("prompt.1.weight") == 0, "holding is no tap"


def test_fingers_on_two_faders_at_once(browser, running, panel):
    touched = Panel(browser, running, width=1024, height=768, touch=True)
    panel.home({"prompt.5.weight": 0, "prompt.6.weight": 0})
    starts = []
    for n in (5, 6):
        box = touched.find(f"edc-slot[n='{n}'] edc-fader .cap").bounding_box()
        starts.append((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    fingers = touched.page.context.new_cdp_session(touched.page)

    def touch(kind, up=0.0):
        points = [{"x": x, "y": y - up * k, "id": k} for k, (x, y) in enumerate(starts, 1)]
        points = [] if kind == "touchEnd" else points
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart")
    for up in range(4, 24, 4):
        touch("touchMove", up)
    touch("touchEnd")
    found = touched.until(lambda: (a := panel.told("prompt.5.weight")) > 0.1 and a)
    assert panel.told("prompt.6.weight") > 1.5 * found, "each finger its own way"
    touched.find("edc-cuts").get_by_role("button", name="black").tap()
    panel.until(lambda: panel.told("program.cut") == "black")
    touched.close()
