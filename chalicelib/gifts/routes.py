"""Gifts for points over HTTP."""

from collections.abc import Sequence

from chalicelib.campaigns.drafting.model import checks
from chalicelib.campaigns.drafting.model.checks import LimitAboveQuantity
from chalicelib.campaigns.drafting.model.completeness import CampaignIncomplete
from chalicelib.campaigns.drafting.model.editing import ClosesOnlyLater, NotEditable
from chalicelib.campaigns.drafting.model.raising import OffersOnlyRise
from chalicelib.campaigns.drafting.service.applying import UnknownSku
from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import listing
from chalicelib.catalog.model.products import InsufficientStock
from chalicelib.gifts import service
from chalicelib.gifts.forms import GiftChanges, GiftForm, RedeemForm
from chalicelib.gifts.views import GiftView, StoreGiftView
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.legal_texts.errors import TermsNotAccepted
from chalicelib.loyalty.points.errors import NotEnoughPoints
from chalicelib.members.model.status import MemberBlocked
from chalicelib.orders.errors import (
    CampaignClosed,
    CampaignNotOpen,
    GiftPriceChanged,
    LimitReached,
    NotAPickupPoint,
    SoldOut,
)
from chalicelib.orders.views.orders import OrderView
from chalicelib.pickup_points.service import UnknownPickupPoint
from chalicelib.pricing.model import AmountTooLarge
from chalicelib.web import Answer, Call, Paged, Router, anyone, member, staff

routes = Router(__name__)

_PLANS = staff("manager", "planner")
_LOOKS = staff("manager", "editor", "planner", "service", "analyst")


@routes.post(
    "/v1/gifts", allow=_PLANS, body=GiftForm, answer=GiftView, status=201, tag="members", idempotency=True,
    errors=(
        *checks.REFUSALS, CampaignIncomplete, IdempotencyMismatch, InsufficientStock, UnknownPickupPoint, UnknownSku,
    ),
    summary="Offer a gift for points",
)  # fmt: skip
def create_gift(call: Call[GiftForm]) -> Answer:
    """It is announced at once. It is a campaign of its own, with the same id: once it has closed it is bought, sorted
    and handed over as every campaign is, and ends or is cancelled as one."""
    gift = service.create_gift(
        call.tenant_id, call.body.gift(), call.idempotency_key, call.body_hash, call.principal, call.now
    )  # fmt: skip
    return _answer(call, gift)


@routes.get(
    "/v1/gifts", allow=_LOOKS, answer=GiftView, paged=True, tag="members",
    summary="List gifts for points, the last to close first",
)  # fmt: skip
def list_gifts(call: Call[None]) -> Paged:
    page = listing.list_gifts(call.tenant_id, limit=call.limit, cursor=call.cursor)
    return Paged(_shown(call, page.items), page.last_key)


@routes.get(
    "/v1/gifts/{id}", allow=_LOOKS, answer=GiftView, tag="members", errors=(NotFound,), summary="Read a gift for points"
)
def read_gift(call: Call[None]) -> Answer:
    return _answer(call, service.get_gift(call.tenant_id, call.path["id"]))


@routes.patch(
    "/v1/gifts/{id}", allow=_PLANS, body=GiftChanges, answer=GiftView, tag="members",
    errors=(
        *checks.REFUSALS, ClosesOnlyLater, InsufficientStock, LimitAboveQuantity, NotEditable, NotFound, OffersOnlyRise,
        Stale,
    ),
    summary="Change a gift for points",
)  # fmt: skip
def edit_gift(call: Call[GiftChanges]) -> Answer:
    gift = service.edit_gift(
        call.tenant_id, call.path["id"], call.body.edit(), call.principal, call.now, call.if_match
    )  # fmt: skip
    return _answer(call, gift)


@routes.get(
    "/v1/stores/{slug}/gifts", allow=anyone(), answer=StoreGiftView, paged=True, tag="storefront",
    summary="List the gifts that points can be redeemed for",
)  # fmt: skip
def list_store_gifts(call: Call[None]) -> Paged:
    """Those that can be had now, and those that are coming; the next to close first."""
    page = listing.list_gifts_on_show(call.tenant_id, call.now, limit=call.limit, cursor=call.cursor)
    progress = progress_of(page.items, call.now)
    shown = [StoreGiftView.of(*each) for each in zip(page.items, progress, strict=True)]
    return Paged(shown, page.last_key)


@routes.post(
    "/v1/stores/{slug}/gifts/{id}/redeem", allow=member(), body=RedeemForm, answer=OrderView,
    status=201, tag="storefront", idempotency=True,
    errors=(
        AmountTooLarge, CampaignClosed, CampaignNotOpen, GiftPriceChanged, IdempotencyMismatch, LimitReached,
        MemberBlocked, NotAPickupPoint, NotEnoughPoints, NotFound, SoldOut, TermsNotAccepted,
    ),
    summary="Redeem my points for a gift, exactly once for each Idempotency-Key",
)  # fmt: skip
def redeem(call: Call[RedeemForm]) -> Answer:
    """The answer is an order, by whose pickup code the gift is collected. Until the gift closes it can be cancelled as
    one; the points come back then."""
    body = call.body
    order = service.redeem(
        call.tenant_id, call.member_id, call.path["id"], body.pickup_point_id, body.quantity, body.expected_points,
        call.idempotency_key, call.body_hash, call.now,
    )  # fmt: skip
    return Answer(OrderView.as_placed(order), status=201)


def _answer(call: Call[GiftForm] | Call[GiftChanges] | Call[None], gift: CampaignRecord) -> Answer:
    [progress] = progress_of([gift], call.now)
    return Answer(GiftView.of(gift, progress), etag=int(gift.rev))


def _shown(call: Call[None], gifts: Sequence[CampaignRecord]) -> list[GiftView]:
    progress = progress_of(gifts, call.now)
    return [GiftView.of(*each) for each in zip(gifts, progress, strict=True)]
