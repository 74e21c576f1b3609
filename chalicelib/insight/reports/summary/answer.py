"""What the summary is asked for, and its answer."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from chalicelib.insight.model import comparison, definitions
from chalicelib.insight.model.overview import Rate
from chalicelib.insight.model.sliced_summary import NAMES, not_additive
from chalicelib.insight.model.slices import Dimension
from chalicelib.insight.model.summary import Group
from chalicelib.insight.reports.converted import ConversionView, ConvertedView
from chalicelib.insight.reports.excluding import ExcludedView, Excluding, excluded_views
from chalicelib.insight.reports.figures import FiguresView, figures, sums
from chalicelib.insight.reports.report import DefinitionView, RangeQuery, ReportView, frame
from chalicelib.insight.reports.service.conversion import Conversions
from chalicelib.insight.reports.service.summary import Comparison, Summary
from chalicelib.insight.reports.summary.definition import COMPARISON, SLICES
from chalicelib.web import LocalDate, MoneyField, View

_COMPARED = ("members", "active_members", "new_members", "orders", "quantity", "gmv", "aov")


class SummaryQuery(RangeQuery):
    """How the days are grouped, if they are. ``exclude`` leaves out the orders that rules of ``data-quality`` find in
    the range, such as ``outliers``.
    """

    by: (
        Literal["day", "week", "month", "weekday", "hour", "campaign", "channel", "pickup_point", "category", "product"]
        | None
    ) = None
    exclude: Excluding | None = None
    compare: Literal["previous", "year"] | None = Field(
        default=None, description="With the period before, or a year before: as many days as have elapsed."
    )


class GroupView(FiguresView):
    """Figures of one group; calendar groups name their days. The groups of a dimension, such as ``campaign``, are named
    by id, with its ``title``, or by what a file called them; those without a title are ``unknown``, ``no_goods`` (paid
    for delivery and the like) and ``others`` (what comes after 1,500 rows). They alone have their ``discount``.
    """

    group: str
    title: str | None = None
    from_on: LocalDate | None
    to_on: LocalDate | None
    complete: bool
    discount: MoneyField | None = None
    conversion: ConvertedView | None = Field(default=None, description="At the end of a day, week or month.")


class ChangeView(View):
    """By how much a figure differs from before, exactly (an amount of money in ``amount``), and in percent of it with
    one decimal: null of nothing, and where the days cannot be compared fairly.
    """

    name: str
    difference: int | None
    amount: MoneyField | None
    percent: str | None


class ConversionBesideView(View):
    """Conversion at the end of both sides, and by how many percentage points it differs, with one decimal: null where
    the days cannot be compared fairly.
    """

    now: ConvertedView
    before: ConvertedView
    points: str | None

    @classmethod
    def of(cls, found: Comparison, converted: Conversions) -> "ConversionBesideView":
        now, before = (converted.by_day[each.to_on] for each in (found.basis.now, found.basis.before))
        sides = [each.rate if each.members else None for each in (now, before)]
        points = Rate("conversion", sides[0], sides[1], found.fair).points
        return cls(
            now=ConvertedView.at(now), before=ConvertedView.at(before), points=None if points is None else str(points)
        )


class ComparisonView(View):
    """The days from ``from_on``, as many as have elapsed, beside those from ``before_from_on``. ``fair`` where both are
    complete, and as long as each other or whole periods of the calendar, and the brand had had its first order when the
    days before began; else ``unfair`` says what is wanting. ``rows`` are the groups of the days before.
    """

    compare: str
    from_on: LocalDate
    to_on: LocalDate
    before_from_on: LocalDate
    before_to_on: LocalDate
    fair: bool
    unfair: Literal["not_begun", "incomplete", "unlike"] | None
    totals: FiguresView
    before: FiguresView
    changes: list[ChangeView]
    conversion: ConversionBesideView
    rows: list[GroupView]
    definition: DefinitionView

    @classmethod
    def of(cls, found: Comparison, summary: Summary, converted: Conversions, locale: str) -> "ComparisonView":
        now, before = (FiguresView(**figures(each, summary.currency)) for each in (found.now, found.before))
        basis = found.basis
        return cls(
            compare=found.compare,
            from_on=basis.now.from_on,
            to_on=basis.now.to_on,
            before_from_on=basis.before.from_on,
            before_to_on=basis.before.to_on,
            fair=found.fair,
            unfair=found.unfair.value if found.unfair else None,
            totals=now,
            before=before,
            changes=[_change(name, getattr(now, name), getattr(before, name), fair=found.fair) for name in _COMPARED],
            conversion=ConversionBesideView.of(found, converted),
            rows=[_group(each, summary, converted, basis.before.to_on) for each in found.groups],
            definition=DefinitionView.of(COMPARISON, locale),
        )


class SummaryView(ReportView):
    """What a range of days came to, whole and by group. ``not_additive`` names the fields of the rows that do not add
    up to those of the totals.
    """

    report: Literal["summary"] = "summary"
    definitions: list[DefinitionView]
    by: str | None
    not_additive: list[str]
    totals: FiguresView
    conversion: ConversionView = Field(description="At the end of the last day.")
    rows: list[GroupView]
    excluded: list[ExcludedView]
    compared: ComparisonView | None = Field(default=None, description="With the days before, where that was asked for.")

    @classmethod
    def of(cls, found: Summary, converted: Conversions, locale: str) -> "SummaryView":
        groups = {**definitions.GROUPS, **SLICES}
        known = [*definitions.SUMMARY, *([groups[found.by]] if found.by in groups else [])]
        of_goods = isinstance(found.by, Dimension) and found.by.of_goods
        days = frame(
            found.horizon, found.timezone, found.span.from_on, found.span.to_on, found.revision + converted.changes
        )
        return cls(
            **days,
            definitions=[DefinitionView.of(each, locale) for each in known],
            by=found.by,
            not_additive=not_additive(found.by, of_goods=of_goods),
            totals=FiguresView(**figures(found.total, found.currency)),
            conversion=ConversionView.of(converted.by_day[found.span.to_on], locale),
            rows=[*(_group(each, found, converted, found.span.to_on) for each in found.groups), *_slices(found)],
            excluded=excluded_views(found.excluded),
            compared=ComparisonView.of(found.comparison, found, converted, locale) if found.comparison else None,
        )


def _group(group: Group, found: Summary, converted: Conversions, to_on: date) -> GroupView:
    conversion = converted.of(group)
    return GroupView(
        group=group.name,
        from_on=group.span.from_on if group.span else None,
        to_on=group.span.to_on if group.span else None,
        complete=found.horizon.window.completes(group.span.to_on if group.span else to_on),
        conversion=ConvertedView.at(conversion) if conversion else None,
        **figures(group, found.currency),
    )


def _change(name: str, now: Any, before: Any, *, fair: bool) -> ChangeView:
    money = now if isinstance(now, MoneyField) else before
    plain = [each.amount_minor if isinstance(each, MoneyField) else each for each in (now, before)]
    more = comparison.difference(*plain)
    amount = MoneyField.of(more, money.currency) if isinstance(money, MoneyField) and more is not None else None
    percent = comparison.percent(*plain) if fair else None
    return ChangeView(name=name, difference=None if amount else more, amount=amount, percent=percent)


def _slices(found: Summary) -> list[GroupView]:
    complete = found.horizon.window.completes(found.span.to_on)
    return [
        GroupView(
            group=NAMES.get(row.value, row.value),
            title=found.titles.get(row.value, row.value) if row.is_value else None,
            from_on=None,
            to_on=None,
            complete=complete,
            members=None,
            active_members=row.active,
            new_members=row.new,
            discount=MoneyField.of(row.discount_minor.get(found.currency, 0), found.currency),
            **sums(row.totals, found.currency),
        )
        for row in found.slices
    ]
