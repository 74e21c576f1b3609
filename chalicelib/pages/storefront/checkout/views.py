"""What the checkout shows: the basket, and what is left to choose."""

from dataclasses import dataclass
from typing import Literal, Self

from chalicelib.kernel.errors import DomainError
from chalicelib.orders.basket.service.checks import methods_for
from chalicelib.orders.errors import LimitReached, SoldOut
from chalicelib.orders.model import HOLD
from chalicelib.orders.views.choices import ChoicesView, UsablePointsView, WeighedCouponView
from chalicelib.pages.storefront.basket.model import Units
from chalicelib.pages.storefront.basket.service import Look
from chalicelib.pages.storefront.basket.views import Shown as Basket
from chalicelib.pages.storefront.checkout.model import Chosen
from chalicelib.pages.storefront.checkout.service import Offered
from chalicelib.pages.storefront.said import METHODS
from chalicelib.web import MoneyField

HOLD_MINUTES = int(HOLD.total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Points:
    """Points of the member's own: ``most`` of the ``balance`` could pay ``worth`` of the order, ``used`` are to."""

    balance: int
    most: int
    worth: MoneyField
    use: Literal["none", "all", "some"]
    used: int


@dataclass(frozen=True, slots=True)
class Own:
    """What a member may use of their own: coupons that fit, the best first, and ``others`` that do not; ``coupon_id``
    is the one that is used.
    """

    coupons: list[WeighedCouponView]
    others: list[WeighedCouponView]
    coupon_id: str | None
    points: Points | None

    @classmethod
    def of(cls, offered: Offered, taken: Chosen, currency: str, locale: str) -> Self:
        """``taken`` is what they chose."""
        shown = ChoicesView.of(offered.choices, currency, locale)
        return cls(
            [each for each in shown.coupons if each.saves],
            [each for each in shown.coupons if not each.saves],
            offered.coupon_id,
            _points(offered, taken, shown.points),
        )


def _points(offered: Offered, taken: Chosen, found: UsablePointsView | None) -> Points | None:
    if found is None or not found.balance:
        return None
    use: Literal["none", "all", "some"] = "all" if taken.all_points else "some" if offered.points else "none"
    return Points(found.balance, found.points, found.amount, use, offered.points)


@dataclass(frozen=True, slots=True)
class Shown:
    """``methods`` are ways to pay with their words; ``name`` and ``phone`` the member's own, for a delivery; ``own``
    what they may use for the order.
    """

    basket: Basket
    methods: list[tuple[str, str]]
    name: str
    phone: str
    own: Own

    @classmethod
    def of(cls, found: Look, offered: Offered, taken: Chosen, locale: str) -> Self:
        chosen = {item.offer_id for item in found.items}
        offers = [offer for offer in found.campaign.offers if offer.offer_id in chosen]
        member = found.member
        return cls(
            Basket.of(found),
            [(method, METHODS[method]) for method in methods_for(found.campaign, offers)],
            (member.name if member else None) or "",
            (member.phone if member else None) or "",
            Own.of(offered, taken, found.campaign.currency, locale),
        )


@dataclass(frozen=True, slots=True)
class Instead:
    """The basket with what the member can still have of the offer that was refused: ``left`` units, perhaps none."""

    left: int
    units: Units


def what_is_left(refused: DomainError | None, units: Units) -> Instead | None:
    """What can be ordered instead of what is sold out, or beyond a limit; None where that is not the matter, or nothing
    would remain.
    """
    if not isinstance(refused, SoldOut | LimitReached) or "left" not in refused.extra:
        return None
    left = int(refused.extra["left"])
    remaining = {offer_id: n for offer_id, n in (units | {refused.extra["offer_id"]: left}).items() if n}
    return Instead(left, remaining) if remaining else None
