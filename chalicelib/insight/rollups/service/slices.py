"""What days came to by the values of a dimension, as the rollup stored it."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from chalicelib.insight.model.slices import Dimension, Slice, unpack
from chalicelib.insight.rollups.records import SliceRecord


def each_day(
    tenant_id: str, dimension: Dimension, from_on: date, to_on: date
) -> Iterator[tuple[date, dict[str, Slice]]]:
    """The days from one to the other, both included, by value, oldest first and one at a time: a day of a large brand
    has tens of thousands of values. A day of which no value is known is absent, and so is one that was rolled up
    before dimensions were kept: all of it is unknown.
    """
    for on, chunks in groupby(SliceRecord.in_days(tenant_id, dimension, from_on, to_on), lambda each: each.on):
        yield on, unpack(each.columns for each in chunks)


def days_of(tenant_id: str, dimension: Dimension, from_on: date, to_on: date) -> dict[date, dict[str, Slice]]:
    """The same, all at once."""
    return dict(each_day(tenant_id, dimension, from_on, to_on))
