"""The attempts to pay an order, with their key."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.db import JsonAttribute, TenantRecord, key
from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.payments.attempts.model import AN_HOUR, Attempt


class AttemptsRecord(TenantRecord):
    """The attempts to pay an order that were started within the last hour. Every start replaces it, so they are counted
    one at a time; it is deleted a while after the last.
    """

    stored = JsonAttribute(default=list)

    @staticmethod
    def address(tenant_id: str, order_id: str) -> tuple[str, str]:
        """The key of an order's attempts, in the order's partition."""
        return key(tenant_id, "order", order_id), "payment-attempts"

    @property
    def attempts(self) -> list[Attempt]:
        """In the order of starting."""
        return [Attempt(payment_id, parse_instant(at)) for payment_id, at in self.stored]

    def add(self, payment_id: str, now: datetime) -> None:
        """Notes one more; what is older than an hour is forgotten."""
        self.keep([*(each for each in self.attempts if each.at > now - AN_HOUR), Attempt(payment_id, now)])
        self.expires_at = int((now + 2 * AN_HOUR).timestamp())

    def keep(self, attempts: Sequence[Attempt]) -> None:
        """Keeps these alone."""
        self.stored = [[each.payment_id, sortable(each.at)] for each in attempts]
