"""The embedded stack passes on who calls, as API Gateway does."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from chalicelib.settings import forget
from tests.calls import prepared
from tests.conftest import Served

WHO = {"audience": "member", "tenant": "no-such-store", "email": "ann@home.example"}


def asked_from(server: Served, address: str) -> int:
    headers, content = prepared(json=WHO)
    del headers["Host"]
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60, source_address=(address, 0))
    try:
        connection.request("POST", "/v1/auth/code", content, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_caller_is_known_by_the_address_of_their_socket(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMITS", json.dumps({"email_codes_a_source": 1}))
    forget()
    assert [asked_from(server, address) for address in ("127.0.0.2", "127.0.0.2", "127.0.0.3")] == [202, 429, 202]
    monkeypatch.undo()
    forget()
