"""`endlessdreams-cam send`: one request to the running show, quick enough for any button box."""

from __future__ import annotations

import json
import sys
from typing import Any

from endlessdreams_cam.errors import EndlessDreamsError, SettingError
from endlessdreams_cam.runtime.post import call

USAGE = """\
Usage: endlessdreams-cam send NAME=VALUE ...      set parameters, all or none
       endlessdreams-cam send preset NAME         recall a preset
       endlessdreams-cam send save NAME           save the present look as a preset
       endlessdreams-cam send cut dream|source|hold|slate|black
       endlessdreams-cam send prompt N            glide to prompt N
       endlessdreams-cam send pad N               recall entry N of the setlist or library
       endlessdreams-cam send lock|unlock NAME    keep a parameter, or a group, out of recalls
       endlessdreams-cam send rehearse FAULT      let diffusion fail, to see what the show does
       endlessdreams-cam send panic|release|hold|next|previous|undo|finish|reseed
       endlessdreams-cam send obs connect|disconnect|camera start|camera stop
       endlessdreams-cam send status [--json]
"""


def main(words: list[str]) -> int:
    """Send what the words say and return the exit code: 0 done, 1 refused or no show, 2 usage."""
    if not words or words[0] in ("-h", "--help", "help"):
        print(USAGE, end="")
        return 0 if words else 2
    try:
        answer = call(request(words))
    except EndlessDreamsError as error:
        print(f"{error.cause}\n{error.remedy}".strip(), file=sys.stderr)
        return 1
    if "status" in answer:
        _print_status(answer["status"], as_json="--json" in words)
    elif answer:
        print(next(iter(answer.values())))
    return 0


def request(words: list[str]) -> dict[str, Any]:
    """Return the request that the words mean; raises SettingError."""
    if all("=" in word for word in words):
        return {"do": "set", "values": dict(word.split("=", 1) for word in words)}
    match words:
        case ["preset" | "save" as do, *name] if name:
            return {"do": do, "name": " ".join(name)}
        case ["cut", to]:
            return {"do": "cut", "to": to}
        case ["prompt" | "pad" as do, n] if n.isdecimal():
            return {"do": do, "n": int(n)}
        case ["lock" | "unlock" as do, name]:
            return {"do": do, "name": name}
        case ["rehearse", fault]:
            return {"do": "rehearse", "fault": fault}
        case ["obs", *what] if what:
            return {"do": "obs", "what": " ".join(what)}
        case ["status"] | ["status", "--json"]:
            return {"do": "status"}
        case [action] if "=" not in action:
            return {"do": action}
    raise SettingError(f"{' '.join(words)!r} is not understood.", remedy=USAGE)


def _print_status(status: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(status, indent=1))
        return
    output, engine = status["output"], status["engine"]
    print(f"on air    {output['shown']} ({status['preset']}), {output['fps']:g} frames per second")
    _print_order(status)
    print(f"dream     {engine['engine']} {engine['size']}, {engine['fps']:g} per second")
    if status["traded"]:
        print(f"governor  {status['traded']}")
    if status["engine_why"]:
        print(f"engine    {status['engine_why']}")
    print(f"source    {status['source_words']}")
    print(f"camera    {output['label'] or 'none yet'} {output['device']}")
    if status["obs"]["phase"] != "off":
        print(f"obs       {_obs(status['obs'])}")
    for row in status["errors"][-3:]:
        print(f"error     {row['worker']}: {row['text']}")


def _obs(row: dict[str, Any]) -> str:
    if row["phase"] != "connected":
        return f"{row['phase']}: {row['cause']} {row['remedy']}".strip(": ")
    goes = [name for name in ("streaming", "recording", "camera") if row[name]]
    scene = "our scene" if row["ours"] else "another scene"
    return ", ".join([f"OBS {row['version']}, {scene}", *goes])


def _print_order(status: dict[str, Any]) -> None:
    order = status["order"]
    place = f"{order['at']} of {order['songs']}, " if order["songs"] else ""
    print(f"order     {place}next {order['next']}")
    if order["note"]:
        print(f"note      {order['note']}")
    for row in status["waiting"]:
        when = "OBS's transition" if row["on"] == "obs" else f"{row['beats']:.1f} beats"
        print(f"waits     {row['what']}, {when}")
    if status["locks"]:
        print(f"locked    {', '.join(status['locks'])}")
