"""Lifetime values as tables and charts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.model.expectations import LONG_WEEKS, SHORT_WEEKS
from chalicelib.insight.reports.behind import members_table
from chalicelib.insight.reports.charting import amount
from chalicelib.insight.reports.lifetime_value.answer import AtRiskView, LifetimeRowView, LifetimeValueView
from chalicelib.insight.reports.report import FRAME, Fact
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.web import Csv, MoneyField, columns

_ALIVE = {
    "once": ("a single day", "仅一个下单日"), "1": ("0-20%", "0–20%"), "2": ("20-40%", "20–40%"),
    "3": ("40-60%", "40–60%"), "4": ("60-80%", "60–80%"), "5": ("80-100%", "80–100%"),
}  # fmt: skip

_ROWS = columns(
    alive=("Likely to be active", "活跃概率", _ALIVE), value=("Value band", "价值分档"),
    value_from_minor=("Value from", "价值下限"), value_to_minor=("Value to", "价值上限"), members=("Members", "人数"),
    orders_short=(f"Orders in {SHORT_WEEKS} weeks", f"{SHORT_WEEKS} 周预期订单"),
    amount_short_minor=(f"Sales in {SHORT_WEEKS} weeks", f"{SHORT_WEEKS} 周预期销售额"),
    orders_long=(f"Orders in {LONG_WEEKS} weeks", f"{LONG_WEEKS} 周预期订单"),
    amount_long_minor=(f"Sales in {LONG_WEEKS} weeks", f"{LONG_WEEKS} 周预期销售额"), currency=("Currency", "币种"),
    to_on=("On", "日期"),
)  # fmt: skip
_RISKS = columns(
    id=("Member ID", "会员编号"), external_ref=("Reference", "外部编号"), name=("Name", "姓名"),
    repeats=("Days after the first", "首单后下单天数"), p_alive=("Likely to be active", "活跃概率"),
    orders=(f"Orders in {LONG_WEEKS} weeks", f"{LONG_WEEKS} 周预期订单"),
    amount_minor=(f"Sales in {LONG_WEEKS} weeks", f"{LONG_WEEKS} 周预期销售额"),
    at_risk_minor=("At risk", "风险金额"), currency=("Currency", "币种"),
)  # fmt: skip


def table(view: LifetimeValueView) -> Csv:
    """The members that were asked for, or the bands."""
    if view.members is not None:
        return members_table(view.members)
    if view.at_risk is not None:
        return Csv("at-risk.csv", _RISKS, [_risk_cells(each) for each in view.at_risk])
    made_of: list[Any] = [view.definition.name, view.definition.version, view.timezone, view.as_of, view.revision]
    rows = [[*_cells(each), view.to_on, *made_of] for each in view.rows]
    return Csv("lifetime-value.csv", (*_ROWS, *FRAME), rows)


def _cells(row: LifetimeRowView) -> list[Any]:
    short, long = row.expected
    return [
        row.alive, row.value, _minor(row.value_from), _minor(row.value_to), row.members, Decimal(short.orders),
        _minor(short.amount), Decimal(long.orders), _minor(long.amount),
        row.value_from.currency if row.value_from else None,
    ]  # fmt: skip


def _risk_cells(of: AtRiskView) -> list[Any]:
    who = [of.id, of.external_ref, of.name, of.repeats, Decimal(of.p_alive), Decimal(of.orders)]
    return [*who, _minor(of.amount), _minor(of.at_risk), of.amount.currency if of.amount else None]


def _minor(money: MoneyField | None) -> int | None:
    return None if money is None else money.amount_minor


def facts(view: LifetimeValueView) -> list[Fact]:
    """What is expected of all, and why there is no value where there is none."""
    model, found = view.model, [Fact(Words("Members", "会员"), f"{view.model.members:,}")]
    for each in view.expected:
        orders, said = f"{Decimal(each.orders):,.1f}", amount(each.amount)
        expected = Words(f"{orders} orders, {said.en}", f"{orders} 单，{said.zh}")
        name = Words(f"Expected in {each.weeks} weeks", f"未来 {each.weeks} 周预期")
        found.append(Fact(name, expected if each.amount else Words(f"{orders} orders", f"{orders} 单")))
    if model.reason:
        found.append(Fact(Words("No values", "暂无数值"), model.reason))
    elif model.amounts_reason:
        found.append(Fact(Words("No amounts", "暂无金额"), model.amounts_reason))
    else:
        found.append(Fact(Words("Members most at risk", "流失风险最高的会员"), "", "risk"))
    return found


def behind(view: LifetimeValueView) -> list[Mapping[str, str]]:
    """A band each."""
    return [{"members": f"{each.alive}:{each.value}"} for each in view.rows]


_LABELS = {alive: Words(*said) for alive, said in _ALIVE.items()}


def charts(view: LifetimeValueView) -> list[Chart]:
    """Members, and what they are expected to bring, by how likely they are to be active."""
    if not view.rows:
        return []
    alive = list(_LABELS)
    values = sorted({row.value for row in view.rows})
    counted = {(row.alive, row.value): row for row in view.rows}
    members = [
        Series(
            Words(f"Value {value}", f"价值 {value}") if value else Words("Members", "会员"),
            [counted[each, value].members if (each, value) in counted else 0 for each in alive],
        )
        for value in values
    ]
    title = Words("Members by how likely they are to be active", "按活跃概率的会员数")
    charts = [Chart(Kind.STACKED, title, Words("members", "人"), list(_LABELS.values()), members)]
    long = view.expected[-1].amount
    if long is not None:
        amounts = [_major(view.rows, each, long.currency) for each in alive]
        charts.append(
            Chart(
                Kind.BARS,
                Words(f"Sales to be expected in {LONG_WEEKS} weeks", f"未来 {LONG_WEEKS} 周预期销售额"),
                Words(long.currency, long.currency),
                list(_LABELS.values()),
                [Series(Words("Expected sales", "预期销售额"), amounts)],
            )
        )
    return charts


def _major(rows: Sequence[LifetimeRowView], alive: str, currency: str) -> Decimal:
    minor = sum(_minor(row.expected[-1].amount) or 0 for row in rows if row.alive == alive)
    return Decimal(minor).scaleb(-CURRENCIES[currency])
