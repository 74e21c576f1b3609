"""What is done about figures that differ: their days are marked, so that the next night rolls them from their records.
Nothing is overwritten here.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.db import Refused, Transaction
from chalicelib.insight.activity.service.dirty_days import mark_dirty
from chalicelib.insight.recompute.service.reading import chunks_beside
from chalicelib.insight.records import RollupRecord
from chalicelib.insight.rollups.service.beside import SPEND

_UNTRUSTED = "differs"
"""A digest that no content has."""


def mark(tenant_id: str, days: Mapping[date, bool]) -> None:
    """Marks days, by whether something differs that lies beside their aggregate. That is told by its digest alone,
    which a rollup would find unchanged: it is taken away first.
    """
    for on in [on for on, beside in days.items() if beside]:
        _distrust(tenant_id, on)
    mark_dirty(tenant_id, days)


def _distrust(tenant_id: str, on: date) -> None:
    tx = Transaction()
    place = RollupRecord.days_partition(tenant_id), on.isoformat()
    stands = {name: [_UNTRUSTED, numbers] for name, numbers in chunks_beside(tenant_id, on).items()}
    spent: Any = stands.pop(SPEND, None)
    actions: list[Action] = [RollupRecord.sliced.set(stands)]
    if spent:
        actions.append(RollupRecord.spent.set(spent))
    tx.update("day", RollupRecord, *place, actions=actions, condition=RollupRecord.pk.exists())
    with suppress(Refused):  # there is no aggregate: the rollup makes all of it
        tx.commit()
