"""What an order would come to with the coupon and the points that were chosen for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.coupons import errors as coupons
from chalicelib.kernel.errors import DomainError
from chalicelib.loyalty.points.errors import NotEnoughPoints, PointsPayNothing
from chalicelib.orders.basket.service.choosing import Choices, quote_with_choices
from chalicelib.orders.basket.service.pricing import Basket
from chalicelib.orders.basket.service.reading import Wish
from chalicelib.pages.shell import Visit
from chalicelib.pages.storefront.basket.model import Units
from chalicelib.pages.storefront.basket.service import Look
from chalicelib.pages.storefront.basket.service import look as look_at
from chalicelib.pages.storefront.checkout.model import Chosen

_OF_A_COUPON = (
    coupons.CouponBelowMinimum, coupons.CouponBudgetSpent, coupons.CouponExpired, coupons.CouponNotFound,
    coupons.CouponNotYetValid, coupons.CouponOutOfScope, coupons.CouponUsed, coupons.CouponUsedUp,
    coupons.CouponWithoutEffect, coupons.OnlyForNewMembers,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offered:
    """What there is to choose, the coupon that was chosen of it, the points that are used, and why what was asked for
    gave way, if it did.
    """

    choices: Choices = field(default_factory=Choices)
    coupon_id: str | None = None
    points: int = 0
    refusal: DomainError | None = None


def of_a_coupon(refusal: DomainError | None) -> bool:
    """Whether it is the chosen coupon that an order was refused for."""
    return isinstance(refusal, _OF_A_COUPON)


def look(
    visit: Visit[Any], units: Units, taken: Chosen, gone: Mapping[str, DomainError | None],
    *, team_id: str | None, deliver: bool,
) -> tuple[Look, Offered]:  # fmt: skip
    """The basket with what was chosen for it. A coupon that cannot be used, of which ``gone`` may know already, gives
    way to the best of the others, and points that cannot be used to none: nobody is led to a page without a price.
    Raises NotFound, Unauthenticated.
    """
    found = _Asked(visit, taken, dict(gone))
    return look_at(visit, units, team_id=team_id, deliver=deliver, priced=found.price), found.offered


class _Asked:
    """A quote with choices, asked for once more where what was chosen cannot be used."""

    def __init__(self, visit: Visit[Any], taken: Chosen, gone: dict[str, DomainError | None]) -> None:
        self._visit, self._taken, self._gone = visit, taken, gone
        self.offered = Offered()

    def price(self, wish: Wish) -> Basket:
        """What the wish comes to; :attr:`offered` is what there was to choose. Raises what a quote does."""
        refusal: DomainError | None = None
        taken = self._taken
        if taken.coupon_id in self._gone:
            taken = replace(taken, coupon_id=None, best=True)
        try:
            basket, choices = self._quote(wish, taken)
        except _OF_A_COUPON as refused:
            refusal = refused
            self._gone[str(taken.coupon_id)] = refused
            basket, choices = self._quote(wish, replace(taken, coupon_id=None, best=True))
        except (NotEnoughPoints, PointsPayNothing) as refused:
            refusal = refused
            basket, choices = self._quote(wish, replace(taken, points=0, all_points=True))
        self.offered = Offered(choices, basket.coupon.id if basket.coupon else None, basket.paid.points, refusal)
        return basket

    def _quote(self, wish: Wish, taken: Chosen) -> tuple[Basket, Choices]:
        visit = self._visit
        wish = replace(wish, coupon_id=taken.coupon_id, points=taken.points)
        known = {each: refusal for each, refusal in self._gone.items() if refusal is not None}
        return quote_with_choices(
            visit.tenant_id, visit.member_id, wish, visit.now,
            best=taken.best, all_points=taken.all_points, gone=known,
        )  # fmt: skip
