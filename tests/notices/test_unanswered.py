"""A message that may have been taken is not sent a second time behind its sender's back."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError

from chalicelib.aws import client
from chalicelib.notices.media.service.email import send_email
from chalicelib.notices.media.service.sms import send_sms
from chalicelib.notices.model.letters import Letter
from infra.local.engine import Engine

LETTER = Letter("Ready", "It is ready.")


@pytest.mark.parametrize(
    ("fault", "calls"), [(ReadTimeoutError, 1), (ConnectionClosedError, 1), (EndpointConnectionError, 3)]
)
@pytest.mark.parametrize(
    ("service", "send", "to"), [("ses", send_email, "li@people.example"), ("sns", send_sms, "+8613800138000")]
)
def test_what_may_have_been_taken_is_left_to_its_sender(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, service: str, send: Any, to: str, fault: Any, calls: int
) -> None:
    asked = []

    def fails(request: object) -> None:
        asked.append(request)
        raise fault(endpoint_url="https://aws.example")

    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(client(service)._endpoint.http_session, "send", fails)
    with pytest.raises(fault):
        send(to, LETTER)
    assert len(asked) == calls
