"""A brand's rules of points, and each member's ledger, as they are stored, with their keys."""

from datetime import date, datetime, timedelta
from typing import Self

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional, terms
from chalicelib.kernel.clock import zone
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.local_day import day_start
from chalicelib.kernel.wall_time import ANYHOW, to_instant
from chalicelib.loyalty.points.model.earning import Counts
from chalicelib.loyalty.points.model.entries import Cause, CauseType
from chalicelib.loyalty.points.model.expiring import notice_on
from chalicelib.loyalty.points.model.lots import Holding, Lot, lots_from_json
from chalicelib.loyalty.points.model.rules import PointsRules

QUEUE = "service"
DUE = "points.due"
"""What is due of a member's points: that some have expired, or that it is time to say so."""

POINTS_CHANGED, POINTS_EXPIRING = "member.points_changed", "member.points_expiring"
CHECKED_IN = "member.checked_in"
"""A member has checked in, on the local day ``on``."""

_NOTICE_HOUR = 10


class PointsRulesRecord(TenantRecord):
    """What a brand has set of its rules of points."""

    stored_rules = terms(PointsRules.from_json, attr_name="rules")
    updated_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "points-rules"), "points-rules"

    @property
    def rules(self) -> PointsRules:
        return self.stored_rules or PointsRules()


class PointsRecord(TenantRecord):
    """The head of a member's ledger, beside their own record: the points that they have, what they have earned by each
    action, and the number of ``entries``. Every entry is written with it, and with the balance on the member.

    Its points stand by the day on which they expire: at most 1,096 days, 14 KB, for somebody who earned every day for
    three years and spent nothing; a few hundred bytes for most. ``noticed_on`` is the last day of which the member was
    told what expires until then.
    """

    stored_holding = JsonAttribute(attr_name="held", null=True)
    stored_counts = JsonAttribute(attr_name="earned", null=True)
    entries = NumberAttribute(default=0)
    noticed_on = optional(DateAttribute(null=True))
    timezone = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, member_id: str) -> tuple[str, str]:
        """The key: in the member's own partition."""
        return key(tenant_id, "member", member_id), "points"

    @property
    def member_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def holding(self) -> Holding:
        return Holding.from_json(self.stored_holding)

    @holding.setter
    def holding(self, holding: Holding) -> None:
        self.stored_holding = holding.as_json()

    @property
    def counts(self) -> Counts:
        return Counts.from_json(self.stored_counts)

    @counts.setter
    def counts(self, counts: Counts) -> None:
        self.stored_counts = counts.as_json()

    def arrange(self) -> None:
        """Is due when the next points have expired, and before that when their owner is to hear of it."""
        lots, tz = self.holding.lots, zone(self.timezone)
        expire = next((lot.expires_on for lot in lots if lot.expires_on), None)
        notice: date | None = notice_on(lots, self.noticed_on)
        due: list[datetime] = [day_start(expire + timedelta(days=1), tz)] if expire else []
        if notice:
            at = datetime(notice.year, notice.month, notice.day, _NOTICE_HOUR)  # noqa: DTZ001 - a wall clock's
            due.append(to_instant(at, tz, ANYHOW, ""))
        self.schedule(min(due, default=None), DUE, QUEUE)


class PointsEntryRecord(TenantRecord):
    """One entry of a member's ledger; its id follows from its cause, so that no cause has a second one. ``number`` is
    its place, ``balance`` what all entries up to it sum to. ``gsi1`` lists a member's entries.

    ``for_gift`` marks points that a gift was had for, or that came back of it. ``used`` are the lots that a spending
    took, ``body_hash`` tells whether a request of the team under the same Idempotency-Key is the same.
    """

    number = NumberAttribute()
    delta = NumberAttribute()
    balance = NumberAttribute()
    cause_type = UnicodeAttribute()
    cause_id = UnicodeAttribute()
    at = InstantAttribute()
    expires_on = optional(DateAttribute(null=True))
    order_id = optional(UnicodeAttribute(null=True))
    reason = optional(UnicodeAttribute(null=True))
    by = optional(UnicodeAttribute(null=True))
    for_gift = optional(BooleanAttribute(attr_name="gift", null=True))
    stored_used = optional(JsonAttribute(attr_name="used", null=True))
    body_hash = optional(UnicodeAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, member_id: str, cause: Cause) -> tuple[str, str]:
        """The key: in the member's own partition, by the cause."""
        return key(tenant_id, "member", member_id), f"points#{cause}"

    @classmethod
    def of_cause(cls, tenant_id: str, member_id: str, cause: Cause) -> Self:
        """A new entry, to be filled in."""
        return cls(*cls.address(tenant_id, member_id, cause), cause_type=cause.type.value, cause_id=cause.id)

    @property
    def cause(self) -> Cause:
        return Cause(CauseType(self.cause_type), self.cause_id)

    @property
    def id(self) -> str:
        return derived_id(str(self.pk), str(self.sk))

    @property
    def member_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def used(self) -> tuple[Lot, ...]:
        return lots_from_json(self.stored_used or ())

    @used.setter
    def used(self, used: tuple[Lot, ...]) -> None:
        self.stored_used = Holding(used).as_json()[1:] or None

    def arrange(self) -> None:
        self.gsi1pk = member_entries(self.tenant_id, self.member_id)
        self.gsi1sk = f"{int(self.number):010d}"


def member_entries(tenant_id: str, member_id: str) -> str:
    """The gsi1 partition with a member's entries, in the order in which they were booked."""
    return key(tenant_id, "member-points", member_id)
