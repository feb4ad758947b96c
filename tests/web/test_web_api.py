"""REST: the same as the WebSocket, one route each."""

import struct
import zlib

import pytest
from panel_client import until

from endlessdreams_cam.parameters import PARAMETERS

HOSTILE = [
    "..", ".", "../x", "../../etc/passwd", "..\\x", "/etc/passwd", "C:\\x", "C:x",
    "\\\\host\\share", "a/b", "a\\b", "a/../b", "~", "~root", "$HOME", "`id`", "$(id)", "a;b",
    "a|b", "a&b", "a*", "a?", "a\x00b", "\x00", "\x1b[31m", "a" * 61, "%2e%2e%2f", "%00",
    "..%5c", "CON:", "file:///etc/passwd", "http://evil.example/x", ".hidden", "-rf", "--help",
    "a.toml/", "é", "\u202egpj", "\ufeffa", "a\u200bb", "nul.", "setlist",
    "<script>", "'; drop", "\ud83d\ude00",
]  # fmt: skip


def ask(stage, path, body=None):
    return stage.ask("POST", f"/api/{path}", body)


def test_parameters_are_described_and_set(stage):
    rows = stage.ask("GET", "/api/parameters")[2]["parameters"]
    assert [row["name"] for row in rows] == list(PARAMETERS)
    code, _, answer = ask(stage, "set", {"values": {"view.zoom": 1.5, "look.hue": 10}})
    assert (code, answer) == (200, {})
    assert stage.base("view.zoom") == 1.5
    row = stage.ask("GET", "/api/parameters/view.zoom")[2]
    assert (row["value"], row["knob"], row["curve"]) == (1.5, [1, 3], "log")
    assert stage.ask("GET", "/api/values")[2]["look.hue"] == 10


def test_what_is_refused_changes_nothing_and_says_why(stage):
    before = stage.show.store.snapshot.values
    for path, body in [
        ("set", {"values": {"view.zoom": 2, "nope": 1}}),
        ("set", {"values": {"view.zoom": "wide"}}),
        ("set", {"values": {}}),
        ("set", {"values": {"view.zoom": 2}, "more": 1}),
        ("set", {"values": {"view.zoom": 2}, "glide": -1}),
        ("set", b'{"values": {"view.zoom": NaN}}'),
        ("set", b"{"),
        ("set", []),
        ("set", b"[" * 100_000),
        ("unit", {"values": {"view.zoom": 1.5}}),
        ("unit", {"values": {"program.cut": 0.5}}),
        ("pull/view.zoom", None),
        ("cut/nowhere", None),
        ("act/nonsense", None),
        ("act/prompt.99", None),
        ("stage", {"slot": 9, "text": "x"}),
        ("bind", {"control": "knob.1", "to": "view.zoo"}),
        ("bind", {"control": "../knob", "to": "view.zoom"}),
        ("bind", {"control": "knob.1", "to": "view.edge", "range": [0, 1]}),
        ("layer-picture", b"GIF, but not really"),
    ]:
        code, _, answer = ask(stage, path, body)
        assert code in (400, 422), (path, body, code, answer)
        assert answer["text"], path
    assert stage.show.store.snapshot.values == before


def test_units_triggers_actions_and_cuts(stage):
    ask(stage, "unit", {"values": {"view.zoom": 1.0}})
    assert stage.base("view.zoom") == 3
    seed = stage.base("dream.reseed")
    ask(stage, "pull/dream.reseed")
    assert stage.base("dream.reseed") == seed + 1
    ask(stage, "cut/black")
    until(lambda: stage.show.overview().output.shown == "black")
    ask(stage, "act/panic")
    assert stage.base("program.cut") == "slate"
    assert ask(stage, "cut/source")[0] == 422  # panic holds the slate
    ask(stage, "act/release")
    assert stage.base("program.cut") == "dream"
    ask(stage, "act/prompt.2")
    assert (stage.base("prompt.1.weight"), stage.base("prompt.2.weight")) == (0, 1)


def test_presets_are_recalled_with_a_morph_of_one_s_own(stage):
    names = [row["name"] for row in stage.ask("GET", "/api/presets")[2]["presets"]]
    assert "aurora" in names
    ask(stage, "recall", {"preset": "aurora", "morph": 9.5})
    snapshot = stage.show.store.snapshot
    assert (snapshot.preset, snapshot.morph.duration_s) == ("aurora", 9.5)
    ask(stage, "recall", {"preset": "ember", "wait": "bar"})
    assert stage.show.store.snapshot.preset == "aurora"
    assert stage.ask("GET", "/api/status")[2]["waiting"][0]["kind"] == "recall"
    ask(stage, "act/finish")
    ask(stage, "act/finish")
    until(lambda: stage.show.store.snapshot.preset == "ember")


def test_a_text_waits_for_the_bar(stage):
    stage.show.store.apply({"tempo.bpm": 300}, origin="test")
    ask(stage, "stage", {"slot": 4, "text": "a paper boat", "when": "bar"})
    ask(stage, "stage", {"slot": 5, "text": "a tin whale", "when": "bar"})
    assert stage.base("prompt.4.text") != "a paper boat"
    until(lambda: stage.base("prompt.4.text") == "a paper boat")
    until(lambda: stage.base("prompt.5.text") == "a tin whale")
    ask(stage, "stage", {"slot": 4, "text": "late", "when": "bar"})
    ask(stage, "stage", {"slot": 4, "text": "at once"})
    assert stage.base("prompt.4.text") == "at once"
    assert not stage.show.desk.waiting


def test_coarse_words_stay_outside_when_they_are_filtered(stage):
    before = stage.base("prompt.6.text")
    stage.show.store.apply({"prompt.filter": True}, origin="keys")
    try:
        code, _, answer = ask(stage, "set", {"values": {"prompt.6.text": "a nude in the hall"}})
        assert (code, "not let in" in answer["text"]) == (422, True)
        assert ask(stage, "stage", {"slot": 6, "text": "p0rn"})[0] == 422
        assert stage.base("prompt.6.text") == before
        assert ask(stage, "stage", {"slot": 6, "text": "a hall"})[0] == 200
        stage.show.store.apply({"prompt.6.text": "a nude"}, origin="keys")  # the user's own hand
    finally:
        stage.show.store.apply({"prompt.filter": False}, origin="keys")


def test_locks(stage):
    ask(stage, "lock/drift")
    assert stage.show.desk.locks == ("drift",)
    ask(stage, "unlock/drift")
    assert stage.show.desk.locks == ()


def test_saving_makes_a_preset_of_one_s_own(stage):
    answer = ask(stage, "save/my-look")[2]
    assert answer["saved"] == "my-look"
    assert (stage.folder / "presets" / "my-look.toml").is_file()
    rows = {row["name"]: row for row in stage.ask("GET", "/api/presets")[2]["presets"]}
    assert rows["my-look"]["own"]
    assert not rows["ember"]["own"]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_leaves_the_folder(stage, name):
    before = sorted(stage.folder.rglob("*"))
    for do in ("save", "recall"):
        with stage.client() as client:
            key = "name" if do == "save" else "preset"
            assert client.ask(do=do, **{key: name})["type"] == "refused", name
    after = [path for path in sorted(stage.folder.rglob("*")) if "workers.log" not in path.name]
    assert [path for path in after if path not in before] == []


@pytest.mark.parametrize(
    "name", ["White Noise", "white\nnoise", "white\r\nnoise", "white\u2028noise"]
)
def test_blanks_in_a_name_become_hyphens(stage, name):
    assert ask(stage, "recall", {"preset": "aurora"})[0] == 200
    with stage.client() as client:
        assert client.ask(do="save", name=name)["saved"] == "white-noise"
    (stage.folder / "presets" / "white-noise.toml").unlink()


def png(width, height, data):
    """Return a PNG that says it is of that size."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def rows(width, height):
    return zlib.compress((b"\0" + b"\x20\x80\xf0" * width) * height)


def test_a_picture_becomes_the_layer(stage):
    code, _, answer = ask(stage, "layer-picture", png(64, 36, rows(64, 36)))
    assert code == 200, answer
    assert stage.base("layer.input").startswith("image:")
    assert stage.base("layer.amount") == 0.5
    until(lambda: (layer := stage.show.overview().layer) and layer.frames)
    shown = stage.ask("GET", "/api/values")[2]["layer.input"]
    assert shown == stage.ask("GET", "/api/status")[2]["layer_words"]
    stage.show.desk.set({"layer.input": "none"}, origin="test")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(png(50_000, 50_000, zlib.compress(b"\0" * 10_000_000)), id="bomb"),
        pytest.param(png(65_000, 65_000, b""), id="claims much"),
        pytest.param(b"%PDF-1.7", id="pdf"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n", id="eps"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="svg"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x89PNG\r\n\x1a\n", id="a head alone"),
        pytest.param(b"\xff\xd8\xff" + b"\0" * 1000, id="no jpeg"),
    ],
)
def test_what_is_no_picture_is_refused_and_not_kept(stage, data):
    import psutil

    before, memory = stage.base("layer.input"), psutil.Process().memory_info().rss
    code, _, answer = ask(stage, "layer-picture", data)
    assert code == 422, answer
    assert stage.base("layer.input") == before
    kept = list((stage.folder / "run" / "uploads").glob("*")) if data else []
    assert not [path for path in kept if path.read_bytes() == data]
    assert psutil.Process().memory_info().rss - memory < 100 * 2**20


def test_painting_is_in_the_dream(stage):
    stroke = {"kind": "colour", "colour": "#ff0000", "size": 0.5, "decay_s": 60,
              "points": [[0.5, 0.5]]}  # fmt: skip
    stage.show.desk.cut("dream", origin="test")
    stage.show.desk.set({"view.zoom": 1, "look.hue": 0, "dream.feedback": 0}, origin="test")
    assert ask(stage, "paint", {"strokes": [stroke]})[0] == 200
    dreams = stage.show.stage.frames("dream-a")

    def red():
        middle = dreams.read().pixels[40:50, 75:85].mean((0, 1))
        return middle[0] > 150 and middle[2] < 80

    until(red)
    ask(stage, "paint", {"clear": True})
    until(lambda: not red())
    assert ask(stage, "paint", {"strokes": [{**stroke, "points": [[2, 0]]}]})[0] == 422


def test_the_program_goes_elsewhere_and_does_not_end(stage):
    before = stage.show.overview().output.frames
    assert ask(stage, "output", {"to": "/dev/nothing"})[0] == 422
    assert ask(stage, "output", {"to": "null"})[0] == 200

    def goes_on():
        seen = stage.show.overview().output
        return seen.state == "live" and seen.frames > before + 30

    until(goes_on)
    assert not [row for row in stage.show.errors if row.worker.startswith(("output", "standby"))]
