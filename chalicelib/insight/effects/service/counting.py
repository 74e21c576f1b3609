"""Counters are added to in the same transaction as the note of what was counted, so that nothing counts twice."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from chalicelib.db import Transaction
from chalicelib.insight.effects.model.figures import NONE, Figures, Subject
from chalicelib.insight.effects.records import TOTAL, EffectCounter, OutstandingCounter, part_of


@dataclass(slots=True)
class Counting:
    """What is to be added: to subjects by local day, and to the points outstanding by month."""

    figures: dict[tuple[Subject, date], Figures] = field(default_factory=dict)
    outstanding: Counter[str] = field(default_factory=Counter)

    def add(self, on: date, figures: Mapping[Subject, Figures]) -> None:
        """Adds figures of subjects on a local day."""
        for subject, each in figures.items():
            self.figures[subject, on] = self.figures.get((subject, on), NONE) + each


def count(tx: Transaction, tenant_id: str, counting: Counting, seed: str) -> None:
    """Adds to one part of each counter; ``seed`` spreads batches over the parts."""
    part, of_all_time = part_of(seed), Counting()
    for (subject, on), figures in counting.figures.items():
        _add(tx, EffectCounter.address(tenant_id, subject, on.isoformat(), part), figures)
        of_all_time.add(date.min, {subject: figures})
    for (subject, _), figures in of_all_time.figures.items():
        _add(tx, EffectCounter.address(tenant_id, subject, TOTAL, part), figures)
    for month, points in counting.outstanding.items():
        if points:
            address = OutstandingCounter.address(tenant_id, month, part)
            tx.update(
                f"outstanding {month}", OutstandingCounter, *address, actions=[OutstandingCounter.points.add(points)]
            )


def _add(tx: Transaction, address: tuple[str, str], figures: Figures) -> None:
    if figures:
        tx.update(f"counter {address}", EffectCounter, *address, actions=EffectCounter.adding(figures))
