"""What members spent on local days, and in which hours, with days that are to be seen otherwise than as kept."""

from collections.abc import Iterator, Mapping
from datetime import date

from chalicelib.insight.model.spending import Spend, unpack
from chalicelib.insight.records import SpendRecord


def spends_in(tenant_id: str, from_on: date, to_on: date, anew: Mapping[date, Spend]) -> Iterator[tuple[date, Spend]]:
    """Chunk by chunk, the oldest day first; a day that is ``anew`` in one piece."""
    seen: set[date] = set()
    for record in SpendRecord.in_days(tenant_id, from_on, to_on):
        on = record.on
        if on not in anew:
            yield on, unpack(record.columns)
        elif on not in seen:
            seen.add(on)
            yield on, anew[on]
