"""HTTP routes of a brand's own domain."""

from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.own_domains.errors import DnsAway, DomainInUse, HostHeld, HostInvalid, NotOffered
from chalicelib.own_domains.forms import DomainForm
from chalicelib.own_domains.records import OwnDomain
from chalicelib.own_domains.service import checking, claiming
from chalicelib.own_domains.views import DomainView
from chalicelib.rate_limits.model import LimitReached
from chalicelib.web import Answer, Call, Router, staff

routes = Router(__name__)

_MANAGERS = staff("manager")


def _shown(domain: OwnDomain | None) -> Answer:
    return Answer(DomainView.of(domain, claiming.target()), etag=int(domain.rev) if domain else 0)


@routes.get(
    "/v1/tenant/domain", allow=_MANAGERS, answer=DomainView, tag="tenants", errors=(NotOffered,),
    summary="Read the brand's own domain",
)  # fmt: skip
def read_domain(call: Call[None]) -> Answer:
    return _shown(claiming.get_domain(call.tenant_id))


@routes.put(
    "/v1/tenant/domain", allow=_MANAGERS, body=DomainForm, answer=DomainView, tag="tenants",
    summary="Name the brand's own domain", errors=(HostInvalid, DomainInUse, NotOffered, Stale),
)  # fmt: skip
def name_domain(call: Call[DomainForm]) -> Answer:
    """The answer has the two DNS records to set. Several brands may name one host: it leads to the shop of the one
    that proves it.
    """
    return _shown(claiming.claim(call.tenant_id, call.body.host, call.if_match, call.principal, call.now))


@routes.post(
    "/v1/tenant/domain/verify", allow=_MANAGERS, answer=DomainView, tag="tenants",
    summary="Look for the domain's DNS records now", errors=(NotFound, HostHeld, NotOffered, DnsAway, LimitReached),
)  # fmt: skip
def verify_domain(call: Call[None]) -> Answer:
    """What was found stands in `records` and `problem`. The DNS may show what you have set only after an hour."""
    return _shown(checking.verify(call.tenant_id, call.principal, call.now))


@routes.delete(
    "/v1/tenant/domain", allow=_MANAGERS, status=204, tag="tenants", summary="Take the brand's own domain off",
    errors=(NotFound, Stale),
)  # fmt: skip
def release_domain(call: Call[None]) -> None:
    """It leads nowhere from now on, and whoever proves it next may have it. The shop's first address goes on."""
    claiming.release(call.tenant_id, call.if_match, call.principal, call.now)
