"""What rollups keep beside the aggregates that others share: days by dimension, and what was restated."""

from collections.abc import Iterator
from datetime import date
from typing import Self

from pynamodb.attributes import BinaryAttribute

from chalicelib.db import InsightRecord, JsonAttribute, key

_EVERYTHING = 100_000


class SliceRecord(InsightRecord):
    """What a local day came to by the values of one dimension: a chunk of them; see ``insight.model.slices``."""

    columns = BinaryAttribute(legacy_encoding=False, attr_name="c")

    @staticmethod
    def partition(tenant_id: str, dimension: str) -> str:
        """The partition with all days of a dimension."""
        return key(tenant_id, "slices", dimension)

    @classmethod
    def address(cls, tenant_id: str, dimension: str, day: str, chunk: int) -> tuple[str, str]:
        return cls.partition(tenant_id, dimension), f"{day}#{chunk:06d}"

    @property
    def on(self) -> date:
        """The local day."""
        return date.fromisoformat(str(self.sk).partition("#")[0])

    @classmethod
    def in_days(cls, tenant_id: str, dimension: str, from_on: date, to_on: date) -> Iterator[Self]:
        """The chunks of the days from one to the other, both included, the oldest day first."""
        if from_on > to_on:
            return iter(())
        between = (from_on.isoformat(), f"{to_on.isoformat()}#~")
        return cls.every(cls.partition(tenant_id, dimension), between=between, limit=_EVERYTHING)


class RestatedRecord(InsightRecord):
    """What a rollup changed of a month that had been complete: each of its days, and the month, by name with orders
    before, orders after and the new revision. Written with the change itself.
    """

    figures = JsonAttribute()

    @staticmethod
    def partition(tenant_id: str, job_id: str) -> str:
        """The partition with all that a job changed."""
        return key(tenant_id, "restated", job_id)

    @classmethod
    def of_job(cls, tenant_id: str, job_id: str) -> Iterator[Self]:
        """All that a job changed, by month, read consistently."""
        return cls.every(cls.partition(tenant_id, job_id), limit=_EVERYTHING, consistent=True)
