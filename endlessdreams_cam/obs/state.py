"""What is known of OBS: read once, then kept up by its own events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from endlessdreams_cam.obs import SCENE, SOURCE

Answer = Mapping[str, Any]


class Phase(StrEnum):
    """Where the connection stands."""

    OFF = "off"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    REFUSED = "refused"  # the password
    ABSENT = "absent"  # OBS is closed, or its WebSocket server off
    SILENT = "silent"  # something is there and does not answer: frozen, or not OBS
    STRANGE = "strange"  # what is there is not OBS
    OLD = "old"
    ENDED = "ended"  # by a person inside OBS: no further attempt


@dataclass(frozen=True, slots=True)
class Output:
    """A stream or recording: it had run for ran_ms at at_ns."""

    active: bool = False
    paused: bool = False
    ran_ms: float = 0.0
    at_ns: int = 0

    def seconds(self, now_ns: int) -> float:
        """Return for how long it has run."""
        since_ms = 0.0 if self.paused or not self.active else (now_ns - self.at_ns) / 1e6
        return round((self.ran_ms + since_ms) / 1000, 1)

    def turned(self, data: Answer, now_ns: int) -> Output:
        """Return what an event makes of it."""
        state, active = (
            str(data["outputState"]).rpartition("OUTPUT_")[2],
            bool(data["outputActive"]),
        )
        ran_ms = self.seconds(now_ns) * 1000 if active and self.active else 0.0
        if state in ("RECONNECTING", "RECONNECTED"):
            active = True  # the stream goes on, as OBS's own clock says
        return Output(active, active and state == "PAUSED", ran_ms, now_ns)


@dataclass(frozen=True, slots=True)
class ObsState:
    """OBS as it is.

    camera and shown are None where OBS has no virtual camera, or no source of ours. entered counts
    the scenes that were entered, passed the transitions that began, since the connection was made;
    passing says that one is under way.
    scene is the user's own word and stays inside this program.
    """

    phase: Phase = Phase.OFF
    cause: str = ""
    remedy: str = ""
    version: str = ""
    scene: str = field(default="", repr=False)
    entered: int = 0
    passed: int = 0
    passing: bool = False
    shown: bool | None = None
    studio: bool = False
    camera: bool | None = None
    stream: Output = Output()
    record: Output = Output()

    @property
    def connected(self) -> bool:
        """Whether OBS hears us."""
        return self.phase is Phase.CONNECTED

    @property
    def ours(self) -> bool:
        """Whether the scene on OBS's program is the one that `setup` made."""
        return self.scene == SCENE

    def after(self, event: str, data: Answer, now_ns: int) -> ObsState:
        """Return the state after an event of OBS; raises KeyError, TypeError for what is none."""
        match event:
            case "CurrentProgramSceneChanged":
                return replace(self, scene=str(data["sceneName"]), entered=self.entered + 1)
            case "SceneNameChanged" if data["oldSceneName"] == self.scene:
                return replace(self, scene=str(data["sceneName"]))
            case "SceneTransitionStarted":
                return replace(self, passed=self.passed + 1, passing=True)
            case "SceneTransitionEnded":
                return replace(self, passing=False)
            case "StudioModeStateChanged":
                return replace(self, studio=bool(data["studioModeEnabled"]))
            case "VirtualcamStateChanged":
                return replace(self, camera=bool(data["outputActive"]))
            case "StreamStateChanged":
                return replace(self, stream=self.stream.turned(data, now_ns))
            case "RecordStateChanged":
                return replace(self, record=self.record.turned(data, now_ns))
        return self


Take = Callable[[ObsState, Answer, int], ObsState]


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask OBS, and what its answer, or a refusal with a code, makes of the state."""

    request: str
    take: Take
    refused: Callable[[ObsState], ObsState] = lambda state: state
    values: Mapping[str, object] = field(default_factory=dict)


def _scene(state: ObsState, answer: Answer, _now_ns: int) -> ObsState:
    return replace(state, scene=str(answer["currentProgramSceneName"]))


def _stream(state: ObsState, answer: Answer, now_ns: int) -> ObsState:
    return replace(state, stream=_output(answer, now_ns))


def _record(state: ObsState, answer: Answer, now_ns: int) -> ObsState:
    return replace(state, record=_output(answer, now_ns))


def _output(answer: Answer, now_ns: int) -> Output:
    active, ran_ms = bool(answer["outputActive"]), float(answer["outputDuration"])
    return Output(
        active, bool(answer.get("outputPaused", False)), ran_ms if active else 0.0, now_ns
    )


SHOWN = Question(
    "GetSourceActive",
    lambda state, answer, _: replace(state, shown=bool(answer["videoActive"])),
    lambda state: replace(state, shown=None),
    {"sourceName": SOURCE},
)
CAMERA = Question(
    "GetVirtualCamStatus",
    lambda state, answer, _: replace(state, camera=bool(answer["outputActive"])),
    lambda state: replace(state, camera=None),
)
QUESTIONS = (
    Question("GetCurrentProgramScene", _scene),
    Question("GetStreamStatus", _stream),
    Question("GetRecordStatus", _record),
    Question(
        "GetStudioModeEnabled",
        lambda state, answer, _: replace(state, studio=bool(answer["studioModeEnabled"])),
    ),
    CAMERA,
    SHOWN,
)
"""What is asked after connecting, and then in turn once a second: it shows that OBS is alive."""
