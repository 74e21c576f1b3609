"""How far the refunds of a cancelled campaign have been found to have arrived, with its key."""

from typing import Self

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, Transaction, key
from chalicelib.db.attributes import optional


class RefundingRecord(TenantRecord):
    """Every order up to ``after``, in partition ``shard`` of the campaign's order index, has its money back.

    ``waits_for`` is the order whose refund the look goes on after; ``owes`` says that any order was paid at all.
    """

    shard = NumberAttribute(default=0)
    after = JsonAttribute(null=True)
    owes = BooleanAttribute(default=False)
    waits_for = UnicodeAttribute(null=True)
    finished_at = optional(InstantAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, campaign_id: str) -> tuple[str, str]:
        """The key, in the campaign's partition."""
        return key(tenant_id, "campaign", campaign_id), "refunding"

    @classmethod
    def of(cls, tenant_id: str, campaign_id: str) -> Self:
        """How far it is now; where nobody has looked yet it is new, with revision 0."""
        address = cls.address(tenant_id, campaign_id)
        return cls.fetch(*address, consistent=True) or cls(*address, rev=0)

    def write(self, tx: Transaction) -> None:
        """Adds it to a transaction, as ``refunding``: refused if another write came between."""
        if self.rev == 0:
            self.rev = 1
            tx.create("refunding", self)
        else:
            tx.replace("refunding", self)
