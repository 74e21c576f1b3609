"""What the API shows of gifts."""

from datetime import datetime
from typing import Any, Self

from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.progress.service import Progress
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.views.campaigns import PlaceView
from chalicelib.web import Instant, LocalDate, MoneyField, UlidStr, View

_NAMES = ("id", "title", "description", "opens_at", "closes_at", "arrives_on")


class StoreGiftView(View):
    """A gift as members see it: each unit costs so many ``points``; ``left`` can still be had. It is collected at one
    of its pickup points once it has closed, from ``arrives_on`` on where that is known.
    """

    id: UlidStr
    title: str
    description: str | None
    status: Status
    points: int
    product_id: str
    sku_id: UlidStr
    sku_title: str
    left: int
    per_member_limit: int | None
    opens_at: Instant
    closes_at: Instant
    arrives_on: LocalDate | None
    pickup_points: list[PlaceView]

    @classmethod
    def of(cls, gift: CampaignRecord, progress: Progress) -> Self:
        return cls(**_gift(gift, progress))


class GiftView(StoreGiftView):
    """A gift as staff see it: of ``quantity`` units so many are ``redeemed``; ``worth`` is the price of a unit. Its id
    is that of the campaign by which it is bought, sorted and handed over.
    """

    quantity: int
    redeemed: int
    worth: MoneyField
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, gift: CampaignRecord, progress: Progress) -> Self:
        [offer] = gift.offers
        return cls(
            **_gift(gift, progress), quantity=offer.quantity, redeemed=progress.sold,
            worth=MoneyField.of(offer.price_minor, gift.currency), created_at=gift.created_at,
            updated_at=gift.updated_at,
        )  # fmt: skip


def _gift(gift: CampaignRecord, progress: Progress) -> dict[str, Any]:
    [offer] = gift.offers
    opens_at: datetime
    opens_at, _ = gift.window
    return {name: getattr(gift, name) for name in _NAMES} | {
        "opens_at": opens_at,
        "status": progress.status,
        "points": int(gift.gift_points or 0),
        "product_id": offer.product_id,
        "sku_id": offer.sku_id,
        "sku_title": offer.title,
        "left": progress.left,
        "per_member_limit": offer.per_member_limit,
        "pickup_points": [PlaceView.model_validate(place) for place in gift.pickup_points],
    }
