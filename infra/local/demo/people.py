"""The people of the demo, who sign in as anybody does: by a code from the mailbox."""

from __future__ import annotations

import re
import time
from typing import Any

from infra.local.demo.client import Client

SHOPPER = "neighbour@corner-market.example"
LEADER = "leader@corner-market.example"
_SECONDS_FOR_A_LETTER = 30


class NoCode(RuntimeError):
    """No sign-in code came; the message says for whom."""


def sign_in(url: str, slug: str, email: str) -> dict[str, Any]:
    """Signs a member in, who joins by it: the answer with `access_token` and `principal`. Raises NoCode."""
    anyone = Client(url)
    who = {"audience": "member", "tenant": slug, "email": email}
    earlier = len(_letters(anyone, email))
    anyone.post("/v1/auth/code", who)
    answer: dict[str, Any] = anyone.post("/v1/auth/token", {**who, "code": _code(anyone, email, earlier)})
    return answer


def _letters(anyone: Client, email: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = anyone.get(f"/local/mailbox?to={email}")["items"]
    return found


def _code(anyone: Client, email: str, earlier: int) -> str:
    """The six digits in the newest letter, once more letters than `earlier` have come."""
    until = time.monotonic() + _SECONDS_FOR_A_LETTER
    while time.monotonic() < until:
        letters = _letters(anyone, email)
        if len(letters) > earlier and (digits := re.search(r"\b\d{6}\b", letters[0]["subject"])):
            return digits.group()
        time.sleep(0.05)
    raise NoCode(f"No sign-in code for {email} arrived in the mailbox.")
