"""Who comes in: every route and the WebSocket, with evil hosts, origins and tokens."""

import pytest
from panel_client import Client, closed_with, refused

GETS = [
    "/api/status",
    "/api/values",
    "/api/parameters",
    "/api/parameters/view.zoom",
    "/api/presets",
    "/api/controls",
    "/api/actions",
    "/api/devices",
    "/api/openapi.json",
]
POSTS = [
    "/api/obs",
    "/api/set",
    "/api/unit",
    "/api/recall",
    "/api/stage",
    "/api/paint",
    "/api/bind",
    "/api/output",
    "/api/pull/dream.reseed",
    "/api/act/panic",
    "/api/cut/black",
    "/api/recall/ember",
    "/api/save/mine",
    "/api/lock/drift",
    "/api/unlock/drift",
    "/api/layer-picture",
]
PICTURES = ["/program.mjpg", "/source.mjpg", "/program.jpg", "/source.jpg", "/on-air"]
STATIC = ["/", "/dock", "/static/js/main.js"]
ROUTES = [("GET", path) for path in GETS + PICTURES] + [("POST", path) for path in POSTS]

EVIL = {
    "host": {"host": "evil.example"},
    "host with the port": {"host": "evil.example:{port}"},
    "host without a port": {"host": "127.0.0.1"},
    "no host": {"host": None},
    "origin": {"origin": "http://evil.example"},
    "another port": {"origin": "http://127.0.0.1:1"},
    "another scheme": {"origin": "https://127.0.0.1:{port}"},
    "null origin": {"origin": "null"},
    "cross-site": {"sec_fetch_site": "cross-site"},
}


def evil(stage, case):
    return {n: v and v.format(port=stage.port) for n, v in EVIL[case].items()}


@pytest.mark.parametrize("case", EVIL)
def test_no_route_for_another_page(stage, case):
    before = stage.show.store.snapshot.version
    for method, path in [*ROUTES, *(("GET", path) for path in STATIC)]:
        code, _, _ = stage.ask(method, path, **evil(stage, case))
        assert code in (400, 403), (method, path, code)
    assert stage.show.store.snapshot.version == before


@pytest.mark.parametrize("token", [False, "wrong", "é", "", "Bearer"])
def test_no_route_without_the_token(stage, token):
    before = stage.show.store.snapshot.version
    for method, path in ROUTES:
        code, _, _ = stage.ask(method, path, token=token and token.encode().decode("latin-1"))
        assert code == 401, (method, path, code)
    assert stage.show.store.snapshot.version == before


def test_every_route_is_known_to_these_tests(stage):
    found = stage.ask("GET", "/api/openapi.json")[2]["paths"]
    given = {(method.upper(), path) for path, methods in found.items() for method in methods}
    held = {("GET", "/api/parameters/{name}"), ("POST", "/api/pull/{name}"),
            ("POST", "/api/act/{action}"), ("POST", "/api/cut/{to}"),
            ("POST", "/api/recall/{preset}"), ("POST", "/api/save/{name}"),
            ("POST", "/api/lock/{name}"), ("POST", "/api/unlock/{name}")}  # fmt: skip
    assert given - held <= set(ROUTES)


def test_the_pictures_key_opens_pictures_only(stage):
    look = stage.tokens.look
    assert stage.ask("GET", f"/program.jpg?key={look}", token=False)[0] == 200
    assert stage.ask("GET", "/program.jpg", token=look)[0] == 200
    assert stage.ask("GET", f"/on-air?key={look}", token=False)[0] == 200
    assert stage.ask("GET", "/program.jpg?key=wrong", token=False)[0] == 401
    for method, path in ROUTES:
        if path not in PICTURES:
            assert stage.ask(method, f"{path}?key={look}", token=look)[0] == 401, path


def test_static_files_need_no_token(stage):
    for path in STATIC:
        code, headers, _ = stage.ask("GET", path, token=False)
        assert code == 200, path
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
    assert stage.ask("GET", "/static/../panel.py", token=False)[0] == 404
    assert stage.ask("GET", "/static/%2e%2e/panel.py", token=False)[0] == 404


def test_names_of_this_machine_and_its_own_pages_come_in(stage):
    for host in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        assert stage.ask("GET", "/api/values", host=f"{host}:{stage.port}")[0] == 200
    own = f"http://localhost:{stage.port}"
    assert stage.ask("GET", "/api/values", origin=own, sec_fetch_site="same-origin")[0] == 200


def test_two_hosts_are_refused(stage):
    for two in ([stage.host, "evil.example"], [stage.host, stage.host]):
        assert stage.ask("GET", "/api/values", host=two)[0] == 400
    origins = [f"http://{stage.host}", "http://evil.example"]
    assert stage.ask("GET", "/api/values", origin=origins)[0] == 400


def test_nothing_that_is_got_changes_the_show(stage):
    before = stage.show.store.snapshot.version
    for path in [*GETS, *POSTS]:
        assert stage.ask("GET", path)[0] in (200, 405), path
    assert stage.show.store.snapshot.version == before


def test_on_air_page_shows_its_key_as_text(stage):
    code, headers, page = stage.ask("GET", "/on-air?key=%22%3E%3Cscript%3E", token=True)
    assert code == 200
    assert b'data-key="&quot;&gt;&lt;script&gt;"' in page
    assert "script-src 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize("case", [name for name in EVIL if name != "no host"])
def test_no_socket_for_another_page(stage, case):
    headers = evil(stage, case)
    origin = headers.pop("origin", None)
    host = headers.pop("host", None)
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    if host:
        assert raw_handshake(stage, host) == 403
    else:
        assert refused(stage, origin=origin, additional_headers=extra) == 403


def raw_handshake(stage, host):
    return stage.ask(
        "GET",
        "/ws",
        host=host,
        upgrade="websocket",
        connection="Upgrade",
        sec_websocket_version="13",
        sec_websocket_key="dGhlIHNhbXBsZSBub25jZQ==",
    )[0]


def test_the_handshake_of_these_tests_is_a_good_one(stage):
    assert raw_handshake(stage, stage.host) == 101


@pytest.mark.parametrize(
    "first",
    [
        '{"do":"hello","token":"wrong"}',
        '{"do":"hello"}',
        '{"do":"subscribe","topics":["status"]}',
        '{"do":"cut","to":"black"}',
        "not json",
        "[]",
        '{"do":"hello","token":"é"}',
    ],
)
def test_the_first_message_of_a_socket_is_its_token(stage, first):
    before = stage.show.store.snapshot.version
    with stage.talk() as socket:
        socket.send(first)
        assert closed_with(socket) == 4401
    assert stage.show.store.snapshot.version == before


def test_a_socket_with_the_pictures_key_may_only_look(stage):
    before = stage.show.store.snapshot.version
    with stage.client(token=stage.tokens.look) as client:
        assert "values" not in client.hello
        for message in ({"do": "cut", "to": "black"}, {"do": "set", "values": {"view.zoom": 2}},
                        {"do": "subscribe", "topics": ["status"]}):  # fmt: skip
            assert client.ask(**message)["type"] == "refused", message
        client.say(do="subscribe", topics=["program"])
        while not isinstance(picture := client.hear(), bytes):
            pass
        assert picture[:3] == b"\x01\xff\xd8"
    assert stage.show.store.snapshot.version == before


def test_the_token_may_look_too_but_is_never_in_the_status(stage):
    assert stage.tokens.play not in str(stage.ask("GET", "/api/status")[2])
    with stage.talk() as socket:
        client = Client(socket)
        client.say(do="hello", token=stage.tokens.play)
        assert stage.tokens.play not in str(client.until("hello"))


def test_a_large_body_is_refused_before_it_is_read(stage):
    large = str(100 * 2**20)
    for path in ("/api/set", "/api/layer-picture"):
        assert stage.ask("POST", path, b"{", content_length=large)[0] == 413
    assert stage.ask("POST", "/api/set", b"{", content_length="-1")[0] in (400, 413)


def test_a_body_without_a_length_is_refused_where_it_grows_too_large(stage):
    import socket

    head = (
        f"POST /api/set HTTP/1.1\r\nHost: {stage.host}\r\nTransfer-Encoding: chunked\r\n"
        f"Authorization: Bearer {stage.tokens.play}\r\nContent-Type: application/json\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", stage.port)) as raw:
        raw.sendall(head.encode())
        sent = 0
        try:
            while sent < 20 * 2**20:
                raw.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
                sent += 65536
        except OSError:
            pass
        raw.settimeout(5)
        try:
            said = raw.recv(100)
        except OSError:
            said = b""
    assert sent < 20 * 2**20 or b" 4" in said[:12]
    assert b" 200" not in said
