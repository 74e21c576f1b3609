"""Days are added up when somebody looks at a board and they have changed since: no order is counted on its way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.boards.model.days import Adding, Day
from chalicelib.boards.records import DayRecord, DeedRecord
from chalicelib.db import put_many
from chalicelib.insight.records import ActivityRecord, ChangedDay


class TooMuch(Exception):
    """More has changed than may be read while somebody waits."""


@dataclass(slots=True)
class Days:
    """Days of a period as they stand, and how many records were read for those that had changed."""

    days: list[Day]
    read: int = 0


def days_of(tenant_id: str, currency: str, marks: Mapping[date, str], most: int | None) -> Days:
    """The days that have marks, each of which was read before this. What had changed is read again and kept; a day
    that changes meanwhile gets another mark, and is read again by whoever comes next. Raises TooMuch where more than
    ``most`` records would be read.
    """
    if not marks:
        return Days([])
    kept = DayRecord.in_days(tenant_id, min(marks), max(marks), marks)
    found = Days([])
    for on, mark in sorted(marks.items()):
        if on in kept:
            found.days.append(Day.unpacked(kept[on]))
            continue
        day = _read(tenant_id, on, currency, None if most is None else most - found.read)
        put_many(DayRecord.of(tenant_id, on, mark, day.packed()))
        found.days.append(day)
        found.read += day.read
    return found


def _read(tenant_id: str, on: date, currency: str, most: int | None) -> Day:
    adding = Adding()
    for _ in _added(adding, tenant_id, on, currency):
        if most is not None and adding.read > most:
            raise TooMuch
    return adding.day()


def _added(adding: Adding, tenant_id: str, on: date, currency: str) -> Iterator[None]:
    """Adds up what was done on a day, record by record. Money in another currency than the brand's adds nothing."""
    for order in ActivityRecord.of_day(tenant_id, on):
        if not order.voided:
            minor = order.kept_minor if order.currency == currency else 0
            adding.order(int(order.ordinal), order.extra or {}, minor, order.kept_units)
        yield
    for deed in DeedRecord.of_day(tenant_id, on):
        adding.deed(int(deed.ordinal), int(deed.points), int(deed.referrals), took_part=bool(deed.took_part))
        yield


def marks_of(tenant_id: str, from_on: date, to_on: date) -> dict[date, str]:
    """The marks of the days of a period on which anything was done."""
    return ChangedDay.marks(tenant_id, from_on, to_on)
