"""What insight stores: jobs beside the tenant's content, activity and aggregates in the InsightTable."""

from collections.abc import Iterator
from datetime import date
from typing import Self

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InsightRecord, InstantAttribute, JsonAttribute, TenantRecord, key

_EVERYTHING = 100_000


class ActivityRecord(InsightRecord):
    """One order on the tenant's local day. Short names: a day is read whole.

    ``rev`` is the revision of the platform's own order that this state was taken from; imported rows never change.
    """

    ordinal = NumberAttribute(attr_name="o")
    amount_minor = NumberAttribute(attr_name="a")
    currency = UnicodeAttribute(attr_name="c")
    quantity = NumberAttribute(attr_name="q")
    hour = NumberAttribute(attr_name="h")
    at = InstantAttribute(null=True)
    voided = NumberAttribute(attr_name="v", null=True)
    rev = NumberAttribute(attr_name="r", null=True)
    extra = JsonAttribute(attr_name="x", null=True)

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
    """That a day has activity which no rollup has seen. ``mark`` differs with every marking."""

    mark = UnicodeAttribute()

    @property
    def on(self) -> date:
        return date.fromisoformat(str(self.sk))

    @staticmethod
    def partition(tenant_id: str) -> str:
        return key(tenant_id, "dirty")

    @classmethod
    def until(cls, tenant_id: str, on: date) -> list[Self]:
        """The dirty days up to and including ``on``, oldest first."""
        between = ("0000", on.isoformat())
        return list(cls.every(cls.partition(tenant_id), between=between, limit=_EVERYTHING, consistent=True))


class RollupRecord(InsightRecord):
    """The aggregate of a day (``1997-01-31``) or a month (``1997-01``).

    ``rev`` rises when the content changes, and only then. ``bits`` is the first chunk of the member bitmap; ``more``
    counts the further ones, which lie in records of their own. ``days`` of a month names its days' revisions.
    """

    hours = JsonAttribute()
    bits = BinaryAttribute(legacy_encoding=False, null=True)
    more = NumberAttribute(default=0)
    days = JsonAttribute(null=True)
    rev = NumberAttribute(default=0)

    @staticmethod
    def days_partition(tenant_id: str) -> str:
        return key(tenant_id, "days")

    @staticmethod
    def months_partition(tenant_id: str) -> str:
        return key(tenant_id, "months")

    @classmethod
    def in_days(cls, tenant_id: str, from_on: date, to_on: date, *, consistent: bool = False) -> list[Self]:
        """Aggregates of the days from one to the other, both included; days without orders have none."""
        if from_on > to_on:
            return []  # DynamoDB refuses a range that runs backwards
        between = (from_on.isoformat(), to_on.isoformat())
        found = cls.every(cls.days_partition(tenant_id), between=between, limit=_EVERYTHING, consistent=consistent)
        return list(found)

    @classmethod
    def months_until(cls, tenant_id: str, month: str, *, consistent: bool = False) -> list[Self]:
        """Aggregates of the months up to and including one, such as ``1998-06``."""
        partition = cls.months_partition(tenant_id)
        return list(cls.every(partition, between=("0000", month), limit=_EVERYTHING, consistent=consistent))


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


def spelled(order_ref: str) -> str:
    """A reference as a part of a key, where ``#`` separates."""
    return order_ref.replace("%", "%25").replace("#", "%23")
