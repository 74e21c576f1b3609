"""What leads from a spoken pickup code to its order, and how often codes were tried; with their keys."""

from datetime import datetime, timedelta
from typing import Self

from pynamodb.attributes import NumberAttribute

from chalicelib.db import InstantAttribute, TenantRecord, Transaction, key
from chalicelib.orders.pickup_code.model import TRIES_WITHIN, RecentTries

_KEPT_FOR = timedelta(days=180)
"""So long a code leads to its order: no campaign's parcels wait longer."""


class PickupCodeRecord(TenantRecord):
    """Leads from a code to an order that lies ready under it; two orders that drew the same code both stand there."""

    @staticmethod
    def partition(tenant_id: str, code: str) -> str:
        """The partition of a code, with the ids of its orders as sort keys."""
        return key(tenant_id, "pickup-code", code)

    @property
    def order_id(self) -> str:
        return str(self.sk)


def lead_to(tx: Transaction, tenant_id: str, code: str, order_id: str, now: datetime) -> None:
    """Adds that an order is found by its code: from when it is ready on, so that placing one costs no more."""
    expires_at = int((now + _KEPT_FOR).timestamp())
    tx.put(
        "pickup_code", PickupCodeRecord(PickupCodeRecord.partition(tenant_id, code), order_id, expires_at=expires_at)
    )


class CodeTriesRecord(TenantRecord):
    """The codes that one person has tried at a pickup point in the quarter of an hour from ``since`` on."""

    tried = NumberAttribute(default=0)
    since = InstantAttribute(null=True)

    @classmethod
    def of(cls, tenant_id: str, pickup_point_id: str, by: str) -> Self:
        """As it stands, or a new one: of a person at a pickup point."""
        address = key(tenant_id, "pickup-tries", pickup_point_id), by
        return cls.fetch(*address, consistent=True) or cls(*address, rev=0)

    def write(self, tx: Transaction) -> None:
        """Adds it to a transaction, as ``tries``: refused if another write came between."""
        if self.rev == 0:
            self.rev = 1
            tx.create("tries", self)
        else:
            tx.replace("tries", self)

    @property
    def tries(self) -> RecentTries:
        return RecentTries(int(self.tried), self.since)

    @tries.setter
    def tries(self, tries: RecentTries) -> None:
        self.tried, self.since = tries.count, tries.since
        if tries.since is not None:
            self.expires_at = int((tries.since + TRIES_WITHIN).timestamp())
