"""An HTTP server on a free port of 127.0.0.1 that does to each request what a test says."""

from __future__ import annotations

import socket
import socketserver
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"


@dataclass(frozen=True)
class Received:
    """A request as it came in."""

    line: str
    headers: dict[str, str]
    body: bytes


class Loopback(socketserver.ThreadingTCPServer):
    """Counts connections and requests. ``deeds`` are done to the next requests, ``ordinary`` to those after them."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, context: ssl.SSLContext | None = None, ordinary: Deed | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.context = context
        self.ordinary = ordinary or answered()
        self.deeds: deque[Deed] = deque()
        self.received: list[Received] = []
        self.connections = 0
        self.closed = 0
        self.ended = threading.Event()
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.server_address[1]}"

    def stop(self) -> None:
        self.ended.set()
        self.shutdown()
        self.server_close()


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    server: Loopback
    disable_nagle_algorithm = True
    wbufsize = 0

    def setup(self) -> None:
        with self.server.lock:
            self.server.connections += 1
        if context := self.server.context:
            self.request = context.wrap_socket(self.request, server_side=True, do_handshake_on_connect=False)
        super().setup()

    def handle(self) -> None:
        with suppress(OSError):  # the client went away
            if self.server.context:
                self.request.do_handshake()
            while (request := self._read()) and self._deed(request)(self, request):
                pass
        with self.server.lock:
            self.server.closed += 1

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
            self.request.close()

    def _read(self) -> Received | None:
        line = self.rfile.readline().decode()
        if not line:
            return None
        headers = {}
        while (header := self.rfile.readline().decode().strip()) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        return Received(line.strip(), headers, self.rfile.read(int(headers.get("content-length", 0))))

    def _deed(self, request: Received) -> Deed:
        with self.server.lock:
            self.server.received.append(request)
            return self.server.deeds.popleft() if self.server.deeds else self.server.ordinary


Deed = Callable[[Conversation, Received], bool]
"""What the server does to a request; says whether it then listens for the next one on the same connection."""


def answered(body: bytes = b"{}", *, then: bool = True) -> Deed:
    """A whole answer; ``then`` False closes the connection after it, without having said so."""

    def deed(conversation: Conversation, _: Received) -> bool:
        conversation.wfile.write(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return then

    return deed


def written(raw: bytes, *, then: bool = False) -> Deed:
    """These bytes, whatever they are."""

    def deed(conversation: Conversation, _: Received) -> bool:
        conversation.wfile.write(raw)
        return then

    return deed


def silent(raw: bytes = b"") -> Deed:
    """These bytes, and then nothing more until the test ends."""

    def deed(conversation: Conversation, _: Received) -> bool:
        conversation.wfile.write(raw)
        conversation.server.ended.wait(30)
        return False

    return deed


def reset(conversation: Conversation, _: Received) -> bool:
    """The connection is torn down."""
    conversation.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


hung_up = written(b"")
truncated = written(HEAD + b'Content-Length: 40\r\n\r\n{"Item": {"pk": {"S": "b"}')
