"""The ClickHouse inside a Python process, served over HTTP as drivers expect a server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@contextmanager
def served(session: Any) -> Iterator[str]:
    """The address of a ClickHouse; uncompressed, because it runs in this very process."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            body = self._body()
            told = asked.get("query", [""])[0].encode()
            statement = b"\n".join(filter(None, (told, body)))
            try:
                status, answer = 200, session.query(statement, "TabSeparated").bytes()
            except RuntimeError as error:
                status, answer = 400, str(error).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            if status != 200:
                self.send_header("X-ClickHouse-Exception-Code", "395")
            self.end_headers()
            self.wfile.write(answer)

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def log_message(self, *_: Any) -> None:
            """Quietly."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"clickhouse://127.0.0.1:{server.server_port}?compress=false"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
