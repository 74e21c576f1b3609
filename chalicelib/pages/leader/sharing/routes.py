"""The leader's own link, and what to say of the group buys that are running."""

from typing import Any

from chalicelib.campaigns.model.campaign import ACCEPTING, Status
from chalicelib.channels.routes import get_own_link
from chalicelib.channels.service import known_link
from chalicelib.channels.views import address
from chalicelib.fulfilment.leader.routes import list_point_campaigns
from chalicelib.pages.leader.points import OwnPoint, choosing, led
from chalicelib.pages.leader.sharing.forms import Asked
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, ask
from chalicelib.web import member

pages = Pages(__name__)

_MOST_CAMPAIGNS = 40


@pages.page("/s/{slug}/leader/sharing", allow=member(), query=OwnPoint)
def sharing(visit: Visit[Any]) -> Page:
    """What can be passed on now."""
    found = led(visit)
    if found.point is None:
        return choosing(found, "/leader/sharing", "sharing")
    listed = ask(visit, list_point_campaigns, query={"pickup_point_id": found.point.id}, limit=_MOST_CAMPAIGNS).items
    code = known_link(visit.tenant_id, visit.member_id)
    values = {
        "led": found,
        "own": address(visit.shop, code) if code else "",
        "campaigns": [each for each in listed if each.status in ACCEPTING | {Status.SCHEDULED}],
        "accepting": ACCEPTING,
    }
    return Page("leader/sharing/sharing.html", values)


@pages.form("/s/{slug}/leader/sharing", allow=member(), body=Asked, again=sharing)
def get_link(visit: Visit[Asked]) -> Redirect:
    """Gives the leader a link of their own; the same for ever."""
    found = led(visit)
    ask(visit, get_own_link)
    here = f"?pickup_point_id={found.named}" if found.named else ""
    said = N_("The link is yours now: orders that come by it are known to be yours.")
    return Redirect(f"/leader/sharing{here}", flash=said)
