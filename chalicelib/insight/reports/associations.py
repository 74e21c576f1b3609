"""The report of goods that are bought together."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.insight.associations.model import WINDOW, ItemUnit
from chalicelib.insight.model.associations import FEWEST_MEMBERS, MOST_ITEMS, Rule
from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.reports.report import FRAME, Asked, DefinitionView, Fact, FormQuery, Report, ReportView, frame
from chalicelib.insight.reports.service import associations as service
from chalicelib.web import Csv, Instant, View, columns

_CHARTED = 10

BOUGHT_TOGETHER = Definition(
    "bought_together", 1,
    "A basket is an order that counts, placed here or imported, of which any goods are known; goods that it has "
    "twice count once, and baskets with a single item are baskets as well. For a rule that who buys all of a buys b "
    "too: together, the baskets with a and b; support, together divided by all baskets; confidence, together "
    "divided by the baskets with a; lift, together times all baskets divided by the product of the baskets with a "
    "and of those with b, so how many times as often as if they were bought regardless of each other (Agrawal, "
    "Imielinski, Swami 1993; Brin et al. 1997). All rules with one item on their right side are found, exactly, from "
    "min_count and min_confidence on, with up to max_items on both sides together. Orders are those of the "
    f"{WINDOW.days} local days up to the last one with orders. Nothing is told of goods that fewer than "
    f"{FEWEST_MEMBERS} distinct members bought together; days cannot be chosen, and a new result replaces the one "
    f"before only once orders of at least {FEWEST_MEMBERS} members differ, so that no two answers differ by the "
    "orders of fewer.",
    "一个购物篮即一笔有效且已知商品的订单（本平台下单或导入）；同一商品重复出现只计一次，仅含一种商品的订单也计入"
    "总数。对“购买 a 的也购买 b”的规则：together 为同时含 a 与 b 的订单数；support 为 together 除以订单总数；"
    "confidence 为 together 除以含 a 的订单数；lift 为 together 乘以订单总数，再除以含 a 与含 b 订单数之积，即相对于"
    "互不相关时的倍数（Agrawal、Imielinski、Swami 1993；Brin 等 1997）。按 min_count、min_confidence 及两侧商品数上限 "
    "max_items 精确列出右侧为一种商品的全部规则。统计截至最后有订单之日的 "
    f"{WINDOW.days} 个本地日。少于 {FEWEST_MEMBERS} 位会员共同购买的组合不予显示；日期不可选择，且至少有 "
    f"{FEWEST_MEMBERS} 位会员的订单发生变化后新结果才会取代旧结果，因此两次结果之差不会只涉及更少会员的订单。",
)  # fmt: skip

_COMPUTING = Words("It is being computed for the first time; ask again in a minute.", "首次计算进行中，请稍后再查看。")


class AssociationsQuery(FormQuery):
    """Without ``min_count``: the number of orders that leaves the hundred most frequent sets. The days are those of the
    last result, and are not chosen.
    """

    unit: Literal["category", "product", "sku"] = "category"
    min_count: Annotated[int | None, Field(ge=1, le=10**9, description="Orders that have all of a rule's items")] = None
    min_confidence: Annotated[
        Decimal, Field(ge=0, le=1, max_digits=20, description="The least confidence, such as 0.25")
    ] = Decimal("0.25")
    max_items: Annotated[int, Field(ge=2, le=MOST_ITEMS, description="Items of a rule, both sides together")] = (
        MOST_ITEMS
    )


class RuleView(View):
    """Who buys all of ``a`` buys ``b`` too: in ``together`` orders, of ``count_a`` with a and ``count_b`` with b. Items
    are categories, ids, or codes of files; their titles beside them.
    """

    a: list[str]
    b: str
    a_titles: list[str]
    b_title: str
    together: int
    count_a: int
    count_b: int
    support: str
    confidence: str
    lift: str


class AssociationsView(ReportView):
    """Rules of goods bought together, the greatest lift first. Of ``unknown`` orders no goods are known: they are no
    baskets. ``least_count`` is the smallest ``min_count`` that may be asked for. ``job_id`` names the job that computes
    it anew, since figures have changed; until it is done ``complete`` is false.
    """

    report: Literal["associations"] = "associations"
    definition: DefinitionView
    unit: ItemUnit
    baskets: int
    unknown: int
    min_count: int
    min_confidence: str
    max_items: int
    least_count: int | None
    fewest_members: int
    computed_at: Instant | None
    job_id: str | None
    reason: str | None = Field(description="Why there is nothing yet.")
    rows: list[RuleView]


def _run(asked: Asked[AssociationsQuery]) -> AssociationsView:
    query = asked.query
    wanted = service.Asked(ItemUnit(query.unit), query.min_count, query.min_confidence, query.max_items)
    found = service.associations(asked.tenant_id, wanted, asked.now)
    shown = frame(found.horizon, found.timezone, found.from_on, found.to_on, found.revision)
    sets = found.sets
    return AssociationsView(
        **{**shown, "complete": shown["complete"] and found.is_current},
        definition=DefinitionView.of(BOUGHT_TOGETHER, asked.locale),
        unit=wanted.unit,
        baskets=sets.total if sets else 0,
        unknown=sets.unknown if sets else 0,
        min_count=found.min_count,
        min_confidence=str(query.min_confidence),
        max_items=query.max_items,
        least_count=sets.least_count if sets else None,
        fewest_members=FEWEST_MEMBERS,
        computed_at=found.mined_at,
        job_id=found.job_id,
        reason=None if sets else _COMPUTING.said(asked.locale),
        rows=[_row(each, found.titles) for each in found.rules],
    )


def _row(rule: Rule, titles: Mapping[str, str]) -> RuleView:
    return RuleView(
        a=list(rule.a),
        b=rule.b,
        a_titles=[titles.get(each, each) for each in rule.a],
        b_title=titles.get(rule.b, rule.b),
        together=rule.together,
        count_a=rule.count_a,
        count_b=rule.count_b,
        support=_six_digits(rule.support),
        confidence=_six_digits(rule.confidence),
        lift=_six_digits(rule.lift),
    )


def _six_digits(value: Fraction) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal("0.000001"), ROUND_HALF_EVEN))


_ROWS = columns(
    a=("Who buys", "购买"), b=("also buys", "同时购买"), a_ids=("Ids of a", "a 的编号"), b_id=("Id of b", "b 的编号"),
    together=("Orders with all", "同购订单"), count_a=("Orders with the first", "含前者订单"),
    count_b=("Orders with the second", "含后者订单"), support=("Share of orders", "支持度"),
    confidence=("Confidence", "置信度"), lift=("Lift", "提升度"), unit=("Unit", "统计单位"),
    baskets=("Orders", "订单数"), from_on=("From", "起始日"), to_on=("To", "截止日"),
)  # fmt: skip


def _table(view: AssociationsView) -> Csv:
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [
        [
            " + ".join(each.a_titles), each.b_title,
            " + ".join(each.a) if each.a != each.a_titles else "", each.b if each.b != each.b_title else "",
            each.together, each.count_a, each.count_b, *map(Decimal, (each.support, each.confidence, each.lift)),
            view.unit.value, view.baskets, view.from_on, view.to_on, *made_of,
        ]
        for each in view.rows
    ]  # fmt: skip
    return Csv("associations.csv", (*_ROWS, *FRAME), rows)


def _charts(view: AssociationsView) -> Sequence[Chart]:
    first = view.rows[:_CHARTED]
    if not first:
        return []
    title = Words("How much more often than by chance", "相对于互不相关时的倍数")
    labels = [f"{' + '.join(each.a_titles)} → {each.b_title}" for each in first]
    lifts = Series(Words("Lift", "提升度"), [Decimal(each.lift) for each in first])
    return [Chart(Kind.BARS, title, Words("times", "倍"), labels, [lifts])]


def _facts(view: AssociationsView) -> Sequence[Fact]:
    if view.reason:
        return [Fact(Words("No figures", "暂无数据"), view.reason)]
    found = [
        Fact(Words("Orders with known goods", "已知商品的订单"), f"{view.baskets:,}"),
        Fact(Words("Rules", "规则数"), f"{len(view.rows):,}"),
        Fact(Words("Orders with all of a rule, at least", "同购订单数下限"), f"{view.min_count:,}"),
    ]
    if view.unknown:
        found.append(Fact(Words("Orders with unknown goods", "商品未知的订单"), f"{view.unknown:,}"))
    return found


ASSOCIATIONS = Report(
    "associations",
    AssociationsQuery,
    AssociationsView,
    _run,
    _table,
    charts=_charts,
    title=Words("Bought together", "关联购买"),
    tells=Words(
        "Which goods are bought in one order more often than by chance: who buys some buys which others too.",
        "哪些商品同单购买的次数高于随机水平：购买某些商品的会员还会购买哪些。",
    ),
    facts=_facts,
)
