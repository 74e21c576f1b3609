"""Signatures of the form ``t=<epoch seconds>,v1=<hex>``: HMAC-SHA256 over ``<t>.<body>``, as Stripe signs.

Source: https://docs.stripe.com/webhooks#verify-manually. Beyond it, messages from the future are refused too.
"""

import hashlib
import hmac
from datetime import datetime

from chalicelib.payments.errors import WebhookRefused

WINDOW_SECONDS = 300
_MOST_SIGNATURES = 10


def sign(secret: bytes, body: bytes, now: datetime) -> str:
    """The header's value for a message of ours."""
    t = str(int(now.timestamp()))
    return f"t={t},v1={_digest(secret, t, body)}"


def check(secret: bytes, header: str, body: bytes, now: datetime) -> None:
    """Raises WebhookRefused unless one of the ``v1`` signatures is right and ``t`` lies within 300 s of ``now``.

    There may be several: while a secret is being replaced, a message is signed with both.
    """
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"][:_MOST_SIGNATURES]
    if len(times) != 1 or not fresh(times[0], now):
        raise refused()
    expected = _digest(secret, times[0], body)
    # Every signature is compared, each in constant time, so that the time tells nothing.
    if not sum(hmac.compare_digest(expected.encode(), each.encode(errors="replace")) for each in given):
        raise refused()


def fresh(epoch_seconds: str, now: datetime) -> bool:
    """Whether a time of signing, as digits, lies within the window around ``now``."""
    if not epoch_seconds.isascii() or not epoch_seconds.isdigit() or len(epoch_seconds) > 12:
        return False
    return abs(now.timestamp() - int(epoch_seconds)) <= WINDOW_SECONDS


def refused() -> WebhookRefused:
    """One refusal for every reason: a forger learns nothing from it."""
    return WebhookRefused(
        "The signature of this message is not valid for this store and time.", detail_zh="通知签名无效或已过期。"
    )


def _digest(secret: bytes, t: str, body: bytes) -> str:
    return hmac.new(secret, t.encode() + b"." + body, hashlib.sha256).hexdigest()
