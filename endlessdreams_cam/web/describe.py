"""The show in JSON: what there is to play, and how it goes."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from endlessdreams_cam import __version__, clock
from endlessdreams_cam.errors import PresetError
from endlessdreams_cam.parameters import PARAMETERS, Parameter, Snapshot
from endlessdreams_cam.parameters.spec import Scalar
from endlessdreams_cam.presets import Preset
from endlessdreams_cam.runtime.hands import Hands
from endlessdreams_cam.runtime.overview import WorkerRow
from endlessdreams_cam.runtime.show import Show
from endlessdreams_cam.runtime.statuses import ViewerStatus
from endlessdreams_cam.sources import public
from endlessdreams_cam.web.commands import list_actions

Row = dict[str, Any]

_ADDRESSES = ("source.input", "layer.input")


def values(snapshot: Snapshot) -> dict[str, Scalar]:
    """Return every parameter's base; of an address only its host."""
    return {name: shown(name, value) for name, value in snapshot.values.items()}


def shown(name: str, value: Scalar) -> Scalar:
    """Return a value as clients see it: an address may hold a password."""
    return public(str(value)) if name in _ADDRESSES else value


def live(snapshot: Snapshot, now_ns: int) -> dict[str, float]:
    """Return the live value of every number that is on its way, offset or swinging."""
    moving = {name for name, move in snapshot.moves.items() if not move.done(now_ns)}
    names = moving | set(snapshot.offsets) | snapshot.swung
    return {name: round(snapshot.number(name, now_ns), 5) for name in names}


def parameter(spec: Parameter, home: Scalar) -> Row:
    """Return what a parameter is; default is what it returns to in this show."""
    return {
        "name": spec.name,
        "group": spec.group,
        "kind": spec.kind,
        "default": shown(spec.name, home),
        "doc": spec.doc,
        "low": spec.low,
        "high": spec.high,
        "knob": spec.knob,
        "curve": spec.curve,
        "unit": spec.unit,
        "choices": spec.choices,
        "also": spec.also,
        "max_length": spec.max_length,
        "glides": spec.glides,
        "swings": spec.swings,
        "in_presets": spec.in_presets,
    }


def parameters(show: Show) -> list[Row]:
    """Return all of them, in the order of the reference."""
    home = show.store.home
    return [parameter(spec, home[name]) for name, spec in PARAMETERS.items()]


def hello(show: Show, presets: Row, look: str) -> Row:
    """Return what a client needs to know first; look is the pictures' key."""
    return {
        "type": "hello",
        "version": __version__,
        "size": show.options.size._asdict(),
        "fps": show.options.fps,
        "parameters": parameters(show),
        "values": values(show.store.snapshot),
        "actions": list_actions(),
        **presets,
        "picture_token": look,
        "pictures": {name: f"/{name}.mjpg?key={look}" for name in ("program", "source")},
    }


class Shelf:
    """The presets on their pads; files are read again only when they changed."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._known: dict[Path, tuple[tuple[int, int], Row]] = {}

    def rows(self) -> Row:
        """Return presets in the pads' order, the setlist and the styles on air. Reads files."""
        order = self._show.desk.recalls.order
        entries = {entry.name: entry for entry in self._show.library.entries()}
        names = [song.preset for song in order.songs] or list(entries)
        found = [self._row(entries[n].path, n, entries[n].own) for n in names if n in entries]
        return {
            "presets": found,
            "setlist": _setlist(order.setlist),
            "styles": list(self._show.store.snapshot.styles),
        }

    def _row(self, path: Path, name: str, own: bool) -> Row:
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            kept = self._known.get(path)
            if kept is None or kept[0] != stamp:
                kept = self._known[path] = (stamp, _preset(self._show.library.load(name)))
            row = kept[1]
        except (PresetError, OSError) as error:
            row = {"title": name, "note": "", "tags": [], "fault": str(error)}
        return {"name": name, "own": own, **row}


def _preset(preset: Preset) -> Row:
    return {"title": preset.title, "note": preset.note, "tags": list(preset.tags), "fault": ""}


def _setlist(setlist: Any) -> Row | None:
    if setlist is None:
        return None
    songs = [{"preset": song.preset, "note": song.note} for song in setlist.song]
    return {"title": setlist.title, "songs": songs}


def status(show: Show, workers: tuple[WorkerRow, ...]) -> Row:
    """Return how the show goes: everything the terminal shows, and what the page needs beside."""
    overview, snapshot = show.overview(), show.store.snapshot
    row = asdict(overview)
    del row["panel"]  # whoever reads this has the token; a screenshot of it should not
    recorder = next((v for v in overview.viewers if v.file), ViewerStatus())
    return {
        "type": "status",
        **row,
        "workers": [asdict(worker) for worker in workers],
        "next": overview.order.next,
        "note": overview.order.note,
        "shown": overview.output.shown,
        "morph_total_s": snapshot.morph.duration_s,
        "dreams_fps": overview.engine.fps,
        "age_ms": overview.output.age_recent_ms.p50,
        "beat": {"bpm": overview.bpm, "at": round(snapshot.beat.count(clock.now_ns()), 3)},
        "size": str(show.options.size),
        "record": {"on": snapshot.toggle("program.record"), "file": recorder.file},
        "trouble": asdict(overview.output.trouble) if overview.output.trouble.cause else None,
        "outputs": [asdict(overview.output), *(asdict(viewer) for viewer in overview.viewers)],
        "engines": [
            {"slot": slot, "on_air": slot == snapshot.switch.engine, **asdict(worker.status)}
            for slot, worker in show.stage.engines().items()
        ],
    }


def controls(hands: Hands) -> list[Row]:
    """Return every binding in force."""
    learned = set(hands.learned)
    return [
        {
            "to": row.to,
            "control": row.control,
            "device": device,
            "shift": row.shift,
            "range": row.range,
            "curve": row.curve,
            "pickup": row.pickup,
            "invert": row.invert,
            "learned": row in learned,
        }
        for device, row in hands.bindings()
    ]


def waiting(hands: Hands) -> list[Row]:
    """Return the controls that wait for their parameter, in parts of the knob's travel."""
    return [
        {**asdict(w), "position": round(w.position, 3), "target": round(w.target, 3)}
        for w in hands.waiting
    ]


def given_id(text: str) -> Row:
    """Return the id in a message that is not understood, so that whoever sent it is answered."""
    try:
        found = json.loads(text)["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return {"id": found} if isinstance(found, int | str) else {}
