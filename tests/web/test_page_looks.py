"""How the page looks: nothing hidden, nothing too small, a name for everything."""

import os
from pathlib import Path

import pytest
from page_browser import Panel, a_show, chromium

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SIZES = ((1024, 768), (1440, 900), (3840, 2160))
TABS = ("Dream", "View", "Inputs", "Swings", "Show", "MIDI", "Health")
SHOW = (
    "--output", "null", "--size", "1280x720", "--source", "sitter", "--set", "auto.on=off",
    "--panel", "0", "glass-garden",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with a_show(tmp_path_factory, *SHOW) as running:
        yield running


def audit(panel, part=""):
    """Return axe-core's serious and critical faults of the page, or of a part of it."""
    # Through the debugger: the page's own policy lets no other script in.
    if not panel.page.evaluate("!!window.axe"):
        panel.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = panel.page.evaluate(
        """part => axe.run(part ? document.querySelector("edc-panel").shadowRoot.querySelector(part)
            : document, {resultTypes: ["violations"]})""",
        part,
    )
    faults = [row for row in found["violations"] if row["impact"] in ("serious", "critical")]
    assert found["passes"] or found["testEngine"], "it did look"
    return [(row["id"], [node["html"][:200] for node in row["nodes"]][:5]) for row in faults]


def test_axe_finds_no_serious_fault(browser, running):
    panel = Panel(browser, running)
    assert not audit(panel)
    panel.close()


def test_axe_finds_no_serious_fault_behind_the_tabs(browser, running):
    panel = Panel(browser, running)
    for tab in TABS[1:]:
        panel.tab(tab)
        panel.page.wait_for_timeout(200)
        assert not audit(panel, "edc-deck"), tab
    panel.close()


def test_axe_finds_no_serious_fault_in_the_dock(browser, running):
    panel = Panel(browser, running, at="/dock", width=340)
    assert not audit(panel)
    panel.close()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_all_that_matters_is_in_view(browser, running, width, height):
    panel = Panel(browser, running, width=width, height=height)
    box = panel.find("edc-panic button").bounding_box()
    assert box["height"] >= 96
    assert box["y"] + box["height"] <= height
    for part in ("edc-air", "edc-preview[of=program]", "edc-cuts", "edc-bank", "edc-presets"):
        inside = panel.find(part).bounding_box()
        assert inside["y"] >= 0 and inside["y"] + inside["height"] <= box["y"], part
        assert inside["x"] >= 0 and inside["x"] + inside["width"] <= width, part
    assert panel.page.evaluate("document.documentElement.scrollHeight") <= height
    assert panel.page.evaluate("document.documentElement.scrollWidth") <= width
    preview = panel.find("edc-preview[of=program]").bounding_box()
    assert preview["width"] / preview["height"] == pytest.approx(16 / 9, rel=0.03)
    assert preview["width"] > 0.35 * width
    panel.close()


@pytest.mark.parametrize("width", [300, 420])
def test_the_dock_fits(browser, running, width):
    panel = Panel(browser, running, at="/dock", width=width)
    assert panel.page.evaluate("document.documentElement.scrollWidth") <= width
    for button in panel.find("edc-cuts button").all():
        assert button.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert panel.find("edc-slot").count() == 8
    panel.close()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_targets_are_large_enough_for_a_finger(browser, running, width, height):
    panel = Panel(browser, running, width=width, height=height)
    small = panel.page.evaluate("""() => {
        const found = [];
        const look = (root) => root.querySelectorAll("*").forEach((one) => {
            if (one.shadowRoot) look(one.shadowRoot);
            if (one.localName !== "button" || one.className === "entry") return;
            const box = one.getBoundingClientRect();
            if (box.width && Math.min(box.width, box.height) < 24)
                found.push(one.textContent.trim());
        });
        look(document);
        return found;
    }""")
    assert not small
    panel.close()


@pytest.mark.timeout(180)
def test_a_picture_of_it(browser, running, tmp_path):
    """With ENDLESSDREAMS_PICTURES=docs it makes the README's."""
    wanted = os.environ.get("ENDLESSDREAMS_PICTURES")
    panel = Panel(browser, running, width=1440, height=900)
    panel.until(lambda: panel.look()["mean"] > 10 and panel.look("source")["mean"] > 10)
    panel.until(lambda: thumbs(panel) >= (20 if wanted else 1), within_s=150)
    path = Path(wanted or tmp_path) / "panel.png"
    panel.page.screenshot(path=path)
    assert path.stat().st_size > 50_000
    panel.close()


def thumbs(panel):
    """Return how many small pictures have been drawn."""
    return panel.page.evaluate("""() => {
        let drawn = 0;
        const look = (root) => root.querySelectorAll("*").forEach((one) => {
            if (one.shadowRoot) look(one.shadowRoot);
            if (one.localName !== "edc-thumb") return;
            const pen = one.shadowRoot.querySelector("canvas").getContext("2d");
            drawn += pen.getImageData(80, 45, 1, 1).data[3] > 0;
        });
        look(document);
        return drawn;
    }""")


def test_the_page_draws_values_as_the_show_does(browser, running):
    from endlessdreams_cam.parameters import PARAMETERS

    panel = Panel(browser, running)
    found = panel.page.evaluate("""async () => {
        const {show} = await import("/static/js/show.js");
        const {toUnit, fromUnit} = await import("/static/js/curve.js");
        const tried = (row) => [0, 0.1, 0.37, 0.5, 0.83, 1].map((unit) =>
            [unit, fromUnit(row, unit), toUnit(row, fromUnit(row, unit))]);
        const numbers = [...show.parameters.values()].filter(({kind}) => kind === "number");
        return numbers.map((row) => [row.name, tried(row)]);
    }""")
    assert len(found) > 50
    for name, rows in found:
        for unit, value, back in rows:
            assert value == pytest.approx(PARAMETERS[name].from_unit(unit), abs=1e-9), name
            assert back == pytest.approx(unit, abs=1e-5), name
    panel.close()


def test_every_parameter_has_a_control(browser, running):
    panel = Panel(browser, running)
    seen = set()
    for tab in TABS:
        panel.tab(tab)
        seen |= set(
            panel.page.evaluate("""() => {
            const found = [];
            const look = (root) => root.querySelectorAll("*").forEach((one) => {
                if (one.shadowRoot) look(one.shadowRoot);
                const name = one.name;
                if (one.localName.startsWith("edc-") && name) found.push(name);
            });
            look(document);
            return found;
        }""")
        )
    all_names = set(
        panel.page.evaluate(
            "import('/static/js/show.js').then(({show}) => [...show.parameters.keys()])"
        )
    )
    texts = {
        name for name in all_names if name.startswith("prompt.") and name.split(".")[1].isdigit()
    }
    elsewhere = {"program.cut", "program.record", "engine.name"} | texts
    assert sorted(all_names - seen - elsewhere) == []
    panel.close()
