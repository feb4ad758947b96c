"""The connection to OBS: made, watched and made again, on a thread of its own."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from endlessdreams_cam import clock
from endlessdreams_cam.errors import DeviceError, DeviceLost, EndlessDreamsError
from endlessdreams_cam.obs.login import Login, parse_url
from endlessdreams_cam.obs.refusals import (
    NotObs,
    ObsEnded,
    ObsRefusal,
    ObsSilent,
    ObsStuck,
    ObsTooOld,
    PasswordRefused,
)
from endlessdreams_cam.obs.state import QUESTIONS, SHOWN, ObsState, Phase, Question

if TYPE_CHECKING:
    from endlessdreams_cam.obs.client import ObsClient

_LOG = logging.getLogger(__name__)
_NOT_READY = 207  # obs-websocket's RequestStatus: OBS still loads its scenes
_POLL_S = 0.05
_PHASES: tuple[tuple[type[Exception], Phase], ...] = (
    (PasswordRefused, Phase.REFUSED),
    (ObsSilent, Phase.SILENT),
    (ObsStuck, Phase.SILENT),
    (NotObs, Phase.STRANGE),
    (ObsTooOld, Phase.OLD),
    (ObsEnded, Phase.ENDED),
    (DeviceError, Phase.ABSENT),
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient the connection is, in seconds.

    attempt: until OBS must have taken an attempt; answer: until it must have answered a question;
    beat: between two questions when nothing happens; stuck: how long an OBS that does not answer
    keeps its connection; pauses: after an attempt that failed, the last for ever.
    """

    attempt: float = 4.0
    answer: float = 1.0
    beat: float = 0.75
    stuck: float = 4.0
    pauses: tuple[float, ...] = (1.0, 1.0, 2.0, 3.0)


class Connection:
    """Keeps connected to OBS from `open` to `close`.

    find says where OBS is (None: stay off) and is asked anew for each attempt; heard is called on
    the connection's thread after every news, and may ask OBS from there.
    """

    def __init__(
        self,
        find: Callable[[], Login | None],
        heard: Callable[[ObsState], None],
        now: Callable[[], int] = clock.now_ns,
        *,
        pace: Pace | None = None,
    ) -> None:
        self._find, self._heard, self._now = find, heard, now
        self._pace = pace or Pace()
        self._lock = threading.Lock()
        self._state = ObsState()
        self._client: ObsClient | None = None
        self._wanted = True
        self._tries = 0
        self._called_ns: int | None = None
        self._refused = ("", "")
        self._news = threading.Event()
        self._turn = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="obs", daemon=True)
        self.attempts = 0
        """How often OBS was called."""
        self.connects = 0
        """How often it let us in."""

    @property
    def state(self) -> ObsState:
        """OBS as it is known now."""
        return self._state

    def open(self) -> None:
        """Begin to look for OBS."""
        self._thread.start()

    def close(self) -> None:
        """Hang up; may be called twice."""
        self._stop.set()
        self._hang_up()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def turn(self, on: bool) -> None:
        """Connect, also after a person ended it inside OBS; or hang up and stay away."""
        self._wanted = on
        if on:
            self._turn.set()
        else:
            self._hang_up()

    def wake(self) -> None:
        """Have `heard` called soon, if OBS is there; returns at once."""
        self._news.set()

    def ask(self, request: str, **values: object) -> dict[str, Any]:
        """Return OBS's answer, on any thread; raises ObsRefusal, and DeviceLost when it is away."""
        return self._present().ask(request, **values)

    def look(self, question: Question) -> ObsState:
        """Ask OBS, on any thread, and return the state with its answer; raises DeviceLost."""
        self._look(self._present(), question)
        return self._state

    def _present(self) -> ObsClient:
        client = self._client
        if client is None or not self._state.connected:
            remedy = self._state.remedy or "Connect first: endlessdreams-cam obs connect"
            raise DeviceLost(self._state.cause or "OBS is not connected.", remedy=remedy)
        return client

    def _hang_up(self) -> None:
        if client := self._client:
            client.close()
        self._turn.set()
        self._news.set()

    @property
    def _going(self) -> bool:
        return self._wanted and not self._stop.is_set()

    # The thread

    def _run(self) -> None:
        while not self._stop.is_set():
            login = self._find() if self._wanted else None
            if login is None:
                if self._state.phase is not Phase.ENDED:
                    self._put(ObsState())
                self._rest(None)
                continue
            try:
                self._visit(login)
            except EndlessDreamsError as error:
                self._fail(error)
            except Exception as error:  # the top of the thread: the next attempt may do better
                self._fail(DeviceError(f"The connection failed ({type(error).__name__})."))
            pauses = self._pace.pauses
            self._rest(pauses[min(self._tries, len(pauses) - 1)])
            self._tries += 1

    def _visit(self, login: Login) -> None:
        """Call OBS and follow it until it is gone or nobody wants it any more."""
        client = self._call(login)
        self._tries = 0
        self.connects += 1
        try:
            self._follow(client)
        finally:
            client.close()
            self._client = None

    def _call(self, login: Login) -> ObsClient:
        from endlessdreams_cam.obs.client import ObsClient  # the libraries, once OBS is wanted

        host, port = parse_url(login.url)
        self._wait_for_turn()
        if self._state.phase in (Phase.OFF, Phase.ENDED):
            self._put(ObsState(Phase.CONNECTING))
        self.attempts += 1
        client = self._client = ObsClient(
            host, port, login.password,
            timeout_s=self._pace.attempt, answer_s=self._pace.answer,
            heard=self._hear, lost=self._news.set, refused=self._refused,
        )  # fmt: skip
        if not self._going:
            client.close()
        try:
            return client.open()
        except PasswordRefused as error:
            self._refused = error.known
            raise

    def _wait_for_turn(self) -> None:
        """Leave time since the last attempt, whoever asks for the next."""
        now = self._now()
        if self._called_ns is not None:
            left_s = self._pace.pauses[0] - clock.seconds(now - self._called_ns)
            self._stop.wait(max(left_s, 0.0))
        self._called_ns = self._now()

    def _rest(self, seconds: float | None) -> None:
        self._turn.wait(seconds)
        self._turn.clear()

    def _follow(self, client: ObsClient) -> None:
        """Keep up with OBS; returns when nobody wants it any more, raises when it is gone."""
        while self._going:
            try:
                self._read_all(client)
                self._watch(client)
            except ObsStuck as error:
                if not self._outlasts(client, error):
                    raise
            except DeviceLost as error:
                raise client.ended or error from None

    def _read_all(self, client: ObsClient) -> None:
        version = str(client.ask("GetVersion").get("obsVersion", ""))
        for question in QUESTIONS:
            self._look(client, question)
        self._change(phase=Phase.CONNECTED, cause="", remedy="", version=version)

    def _watch(self, client: ObsClient) -> None:
        """Tell every news, and ask something when there is none: that is how a frozen OBS shows."""
        questions = itertools.cycle(QUESTIONS)
        entered, due_ns = self._state.entered, self._now() + clock.to_ns(self._pace.beat)
        while self._going and client.ended is None:
            self._news.wait(max(clock.seconds(due_ns - self._now()), 0.0))
            self._news.clear()
            if self._state.entered != entered:
                entered = self._state.entered
                self._look(client, SHOWN)
            self._tell()
            if self._now() >= due_ns:
                self._look(client, next(questions))
                due_ns = self._now() + clock.to_ns(self._pace.beat)
        if client.ended:
            raise client.ended

    def _outlasts(self, client: ObsClient, error: ObsStuck) -> bool:
        """Whether an OBS that does not answer comes to itself again on this connection."""
        self._change(phase=Phase.SILENT, cause=error.cause, remedy=error.remedy)
        told, until_ns = client.messages, self._now() + clock.to_ns(self._pace.stuck)
        while self._going and client.ended is None and self._now() < until_ns:
            if client.messages != told:
                return True
            self._stop.wait(_POLL_S)
        return False

    def _look(self, client: ObsClient, question: Question) -> None:
        before = self._state
        try:
            answer = client.ask(question.request, **question.values)
            after = question.take(before, answer, self._now())
        except ObsRefusal as refusal:
            after = before if refusal.code == _NOT_READY else question.refused(before)
        except (KeyError, TypeError, ValueError):
            raise NotObs("What answers does not speak as OBS does.") from None
        with self._lock:
            if self._state is before:  # an event that came meanwhile knows better
                self._state = after

    def _hear(self, event: str, data: dict[str, Any]) -> None:
        with self._lock:
            self._state = self._state.after(event, data, self._now())
        self._news.set()

    def _change(self, **fields: Any) -> None:
        with self._lock:
            self._state = replace(self._state, **fields)
        self._tell()

    def _put(self, state: ObsState) -> None:
        with self._lock:
            self._state = state
        self._tell()

    def _tell(self) -> None:
        try:
            self._heard(self._state)
        except EndlessDreamsError:
            raise
        except Exception as error:  # a listener's fault must not cost the connection
            _LOG.warning("News of OBS could not be followed (%s).", type(error).__name__)

    def _fail(self, error: EndlessDreamsError) -> None:
        if not self._going:
            self._put(ObsState())
            return
        phase = next((phase for kind, phase in _PHASES if isinstance(error, kind)), Phase.REFUSED)
        if phase is Phase.ENDED:
            self._wanted = False
        self._put(ObsState(phase, error.cause, error.remedy))
