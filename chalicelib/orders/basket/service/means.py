"""What a member brings to a basket of their own: a coupon, and points. Each lowers the price as a rule of its step."""

from dataclasses import replace
from datetime import datetime

from chalicelib.coupons.model.choosing import basket_of
from chalicelib.coupons.model.rules import refusal_of, rule_of
from chalicelib.coupons.service import people, using
from chalicelib.kernel.errors import DomainError
from chalicelib.loyalty.points.errors import PointsPayNothing
from chalicelib.loyalty.points.model.spending import NO_POINTS, PaidByPoints, lower_by, pay_with
from chalicelib.loyalty.points.service import ledger
from chalicelib.loyalty.points.service.spending import check_enough
from chalicelib.orders.basket.service.reading import Read, Wish
from chalicelib.orders.discounts.model import points_used
from chalicelib.pricing.model import Quote, Rule, Step, Words


class Means:
    """The coupon and the points that a wish names, as they were read. An order that has them already goes on without
    what it may not use any more; any other is refused. Raises CouponNotFound, PointsPayNothing.
    """

    def __init__(self, found: Read, wish: Wish, now: datetime) -> None:
        self._found, self._wish, self._now = found, wish, now
        self.coupon = found.coupon
        account = found.account
        self._spend = account.rules.spend if account else None
        if wish.order_id is not None:
            return
        if wish.coupon_id is not None and self.coupon is None:
            raise using.not_found()
        if wish.points and self._spend is None:
            raise PointsPayNothing.at(
                "/points", "This store takes no points; leave them out.", "本店暂不支持积分抵扣，请去掉积分。"
            )

    @property
    def rules(self) -> list[Rule]:
        """Both as rules of the price."""
        rules = [rule_of(self.coupon, self._found.campaign.id)] if self.coupon is not None else []
        if self._spend is not None:
            lower = lower_by(self._wish.points, self._spend)
            rules.append(Rule(Step.POINTS, Words("points", "积分抵扣"), lower))
        return rules

    def with_points(self, priced: Quote) -> tuple[Quote, PaidByPoints]:
        """The price with the number of points in its words, and what they pay: no more points than that needs."""
        at = next((n for n, each in enumerate(priced.discounts) if each.step is Step.POINTS), None)
        if at is None or self._spend is None:
            return priced, NO_POINTS
        discounts = list(priced.discounts)
        due = sum(priced.payable_minor) + discounts[at].amount_minor
        paid = pay_with(self._wish.points, self._spend, due)
        discounts[at] = replace(discounts[at], reason=points_used(paid.points))
        return replace(priced, discounts=tuple(discounts)), paid

    def stands(self, priced: Quote, paid: PaidByPoints, fee_minor: int) -> bool:
        """Whether a basket that is priced with them can have them; False where it is to be priced without the coupon.
        Raises what stands in the coupon's way, and NotEnoughPoints.
        """
        refusal = self._refusal(priced, fee_minor)
        if refusal is not None:
            if self._wish.order_id is None:
                raise refusal
            self.coupon = None
            return False
        if self._wish.order_id is None and paid.points and (account := self._found.account):
            ledger.expire_due(account, self._now)
            check_enough(account, paid.points, self._wish.points)
        return True

    def _refusal(self, priced: Quote, fee_minor: int) -> DomainError | None:
        coupon, found = self.coupon, self._found
        if coupon is None:
            return None
        ordered = coupon.first_order_only and coupon.order_id is None and people.has_ordered(found.member)
        against = basket_of(priced, found.campaign.id, fee_minor, has_ordered=ordered)
        return refusal_of(coupon, against, self._now, self._wish.order_id)
