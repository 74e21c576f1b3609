"""Carries requests to AWS over the standard library's HTTP client: a quarter of the CPU of a call was urllib3's.

botocore serializes, signs, parses and decides what is tried again, as before. So failures are raised as its own errors,
and nothing here sends a request twice.
"""

import http.client
import select
import ssl
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)


class Transport:
    """Connections that all threads of a process share, with the time limits and the size of pool of a ``Config``.

    ``ca_file`` holds the authorities whose certificates are accepted. As with urllib3, ``max_pool_connections`` of
    each host stay open between requests; more requests at once open more, which end with their answer. The limits hold
    for each wait: for the connection, for its handshake, for each piece of an answer.
    """

    def __init__(self, config: Config, ca_file: str) -> None:
        self._config: Any = config
        self._ca_file = ca_file
        self._kept: defaultdict[tuple[str, str], list[_Connection]] = defaultdict(list)
        self._context: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Sends a request once. After any of botocore's errors that it raises, the request may have taken effect."""
        url = urlsplit(request.url)
        connection = self._take(url) or self._open(url, request.url)
        try:
            answer = _exchange(connection, url, request)
        except BaseException as error:
            connection.close()
            if failure := _failure(error, request):
                raise failure from error
            raise
        self._keep(url, connection)
        return answer

    def close(self) -> None:
        """Closes what is kept open. Requests under way are not disturbed."""
        with self._lock:
            kept = [connection for connections in self._kept.values() for connection in connections]
            self._kept.clear()
        for connection in kept:
            connection.close()

    def _take(self, url: SplitResult) -> "_Connection | None":
        """A connection that was kept and that the server has not ended meanwhile."""
        while True:
            with self._lock:
                kept = self._kept[url.scheme, url.netloc]
                connection = kept.pop() if kept else None
            if connection is None or connection.still_open():
                return connection
            connection.close()

    def _keep(self, url: SplitResult, connection: "_Connection") -> None:
        if connection.sock is None:  # the answer said that it ends with it
            return
        with self._lock:
            kept = self._kept[url.scheme, url.netloc]
            if len(kept) < self._config.max_pool_connections:
                kept.append(connection)
                return
        connection.close()

    def _open(self, url: SplitResult, endpoint: str) -> "_Connection":
        connection = self._connection(url, endpoint)
        try:
            connection.connect()
        except BaseException as error:
            connection.close()
            if refusal := _refusal(error, endpoint):
                raise refusal from error
            raise
        connection.sock.settimeout(self._config.read_timeout)
        return connection

    def _connection(self, url: SplitResult, endpoint: str) -> "_Connection":
        host, limit = url.hostname or "", self._config.connect_timeout
        if url.scheme == "http":
            return _Connection(host, url.port, timeout=limit)
        try:
            return _SecureConnection(host, url.port, timeout=limit, context=self._trust())
        except OSError as error:
            raise SSLError(endpoint_url=endpoint, error=error) from error

    def _trust(self) -> ssl.SSLContext:
        """Certificate and host name are checked. Reading the authorities takes tens of milliseconds, so once."""
        with self._lock:
            if self._context is None:
                context = ssl.create_default_context(cafile=self._ca_file)
                context.hostname_checks_common_name = False
                context.set_alpn_protocols(["http/1.1"])
                self._context = context
            return self._context


class _Connection(http.client.HTTPConnection):
    """Sends head and body in one piece, which halves the calls to the system and the records of TLS."""

    body = b""

    def send(self, data: Any) -> None:
        super().send(data + self.body)

    def still_open(self) -> bool:
        """Whether the server keeps silent, as it must between requests: what can be read now is its farewell."""
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        return not poll.poll(0)


class _SecureConnection(_Connection, http.client.HTTPSConnection):
    """The same over TLS."""


class _Body:
    """The content of an answer, in the form that botocore asks for it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content


def _exchange(connection: _Connection, url: SplitResult, request: AWSPreparedRequest) -> AWSResponse:
    target = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
    connection.body = cast(bytes, request.body or b"")
    # A server may answer, and end the connection, before it has read everything.
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.request(request.method, target, headers=cast(Mapping[str, bytes], request.headers))
    answer = connection.getresponse()
    headers = cast(HTTPHeaders, answer.getheaders())  # pairs are taken too, and found faster
    return AWSResponse(request.url, answer.status, headers, _Body(answer.read()))


def _refusal(error: BaseException, url: str) -> Exception | None:
    """What botocore calls it when there is no connection; None for what has nothing to do with one."""
    match error:
        case TimeoutError():
            return ConnectTimeoutError(endpoint_url=url, error=error)
        case ssl.SSLError():
            return SSLError(endpoint_url=url, error=error)
        case OSError():
            return EndpointConnectionError(endpoint_url=url, error=error)
    return None


def _failure(error: BaseException, request: AWSPreparedRequest) -> Exception | None:
    """What botocore calls it when a connection yields no whole answer; None for what has nothing to do with that."""
    match error:
        case TimeoutError():
            return ReadTimeoutError(endpoint_url=request.url, error=error)
        case ssl.SSLError():
            return SSLError(endpoint_url=request.url, error=error)
        case OSError() | http.client.HTTPException():
            return ConnectionClosedError(endpoint_url=request.url, request=request, error=error)
    return None
