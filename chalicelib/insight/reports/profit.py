"""What a range of days earned and cost, line by line: whole, by calendar, campaign, product, pickup point, channel."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, Fact, RangeQuery, Report, ReportView, frame
from chalicelib.insight.reports.statements import (
    BREAK_EVEN,
    CONTRIBUTION,
    GROUPS,
    LINES,
    PROFIT,
    BreakEvenView,
    StatementView,
    cells,
    facts,
)
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.errors import Invalid
from chalicelib.web import TRUTHS, Csv, LocalDate, MoneyField, columns

if TYPE_CHECKING:
    from chalicelib.insight.reports.service.profit import Profit, ProfitRow


class ProfitQuery(RangeQuery):
    """How it is divided, if it is; ``allocate=revenue`` divides what is for no row in particular among the rows."""

    by: (
        Literal["day", "week", "month", "weekday", "hour", "campaign", "channel", "pickup_point", "category", "product"]
        | None
    ) = None
    allocate: Literal["revenue"] | None = None


class ProfitRowView(StatementView):
    """A row. One of a calendar names its days; the others have the ``id`` and ``title`` of what they are of. Orders
    that have none of it stand in a row without an id; costs for nothing in particular in one that is not ``assigned``.
    """

    id: str | None
    title: str
    assigned: bool
    from_on: LocalDate | None
    to_on: LocalDate | None
    complete: bool


class ProfitView(ReportView):
    """What a range of days earned and cost. All lines of the rows sum to the total; orders do not where they have goods
    of several products. Other than figures of ended days, it is up to date at once: ``pending_days`` say only which
    days are not final yet. ``unpriced_messages`` are parts of messages without a price.
    """

    report: Literal["profit"] = "profit"
    definitions: list[DefinitionView]
    by: str | None
    allocated: bool
    not_additive: list[str]
    total: StatementView
    break_even: BreakEvenView
    orders_in_other_currencies: int
    unpriced_messages: int
    rows: list[ProfitRowView]

    @classmethod
    def of(cls, found: "Profit", locale: str) -> "ProfitView":
        known = (PROFIT, CONTRIBUTION, BREAK_EVEN)
        return cls(
            **frame(found.horizon, found.timezone, found.span.from_on, found.span.to_on, found.revision),
            definitions=[DefinitionView.of(each, locale) for each in known],
            by=found.by,
            allocated=found.allocated,
            not_additive=["orders"] if found.by == "product" else [],
            total=StatementView.of(found.total, found.currency),
            break_even=BreakEvenView.of(found.total.break_even, found.currency),
            orders_in_other_currencies=found.total.earned.foreign,
            unpriced_messages=found.unpriced,
            rows=[_row(each, found) for each in found.rows],
        )


def _row(row: "ProfitRow", found: "Profit") -> ProfitRowView:
    said = StatementView.of(row.statement, found.currency)
    span = row.span
    return ProfitRowView(
        **{name: getattr(said, name) for name in StatementView.model_fields},
        id=row.id,
        title=row.title,
        assigned=row.assigned,
        from_on=span.from_on if span else None,
        to_on=span.to_on if span else None,
        complete=found.horizon.window.completes((span or found.span).to_on),
    )


def _run(asked: Asked[ProfitQuery]) -> ProfitView:
    from chalicelib.insight.reports.service.profit import profit  # it reads orders and books, as no other report does

    query = asked.query
    if query.by in ("weekday", "hour", "category"):
        raise Invalid.at(
            "?by",
            "Profit is divided by day, week, month, campaign, product, pickup point or channel.",
            "利润可按日、周、月、团购、商品、自提点或渠道划分。",
        )
    divides = query.allocate is not None
    if divides and query.by in (None, "day", "week", "month"):
        raise Invalid.at(
            "?allocate",
            "Everything has its day; divide by campaign, product, pickup point or channel, or leave this out.",
            "按日期划分时无需分摊，请按团购、商品、自提点或渠道划分，或省略此参数。",
        )
    found = profit(asked.tenant_id, query.from_on, query.to_on, query.by, asked.now, allocate=divides)
    return ProfitView.of(found, asked.locale)


WITHOUT, NOT_ASSIGNED = Words("none named", "未归属"), Words("Costs of no row", "不属于任何行的成本")
_NAMELESS = {"total": ("together", "合计"), "none": (*WITHOUT,), "not_assigned": (*NOT_ASSIGNED,)}

_ROW = columns(
    id=("Id", "编号"), title=("Of", "对象", _NAMELESS),
    assigned=("Assigned", "已归属", TRUTHS), from_on=("From", "起始日"), to_on=("To", "截止日"),
    complete=("Complete", "已完整", TRUTHS),
)  # fmt: skip


def _table(view: ProfitView) -> Csv:
    made_of = [PROFIT.name, PROFIT.version, view.timezone, view.as_of, view.revision]
    rows = [
        [
            *(
                each.id,
                _title(each),
                str(each.assigned).lower(),
                each.from_on or view.from_on,
                each.to_on or view.to_on,
            ),
            *(str(each.complete).lower(), *cells(each), *made_of),
        ]
        for each in view.rows
    ]
    if not rows:
        whole = ["", "total", "true", view.from_on, view.to_on, str(view.complete).lower()]
        rows = [[*whole, *cells(view.total), *made_of]]
    return Csv("profit.csv", (*_ROW, *LINES, *FRAME), rows)


def _title(row: ProfitRowView) -> str:
    return row.title or row.id or ("none" if row.assigned else "not_assigned")


MOST_BARS = 30


def _charts(view: ProfitView) -> Sequence[Chart]:
    rows: Sequence[StatementView] = view.rows[:MOST_BARS] or [view.total]
    labels = [_label(each) if isinstance(each, ProfitRowView) else f"{view.from_on} – {view.to_on}" for each in rows]
    unit = Words(view.total.gross.currency, view.total.gross.currency)
    running = frozenset(at for at, each in enumerate(rows) if not getattr(each, "complete", view.complete))
    costs = [Series(words, [_units(getattr(each, name)) for each in rows]) for name, words in GROUPS]
    left = [None if each.profit is None else _units(each.profit) for each in rows]
    drawn = [Chart(Kind.STACKED, Words("Costs", "成本构成"), unit, labels, costs, running)]
    if any(each is not None for each in left):
        profit = Words("Profit", "利润")
        drawn.append(Chart(Kind.BARS, profit, unit, labels, [Series(profit, left)], running))
    return drawn


def _facts(view: ProfitView) -> Sequence[Fact]:
    return [*facts(view.total, view.break_even)]


def _units(money: MoneyField) -> Decimal:
    return Decimal(money.amount_minor).scaleb(-CURRENCIES[money.currency])


def _label(row: ProfitRowView) -> str | Words:
    return row.title or row.id or (WITHOUT if row.assigned else NOT_ASSIGNED)


PROFITS = Report(
    "profit",
    ProfitQuery,
    ProfitView,
    _run,
    _table,
    charts=_charts,
    facts=_facts,
    title=Words("Profit", "利润"),
    tells=Words(
        "What is left of revenue after goods, labour, marketing, logistics and other costs, and where you break even.",
        "收入扣除商品、人工、营销、物流及其他成本后的利润，以及盈亏平衡点。",
    ),
)
"""The report of profit."""
