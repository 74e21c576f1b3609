"""The orders of one month against its raw records."""

from collections.abc import Mapping
from datetime import date, datetime

from chalicelib.insight.model.periods import Unit, number
from chalicelib.insight.recompute.model import months as sql
from chalicelib.insight.recompute.model.checks import Found, tables
from chalicelib.insight.recompute.service import mending, reading
from chalicelib.insight.recompute.service.engine import Engine
from chalicelib.insight.recompute.service.looking import Checked, Look
from chalicelib.insight.recompute.service.parts import store_part
from chalicelib.insight.records import Doing

every = reading.months_with_anything


def check(look: Look, name: str) -> Checked:
    """Compares a month, such as ``1997-01``, and keeps what the whole history needs of it. What stands is read first,
    then what was recorded; what moved meanwhile, or waits for its rollup, is left out.
    """
    tenant_id, month = look.tenant_id, number(date.fromisoformat(f"{name}-01"), Unit.MONTH)
    stands = reading.standing(tenant_id, month)
    with Engine() as engine:
        engine.run([*tables(sql.TABLES.items()), *sql.VIEWS])
        reading.load_standing(engine, tenant_id, stands)
        reading.load_raw(engine, tenant_id, month)
        left_out = reading.left_out(tenant_id, stands)
        engine.load("left_out", ((period,) for period in left_out))
        found = engine.compare(sql.CHECKS)
        store_part(engine, tenant_id, look.job_id, name)
    return Checked(found, sum(len(period) == 10 for period in left_out), revision(stands))


def revision(stands: reading.Standing) -> int:
    """Rises with every change of a month."""
    return sum(each.rev for doing in Doing for each in stands.months[doing].values())


def wrong(tenant_id: str, found: Found) -> dict[str, bool]:
    """The days that are to be rolled again, and whether something beside their aggregate differs. Of a month whose days
    agree one is enough: the month is made anew with it.
    """
    days: dict[str, bool] = {}
    for check, periods in found.periods.items():
        for period in periods:
            if len(period) == 10:
                days[period] = days.get(period, False) or check in sql.BESIDE
    for period in {each for periods in found.periods.values() for each in periods if len(each) == 7}:
        if not any(day.startswith(period) for day in days):
            days[_some_day(tenant_id, period)] = False
    return days


def mend(tenant_id: str, days: Mapping[str, bool], _: datetime) -> None:
    """Has the next night roll days again, by whether something differs that lies beside their aggregate."""
    mending.mark(tenant_id, {date.fromisoformat(day): beside for day, beside in days.items()})


def _some_day(tenant_id: str, name: str) -> str:
    first_on = date.fromisoformat(f"{name}-01")
    stands = reading.standing(tenant_id, number(first_on, Unit.MONTH))
    rolled = min(stands.days[Doing.ORDERING], default=None)
    return rolled or first_on.isoformat()
