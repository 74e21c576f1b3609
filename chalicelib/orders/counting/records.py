"""What is kept to count a campaign's orders: each once while it runs, all of them at its close."""

from datetime import datetime

from pynamodb.attributes import NumberAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, Transaction, key
from chalicelib.db.attributes import optional
from chalicelib.orders.counting.model import Counted, Seen


class ParticipationRecord(TenantRecord):
    """A member's orders as they are counted in a campaign's progress, so that each is counted once.

    ``counted`` has units, revenue and revision by order id, and the revision alone of one that is live no more; those
    counted before revisions were kept have none, and any is later than theirs.
    """

    counted = JsonAttribute()

    def write(self, tx: Transaction) -> None:
        """Adds it to a transaction under its key: refused if another write came between. New at revision 0."""
        if self.rev == 0:
            self.rev = 1
            tx.create(self.pk, self)
        else:
            tx.replace(self.pk, self)

    @staticmethod
    def address(tenant_id: str, campaign_id: str, member_id: str) -> tuple[str, str]:
        """The key of a member's part in a campaign."""
        return key(tenant_id, "participation", campaign_id, member_id), "participation"

    @property
    def orders(self) -> Counted:
        """Each order as it was last counted, by order id."""
        return {order_id: _seen(*kept) for order_id, kept in self.counted.items()}

    @orders.setter
    def orders(self, counted: Counted) -> None:
        self.counted = {order_id: [*(seen.live or ()), seen.rev] for order_id, seen in counted.items()}


class TallyRecord(TenantRecord):
    """What one shard of a closed campaign's orders comes to, as far as they are counted.

    ``taken`` is units by ``offer:bucket``, ``amount_minor`` the value of the goods. ``after`` is the key in the index
    after which the count goes on, None at its end. ``participants`` is known there; on the way the members who were met
    are in ``parts`` records of their own.

    It belongs to the close at ``closes_at``: an extended campaign closes, and is counted, again. None belongs to none.
    """

    closes_at = optional(InstantAttribute(null=True))
    orders = NumberAttribute()
    participants = NumberAttribute()
    amount_minor = NumberAttribute()
    taken = JsonAttribute()
    after = JsonAttribute(null=True)
    parts = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str, campaign_id: str, shard: int) -> tuple[str, str]:
        """The key of a shard's tally, in the campaign's partition."""
        return key(tenant_id, "campaign", campaign_id), f"tally#{shard}"

    def is_done(self, closes_at: datetime | None) -> bool:
        """Whether every order of the shard is counted for the close at that instant."""
        return self.closes_at == closes_at and self.after is None

    def begin(self) -> None:
        """Nothing of the shard is counted."""
        self.closes_at = self.after = None
        self.orders = self.participants = self.amount_minor = self.parts = 0
        self.taken = {}

    def write(self, tx: Transaction) -> None:
        """Adds it to a transaction under its sort key: refused if another write came between. New at revision 0."""
        if self.rev == 0:
            self.rev = 1
            tx.create(self.sk, self)
        else:
            tx.replace(self.sk, self)

    def met(self, part: int) -> tuple[str, str]:
        """The key of the members who were met in one of its parts."""
        return str(self.pk), f"{self.sk}#met#{part}"


def _seen(first: int, revenue_minor: int | None = None, rev: int = 0) -> Seen:
    """An order from what is kept of it: a revision, or units and revenue with or without one."""
    return Seen(first, None) if revenue_minor is None else Seen(rev, (first, revenue_minor))


class MetRecord(TenantRecord):
    """The members of one part of a shard's orders, by id: a member who is met in two parts is one participant."""

    members = JsonAttribute()
