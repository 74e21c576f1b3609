"""The summary report: what a range of days came to, whole and by group."""

from typing import Any, Literal

from chalicelib.insight.model import definitions
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.sliced_summary import NAMES, not_additive
from chalicelib.insight.model.slices import Dimension
from chalicelib.insight.model.summary import By
from chalicelib.insight.reports.figures import FIGURES, FiguresView, figures, sums
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, RangeQuery, Report, ReportView, frame
from chalicelib.insight.reports.service.summary import Summary, summarise
from chalicelib.web import Csv, LocalDate, MoneyField, columns

_UNITED_EN = (
    "A member who is active in several rows counts in each, and in the total once. new_members: those of the range's "
    "new members who ordered it in the range. unknown: what is not known, as of orders from before this was kept."
)
_UNITED_ZH = (
    "在多行中活跃的会员在各行各计一次，合计中只计一次。new_members：所选日期内的新会员中，在该行下过单的人数。"
    "unknown：未知的部分，如开始记录之前的订单。"
)
_ONE_EN = "Each order stands in one row, so orders, units and sales add up to the total. "
_ONE_ZH = "每个订单仅计入一行，因此订单数、件数和销售额之和等于合计。"
_GOODS_EN = (
    "An order counts in each row of which it has goods, with its units and what these were sold for after all "
    "discounts; so units and sales add up to the total, orders do not. discount: what was taken off these goods. "
    "no_goods: what was paid for no goods, such as delivery. Amounts that a file gives for a whole order of several "
    "products stand under unknown. "
)
_GOODS_ZH = (
    "订单计入其所含商品的每一行，计该行的件数及扣除全部优惠后的金额；因此件数和销售额之和等于合计，订单数不可相加。"
    "discount：这些商品的优惠金额。no_goods：非商品的付款，如配送费。导入文件只给出多商品订单总额的，金额计入 unknown。"
)
SLICES: dict[str, Definition] = {
    "campaign": Definition("by_campaign", 1, f"The campaign of the order. {_ONE_EN}{_UNITED_EN}",
                           f"订单所属的团购活动。{_ONE_ZH}{_UNITED_ZH}"),
    "channel": Definition(
        "by_channel", 1,
        f"The channel whose link led to the order or, of an imported one, as its file has it. {_ONE_EN}{_UNITED_EN}",
        f"带来订单的链接所属渠道；导入的订单以文件所写为准。{_ONE_ZH}{_UNITED_ZH}"),
    "pickup_point": Definition(
        "by_pickup_point", 1,
        f"The pickup point of the order or, of an imported one, as its file has it. {_ONE_EN}{_UNITED_EN}",
        f"订单的自提点；导入的订单以文件所写为准。{_ONE_ZH}{_UNITED_ZH}"),
    "category": Definition(
        "by_category", 1, f"The category of the goods when the order was recorded. {_GOODS_EN}{_UNITED_EN}",
        f"记录订单时商品所属的品类。{_GOODS_ZH}{_UNITED_ZH}"),
    "product": Definition(
        "by_product", 1,
        f"The product of the goods or, of an imported order, the product code in its file. {_GOODS_EN}{_UNITED_EN}",
        f"商品；导入的订单以文件中的商品编码为准。{_GOODS_ZH}{_UNITED_ZH}"),
}  # fmt: skip
"""What the rows are, by dimension."""


class SummaryQuery(RangeQuery):
    """How the days are grouped, if they are."""

    by: (
        Literal["day", "week", "month", "weekday", "hour", "campaign", "channel", "pickup_point", "category", "product"]
        | None
    ) = None


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


class SummaryView(ReportView):
    """What a range of days came to, whole and by group. ``not_additive`` names the fields of the rows that do not add
    up to those of the totals.
    """

    report: Literal["summary"] = "summary"
    definitions: list[DefinitionView]
    by: str | None
    not_additive: list[str]
    totals: FiguresView
    rows: list[GroupView]

    @classmethod
    def of(cls, found: Summary, locale: str) -> "SummaryView":
        groups = {**definitions.GROUPS, **SLICES}
        known = [*definitions.SUMMARY, *([groups[found.by]] if found.by in groups else [])]
        of_goods = isinstance(found.by, Dimension) and found.by.of_goods
        days = frame(found.horizon, found.timezone, found.span.from_on, found.span.to_on, found.revision)
        return cls(
            **days,
            definitions=[DefinitionView.of(each, locale) for each in known],
            by=found.by,
            not_additive=not_additive(found.by, of_goods=of_goods),
            totals=FiguresView(**figures(found.total, found.currency)),
            rows=[*_groups(found), *_slices(found)],
        )


def _groups(found: Summary) -> list[GroupView]:
    return [
        GroupView(
            group=group.name,
            from_on=group.span.from_on if group.span else None,
            to_on=group.span.to_on if group.span else None,
            complete=found.horizon.window.completes((group.span or found.span).to_on),
            **figures(group, found.currency),
        )
        for group in found.groups
    ]


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


def _run(asked: Asked[SummaryQuery]) -> SummaryView:
    query = asked.query
    by = None if query.by is None else Dimension(query.by) if query.by in _DIMENSIONS else By(query.by)
    return SummaryView.of(summarise(asked.tenant_id, query.from_on, query.to_on, by, asked.now), asked.locale)


_DIMENSIONS = frozenset(Dimension)

_GROUP = columns(
    group=("Group", "分组"), title=("Title", "名称"), from_on=("From", "起始日"), to_on=("To", "截止日"),
)  # fmt: skip
_BESIDE = columns(discount_minor=("Discount", "优惠"), not_additive=("Not to be added up", "不可相加的列"))


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
        discount = getattr(group, "discount", None)
        beside = [discount and discount.amount_minor, " ".join(view.not_additive)]
        rows.append([name, getattr(group, "title", None), spans, until, *figures, *money, complete, *made_of, *beside])
    return Csv("summary.csv", (*_GROUP, *FIGURES, *FRAME, *_BESIDE), rows)


SUMMARY = Report("summary", SummaryQuery, SummaryView, _run, _table)
