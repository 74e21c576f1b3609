"""The summary as charts."""

from collections.abc import Sequence
from typing import Any

from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.reports.charting import MEMBERS, ORDERS, PERCENT, of_currency, percents, units
from chalicelib.insight.reports.summary.answer import GroupView, SummaryView
from chalicelib.insight.reports.words import GROUP_WORDS

_WEEKDAYS = (
    Words("Monday", "周一"), Words("Tuesday", "周二"), Words("Wednesday", "周三"), Words("Thursday", "周四"),
    Words("Friday", "周五"), Words("Saturday", "周六"), Words("Sunday", "周日"),
)  # fmt: skip
_UNKNOWN = Words("not known", "未知")
_NOW, _BEFORE = Words("these days", "本期"), Words("before", "对比期")


def charts(view: SummaryView) -> Sequence[Chart]:
    """By group: sales, orders and, where they are counted, members; with the groups before, the first by the first."""
    if not view.rows:
        return []
    unit = of_currency(view.totals.gmv.currency)
    charts = [
        _chart(view, Words("Sales", "销售额"), unit, [[units(each.gmv) for each in side] for side in _sides(view)]),
        _chart(view, Words("Orders", "订单数"), ORDERS, [[each.orders for each in side] for side in _sides(view)]),
    ]
    if view.by != "hour":
        counts = [[each.active_members for each in side] for side in _sides(view)]
        charts.append(_chart(view, Words("Members who ordered", "下单会员数"), MEMBERS, counts))
    if any(each.conversion for each in view.rows):
        shares = [
            [percents(each.conversion.rate if each.conversion else None) for each in side] for side in _sides(view)
        ]
        charts.append(_chart(view, Words("Customers among members", "会员中的顾客占比"), PERCENT, shares))
    return charts


def _sides(view: SummaryView) -> list[list[GroupView]]:
    return [view.rows, view.compared.rows] if view.compared else [view.rows]


def _chart(view: SummaryView, title: Words, unit: Words, sides: list[list[Any]]) -> Chart:
    labels = [_label(each, view.by) for each in view.rows]
    names = [_NOW, _BEFORE] if len(sides) > 1 else [title]
    as_long = [[*side, *[None] * len(labels)][: len(labels)] for side in sides]
    series = [Series(name, values) for name, values in zip(names, as_long, strict=True)]
    running = frozenset(at for at, each in enumerate(view.rows) if not each.complete)
    return Chart(Kind.BARS, title, unit, labels, series, running)


def _label(group: GroupView, by: str | None) -> str | Words:
    if by == "weekday":
        return _WEEKDAYS[int(group.group)]
    if by == "hour":
        return f"{int(group.group):02}:00" if group.group.isdigit() else _UNKNOWN
    if group.title:
        return group.title
    return GROUP_WORDS.get(group.group, group.group)
