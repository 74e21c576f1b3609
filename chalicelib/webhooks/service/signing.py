"""The headers that say who sent a body and when, by the library of Standard Webhooks."""

from collections.abc import Iterable
from datetime import UTC, datetime
from math import floor

from standardwebhooks import Webhook

AGENT = "Lintuan-Webhooks/1"


def headers(secrets: Iterable[str], message_id: str, body: str, now: datetime) -> dict[str, str]:
    """Headers for one attempt: the id is that of the event, the timestamp and signatures are of this instant.

    One signature for each secret, the present one's first.
    """
    at = now.astimezone(UTC)  # the library takes the clock's face for UTC
    signatures = (Webhook(secret).sign(message_id, at, body) for secret in secrets)
    return {
        "content-type": "application/json",
        "user-agent": AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(floor(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
