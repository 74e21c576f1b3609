"""Signing in for tests: the code is read where it leaves the API, on the notify queue."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.aws import client
from chalicelib.settings import settings
from tests.calls import Api, Reply


def sent() -> list[dict[str, Any]]:
    """The messages to an address that wait on the notify queue, each once; what persons are told is left out."""
    url = settings().queues["notify"]
    found: list[dict[str, Any]] = []
    while batch := client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in batch:
            client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(json.loads(message["Body"]))
    return [message for message in found if message["type"] == "notify.send"]


def ask(api: Api, tenant: str = "linli", audience: str = "member", **address: str) -> Reply:
    """Asks for a code, of an e-mail unless `address` names a phone."""
    who = address or {"email": "fang@home.example"}
    return api.post("/v1/auth/code", {"audience": audience, "tenant": tenant, **who})


def exchange(api: Api, code: str, tenant: str = "linli", audience: str = "member", **more: Any) -> Reply:
    """Exchanges a code for a token."""
    who = {} if {"email", "phone"} & more.keys() else {"email": "fang@home.example"}
    return api.post("/v1/auth/token", {"audience": audience, "tenant": tenant, "code": code, **who, **more})


def code_for(api: Api, tenant: str = "linli", audience: str = "member", **address: str) -> str:
    """Asks for a code and reads it from the message."""
    answer = ask(api, tenant, audience, **address)
    assert answer.status == 202, answer.text
    code: str = sent()[-1]["data"]["params"]["code"]
    return code


def sign_in(api: Api, tenant: str = "linli", audience: str = "member", **more: Any) -> dict[str, Any]:
    """Signs someone in; the answer with its token."""
    address = {name: more[name] for name in ("email", "phone") if name in more}
    answer = exchange(api, code_for(api, tenant, audience, **address), tenant, audience, **more)
    assert answer.status == 200, answer.text
    signed_in: dict[str, Any] = answer.json
    return signed_in


def other_than(code: str) -> str:
    """A code that is surely wrong."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
