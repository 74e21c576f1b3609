"""Days whose orders have changed, and that the next rollup counts again."""

from collections.abc import Iterable
from datetime import date

from chalicelib.db import put_many
from chalicelib.insight.records import DirtyDay
from chalicelib.kernel.ids import secret_token


def mark_dirty(tenant_id: str, days: Iterable[date]) -> None:
    """Asks the next rollup for these days. The mark is new each time, so that a rollup under way notices it."""
    mark = secret_token(12)
    partition = DirtyDay.partition(tenant_id)
    put_many(DirtyDay(partition, on.isoformat(), mark=mark) for on in sorted(days))
