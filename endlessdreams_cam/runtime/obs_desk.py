"""OBS and the desk: what its scenes recall, what presets show there, whose transition it is."""

from __future__ import annotations

from collections.abc import Callable

from endlessdreams_cam import clock
from endlessdreams_cam.errors import EndlessDreamsError, SettingError
from endlessdreams_cam.obs import camera
from endlessdreams_cam.obs.connection import Connection, Pace
from endlessdreams_cam.obs.login import LOCAL, Login, find_login
from endlessdreams_cam.obs.refusals import ObsRefusal
from endlessdreams_cam.obs.state import CAMERA, ObsState, Phase
from endlessdreams_cam.parameters import Change, Snapshot, Store
from endlessdreams_cam.presets import Library, Preset
from endlessdreams_cam.runtime.desk import PATIENT, Desk
from endlessdreams_cam.runtime.overview import ObsRow
from endlessdreams_cam.runtime.scene_links import SceneLinks
from endlessdreams_cam.runtime.waiting import NOT_HANDS

ORIGIN = "obs"

_HANDS_NS = 2 * clock.SECOND_NS
"""Who has played so lately is playing: a scene's preset stays away."""
_OURS_NS = 20 * clock.SECOND_NS
"""In studio mode a scene that we ask for is entered when OBS's transition ends."""
_NO_SUCH, _NO_STUDIO = 600, 506  # obs-websocket's RequestStatus
_TEMPO = frozenset({"tempo.bpm"})
_TOLD = (Phase.REFUSED, Phase.SILENT, Phase.STRANGE, Phase.OLD, Phase.ENDED)


class ObsDesk:
    """Plays what happens in OBS on the desk, and what the desk does in OBS.

    wish is "auto" (if anybody ever connected), "on", "off" or ws://HOST:PORT; `tell` gets
    troubles. Everything that asks OBS happens on the connection's thread.
    """

    def __init__(
        self,
        wish: str,
        desk: Desk,
        store: Store,
        library: Library,
        tell: Callable[[str, str], None],
        *,
        now: Callable[[], int] = clock.now_ns,
        pace: Pace | None = None,
    ) -> None:
        self._wish = wish
        self._desk = desk
        self._store = store
        self._tell = tell
        self._now = now
        self._links = SceneLinks(library, desk.recalls.order)
        self._line = Connection(self._find, self._heard, now, pace=pace)
        self._seen: ObsState | None = None
        self._told = Phase.OFF
        self._touched_ns = -_HANDS_NS
        self._cut = store.snapshot.text("program.cut")
        self._scene = ""  # to be shown
        self._leads = False  # a transition is to begin
        self._passed_ns = 0  # when the last one began
        self._asked, self._asked_ns = "", 0  # the scene that we asked for

    def open(self) -> None:
        """Begin to look for OBS; nothing waits for it."""
        self._desk.cuts_wait = self._cuts_wait
        self._store.listen(self._on_change)
        self._desk.recalls.listen(self._on_recall)
        self._line.open()

    def close(self) -> None:
        """Hang up; may be called twice."""
        self._line.close()

    def do(self, what: str) -> None:
        """Do "connect", "disconnect", "camera start" or "camera stop".

        Raises SettingError for anything else, DeviceError where OBS does not follow.
        """
        match what:
            case "connect":
                self.connect()
            case "disconnect":
                self.disconnect()
            case "camera start" | "camera stop":
                self.camera(what == "camera start")
            case _:
                raise SettingError(
                    f"OBS cannot be asked to {what!r}.",
                    remedy="Say connect, disconnect, camera start or camera stop.",
                )

    def connect(self) -> None:
        """Look for OBS now, whatever was wished at the start."""
        if self._wish == "off" or (self._wish == "auto" and self._find() is None):
            self._wish = "on"
        self._line.turn(True)

    def disconnect(self) -> None:
        """Hang up, and stay away until `connect`."""
        self._line.turn(False)

    def camera(self, on: bool) -> None:
        """Start or stop OBS's virtual camera; raises DeviceError where it does not follow."""
        try:
            camera.turn(self._line, on)
        finally:
            if self._line.state.connected:
                self._line.look(CAMERA)

    def row(self) -> ObsRow:
        """Return how OBS is, for the status: no word of the user's is in it."""
        state, now = self._line.state, self._now()
        return ObsRow(
            phase=str(state.phase), cause=state.cause, remedy=state.remedy, version=state.version,
            ours=state.ours, shown=state.shown, studio=state.studio, camera=state.camera,
            streaming=state.stream.active, stream_s=state.stream.seconds(now),
            recording=state.record.active, paused=state.record.paused,
            record_s=state.record.seconds(now),
            attempts=self._line.attempts, connects=self._line.connects,
        )  # fmt: skip

    def _find(self) -> Login | None:
        match self._wish:
            case "off":
                return None
            case "auto":
                return find_login()
            case "on":
                return find_login() or find_login(LOCAL)
        return find_login(self._wish)

    def _cuts_wait(self) -> bool:
        state = self._line.state
        follows = self._store.snapshot.text("obs.studio") == "follow"
        return follows and state.connected and state.studio

    # What hands do, on their threads

    def _on_change(self, change: Change) -> None:
        cut, self._cut = self._cut, change.snapshot.text("program.cut")
        if change.origin in NOT_HANDS or change.origin == ORIGIN or not change.names - _TEMPO:
            return
        if self._cut != cut and self._begins(change.snapshot):
            self._leads = True
        else:
            self._touched_ns = self._now()
        if self._leads or "obs.studio" in change.names:
            self._line.wake()

    def _begins(self, snapshot: Snapshot) -> bool:
        """Whether a cut begins OBS's transition."""
        leads = snapshot.text("obs.studio") == "lead" and self._cut in PATIENT
        state = self._line.state
        return leads and not self._desk.latched and state.connected and state.studio

    def _on_recall(self, preset: Preset, origin: str) -> None:
        scene = preset.obs.show
        if not scene or origin in NOT_HANDS or origin == ORIGIN:
            return
        if self._linked and self._line.state.connected:
            self._scene = scene
            self._line.wake()

    @property
    def _linked(self) -> bool:
        return self._store.snapshot.toggle("obs.links") and not self._desk.latched

    # What OBS does, on the connection's thread

    def _heard(self, state: ObsState) -> None:
        self._tell_trouble(state)
        if not state.connected:
            self._seen, self._scene, self._leads, self._asked = None, "", False, ""
            if self._desk.drop_cut():
                self._tell(ORIGIN, "OBS went away: the cut that waited for it was dropped.")
            return
        before, self._seen = self._seen or state, state
        if state.passed != before.passed:
            self._passed_ns = self._now()
            self._pass()
        elif not self._cuts_wait():
            self._desk.drop_cut()
        if state.entered != before.entered:
            self._enter(state.scene)
        self._lead(state)
        self._show(state)

    def _tell_trouble(self, state: ObsState) -> None:
        """Note what went wrong, once: that OBS is closed is no fault until it was there."""
        lost = state.phase is Phase.ABSENT and self._told is Phase.CONNECTED
        if state.phase is not self._told and (lost or state.phase in _TOLD):
            self._tell(ORIGIN, f"{state.cause} {state.remedy}".strip())
        self._told = state.phase

    def _pass(self) -> None:
        """OBS's transition begins: so does the cut that waits for it."""
        touched_ns = self._touched_ns
        self._desk.bring_cut()
        self._touched_ns = touched_ns  # no hand plays now: the scene may bring its preset

    def _enter(self, scene: str) -> None:
        asked, self._asked = self._asked, ""
        if scene == asked and self._now() - self._asked_ns < _OURS_NS:
            return
        link = self._links.find(scene) if self._linked else None
        if link is None:
            return
        playing = self._now() - self._touched_ns < _HANDS_NS
        there = self._store.snapshot.preset == link.preset
        if not link.always and (playing or there):
            return
        try:
            self._desk.recall(link.preset, origin=ORIGIN)
        except EndlessDreamsError as error:
            self._tell(ORIGIN, str(error))

    def _lead(self, state: ObsState) -> None:
        # OBS takes no second transition while one runs, and does not say so. One that is cut short
        # may never be told to have ended: then the wait has an end of its own.
        if not self._leads or (state.passing and self._now() - self._passed_ns < _OURS_NS):
            return
        self._leads = False
        try:
            self._line.ask("TriggerStudioModeTransition")
        except ObsRefusal as refusal:
            if refusal.code != _NO_STUDIO:
                self._tell(ORIGIN, str(refusal))

    def _show(self, state: ObsState) -> None:
        scene, self._scene = self._scene, ""
        if not scene or not self._linked or scene == state.scene:
            return
        try:
            if self._cuts_wait():
                self._line.ask("SetCurrentPreviewScene", sceneName=scene)
            else:
                self._asked, self._asked_ns = scene, self._now()
                self._line.ask("SetCurrentProgramScene", sceneName=scene)
        except ObsRefusal as refusal:
            self._asked = ""
            if refusal.code == _NO_SUCH:
                preset = self._store.snapshot.preset
                self._tell(ORIGIN, f"OBS has no scene of the name that the preset {preset} shows.")
            else:
                self._tell(ORIGIN, str(refusal))
