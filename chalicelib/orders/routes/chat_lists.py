"""Pasted lists over HTTP, for the team; leaders have routes of their own among theirs."""

from chalicelib.kernel.errors import NotFound
from chalicelib.orders.chat_orders.service import placing, reading
from chalicelib.orders.errors import NotAPickupPoint, UnknownOffer
from chalicelib.orders.forms.chat_lists import ChatListForm, ChatOrdersForm
from chalicelib.orders.views.chat_lists import ChatListView, ChatOrdersView
from chalicelib.web import Call, Router, staff

routes = Router(__name__)

_SERVES = staff("manager", "service")


@routes.post(
    "/v1/campaigns/{id}/chat-list", allow=_SERVES, body=ChatListForm, answer=ChatListView, tag="orders",
    summary="Read orders out of a list of the chat group; nothing is placed", errors=(NotFound,),
)  # fmt: skip
def read_chat_list(call: Call[ChatListForm]) -> ChatListView:
    """Each entry with the offers and the member that it means, and what is doubtful of it."""
    return ChatListView.of(reading.match(call.tenant_id, call.path["id"], call.body.text))


@routes.post(
    "/v1/campaigns/{id}/chat-list/orders", allow=_SERVES, body=ChatOrdersForm, answer=ChatOrdersView, tag="orders",
    summary="Place orders of a list of the chat group, each entry once however often it is sent",
    errors=(NotFound, UnknownOffer, NotAPickupPoint),
)  # fmt: skip
def place_chat_orders(call: Call[ChatOrdersForm]) -> ChatOrdersView:
    """One that is refused keeps no other back, and is told of."""
    made = placing.place(call.tenant_id, call.path["id"], call.body.confirmed(), call.principal, call.now)
    return ChatOrdersView.of(made, call.locale)
