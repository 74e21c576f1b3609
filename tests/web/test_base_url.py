"""Where links begin when no address is configured."""

import pytest

from chalicelib.settings import forget
from chalicelib.web.handling import base_url

AWS = {"host": "abc.execute-api.eu-west-1.amazonaws.com", "x-forwarded-proto": "https"}


@pytest.mark.parametrize(
    ("headers", "context", "expected"),
    [
        (AWS, {"stage": "api", "path": "/api/v1/tenants"}, "https://abc.execute-api.eu-west-1.amazonaws.com/api"),
        ({**AWS, "host": "shop.example"}, {"stage": "api", "path": "/v1/tenants"}, "https://shop.example"),
        ({"host": "127.0.0.1:8000"}, {}, "http://127.0.0.1:8000"),
    ],
    ids=["the gateway's own host has the stage in its paths", "a domain of one's own has not", "local"],
)
def test_an_address_leads_back_to_the_api(monkeypatch, headers, context, expected):
    monkeypatch.setenv("PUBLIC_URL", "")
    forget()
    assert base_url(headers, context) == expected
    monkeypatch.undo()
    forget()
