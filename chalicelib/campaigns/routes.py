"""Campaigns over HTTP: for staff, and for shoppers as they may see them."""

from chalicelib.campaigns.drafting.model import bundles, checks
from chalicelib.campaigns.drafting.model.checks import LimitAboveQuantity, TimeInPast
from chalicelib.campaigns.drafting.model.completeness import CampaignIncomplete
from chalicelib.campaigns.drafting.model.editing import ClosesOnlyLater, NotEditable
from chalicelib.campaigns.drafting.model.raising import OffersOnlyRise
from chalicelib.campaigns.drafting.service.applying import UnknownSku
from chalicelib.campaigns.drafting.service.kinds import UnknownMember, UnknownTier
from chalicelib.campaigns.forms.campaigns import (
    CampaignChanges,
    CampaignFilter,
    Cancellation,
    Copy,
    NewCampaign,
    StoreFilter,
)
from chalicelib.campaigns.forms.offers import OfferChanges
from chalicelib.campaigns.model import ladder, offer_terms
from chalicelib.campaigns.model.campaign import MoveRefused
from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.service import copying, listing, planning, running
from chalicelib.campaigns.service.reading import get_campaign, get_published
from chalicelib.campaigns.views.campaigns import CampaignView, CopyView, ProgressView, StoreCampaignView
from chalicelib.catalog.model.products import InsufficientStock, WrongCurrency
from chalicelib.kernel.errors import Stale
from chalicelib.pickup_points.service import UnknownPickupPoint
from chalicelib.web import Answer, Call, Paged, Router, anyone, staff

routes = Router(__name__)

PLANS = staff("manager", "planner")
LOOKS = staff("manager", "editor", "planner", "service", "analyst")
TERMS = (
    *bundles.REFUSALS,
    *checks.REFUSALS,
    *ladder.REFUSALS,
    *offer_terms.REFUSALS,
    UnknownMember,
    UnknownPickupPoint,
    UnknownSku,
    UnknownTier,
    WrongCurrency,
)
"""What the terms of a campaign may be refused for."""


@routes.post(
    "/v1/campaigns", allow=PLANS, body=NewCampaign, answer=CampaignView, status=201, tag="campaigns", errors=TERMS,
    summary="Draft a campaign",
)  # fmt: skip
def create_campaign(call: Call[NewCampaign]) -> Answer:
    campaign = planning.create_campaign(call.tenant_id, call.body.terms(), call.principal, call.now)
    return Answer(CampaignView.of(campaign, call.now), etag=int(campaign.rev))


@routes.get(
    "/v1/campaigns", allow=LOOKS, query=CampaignFilter, answer=CampaignView, paged=True, tag="campaigns",
    summary="List campaigns, newest first",
)  # fmt: skip
def list_campaigns(call: Call[None]) -> Paged:
    wanted = call.query
    page = listing.list_campaigns(
        call.tenant_id, call.now, status=wanted.status, kind=wanted.kind, limit=call.limit, cursor=call.cursor
    )
    return Paged([CampaignView.of(campaign, call.now) for campaign in page.items], page.last_key)


@routes.get("/v1/campaigns/{id}", allow=LOOKS, answer=CampaignView, tag="campaigns", summary="Read a campaign")
def read_campaign(call: Call[None]) -> Answer:
    campaign = get_campaign(call.tenant_id, call.path["id"])
    return Answer(CampaignView.of(campaign, call.now), etag=int(campaign.rev))


@routes.patch(
    "/v1/campaigns/{id}", allow=PLANS, body=CampaignChanges, answer=CampaignView, tag="campaigns",
    errors=(NotEditable, ClosesOnlyLater, Stale, *TERMS), summary="Change what a campaign's status allows",
)  # fmt: skip
def edit_campaign(call: Call[CampaignChanges]) -> Answer:
    campaign = planning.edit_campaign(
        call.tenant_id, call.path["id"], call.body.terms(), call.principal, call.now, call.if_match
    )
    return Answer(CampaignView.of(campaign, call.now), etag=int(campaign.rev))


@routes.post(
    "/v1/campaigns/{id}/publish", allow=PLANS, answer=CampaignView, tag="campaigns",
    errors=(CampaignIncomplete, MoveRefused, TimeInPast, InsufficientStock, Stale),
    summary="Announce a draft; it opens at its time, or at once",
)  # fmt: skip
def publish_campaign(call: Call[None]) -> Answer:
    campaign = planning.publish_campaign(call.tenant_id, call.path["id"], call.principal, call.now, call.if_match)
    return Answer(CampaignView.of(campaign, call.now), etag=int(campaign.rev))


@routes.post(
    "/v1/campaigns/{id}/copy", allow=PLANS, body=Copy, answer=CopyView, status=201, tag="campaigns", errors=TERMS,
    summary="Draft a campaign with the terms and prices of another, whatever became of that",
)  # fmt: skip
def copy_campaign(call: Call[Copy]) -> Answer:
    made, left_out = copying.copy_campaign(call.tenant_id, call.path["id"], call.body.terms(), call.principal, call.now)
    return Answer(CopyView.copied(made, left_out, call.now), etag=int(made.rev))


@routes.patch(
    "/v1/campaigns/{id}/offers/{offer_id}", allow=PLANS, body=OfferChanges, answer=CampaignView, tag="campaigns",
    errors=(InsufficientStock, LimitAboveQuantity, NotEditable, OffersOnlyRise, Stale),
    summary="Put more of an offer on sale in a campaign that is scheduled or open",
)  # fmt: skip
def raise_offer(call: Call[OfferChanges]) -> Answer:
    campaign = running.raise_offer(
        call.tenant_id, call.path["id"], call.path["offer_id"], call.principal, call.now,
        **call.body.changes(), if_match=call.if_match,
    )  # fmt: skip
    return Answer(CampaignView.of(campaign, call.now), etag=int(campaign.rev))


@routes.post(
    "/v1/campaigns/{id}/close", allow=PLANS, answer=CampaignView, tag="campaigns", errors=(MoveRefused, Stale),
    summary="Close an open campaign now; its target is decided as at its hour, but a miss does not extend it",
)  # fmt: skip
def close_campaign(call: Call[None]) -> Answer:
    campaign = running.close_now(call.tenant_id, call.path["id"], call.principal, call.now, call.if_match)
    return Answer(CampaignView.of(campaign, call.now), etag=int(campaign.rev))


@routes.post(
    "/v1/campaigns/{id}/cancel", allow=PLANS, body=Cancellation, answer=CampaignView, tag="campaigns",
    errors=(MoveRefused, Stale), summary="Cancel a campaign before its close and release its orders",
)  # fmt: skip
def cancel_campaign(call: Call[Cancellation]) -> Answer:
    campaign = planning.cancel_campaign(
        call.tenant_id, call.path["id"], call.principal, call.now, call.body.reason, call.if_match
    )
    return Answer(CampaignView.of(campaign, call.now), etag=int(campaign.rev))


@routes.get(
    "/v1/campaigns/{id}/progress", allow=LOOKS, answer=ProgressView, tag="campaigns",
    summary="Read a campaign's units, members and revenue so far, against target and goal",
)  # fmt: skip
def read_progress(call: Call[None]) -> ProgressView:
    campaign = get_campaign(call.tenant_id, call.path["id"])
    return ProgressView.of(campaign, progress_of([campaign], call.now)[0])


@routes.get(
    "/v1/stores/{slug}/campaigns", allow=anyone(), query=StoreFilter, answer=StoreCampaignView, paged=True,
    tag="storefront",
    summary="List the campaigns that are open or coming, the next to close first, with live progress; or past ones",
)  # fmt: skip
def list_store_campaigns(call: Call[None]) -> Paged:
    if call.query.when == "past":
        page = listing.list_past(call.tenant_id, limit=call.limit, cursor=call.cursor)
    else:
        page = listing.list_on_show(call.tenant_id, call.now, limit=call.limit, cursor=call.cursor)
    progress = progress_of(page.items, call.now)
    return Paged([StoreCampaignView.of(*each) for each in zip(page.items, progress, strict=True)], page.last_key)


@routes.get(
    "/v1/stores/{slug}/campaigns/{id}", allow=anyone(), answer=StoreCampaignView, tag="storefront",
    summary="Read a published campaign with live progress",
)  # fmt: skip
def read_store_campaign(call: Call[None]) -> StoreCampaignView:
    campaign = get_published(call.tenant_id, call.path["id"])
    return StoreCampaignView.of(campaign, progress_of([campaign], call.now)[0])
