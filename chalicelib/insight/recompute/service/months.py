"""One month against its raw records."""

from dataclasses import dataclass
from datetime import date

from chalicelib.insight.model.periods import Unit, first_day, number
from chalicelib.insight.recompute.model import months as sql
from chalicelib.insight.recompute.model.checks import Found, tables
from chalicelib.insight.recompute.service import reading
from chalicelib.insight.recompute.service.engine import Engine
from chalicelib.insight.recompute.service.parts import store_part
from chalicelib.insight.records import Doing


@dataclass(frozen=True, slots=True)
class MonthFound:
    """What a month came to; how many of its days were left out, and the revisions by which it was read."""

    found: Found
    waiting_days: int
    rev: int


def check_month(tenant_id: str, job_id: str, name: str) -> MonthFound:
    """Compares a month, such as ``1997-01``, and keeps what the whole history needs of it. What stands is read first,
    then what was recorded; what moved meanwhile, or waits for its rollup, is left out.
    """
    month = number(date.fromisoformat(f"{name}-01"), Unit.MONTH)
    stands = reading.standing(tenant_id, month)
    with Engine() as engine:
        engine.run([*tables(sql.TABLES.items()), *sql.VIEWS])
        reading.load_standing(engine, tenant_id, stands)
        reading.load_raw(engine, tenant_id, month)
        left_out = reading.left_out(tenant_id, stands)
        engine.load("left_out", ((period,) for period in left_out))
        found = engine.compare(sql.CHECKS)
        store_part(engine, tenant_id, job_id, name)
    return MonthFound(found, sum(len(period) == 10 for period in left_out), revision(stands))


def revision(stands: reading.Standing) -> int:
    """Rises with every change of a month."""
    return sum(each.rev for doing in Doing for each in stands.months[doing].values())


def days_of(tenant_id: str, found: Found) -> dict[date, bool]:
    """The days that are to be rolled again, and whether something beside their aggregate differs. Of a month whose days
    agree one is enough: the month is made anew with it.
    """
    days: dict[date, bool] = {}
    for check, periods in found.periods.items():
        for period in periods:
            if len(period) == 10:
                on = date.fromisoformat(period)
                days[on] = days.get(on, False) or check in sql.BESIDE
    for period in {each for periods in found.periods.values() for each in periods if len(each) == 7}:
        if not any(f"{on:%Y-%m}" == period for on in days):
            days[_some_day(tenant_id, period)] = False
    return days


def _some_day(tenant_id: str, name: str) -> date:
    first_on = date.fromisoformat(f"{name}-01")
    stands = reading.standing(tenant_id, number(first_on, Unit.MONTH))
    rolled = min(stands.days[Doing.ORDERING], default=None)
    return date.fromisoformat(rolled) if rolled else first_day(number(first_on, Unit.MONTH), Unit.MONTH)
