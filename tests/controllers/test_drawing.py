import re
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from endlessdreams_cam.bindings import ACTIONS, Binding, Button
from endlessdreams_cam.cli.draw_controllers import draw_all
from endlessdreams_cam.controllers.drawing import draw, words
from endlessdreams_cam.controllers.profiles import shipped
from endlessdreams_cam.parameters import PARAMETERS

DOCS = Path(__file__).parents[2] / "docs" / "controllers"
KNOWN = {profile.name: profile for profile in shipped() if profile.match}
SVG = "{http://www.w3.org/2000/svg}"
SIZES = {"title": 20, "note": 12, "name": 9, "label": 9, "first": 11.5, "second": 11, "free": 11}


@dataclass(frozen=True)
class Box:
    what: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other):
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def texts(svg):
    """The boxes of all texts, as wide as a wide font makes them."""
    for node in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        kind, x, y = node.get("class"), float(node.get("x")), float(node.get("y"))
        size = SIZES[kind]
        width = size * len(node.text) * (0.66 if kind in ("first", "title") else 0.58)
        left = x if kind in ("title", "note") else x - width / 2
        yield Box(f"{kind} {node.text}", left, y - 0.75 * size, left + width, y + 0.2 * size)


def shapes(svg):
    root = ElementTree.fromstring(svg)
    for node in root.iter(f"{SVG}rect"):
        if node.get("class") in ("paper", "device"):
            continue
        x, y, w, h = (float(node.get(key)) for key in ("x", "y", "width", "height"))
        yield Box(f"box {x} {y}", x, y, x + w, y + h)
    for node in root.iter(f"{SVG}circle"):
        x, y, r = (float(node.get(key)) for key in ("cx", "cy", "r"))
        yield Box(f"ring {x} {y}", x - r, y - r, x + r, y + r)


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_the_drawings_in_the_docs_are_the_present_ones(name):
    assert (DOCS / f"{name}.svg").read_text(encoding="utf-8") == draw(KNOWN[name]), (
        "python -m endlessdreams_cam.cli.draw_controllers docs/controllers"
    )


def test_there_is_a_drawing_of_each_known_controller_and_no_other(tmp_path):
    assert {path.stem for path in DOCS.glob("*.svg")} == set(KNOWN)
    assert [path.name for path in draw_all(tmp_path / "new", KNOWN.values())] == [
        f"{name}.svg" for name in sorted(KNOWN)
    ]


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_nothing_overlaps_and_nothing_leaves_the_paper(name):
    svg = draw(KNOWN[name])
    written = list(texts(svg))
    left, top, width, height = map(float, ElementTree.fromstring(svg).get("viewBox").split())
    paper = Box("paper", left, top, left + width, top + height)
    for box in written:
        inside = paper.left < box.left < box.right < paper.right and box.bottom < paper.bottom
        assert inside, box
    for one, other in combinations(written, 2):
        assert not one.meets(other), (one, other)
    for box in (b for b in written if not b.what.startswith("label")):
        assert not [shape for shape in shapes(svg) if shape.meets(box)], box


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_control_is_drawn_with_all_that_it_does(name):
    profile = KNOWN[name]
    titles = [node.text for node in ElementTree.fromstring(draw(profile)).iter(f"{SVG}title")]
    for control in profile.controls:
        [title] = [text for text in titles if re.search(rf"\b{control.address}\b", text)]
        assert re.search(rf"\b{re.escape(control.name)}\b", title)
        for binding in profile.layout:
            if binding.control == control.name:
                assert words(binding) in title


@pytest.mark.parametrize("to", sorted(ACTIONS) + sorted(PARAMETERS) + ["lock.look.hue"])
def test_everything_has_words(to):
    assert words(Binding(control="pad.1", to=to))
    assert len(words(Binding(control="pad.1", to=to))) <= 24


def test_a_button_that_sets_says_so():
    push = Binding(control="push.1", to="view.zoom", button=Button.SET, values=(1,))
    assert words(push) == "default"
    other = Binding(control="push.1", to="view.zoom", button=Button.SET, values=(2,))
    assert words(other) == "zoom set"
