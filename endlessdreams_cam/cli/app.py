"""The command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from endlessdreams_cam import __version__
from endlessdreams_cam.cli.obs_app import obs_app
from endlessdreams_cam.errors import EndlessDreamsError

_begun_ns = 0


class _RunByDefault(TyperGroup):
    """No command means `run`, also with run's own options: `endlessdreams-cam --source pattern`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        own = {"--help", "-h", "--version", "--install-completion", "--show-completion"}
        if not args or (args[0] not in own and args[0] not in self.commands):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_RunByDefault,
    help="A webcam that dreams: choose it in OBS, Zoom or Meet, and play it live.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
presets_app = typer.Typer(help="List, show and check presets.", no_args_is_help=True)
app.add_typer(presets_app, name="presets")
midi_app = typer.Typer(help="List, watch, teach and test MIDI controllers.", no_args_is_help=True)
app.add_typer(midi_app, name="midi")

models_app = typer.Typer(help="List, pull, check and remove models.", no_args_is_help=True)
app.add_typer(models_app, name="models")
app.add_typer(obs_app, name="obs")

Words = "camera[:N], file:PATH, image:PATH, screen[:N], url:URL, pattern, sitter or none"


def main(begun_ns: int = 0) -> None:
    """Run the command line; errors are two lines: the cause and the remedy."""
    global _begun_ns
    _begun_ns = begun_ns
    try:
        app()
    except EndlessDreamsError as error:
        print(f"{error.cause}\n{error.remedy}".strip(), file=sys.stderr)
        sys.exit(1)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"endlessdreams-cam {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command()
def run(
    preset: Annotated[str | None, typer.Argument(help="A preset to open on.")] = None,
    setlist: Annotated[
        Path | None,
        typer.Option(help="The order of presets; default: setlist.toml beside your own presets."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(help=f"The live input: {Words}. Default: the first camera, else none."),
    ] = None,
    layer: Annotated[str, typer.Option(help="A second input merged into the dream.")] = "none",
    engine: Annotated[str, typer.Option(help="auto, scenes or diffusion.")] = "auto",
    model: Annotated[
        str | None,
        typer.Option(help="The diffusion model: a name of `models list`, a folder or a file."),
    ] = None,
    size: Annotated[str, typer.Option(help="The program's size.")] = "1280x720",
    fps: Annotated[float, typer.Option(help="The program's frames per second.")] = 30.0,
    device: Annotated[
        str | None, typer.Option(help="The virtual camera's device (see `devices`).")
    ] = None,
    dream_size: Annotated[
        str | None, typer.Option(help="The dreams' size; default: the engine's best.")
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(help="virtualcam, window, null or record:FILE.mkv; may be repeated."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter; may be repeated."),
    ] = None,
    midi: Annotated[str, typer.Option(help="real, or off: leave the controllers alone.")] = "real",
    osc: Annotated[
        str | None,
        typer.Option(metavar="[HOST:]PORT", help="Listen for OSC; on this machine by default."),
    ] = None,
    obs: Annotated[
        str,
        typer.Option(
            metavar="auto|on|off|ws://HOST:PORT",
            help="Stay connected to OBS; auto: if you ever connected.",
        ),
    ] = "auto",
    panel: Annotated[
        str,
        typer.Option(metavar="[HOST:]PORT", help="Where the page to play from is; or off."),
    ] = "8808",
    panel_cert: Annotated[
        Path | None, typer.Option(help="For a panel beyond this machine: its certificate (PEM).")
    ] = None,
    panel_key: Annotated[
        Path | None, typer.Option(help="For a panel beyond this machine: its key (PEM).")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    seconds: Annotated[float | None, typer.Option(min=0, help="Stop after so long.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write the figures to this file, every 5 s and at the end.")
    ] = None,
    headless: Annotated[
        bool, typer.Option(help="No picture of the state in the terminal.")
    ] = False,
    unpaced: Annotated[
        bool, typer.Option(help="As many frames as possible, for measuring; with --output null.")
    ] = False,
) -> None:
    """Put the show on air. This is also what happens without a command."""
    from endlessdreams_cam.cli.run import Asked, run_show

    asked = Asked(
        preset=preset, setlist=setlist, source=source, layer=layer, engine=engine,
        model=model, size=size,
        fps=fps, device=device, dream_size=dream_size, outputs=tuple(output or ()),
        sets=tuple(set_ or ()), seconds=seconds, report=report, headless=headless, unpaced=unpaced,
        midi=midi, osc=osc, obs=obs, panel=panel, panel_cert=panel_cert, panel_key=panel_key,
        open_panel=open_,
    )  # fmt: skip
    raise typer.Exit(run_show(asked, begun_ns=_begun_ns))


@app.command()
def send(
    words: Annotated[
        list[str] | None, typer.Argument(help="NAME=VALUE …, preset NAME, cut TO, panic, status …")
    ] = None,
) -> None:
    """Steer the running show from another terminal or a button box."""
    from endlessdreams_cam.cli.send import main as send_main

    raise typer.Exit(send_main(words or []))


@app.command()
def status(
    json: Annotated[bool, typer.Option("--json", help="For machines, with the panel's token.")] = (
        False
    ),
) -> None:
    """Show how the running show goes."""
    from endlessdreams_cam.cli.send import main as send_main

    raise typer.Exit(send_main(["status", "--json"] if json else ["status"]))


@app.command()
def parameters(
    markdown: Annotated[bool, typer.Option(help="As the page of the docs.")] = False,
    osc: Annotated[bool, typer.Option(help="As the page of OSC addresses.")] = False,
) -> None:
    """List every parameter: what it does, its range and default."""
    from endlessdreams_cam.cli.reference import print_parameters

    print_parameters(markdown=markdown, osc=osc)


@presets_app.command("list")
def presets_list() -> None:
    """List the presets; your own win over the shipped ones of the same name."""
    from endlessdreams_cam.cli.reference import print_presets

    print_presets()


@presets_app.command("show")
def presets_show(name: str) -> None:
    """Show a preset: its bank, styles and values."""
    from endlessdreams_cam.cli.reference import print_preset

    print_preset(name)


@presets_app.command("check")
def presets_check(file: Path) -> None:
    """Check the file of a preset or a setlist, with the place of every fault."""
    from endlessdreams_cam.cli.reference import check_file

    print(check_file(file))


@presets_app.command("schema")
def presets_schema() -> None:
    """Print the JSON Schema of a preset's file, for your editor."""
    import json

    from endlessdreams_cam.presets import json_schema

    print(json.dumps(json_schema(), indent=1))


@midi_app.command("list")
def midi_list() -> None:
    """List the controllers: the profile that each gets, its ports, whether it can be opened."""
    from endlessdreams_cam.cli.midi import print_controllers

    print_controllers()


@midi_app.command("monitor")
def midi_monitor(
    seconds: Annotated[float | None, typer.Option(min=0, help="Stop after so long.")] = None,
) -> None:
    """Show what controllers send as it comes, and what it plays by default. Ctrl-C ends it."""
    from endlessdreams_cam.cli.midi import monitor

    monitor(seconds)


@midi_app.command("learn")
def midi_learn(
    to: Annotated[
        str, typer.Argument(help="A parameter (view.zoom) or an action (preset.next).")
    ] = "",
    preset: Annotated[str | None, typer.Option(help="Keep it in your copy of this preset.")] = None,
    profile: Annotated[
        str | None, typer.Option(help="Instead: teach this profile what your unit sends.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, help="How long to wait for a move.")] = 30.0,
) -> None:
    """Pick a parameter, move a control: it plays that from now on, in a running show at once."""
    if profile and not to and not preset:
        from endlessdreams_cam.cli.teach import teach

        raise typer.Exit(teach(profile, seconds=seconds))
    if profile or not to:
        raise typer.BadParameter("Name a parameter, or a profile with --profile: one of them.")
    from endlessdreams_cam.cli.learn import learn

    raise typer.Exit(learn(to, preset=preset, seconds=seconds))


@midi_app.command("profiles")
def midi_profiles(
    draw: Annotated[Path | None, typer.Option(help="Draw their layouts into this folder.")] = None,
) -> None:
    """List the controllers that are known, and where a profile of your own belongs."""
    from endlessdreams_cam.cli.midi import print_profiles

    print_profiles(draw)


@midi_app.command("test")
def midi_test() -> None:
    """Run the lights of every controller, one by one."""
    from endlessdreams_cam.cli.midi import test_lights

    raise typer.Exit(test_lights())


@models_app.command("list")
def models_list() -> None:
    """List the models: size, licence, what card they need, and which are here."""
    from endlessdreams_cam.cli.models import print_models

    print_models()


@models_app.command("pull")
def models_pull(name: str) -> None:
    """Download a model; a download that broke goes on. After it everything is offline."""
    from endlessdreams_cam.cli.models import pull_model

    pull_model(name)


@models_app.command("check")
def models_check(
    path: Annotated[str, typer.Argument(help="A model's name, a folder or a .safetensors file.")],
) -> None:
    """Say what a model is, or why it cannot be used; of pulled ones every hash is looked at."""
    from endlessdreams_cam.cli.models import check_model

    check_model(path)


@models_app.command("remove")
def models_remove(name: str) -> None:
    """Delete a pulled model."""
    from endlessdreams_cam.cli.models import remove_model

    remove_model(name)


@app.command()
def devices() -> None:
    """Show the cameras, virtual cameras, MIDI ports and GPUs; * marks the defaults."""
    from endlessdreams_cam.cli.doctor import print_devices

    print_devices()


@app.command()
def doctor(
    json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Check what a show needs, with the command or click that mends each lack."""
    from endlessdreams_cam.cli.doctor import run_doctor

    raise typer.Exit(run_doctor(as_json=json))


@app.command()
def bench(
    parts: Annotated[
        list[str] | None,
        typer.Argument(
            help="start, program, output, sixty, knob, takeover, path, midi, panel, obs, memory, "
            "scenes, diffusion"
        ),
    ] = None,
    seconds: Annotated[float, typer.Option(min=5, help="How long the long parts last.")] = 60.0,
    json: Annotated[Path | None, typer.Option(help="Write the figures to this file too.")] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(help="diffusion: a model's folder or file, or a name with --random-weights."),
    ] = None,
    random_weights: Annotated[
        bool, typer.Option("--random-weights", help="diffusion: the real shape, no download.")
    ] = False,
    size: Annotated[list[str] | None, typer.Option(help="diffusion: 512x512, …")] = None,
    steps: Annotated[list[int] | None, typer.Option(help="diffusion: 1 to 8.")] = None,
    path: Annotated[
        list[str] | None, typer.Option(help="diffusion: eager, compiled, graph.")
    ] = None,
    frames: Annotated[int, typer.Option(min=1, help="diffusion: dreams for a figure.")] = 200,
    checker: Annotated[
        bool, typer.Option("--checker", help="diffusion: the image checker too, random weights.")
    ] = False,
) -> None:
    """Measure this machine: the program's pace, its costs, a knob's way, each scene, diffusion."""
    from endlessdreams_cam.cli.bench import run_bench
    from endlessdreams_cam.cli.bench_diffusion import Asked, check
    from endlessdreams_cam.runtime.options import parse_size

    asked = check(
        Asked(
            models=tuple(model or ()),
            random=random_weights,
            sizes=tuple(parse_size(text, name="--size") for text in size or ()),
            steps=tuple(steps or (1,)),
            paths=tuple(path or ()),
            frames=frames,
            checker=checker,
        )
    )
    raise typer.Exit(run_bench(parts or [], seconds=seconds, json_file=json, diffusion=asked))
