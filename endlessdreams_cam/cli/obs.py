"""`endlessdreams-cam obs`: from nothing to the program in a scene, proven, and back."""

from __future__ import annotations

import getpass
import sys
from contextlib import closing, suppress
from typing import Any

import typer

from endlessdreams_cam.cli.obs_words import explain, say_dock, say_latency
from endlessdreams_cam.errors import (
    DeviceError,
    DeviceMissing,
    EndlessDreamsError,
    NoShow,
    SettingError,
)
from endlessdreams_cam.obs import SCENE, SOURCE, access, reach, scene, vault, webcams
from endlessdreams_cam.obs.access import Access, Kept
from endlessdreams_cam.obs.client import ObsClient
from endlessdreams_cam.obs.places import Place
from endlessdreams_cam.obs.proof import Proof, Seen, Verdict
from endlessdreams_cam.obs.routes import Program, Route, Way, routes
from endlessdreams_cam.obs.watch import Watch, prove, see
from endlessdreams_cam.runtime.post import call
from endlessdreams_cam.settings import obs_password_file

_TRIES = 3
_UNLOCK_S = 60.0
"""So long a person at a terminal may take to unlock the keyring."""


def connect(url: str | None, place: Place | None, *, use_obs_settings: bool) -> None:
    """Find OBS and remember the way; raises with the cause and the remedy."""
    way = _find(url, place, may_read_obs=True if use_obs_settings else None)
    client, way = _open(way, ask=place in (None, Place.ASK))
    with closing(client):
        found = reach.versions(client)
    print(f"Connected to OBS {found.obs} (obs-websocket {found.websocket}) at {way.url}.")
    _keep(way)


def setup(url: str | None, wanted: Way | None, *, free_camera: bool) -> None:
    """Make scene and source, prove them, and say what to enter in OBS."""
    status: dict[str, Any] = call({"do": "status"})["status"]
    program = _program(status)
    client, way = _open(_find(url, None), ask=True)
    with closing(client), Watch(program.picture_url, see) as watch:
        found = reach.versions(client)
        print(f"OBS {found.obs} at {way.url}.")
        if access.load() != _kept(way):
            _keep(way)
        _free_camera(client, status, local=way.local, agreed=free_camera)
        kinds = set(client.ask("GetInputKindList", unversioned=True)["inputKinds"])
        proof = _first_that_shows(client, watch, routes(program, kinds, local=way.local,
                                                        wanted=wanted))  # fmt: skip
    say_latency(proof, status)
    say_dock(status["panel"])


def remove(url: str | None, *, forget: bool) -> None:
    """Take back what setup made."""
    client, _ = _open(_find(url, None), ask=True)
    with closing(client):
        given, left = webcams.give_back(client)
        gone = scene.remove(client)
    print("The source is out of OBS." if not gone else "Scene and source are out of OBS.")
    if not gone:
        print(f'The scene "{SCENE}" stays: there is something of yours in it.')
    if given:
        print(f"{given} source(s) of yours have their webcam again.")
    if left:
        print(f"{left} more are in another scene collection: switch to it and say it again.")
    if forget:
        _tell_show("disconnect")
        access.forget()
        print("The address and the keyring's password are forgotten.")


_NO_PASSWORD = (
    "OBS asks for no password: whoever reaches this machine can steer it. "
    "In OBS: Tools → WebSocket Server Settings → Enable Authentication."
)


def _find(url: str | None, place: Place | None, *, may_read_obs: bool | None = None) -> Access:
    places = tuple(Place) if place is None else (place,)
    patience_s = _UNLOCK_S if _person() else 5.0
    if may_read_obs is None and place is Place.OBS:
        may_read_obs = True
    return access.find(url, places=places, may_read_obs=may_read_obs, patience_s=patience_s)


def _open(way: Access, *, ask: bool) -> tuple[ObsClient, Access]:
    """Connect; where the password is missing or wrong a person at the terminal is asked."""
    try:
        return reach.connect(way), way
    except SettingError as error:
        if not (ask and _person()):
            raise
        print(f"{error.cause}\n{error.remedy}")
    if way.local and way.origin != access.FROM_OBS and _agreed(_MAY_READ):
        own = access.find(way.url, places=(Place.OBS,), may_read_obs=True)
        if own.password:
            return reach.connect(own), own
        print("There is none in OBS's own settings.")
    return _typed(way)


_MAY_READ = "May this program read the password from OBS's own settings on this machine?"


def _typed(way: Access) -> tuple[ObsClient, Access]:
    for left in reversed(range(_TRIES)):
        try:
            typed = Access(way.url, getpass.getpass("OBS's password: "), "what was typed")
            return reach.connect(typed), typed
        except SettingError as error:
            if not left:
                raise
            print(error.cause)
    raise AssertionError("the last try returns or raises")


def _keep(way: Access) -> None:
    """Remember the address; the password only in the keyring, or where it already lies.

    A running show is told: it connects by itself from then on.
    """
    access.save(_kept(way))
    if not way.password:
        print(_NO_PASSWORD)
    elif way.origin == access.FROM_OBS:
        print("The password stays with OBS: it is read there each time, as you allowed.")
    elif way.origin not in (access.FROM_KEYRING, access.from_file()):
        _store(way)
    _tell_show("connect")


def _kept(way: Access) -> Kept:
    return Kept(way.url, way.origin == access.FROM_OBS)


def _tell_show(what: str) -> None:
    with suppress(NoShow, SettingError):
        call({"do": "obs", "what": what})


def _store(way: Access) -> None:
    try:
        vault.store(way.url, way.password, patience_s=_UNLOCK_S if _person() else 5.0)
        print("The password is in the keyring.")
    except DeviceMissing as error:
        print(
            f"{error.cause} The password is not kept: give it in {access.ENVIRONMENT}, or write it "
            f"into {obs_password_file()} and `chmod 600` that; or let --use-obs-settings read it."
        )
    except DeviceError as error:
        print(f"{error} The password is not kept.")


def _program(status: dict[str, Any]) -> Program:
    panel, output = status["panel"], status["output"]
    if not panel or not panel["url"]:
        raise DeviceMissing(
            "The running show has no panel, and OBS gets the pictures from there.",
            remedy="Start it without --panel off.",
        )
    device = output["device"] if output["label"] else ""
    live = output["state"] == "live"
    return Program(panel["url"], panel["picture_url"], device if live else "", output["label"])


def _first_that_shows(client: ObsClient, watch: Watch[Seen], ways: list[Route]) -> Proof:
    """Set up one way after the other until OBS shows the program; raises where none does."""
    error: EndlessDreamsError = DeviceMissing(
        "This OBS has none of the sources that could show the program.",
        remedy="Install OBS with its media source (Debian: obs-plugins).",
    )
    for route in ways:
        try:
            scene.setup(client, route)
        except DeviceMissing as missing:
            error = missing
            continue
        width, height = scene.canvas(client)
        print(f'Scene "{SCENE}", source "{SOURCE}", on the whole canvas of {width}x{height}: '
              f"{route.words}. Looking at it through OBS …")  # fmt: skip
        found = prove(client, watch)
        if found.verdict in (Verdict.MOVES, Verdict.STILL):
            return found
        error = explain(found, route)
        print(f"Not seen: {error.cause}")
    raise error


def _free_camera(client: ObsClient, status: dict[str, Any], *, local: bool, agreed: bool) -> None:
    """Offer to take the show's webcam from sources of the user's that hold it."""
    webcam = _webcam(status) if local else None
    held = webcams.holders(client, webcam) if webcam else []
    if not held:
        return
    names = ", ".join(f'"{holder.name}"' for holder in held)
    print(f"In OBS {names} is set to the show's own webcam: only one program can have it.")
    if not (agreed or (_person() and _agreed("Take it from there?"))):
        print("It is left there. To take it: endlessdreams-cam obs setup --free-camera")
        return
    for holder in held:
        webcams.let_go(client, holder)
    print(
        "It is free. `endlessdreams-cam obs remove` gives it back, or in OBS: Properties → Device."
    )


def _webcam(status: dict[str, Any]) -> webcams.Webcam | None:
    kind, _, argument = status["source_words"].partition(":")
    if kind != "camera":
        return None
    from endlessdreams_cam.sources.camera import find

    try:
        device = find(argument)
    except DeviceMissing:
        return None
    return webcams.Webcam(device.key, device.label)


def _agreed(question: str) -> bool:
    return _person() and typer.confirm(question)


def _person() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
