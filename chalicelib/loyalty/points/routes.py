"""Points over HTTP: the brand's rules, and each member's ledger."""

from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Stale
from chalicelib.loyalty.points.errors import ActionNotOffered, NoPointsForThis, TwoRulesForOneAction
from chalicelib.loyalty.points.forms import BookPointsForm, PointsRulesForm
from chalicelib.loyalty.points.service import by_hand, checking_in, reading, setting
from chalicelib.loyalty.points.views import BalanceView, BookedView, EntryView, PointsRulesView
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import Answer, Call, Paged, Router, member, staff

routes = Router(__name__)

_PLANS = staff("manager", "planner")
_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_GIVES = staff("manager", "planner", "service")


@routes.get(
    "/v1/points-rules", allow=_LOOKS, answer=PointsRulesView, tag="members",
    summary="Read what earns points, and what they pay",
)  # fmt: skip
def read_rules(call: Call[None]) -> Answer:
    rules, revision = setting.get_rules(call.tenant_id)
    return Answer(PointsRulesView.of(rules, get_tenant(call.tenant_id).currency), etag=revision)


@routes.put(
    "/v1/points-rules", allow=_PLANS, body=PointsRulesForm, answer=PointsRulesView, tag="members",
    errors=(ActionNotOffered, TwoRulesForOneAction, Stale), summary="Set what earns points, and what they pay",
)  # fmt: skip
def set_rules(call: Call[PointsRulesForm]) -> Answer:
    """They hold from now on. What was earned before keeps its last day, and goes back at the rate at which it came."""
    currency = get_tenant(call.tenant_id).currency
    rules, revision = setting.set_rules(
        call.tenant_id, call.body.terms(currency), call.if_match, call.principal, call.now
    )
    return Answer(PointsRulesView.of(rules, currency), etag=revision)


@routes.get(
    "/v1/members/{id}/points", allow=_LOOKS, answer=EntryView, paged=True, beside=BalanceView, tag="members",
    errors=(NotFound,), summary="List the points of a member, newest first",
)  # fmt: skip
def list_points(call: Call[None]) -> Paged:
    return _shown(reading.read_points(call.tenant_id, call.path["id"], call.limit, call.cursor))


@routes.post(
    "/v1/members/{id}/points", allow=_GIVES, body=BookPointsForm, answer=BookedView, status=201, tag="members",
    idempotency=True, errors=(NotFound, IdempotencyMismatch), summary="Give a member points, or take some",
)  # fmt: skip
def book_points(call: Call[BookPointsForm]) -> BookedView:
    """Points given so do not expire, and count for no cap and no tier. What is taken may lead below zero."""
    account, entry = by_hand.give_or_take(
        call.tenant_id, call.path["id"], call.body.delta, call.body.reason, call.idempotency_key, call.body_hash,
        call.principal, call.now,
    )  # fmt: skip
    return BookedView.after(account.head.holding, [entry])


@routes.get(
    "/v1/stores/{slug}/me/points", allow=member(), answer=EntryView, paged=True, beside=BalanceView, tag="storefront",
    summary="List my points, newest first",
)  # fmt: skip
def list_own_points(call: Call[None]) -> Paged:
    return _shown(reading.read_points(call.tenant_id, call.member_id, call.limit, call.cursor))


@routes.post(
    "/v1/stores/{slug}/check-ins", allow=member(), answer=EntryView, status=201, tag="storefront",
    errors=(NoPointsForThis,), summary="Check in for points, once a day",
)  # fmt: skip
def check_in(call: Call[None]) -> EntryView:
    """Asked for again on the same day of the brand, it answers the same entry."""
    return EntryView.of(checking_in.check_in(call.tenant_id, call.member_id, call.now))


def _shown(shown: reading.Shown) -> Paged:
    return Paged([EntryView.of(entry) for entry in shown.entries], shown.last_key, BalanceView.of(shown.holding))
