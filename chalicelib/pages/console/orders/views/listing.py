"""What the list of orders shows besides the orders: what can be chosen to narrow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.routes import list_campaigns, read_campaign
from chalicelib.kernel.errors import NotFound
from chalicelib.members.routes import read_member
from chalicelib.pages.console import said
from chalicelib.pages.console.orders.forms import Wanted
from chalicelib.pages.console.people import called
from chalicelib.pages.shell import Visit, ask, may
from chalicelib.pickup_points.routes import list_pickup_points

Choice = tuple[str, str]
_CAMPAIGNS = 30
_POINTS = 100
_LESS_USED = ("pickup_point_id", "payment", "payment_method", "due", "from_on", "to_on")


@dataclass(frozen=True, slots=True)
class Filters:
    """What can be chosen, by id and name; ``member`` is who the list is of, where it is of one; ``more`` opens the
    filters that few use.
    """

    campaigns: list[Choice]
    points: list[Choice]
    states: list[Choice]
    payments: list[Choice]
    methods: list[Choice]
    member: str
    more: bool


def filters(visit: Visit[Any], wanted: Wanted) -> Filters:
    """The latest group buys, and the one that is asked for; the pickup points; the states, in the reader's words."""
    campaigns = [(each.id, each.title) for each in ask(visit, list_campaigns, limit=_CAMPAIGNS).items]
    points = ask(visit, list_pickup_points, limit=_POINTS).items
    return Filters(
        campaigns=_with_chosen(visit, campaigns, wanted.campaign_id),
        points=[(each.id, each.name) for each in points],
        states=[(code.value, state.name) for code, state in said.ORDER.items()],
        payments=[(code.value, state.name) for code, state in said.ORDER_PAID.items()],
        methods=list(said.METHODS.items()),
        member=_member(visit, wanted.member_id),
        more=any(getattr(wanted, name) for name in _LESS_USED),
    )


def _with_chosen(visit: Visit[Any], campaigns: Sequence[Choice], chosen: str | None) -> list[Choice]:
    if not chosen or any(each == chosen for each, _ in campaigns):
        return list(campaigns)
    try:
        found = ask(visit, read_campaign, path={"id": chosen})
    except NotFound:
        return list(campaigns)
    return [*campaigns, (found.id, found.title)]


def _member(visit: Visit[Any], chosen: str | None) -> str:
    if not chosen or not may(visit, read_member):
        return ""
    try:
        found = ask(visit, read_member, path={"id": chosen})
    except NotFound:
        return ""
    return called(found)
