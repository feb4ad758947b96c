"""The commands of `endlessdreams-cam obs`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from endlessdreams_cam.obs.places import Place
from endlessdreams_cam.obs.routes import Way

obs_app = typer.Typer(
    help="Bring the program into OBS: connect once, then one command.", no_args_is_help=True
)


class Turn(StrEnum):
    """What to do with a camera."""

    START = "start"
    STOP = "stop"


_URL = "OBS's address: ws://HOST:4455."


@obs_app.command("connect")
def obs_connect(
    url: Annotated[str | None, typer.Option(metavar="ws://HOST:4455", help=_URL)] = None,
    password_from: Annotated[
        Place | None, typer.Option(help="Look for the password there alone.")
    ] = None,
    use_obs_settings: Annotated[
        bool,
        typer.Option("--use-obs-settings", help="Read port and password where OBS keeps them."),
    ] = False,
) -> None:
    """Find OBS, say what is missing, and remember the way to it; no password is kept in clear."""
    from endlessdreams_cam.cli.obs import connect

    connect(url, password_from, use_obs_settings=use_obs_settings)


@obs_app.command("setup")
def obs_setup(
    url: Annotated[str | None, typer.Option(metavar="ws://HOST:4455", help=_URL)] = None,
    route: Annotated[
        Way | None, typer.Option(help="Insist on one way; default: the best that works.")
    ] = None,
    free_camera: Annotated[
        bool,
        typer.Option("--free-camera", help="Take the show's webcam from OBS's own sources."),
    ] = False,
) -> None:
    """Put the running show into OBS, prove that it is seen there, and measure how late it is."""
    from endlessdreams_cam.cli.obs import setup

    setup(url, route, free_camera=free_camera)


@obs_app.command("camera")
def obs_camera(
    what: Annotated[Turn, typer.Argument(help="start or stop.")],
    url: Annotated[str | None, typer.Option(metavar="ws://HOST:4455", help=_URL)] = None,
) -> None:
    """Start or stop OBS's own virtual camera, and say whether it really runs."""
    from endlessdreams_cam.cli.obs_camera import turn_camera

    turn_camera(what is Turn.START, url)


@obs_app.command("remove")
def obs_remove(
    url: Annotated[str | None, typer.Option(metavar="ws://HOST:4455", help=_URL)] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Forget the address and the password too.")
    ] = False,
) -> None:
    """Take back everything that setup made, and give webcams back to their sources."""
    from endlessdreams_cam.cli.obs import remove

    remove(url, forget=forget)
