"""What became of messages over HTTP."""

from chalicelib.notices.delivery.forms import MessageQuery
from chalicelib.notices.delivery.service.listing import list_told
from chalicelib.notices.delivery.views import MessageView
from chalicelib.web import Call, Paged, Router, staff

routes = Router(__name__)


@routes.get(
    "/v1/messages", allow=staff("manager", "service"), query=MessageQuery, answer=MessageView, paged=True,
    tag="messages", summary="List what somebody was told in the last 30 days, newest first, and what became of it",
)  # fmt: skip
def list_messages(call: Call[None]) -> Paged:
    query: MessageQuery = call.query
    page = list_told(call.tenant_id, query.person(), query.status, query.template, call.limit, call.cursor)
    return Paged([MessageView.of(record) for record in page.items], page.last_key)
