"""OBS's scenes and the desk's presets, on an OBS whose events a test sends."""

import json
import time as real

import pytest
from fake_obs import FakeObs
from played_time import Time

from endlessdreams_cam.errors import DeviceError, DeviceLost
from endlessdreams_cam.obs.connection import Pace
from endlessdreams_cam.parameters import Store
from endlessdreams_cam.presets import Library
from endlessdreams_cam.runtime.desk import Desk
from endlessdreams_cam.runtime.obs_desk import ObsDesk

S = 1_000_000_000
QUICK = Pace(attempt=0.5, answer=0.5, beat=0.05, stuck=0.3, pauses=(0.1,))


class Playing:
    """A desk that is connected to a fake OBS; time stands still unless a test moves it."""

    def __init__(self, folder):
        self.folder, self.time, self.notes = folder, Time(10 * S), []
        self.obs = FakeObs()
        self.store = Store(self.time)
        library = Library(folder)
        self.desk = Desk(self.store, library, self.time)
        self.write("room", 'enter = ["Room"]\nshow = "Room"')
        self.write("stage", 'enter = ["Stage", "Big stage"]\nshow = "Stage"')
        self.write("always", 'enter = ["Alarm"]\nalways = true')
        self.write("plain", "")
        self.desk.recall("plain", origin="start")
        self.line = ObsDesk(
            f"ws://127.0.0.1:{self.obs.port}", self.desk, self.store, library,
            lambda *note: self.notes.append(note), now=self.time, pace=QUICK,
        )  # fmt: skip
        self.line.open()
        self.phase("connected")

    def close(self):
        self.line.close()
        self.obs.stop()

    def write(self, name, text):
        (self.folder / f"{name}.toml").write_text(f'title = "{name}"\n[obs]\n{text}\n')

    def phase(self, phase):
        self.until(lambda: self.line.row().phase == phase)

    def until(self, found, within_s=5):
        deadline = real.monotonic() + within_s
        while not found():
            assert real.monotonic() < deadline
            real.sleep(0.005)

    def enter(self, scene):
        """Somebody enters a scene in OBS; return once the desk has heard of it and all before."""
        self.obs.answers["GetCurrentProgramScene"] = {"currentProgramSceneName": scene}
        self.obs.event("CurrentProgramSceneChanged", sceneName=scene)
        self.obs.event("StudioModeStateChanged", studioModeEnabled=self.line.row().studio)
        self.until(lambda: self.line._line.state.scene == scene)
        self.settle()

    def settle(self):
        """Wait until everything that has come was looked at."""
        done = []
        listener = self.line._line._heard

        def heard(state):
            listener(state)
            done.append(state)

        self.line._line._heard = heard
        self.line._line.wake()
        self.until(lambda: len(done) > 1 or self.line._line.wake())
        self.line._line._heard = listener

    def studio(self, how):
        self.desk.set({"obs.studio": how}, origin="start")
        self.obs.answers["GetStudioModeEnabled"] = {"studioModeEnabled": True}
        self.obs.event("StudioModeStateChanged", studioModeEnabled=True)
        self.until(lambda: self.line.row().studio)

    @property
    def preset(self):
        return self.desk.snapshot.preset

    @property
    def cut(self):
        return self.desk.snapshot.text("program.cut")


@pytest.fixture
def playing(tmp_path):
    opened = Playing(tmp_path)
    yield opened
    opened.close()


def test_entering_a_scene_recalls_its_preset(playing):
    playing.enter("Big stage")
    assert playing.preset == "stage"
    playing.enter("Kitchen")
    assert playing.preset == "stage"


def test_the_scene_that_is_there_when_we_come_recalls_nothing(playing):
    assert playing.line._line.state.scene == "Room"
    playing.settle()
    assert playing.preset == "plain"


def test_who_has_just_played_is_left_alone(playing):
    playing.desk.set({"view.zoom": 2}, origin="midi")
    playing.time.ns += S
    playing.enter("Stage")
    assert playing.preset == "plain"
    playing.enter("Alarm")
    assert playing.preset == "always", "this link says always"
    playing.time.ns += 2 * S
    playing.enter("Stage")
    assert playing.preset == "stage"


@pytest.mark.parametrize("origin", ["auto", "start", "show", "reload", "obs"])
def test_what_is_no_hand_does_not_count(playing, origin):
    playing.store.set("view.zoom", 2, origin=origin)
    playing.enter("Stage")
    assert playing.preset == "stage"


def test_a_clock_is_no_hand(playing):
    playing.store.follow(100, playing.time.ns, origin="midi")
    playing.enter("Stage")
    assert playing.preset == "stage"


def test_the_preset_on_air_keeps_what_hands_made_of_it(playing):
    playing.enter("Stage")
    playing.desk.set({"view.zoom": 2}, origin="midi")
    playing.time.ns += 5 * S
    playing.enter("Big stage")
    assert playing.store.snapshot.values["view.zoom"] == 2


def test_a_recall_shows_its_scene_and_no_more_follows(playing):
    playing.write("other", 'enter = ["Stage"]\nalways = true')  # before "stage" in the order
    playing.desk.recall("stage", origin="keys")
    playing.until(lambda: playing.obs.requests("SetCurrentProgramScene"))
    playing.enter("Stage")  # as OBS tells it
    assert playing.preset == "stage"
    assert playing.obs.requests("SetCurrentProgramScene") == [{"sceneName": "Stage"}]
    playing.enter("Room")
    playing.enter("Stage")
    assert playing.preset == "other", "this time somebody entered it in OBS"


def test_what_a_scene_recalls_shows_no_scene(playing):
    playing.enter("Big stage")
    assert playing.preset == "stage"
    playing.settle()
    assert not playing.obs.requests("SetCurrentProgramScene")


def test_the_scene_that_is_shown_already_is_left_alone(playing):
    playing.desk.recall("room", origin="keys")
    playing.settle()
    assert not playing.obs.requests("SetCurrentProgramScene")


def test_a_scene_that_is_not_there_is_said_without_its_name(playing):
    playing.obs.refusals["SetCurrentProgramScene"] = (600, "No source by the name of `Stage`.")
    playing.desk.recall("stage", origin="keys")
    playing.until(lambda: playing.notes)
    assert "preset stage" in playing.notes[0][1]
    assert "Stage" not in playing.notes[0][1]


def test_panic_suspends_the_links_until_it_is_released(playing):
    playing.desk.panic(origin="keys")
    playing.time.ns += 5 * S
    playing.enter("Stage")
    playing.enter("Alarm")
    playing.desk.recall("room", origin="keys")
    playing.desk.recall("stage", origin="keys")
    playing.settle()
    assert not playing.obs.requests("SetCurrentProgramScene")
    playing.desk.release(origin="keys")
    playing.time.ns += 5 * S
    playing.settle()
    assert playing.preset == "stage", "nothing is made up for"
    playing.enter("Room")
    assert playing.preset == "room"


def test_links_can_be_off(playing):
    playing.desk.set({"obs.links": False}, origin="start")
    playing.enter("Alarm")
    playing.desk.recall("stage", origin="keys")
    playing.settle()
    assert not playing.obs.requests("SetCurrentProgramScene")


def test_a_link_is_taken_from_the_file_as_it_is_now(playing):
    playing.enter("Kitchen")
    playing.write("plain", 'enter = ["Kitchen"]')
    playing.desk.recall("room", origin="start")
    playing.enter("Stage")
    playing.enter("Kitchen")
    assert playing.preset == "plain"


def test_the_setlist_comes_first(playing):
    from endlessdreams_cam.presets.setlist import Setlist, Song

    playing.write("other", 'enter = ["Stage"]')
    playing.desk.recalls.use(Setlist(song=(Song(preset="stage"),)))
    playing.enter("Stage")
    assert playing.preset == "stage"


# Studio mode


def test_cuts_wait_for_the_transition(playing):
    playing.studio("follow")
    playing.desk.cut("hold", origin="keys")
    assert (playing.cut, playing.desk.waiting[0].what) == ("dream", "hold")
    assert playing.desk.due_ns is None
    playing.desk.tick(playing.time.ns + 3600 * S)
    assert playing.cut == "dream"
    playing.obs.event("SceneTransitionStarted", transitionName="Cut")
    playing.until(lambda: playing.cut == "hold")
    assert not playing.desk.waiting


def test_emergencies_never_wait(playing):
    playing.studio("follow")
    playing.desk.cut("hold", origin="keys")
    playing.desk.cut("black", origin="keys")
    assert playing.cut == "black"
    assert not playing.desk.waiting
    playing.desk.cut("dream", origin="keys")
    playing.desk.panic(origin="keys")
    assert (playing.cut, playing.desk.waiting) == ("slate", ())


def test_values_beside_a_cut_do_not_wait(playing):
    playing.studio("follow")
    playing.desk.set({"program.cut": "hold", "view.zoom": 2}, origin="keys")
    assert (playing.cut, playing.store.snapshot.values["view.zoom"]) == ("dream", 2)


def test_the_cut_that_waited_is_no_hand_for_the_scene_that_comes(playing):
    playing.studio("follow")
    playing.desk.cut("hold", origin="keys")
    playing.time.ns += 5 * S
    playing.obs.event("SceneTransitionStarted", transitionName="Cut")
    playing.enter("Stage")
    assert (playing.cut, playing.preset) == ("hold", "stage")


def test_without_studio_mode_cuts_are_at_once(playing):
    playing.desk.set({"obs.studio": "follow"}, origin="start")
    playing.desk.cut("hold", origin="keys")
    assert playing.cut == "hold"


@pytest.mark.parametrize("end", ["studio", "off", "gone"])
def test_a_cut_does_not_wait_for_what_cannot_come(playing, end):
    playing.studio("follow")
    playing.desk.cut("source", origin="keys")
    if end == "studio":
        playing.obs.event("StudioModeStateChanged", studioModeEnabled=False)
    elif end == "off":
        playing.desk.set({"obs.studio": "off"}, origin="keys")
    else:
        playing.obs.drop()
    playing.until(lambda: not playing.desk.waiting)
    assert playing.cut == "dream", "the camera does not go on air by accident"


def test_a_presets_scene_goes_to_the_preview_where_cuts_follow(playing):
    playing.studio("follow")
    playing.desk.recall("stage", origin="keys")
    playing.until(lambda: playing.obs.requests("SetCurrentPreviewScene"))
    assert not playing.obs.requests("SetCurrentProgramScene")


def test_cuts_lead(playing):
    playing.studio("lead")
    playing.desk.cut("hold", origin="keys")
    playing.until(lambda: playing.obs.requests("TriggerStudioModeTransition"))
    assert playing.cut == "hold"
    playing.enter("Stage")
    assert playing.preset == "stage", "the cut was no hand on the dream"
    playing.desk.cut("hold", origin="keys")
    playing.desk.cut("black", origin="keys")
    playing.desk.panic(origin="keys")
    playing.desk.release(origin="keys")
    playing.settle()
    assert len(playing.obs.requests("TriggerStudioModeTransition")) == 1


def test_a_cut_that_leads_waits_for_the_end_of_a_transition(playing):
    playing.studio("lead")
    playing.obs.event("SceneTransitionStarted", transitionName="Fade")
    playing.settle()
    playing.desk.cut("hold", origin="keys")
    playing.settle()
    assert not playing.obs.requests("TriggerStudioModeTransition"), "OBS would not hear of it"
    playing.obs.event("SceneTransitionEnded", transitionName="Fade")
    playing.until(lambda: playing.obs.requests("TriggerStudioModeTransition"))


# The camera


def active(on):
    return {"outputActive": on, "outputDuration": 0}


def test_the_camera_is_believed_when_it_runs(playing):
    obs = playing.obs
    start = obs.answers
    obs.odd["StartVirtualCam"] = lambda connection, number: (
        start.update(GetVirtualCamStatus=active(True)), _yes(connection, number)
    )  # fmt: skip
    playing.line.camera(True)
    assert playing.line.row().camera is True
    obs.refusals["StopVirtualCam"] = (501, "")
    start["GetVirtualCamStatus"] = active(False)
    playing.line.camera(False)
    assert playing.line.row().camera is False


def test_a_yes_without_a_camera_is_no_yes(playing, monkeypatch):
    monkeypatch.setattr("endlessdreams_cam.obs.camera.turn.__kwdefaults__", {"within_s": 0.3})
    with pytest.raises(DeviceError, match="says yes") as failed:
        playing.line.camera(True)
    assert "v4l2loopback devices=2" in failed.value.remedy
    playing.obs.answers["GetVersion"] = {"platform": "windows"}
    with pytest.raises(DeviceError) as failed:
        playing.line.camera(True)
    assert "Unity" in failed.value.remedy


def test_an_obs_without_a_camera(playing):
    playing.obs.refusals["StartVirtualCam"] = (604, "")
    playing.obs.refusals["GetVirtualCamStatus"] = (604, "")
    with pytest.raises(DeviceError, match="no virtual camera") as failed:
        playing.line.camera(True)
    assert "v4l2loopback" in failed.value.remedy
    assert playing.line.row().camera is None


def test_the_camera_of_an_obs_that_is_away(playing):
    playing.obs.drop(4011)
    playing.phase("ended")
    with pytest.raises(DeviceLost, match="ended"):
        playing.line.camera(True)
    playing.line.connect()
    playing.phase("connected")
    playing.line.disconnect()
    playing.phase("off")


def test_streaming_and_recording_with_their_time(playing):
    playing.obs.event("StreamStateChanged", outputActive=False,
                      outputState="OBS_WEBSOCKET_OUTPUT_STARTING")  # fmt: skip
    playing.obs.event("StreamStateChanged", outputActive=True,
                      outputState="OBS_WEBSOCKET_OUTPUT_STARTED")  # fmt: skip
    playing.obs.event("RecordStateChanged", outputActive=True, outputPath="/home/me/secret.mkv",
                      outputState="OBS_WEBSOCKET_OUTPUT_STARTED")  # fmt: skip
    playing.until(lambda: playing.line.row().recording)
    playing.time.ns += 3 * S
    row = playing.line.row()
    assert (row.streaming, row.stream_s, row.record_s) == (True, 3, 3)
    playing.obs.event("RecordStateChanged", outputActive=True,
                      outputState="OBS_WEBSOCKET_OUTPUT_PAUSED")  # fmt: skip
    playing.until(lambda: playing.line.row().paused)
    playing.time.ns += 3 * S
    assert (playing.line.row().stream_s, playing.line.row().record_s) == (6, 3)
    playing.obs.event("StreamStateChanged", outputActive=False,
                      outputState="OBS_WEBSOCKET_OUTPUT_STOPPED")  # fmt: skip
    playing.until(lambda: not playing.line.row().streaming)
    assert "secret" not in repr(playing.line._line.state)


def test_the_status_holds_no_word_of_the_users(playing):
    playing.enter("Big stage")
    assert "stage" not in repr(playing.line.row()).lower()


def _yes(connection, number):
    found = {"requestId": number, "requestStatus": {"result": True, "code": 100}}
    connection.send(json.dumps({"op": 7, "d": found}))
