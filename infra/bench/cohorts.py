"""How long the cohorts of a year take for a brand of a million members, of whom 20,000 order on each day."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from chalicelib.db import Transaction, metered, tenant_scope
from chalicelib.insight.model import bitmaps, cohorts, periods
from chalicelib.insight.model.cohorts import Mode, Window
from chalicelib.insight.model.periods import Unit
from chalicelib.insight.records import RollupRecord
from infra.bench.figure import Figure, at_most, told
from infra.bench.stage import Brand, Stage

MEMBERS, A_DAY = 1_000_000, 20_000
FIRST, DAYS = date(2025, 1, 1), 365
_LAST = FIRST + timedelta(days=DAYS - 1)
_AT_ONCE = 20
_YEAR = f"from_on={FIRST}&to_on={_LAST}"


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about retention."""
    days = _days()
    yield from _pure(days)
    brand = Brand(stage, "cohorts-bench")
    _store(brand, days)
    for unit, asked in (("month", ""), ("week", ""), ("day", "&periods=90")):
        path = f"/v1/reports/retention?unit={unit}&{_YEAR}{asked}"
        with metered() as meter:
            seconds, processor = time.perf_counter(), time.process_time()
            rows = stage.ask("GET", path, token=brand.key)["rows"]
            seconds, processor = time.perf_counter() - seconds, time.process_time() - processor
        cells = sum(len(row["cells"]) for row in rows)
        how = f"{cells:,} cells as the report answers, {meter.reads} read requests, {processor:.2f} s of it processor"
        yield told(f"retention of a year by {unit}, stored bitmaps to answer", f"{seconds:.2f} s", how)


def _days() -> dict[date, int]:
    """Members join evenly over the year, with ordinals in that order; the others of a day are any of before."""
    chance = random.Random(1)
    found = {}
    for at in range(DAYS):
        new = range(MEMBERS * at // DAYS, MEMBERS * (at + 1) // DAYS)
        known = (chance.randrange(new[0]) for _ in range(A_DAY - len(new) if at else 0))
        found[FIRST + timedelta(days=at)] = bitmaps.of((*new, *known))
    return found


def _by(unit: Unit, days: Mapping[date, int]) -> dict[int, int]:
    active: dict[int, int] = {}
    for on, members in days.items():
        period = periods.number(on, unit)
        active[period] = active.get(period, 0) | members
    return active


def _pure(days: Mapping[date, int]) -> Iterator[Figure]:
    """From compressed bitmaps to counts and averages. In processor time: a busy machine is no slower algorithm."""
    packed = {unit: {at: bitmaps.pack(bits) for at, bits in _by(unit, days).items()} for unit in Unit}
    for unit, chunks in packed.items():
        began = time.process_time()
        active = {at: bitmaps.unpack(each) for at, each in chunks.items()}
        found = cohorts.by_period(active, Mode.ON, unit, Window(_LAST, _LAST))
        cohorts.averages(found)
        seconds = time.process_time() - began
        cells = sum(len(cohort.cells) for cohort in found)
        what = f"whole-year cohort matrix by {unit.value}, a million members"
        yield at_most(what, 1, seconds, "s", f"{cells:,} cells, packed bitmaps to counts, processor time", digits=3)


def _store(brand: Brand, days: Mapping[date, int]) -> None:
    months = {periods.label(month, Unit.MONTH): bits for month, bits in _by(Unit.MONTH, days).items()}
    by_day = {on.isoformat(): bits for on, bits in days.items()}
    of_days = RollupRecord.days_partition(brand.tenant_id), by_day
    of_months = RollupRecord.months_partition(brand.tenant_id), months
    with tenant_scope(brand.tenant_id):
        for partition, wanted in (of_days, of_months):
            names = list(wanted)
            for start in range(0, len(names), _AT_ONCE):
                tx = Transaction()
                for name in names[start : start + _AT_ONCE]:
                    bits = bitmaps.pack(wanted[name])[0]
                    tx.put(name, RollupRecord(partition, name, hours={}, bits=bits, more=0, rev=1))
                tx.commit()
