"""Addresses that mail does not go to, over HTTP."""

from chalicelib.kernel.errors import NotFound
from chalicelib.notices.suppression import service
from chalicelib.notices.suppression.forms import SuppressedQuery
from chalicelib.notices.suppression.views import SuppressedAddressView
from chalicelib.web import Call, Paged, Router, staff

routes = Router(__name__)


@routes.get(
    "/v1/suppressed-addresses", allow=staff("manager", "service"), query=SuppressedQuery, answer=SuppressedAddressView,
    paged=True, tag="messages", summary="List addresses that my mail does not go to, and why",
)  # fmt: skip
def list_suppressed_addresses(call: Call[None]) -> Paged:
    page = service.listed(call.tenant_id, call.query.email, call.now, call.limit, call.cursor)
    return Paged([SuppressedAddressView.of(each) for each in page.items], page.last_key)


@routes.delete(
    "/v1/suppressed-addresses/{id}", allow=staff("manager"), status=204, tag="messages", errors=(NotFound,),
    summary="Have my mail go to an address again",
)  # fmt: skip
def release_suppressed_address(call: Call[None]) -> None:
    """Where whoever reads it has asked for that: another complaint, or another bounce, stops it again."""
    service.release(call.tenant_id, call.path["id"], call.principal, call.now)
