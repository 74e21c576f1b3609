"""The leader's view over HTTP, with a member token. Handing over is the same call as for staff."""

from chalicelib.fulfilment.leader import service as leader
from chalicelib.fulfilment.leader.service import WhichPoint
from chalicelib.fulfilment.leader.views import CounterOrderView, LedCampaignView, LedPointView, PointSheetView
from chalicelib.fulfilment.sorting.routes import SheetFilter, as_table, printed, wants_html
from chalicelib.fulfilment.sorting.views.printing import MOST_PARCELS
from chalicelib.kernel.errors import NotFound
from chalicelib.orders.chat_orders.service import placing, reading
from chalicelib.orders.errors import CampaignNotLocked, NotAPickupPoint, UnknownOffer
from chalicelib.orders.forms.chat_lists import ChatListForm, LedChatOrdersForm
from chalicelib.orders.model import Status
from chalicelib.orders.views.chat_lists import ChatListView, ChatOrdersView
from chalicelib.web import Answer, Call, Csv, File, Paged, Query, Router, UlidStr, member

routes = Router(__name__)


class OwnPoint(Query):
    """One of the leader's pickup points; who leads only one need not name it."""

    pickup_point_id: UlidStr | None = None


class CounterFilter(OwnPoint):
    """Which of its orders."""

    campaign_id: UlidStr | None = None
    status: Status | None = None


class OwnSheet(SheetFilter):
    """What one campaign brings to one of the leader's pickup points; without a campaign, the newest whose orders wait
    there, or else the newest that is locked.
    """

    campaign_id: UlidStr | None = None


@routes.get(
    "/v1/stores/{slug}/leader/pickup-points", allow=member(), answer=LedPointView, paged=True, tag="leader",
    summary="List the pickup points that I lead",
)  # fmt: skip
def list_led_points(call: Call[None]) -> Paged:
    page = leader.led_points(call.tenant_id, call.member_id, call.limit, call.cursor)
    return Paged([LedPointView.of(point) for point in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/leader/campaigns", allow=member(), query=OwnPoint, answer=LedCampaignView, paged=True,
    tag="leader", errors=(NotFound, WhichPoint),
    summary="List the campaigns that hand over at my pickup point, newest first",
)  # fmt: skip
def list_point_campaigns(call: Call[None]) -> Paged:
    point = leader.led_point(call.tenant_id, call.member_id, call.query.pickup_point_id)
    page = leader.point_campaigns(call.tenant_id, point, call.limit, call.cursor)
    return Paged([LedCampaignView.of(each, point.id, call.now) for each in page.items], page.last_key)


@routes.get(
    "/v1/stores/{slug}/leader/orders", allow=member(), query=CounterFilter, answer=CounterOrderView, paged=True,
    tag="leader", errors=(NotFound, WhichPoint),
    summary="List the orders that are collected at my pickup point, newest first",
)  # fmt: skip
def list_point_orders(call: Call[None]) -> Paged:
    wanted = call.query
    point = leader.led_point(call.tenant_id, call.member_id, wanted.pickup_point_id)
    found = leader.point_orders(
        call.tenant_id, point, wanted.campaign_id, wanted.status, call.limit, call.cursor, call.now
    )  # fmt: skip
    return Paged(CounterOrderView.every(found), found.page.last_key)


@routes.get(
    "/v1/stores/{slug}/leader/sorting-sheet", allow=member(), query=OwnSheet, answer=PointSheetView, csv=True,
    xlsx=True, html=True, tag="leader", errors=(NotFound, WhichPoint, CampaignNotLocked, NotAPickupPoint),
    summary="Read who gets what at my pickup point",
)  # fmt: skip
def read_point_sheet(call: Call[None]) -> PointSheetView | Csv | File | Answer:
    wanted = call.query
    point = leader.led_point(call.tenant_id, call.member_id, wanted.pickup_point_id)
    if wants_html(call):
        found = leader.point_sheet(call.tenant_id, point, wanted.campaign_id, wanted.part, MOST_PARCELS).sorting
        here = f"/v1/stores/{call.path['slug']}/leader/sorting-sheet?format=html&pickup_point_id={point.id}"
        return printed(call, found, f"{here}&campaign_id={found.campaign.id}")
    whole = leader.point_sheet(call.tenant_id, point, wanted.campaign_id)
    if call.wants_table:
        return as_table(call, whole.sorting, f"sorting-sheet {point.name}")
    return PointSheetView.of(whole)


@routes.post(
    "/v1/stores/{slug}/leader/campaigns/{id}/chat-list", allow=member(), body=ChatListForm, answer=ChatListView,
    tag="leader", errors=(NotFound,),
    summary="Read orders out of a list of my chat group; nothing is placed",
)  # fmt: skip
def read_own_chat_list(call: Call[ChatListForm]) -> ChatListView:
    """Members whom the list names by number or full name are found; of others a leader is shown nothing."""
    leader.check_comes_to_led(call.tenant_id, call.member_id, call.path["id"])
    found = reading.match(call.tenant_id, call.path["id"], call.body.text)
    return ChatListView.of(found, for_leader=True)


@routes.post(
    "/v1/stores/{slug}/leader/campaigns/{id}/chat-list/orders", allow=member(), body=LedChatOrdersForm,
    answer=ChatOrdersView, tag="leader", errors=(NotFound, UnknownOffer, NotAPickupPoint, WhichPoint),
    summary="Place orders of a list of my chat group at my pickup point, each entry once however often it is sent",
)  # fmt: skip
def place_own_chat_orders(call: Call[LedChatOrdersForm]) -> ChatOrdersView:
    """One that is refused keeps no other back, and is told of. None is for a member whom the list does not name."""
    point = leader.led_point(call.tenant_id, call.member_id, call.body.pickup_point_id)
    entries = call.body.confirmed_at(point.id)
    made = placing.place(call.tenant_id, call.path["id"], entries, call.principal, call.now, only_named=True)
    return ChatOrdersView.of(made, call.locale)
