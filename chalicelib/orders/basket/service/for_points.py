"""A gift is paid with points alone: each unit costs so many, whatever money it is worth. Nothing else lowers that."""

from datetime import datetime

from chalicelib.kernel.counting import counted
from chalicelib.loyalty.points.errors import NotEnoughPoints
from chalicelib.loyalty.points.model.spending import PaidByPoints
from chalicelib.loyalty.points.service import ledger
from chalicelib.orders.basket.service.reading import Read, Wish
from chalicelib.orders.discounts.model import gift_for
from chalicelib.orders.errors import GiftNotEditable, GiftPriceChanged, OnlyForPoints
from chalicelib.pricing.model import Quote, Rule, Step


def only_for_points() -> OnlyForPoints:
    """The refusal of a gift for money."""
    return OnlyForPoints(
        "This is a gift: it is had for points alone. Redeem it among the gifts.",
        detail_zh="这是积分礼品，只能用积分兑换，请在“积分礼品”中兑换。",
    )


class ForPoints:
    """The points that a wish for a gift costs. Raises OnlyForPoints for an ordinary order of a gift and for a gift that
    is none, GiftNotEditable for a change of one that was redeemed, GiftPriceChanged.
    """

    coupon = None

    def __init__(self, found: Read, wish: Wish, now: datetime) -> None:
        each = found.campaign.gift_points
        if wish.order_id is not None:
            raise GiftNotEditable(
                "A gift is not changed: cancel it, which brings the points back, and redeem it anew.",
                detail_zh="积分礼品不能修改：可取消后退回积分，再重新兑换。",
            )
        if each is None or found.account is None or not wish.gift or wish.coupon_id is not None or wish.points:
            raise only_for_points()
        self._account, self._now = found.account, now
        self.points = int(each) * sum(quantity for _, quantity in wish.lines)
        if wish.expected_points not in (None, self.points):
            raise GiftPriceChanged(
                f"The gift costs {counted(self.points, 'point')} now; if you agree to it, redeem it again.",
                detail_zh=f"该礼品现需 {self.points} 积分，如同意请重新提交。",
                extra={"points": self.points},
            )

    @property
    def rules(self) -> list[Rule]:
        """The points as the rule that pays for everything."""
        return [Rule(Step.POINTS, gift_for(self.points), lambda items, left: left)]

    def with_points(self, priced: Quote) -> tuple[Quote, PaidByPoints]:
        """The price, and what the points pay of it: all."""
        return priced, PaidByPoints(self.points, priced.totals.discount)

    def stands(self, priced: Quote, paid: PaidByPoints, fee_minor: int) -> bool:
        """Whether the member can have it. Raises NotEnoughPoints."""
        ledger.expire_due(self._account, self._now)
        has = max(0, self._account.balance)
        if self._account.balance < self.points:
            missing = self.points - has
            raise NotEnoughPoints(
                f"The gift costs {counted(self.points, 'point')}, and you have {has:,}; you need {missing:,} more.",
                detail_zh=f"该礼品需 {self.points} 积分，您有 {has} 积分，还差 {missing} 积分。",
                extra={"points": has, "missing": missing},
            )
        return True
