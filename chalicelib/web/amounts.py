"""Amounts of money that a request may give."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema

from chalicelib.kernel.errors import InvalidField
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.kernel.percent import PERCENT, percent_text, read_percent
from chalicelib.web.fields import MoneyField


def _described(**least: int) -> Callable[[dict[str, Any]], None]:
    # A refusal is worded by the validator that has the whole amount, so the bound is only in the document.
    def put(schema: dict[str, Any]) -> None:
        schema.pop("minimum", None)
        schema.update(least)

    return put


class Price(MoneyField):
    """An amount above zero, in minor units, such as ``{"amount_minor": 1250, "currency": "CNY"}`` for ¥12.50."""

    amount_minor: int = Field(ge=-MAX_MINOR, le=MAX_MINOR, json_schema_extra=_described(exclusiveMinimum=0))


class Cost(MoneyField):
    """An amount of zero or more, in minor units, such as ``{"amount_minor": 1250, "currency": "CNY"}`` for ¥12.50."""

    amount_minor: int = Field(ge=-MAX_MINOR, le=MAX_MINOR, json_schema_extra=_described(minimum=0))


def _positive(value: Price) -> Price:
    if value.amount_minor <= 0:
        raise InvalidField("the amount must be above zero", "金额须大于零")
    return value


def _not_negative(value: Cost) -> Cost:
    if value.amount_minor < 0:
        raise InvalidField("the amount must not be negative", "金额不得为负")
    return value


PriceField = Annotated[Price, AfterValidator(_positive)]
CostField = Annotated[Cost, AfterValidator(_not_negative)]


Commission = Annotated[
    int,
    Field(ge=0, le=10_000, description="What the leader earns, in basis points; campaigns keep it as at publishing."),
]


def _tax_rate(text: str) -> str:
    bps = read_percent(text)
    if bps is None:
        raise InvalidField(
            'write the rate of tax in per cent as text, from 0 to 100 with two decimals at most, such as "9"',
            '请以文本填写税率（百分数），0 至 100，最多两位小数，例如 "9"',
        )
    return percent_text(bps)


TaxRate = Annotated[
    str,
    AfterValidator(_tax_rate),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": PERCENT,
            "description": "The rate of the tax that the price includes, in per cent, with two decimals at most.",
            "examples": ["9"],
        }
    ),
]
