"""Days whose orders have changed: the next rollup counts them again, and so does whoever keeps what they came to."""

from collections.abc import Iterable
from datetime import date

from chalicelib.db import put_many, put_many_at_once
from chalicelib.insight.records import ChangedDay, DirtyDay
from chalicelib.kernel.ids import secret_token


def mark_dirty(tenant_id: str, days: Iterable[date]) -> None:
    """Asks the next rollup for these days, and marks them as changed. The mark is new each time, so that a rollup under
    way notices it.
    """
    mark, changed = secret_token(12), sorted(days)
    dirty = DirtyDay.partition(tenant_id)
    put_many_at_once(
        [
            *(DirtyDay(dirty, on.isoformat(), mark=mark) for on in changed),
            *(ChangedDay(*ChangedDay.address(tenant_id, on), mark=mark) for on in changed),
        ]
    )


def mark_changed(tenant_id: str, days: Iterable[date]) -> None:
    """Marks days as changed of which no order did."""
    mark = secret_token(12)
    put_many(ChangedDay(*ChangedDay.address(tenant_id, on), mark=mark) for on in sorted(set(days)))


def mark_united(tenant_id: str) -> None:
    """Marks that the history of a member has become another's, on whichever days it is."""
    put_many([ChangedDay(*ChangedDay.of_people(tenant_id), mark=secret_token(12))])
