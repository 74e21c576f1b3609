"""HTTP routes of exports."""

from chalicelib.insight.exports.model import TableFormat
from chalicelib.insight.exports.service import starting
from chalicelib.jobs.views import JobAnswer
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.orders.errors import TooManyMembers
from chalicelib.orders.forms.orders import OrderFilter
from chalicelib.web import Answer, Call, Router, staff

routes = Router(__name__)


@routes.post(
    "/v1/order-exports", allow=staff("manager", "analyst"), query=OrderFilter, answer=JobAnswer, status=202,
    tag="orders", errors=(NotFound, TooManyMembers),
    summary="Write all orders of a filter into a file, in the background",
)  # fmt: skip
def export_orders(call: Call[None]) -> Answer:
    """Takes the filter of the list of orders, and `format=csv` or `xlsx`. The job's `result_url` leads to the file,
    for a week. It holds no pickup codes, and 50,000 rows at most: a job with more fails and says so."""
    if call.query.format == "json":
        raise Invalid.at("?format", "A file is csv or xlsx.", "文件格式为 csv 或 xlsx。")
    wanted, by = call.query.filter(contacts=call.principal.sees_contacts), call.principal
    form: TableFormat = call.query.format or "csv"
    return JobAnswer.of(starting.start_export(call.tenant_id, wanted, form, call.locale, by, call.now), call).accepted()
