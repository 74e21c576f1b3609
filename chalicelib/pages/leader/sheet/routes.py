"""The sorting list of a pickup point, and what was brought to a door."""

from typing import Any

from chalicelib.campaigns.model.campaign import FROM_LOCK, Status
from chalicelib.fulfilment.leader.routes import list_point_campaigns, read_point_sheet
from chalicelib.fulfilment.leader.views import PointSheetView
from chalicelib.orders.errors import CampaignNotLocked
from chalicelib.orders.routes.orders import hand_over_order
from chalicelib.pages.leader.points import choosing, led
from chalicelib.pages.leader.sheet.forms import Delivered, SheetQuery
from chalicelib.pages.leader.sheet.views import heaps, is_done, parts_of
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, ask
from chalicelib.web import member

pages = Pages(__name__)

_MOST_CAMPAIGNS = 40


@pages.page("/s/{slug}/leader/sheet", allow=member(), query=SheetQuery)
def sheet(visit: Visit[Any]) -> Page:
    """Who gets what, of the campaign that is asked for or the newest that waits."""
    found = led(visit)
    if found.point is None:
        return choosing(found, "/leader/sheet", "sheet")
    here = {"pickup_point_id": found.point.id}
    campaign_id = visit.fields.get("campaign_id") or (visit.query and visit.query.campaign_id)
    named = {"campaign_id": campaign_id} if campaign_id else {}
    try:
        shown: PointSheetView = ask(visit, read_point_sheet, query=here | named)
    except CampaignNotLocked:
        return Page("leader/sheet/nothing.html", {"led": found})
    parts, asked = parts_of(shown.members), visit.query.part if visit.query else 1
    part = min(asked, len(parts))
    parcels = [parcel for share in shown.members for parcel in share.orders]
    values = {
        "led": found,
        "sheet": shown,
        "others": [each for each in _campaigns(visit, here) if each.id != shown.campaign_id],
        "by": (visit.query and visit.query.by) or "parcel",
        "members": parts[part - 1],
        "heaps": heaps(parts[part - 1]),
        "part": part,
        "parts": len(parts),
        "count": len(parcels),
        "left": sum(not is_done(parcel) for parcel in parcels),
        "is_done": is_done,
    }
    return Page("leader/sheet/sheet.html", values)


@pages.form("/s/{slug}/leader/orders/{id}/delivered", allow=member(), body=Delivered, again=sheet)
def deliver(visit: Visit[Delivered]) -> Redirect:
    """Hands over what was brought to the member's door, without their code."""
    found = led(visit)
    ask(visit, hand_over_order, body={"pickup_point_id": visit.body.pickup_point_id})
    here = f"&pickup_point_id={found.named}" if found.named else ""
    said = N_("It is noted as delivered.")
    return Redirect(f"/leader/sheet?campaign_id={visit.body.campaign_id}{here}", flash=said)


def _campaigns(visit: Visit[Any], here: dict[str, str]) -> list[Any]:
    """Those that have a sheet, newest first."""
    found = ask(visit, list_point_campaigns, query=here, limit=_MOST_CAMPAIGNS).items
    return [each for each in found if each.status in FROM_LOCK - {Status.SETTLED}]
