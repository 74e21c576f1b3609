"""What days earned, as it is kept, with its keys."""

from collections.abc import Iterator
from datetime import date
from typing import Self

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import InsightRecord, key
from chalicelib.insight.earnings.model.figures import By

_EVERYTHING = 100_000


class EarnedDay(InsightRecord):
    """What the orders of a local day earned and cost, by its parts, ``content`` in columns; a large day takes several
    records, each of which says how ``many``. ``mark`` is the day's as it was before its orders were read: while that
    stands, so does this. ``revision`` rises when the content changes, and only then.
    """

    mark = UnicodeAttribute(attr_name="m")
    revision = NumberAttribute(attr_name="r")
    many = NumberAttribute(attr_name="n", default=1)
    content = BinaryAttribute(legacy_encoding=False, attr_name="c")

    @staticmethod
    def partition(tenant_id: str, by: By) -> str:
        """Where all days lie that are divided by one thing."""
        return key(tenant_id, "earned-days", by.value)

    @classmethod
    def address(cls, tenant_id: str, by: By, on: date, number: int) -> tuple[str, str]:
        return cls.partition(tenant_id, by), f"{on.isoformat()}#{number:03d}"

    @property
    def on(self) -> date:
        """The local day."""
        return date.fromisoformat(str(self.sk).partition("#")[0])

    @classmethod
    def in_days(cls, tenant_id: str, by: By, from_on: date, to_on: date) -> Iterator[Self]:
        """The records of the days from one to the other, both included, read consistently."""
        between = (from_on.isoformat(), f"{to_on.isoformat()}#~")
        return cls.every(cls.partition(tenant_id, by), between=between, limit=_EVERYTHING, consistent=True)
