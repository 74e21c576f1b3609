"""What the API shows of the totals of orders and quotes, and of what is taken off them."""

from collections.abc import Sequence
from typing import Self

from chalicelib.orders.bundles.model import by_offer
from chalicelib.orders.records import OrderRecord
from chalicelib.pricing.model import Discount, Totals
from chalicelib.web import MoneyField, View


class TotalsView(View):
    """``total = goods - discount + delivery``; ``due`` is what is still to be paid."""

    goods: MoneyField
    discount: MoneyField
    delivery: MoneyField
    total: MoneyField
    paid: MoneyField
    refunded: MoneyField
    due: MoneyField

    @classmethod
    def of(cls, totals: Totals, currency: str) -> Self:
        return cls(**{name: MoneyField.of(getattr(totals, name), currency) for name in cls.model_fields})


class DiscountedLineView(View):
    """What a discount takes off a line."""

    offer_id: str
    amount: MoneyField


class DiscountView(View):
    """A discount and why it applies, in English and in Chinese. Its ``lines`` sum to its ``amount``, except where it
    lowered the delivery fee: that part has lowered ``totals.delivery``.
    """

    kind: str
    reason: str
    reason_zh: str
    amount: MoneyField
    promotion_id: str | None
    coupon_id: str | None
    lines: list[DiscountedLineView]

    @classmethod
    def of(cls, discount: Discount, offer_ids: Sequence[str], currency: str) -> Self:
        shares = by_offer(dict(zip(offer_ids, discount.shares_minor, strict=True))).items()
        return cls(
            kind=discount.kind,
            reason=discount.reason.en,
            reason_zh=discount.reason.zh,
            amount=MoneyField.of(discount.amount_minor, currency),
            promotion_id=discount.promotion_id,
            coupon_id=discount.coupon_id,
            lines=[
                DiscountedLineView(offer_id=each, amount=MoneyField.of(share, currency))
                for each, share in shares
                if share
            ],
        )


def discounts_of_order(order: OrderRecord) -> list[DiscountView]:
    """Every discount of an order, as it stands."""
    lines, offer_ids = order.lines, [line.offer_id for line in order.lines]
    return [DiscountView.of(each.shown(lines), offer_ids, order.currency) for each in order.discounts]
