"""Channels and links over HTTP."""

from typing import Any

from chalicelib.channels import service as channels
from chalicelib.channels.forms import ChannelChanges, NewChannel
from chalicelib.channels.model import Via
from chalicelib.channels.records import ChannelRecord
from chalicelib.channels.service import CostInAnotherCurrency
from chalicelib.channels.views import ChannelView, ShareLinkView, address
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.tenancy import brand_of
from chalicelib.web import Answer, Call, Paged, Router, member, staff

routes = Router(__name__)

_PLANS = staff("manager", "editor", "planner")
_LOOKS = staff("manager", "editor", "planner", "service", "analyst")


def _shown(call: Call[Any], channel: ChannelRecord) -> Answer:
    (tally,) = channels.tallies(call.tenant_id, [Via(channel_id=channel.id)])
    shop = brand_of(call.tenant_id).shop(call.base_url)
    return Answer(ChannelView.at(channel, shop, tally), etag=int(channel.rev))


@routes.post(
    "/v1/channels", allow=_PLANS, body=NewChannel, answer=ChannelView, status=201, tag="campaigns",
    errors=(CostInAnotherCurrency,), summary="Add a channel, by which the brand is heard of",
)  # fmt: skip
def create_channel(call: Call[NewChannel]) -> Answer:
    channel = channels.create_channel(call.tenant_id, call.body.details(), call.principal, call.now)
    return _shown(call, channel)


@routes.get(
    "/v1/channels", allow=_LOOKS, answer=ChannelView, paged=True, tag="campaigns", summary="List channels, newest first"
)
def list_channels(call: Call[None]) -> Paged:
    page = channels.list_channels(call.tenant_id, limit=call.limit, cursor=call.cursor)
    shop = brand_of(call.tenant_id).shop(call.base_url)
    brought = channels.tallies(call.tenant_id, [Via(channel_id=each.id) for each in page.items])
    views = [ChannelView.at(each, shop, tally) for each, tally in zip(page.items, brought, strict=True)]
    return Paged(views, page.last_key)


@routes.get(
    "/v1/channels/{id}", allow=_LOOKS, answer=ChannelView, tag="campaigns", summary="Read a channel", errors=(NotFound,)
)
def read_channel(call: Call[None]) -> Answer:
    channel = channels.get_channel(call.tenant_id, call.path["id"])
    return _shown(call, channel)


@routes.patch(
    "/v1/channels/{id}", allow=_PLANS, body=ChannelChanges, answer=ChannelView, tag="campaigns",
    errors=(NotFound, CostInAnotherCurrency, Stale), summary="Change a channel, or archive it",
)  # fmt: skip
def edit_channel(call: Call[ChannelChanges]) -> Answer:
    channel = channels.edit_channel(
        call.tenant_id, call.path["id"], call.body.details(), call.if_match, call.principal, call.now
    )
    return _shown(call, channel)


@routes.post(
    "/v1/stores/{slug}/share-links", allow=member(), answer=ShareLinkView, status=201, tag="storefront",
    summary="Get my own link, to pass on",
)  # fmt: skip
def get_own_link(call: Call[None]) -> ShareLinkView:
    code = channels.own_link(call.tenant_id, call.member_id)
    return ShareLinkView(url=address(brand_of(call.tenant_id).shop(call.base_url), code))
