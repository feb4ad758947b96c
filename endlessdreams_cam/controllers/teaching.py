"""Teaching a profile what a unit really sends, where another factory map or scene is on it.

Pure, but for the bytes of the profile's file that come in and go out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import tomlkit
from tomlkit import TOMLDocument

from endlessdreams_cam.bindings import Event, Gesture
from endlessdreams_cam.controllers.profile import Profile
from endlessdreams_cam.controllers.profile_file import parse
from endlessdreams_cam.controllers.series import spread_all


@dataclass(frozen=True, slots=True)
class Lesson:
    """Controls to move one after the other: a row of the profile's file, in one layer of it."""

    row: int
    layer: str
    names: tuple[str, ...]


class Teaching:
    """Goes through a profile's rows and notes the message of each control that is moved.

    `feed` takes what one device sends; `skip` leaves a row as it is; `written` is the file then.
    """

    def __init__(self, data: bytes, *, name: str) -> None:
        parse(data, name=name)  # what is wrong with it is not to be found out at the end
        self._name = name
        self._document: TOMLDocument = tomlkit.parse(data.decode("utf-8-sig"))
        self._lessons = list(_lessons(self._document))
        self._at = 0
        self._heard: list[str] = []
        self._taught: set[tuple[str, str]] = set()
        self.changed = False
        """Whether a row was learned."""

    @property
    def lesson(self) -> Lesson | None:
        """What is to be moved now, None at the end."""
        return self._lessons[self._at] if self._at < len(self._lessons) else None

    def feed(self, event: Event) -> str | None:
        """Take what was moved; return "control = message" if that taught something."""
        lesson = self.lesson
        if lesson is None or event.gesture is Gesture.RELEASE:
            return None
        place = (lesson.layer, event.address)
        if place in self._taught:
            return None  # it still moves, or was touched on the way
        self._taught.add(place)
        told = f"{lesson.names[len(self._heard)]} = {event.address}"
        self._heard.append(event.address)
        if len(self._heard) == len(lesson.names):
            self._write(lesson)
            self._next()
        return told

    def skip(self) -> None:
        """Leave the present row as it is, whatever was moved of it."""
        lesson = self.lesson
        if lesson:
            self._taught -= {(lesson.layer, address) for address in self._heard}
            self._next()

    def written(self) -> tuple[bytes, Profile]:
        """Return the file and what it says; raises ProfileError where two rows got one message."""
        data = tomlkit.dumps(self._document).encode()
        return data, parse(data, name=self._name)

    def _next(self) -> None:
        self._at += 1
        self._heard = []

    def _write(self, lesson: Lesson) -> None:
        row, message = self._document["control"][lesson.row], series(self._heard)
        if lesson.layer:
            row["message"][lesson.layer] = message
        else:
            row["message"] = message
        self.changed = True


def _lessons(document: TOMLDocument) -> Iterator[Lesson]:
    for number, row in enumerate(document.unwrap()["control"]):
        messages = row.get("message", "")
        if not messages:
            continue  # it is named by its first use
        for layer in messages if isinstance(messages, dict) else ("",):
            yield Lesson(number, layer, spread_all(row["name"]))


def series(addresses: list[str]) -> str | list[str]:
    """Return the shortest way to write messages: "cc:1:0-7,16", or a list where kinds differ."""
    heads = {address.rpartition(":")[0] for address in addresses}
    if len(heads) != 1 or len(addresses) == 1:
        return addresses[0] if len(addresses) == 1 else addresses
    numbers = [int(address.rpartition(":")[2]) for address in addresses]
    runs = [list(run) for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
    texts = [f"{run[0][1]}-{run[-1][1]}" if len(run) > 1 else f"{run[0][1]}" for run in runs]
    return f"{heads.pop()}:{','.join(texts)}"
