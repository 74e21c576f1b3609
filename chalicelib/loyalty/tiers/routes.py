"""Tiers over HTTP: the brand's, and where a member stands."""

from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.loyalty.tiers.errors import LowerThanReached, ThresholdsMustRise, UnknownTier
from chalicelib.loyalty.tiers.forms import EndTierForm, GiveTierForm, TiersForm
from chalicelib.loyalty.tiers.service import giving, setting
from chalicelib.loyalty.tiers.service.standings import Stand, brought, read_stand
from chalicelib.loyalty.tiers.views import StandingView, TiersView
from chalicelib.web import Answer, Call, Router, member, staff

routes = Router(__name__)

_PLANS = staff("manager", "planner")
_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_GIVES = staff("manager", "planner", "service")


@routes.get("/v1/tiers", allow=_LOOKS, answer=TiersView, tag="members", summary="Read my tiers")
def read_tiers(call: Call[None]) -> Answer:
    tiers, revision = setting.get_tiers(call.tenant_id)
    return Answer(TiersView.of(tiers), etag=revision)


@routes.put(
    "/v1/tiers", allow=_PLANS, body=TiersForm, answer=TiersView, tag="members", errors=(ThresholdsMustRise, Stale),
    summary="Set my tiers",
)  # fmt: skip
def set_tiers(call: Call[TiersForm]) -> Answer:
    """Members rise at once. Who falls short of their tier by the change keeps it for the grace, and to the end of the
    local month then.
    """
    tiers, revision = setting.set_tiers(call.tenant_id, call.body.terms(), call.if_match, call.principal, call.now)
    return Answer(TiersView.of(tiers), etag=revision)


@routes.get(
    "/v1/members/{id}/tier", allow=_LOOKS, answer=StandingView, tag="members", errors=(NotFound,),
    summary="Read where a member stands",
)  # fmt: skip
def read_standing(call: Call[None]) -> StandingView:
    return _shown(read_stand(call.tenant_id, call.path["id"]), call)


@routes.put(
    "/v1/members/{id}/tier", allow=_GIVES, body=GiveTierForm, answer=StandingView, tag="members",
    errors=(NotFound, UnknownTier, LowerThanReached), summary="Give a member a tier until a day",
)  # fmt: skip
def give_tier(call: Call[GiveTierForm]) -> StandingView:
    """They have it up to and including that day, or a higher one that they reach by themselves."""
    body = call.body
    stand = giving.give(call.tenant_id, call.path["id"], body.given(), body.reason, call.principal, call.now)
    return _shown(stand, call)


@routes.post(
    "/v1/members/{id}/tier/end", allow=_GIVES, body=EndTierForm, answer=StandingView, tag="members",
    errors=(NotFound,), summary="Take back the tier that a member was given",
)  # fmt: skip
def end_tier(call: Call[EndTierForm]) -> StandingView:
    """They have no more than the tier that they have reached."""
    stand = giving.take_back(call.tenant_id, call.path["id"], call.body.reason, call.principal, call.now)
    return _shown(stand, call)


@routes.get(
    "/v1/stores/{slug}/me/tier", allow=member(), answer=StandingView, tag="storefront",
    summary="Read my tier, and what leads to the next one",
)  # fmt: skip
def read_own_standing(call: Call[None]) -> StandingView:
    return _shown(read_stand(call.tenant_id, call.member_id), call)


def _shown(stand: Stand, call: Call[None] | Call[GiveTierForm] | Call[EndTierForm]) -> StandingView:
    return StandingView.of(stand, brought(stand, stand.today(call.now)))
