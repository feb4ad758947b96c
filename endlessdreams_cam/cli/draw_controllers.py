"""Draws the default layouts of the known controllers into a folder.

`python -m endlessdreams_cam.cli.draw_controllers docs/controllers`
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from endlessdreams_cam.controllers.drawing import draw
from endlessdreams_cam.controllers.profile import Profile
from endlessdreams_cam.controllers.profiles import shipped


def draw_all(folder: Path, profiles: Iterable[Profile]) -> list[Path]:
    """Write NAME.svg for each profile and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for profile in profiles:
        file = folder / f"{profile.name}.svg"
        file.write_text(draw(profile), encoding="utf-8")
        files.append(file)
    return files


if __name__ == "__main__":
    for file in draw_all(Path(sys.argv[1]), (p for p in shipped() if p.match)):
        print(file)
