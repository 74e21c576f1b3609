"""What is done about figures that differ: their days are marked, so that the next night rolls them from their records.
Nothing is overwritten here.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from chalicelib.db import Refused, Transaction
from chalicelib.insight.activity.service.dirty_days import mark_dirty
from chalicelib.insight.recompute.service.reading import spend_chunks
from chalicelib.insight.records import RollupRecord

_UNTRUSTED = "differs"
"""A digest that no content has."""


def mark(tenant_id: str, days: Mapping[date, bool]) -> None:
    """Marks days, by whether what was spent on them differs. That is told by its digest alone, which a rollup would
    find unchanged: it is taken away first.
    """
    for on in [on for on, spent in days.items() if spent]:
        _distrust(tenant_id, on)
    mark_dirty(tenant_id, days)


def _distrust(tenant_id: str, on: date) -> None:
    tx = Transaction()
    place = RollupRecord.days_partition(tenant_id), on.isoformat()
    spent = [_UNTRUSTED, list(spend_chunks(tenant_id, on))]
    tx.update("day", RollupRecord, *place, actions=[RollupRecord.spent.set(spent)], condition=RollupRecord.pk.exists())
    with suppress(Refused):  # there is no aggregate: the rollup makes all of it
        tx.commit()
