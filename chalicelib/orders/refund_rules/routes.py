"""A brand's refund rules over HTTP: its people read them, an owner sets them."""

from chalicelib.kernel.errors import Stale
from chalicelib.orders.refund_rules import service
from chalicelib.orders.refund_rules.forms import RefundRulesForm
from chalicelib.orders.refund_rules.views import RefundRulesView
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import Answer, Call, Router, staff

routes = Router(__name__)


@routes.get(
    "/v1/refund-rules", allow=staff("manager", "service", "analyst"), answer=RefundRulesView, tag="orders",
    summary="Read when returns are paid back, and who may give back how much by goodwill",
)  # fmt: skip
def read_refund_rules(call: Call[None]) -> Answer:
    rules, revision = service.get_rules(call.tenant_id)
    return Answer(RefundRulesView.of(rules), etag=revision)


@routes.put(
    "/v1/refund-rules", allow=staff(), body=RefundRulesForm, answer=RefundRulesView, tag="orders", errors=(Stale,),
    summary="Set when returns are paid back, and who may give back how much by goodwill",
)  # fmt: skip
def set_refund_rules(call: Call[RefundRulesForm]) -> Answer:
    wanted = call.body.rules(get_tenant(call.tenant_id).currency)
    rules, revision = service.set_rules(call.tenant_id, wanted, call.if_match, call.principal, call.now)
    return Answer(RefundRulesView.of(rules), etag=revision)
