"""Contact sheets, to look at what scenes paint: `python -m endlessdreams_cam.cli.sheet`.

Rows are seeds (each with its own hour), columns moments. With --sitter a rendered person stands
before the camera, and the last row shows the camera's picture.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from endlessdreams_cam.engines.scenes.catalogue import SCENES, make
from endlessdreams_cam.engines.scenes.mood import Mood, Palette, Weather
from endlessdreams_cam.engines.scenes.world import Moment, Person, Picture
from endlessdreams_cam.frame import Size

_STEP = 1 / 30


def film(
    name: str,
    mood: Mood,
    size: Size,
    times: list[float],
    person_at: Callable[[float], Person] | None = None,
    energy: float = 0.5,
) -> tuple[list[Picture], float]:
    """Return a scene's pictures at rising times (painting every frame between) and ms per frame."""
    scene = make(name, size, mood)
    found: list[Picture] = []
    spent, count, t = 0.0, 0, max(0.0, times[0] - 4.0)
    while len(found) < len(times):
        person = person_at(t) if person_at else None
        began = time.perf_counter()
        picture = scene.paint(Moment(t, _STEP, _STEP, energy=energy, person=person))
        spent += time.perf_counter() - began
        count += 1
        if t + _STEP / 2 >= times[len(found)]:
            found.append(picture.copy())
        t += _STEP
    return found, 1000 * spent / count


def sitting() -> Callable[[float], Person]:
    """Return the person fields of the rendered sitter as a function of time."""
    from endlessdreams_cam.engines.scenes.person import PersonReader
    from endlessdreams_cam.sources.sitter import sitter

    reader, last = PersonReader(), [-1.0]
    for k in range(75):  # let the reader learn the room
        reader.read(sitter(k / 30), k / 30, 1 / 30)

    def person_at(t: float) -> Person:
        dt = min(max(t - last[0], 1 / 60), 0.1)
        last[0] = t
        return reader.read(sitter(t), t + 3, dt)

    return person_at


def main() -> None:
    """Write a contact sheet."""
    parser = argparse.ArgumentParser(prog="sheet", description=main.__doc__)
    parser.add_argument("scene", choices=[*SCENES, "all"])
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", default="512x288")
    parser.add_argument("--hours", default="7,13,19,22", help="one row each")
    parser.add_argument("--times", default="4,4.5,12,40", help="seconds, one column each")
    parser.add_argument("--seed", type=int, default=1, help="of the first row; later rows count up")
    parser.add_argument("--weather", default="clear", choices=[w.value for w in Weather])
    parser.add_argument("--energy", type=float, default=0.5)
    parser.add_argument("--words", default="")
    parser.add_argument("--sitter", action="store_true")
    parser.add_argument("--scale", type=float, default=0.75, help="of the sheet")
    options = parser.parse_args()
    size = Size(*map(int, options.size.split("x")))
    times = [float(t) for t in options.times.split(",")]
    rows = []
    for name in SCENES if options.scene == "all" else [options.scene]:
        for n, hour in enumerate(map(float, options.hours.split(","))):
            mood = Mood(options.seed + n, hour, Weather(options.weather), Palette(),
                        words=frozenset(options.words.split()))  # fmt: skip
            person_at = sitting() if options.sitter else None
            pictures, cost = film(name, mood, size, times, person_at, options.energy)
            print(f"{name} seed {mood.seed} {hour:g} h: {cost:.1f} ms per frame")
            rows.append(np.hstack(pictures))
    sheet = (np.clip(np.vstack(rows), 0, 1) * 255).astype(np.uint8)
    small = cv2.resize(
        sheet, None, fx=options.scale, fy=options.scale, interpolation=cv2.INTER_AREA
    )
    cv2.imwrite(str(options.out), small[..., ::-1])


if __name__ == "__main__":
    main()
