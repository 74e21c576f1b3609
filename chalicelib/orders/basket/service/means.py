"""What a member brings to a basket of their own: a coupon, and points. Each lowers the price as a rule of its step."""

from dataclasses import replace
from datetime import datetime

from chalicelib.coupons.model.rules import Basket, refusal_of, rule_of
from chalicelib.coupons.records import CouponRecord
from chalicelib.coupons.service import using
from chalicelib.loyalty.points.errors import PointsPayNothing
from chalicelib.loyalty.points.model.rules import SpendRule
from chalicelib.loyalty.points.model.spending import NO_POINTS, PaidByPoints, lower_by, pay_with
from chalicelib.loyalty.points.service import ledger
from chalicelib.loyalty.points.service.spending import check_enough
from chalicelib.orders.audience.service import has_ordered
from chalicelib.orders.basket.service.reading import Read, Wish
from chalicelib.pricing.model import Quote, Rule, Step, Words


def coupon_for(found: Read, wish: Wish) -> CouponRecord | None:
    """The coupon that is named. Raises CouponNotFound for one that is not the member's."""
    if wish.coupon_id is None or (found.coupon is None and wish.order_id is not None):
        return None
    if found.coupon is None:
        raise using.not_found()
    return found.coupon


def rules_for(found: Read, wish: Wish, coupon: CouponRecord | None) -> list[Rule]:
    """The coupon and the points as rules of the price. Raises PointsPayNothing where the brand takes no points."""
    rules = [rule_of(coupon, found.campaign.id)] if coupon is not None else []
    if wish.points and (spend := _spend_rule(found, wish)):
        rules.append(Rule(Step.POINTS, Words("points", "积分抵扣"), lower_by(wish.points, spend)))
    return rules


def with_points(found: Read, wish: Wish, priced: Quote) -> tuple[Quote, PaidByPoints]:
    """The price with the number of points in its words, and what they pay: no more points than that needs."""
    at = next((n for n, each in enumerate(priced.discounts) if each.step is Step.POINTS), None)
    if at is None or (spend := _spend_rule(found, wish)) is None:
        return priced, NO_POINTS
    discounts = list(priced.discounts)
    paid = pay_with(wish.points, spend, sum(priced.payable_minor) + discounts[at].amount_minor)
    words = Words(f"{paid.points} point{'' if paid.points == 1 else 's'} used", f"使用 {paid.points} 积分抵扣")
    discounts[at] = replace(discounts[at], reason=words)
    return replace(priced, discounts=tuple(discounts)), paid


def may_use(found: Read, wish: Wish, coupon: CouponRecord, priced: Quote, fee_minor: int, now: datetime) -> bool:
    """Whether a coupon may be used for a basket as it is priced with it. False for an order that has it and may not
    use it any more; raises what stands in its way for any other.
    """
    left = [item.total_minor for item in priced.items]
    for each in priced.discounts:
        if each.step < Step.COUPON:
            left = [cost - share for cost, share in zip(left, each.shares_minor, strict=True)]
    ordered = coupon.first_order_only and coupon.order_id is None and has_ordered(found.member)
    basket = Basket(priced.items, found.campaign.id, left, fee_minor, ordered)
    refusal = refusal_of(coupon, basket, now, wish.order_id)
    if refusal is not None and wish.order_id is None:
        raise refusal
    return refusal is None


def check_points(found: Read, paid: PaidByPoints, now: datetime) -> None:
    """Raises NotEnoughPoints, also for those that have expired by now."""
    account = found.account if paid.points else None
    if account is not None:
        ledger.expire_due(account, now)
        check_enough(account, paid.points)


def _spend_rule(found: Read, wish: Wish) -> SpendRule | None:
    account = found.account
    spend = account.rules.spend if account else None
    if spend is None and wish.order_id is None:
        raise PointsPayNothing.at(
            "/points", "This store takes no points; leave them out.", "本店暂不支持积分抵扣，请去掉积分。"
        )
    return spend
