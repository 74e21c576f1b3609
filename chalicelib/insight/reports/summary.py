"""The summary report: what a range of days came to, whole and by group."""

from typing import Any, Literal

from chalicelib.insight.model import definitions, summary
from chalicelib.insight.model.summary import By, Group
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, RangeQuery, Report, ReportView, frame
from chalicelib.insight.reports.service.summary import Summary, summarise
from chalicelib.web import Csv, LocalDate, MoneyField, View


class SummaryQuery(RangeQuery):
    """How the days are grouped, if they are."""

    by: Literal["day", "week", "month", "weekday", "hour"] | None = None


class SalesView(View):
    """Orders and their amounts in one currency: the parts of gmv and aov."""

    currency: str
    orders: int
    gmv: MoneyField
    aov: MoneyField | None


class FiguresView(View):
    """Figures of a period. Member figures are null where members are not counted (by hour)."""

    members: int | None
    active_members: int | None
    new_members: int | None
    orders: int
    quantity: int
    gmv: MoneyField
    aov: MoneyField | None
    sales: list[SalesView]


class GroupView(FiguresView):
    """Figures of one group; calendar groups name their days."""

    group: str
    from_on: LocalDate | None
    to_on: LocalDate | None
    complete: bool


class SummaryView(ReportView):
    """What a range of days came to, whole and by group."""

    report: Literal["summary"] = "summary"
    definitions: list[DefinitionView]
    by: str | None
    totals: FiguresView
    rows: list[GroupView]

    @classmethod
    def of(cls, found: Summary, locale: str) -> "SummaryView":
        known = [*definitions.SUMMARY, *([definitions.GROUPS[found.by]] if found.by in definitions.GROUPS else [])]
        days = frame(found.horizon, found.timezone, found.span.from_on, found.span.to_on, found.revision)
        return cls(
            **days,
            definitions=[DefinitionView.of(each, locale) for each in known],
            by=found.by,
            totals=FiguresView(**_figures(found.total, found.currency)),
            rows=[
                GroupView(
                    group=group.name,
                    from_on=group.span.from_on if group.span else None,
                    to_on=group.span.to_on if group.span else None,
                    complete=found.horizon.window.completes((group.span or found.span).to_on),
                    **_figures(group, found.currency),
                )
                for group in found.groups
            ],
        )


def _run(asked: Asked[SummaryQuery]) -> SummaryView:
    query = asked.query
    by = By(query.by) if query.by else None
    return SummaryView.of(summarise(asked.tenant_id, query.from_on, query.to_on, by, asked.now), asked.locale)


def _figures(group: Group, currency: str) -> dict[str, Any]:
    sales = {code: group.totals.sales[code] for code in sorted(group.totals.sales)}
    parts = [_sales(code, orders, minor) for code, (orders, minor) in sales.items()]
    own = _sales(currency, *sales.get(currency, (0, 0)))
    return {
        "members": _count(group.ever),
        "active_members": _count(group.active),
        "new_members": _count(group.new),
        "orders": group.totals.orders,
        "quantity": group.totals.quantity,
        "gmv": own.gmv,
        "aov": own.aov,
        "sales": parts,
    }


def _sales(currency: str, orders: int, minor: int) -> SalesView:
    average = summary.average_minor(minor, orders)
    aov = None if average is None else MoneyField.of(average, currency)
    return SalesView(currency=currency, orders=orders, gmv=MoneyField.of(minor, currency), aov=aov)


def _count(members: int | None) -> int | None:
    return None if members is None else members.bit_count()


def _table(view: SummaryView) -> Csv:
    made_of = ["summary", definitions.SUMMARY[0].version, view.timezone, view.as_of, view.revision]
    groups: list[Any] = list(view.rows) or [view.totals]
    rows = []
    for group in groups:
        name, spans = getattr(group, "group", "total"), getattr(group, "from_on", view.from_on)
        until = getattr(group, "to_on", view.to_on)
        complete = str(getattr(group, "complete", view.complete)).lower()
        figures = [group.members, group.active_members, group.new_members, group.orders, group.quantity]
        money = [group.gmv.amount_minor, group.aov and group.aov.amount_minor, group.gmv.currency]
        rows.append([name, spans, until, *figures, *money, complete, *made_of])
    header = (
        *("group", "from_on", "to_on", "members", "active_members", "new_members", "orders", "quantity"),
        *("gmv_minor", "aov_minor", "currency", "complete", *FRAME),
    )
    return Csv("summary.csv", header, rows)


SUMMARY = Report("summary", SummaryQuery, SummaryView, _run, _table)
