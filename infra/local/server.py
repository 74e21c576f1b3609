"""HTTP/1.1 on 127.0.0.1 in front of the gateway: threads, keep-alive, and no way to crash it from outside."""

from __future__ import annotations

import logging
import socket
import time
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.local.gateway import MOST_BODY_BYTES, Gateway, Reply, Request, problem, too_large

log = logging.getLogger("local.http")

_CHUNK = 65_536
_MOST_DRAINED = 64 * 1024 * 1024

# Told of each answered request: method, path, status, milliseconds.
Observer = Callable[[str, str, int, float], None]


class _BadBodyError(ValueError):
    """The body cannot be read; `reply` says why, and the connection ends."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


class Server(ThreadingHTTPServer):
    """One thread a connection. Raises OSError when the port is taken."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 512

    def __init__(self, gateway: Gateway, port: int, observer: Observer) -> None:
        self.gateway = gateway
        self.observer = observer
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def url(self) -> str:
        """Where this server listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke is the client's affair."""
        log.debug("connection from %s ended", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 75
    # Without both of these a kept-alive request waits some 40 ms for a delayed acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = _CHUNK

    def _serve(self) -> None:
        started = time.perf_counter()
        target = self._target()
        try:
            headers, source = tuple(self.headers.items()), str(self.client_address[0])
            request = Request(self.command, target, headers, self._body(), source=source)
            reply = self.server.gateway.answer(request)
        except _BadBodyError as refused:
            self.close_connection = True
            reply = refused.reply
        self._send(reply)
        if self.close_connection and reply.status in (400, 413):
            self._drain()
        path = target.partition("?")[0]
        self.server.observer(self.command, path, reply.status, (time.perf_counter() - started) * 1000)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815 - so named by http.server

    def _target(self) -> str:
        # The request line is read as Latin-1; clients that send raw UTF-8 mean UTF-8.
        target = self.path.encode("latin-1", "replace").decode("utf-8", "replace")
        if target.startswith(("http://", "https://")):
            target = "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/"
        return target

    def _body(self) -> bytes:
        lengths = self.headers.get_all("Content-Length") or []
        if self.headers.get("Transfer-Encoding"):
            if lengths or self.headers["Transfer-Encoding"].strip().lower() != "chunked":
                raise _refused("Send either a Content-Length or chunks.")
            return self._chunks()
        if not lengths:
            return b""
        length = lengths[0].strip()
        if len(set(lengths)) > 1 or not (length.isascii() and length.isdigit()) or len(length) > 18:
            raise _refused("The Content-Length is not a number of bytes.")
        if int(length) > MOST_BODY_BYTES:
            raise _BadBodyError(too_large(str(uuid.uuid4())))
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise _refused("The body ended before its Content-Length.")
        return body

    def _chunks(self) -> bytes:
        body = bytearray()
        while True:
            size_text = self.rfile.readline(1026).partition(b";")[0].strip()
            try:
                size = int(size_text, 16) if size_text[:1].isalnum() and b"_" not in size_text else -1
            except ValueError:
                size = -1
            if size < 0:
                raise _refused("A chunk has no size.")
            if len(body) + size > MOST_BODY_BYTES:
                raise _BadBodyError(too_large(str(uuid.uuid4())))
            body += self.rfile.read(size)
            if size == 0:
                while self.rfile.readline(1026).strip():
                    pass
                return bytes(body)
            if self.rfile.readline(3).strip():
                raise _refused("A chunk is longer than its size.")

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value.encode().decode("latin-1"))  # UTF-8 on the wire
        if not any(name.lower() == "content-length" for name, _ in reply.headers) and reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)
        self.wfile.flush()

    def _drain(self) -> None:
        """Reads on for a moment, so that a client still sending its body gets to see the answer."""
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(2)
        drained = 0
        try:
            while drained < _MOST_DRAINED and (piece := self.rfile.read1(_CHUNK)):
                drained += len(piece)
        except OSError:
            return

    def version_string(self) -> str:
        """The Server header."""
        return "Lintuan"

    def handle_expect_100(self) -> bool:
        """Refuses an announced body that is too large before it is sent."""
        length = self.headers.get("Content-Length", "")
        return True if length.isdigit() and int(length) > MOST_BODY_BYTES else super().handle_expect_100()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """A request that is not HTTP, or of a method nobody knows: the same form of error as everywhere."""
        title = "Method not allowed" if code == 501 else "Malformed request"
        status, name = (405, "method_not_allowed") if code == 501 else (int(code), "malformed")
        detail = explain or message or "The request could not be read as HTTP."
        self.close_connection = True
        headers = {"Allow": "GET, POST, PATCH, PUT, DELETE"} if status == 405 else {}
        self._send(problem(status, name, title, detail, str(uuid.uuid4()), **headers))
        self.server.observer(str(self.command), getattr(self, "path", "?"), status, 0.0)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - so named by http.server
        """Silent: the observer logs one line a request."""


def _refused(detail: str) -> _BadBodyError:
    return _BadBodyError(problem(400, "malformed", "Malformed request", detail, str(uuid.uuid4())))
