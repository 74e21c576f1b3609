"""What a coupon takes off a basket, and what stands in its way. Pure.

A coupon is the fifth of the six steps of a price: it sees what member prices, timed prices, full reductions and gifts
left of each line, and its minimum counts only the goods that it is for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.coupons.errors import (
    CouponBelowMinimum,
    CouponExpired,
    CouponNotYetValid,
    CouponOutOfScope,
    CouponUsed,
    CouponWithoutEffect,
    OnlyForNewMembers,
)
from chalicelib.coupons.model.states import USABLE
from chalicelib.coupons.model.terms import Terms
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.money import Money
from chalicelib.pricing.model import Item, Lower, Rule, Step, Words, nothing, percent_of, split_discount
from chalicelib.pricing.model.lowering import in_scope
from chalicelib.pricing.model.reasons import off_words, percent_words, titled


class Coupon(Protocol):
    """A member's coupon, as it is stored."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def terms(self) -> Terms: ...
    @property
    def state(self) -> str: ...
    @property
    def order_id(self) -> str | None: ...
    @property
    def from_at(self) -> datetime | None: ...
    @property
    def until_at(self) -> datetime | None: ...
    @property
    def first_order_only(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Basket:
    """What a coupon is held against: the items of a campaign, what each still costs after the earlier steps (its whole
    price where that is not said), and the delivery fee; minor units.
    """

    items: Sequence[Item]
    campaign_id: str = ""
    left_minor: Sequence[int] | None = None
    delivery_minor: int = 0
    has_ordered: bool = False

    @property
    def left(self) -> Sequence[int]:
        """What each item still costs."""
        return [item.total_minor for item in self.items] if self.left_minor is None else self.left_minor


def rule_of(coupon: Coupon, campaign_id: str = "") -> Rule:
    """The coupon as a rule of the price of a basket in a campaign. It lowers nothing where the goods that it is for
    come to less than its minimum; whether it may be used at all is :func:`refusal_of`'s question.
    """
    terms = coupon.terms
    of_delivery = terms.kind == "delivery"
    here = terms.goods.in_campaign(campaign_id)
    return Rule(
        Step.COUPON,
        titled(coupon.title, worth(terms)),
        _lower(terms) if here and not of_delivery else nothing,
        coupon_id=coupon.id,
        # The fee has no lines; whether the goods suffice is asked before.
        lower_delivery=(lambda fee: _of_fee(terms, fee)) if here and of_delivery else None,
    )


def refusal_of(coupon: Coupon, basket: Basket, now: datetime, order_id: str | None = None) -> DomainError | None:
    """Why the coupon cannot be used for a basket at ``now``, in the order in which a buyer would ask; None where it
    can. An order that has the coupon already, ``order_id``, keeps it whatever the time.
    """
    if coupon.order_id is not None and coupon.order_id == order_id:
        return _of_basket(coupon, basket)
    return _of_time(coupon, now) or _of_person(coupon, basket) or _of_basket(coupon, basket)


def worth(terms: Terms) -> Words:
    """What a coupon gives, in words."""
    value = None if terms.value_minor is None else Money(terms.value_minor, terms.currency)
    match terms.kind:
        case "delivery":
            if value is None:
                return Words("free delivery", "免配送费")
            return Words(f"up to {value:en} off the delivery fee", f"配送费立减 {value:zh}")
        case "product":
            one = _off_one(terms, value)
            return Words(f"one unit: {one.en}", f"限一件：{one.zh}")
    return _off_one(terms, value)


def _off_one(terms: Terms, value: Money | None) -> Words:
    if terms.percent_bps is not None:
        said = percent_words(terms.percent_bps)
        if terms.cap_minor is None:
            return said
        cap = Money(terms.cap_minor, terms.currency)
        return Words(f"{said.en}, at most {cap:en}", f"{said.zh}，最多减 {cap:zh}")
    return percent_words(10_000) if value is None else off_words(value)


def _lower(terms: Terms) -> Lower:
    scope = terms.goods.scope

    def lower(items: Sequence[Item], left: Sequence[int]) -> Sequence[int]:
        costs = in_scope(scope, items, left)
        if sum(costs) < terms.minimum_minor:
            return nothing(items, left)
        if terms.kind == "product":
            return _one_unit(terms, items, costs)
        return split_discount(_off(terms, sum(costs)), costs)

    return lower


def _one_unit(terms: Terms, items: Sequence[Item], costs: Sequence[int]) -> list[int]:
    """One unit of the line whose units cost most falls; the first of equal ones."""
    units = [cost // item.quantity for item, cost in zip(items, costs, strict=True)]
    dearest = units.index(max(units))
    return [_off(terms, unit) if at == dearest else 0 for at, unit in enumerate(units)]


def _off(terms: Terms, cost_minor: int) -> int:
    """What is taken off an amount, down to zero."""
    if terms.percent_bps is not None:
        off = percent_of(cost_minor, terms.percent_bps)
        return off if terms.cap_minor is None else min(off, terms.cap_minor)
    return cost_minor if terms.value_minor is None else min(terms.value_minor, cost_minor)


def _of_fee(terms: Terms, fee_minor: int) -> int:
    return fee_minor if terms.value_minor is None else min(terms.value_minor, fee_minor)


def _of_time(coupon: Coupon, now: datetime) -> DomainError | None:
    if coupon.state not in USABLE:
        return CouponUsed.at(
            "/coupon_id", "This coupon is in another order of yours; choose another one.",
            "该优惠券已用于您的其他订单，请选择其他优惠券。",
        )  # fmt: skip
    if coupon.until_at is not None and now >= coupon.until_at:
        return CouponExpired.at(
            "/coupon_id", "This coupon has expired; choose another one.", "该优惠券已过期，请选择其他优惠券。"
        )
    if coupon.from_at is not None and now < coupon.from_at:
        return CouponNotYetValid.at(
            "/coupon_id", "This coupon is not valid yet; choose another one.", "该优惠券尚未生效，请选择其他优惠券。"
        )
    return None


def _of_person(coupon: Coupon, basket: Basket) -> DomainError | None:
    return only_first() if coupon.first_order_only and basket.has_ordered else None


def only_first() -> OnlyForNewMembers:
    """The refusal of a coupon for a first order to who has ordered."""
    return OnlyForNewMembers.at(
        "/coupon_id", "This coupon is for a first order, and you have ordered before; choose another one.",
        "该优惠券仅限首单使用，您已下过单，请选择其他优惠券。",
    )  # fmt: skip


def _of_basket(coupon: Coupon, basket: Basket) -> DomainError | None:
    terms = coupon.terms
    covered = terms.goods.in_campaign(basket.campaign_id) and any(terms.goods.covers(each) for each in basket.items)
    if not covered:
        return CouponOutOfScope.at(
            "/coupon_id", "This coupon is for other goods; choose another one.",
            "该优惠券适用于其他商品，请选择其他优惠券。",
        )  # fmt: skip
    costs = in_scope(terms.goods.scope, basket.items, basket.left)
    if sum(costs) < terms.minimum_minor:
        return _below(terms, sum(costs))
    taken = _of_fee(terms, basket.delivery_minor) if terms.kind == "delivery" else sum(
        _lower(terms)(basket.items, basket.left)
    )  # fmt: skip
    return None if taken else _without_effect(terms)


def _below(terms: Terms, cost_minor: int) -> CouponBelowMinimum:
    minimum, missing = (Money(each, terms.currency) for each in (terms.minimum_minor, terms.minimum_minor - cost_minor))
    refused = CouponBelowMinimum.at(
        "/coupon_id",
        f"{missing:en} missing: this coupon needs {minimum:en} of the goods that it is for.",
        f"还差 {missing:zh}：该优惠券需适用商品满 {minimum:zh}。",
    )
    refused.extra["missing"] = missing.as_json()
    return refused


def _without_effect(terms: Terms) -> CouponWithoutEffect:
    if terms.kind == "delivery":
        return CouponWithoutEffect.at(
            "/coupon_id", "There is no delivery fee to take off: keep this coupon for another order.",
            "本单没有配送费可减，请留待下次使用。",
        )  # fmt: skip
    return CouponWithoutEffect.at(
        "/coupon_id", "These goods cost nothing already: keep this coupon for another order.",
        "所选商品已无需付款，请留待下次使用。",
    )  # fmt: skip
