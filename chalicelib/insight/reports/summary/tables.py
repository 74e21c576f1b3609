"""The summary as a table. An answer that compares has both sides in it."""

from datetime import date
from decimal import Decimal
from typing import Any

from chalicelib.insight.model import definitions
from chalicelib.insight.reports.converted import ConvertedView
from chalicelib.insight.reports.excluding import with_excluded
from chalicelib.insight.reports.figures import FIGURES, FiguresView
from chalicelib.insight.reports.report import FRAME
from chalicelib.insight.reports.summary.answer import ComparisonView, GroupView, SummaryView
from chalicelib.insight.reports.words import GROUP_WORDS
from chalicelib.web import Csv, columns

_GROUP = columns(
    group=("Group", "分组", GROUP_WORDS), title=("Title", "名称"), from_on=("From", "起始日"), to_on=("To", "截止日"),
)  # fmt: skip
_DISCOUNT = columns(discount_minor=("Discount", "优惠"))
_CONVERTED = columns(
    enrolled=("Enrolled members", "在册会员"), customers=("Customers of them", "其中顾客"),
    conversion=("Conversion", "转化率"),
)  # fmt: skip
_BESIDE = columns(not_additive=("Not to be added up", "不可相加的列"))


_PARTS = {"now": ("these days", "本期"), "before": ("before", "对比期")}
_PART = columns(part=("Part", "时段", _PARTS))


def table(view: SummaryView) -> Csv:
    """A row for each group, or one for the whole; what was left out is told in each."""
    made_of = ["summary", definitions.SUMMARY[0].version, view.timezone, view.as_of, view.revision]
    beside = [" ".join(view.not_additive)]
    if view.compared is not None:
        rows = [["now", *each, *made_of, *beside] for each in _beside(view, view.compared)]
        rows += [["before", *each, *made_of, *beside] for each in _before(view, view.compared)]
        return Csv("summary.csv", (*_PART, *_GROUP, *FIGURES, *_DISCOUNT, *_CONVERTED, *FRAME, *_BESIDE), rows)
    whole = _whole(view.totals, view.conversion, view.from_on, view.to_on, view.complete)
    rows = [[*each, *made_of, *beside] for each in [_cells(each) for each in view.rows] or [whole]]
    table = Csv("summary.csv", (*_GROUP, *FIGURES, *_DISCOUNT, *_CONVERTED, *FRAME, *_BESIDE), rows)
    return with_excluded(table, view.excluded)


def _beside(view: SummaryView, compared: ComparisonView) -> list[list[Any]]:
    """The groups of the days, then those of them that are compared, as a whole."""
    now = _whole(compared.totals, compared.conversion.now, compared.from_on, compared.to_on, compared.fair)
    return [*map(_cells, view.rows), now]


def _before(view: SummaryView, compared: ComparisonView) -> list[list[Any]]:
    before = compared.conversion.before
    whole = _whole(compared.before, before, compared.before_from_on, compared.before_to_on, compared.fair)
    return [*map(_cells, compared.rows if view.rows else []), whole]


def _cells(group: GroupView) -> list[Any]:
    figures = [*_numbers(group, complete=group.complete), *_converted(group.conversion)]
    return [group.group, group.title, group.from_on, group.to_on, *figures]


def _whole(
    figures: FiguresView, converted: ConvertedView, from_on: date, to_on: date, complete: bool
) -> list[Any]:  # fmt: skip
    return ["total", None, from_on, to_on, *_numbers(figures, complete=complete), *_converted(converted)]


def _converted(found: ConvertedView | None) -> list[Any]:
    return [found.members, found.customers, Decimal(found.rate)] if found else [None, None, None]


def _numbers(of: FiguresView, *, complete: bool) -> list[Any]:
    counts = [of.members, of.active_members, of.new_members, of.orders, of.quantity]
    money = [of.gmv.amount_minor, of.aov and of.aov.amount_minor, of.gmv.currency]
    discount = getattr(of, "discount", None)
    return [*counts, *money, str(complete).lower(), discount and discount.amount_minor]
