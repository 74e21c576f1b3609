"""What a range of days earned and cost, whole and by what it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.insight.earnings.model.figures import NONE_NAMED, SHARED, WHOLE, By
from chalicelib.insight.earnings.model.profit import Statement, spread, total_of
from chalicelib.insight.earnings.service.days import EarnedDays, earned_days, earned_without
from chalicelib.insight.earnings.service.fixed import Days, FixedCosts, fixed_costs
from chalicelib.insight.model.periods import Unit
from chalicelib.insight.model.quality import Rule
from chalicelib.insight.model.slices import Dimension
from chalicelib.insight.model.summary import Span, calendar
from chalicelib.insight.reports.service.excluding import Excluded, Without, without
from chalicelib.insight.reports.service.titles import titles
from chalicelib.insight.reports.service.window import Horizon, history, horizon
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import local_date
from chalicelib.tenants.service.brand import get_tenant

MOST_DAYS = 366
MOST_ROWS = 1_500
_USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class ProfitRow:
    """A part of the days: one by ``id``, what stands under nothing in particular (``assigned`` is False), or a calendar
    period, which has a ``span``. ``title`` is empty for what has none.
    """

    id: str | None
    title: str
    statement: Statement
    assigned: bool = True
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Profit:
    """The answer. Rows sum to the total in each line but orders, which stand with each of their products.

    ``allocated`` says whether what was under nothing in particular is divided among the others; ``unpriced`` parts of
    messages have no price.
    """

    timezone: str
    currency: str
    by: str | None
    span: Span
    horizon: Horizon
    revision: int
    total: Statement
    rows: Sequence[ProfitRow]
    allocated: bool
    unpriced: int
    excluded: Sequence[Excluded] = ()


def profit(
    tenant_id: str,
    from_on: date | None,
    to_on: date | None,
    by: str | None,
    now: datetime,
    *,
    allocate: bool = False,
    exclude: Sequence[Rule] = (),
) -> Profit:
    """What local days earned, both included; by default the thirty up to the last complete one. Without the orders that
    rules find in them, where any are given; costs that are for no order stay.

    Raises Invalid for days that run backwards, are too many or have not begun, for too many rows, and for rules with
    more orders than are read one by one; Unavailable.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    seen = horizon(tenant_id, tz, now, to_on)
    span = _span(from_on, to_on, seen, local_date(now, tz))
    of = By(by) if by in set(By) else By.DAY
    stays = without(history(tenant_id, span.to_on), span.from_on, span.to_on, exclude) if exclude else None
    earned = _earned(tenant_id, of, span, stays)
    fixed = fixed_costs(tenant_id, tenant.currency, of, Days(span.from_on, span.to_on, tz))
    days = _together(earned, fixed, of)
    named = _by_name(days)
    total = total_of(named)
    if of is By.PRODUCT:
        orders = _earned(tenant_id, By.DAY, span, stays)
        counted = sum(cell.earned.orders for cells in orders.days.values() for cell in cells.values())
        total = replace(total, earned=replace(total.earned, orders=counted))
    divided = spread(named) if allocate and of is not By.DAY else None
    rows: list[ProfitRow] = []
    if of is not By.DAY:
        rows = _rows(tenant_id, of, divided or named)
    elif by is not None:
        rows = _calendar(days, span, Unit(by))
    return Profit(
        tz.key, tenant.currency, by, span, seen, earned.revision + fixed.revision, total, rows, divided is not None,
        fixed.unpriced, stays.told if stays else (),
    )  # fmt: skip


def _earned(tenant_id: str, by: By, span: Span, stays: Without | None) -> EarnedDays:
    earned = earned_days(tenant_id, by, span.from_on, span.to_on)
    return earned_without(tenant_id, by, earned, stays.gone) if stays else earned


def _together(earned: EarnedDays, fixed: FixedCosts, by: By) -> dict[date, dict[str, Statement]]:
    """What orders earned and what else it cost, by day and name; of days that are not divided all of it is theirs."""
    days = {on: {name: Statement(cell.earned) for name, cell in cells.items()} for on, cells in earned.days.items()}
    for on, costs in fixed.days.items():
        own = days.setdefault(on, {})
        for under, cost in costs.items():
            name = WHOLE if by is By.DAY else under
            own[name] = own.get(name, Statement()) + Statement(fixed=cost)
    return days


def _span(from_on: date | None, to_on: date | None, seen: Horizon, today: date) -> Span:
    last = seen.window.ends_on
    first = from_on or last - timedelta(days=_USUAL_DAYS - 1)
    if to_on is not None and to_on < first:
        raise Invalid.at(
            "?to_on",
            f"The last day, {to_on}, is before the first, {first}.",
            f"结束日期 {to_on} 早于开始日期 {first}。",
        )
    if first > today:
        raise Invalid.at("?from_on", f"{first} has not begun; today is {today}.", f"{first} 尚未开始，今天是 {today}。")
    last = max(first, last)
    if (last - first).days >= MOST_DAYS:
        raise Invalid.at(
            "?from_on", f"This report has at most {MOST_DAYS} days; narrow them.", f"该报表最多 {MOST_DAYS} 天。"
        )
    return Span(first, last)


def _by_name(days: Mapping[date, Mapping[str, Statement]]) -> dict[str, Statement]:
    found: dict[str, Statement] = {}
    for cells in days.values():
        for name, each in cells.items():
            found[name] = found.get(name, Statement()) + each
    return found


def _calendar(days: Mapping[date, Mapping[str, Statement]], span: Span, unit: Unit) -> list[ProfitRow]:
    rows = []
    for label, part in calendar(span, unit):
        inside = {on: days[on] for on in part.days() if on in days}
        rows.append(ProfitRow(None, label, total_of(_by_name(inside)), span=part))
    return rows


def _rows(tenant_id: str, by: By, named: Mapping[str, Statement]) -> list[ProfitRow]:
    """By what they left over at most, the most first; those of nothing last."""
    if len(named) > MOST_ROWS:
        raise Invalid.at(
            "?by",
            f"{len(named)} rows of at most {MOST_ROWS}: narrow the days.",
            f"共 {len(named)} 行，最多 {MOST_ROWS} 行：请缩小日期范围。",
        )
    ids = [name for name in named if name not in (NONE_NAMED, SHARED)]
    called = titles(tenant_id, Dimension(by.value), ids)
    rows = [ProfitRow(id_, called.get(id_, ""), named[id_]) for id_ in ids]
    rows.sort(key=lambda each: (-each.statement.at_most, str(each.id)))
    if NONE_NAMED in named:
        rows.append(ProfitRow(None, "", named[NONE_NAMED]))
    if named.get(SHARED):
        rows.append(ProfitRow(None, "", named[SHARED], assigned=False))
    return rows
