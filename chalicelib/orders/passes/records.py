"""How far a pass over a campaign's orders has come, with its key."""

from typing import Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, Transaction, key
from chalicelib.db.attributes import optional

DUE = "orders.pass_due"
"""What a pass asks for: when it is to begin, and minutes after its last page, should its message be lost."""


class PassRecord(TenantRecord):
    """How far one pass over a campaign's orders has come: the shard of the index, and the key to continue after.

    ``visited`` counts the orders that are done; ``waits_for`` is the order that it goes on at, once that is ready for
    it; ``finished_at`` is None while there are more.
    """

    shard = NumberAttribute(default=0)
    after = JsonAttribute(null=True)
    visited = NumberAttribute(default=0)
    waits_for = optional(UnicodeAttribute(null=True))
    finished_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, campaign_id: str, name: str) -> tuple[str, str]:
        """The key of the pass of that name, in the campaign's partition."""
        return key(tenant_id, "campaign", campaign_id), f"pass#{name}"

    @classmethod
    def of(cls, tenant_id: str, campaign_id: str, name: str) -> Self:
        """How far it is now; one that has not begun is new, with revision 0."""
        address = cls.address(tenant_id, campaign_id, name)
        return cls.fetch(*address, consistent=True) or cls(*address, rev=0)

    @property
    def campaign_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def name(self) -> str:
        return str(self.sk).rpartition("#")[2]

    def arrange(self) -> None:
        """``due_at`` is set by what moves the pass on."""
        self.schedule(self.due_at, DUE, "orders")

    def write(self, tx: Transaction) -> None:
        """Adds it to a transaction, as ``pass``: refused if another write came between."""
        if self.rev == 0:
            self.rev = 1
            tx.create("pass", self)
        else:
            tx.replace("pass", self)
