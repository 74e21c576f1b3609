"""The use of messages over HTTP."""

from chalicelib.notices.media.forms import UsageQuery
from chalicelib.notices.media.model.usage import PeriodTooLong
from chalicelib.notices.media.service.usage import period, used
from chalicelib.notices.media.views import UsageView
from chalicelib.tenancy import brand_of
from chalicelib.web import Call, Router, staff

routes = Router(__name__)


@routes.get(
    "/v1/message-usage", allow=staff("manager", "analyst"), query=UsageQuery, answer=UsageView, tag="messages",
    errors=(PeriodTooLong,), summary="Read how many messages I sent, by day and medium, and what they cost",
)  # fmt: skip
def read_message_usage(call: Call[None]) -> UsageView:
    """A message is counted when it has left, and at the price of that moment; a price that is set later changes nothing
    that was sent before.
    """
    asked, brand = call.query, brand_of(call.tenant_id)
    days = period(call.tenant_id, asked.from_on, asked.to_on, call.now)
    return UsageView.of(used(call.tenant_id, *days), days, brand.timezone, brand.currency)
