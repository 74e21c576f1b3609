"""What members keep, wait for, and want to hear of, over HTTP."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from chalicelib.catalog.records import CardRecord
from chalicelib.catalog.service.standings import standings
from chalicelib.db import fetch_many
from chalicelib.kernel.errors import NotFound
from chalicelib.members.model.status import MemberBlocked
from chalicelib.members.service.members import get_member
from chalicelib.orders.errors import NotInAudience
from chalicelib.wanting.errors import ListFull, NothingToWaitFor, StillAvailable, TooMany
from chalicelib.wanting.forms import WaitForm
from chalicelib.wanting.model.lists import Kept
from chalicelib.wanting.service import favourites, reminding, waiting
from chalicelib.wanting.service.on_sale import on_sale
from chalicelib.wanting.views import KeptProductView, KeptView, PlaceView, WaitingView
from chalicelib.web import Call, Paged, Router, member

routes = Router(__name__)

T = TypeVar("T")


@routes.get(
    "/v1/stores/{slug}/me/favourites", allow=member(), answer=KeptProductView, paged=True, tag="storefront",
    summary="List my favourites, and where each can be ordered now",
)  # fmt: skip
def list_favourites(call: Call[None]) -> Paged:
    """What was kept last first."""
    return _products(call, favourites.list_own)


@routes.put(
    "/v1/stores/{slug}/me/favourites/{product_id}", allow=member(), answer=KeptView, tag="storefront",
    errors=(NotFound, ListFull), summary="Keep a product among my favourites",
)  # fmt: skip
def keep_favourite(call: Call[None]) -> KeptView:
    """Kept again, it stays where it was. There is room for 200."""
    product_id = call.path["product_id"]
    return KeptView.of(product_id, favourites.keep(call.tenant_id, call.member_id, product_id, call.now))


@routes.delete(
    "/v1/stores/{slug}/me/favourites/{product_id}", allow=member(), status=204, tag="storefront",
    errors=(NotFound,),     summary="Take a product off my favourites",
)  # fmt: skip
def drop_favourite(call: Call[None]) -> None:
    favourites.drop(call.tenant_id, call.member_id, call.path["product_id"])


@routes.get(
    "/v1/stores/{slug}/me/reminders", allow=member(), answer=KeptProductView, paged=True, tag="storefront",
    summary="List the products that I am told of",
)  # fmt: skip
def list_reminders(call: Call[None]) -> Paged:
    """What was asked for last first."""
    return _products(call, reminding.list_own)


@routes.put(
    "/v1/stores/{slug}/me/reminders/{product_id}", allow=member(), answer=KeptView, tag="storefront",
    errors=(NotFound, ListFull), summary="Tell me when a product can be ordered again",
)  # fmt: skip
def remind_me(call: Call[None]) -> KeptView:
    """With every campaign of it that opens for the member comes one message, of all such products at once. It ends
    180 days after it was asked for and the member was last active; asked for again, it holds anew. There is room for
    100."""
    product_id = call.path["product_id"]
    return KeptView.of(product_id, reminding.remind(call.tenant_id, call.member_id, product_id, call.now))


@routes.delete(
    "/v1/stores/{slug}/me/reminders/{product_id}", allow=member(), status=204, tag="storefront",
    errors=(NotFound,),     summary="Tell me of a product no more",
)  # fmt: skip
def stop_reminding_me(call: Call[None]) -> None:
    reminding.stop(call.tenant_id, call.member_id, call.path["product_id"])


@routes.get(
    "/v1/stores/{slug}/me/waiting", allow=member(), answer=WaitingView, paged=True, tag="storefront",
    summary="List the sold-out offers that I wait for",
)  # fmt: skip
def list_waiting(call: Call[None]) -> Paged:
    """Those of campaigns that are not over, what was asked for last first."""
    found = waiting.list_own(call.tenant_id, call.member_id, call.now)
    page, following = _page(call, found)
    return Paged(
        [
            WaitingView.shown(offer_id, each, each.campaign.shown_status(call.now).value)
            for offer_id, each in page.items()
        ],
        following,
    )


@routes.put(
    "/v1/stores/{slug}/me/waiting/{campaign_id}/{offer_id}", allow=member(), body=WaitForm, answer=PlaceView,
    errors=(NotFound, MemberBlocked, NotInAudience, NothingToWaitFor, StillAvailable, TooMany, ListFull),
    tag="storefront", summary="Wait for an offer that is sold out",
)  # fmt: skip
def wait_for_offer(call: Call[WaitForm]) -> PlaceView:
    """When some of it becomes free, the first in line are told, as many as there are units for; ten minutes later the
    next, of what is still there. Nothing is reserved: whoever orders first has it. Sent again, it changes the quantity
    and keeps the place. Ordering it, or the end of the campaign, ends the waiting. There is room for 50."""
    offer_id = call.path["offer_id"]
    kept = waiting.wait(
        call.tenant_id, call.member_id, call.path["campaign_id"], offer_id, call.body.quantity, call.now
    )
    return PlaceView.of(offer_id, kept)


@routes.delete(
    "/v1/stores/{slug}/me/waiting/{campaign_id}/{offer_id}", allow=member(), status=204, tag="storefront",
    errors=(NotFound,),     summary="Wait for an offer no more",
)  # fmt: skip
def stop_waiting(call: Call[None]) -> None:
    waiting.stop(call.tenant_id, call.member_id, call.path["campaign_id"], call.path["offer_id"])


def _products(call: Call[None], listed: Callable[[str, str], Mapping[str, Kept]]) -> Paged:
    """A page of products that a member keeps, each with its card and where it can be ordered now."""
    page, following = _page(call, listed(call.tenant_id, call.member_id))
    if not page:
        return Paged([], following)
    cards = fetch_many([(CardRecord, *CardRecord.address(call.tenant_id, each)) for each in page])
    tier = get_member(call.tenant_id, call.member_id).tier
    offers = on_sale(call.tenant_id, page, tier, call.now)
    known, both = standings(call.tenant_id, page), zip(page.items(), cards, strict=True)
    return Paged(
        [
            KeptProductView.of(product_id, kept, card, offers.get(product_id, ()), known.get(product_id))
            for (product_id, kept), card in both
        ],
        following,
    )


def _page(call: Call[None], found: Mapping[str, T]) -> tuple[dict[str, T], dict[str, str] | None]:
    """The entries behind the one that a cursor names; where that has gone meanwhile, from the beginning."""
    names = list(found)
    after = (call.cursor or {}).get("after")
    start = names.index(after) + 1 if after in names else 0
    page = names[start : start + call.limit]
    more = start + call.limit < len(names)
    return {name: found[name] for name in page}, {"after": page[-1]} if more else None
