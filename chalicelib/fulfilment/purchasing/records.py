"""A campaign's purchase lists, and how far its supply has come, with their keys."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.fulfilment.purchasing.model import Purchase, PurchaseLine

_PREFIX = "purchase-list#"

IDLE, CUTTING, COUNTING, SUBSTITUTING, TELLING = "idle", "cutting", "counting", "substituting", "telling"
"""What is being done to orders: nothing; lines are lowered to what there is; units given as another SKU are counted, as
far as they were handed over; what is short of lines is given as another SKU; members hear what all that came to."""

LESS_CAME, NOT_BOUGHT, FREED = "less_came", "not_bought", "freed"
"""Why orders are adjusted: a delivery fell short, packs and minimums leave units out, or other orders have ended."""

OVERDUE = timedelta(minutes=5)
"""So long after the last step of a pass over the orders, it is looked at again."""


class PurchaseListRecord(TenantRecord):
    """What has to be bought for a campaign. A version is never changed; a correction is the next version."""

    version = NumberAttribute()
    frozen_at = InstantAttribute()
    frozen_by = UnicodeAttribute(default="system")
    stored_lines = JsonAttribute(attr_name="lines")
    stored_purchases = JsonAttribute(attr_name="purchases", null=True)

    @staticmethod
    def partition(tenant_id: str, campaign_id: str) -> str:
        """The campaign's partition, where its purchase lists are."""
        return key(tenant_id, "campaign", campaign_id)

    @classmethod
    def address(cls, tenant_id: str, campaign_id: str, version: int) -> tuple[str, str]:
        """The key of a version, counted from 1; versions sort by number."""
        return cls.partition(tenant_id, campaign_id), f"{_PREFIX}{version:06d}"

    @classmethod
    def latest(cls, tenant_id: str, campaign_id: str) -> "PurchaseListRecord | None":
        """The newest version, or None before the first."""
        pk = cls.partition(tenant_id, campaign_id)
        found = cls.page(pk, begins_with=_PREFIX, newest_first=True, limit=1, consistent=True).items
        return found[0] if found else None

    @property
    def lines(self) -> list[PurchaseLine]:
        """What to buy, a line for each SKU."""
        return [PurchaseLine.from_json(line) for line in self.stored_lines]

    @property
    def bought_from(self) -> dict[str, str | None]:
        """The supplier of each SKU of the list; None of one that comes off the brand's own shelf, or from anybody."""
        return {line.sku_id: line.supplier_id if line.bought else None for line in self.lines}

    @property
    def purchases(self) -> list[Purchase]:
        """The suppliers it is bought from, in the order of their first lines."""
        return [Purchase(*each) for each in self.stored_purchases or ()]


class SupplyRecord(TenantRecord):
    """How far a campaign's supply has come, and the pass over its orders where less comes than was ordered.

    ``tallies`` is by SKU: units received, of those damaged, short for good, substituted, put on the brand's own shelf.
    ``substitutes`` is by SKU: units by the SKU that came instead, for orders; ``given`` how many of those are in
    orders, complete once nothing is being done, and ``sold`` the units that were sold when those were counted.

    ``plan`` are the next orders to adjust, ``[order, {offer: quantity}, {offer: {sku: units}}]``; it is carried out
    before the next is made, and ``plans`` numbers them. ``after`` is the index key below which orders were not looked
    at yet in this one of the ``rounds``, ``oldest`` the one below which none has a substitute. ``left`` is by SKU what
    no order could be relieved of, such as units handed over.

    ``cut`` is by SKU what this pass took out of orders, out of ``orders_cut`` of them. A plan that a receipt came
    between is ``uncounted``, with its number, until what was carried out of it is added to them. ``untold`` says that
    members may have to hear of what was done once all is.
    """

    version = NumberAttribute(default=0)
    receipts = NumberAttribute(default=0)
    tallies = JsonAttribute(default=dict)
    substitutes = JsonAttribute(default=dict)
    given = JsonAttribute(default=dict)
    sold = JsonAttribute(default=dict)
    stage = UnicodeAttribute(default=IDLE)
    plan = JsonAttribute(default=list)
    plans = NumberAttribute(default=0)
    after = UnicodeAttribute(null=True)
    oldest = optional(UnicodeAttribute(null=True))
    rounds = NumberAttribute(default=0)
    left = JsonAttribute(default=dict)
    reason = UnicodeAttribute(default=LESS_CAME)
    overdue_at = optional(InstantAttribute(null=True))
    cut = JsonAttribute(default=dict)
    orders_cut = NumberAttribute(default=0)
    uncounted = JsonAttribute(null=True)
    untold = optional(BooleanAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, campaign_id: str) -> tuple[str, str]:
        """The key of a campaign's supply, in the campaign's partition."""
        return key(tenant_id, "campaign", campaign_id), "supply"

    @property
    def campaign_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def is_busy(self) -> bool:
        """Whether orders are being adjusted."""
        return self.stage != IDLE

    def is_outdated(self, sku_id: str, sold: int) -> bool:
        """Whether orders with units of a SKU, for which substitutes came, have ended since those in orders were
        counted."""
        return bool(self.given.get(sku_id)) and self.sold.get(sku_id) != sold

    def begin(self, stage: str, reason: str, now: datetime) -> None:
        """Starts the pass over the orders from the last come, whatever an earlier one has left to do."""
        if not self.is_busy:
            self.cut, self.orders_cut = {}, 0
        elif self.plan:
            self.uncounted = [int(self.plans), self.plan]
        self.reason, self.left, self.rounds, self.plan = reason, {}, 0, []
        self.enter(stage)
        self.advance(now)

    def enter(self, stage: str) -> None:
        """Goes over the orders from the last come on, for the next thing to be done to them."""
        self.stage, self.after = stage, None
        if stage == COUNTING:
            self.given, self.oldest = {}, None

    def note_cut(self, units: Mapping[str, int], orders: int) -> None:
        """Adds what was taken out of some orders, by SKU."""
        self.cut = dict(Counter(self.cut) + Counter(units))
        self.orders_cut = int(self.orders_cut) + orders

    def advance(self, now: datetime) -> None:
        """Asks for the next step of the pass, if there is one to come; else emits what the pass came to."""
        if self.is_busy:
            self.overdue_at = now + OVERDUE
            self.emit("supply.allocating", now, campaign_id=self.campaign_id)
        else:
            about = {"cut": dict(self.cut), "orders": int(self.orders_cut), "plans": int(self.plans)}
            self.emit("supply.allocated", now, campaign_id=self.campaign_id, reason=self.reason, **about)

    def arrange(self) -> None:
        """Should the message that asks for the next step be lost, the step is due a while later."""
        self.schedule((self.overdue_at or self.due_at) if self.is_busy else None, "supply.allocate", "fulfilment")
