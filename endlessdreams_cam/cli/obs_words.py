"""What `obs setup` says at the end, and where it fails."""

from __future__ import annotations

from typing import Any

from endlessdreams_cam.errors import DeviceError
from endlessdreams_cam.obs.proof import Proof, Verdict
from endlessdreams_cam.obs.routes import Route, Way

_LIVE = ("camera", "screen", "url")
_ANYWAY = {
    Way.CAMERA: "Take the driver-free way: endlessdreams-cam obs setup --route stream",
    Way.STREAM: "Look at the source in OBS; say the command again with another --route.",
    Way.PAGE: "Take the other way: endlessdreams-cam obs setup --route stream",
}


def say_latency(proof: Proof, status: dict[str, Any]) -> None:
    """Print what was proven, and the offset for the microphone."""
    if proof.verdict is Verdict.STILL:
        print("Proven: OBS shows the program's own picture. It stands still now, so its delay "
              "cannot be measured: say the command again while it moves.")  # fmt: skip
        return
    if proof.latency_ms is None:
        print("Proven: OBS's pictures are the program's own and move with it, too little for their "
              "delay to be measured: say the command again while more happens.")  # fmt: skip
        return
    late = round(proof.latency_ms)
    print("Proven: OBS's pictures are the program's own and move with it, "
          f"{late} ms after they are made.")  # fmt: skip
    age = _age_ms(status)
    print(f"Mic → Advanced Audio → Sync Offset: {late + age} ms")
    if age:
        print(f"  ({age} ms from your camera to the program, {late} ms from there into OBS)")


def say_dock(panel: dict[str, Any]) -> None:
    """Print how the page to play from becomes a dock of OBS."""
    print("To play from inside OBS: Docks → Custom Browser Docks…, as URL")
    print(f"  {panel['url']}/dock#{panel['token']}")
    print("  (the address opens everything: show it to nobody)")


def explain(proof: Proof, route: Route) -> DeviceError:
    """Return what is wrong with what OBS shows."""
    cause = {
        Verdict.NOTHING: "OBS's source stays empty.",
        Verdict.STUCK: "OBS's source stays on one picture while the program moves.",
        Verdict.OTHER: "OBS's source shows something else than the program.",
    }[proof.verdict]
    return DeviceError(cause, remedy=_ANYWAY[route.way])


def _age_ms(status: dict[str, Any]) -> int:
    """Return how old a live picture is when it reaches the program, 0 where there is none."""
    if status["source_words"].partition(":")[0] not in _LIVE:
        return 0
    return round(status["output"]["age_recent_ms"]["p50"])
