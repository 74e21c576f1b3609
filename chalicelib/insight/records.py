"""What insight stores: jobs beside the tenant's content, activity and aggregates in the InsightTable."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Self

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InsightRecord, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.insight.model.figures import Activity, Sold
from chalicelib.insight.model.payment_kinds import PaymentKind, kind_of

_EVERYTHING = 100_000


class ActivityRecord(InsightRecord):
    """One order on the tenant's local day. Short names: a day is read whole.

    ``rev`` is the revision of the platform's own order that this state was taken from; imported rows never change.
    ``amount_minor`` and ``quantity`` are what was sold; ``left_minor`` and ``left_units`` what of the goods was kept,
    without delivery, where that is another number.

    ``stored_parts`` is what was sold by product, see ``insight.model.figures.Sold``: of an order placed here all of its
    goods. ``discounts`` is what was taken off the goods, by the step of pricing that took it or, of an imported order,
    under ``imported``; ``method`` how it is paid; ``stored_skus`` which SKUs were sold. Orders of before these were
    kept have none of them.
    """

    ordinal = NumberAttribute(attr_name="o")
    amount_minor = NumberAttribute(attr_name="a")
    currency = UnicodeAttribute(attr_name="c")
    quantity = NumberAttribute(attr_name="q")
    hour = NumberAttribute(attr_name="h")
    at = optional(InstantAttribute(null=True))
    voided = NumberAttribute(attr_name="v", null=True)
    rev = NumberAttribute(attr_name="r", null=True)
    extra = JsonAttribute(attr_name="x", null=True)
    left_minor = optional(NumberAttribute(attr_name="k", null=True))
    left_units = optional(NumberAttribute(attr_name="u", null=True))
    stored_parts = optional(JsonAttribute(attr_name="p", null=True))
    discounts = optional(JsonAttribute(attr_name="d", null=True))
    method = optional(UnicodeAttribute(attr_name="m", null=True))
    stored_skus = optional(JsonAttribute(attr_name="s", null=True))

    @property
    def parts(self) -> tuple[Sold, ...]:
        """What was sold by product; of an imported order of one row all of it, where its file names any goods."""
        if self.stored_parts is not None:
            return tuple(Sold(*each) for each in self.stored_parts)
        said = self.extra or {}
        code, category = said.get("product_code", ""), said.get("category", "")
        whole = Sold(code, category, int(self.quantity), int(self.amount_minor), self.discount_minor)
        return (whole,) if code or category else ()

    @property
    def discount_minor(self) -> int:
        """What discounts took off its goods, in minor units."""
        return sum((self.discounts or {}).values())

    @property
    def payment(self) -> PaymentKind:
        """By what kind of payment it is paid."""
        return kind_of(self.method)

    def counted_for(self, ordinal: int) -> Activity:
        """The order as aggregates count it: as the member's of this ordinal."""
        said = self.extra or {}
        return Activity(
            ordinal,
            int(self.amount_minor),
            str(self.currency),
            int(self.quantity),
            int(self.hour),
            self.discount_minor,
            said.get("campaign") or "",
            said.get("channel") or "",
            said.get("pickup_point") or "",
            self.parts,
            itemised=self.is_own and self.stored_parts is not None,
        )

    @property
    def kept_minor(self) -> int:
        """What was paid for the goods and not given back, in minor units."""
        return int(self.amount_minor if self.left_minor is None else self.left_minor)

    @property
    def kept_units(self) -> int:
        return int(self.quantity if self.left_units is None else self.left_units)

    @staticmethod
    def partition(tenant_id: str, on: date) -> str:
        return key(tenant_id, "day", on.isoformat())

    @classmethod
    def of_order(cls, tenant_id: str, on: date, order_id: str) -> tuple[str, str]:
        return cls.partition(tenant_id, on), f"order#{order_id}"

    @classmethod
    def of_ref(cls, tenant_id: str, on: date, order_ref: str) -> tuple[str, str]:
        """Where an imported order is kept: apart from the platform's own, so that no file can overwrite those."""
        return cls.partition(tenant_id, on), f"ref#{spelled(order_ref)}"

    @classmethod
    def imported(cls, tenant_id: str, on: date) -> Iterator[Self]:
        """The imported orders of a day, read consistently."""
        return cls.every(cls.partition(tenant_id, on), begins_with="ref#", limit=_EVERYTHING, consistent=True)

    @property
    def source(self) -> str:
        """The id of the platform's own order, or the imported reference."""
        return str(self.sk).partition("#")[2].replace("%23", "#").replace("%25", "%")

    @property
    def is_own(self) -> bool:
        """Whether it is an order of the platform's own."""
        return str(self.sk).startswith("order#")

    @property
    def on(self) -> date:
        return date.fromisoformat(str(self.pk).rpartition("#")[2])

    @classmethod
    def of_day(cls, tenant_id: str, on: date) -> Iterator[Self]:
        """All orders of a day, read consistently: what was written before is seen."""
        return cls.every(cls.partition(tenant_id, on), limit=_EVERYTHING, consistent=True)


class RefClaim(InsightRecord):
    """That an order reference is used, by which content, and by which row of which job it came first."""

    fingerprint = UnicodeAttribute(attr_name="f")
    job_id = UnicodeAttribute(attr_name="j")
    row = NumberAttribute(attr_name="n")

    @staticmethod
    def address(tenant_id: str, order_ref: str) -> tuple[str, str]:
        return key(tenant_id, "ref", spelled(order_ref)), "claim"


class DirtyDay(InsightRecord):
    """That a day has activity which no rollup has seen. ``mark`` differs with every marking. Days with ``EVENTS`` of
    which no columns are made yet are marked apart: what somebody looked at makes no figure of orders less final.
    """

    ORDERS, EVENTS = "dirty", "dirty-events"

    mark = UnicodeAttribute()

    @property
    def on(self) -> date:
        return date.fromisoformat(str(self.sk))

    @staticmethod
    def partition(tenant_id: str, of: str = ORDERS) -> str:
        return key(tenant_id, of)

    @classmethod
    def until(cls, tenant_id: str, on: date, of: str = ORDERS) -> list[Self]:
        """The dirty days up to and including ``on``, oldest first."""
        between = ("0000", on.isoformat())
        return list(cls.every(cls.partition(tenant_id, of), between=between, limit=_EVERYTHING, consistent=True))


class ChangedDay(InsightRecord):
    """When what was done on a day changed last: ``mark`` differs with every change, and stays. Written after it, so
    that whoever reads the mark first and then the day has a state of the day that is at least as new. Beside the days
    stands when members were united last.
    """

    PEOPLE = "people"

    mark = UnicodeAttribute()

    @staticmethod
    def partition(tenant_id: str) -> str:
        return key(tenant_id, "changed-days")

    @classmethod
    def address(cls, tenant_id: str, on: date) -> tuple[str, str]:
        return cls.partition(tenant_id), on.isoformat()

    @classmethod
    def of_people(cls, tenant_id: str) -> tuple[str, str]:
        """Where it is marked that members were united."""
        return cls.partition(tenant_id), cls.PEOPLE

    @classmethod
    def marks(cls, tenant_id: str, from_on: date, to_on: date) -> dict[date, str]:
        """The marks of the days from one to the other, both included, read consistently."""
        between = (from_on.isoformat(), to_on.isoformat())
        found = cls.every(cls.partition(tenant_id), between=between, limit=_EVERYTHING, consistent=True)
        return {date.fromisoformat(str(each.sk)): str(each.mark) for each in found}


class TookPartRecord(InsightRecord):
    """That a member, by ordinal, took part on a local day beside ordering: answered a survey, or checked in. Written
    again it stays the same.
    """

    @staticmethod
    def partition(tenant_id: str, month: str) -> str:
        """The partition with all days of a month, such as ``1998-06``."""
        return key(tenant_id, "took-part", month)

    @classmethod
    def address(cls, tenant_id: str, on: date, ordinal: int) -> tuple[str, str]:
        return cls.partition(tenant_id, on.isoformat()[:7]), f"{on.isoformat()}#{ordinal:012d}"

    @property
    def on(self) -> date:
        return date.fromisoformat(str(self.sk).partition("#")[0])

    @property
    def ordinal(self) -> int:
        return int(str(self.sk).partition("#")[2])

    @classmethod
    def in_days(cls, tenant_id: str, from_on: date, to_on: date) -> Iterator[Self]:
        """Who took part on the days from one to the other of the same month, read consistently."""
        between = (from_on.isoformat(), f"{to_on.isoformat()}#~")
        partition = cls.partition(tenant_id, from_on.isoformat()[:7])
        return cls.every(partition, between=between, limit=_EVERYTHING, consistent=True)


class Doing(StrEnum):
    """What days and months are aggregates of; each has its own."""

    ORDERING = ""
    TAKING_PART = "took-part-"


class RollupRecord(InsightRecord):
    """The aggregate of a day (``1997-01-31``) or a month (``1997-01``): of orders, or of taking part, which is who did.

    ``rev`` rises when the content changes, and only then. ``bits`` is the first chunk of the member bitmap; ``more``
    counts the further ones, which lie in records of their own. ``days`` of a month names its days' revisions.
    ``spent`` of a day is a digest of what its members spent, and the chunks in which that stands beside it; ``sliced``
    the same of each dimension by which its orders are divided.
    """

    hours = JsonAttribute()
    bits = BinaryAttribute(legacy_encoding=False, null=True)
    more = NumberAttribute(default=0)
    days = JsonAttribute(null=True)
    rev = NumberAttribute(default=0)
    spent = JsonAttribute(null=True)
    sliced = optional(JsonAttribute(attr_name="sl", null=True))

    @staticmethod
    def days_partition(tenant_id: str, doing: Doing = Doing.ORDERING) -> str:
        return key(tenant_id, f"{doing}days")

    @staticmethod
    def months_partition(tenant_id: str, doing: Doing = Doing.ORDERING) -> str:
        return key(tenant_id, f"{doing}months")

    @classmethod
    def in_days(
        cls, tenant_id: str, from_on: date, to_on: date, doing: Doing = Doing.ORDERING, *, consistent: bool = False
    ) -> list[Self]:
        """Aggregates of the days from one to the other, both included; days on which nobody did have none."""
        if from_on > to_on:
            return []  # DynamoDB refuses a range that runs backwards
        between = (from_on.isoformat(), to_on.isoformat())
        partition = cls.days_partition(tenant_id, doing)
        return list(cls.every(partition, between=between, limit=_EVERYTHING, consistent=consistent))

    @classmethod
    def months_until(
        cls, tenant_id: str, month: str, doing: Doing = Doing.ORDERING, *, consistent: bool = False
    ) -> list[Self]:
        """Aggregates of the months up to and including one, such as ``1998-06``."""
        partition = cls.months_partition(tenant_id, doing)
        return list(cls.every(partition, between=("0000", month), limit=_EVERYTHING, consistent=consistent))


class SpendRecord(InsightRecord):
    """What members spent on a local day, in columns: a chunk of ordinals; see ``insight.model.spending``."""

    columns = BinaryAttribute(legacy_encoding=False, attr_name="c")

    @staticmethod
    def partition(tenant_id: str) -> str:
        """The partition with all days."""
        return key(tenant_id, "spend-days")

    @classmethod
    def address(cls, tenant_id: str, day: str, chunk: int) -> tuple[str, str]:
        return cls.partition(tenant_id), f"{day}#{chunk:06d}"

    @property
    def on(self) -> date:
        """The local day."""
        return date.fromisoformat(str(self.sk).partition("#")[0])

    @classmethod
    def in_days(cls, tenant_id: str, from_on: date, to_on: date, *, consistent: bool = False) -> Iterator[Self]:
        """The chunks of the days from one to the other, both included, the oldest day first."""
        between = (from_on.isoformat(), f"{to_on.isoformat()}#~")
        return cls.every(cls.partition(tenant_id), between=between, limit=_EVERYTHING, consistent=consistent)


class BitsRecord(InsightRecord):
    """A further chunk of an aggregate's member bitmap, for tenants of more than a million members."""

    bits = BinaryAttribute(legacy_encoding=False)

    @staticmethod
    def address(rollup_pk: str, rollup_sk: str, chunk: int) -> tuple[str, str]:
        return f"{rollup_pk}#bits", f"{rollup_sk}#{chunk:06d}"


class RollupState(InsightRecord):
    """How far the rollup has come: every day up to ``through_on`` had ended and was looked at."""

    through_on = DateAttribute()

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "rollup"), "state"


class EarlierMembers(TenantRecord):
    """How far the members of before were read once more: every ordinal below ``through``, of those below ``end``."""

    through = NumberAttribute(default=0)
    end = NumberAttribute()

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "earlier-members"), "state"


class LeaveRecord(InsightRecord):
    """That a member, by ordinal, left the community on a local day; ``back_on`` is the day on which they came back."""

    back_on = optional(DateAttribute(null=True))

    @staticmethod
    def partition(tenant_id: str) -> str:
        """The partition with all of a tenant."""
        return key(tenant_id, "leaves")

    @classmethod
    def address(cls, tenant_id: str, ordinal: int, left_on: date) -> tuple[str, str]:
        return cls.partition(tenant_id), f"{ordinal:012d}#{left_on.isoformat()}"

    @property
    def ordinal(self) -> int:
        return int(str(self.sk).partition("#")[0])

    @property
    def left_on(self) -> date:
        return date.fromisoformat(str(self.sk).partition("#")[2])

    @classmethod
    def of_member(cls, tenant_id: str, ordinal: int) -> Iterator[Self]:
        """Each time that a member left."""
        return cls.every(cls.partition(tenant_id), begins_with=f"{ordinal:012d}#", consistent=True)

    @classmethod
    def of_tenant(cls, tenant_id: str) -> Iterator[Self]:
        """Each time that anybody left."""
        return cls.every(cls.partition(tenant_id), limit=_EVERYTHING)


class EarlierOrders(TenantRecord):
    """How far the orders of before histories were kept have been entered into them: every local day up to
    ``through_on``, of those up to ``end_on``; both absent where there were none.
    """

    through_on = optional(DateAttribute(null=True))
    end_on = optional(DateAttribute(null=True))

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "earlier-orders"), "state"


def spelled(order_ref: str) -> str:
    """A reference as a part of a key, where ``#`` separates."""
    return order_ref.replace("%", "%25").replace("#", "%23")
