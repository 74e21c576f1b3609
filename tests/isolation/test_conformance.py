"""The comparison with the document finds what it must find."""

import json

import pytest

from tests.builders import Reply
from tests.isolation.conformance import conforms

JSON = {"content-type": "application/json"}
PROBLEM = {"content-type": "application/problem+json"}
TENANT = "/v1/tenant"


def problem(status, code):
    document = {"type": "/docs", "title": "t", "status": status, "detail": "d", "code": code, "request_id": "r"}
    return Reply(status, PROBLEM, json.dumps(document))


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Reply(418, JSON, "{}"), "418 is not documented"),
        (Reply(200, {"content-type": "text/plain"}, "x"), "text/plain is not documented"),
        (Reply(200, JSON, "{}"), "not as documented"),
        (Reply(200, JSON, "[]"), "not as documented"),
        (problem(401, "sold_out"), "'sold_out' is not among"),
        (Reply(401, PROBLEM, "{}"), "not as documented"),
    ],
)
def test_an_answer_that_the_document_does_not_promise_is_found(reply, fault):
    with pytest.raises(AssertionError, match=fault):
        conforms("GET", TENANT, reply)


def test_what_is_promised_passes():
    conforms("GET", TENANT, problem(401, "unauthenticated"))
    conforms("DELETE", "/v1/staff/01J9ZQ0W7N8RXC5B2M4T6V8Y0A", Reply(204, {}, ""))
    conforms("GET", "/nowhere", Reply(404, PROBLEM, '{"type": "about:blank"}'))
