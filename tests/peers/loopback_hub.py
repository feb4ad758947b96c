"""A hub of models on loopback: what it has, and how it misbehaves, is up to the test."""

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

LARGE = 4096
"""Files from this size are kept as LFS files are: their SHA-256 is in the listing."""


class LoopbackHub:
    """Repositories by name, each files by path; counts what it is asked.

    breaks: for a path, after how many bytes of each answer the connection breaks (one by one).
    status: for a path ("list" for listings), what is answered instead (one by one).
    lies: paths whose listed hash is another than that of what is sent.
    """

    def __init__(self, repos):
        self.repos = {repo: dict(files) for repo, files in repos.items()}
        self.commit = "c" * 40
        self.breaks, self.status, self.lies = {}, {}, set()
        self.ranges = True
        self.elsewhere = None  # another hub that large files are redirected to
        self.asked = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.answer(self)

            def log_message(self, *said):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, request):
        headers = request.headers
        path = unquote(request.path.partition("?")[0])
        self.asked.append((path, headers.get("Range"), headers.get("Authorization")))
        if path.startswith("/api/models/"):
            repo = path.removeprefix("/api/models/").partition("/revision/")[0]
            self.reply(request, "list", self.listing(repo))
            return
        repo, _, rest = path.removeprefix("/").partition("/resolve/")
        commit, _, name = rest.partition("/")
        content = self.repos.get(repo, {}).get(name) if commit == self.commit else None
        if self.elsewhere and content and len(content) >= LARGE:
            self.send(request, 302, b"", Location=f"{self.elsewhere.url}/{path.lstrip('/')}")
            return
        self.reply(request, name, content)

    def listing(self, repo):
        if repo not in self.repos:
            return None
        rows = [self.row(path, content) for path, content in self.repos[repo].items()]
        return json.dumps({"sha": self.commit, "siblings": rows}).encode()

    def row(self, path, content):
        sent = content + b"?" if path in self.lies else content
        blob = hashlib.sha1(f"blob {len(content)}\0".encode() + sent).hexdigest()
        row = {"rfilename": path, "size": len(content), "blobId": blob}
        if len(content) >= LARGE:
            row["lfs"] = {"sha256": hashlib.sha256(sent).hexdigest(), "size": len(content)}
        return row

    def reply(self, request, name, content):
        if self.status.get(name):
            self.send(request, self.status[name].pop(0), b"no")
        elif content is None:
            self.send(request, 404, b"no")
        else:
            start = 0
            if self.ranges and request.headers.get("Range"):
                start = int(request.headers["Range"].removeprefix("bytes=").rstrip("-"))
            self.send(request, 206 if start else 200, content[start:], breaks=self.breaks.get(name))

    def send(self, request, status, body, *, breaks=None, **headers):
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        if breaks:
            request.wfile.write(body[: breaks.pop(0)])
            request.wfile.flush()
            request.close_connection = True
            request.connection.shutdown(2)
            return
        request.wfile.write(body)
