"""What the routes of what members want answer."""

from collections.abc import Sequence
from typing import Self

from chalicelib.catalog.records import ACTIVE, CardRecord, StandingRecord
from chalicelib.catalog.views.lists import StoreCardView
from chalicelib.kernel.clock import parse_instant
from chalicelib.wanting.model.lists import Kept
from chalicelib.wanting.service.on_sale import OnSale
from chalicelib.wanting.service.waiting import Waiting
from chalicelib.web import Instant, MoneyField, UlidStr, View


class KeptView(View):
    """That a product is kept, or that a member is told of it, and since when."""

    product_id: UlidStr
    since: Instant

    @classmethod
    def of(cls, product_id: str, kept: Kept) -> Self:
        return cls(product_id=product_id, since=parse_instant(kept.since))


class OnSaleView(View):
    """An offer of the product in a campaign that takes orders now. ``price`` is what one costs by now; ``left`` how
    many there still are, 0 where it is sold out.
    """

    campaign_id: UlidStr
    campaign_title: str
    offer_id: str
    title: str
    price: MoneyField
    left: int
    closes_at: Instant

    @classmethod
    def of(cls, each: OnSale) -> Self:
        campaign = each.campaign
        _, closes_at = campaign.window
        return cls(
            campaign_id=campaign.id, campaign_title=campaign.title, offer_id=each.offer_id, title=each.title,
            price=MoneyField.of(each.price_minor, campaign.currency), left=each.left, closes_at=closes_at,
        )  # fmt: skip


class KeptProductView(View):
    """A product that is kept, or of which a member is told, as the shop shows it, and where it can be ordered now.
    ``product`` is null where the shop shows it no more.
    """

    product_id: UlidStr
    since: Instant
    product: StoreCardView | None
    on_sale: list[OnSaleView]

    @classmethod
    def of(
        cls,
        product_id: str,
        kept: Kept,
        card: CardRecord | None,
        on_sale: Sequence[OnSale],
        standing: StandingRecord | None = None,
    ) -> Self:
        shown = card is not None and card.status == ACTIVE
        return cls(
            product_id=product_id,
            since=parse_instant(kept.since),
            product=StoreCardView.of(card, standing) if card is not None and shown else None,
            on_sale=[OnSaleView.of(each) for each in on_sale] if shown else [],
        )


class PlaceView(View):
    """That a member waits for an offer: for how many units, and since when."""

    campaign_id: UlidStr
    offer_id: str
    quantity: int
    since: Instant

    @classmethod
    def of(cls, offer_id: str, kept: Kept) -> Self:
        return cls(
            campaign_id=kept.campaign_id, offer_id=offer_id, quantity=kept.quantity, since=parse_instant(kept.since)
        )


class WaitingView(PlaceView):
    """What a member waits for, in a campaign that is not over. ``left`` is how many there are at this moment, of which
    none is reserved; ``told_at`` when the member was last told that there are some.
    """

    title: str
    campaign_title: str
    campaign_status: str
    closes_at: Instant
    product_ids: list[UlidStr]
    left: int
    told_at: Instant | None

    @classmethod
    def shown(cls, offer_id: str, each: Waiting, status: str) -> Self:
        _, closes_at = each.campaign.window
        return cls(
            **PlaceView.of(offer_id, each.kept).model_dump(),
            title=each.offer.full_title, campaign_title=each.campaign.title, campaign_status=status,
            closes_at=closes_at, product_ids=list(each.kept.product_ids), left=each.left, told_at=each.told_at,
        )  # fmt: skip
