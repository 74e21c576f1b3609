"""A receiver of webhooks over real HTTPS on this machine, as well or as badly behaved as a test wants it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

Answer = Callable[["Connection"], None]


@dataclass(frozen=True)
class Received:
    """A request as it arrived; header names in lower case."""

    line: str
    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Connection:
    """What an answer may do with the socket, until the other side has gone or the test is over."""

    socket: Any
    over: threading.Event

    def send(self, text: str) -> None:
        """Writes bytes; raises OSError where nobody takes them any more."""
        self.socket.sendall(text.encode())

    def again_and_again(self, text: str, every: float = 0.0) -> None:
        """Writes for as long as it is taken."""
        while not self.over.wait(every):
            self.send(text)


def status(code: int, *more: str) -> Answer:
    """An ordinary answer."""
    lines = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {code} Whatever", *more, "Content-Length: 2"))
    return lambda connection: connection.send(f"{lines}\r\nok")


@dataclass
class Receiver:
    """Listens on a free port. ``answer`` says how each request is answered; what came is in ``received``."""

    context: ssl.SSLContext | None
    answer: Answer = field(default_factory=lambda: status(204))
    received: list[Received] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        return f"{'https' if self.context else 'http'}://localhost:{self.port}/hooks"

    def close(self) -> None:
        """Ends every answer and takes no more requests."""
        self._over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # closing alone does not wake who waits for a connection
        self._listening.close()

    def _listen(self) -> None:
        while True:
            try:
                accepted, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(accepted,), daemon=True).start()

    def _serve(self, accepted: socket.socket) -> None:
        with suppress(OSError), accepted:
            accepted.settimeout(5)
            taken = self.context.wrap_socket(accepted, server_side=True) if self.context else accepted
            with taken:
                self._take(taken)

    def _take(self, taken: socket.socket) -> None:
        with taken.makefile("rb") as lines:
            line = lines.readline().decode("latin-1").strip()
            if not line:
                return
            headers = {}
            while name := lines.readline().decode("latin-1").strip():
                key, _, value = name.partition(": ")
                headers[key.lower()] = value
            body = lines.read(int(headers.get("content-length", 0))).decode()
        self.received.append(Received(line, headers, body))
        self.answer(Connection(taken, self._over))
