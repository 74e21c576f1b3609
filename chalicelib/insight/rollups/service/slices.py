"""What days came to by the values of a dimension, as the rollup stored it."""

from collections import defaultdict
from datetime import date

from chalicelib.insight.model.slices import Dimension, Slice, unpack
from chalicelib.insight.records import SliceRecord


def days_of(tenant_id: str, dimension: Dimension, from_on: date, to_on: date) -> dict[date, dict[str, Slice]]:
    """The days from one to the other, both included, by value. A day of which no value is known is absent, and so is
    one that was rolled up before dimensions were kept: all of it is unknown.
    """
    found: dict[date, list[bytes]] = defaultdict(list)
    for each in SliceRecord.in_days(tenant_id, dimension, from_on, to_on):
        found[each.on].append(each.columns)
    return {on: unpack(chunks) for on, chunks in found.items()}
