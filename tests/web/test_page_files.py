"""The page's files: whole, its own, and asked for at once."""

import re
from pathlib import Path

import pytest

import endlessdreams_cam.web

STATIC = Path(endlessdreams_cam.web.__file__).parent / "static"
IMPORT = re.compile(r"""(?:from|import) "(\.[^"]+)";""")


def modules(start):
    """Return every module that one needs, itself included."""
    found, left = set(), [STATIC / start]
    while left:
        path = left.pop().resolve()
        if path not in found:
            found.add(path)
            left += [path.parent / name for name in IMPORT.findall(path.read_text("utf-8"))]
    return {path.relative_to(STATIC.resolve()).as_posix() for path in found}


def test_the_page_asks_for_all_its_modules_at_once():
    said = (STATIC / "index.html").read_text("utf-8")
    preloaded = set(re.findall(r'rel="modulepreload" href="/static/([^"]+)"', said))
    assert preloaded == modules("js/main.js") - {"js/main.js"}


@pytest.mark.parametrize("start", ["js/main.js", "js/dock.js", "js/on-air.js"])
def test_every_module_is_there(start):
    assert all((STATIC / name).is_file() for name in modules(start))


def test_no_module_is_left_over():
    used = modules("js/main.js") | modules("js/dock.js") | modules("js/on-air.js")
    assert {path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js")} == used


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.*")), ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(path):
    said = path.read_text("utf-8")
    reached = re.findall(r"""(?:src|href|url|import|from|fetch)[ =(]+["']?(?:https?:)?//""", said)
    assert not reached
    if path.suffix == ".html":
        assert " style=" not in said and "<style" not in said
        assert not re.search(r"<script(?![^>]* src=)", said)
    if path.suffix == ".js":
        assert "eval(" not in said and "new Function" not in said


def test_what_is_vendored_has_its_licence_beside_it():
    assert "BSD 3-Clause" in (STATIC / "vendor" / "lit.LICENSE").read_text("utf-8")
