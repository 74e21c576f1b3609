"""What the checkout shows: the basket, and what is left to choose."""

from dataclasses import dataclass
from typing import Self

from chalicelib.kernel.errors import DomainError
from chalicelib.orders.basket.service.checks import methods_for
from chalicelib.orders.errors import LimitReached, SoldOut
from chalicelib.orders.model import HOLD
from chalicelib.pages.storefront.basket.model import Units
from chalicelib.pages.storefront.basket.service import Look
from chalicelib.pages.storefront.basket.views import Shown as Basket
from chalicelib.pages.storefront.said import METHODS

HOLD_MINUTES = int(HOLD.total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Shown:
    """``methods`` are ways to pay with their words; ``name`` and ``phone`` the member's own, for a delivery."""

    basket: Basket
    methods: list[tuple[str, str]]
    name: str
    phone: str

    @classmethod
    def of(cls, found: Look) -> Self:
        chosen = {item.offer_id for item in found.items}
        offers = [offer for offer in found.campaign.offers if offer.offer_id in chosen]
        member = found.member
        return cls(
            Basket.of(found),
            [(method, METHODS[method]) for method in methods_for(found.campaign, offers)],
            (member.name if member else None) or "",
            (member.phone if member else None) or "",
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
