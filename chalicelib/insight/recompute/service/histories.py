"""A whole history against what the checks of its months have kept of it: what reports compute from bitmaps."""

from collections.abc import Iterator, Sequence
from datetime import date

from chalicelib.insight.model import cohorts
from chalicelib.insight.model.cohorts import Cohort, Mode, Window
from chalicelib.insight.model.elapsed import Elapsed, by_elapsed
from chalicelib.insight.model.lifecycle import Change, lifecycle
from chalicelib.insight.model.periods import Unit, label, last_day, number
from chalicelib.insight.recompute.model import histories as sql
from chalicelib.insight.recompute.model.checks import Found, tables
from chalicelib.insight.recompute.service.engine import Engine
from chalicelib.insight.recompute.service.parts import load_parts
from chalicelib.insight.records import LeaveRecord
from chalicelib.insight.reports.service.classes import ClassHistory
from chalicelib.insight.reports.service.window import History, history
from chalicelib.members.model.classes import Thresholds

BRACKETS = ((1, 7), (8, 30), (31, 60), (61, 90))

MONTHS_OF_CLASSES = 24
"""Classes are compared as of the end, and of the last days of so many months before it."""

_Row = tuple[str, str, str, int]


def check_history(
    tenant_id: str, job_id: str, months: list[str], ends_on: date, thresholds: Thresholds
) -> Found:  # fmt: skip
    """Compares what reports say of all days up to an end, by which all that is rolled up has been compared."""
    past = history(tenant_id, ends_on)
    with Engine() as engine:
        engine.run(tables(sql.TABLES.items()))
        load_parts(engine, tenant_id, job_id, months)
        engine.load("leaves", ((each.ordinal, each.left_on, each.back_on) for each in LeaveRecord.of_tenant(tenant_id)))
        engine.load("asked", [(ends_on, *_asked(thresholds))])
        engine.load("brackets", BRACKETS)
        days = _days_of_classes(past)
        engine.load("as_of", ((day,) for day in days))
        engine.load("stored_cells", _stored(past, days, thresholds))
        engine.run(sql.VIEWS)
        return engine.compare(sql.CHECKS)


def _asked(thresholds: Thresholds) -> tuple[int, int, int, bool]:
    return (thresholds.new_days, thresholds.dormant_days, thresholds.churned_days, thresholds.taking_part_counts)


def _stored(past: History, days: Sequence[date], thresholds: Thresholds) -> Iterator[_Row]:
    window = Window(past.ends_on, past.ends_on)
    for unit in Unit:
        active = past.active_by(unit, past.begins_on)
        for mode in (Mode.ON, Mode.ON_OR_AFTER):
            yield from _returned(unit, mode.value, cohorts.by_period(active, mode, unit, window))
        if unit is Unit.MONTH:
            yield from _life(active, number(past.ends_on, unit))
    by_day = {on: rollup.members for on, rollup in past.days(past.begins_on, past.ends_on).items()}
    for unit in Unit:
        yield from _within(unit, by_elapsed(by_day, [Elapsed.bracket(*each) for each in BRACKETS], unit, window))
    classes = ClassHistory.of(past, thresholds)
    for day in days:
        for name, members in classes.on(day).items():
            yield sql.CLASSES, day.isoformat(), name.value, members.bit_count()


def _returned(unit: Unit, mode: str, found: Sequence[Cohort]) -> Iterator[_Row]:
    check = sql.retention(mode, unit.value)
    for cohort in found:
        for cell in cohort.cells:
            yield check, label(cohort.period, unit), f"period {cell.period}", cell.count


def _within(unit: Unit, found: Sequence[Cohort]) -> Iterator[_Row]:
    check = sql.retention(sql.BRACKET, unit.value)
    for cohort in found:
        for cell in cohort.cells:
            yield check, label(cohort.period, unit), f"bracket {cell.period} returned", cell.count
            yield check, label(cohort.period, unit), f"bracket {cell.period} eligible", cell.eligible


def _life(active: dict[int, int], last: int) -> Iterator[_Row]:
    for row in lifecycle(active, min(active, default=last + 1), last, earlier=0):
        for change in Change:
            if change is not Change.ACTIVE:
                yield sql.LIFE, label(row.period, Unit.MONTH), change.value, row.count(change)


def _days_of_classes(past: History) -> list[date]:
    last = number(past.ends_on, Unit.MONTH)
    first = max(number(past.begins_on, Unit.MONTH), last - MONTHS_OF_CLASSES)
    return [*(last_day(month, Unit.MONTH) for month in range(first, last)), past.ends_on]
