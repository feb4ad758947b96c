"""The generated pages of the docs are what the program generates."""

from pathlib import Path

import pytest

from endlessdreams_cam.cli.reference import osc_markdown, parameters_markdown

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(
    ("page", "generate", "command"),
    [
        ("parameters.md", parameters_markdown, "parameters --markdown"),
        ("osc.md", osc_markdown, "parameters --osc"),
    ],
)
def test_the_page_is_what_is_generated(page, generate, command):
    assert (DOCS / page).read_text() == generate(), f"endlessdreams-cam {command} > docs/{page}"
