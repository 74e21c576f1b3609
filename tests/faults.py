"""Makes DynamoDB fail at a chosen request, below everything of ours: where botocore hands it to the network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from chalicelib.db.client import connection

Kind = Literal["throttled", "error_500", "connection_lost", "timed_out_after_landing", "conflict", "killed"]
KINDS: tuple[Kind, ...] = (
    "throttled", "error_500", "connection_lost", "timed_out_after_landing", "conflict", "killed",
)  # fmt: skip


class Killed(BaseException):
    """The process ended at this point; nothing after it ran."""


@dataclass
class Faults:
    """What is to fail: from the ``at``-th request on (counted from 0), ``times`` requests in a row."""

    kind: Kind | None = None
    at: int = 0
    times: int = 1
    seen: list[str] = field(default_factory=list)
    hits: int = 0

    def arm(self, kind: Kind | None, at: int = 0, times: int = 1) -> None:
        """Starts counting afresh."""
        self.kind, self.at, self.times, self.seen, self.hits = kind, at, times, [], 0

    def send(self, request: AWSPreparedRequest, onward: Callable[[AWSPreparedRequest], Any]) -> Any:
        """Sends a request, or lets it fail."""
        position = len(self.seen)
        operation = _operation(request)
        self.seen.append(operation)
        if self.kind is None or not self.at <= position < self.at + self.times:
            return onward(request)
        if self.kind == "conflict" and operation != "TransactWriteItems":
            return onward(request)
        self.hits += 1
        if self.kind == "timed_out_after_landing":
            onward(request)
            raise ReadTimeoutError(endpoint_url=request.url)
        if self.kind == "killed":
            onward(request)
            raise Killed
        if self.kind == "connection_lost":
            raise ConnectionClosedError(endpoint_url=request.url)
        return _refusal(self.kind, request)


@pytest.fixture
def faults(engine: object) -> Iterator[Faults]:
    """Nothing fails until the test arms it."""
    injected = Faults()
    session = connection().client._endpoint.http_session  # type: ignore[attr-defined]
    onward = session.send
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "send", lambda request: injected.send(request, onward))
        yield injected


def _operation(request: AWSPreparedRequest) -> str:
    target = request.headers["X-Amz-Target"]
    return (target.decode() if isinstance(target, bytes) else str(target)).partition(".")[2]


def _refusal(kind: Kind, request: AWSPreparedRequest) -> AWSResponse:
    if kind == "error_500":
        return _response(500, {"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError", "message": "down"})
    if kind == "throttled":
        name = "ThrottlingException" if _operation(request) == "TransactWriteItems" else _THROTTLED
        return _response(400, {"__type": f"com.amazonaws.dynamodb.v20120810#{name}", "message": "slow down"})
    body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
    items = json.loads(body)["TransactItems"]
    reasons = [{"Code": "None"} for _ in items]
    reasons[-1] = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
    name = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
    codes = ", ".join(reason["Code"] for reason in reasons)
    return _response(
        400,
        {
            "__type": name,
            "CancellationReasons": reasons,
            "message": f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        },
    )


_THROTTLED = "ProvisionedThroughputExceededException"


class _Raw:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._content


def _response(status: int, document: dict[str, Any]) -> AWSResponse:
    raw = _Raw(json.dumps(document).encode())
    return AWSResponse("http://127.0.0.1", status, {"Content-Type": "application/x-amz-json-1.0"}, raw)
