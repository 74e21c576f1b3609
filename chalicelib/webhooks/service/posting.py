"""One request to a receiver that may be slow, endless, broken or hostile.

The socket is connected to an address that was checked, while the certificate must be that of the host's name. No proxy
of the environment is asked, no redirect followed, and of an answer nothing is taken but its status and Retry-After.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, RemoteDisconnected

from chalicelib.webhooks.errors import TargetRefused
from chalicelib.webhooks.model.attempts import Outcome, Reason
from chalicelib.webhooks.model.targets import Address, Target
from chalicelib.webhooks.service import reaching

CONNECT_SECONDS = 3.0
WHOLE_SECONDS = 10.0
"""From the first look at the name to the answer's last header, however little of it comes at a time."""

READ_BYTES, READ_SECONDS = 4096, 1.0
"""What is read of an answer's body, so that a receiver may finish its sentence. The status has been decided by then."""

_FAULTS: Sequence[tuple[type[BaseException], Reason]] = (
    (ssl.SSLCertVerificationError, "certificate"),
    (TimeoutError, "timeout"),
    (ConnectionRefusedError, "refused"),
    (RemoteDisconnected, "connection_lost"),
    (ConnectionError, "connection_lost"),
    (ssl.SSLError, "tls"),
    (OSError, "unreachable"),
    (HTTPException, "not_http"),
    (ValueError, "not_http"),
)
"""The first that fits."""


def post(url: str, headers: Mapping[str, str], body: str) -> Outcome:
    """Sends a body and says what came of it. The target is resolved and checked now, whatever it was before."""
    begun = time.monotonic()
    try:
        target, addresses = reaching.reachable(url)
    except TargetRefused as refusal:
        return Outcome(None, "not_resolved" if refusal.reason == "not_resolved" else "target_refused", _since(begun))
    connection = _Pinned(target, addresses, begun + WHOLE_SECONDS)
    with _ended_at(connection) as over:
        try:
            connection.request("POST", target.path, body.encode(), {**headers, "connection": "close"})
            answer = connection.getresponse()
            if over.is_set():  # headers that are cut off read like ones that have ended
                raise TimeoutError
            outcome = Outcome.answered(answer.status, _since(begun), answer.getheader("Retry-After", ""))
        except (OSError, HTTPException, ValueError) as fault:
            reason = next(reason for kind, reason in _FAULTS if isinstance(fault, kind))
            return Outcome(None, "timeout" if over.is_set() else reason, _since(begun))
        with suppress(OSError, HTTPException, ValueError):
            connection.leave_within(READ_SECONDS)
            answer.read1(READ_BYTES)
        return outcome


class _Pinned(HTTPConnection):
    """A connection to one of the checked addresses of a target, to end at an instant of the monotonic clock."""

    def __init__(self, target: Target, addresses: Sequence[Address], ends_at: float) -> None:
        super().__init__(target.host, target.port)
        self.default_port = 443 if target.scheme == "https" else 80
        self.ends_at = ends_at
        self._target, self._addresses = target, addresses

    def connect(self) -> None:
        """To the first address that takes a connection. Raises OSError."""
        raw = self._connected()
        self.sock = raw
        if self._target.scheme == "https":
            raw.settimeout(max(0.01, min(CONNECT_SECONDS, self.left)))
            try:
                self.sock = trusted().wrap_socket(raw, server_hostname=self._target.host)
            except BaseException:
                raw.close()
                raise
        self.sock.settimeout(max(0.01, self.left))

    def leave_within(self, seconds: float) -> None:
        """What is read once more has so long."""
        if self.sock is not None:
            self.sock.settimeout(max(0.01, min(seconds, self.left)))

    @property
    def left(self) -> float:
        """Seconds until the end."""
        return self.ends_at - time.monotonic()

    def _connected(self) -> socket.socket:
        until = min(time.monotonic() + CONNECT_SECONDS, self.ends_at)
        fault: OSError = TimeoutError("no time to connect")
        for address in self._addresses:
            if (left := until - time.monotonic()) <= 0:
                break
            try:
                return open_socket(str(address), self._target.port, left)
            except OSError as failed:
                fault = failed
        raise fault


def open_socket(address: str, port: int, timeout: float) -> socket.socket:
    """A connected socket. The address is one of numbers: no name is looked up again. Raises OSError."""
    return socket.create_connection((address, port), timeout)


@lru_cache(maxsize=1)
def trusted() -> ssl.SSLContext:
    """Whose certificates are believed: botocore's, since Lambda has no other file of them that is sure to be there."""
    from botocore.httpsession import get_cert_path

    return ssl.create_default_context(cafile=get_cert_path(True))


@contextmanager
def _ended_at(connection: _Pinned) -> Iterator[threading.Event]:
    """Cuts the connection off at its end: a receiver that sends a byte a second never lets a read time out."""
    over, done = threading.Event(), threading.Event()

    def watch() -> None:
        if not done.wait(max(0.0, connection.left)):
            over.set()
            if connection.sock is not None:
                with suppress(OSError):
                    socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield over
    finally:
        done.set()
        connection.close()


def _since(begun: float) -> int:
    return int((time.monotonic() - begun) * 1000)
