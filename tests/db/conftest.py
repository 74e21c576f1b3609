"""Watching and disturbing what goes over the wire to DynamoDB."""

import json
from collections import deque

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session

from chalicelib.db import tenant_scope
from chalicelib.db.client import connection
from tests.db.notes import OURS


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
        self._faults.extend([lambda request: _answer(400, body)] * times)

    def fail(self, code, times=1):
        """The next requests fail as a whole with this error."""
        self._faults.extend([lambda request: _answer(400, {"__type": code, "message": code})] * times)

    def lose_answer(self, times=1):
        """The next requests are carried out, but their answers never arrive."""
        self._faults.extend([_carried_out_and_lost] * times)

    def leave_unprocessed(self, answer):
        """The next request is answered with this, and nothing is done."""
        self._faults.append(lambda request: _answer(200, answer))

    def __call__(self, request, **_):
        self.sent.append((request.headers["X-Amz-Target"].decode().partition(".")[2], json.loads(request.body)))
        return self._faults.popleft()(request) if self._faults else None


class _Raw:
    def __init__(self, body):
        self._body = body

    def stream(self, *_, **__):
        yield self._body


def _answer(status, body):
    return AWSResponse("http://engine", status, {}, _Raw(json.dumps(body).encode()))


def _carried_out_and_lost(request):
    URLLib3Session().send(request)
    raise ReadTimeoutError(endpoint_url=request.url)


@pytest.fixture
def wire(engine):
    events, watch = connection().client.meta.events, Wire()
    events.register_first("before-send.dynamodb", watch)
    yield watch
    events.unregister("before-send.dynamodb", watch)


@pytest.fixture
def ours(engine):
    """Inside our tenant's scope."""
    with tenant_scope(OURS):
        yield OURS
