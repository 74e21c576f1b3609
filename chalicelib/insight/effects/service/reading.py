"""Effects as they are counted: of a subject by day, and of several of all time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.db import fetch_many
from chalicelib.insight.effects.model.figures import NONE, Figures, Subject, summed
from chalicelib.insight.effects.records import PARTS, EffectCounter, OutstandingCounter, total_addresses


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures, and how often they were added to: that rises with every change of them, and with nothing else."""

    figures: Figures = NONE
    changes: int = 0

    @classmethod
    def of(cls, parts: Sequence[EffectCounter]) -> "Counted":
        return cls(summed(each.figures for each in parts), sum(int(each.changes) for each in parts))


def by_day(tenant_id: str, subject: Subject, from_on: date, to_on: date) -> dict[date, Figures]:
    """What a subject's orders, and points, of each local day come to; days of nothing are left out."""
    parts: defaultdict[date, list[Figures]] = defaultdict(list)
    for counter in EffectCounter.in_days(tenant_id, subject, from_on, to_on):
        parts[counter.on].append(counter.figures)
    days = {on: summed(figures) for on, figures in sorted(parts.items())}
    return {on: figures for on, figures in days.items() if figures}


def of_all_time(tenant_id: str, subjects: Sequence[Subject]) -> Mapping[Subject, Counted]:
    """What each subject comes to since it was first counted; eight items each, a hundred in a request."""
    found: list[EffectCounter | None] = fetch_many(total_addresses(tenant_id, subjects))
    return {
        subject: Counted.of([each for each in found[n * PARTS : (n + 1) * PARTS] if each is not None])
        for n, subject in enumerate(subjects)
    }


def outstanding_by_month(tenant_id: str) -> dict[str, int]:
    """The points that all members hold by the month in which they expire, such as ``2026-11``; those without an end,
    and those that are owed, stand under names of their own.
    """
    held: defaultdict[str, int] = defaultdict(int)
    for each in OutstandingCounter.every(OutstandingCounter.partition(tenant_id)):
        held[each.month] += int(each.points)
    return {month: points for month, points in sorted(held.items()) if points}
