"""Orders and what is kept about them, with their keys."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.kernel.clock import sortable
from chalicelib.orders.handover import Tries
from chalicelib.orders.model import OWED, SOLD, Line, Status, shard_of
from chalicelib.orders.progress import Counted
from chalicelib.pricing.model import Totals


class OrderRecord(TenantRecord):
    """A member's order. Names are short because an order of one line must fit into a kilobyte: four write units with
    its stock bucket, instead of six. Nothing in it is free text of the member's.

    ``body_hash`` tells whether a request under the same Idempotency-Key is the same. What the first answer showed
    (lines, amounts, pickup code, ``placed_at``) is never changed, so that it can be given again for ever.
    """

    campaign_id = UnicodeAttribute(attr_name="campaign")
    member_id = UnicodeAttribute(attr_name="member")
    pickup_point_id = UnicodeAttribute(attr_name="point")
    status = UnicodeAttribute()
    currency = UnicodeAttribute(attr_name="cur")
    stored_lines = JsonAttribute(attr_name="lines")
    discount_minor = NumberAttribute(attr_name="off", default=0)
    delivery_minor = NumberAttribute(attr_name="fee", default=0)
    paid_minor = NumberAttribute(attr_name="paid", default=0)
    refunded_minor = NumberAttribute(attr_name="back", default=0)
    pickup_code = UnicodeAttribute(attr_name="code")
    body_hash = UnicodeAttribute(attr_name="hash")
    placed_at = InstantAttribute(attr_name="at")
    cancelled_at = InstantAttribute(null=True)
    cancelled_by = UnicodeAttribute(null=True)
    picked_up_at = InstantAttribute(null=True)
    picked_up_by = UnicodeAttribute(null=True)
    handover_key = UnicodeAttribute(null=True)
    wrong_codes = NumberAttribute(null=True)
    locked_until = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, order_id: str) -> tuple[str, str]:
        """The key of an order."""
        return key(tenant_id, "order", order_id), "order"

    @property
    def id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def lines(self) -> list[Line]:
        """What was ordered, in the order of the request."""
        return [Line.from_json(line) for line in self.stored_lines]

    @property
    def quantity(self) -> int:
        """Units of all lines together."""
        return sum(line.quantity for line in self.lines)

    @property
    def goods_minor(self) -> int:
        """The value of the goods before discounts and delivery."""
        return sum(line.total_minor for line in self.lines)

    @property
    def totals(self) -> Totals:
        """The order's money as it stands."""
        return Totals.of(
            self.goods_minor,
            int(self.discount_minor),
            int(self.delivery_minor),
            paid=int(self.paid_minor),
            refunded=int(self.refunded_minor),
            owed=self.status in OWED,
        )

    @property
    def total_minor(self) -> int:
        """What the order costs."""
        return self.totals.total

    @property
    def is_sold(self) -> bool:
        """Whether its units stand as sold in the stock buckets."""
        return self.status in SOLD

    @property
    def tries(self) -> Tries:
        """The wrong pickup codes tried on it."""
        return Tries(int(self.wrong_codes or 0), self.locked_until)

    @tries.setter
    def tries(self, tries: Tries) -> None:
        self.wrong_codes, self.locked_until = tries.wrong or None, tries.locked_until

    def index(self, shards: int) -> None:
        """Sets the index keys: by campaign (in one of its ``shards``) and by member, both by the time of placing."""
        tenant_id = self.tenant_id
        self.gsi1pk = campaign_orders(tenant_id, self.campaign_id, shard_of(self.member_id, shards))
        self.gsi2pk = member_orders(tenant_id, self.member_id)
        self.gsi1sk = self.gsi2sk = f"{sortable(self.placed_at)}#{self.id}"

    def move_to(self, status: Status, now: datetime) -> None:
        """Takes a state and tells the world, on this record."""
        self.status = status.value
        self.emit(f"order.{status.value}", now, order_id=self.id)


class LimitRecord(TenantRecord):
    """How many units of an offer a member has in live orders; kept only for offers with a limit."""

    used = NumberAttribute()

    @staticmethod
    def address(tenant_id: str, offer_id: str, member_id: str) -> tuple[str, str]:
        """The key of a member's use of an offer. Members differ in partition, so a rush meets on none."""
        return key(tenant_id, "limit", offer_id, member_id), "limit"


class ParticipationRecord(TenantRecord):
    """Which of a member's orders are counted in a campaign's progress, so that each is counted once."""

    counted = JsonAttribute()

    @staticmethod
    def address(tenant_id: str, campaign_id: str, member_id: str) -> tuple[str, str]:
        """The key of a member's part in a campaign."""
        return key(tenant_id, "participation", campaign_id, member_id), "participation"

    @property
    def orders(self) -> Counted:
        """Units and revenue by order id."""
        return {order_id: (units, revenue) for order_id, (units, revenue) in self.counted.items()}


class TallyRecord(TenantRecord):
    """What one shard of a closed campaign's orders comes to. ``taken`` is units by ``offer:bucket``.

    It belongs to the close at ``closes_at``: an extended campaign closes, and is counted, again.
    """

    closes_at = InstantAttribute()
    orders = NumberAttribute()
    participants = NumberAttribute()
    amount_minor = NumberAttribute()
    taken = JsonAttribute()

    @staticmethod
    def address(tenant_id: str, campaign_id: str, shard: int) -> tuple[str, str]:
        """The key of a shard's tally, in the campaign's partition."""
        return key(tenant_id, "campaign", campaign_id), f"tally#{shard}"


class ReleaseRecord(TenantRecord):
    """How far the release of a cancelled campaign's orders has come: the shard, and the key to continue after."""

    shard = NumberAttribute(default=0)
    after = JsonAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, campaign_id: str) -> tuple[str, str]:
        """The key of the release, in the campaign's partition."""
        return key(tenant_id, "campaign", campaign_id), "release"


def campaign_orders(tenant_id: str, campaign_id: str, shard: int) -> str:
    """The gsi1 partition with a shard of a campaign's orders, by the time of placing."""
    return key(tenant_id, "campaign-orders", campaign_id, str(shard))


def member_orders(tenant_id: str, member_id: str) -> str:
    """The gsi2 partition with a member's orders, by the time of placing."""
    return key(tenant_id, "member-orders", member_id)


def in_state(states: Iterable[Status]) -> Any:
    """The filter for orders in one of some states, such as ``SOLD`` or ``OWED``."""
    return OrderRecord.status.is_in(*sorted(state.value for state in states))
