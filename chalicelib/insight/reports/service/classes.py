"""The classes report: how many members are of each class on a day, and how many were a month before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.insight.activity.service.leaves import left_by
from chalicelib.insight.model.classes import classes_on
from chalicelib.insight.model.periods import a_month_before
from chalicelib.insight.records import Doing, LeaveRecord
from chalicelib.insight.reports.service.window import History, Horizon, history, horizon
from chalicelib.kernel.clock import zone
from chalicelib.members.model.classes import MemberClass, Thresholds
from chalicelib.tenants.service.brand import get_tenant


@dataclass(frozen=True, slots=True)
class Classes:
    """The answer: who is of which class at the end of the local day ``on``, and who was on ``before_on``, as bits."""

    timezone: str
    thresholds: Thresholds
    on: date
    before_on: date
    horizon: Horizon
    revision: int
    from_on: date
    now: Mapping[MemberClass, int]
    before: Mapping[MemberClass, int]


def classes(tenant_id: str, as_of: date | None, now: datetime) -> Classes:
    """Classes as of a local day, by default of the last one that is complete; a later day than today is today.

    Read are the months, and the days of those months in which a class begins, however many members there are.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    seen = horizon(tenant_id, tz, now, as_of)
    thresholds, on = Thresholds.from_json(tenant.class_thresholds), seen.window.ends_on
    found, before_on = ClassHistory.of(history(tenant_id, on), thresholds), a_month_before(on)
    return Classes(
        tz.key, thresholds, on, before_on, seen, found.revision, found.past.begins_on,
        now=found.on(on),
        before=found.on(before_on),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClassHistory:
    """Who was of which class on any day up to an end, as bits: from the days that are rolled up, those of taking part
    where the brand counts it, and who left. All of it is read once, however many days are asked for.
    """

    past: History
    taking_part: History | None
    leaves: Sequence[LeaveRecord]
    thresholds: Thresholds

    @classmethod
    def of(cls, past: History, thresholds: Thresholds) -> "ClassHistory":
        """Up to the end of the days of orders that are given."""
        counts = thresholds.taking_part_counts
        taking_part = history(past.tenant_id, past.ends_on, Doing.TAKING_PART) if counts else None
        return cls(past, taking_part, list(LeaveRecord.of_tenant(past.tenant_id)), thresholds)

    @property
    def revision(self) -> int:
        """Rises with every change of a day."""
        return self.past.revision + (self.taking_part.revision if self.taking_part else 0)

    def on(self, day: date) -> dict[MemberClass, int]:
        """Who is of which class at the end of a local day."""
        return classes_on(day, self.thresholds, self.past, self.taking_part, left=left_by(self.leaves, day))

    def as_began(self, day: date) -> dict[MemberClass, int]:
        """Who was of which class on a local day before anything was done on it."""
        before = day - timedelta(days=1)
        taking_part = self.taking_part.as_it_stood(before) if self.taking_part else None
        left = left_by(self.leaves, before)
        return classes_on(day, self.thresholds, self.past.as_it_stood(before), taking_part, left=left)
