"""The way to the test's own engine, which answers on this machine in one way: written and read by hand.

For each request that tests cause, HTTP libraries that are ready for any server cost as much as everything else that the
product does for it. What goes to another port than the engine's goes the product's own way.
"""

from __future__ import annotations

import functools
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session
from botocore.regions import EndpointRulesetResolver

from chalicelib.db import transport
from infra.local.engine import Engine

_PIECE = 1 << 18
_OWN_WAY = ("s3", "s3control")
"""Where something is depends on the bucket, and what comes may be read piece by piece."""


class Ended(ConnectionError):
    """The engine has ended in the middle of an answer."""


@dataclass(frozen=True)
class _Body:
    content: bytes

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.content


def exchanged(connection: socket.socket, request: AWSPreparedRequest) -> AWSResponse:
    """The answer to a request. The engine says how long each of its answers is."""
    target = urlsplit(request.url)
    path = f"{target.path or '/'}?{target.query}" if target.query else target.path or "/"
    lines = [f"{request.method} {path} HTTP/1.1", f"Host: {target.netloc}"]
    lines += [f"{name}: {_text(value)}" for name, value in request.headers.items()]
    connection.sendall("\r\n".join([*lines, "", ""]).encode() + (request.body or b""))
    got = connection.recv(_PIECE)
    while (end := got.find(b"\r\n\r\n")) < 0:
        got += _more(connection)
    first, *said = got[:end].decode("latin-1").split("\r\n")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in said)]
    missing = int(next(value for name, value in headers if name.lower() == "content-length")) - len(got) + end + 4
    pieces = [got[end + 4 :]]
    while missing > 0:
        pieces.append(_more(connection))
        missing -= len(pieces[-1])
    return AWSResponse(request.url, int(first.split(" ", 2)[1]), headers, _Body(b"".join(pieces)))


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(_PIECE)
    if not piece:
        raise Ended("the engine hung up")
    return piece


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


class Wire:
    """Connections to one engine: those of the product's transport, and one a thread for its other clients."""

    def __init__(self, engine: Engine) -> None:
        self._at = f"127.0.0.1:{engine.port}"
        self._port = engine.port
        self._own = threading.local()

    def patch(self, patched: pytest.MonkeyPatch) -> None:
        """Everything that botocore sends to the engine, but for files, goes this way from now on."""
        of_tables, of_others = transport._exchange, URLLib3Session.send
        endpoint = EndpointRulesetResolver.construct_endpoint

        def for_tables(connection: Any, url: Any, request: AWSPreparedRequest) -> AWSResponse:
            if url.netloc != self._at:
                return of_tables(connection, url, request)
            return exchanged(connection.sock, request)

        def for_others(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
            if not self._carries(request):
                return of_others(session, request)
            return self._sent(request)

        @functools.cache
        def known(resolver: EndpointRulesetResolver, operation: str) -> list[Any]:
            return []

        def once(self: EndpointRulesetResolver, operation_model: Any, call_args: Any, request_context: Any) -> Any:
            if operation_model.service_model.service_name in _OWN_WAY:
                return endpoint(self, operation_model, call_args, request_context)
            found = known(self, operation_model.name)
            if not found:
                found.append(endpoint(self, operation_model, call_args, request_context))
            return found[0]

        patched.setattr(transport, "_exchange", for_tables)
        patched.setattr(URLLib3Session, "send", for_others)
        patched.setattr(EndpointRulesetResolver, "construct_endpoint", once)

    def _carries(self, request: AWSPreparedRequest) -> bool:
        plain = request.method == "POST" and not request.stream_output and "Expect" not in request.headers
        return plain and urlsplit(request.url).netloc == self._at and isinstance(request.body, bytes)

    def _sent(self, request: AWSPreparedRequest) -> AWSResponse:
        connection = getattr(self._own, "open", None)
        if connection is None:
            connection = self._own.open = socket.create_connection(("127.0.0.1", self._port), 30)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            return exchanged(connection, request)
        except BaseException:
            connection.close()
            self._own.open = None
            raise
