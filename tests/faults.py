"""Makes DynamoDB or SQS fail at a chosen request, below everything of ours: where botocore hands it to the network.

A test says with `faults.of("place")` which use case it tries. Every pair of a request and a kind of fault that it then
tries is counted, and `make test` prints the sums at its end.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from chalicelib.aws import client as aws_client
from chalicelib.db.client import connection
from chalicelib.db.transport import Transport

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
    _use_cases: list[str] = field(default_factory=list)
    _tried: set[tuple[int, Kind, int]] = field(default_factory=set)

    def of(self, use_case: str) -> None:
        """What is armed from now on is tried on this use case."""
        self.arm(None)
        self._use_cases.append(use_case)

    @property
    def combinations(self) -> dict[str, int]:
        """How many pairs of a request and a kind of fault were tried, by use case; those alone that met a request."""
        self.arm(None)
        return dict(Counter(self._use_cases[n] for n, _, _ in self._tried))

    def arm(self, kind: Kind | None, at: int = 0, times: int = 1) -> None:
        """Starts counting requests afresh."""
        if self.kind is not None and self.hits and self._use_cases:
            self._tried.add((len(self._use_cases) - 1, self.kind, self.at))
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


def patched(injected: Faults, patch: pytest.MonkeyPatch) -> None:
    """Lets all requests to DynamoDB and SQS pass through the faults."""
    for carrier in (transport(), aws_client("sqs")._endpoint.http_session):
        patch.setattr(carrier, "send", partial(injected.send, onward=carrier.send))


def transport() -> Transport:
    """What carries the product's requests to DynamoDB."""
    shared = connection()
    assert shared.client
    assert shared.transport
    return shared.transport


@pytest.fixture
def faults(engine: object, record_property: Callable[[str, object], None]) -> Iterator[Faults]:
    """Nothing fails until the test arms it; what is tried again is so at once."""
    injected = Faults()
    with pytest.MonkeyPatch.context() as patch:
        patched(injected, patch)
        patch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
        yield injected
    record_property(COMBINATIONS, injected.combinations)


COMBINATIONS = "fault_combinations"
"""The property of a test's report that says what it tried."""


def summary(found: Counter[str]) -> str:
    """What all tests together have tried."""
    each = ", ".join(f"{use_case} {n}" for use_case, n in sorted(found.items()))
    return f"Fault matrix: {each}; {found.total()} combinations of a request and a fault"


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
