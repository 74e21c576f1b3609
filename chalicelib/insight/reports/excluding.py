"""Orders that a report leaves out on request, by rules of ``data-quality``, and how it tells that it did."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import BeforeValidator

from chalicelib.insight.model.charts import Words
from chalicelib.insight.model.quality import Rule
from chalicelib.insight.reports.report import Fact
from chalicelib.insight.reports.service.excluding import Excluded
from chalicelib.web import Csv, MoneyField, View, columns

Excluding = Annotated[
    list[Literal["outliers", "double_orders"]],
    BeforeValidator(lambda value: [each for each in value.split(",") if each] if isinstance(value, str) else value),
]

_EXCLUDED = columns(excluded=("Excluded orders", "已剔除订单"))

_CALLED = {
    "outliers": Words("Left out: orders of unusual amounts", "已剔除：金额异常的订单"),
    "double_orders": Words("Left out: orders that look doubled", "已剔除：疑似重复的订单"),
}


class ExcludedView(View):
    """So many orders were left out by a rule of ``data-quality``, and what they came to, by currency."""

    rule: str
    orders: int
    amounts: list[MoneyField]


def rules_of(asked: Excluding | None) -> list[Rule]:
    """The rules that are asked for, each once."""
    return [Rule(each) for each in dict.fromkeys(asked or ())]


def excluded_views(found: Iterable[Excluded]) -> list[ExcludedView]:
    """What was left out, rule by rule."""
    return [
        ExcludedView(
            rule=each.rule,
            orders=each.orders,
            amounts=[MoneyField.of(minor, currency) for currency, minor in sorted(each.amounts.items())],
        )
        for each in found
    ]


def with_excluded(table: Csv, excluded: Sequence[ExcludedView]) -> Csv:
    """A table with what was left out told in each row; as it is where nothing was to be."""
    if not excluded:
        return table
    said = "; ".join(" ".join([each.rule, str(each.orders), *map(str, each.amounts)]) for each in excluded)
    return Csv(table.filename, (*table.header, *_EXCLUDED), [[*each, said] for each in table.rows])


def excluded_facts(excluded: Iterable[ExcludedView]) -> Sequence[Fact]:
    """What was left out, as it stands above a table."""
    return [Fact(_CALLED[each.rule], " · ".join([f"{each.orders:,}", *map(str, each.amounts)])) for each in excluded]
