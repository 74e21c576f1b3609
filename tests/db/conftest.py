"""Watching and disturbing what goes over the wire to DynamoDB."""

import functools
import json
from collections import deque

import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError
from botocore.loaders import create_loader

from chalicelib.db import client, tenant_scope
from infra.local import environment
from infra.local.engine import CREDENTIALS
from tests.db.endpoint import ITEM
from tests.db.loopback import Loopback, answered
from tests.db.notes import OURS
from tests.faults import transport


class Wire:
    """Every request that leaves the process, and faults to answer the next ones with."""

    def __init__(self):
        self.sent = []
        self._faults = deque()

    def operations(self):
        return [operation for operation, _ in self.sent]

    def tokens(self):
        return {body["ClientRequestToken"] for _, body in self.sent if "ClientRequestToken" in body}

    def refuse(self, *codes, times=1):
        """The next transactions are cancelled, for these reasons by position."""
        reasons = [{"Code": code, "Message": code} for code in codes]
        body = {
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "CancellationReasons": reasons,
        }
        self._faults.extend([lambda *_: _answer(400, body)] * times)

    def fail(self, code, times=1):
        """The next requests fail as a whole with this error."""
        self._faults.extend([lambda *_: _answer(400, {"__type": code, "message": code})] * times)

    def lose_answer(self, times=1):
        """The next requests are carried out, but their answers never arrive."""
        self._faults.extend([_carried_out_and_lost] * times)

    def leave_unprocessed(self, answer):
        """The next request is answered with this, and nothing is done."""
        self._faults.append(lambda *_: _answer(200, answer))

    def send(self, request, onward):
        """Sends a request on, or answers with the next fault."""
        self.sent.append((request.headers["X-Amz-Target"].decode().partition(".")[2], json.loads(request.body)))
        return self._faults.popleft()(request, onward) if self._faults else onward(request)


class _Raw:
    def __init__(self, body):
        self._body = body

    def stream(self, *_, **__):
        yield self._body


def _answer(status, body):
    return AWSResponse("http://engine", status, {}, _Raw(json.dumps(body).encode()))


def _carried_out_and_lost(request, onward):
    onward(request)
    raise ReadTimeoutError(endpoint_url=request.url)


@pytest.fixture
def wire(engine, monkeypatch):
    carrier, watch = transport(), Wire()
    monkeypatch.setattr(carrier, "send", functools.partial(watch.send, onward=carrier.send))
    return watch


@functools.cache
def _descriptions():
    """What botocore knows of the services: read once, not for each of many clients."""
    return create_loader()


@pytest.fixture
def at(monkeypatch):
    """Points the product's client at an endpoint; ``limit`` is its time limits in seconds."""
    monkeypatch.setattr("botocore.session.create_loader", lambda *_: _descriptions())
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    for name, value in {**CREDENTIALS, "TENANT_TABLE": "table"}.items():
        monkeypatch.setenv(name, value)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    ordinary = client._CONFIG

    def point(url, limit=20):
        limits = Config(connect_timeout=limit, read_timeout=limit, max_pool_connections=2)
        monkeypatch.setattr(client, "_CONFIG", ordinary.merge(limits))
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        environment.forget()

    yield point
    monkeypatch.undo()
    environment.forget()


@pytest.fixture
def server():
    """Answers every read with the same item, until the test says otherwise."""
    made = Loopback(ordinary=answered(ITEM))
    yield made
    made.stop()


@pytest.fixture
def ours(engine):
    """Inside our tenant's scope."""
    with tenant_scope(OURS):
        yield OURS
