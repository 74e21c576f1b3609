"""The leader's first page, and paying out in cash."""

from typing import Any

from chalicelib.fulfilment.leader.routes import list_point_campaigns, list_point_orders
from chalicelib.fulfilment.leader.views import LedPointView
from chalicelib.orders.model import Status
from chalicelib.orders.routes.cash_refunds import list_cash_refunds_of_point
from chalicelib.orders.routes.changes import confirm_refund
from chalicelib.pages.leader.points import LeadsNothing, OwnPoint, choosing, led
from chalicelib.pages.leader.today.forms import PaidOut
from chalicelib.pages.leader.today.views import Campaigns
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, ask
from chalicelib.settlement.books.views import StandingView
from chalicelib.settlement.commission.routes import own_balance
from chalicelib.web import member

pages = Pages(__name__)

_MOST_CAMPAIGNS, _MOST_PARCELS, _MOST_REFUNDS = 40, 50, 50


@pages.page("/s/{slug}/leader", allow=member(), query=OwnPoint)
def today(visit: Visit[Any]) -> Page:
    """What is to be done at the pickup point. Who leads none any more still sees what is open between them and the
    brand.
    """
    try:
        found = led(visit)
    except LeadsNothing:
        standing = ask(visit, own_balance)
        if not _open(standing):
            raise
        return Page("leader/today/former.html", {"standing": standing})
    if found.point is None:
        return choosing(found, "/leader", "today")
    return Page("leader/today/today.html", {"led": found, **_at(visit, found.point)})


@pages.form(
    "/s/{slug}/leader/orders/{id}/refunds/{refund_id}/paid-out", allow=member(), body=PaidOut, again=today
)  # fmt: skip
def pay_out(visit: Visit[PaidOut]) -> Redirect:
    """Notes that a refund was given in cash."""
    found = led(visit)
    ask(visit, confirm_refund)
    here = f"?pickup_point_id={found.named}" if found.named else ""
    return Redirect(f"/leader{here}", flash=N_("It is noted as paid out."))


def _at(visit: Visit[Any], point: LedPointView) -> dict[str, Any]:
    here = {"pickup_point_id": point.id}
    waiting = ask(visit, list_point_orders, query={**here, "status": Status.READY.value}, limit=_MOST_PARCELS)
    refunds = ask(visit, list_cash_refunds_of_point, path={"id": point.id}, limit=_MOST_REFUNDS)
    return {
        "campaigns": Campaigns.of(ask(visit, list_point_campaigns, query=here, limit=_MOST_CAMPAIGNS).items),
        "waiting": waiting.items,
        "more_wait": waiting.last_key is not None,
        "due_minor": sum(each.due.amount_minor for each in waiting.items),
        "refunds": refunds.items,
        "more_refunds": refunds.last_key is not None,
        "standing": ask(visit, own_balance),
    }


def _open(standing: StandingView) -> bool:
    """Whether anything is open between the member and the brand."""
    return any(each.amount_minor for each in (standing.payable, standing.cash, standing.frozen))
