"""The connection on an OBS that does what a real one cannot be made to do."""

import json
import threading
import time

import pytest
from fake_obs import FakeObs, RawHost, cut_short

from endlessdreams_cam.errors import DeviceLost
from endlessdreams_cam.obs.client import ObsClient
from endlessdreams_cam.obs.connection import Connection, Pace
from endlessdreams_cam.obs.login import Login
from endlessdreams_cam.obs.refusals import NotObs, ObsRefusal
from endlessdreams_cam.obs.state import ObsState, Phase

QUICK = Pace(attempt=0.5, answer=0.3, beat=0.05, stuck=0.3, pauses=(0.1, 0.1, 0.15))
HELLO = '{"op":0,"d":{"rpcVersion":1}}'


@pytest.fixture
def obs():
    fake = FakeObs()
    yield fake
    fake.stop()


class Line:
    """A connection, and what it told."""

    def __init__(self, port, password="", pace=QUICK):
        self.password, self.heard, self.port = password, [], port
        self.line = Connection(self.login, self.heard.append, pace=pace)
        self.line.open()

    def login(self):
        return Login(f"ws://127.0.0.1:{self.port}", lambda: self.password)

    def until(self, found, within_s=8):
        deadline = time.monotonic() + within_s
        while not found(self.line.state):
            assert time.monotonic() < deadline, self.line.state
            time.sleep(0.005)
        return self.line.state

    def phase(self, phase):
        return self.until(lambda state: state.phase is phase)


@pytest.fixture
def call():
    lines = []

    def start(port, *args, **options):
        lines.append(Line(port, *args, **options))
        return lines[-1]

    yield start
    for line in lines:
        line.line.close()
    assert not [t.name for t in threading.enumerate() if t.name.startswith("obs")]


@pytest.fixture
def host():
    hosts = []

    def start(*args, **options):
        hosts.append(RawHost(*args, **options))
        return hosts[-1]

    yield start
    for one in hosts:
        one.stop()


def test_what_obs_does_is_read_and_then_followed(obs, call):
    obs.answers["GetStreamStatus"] = {"outputActive": True, "outputDuration": 61_000}
    obs.answers["GetVirtualCamStatus"] = {"outputActive": True}
    line = call(obs.port)
    state = line.phase(Phase.CONNECTED)
    assert (state.version, state.scene, state.camera) == ("30.1.2", "Room", True)
    assert 61 <= state.stream.seconds(state.stream.at_ns) < 62
    obs.answers["GetStudioModeEnabled"] = {"studioModeEnabled": True}
    obs.event("StudioModeStateChanged", studioModeEnabled=True)
    obs.event("CurrentProgramSceneChanged", sceneName="EndlessDreams")
    state = line.until(lambda state: state.ours and state.studio)
    assert state.entered == 1
    assert "Room" not in repr(state)


def test_a_scene_that_is_renamed_is_not_entered(obs, call):
    line = call(obs.port)
    line.phase(Phase.CONNECTED)
    obs.answers["GetCurrentProgramScene"] = {"currentProgramSceneName": "Hall"}
    obs.event("SceneNameChanged", oldSceneName="Room", sceneName="Hall")
    assert line.until(lambda state: state.scene == "Hall").entered == 0


def test_what_no_event_told_is_seen_by_asking_in_turn(obs, call):
    line = call(obs.port)
    line.phase(Phase.CONNECTED)
    obs.answers["GetVirtualCamStatus"] = {"outputActive": True}
    line.until(lambda state: state.camera)


def test_what_obs_has_not_is_none(obs, call):
    obs.refusals["GetVirtualCamStatus"] = (604, "")
    obs.refusals["GetSourceActive"] = (600, "No source was found by the name of `Secret`.")
    state = call(obs.port).phase(Phase.CONNECTED)
    assert (state.camera, state.shown) == (None, None)


def test_an_obs_that_still_loads_is_read_later(obs, call):
    obs.refusals["GetCurrentProgramScene"] = (207, "")
    line = call(obs.port)
    assert line.phase(Phase.CONNECTED).scene == ""
    del obs.refusals["GetCurrentProgramScene"]
    assert line.until(lambda state: state.scene == "Room").entered == 0


def test_a_refused_password_is_not_tried_again_until_one_of_both_changes(obs, call):
    obs.change("new")
    line = call(obs.port, "old")
    state = line.phase(Phase.REFUSED)
    assert "password" in state.cause
    line.until(lambda _: len(obs.called) > 4)
    assert obs.refused == 1, "each refusal is a message on the screen of OBS's user"
    line.password = "older"
    line.until(lambda _: obs.refused == 2)
    obs.change("older")
    line.phase(Phase.CONNECTED)
    obs.change("newest")
    obs.drop()
    line.phase(Phase.REFUSED)
    line.password = "newest"
    line.phase(Phase.CONNECTED)


def test_a_password_that_obs_wants_and_nobody_has(obs, call):
    obs.change("secret")
    state = call(obs.port).phase(Phase.REFUSED)
    assert state.cause == "OBS wants a password."
    assert obs.refused == 0


def test_the_password_is_looked_up_only_for_an_obs_that_asks(obs):
    asked = []
    with ObsClient("127.0.0.1", obs.port, lambda: asked.append(1) or ""):
        assert not asked


def test_an_obs_that_is_too_old(obs, call):
    obs.rpc = 0
    line = call(obs.port)
    assert "Update OBS" in line.phase(Phase.OLD).remedy
    obs.rpc, obs.identify_code = 1, 4010
    line.until(lambda _: obs.refused)
    line.phase(Phase.OLD)
    obs.identify_code = 0
    line.phase(Phase.CONNECTED)


def test_who_is_sent_away_by_obs_user_stays_away(obs, call):
    line = call(obs.port)
    line.phase(Phase.CONNECTED)
    obs.drop(4011)
    line.phase(Phase.ENDED)
    calls = len(obs.called)
    time.sleep(0.4)
    assert len(obs.called) == calls
    line.line.turn(True)
    line.phase(Phase.CONNECTED)


@pytest.mark.parametrize("code", [None, 1000, 1001, 4002])
def test_who_is_dropped_comes_back(obs, call, code):
    line = call(obs.port)
    line.phase(Phase.CONNECTED)
    obs.drop(code)
    line.until(lambda _: line.line.connects == 2)
    line.phase(Phase.CONNECTED)
    assert any(state.phase is Phase.ABSENT for state in line.heard)


def test_an_answer_that_breaks_off(obs, call):
    obs.odd["GetStreamStatus"] = cut_short
    line = call(obs.port)
    line.phase(Phase.ABSENT)
    obs.odd.clear()
    line.phase(Phase.CONNECTED)


@pytest.mark.parametrize(
    "text",
    ["", "?", "[]", "{}", '{"op":7,"d":{}}', '{"op":5,"d":{"eventType":"StreamStateChanged"}}',
     '{"op":5,"d":[]}', b"\xff\xfe"],
)  # fmt: skip
def test_rubbish_is_no_obs(obs, call, text):
    line = call(obs.port)
    line.phase(Phase.CONNECTED)
    obs.send(text)
    line.until(lambda _: any(state.phase is Phase.STRANGE for state in line.heard))
    line.phase(Phase.CONNECTED)


@pytest.mark.parametrize("answer", [None, {"outputActive": True}, {"outputDuration": "long"}])
def test_an_answer_that_says_nothing_is_no_obs(obs, call, answer):
    obs.answers["GetStreamStatus"] = answer
    call(obs.port).phase(Phase.STRANGE)


@pytest.mark.parametrize(
    "greeting", ["", "{}", '{"op":2,"d":{}}', '{"op":0}', HELLO.replace("1", '"x"'), b"\0"]
)
def test_a_greeting_that_is_none(obs, call, greeting):
    obs.greeting = greeting
    call(obs.port).phase(Phase.STRANGE)


@pytest.mark.parametrize(
    ("data", "endless", "phase"),
    [
        (b"", False, Phase.SILENT),
        (b"x", True, Phase.SILENT),  # never a line's end: it would be read for ever
        (b"HTTP/1.1 200 OK\r\n\r\n", False, Phase.STRANGE),
        (b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\n\r\n", False, Phase.STRANGE),
        (b"SSH-2.0-OpenSSH_9\r\n", False, Phase.STRANGE),
        (b"\0\xff\r\n\r\n", False, Phase.STRANGE),
    ],
)
def test_hosts_that_are_none(host, call, data, endless, phase):
    call(host(data, endless=endless).port).phase(phase)


def test_a_silent_host_that_becomes_obs(host, obs, call):
    line = call(host().port)
    line.phase(Phase.SILENT)
    line.port = obs.port
    line.phase(Phase.CONNECTED)


def test_one_that_does_not_answer_and_then_does_keeps_its_connection(obs, call):
    line = call(obs.port, pace=Pace(0.5, 0.2, 0.05, 5, (0.1,)))
    line.phase(Phase.CONNECTED)
    obs.none.update(obs.answers)
    assert "stuck" in line.phase(Phase.SILENT).remedy
    with pytest.raises(DeviceLost):
        line.line.ask("GetVersion")
    obs.answer_late()
    line.phase(Phase.CONNECTED)
    assert line.line.connects == 1


def test_one_that_stays_silent_is_called_anew(obs, call):
    line = call(obs.port)
    line.phase(Phase.CONNECTED)
    obs.none.update(obs.answers)
    line.until(lambda _: line.line.connects > 1)
    obs.answer_late()
    line.phase(Phase.CONNECTED)


def test_one_that_reads_nothing_holds_nobody_up(obs):
    asleep = threading.Event()
    obs.odd["Sleep"] = lambda *_: asleep.wait(20)

    def lost(request):
        with pytest.raises(DeviceLost) as error:
            client.ask(request, what="x" * 3_000_000)
        return error.value.cause

    with ObsClient("127.0.0.1", obs.port, answer_s=0.2) as client:
        try:
            assert lost("Sleep") == "OBS does not answer."
            said = (lost("Much") for _ in range(30))  # as many as the sockets' buffers hold
            assert "OBS reads nothing." in said
            assert lost("Much") == "OBS has gone.", "half a message is on its way: that was it"
        finally:
            asleep.set()


def test_attempts_are_never_a_storm(call):
    fake = FakeObs()
    fake.identify_code = 4002
    line = call(fake.port)
    try:
        for _ in range(40):
            line.line.turn(True)  # whoever is impatient changes nothing
            time.sleep(0.02)
        gaps = [b - a for a, b in zip(fake.called, fake.called[1:], strict=False)]
        assert gaps
        assert min(gaps) > 0.9 * QUICK.pauses[0]
    finally:
        fake.stop()


def test_nobody_home_and_then_somebody(call):
    first = FakeObs()
    port = first.port
    first.stop()
    line = call(port)
    assert "Nothing listens" in line.phase(Phase.ABSENT).cause


def test_off_until_asked_for(obs, call):
    wanted = []
    line = Line.__new__(Line)
    line.heard, line.password, line.port = [], "", obs.port
    line.line = Connection(lambda: line.login() if wanted else None, line.heard.append, pace=QUICK)
    line.line.open()
    line.phase(Phase.OFF)
    wanted.append(1)
    line.line.turn(True)
    line.phase(Phase.CONNECTED)
    line.line.turn(False)
    line.phase(Phase.OFF)
    assert line.line.state == ObsState()
    line.line.close()


def test_hanging_up_waits_for_nobody(host, call):
    line = call(host().port, pace=Pace(attempt=30))
    line.until(lambda state: state.phase is Phase.CONNECTING and line.line.attempts)
    time.sleep(0.1)
    line.line.close()
    assert not line.line._thread.is_alive()


def test_what_fails_in_the_listener_ends_nothing(obs, call, caplog):
    line = call(obs.port)
    line.phase(Phase.CONNECTED)
    line.line._heard = lambda state: {}[state.scene]
    obs.drop()
    line.until(lambda _: line.line.connects == 2)
    line.phase(Phase.CONNECTED)
    assert "KeyError" in caplog.text
    assert "Room" not in caplog.text


@pytest.mark.parametrize("code", [204, 500, 600, 604, 702])
def test_each_refusal_has_its_code(obs, code):
    obs.refusals["Anything"] = (code, "the name of a scene")
    with ObsClient("127.0.0.1", obs.port) as client, pytest.raises(ObsRefusal) as refused:
        client.ask("Anything")
    assert refused.value.code == code
    assert "scene" not in str(refused.value)


def test_many_threads_may_ask_at_once(obs):
    def echo(connection, number):
        found = {"requestStatus": {"result": True, "code": 100}, "responseData": {"n": number}}
        connection.send(json.dumps({"op": 7, "d": {"requestId": number, **found}}))

    obs.odd["Echo"] = echo
    numbers = []

    def ask(client):
        for _ in range(50):
            numbers.append(client.ask("Echo")["n"])

    with ObsClient("127.0.0.1", obs.port) as client:
        threads = [threading.Thread(target=ask, args=(client,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(numbers)) == 300, "no answer went to two"


def test_a_server_of_another_kind_is_said(host):
    with pytest.raises(NotObs, match="not OBS"):
        ObsClient("127.0.0.1", host(b"HTTP/1.0 404 Not Found\r\n\r\n").port).open()
