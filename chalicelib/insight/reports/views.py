"""Reports as they are shown over HTTP."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, RootModel

from chalicelib.insight.activity.model.rows import EARLIEST_ON
from chalicelib.insight.model import definitions, periods, summary
from chalicelib.insight.model.cohorts import Average, Cell, Cohort, rate
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.summary import Group
from chalicelib.insight.reports.service.history import Horizon
from chalicelib.insight.reports.service.retention import Retention
from chalicelib.insight.reports.service.summary import Summary
from chalicelib.members.records import MemberRecord
from chalicelib.web import LocalDate, MoneyField, View

ReportedDate = Annotated[LocalDate, Field(ge=EARLIEST_ON, le=date(2999, 12, 31))]
"""A local day that a report may be asked for."""


class DefinitionView(View):
    """The exact meaning of a figure, in the language asked for and in both."""

    name: str
    version: int
    text: str
    en: str
    zh: str

    @classmethod
    def of(cls, definition: Definition, locale: str) -> "DefinitionView":
        text = definition.text(locale)
        return cls(name=definition.name, version=definition.version, text=text, en=definition.en, zh=definition.zh)


class ReportView(View):
    """What every report says of itself. ``as_of``: the last local day that is complete and rolled up. ``pending_days``:
    earlier days with orders that arrived since; they count after the next rollup.
    ``revision`` rises when the figures behind the report change, and only then.
    """

    report: str
    timezone: str
    from_on: LocalDate
    to_on: LocalDate
    as_of: LocalDate
    complete: bool
    pending_days: int
    revision: int


class CellView(View):
    """``count`` of ``eligible`` members; ``complete`` once the period has ended and is rolled up."""

    period: int | str
    count: int
    eligible: int
    rate: str
    complete: bool

    @classmethod
    def of(cls, cell: Cell) -> "CellView":
        share = str(rate(cell.count, cell.eligible))
        return cls(period=cell.period, count=cell.count, eligible=cell.eligible, rate=share, complete=cell.complete)


class CohortView(View):
    """Members whose first order ever falls in one period, and how many came back."""

    cohort: str
    size: int
    cells: list[CellView]

    @classmethod
    def of(cls, cohort: Cohort, unit: periods.Unit) -> "CohortView":
        cells = [CellView.of(cell) for cell in cohort.cells]
        return cls(cohort=periods.label(cohort.period, unit), size=cohort.size, cells=cells)


class AverageView(View):
    """A period over the ``cohorts`` in which it is complete: ``rate`` weighs members alike, ``simple_rate`` cohorts."""

    period: int | str
    count: int
    eligible: int
    cohorts: int
    rate: str
    simple_rate: str
    complete: bool

    @classmethod
    def of(cls, average: Average) -> "AverageView":
        return cls(
            period=average.period,
            count=average.count,
            eligible=average.eligible,
            cohorts=average.cohorts,
            rate=str(average.rate),
            simple_rate=str(average.simple_rate),
            complete=average.complete,
        )


class BehindView(View):
    """One member behind a figure."""

    id: str
    external_ref: str | None
    name: str | None


class RetentionView(ReportView):
    """Cohorts and how many of each came back."""

    report: Literal["retention"] = "retention"
    definition: DefinitionView
    unit: str
    mode: str
    rows: list[CohortView]
    average: list[AverageView]
    members: list[BehindView] | None = Field(None, description="The members behind the cell that was named.")
    next_cursor: str | None = Field(None, description="Give it as cursor for further members; null at the end.")

    @classmethod
    def of(cls, table: Retention, locale: str) -> "RetentionView":
        asked = table.asked
        return cls(
            **_frame(table.horizon, table.timezone, table.from_on, table.horizon.window.ends_on, table.revision),
            definition=DefinitionView.of(definitions.RETENTION[asked.mode], locale),
            unit=asked.unit,
            mode=asked.mode,
            rows=[CohortView.of(cohort, asked.unit) for cohort in table.cohorts],
            average=[AverageView.of(average) for average in table.averages],
        )


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
        frame = _frame(found.horizon, found.timezone, found.span.from_on, found.span.to_on, found.revision)
        return cls(
            **frame,
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


class AnyReport(RootModel[RetentionView | SummaryView]):
    """The report that was named."""


def behind(members: Sequence[MemberRecord]) -> list[BehindView]:
    """Members as a report lists them."""
    return [BehindView(id=each.id, external_ref=each.external_ref, name=each.name) for each in members]


def _frame(seen: Horizon, timezone: str, from_on: date, to_on: date, revision: int) -> dict[str, Any]:
    return {
        "timezone": timezone,
        "from_on": from_on,
        "to_on": to_on,
        "as_of": seen.as_of,
        "complete": seen.window.completes(to_on),
        "pending_days": len(seen.pending),
        "revision": revision,
    }


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
