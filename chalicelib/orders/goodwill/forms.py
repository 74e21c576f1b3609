"""What the API takes of goodwill."""

from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from chalicelib.kernel.errors import InvalidField
from chalicelib.kernel.money import Money
from chalicelib.orders.bundles.model import named_once, part_named
from chalicelib.orders.goodwill.service import Gift
from chalicelib.orders.model import MAX_PARCEL_LINES
from chalicelib.web import Body, Harmless, PriceField, UlidStr


class GiftLineForm(Body):
    """So much of a line; of a bundle, all of it or the part with this SKU."""

    offer_id: UlidStr
    sku_id: UlidStr | None = None
    amount: PriceField


def _once(lines: list[GiftLineForm]) -> list[GiftLineForm]:
    if not named_once(lines):
        raise InvalidField("name each offer once, with the whole amount", "同一商品请合并金额")
    if len({line.amount.currency for line in lines}) > 1:
        raise InvalidField("give all amounts in the order's currency", "所有金额须为订单币种")
    return lines


GiftLines = Annotated[list[GiftLineForm], Field(min_length=1, max_length=MAX_PARCEL_LINES), AfterValidator(_once)]


_TEN: JsonDict = {"amount": {"amount_minor": 1_000, "currency": "CNY"}, "reason": "久等了，一点心意"}


class GoodwillForm(Body):
    """An ``amount`` for the whole order, or ``lines`` with amounts; and why, which the member is told."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TEN]})

    EXAMPLES = {"¥10.00 for the trouble": _TEN}

    amount: PriceField | None = None
    lines: GiftLines | None = None
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200), Harmless]

    @model_validator(mode="after")
    def _one_of_them_and_something(self) -> Self:
        if (self.amount is None) == (self.lines is None):
            raise InvalidField("give an amount or lines, one of them", "金额与明细须且只能填写其中一项")
        if not all(each.amount_minor for each in [self.amount, *(line.amount for line in self.lines or [])] if each):
            raise InvalidField("give back more than nothing", "退款金额须大于零")
        return self

    def gift(self) -> Gift:
        if self.amount is not None:
            return Gift(self.amount.money(), self.reason)
        lines = {part_named(line.offer_id, line.sku_id): line.amount.amount_minor for line in self.lines or []}
        currency = (self.lines or [])[0].amount.currency
        return Gift(Money(sum(lines.values()), currency), self.reason, lines)
