"""A web server on the loopback whose answers a test can spoil."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

#: Test data that nobody here wrote; absent in most clones.
DATA = next(
    (
        place / "shared" / "data"
        for place in Path(__file__).parents
        if (place / "shared" / "data").is_dir()
    ),
    Path("absent"),
)


@dataclass(frozen=True)
class Request:
    """What was asked for: the query as a mapping, the body decoded."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    token: str


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Fault:
    """What happens to one request: a status instead of the answer, a cut, or an earlier answer."""

    kind: str = "status"
    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def cut() -> Fault:
    """The connection ends in the middle of the answer."""
    return Fault("cut")


def repeat() -> Fault:
    """What was answered at this address before comes again."""
    return Fault("repeat")


class Vendor:
    """A server with a state; subclasses say what it answers.

    `faults` holds what happens to the next requests, in order; None lets one pass. `requests` keeps
    all that were received. `before` is called with each request before it is answered, so that a
    test can change the state between two pages.
    """

    def __init__(self) -> None:
        self.faults: deque[Fault | None] = deque()
        self.requests: list[Request] = []
        self.before: Callable[[Request], None] = lambda _: None
        self.last: dict[str, Answer] = {}
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                vendor.serve(self)

            do_POST = do_GET  # noqa: N815

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request: Request) -> Answer:
        raise NotImplementedError

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        request = _request(handler)
        self.requests.append(request)
        self.before(request)
        fault = self.faults.popleft() if self.faults else None
        if fault is None or fault.kind == "cut":
            answer = self.answer(request)
        elif fault.kind == "repeat":
            answer = self.last.get(request.path) or self.answer(request)
        else:
            answer = Answer(fault.status, fault.body, fault.headers)
        self.last[request.path] = answer
        _send(handler, answer, cut_off=fault is not None and fault.kind == "cut")


def _request(handler: BaseHTTPRequestHandler) -> Request:
    parts = urlsplit(handler.path)
    raw = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    form = "urlencoded" in handler.headers.get("Content-Type", "")
    body: Any = dict(parse_qsl(raw.decode())) if form else json.loads(raw) if raw else None
    token = handler.headers.get("Authorization", "").removeprefix("Bearer ")
    return Request(handler.command, parts.path, dict(parse_qsl(parts.query)), body, token)


def _send(handler: BaseHTTPRequestHandler, answer: Answer, *, cut_off: bool) -> None:
    raw = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
    handler.send_response(answer.status)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(raw)))
    handler.end_headers()
    handler.wfile.write(raw[: len(raw) // 2] if cut_off else raw)
    if cut_off:
        handler.close_connection = True
