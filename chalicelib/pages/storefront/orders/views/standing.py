"""Where an order stands, in a neighbour's words, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, assert_never

from chalicelib.campaigns.model.campaign import FROM_LOCK, FROM_PICKUP, ON_SHOW
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.orders.model import Status
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.orders.views.orders import FullOrderView
from chalicelib.pages.shell import N_

Tone = Literal["good", "warn", "bad", ""]


class Next(StrEnum):
    """What comes next for an order, or what its member is to do."""

    PAY = "pay"
    PAY_CHANGE = "pay_change"
    PAY_BALANCE = "pay_balance"
    BALANCE_LATER = "balance_later"
    ASKING = "asking"
    REST_OVER = "rest_over"
    TEAM = "team"
    OPEN = "open"
    DECIDING = "deciding"
    ENDING = "ending"
    GOODS = "goods"
    COLLECT = "collect"
    COLLECT_REST = "collect_rest"
    BROUGHT = "brought"
    DONE = "done"
    NOTHING = "nothing"


COLLECTING = frozenset({Next.COLLECT, Next.COLLECT_REST})
"""When the pickup code is what counts."""

_WITHOUT_CODE = frozenset({Next.PAY, Next.ASKING, Next.REST_OVER, Next.ENDING, Next.DONE, Next.NOTHING})


@dataclass(frozen=True, slots=True)
class Standing:
    """An order's state as its badge says it, and what comes next."""

    said: str
    tone: Tone
    next: Next

    @property
    def shows_code(self) -> bool:
        """Whether the pickup code can be looked up already."""
        return self.next not in _WITHOUT_CODE

    @property
    def counts(self) -> bool:
        """Whether the code is asked for now."""
        return self.next in COLLECTING


ENDED_BY: Mapping[str, str] = {
    "member": N_("You cancelled it."),
    "staff": N_("The shop cancelled it."),
    "system": N_("It could not be supplied."),
    "campaign": N_("The group buy does not take place."),
    "team": N_("Your team did not fill in time."),
    "no_show": N_("It was not collected in time."),
    "balance": N_("The rest was not paid in time."),
}
"""Why an order has ended, by ``cancelled_by``."""

METHODS: Mapping[str, str] = {
    "pickup": N_("When you get it"),
    "test": N_("Test payment, no real money"),
    "stripe": N_("Card"),
    "wechat": N_("WeChat Pay"),
}
"""How an order is paid."""


def standing(order: FullOrderView, now: datetime, team: TeamStatus | None = None) -> Standing:
    """Where an order stands at ``now``; ``team`` is how its team stands, where that was read."""
    said, tone = _said(order, now)
    return Standing(said, tone, _next(order, now, team))


def _said(order: FullOrderView, now: datetime) -> tuple[str, Tone]:
    match order.status:
        case Status.HELD:
            over = _is_over(order.hold_expires_at, now)
            return N_("The time to pay is over") if over else N_("Not paid yet"), "warn"
        case Status.PLACED:
            return _placed(order)
        case Status.READY:
            return _ready(order), "good"
        case Status.PICKED_UP:
            if order.forfeited_at is not None:
                return N_("Collected in part, the rest is forfeited"), "warn"
            return (N_("Delivered") if order.delivery else N_("Collected")), "good"
        case Status.CANCELLED:
            return (N_("Forfeited"), "bad") if order.forfeited_at is not None else (N_("Cancelled"), "")
        case Status.EXPIRED:
            return N_("Not paid in time"), ""
        case Status.REFUNDED:
            return N_("Ended, with money back"), ""
    assert_never(order.status)


def _placed(order: FullOrderView) -> tuple[str, Tone]:
    campaign = order.campaign.status
    if order.after_sale_id is None and campaign in _CALLED_OFF:
        return N_("The group buy is called off"), "warn"
    if order.after_sale_id is not None or campaign in FROM_LOCK - FROM_PICKUP:
        return N_("Being prepared"), "good"
    return N_("Ordered"), "good"


def _ready(order: FullOrderView) -> str:
    if _is_partly_collected(order):
        return N_("A part is still to be collected")
    return N_("Ready to be brought to you") if order.delivery else N_("Ready to collect")


_CALLED_OFF = frozenset({CampaignStatus.CANCELLED, CampaignStatus.REFUNDING, CampaignStatus.REFUNDED})


def _next(order: FullOrderView, now: datetime, team: TeamStatus | None) -> Next:
    if order.status is Status.HELD:
        over = order.awaiting_provider_since is not None or _is_over(order.hold_expires_at, now)
        return Next.ASKING if over else Next.PAY
    if order.status is Status.PICKED_UP:
        return Next.DONE
    if order.status not in (Status.PLACED, Status.READY) or order.forfeited_at is not None:
        return Next.NOTHING
    return _to_pay(order, now) or _on_its_way(order, team)


def _to_pay(order: FullOrderView, now: datetime) -> Next | None:
    """What of a placed order is to be paid online."""
    if order.awaiting_provider_since is not None:
        return Next.ASKING
    if order.pending is not None and order.campaign.status not in _CALLED_OFF:
        return Next.ASKING if _is_over(order.pending.expires_at, now) else Next.PAY_CHANGE
    if order.balance_due_at is None or not order.totals.due.amount_minor:
        return None
    if order.deposit is not None and order.campaign.status not in FROM_LOCK:
        return Next.BALANCE_LATER
    return Next.REST_OVER if _is_over(order.balance_due_at, now) else Next.PAY_BALANCE


def _on_its_way(order: FullOrderView, team: TeamStatus | None) -> Next:
    campaign = order.campaign.status
    if order.status is Status.PLACED and order.after_sale_id is not None:
        return Next.GOODS
    if order.status is Status.READY or campaign in FROM_PICKUP:
        return Next.BROUGHT if order.delivery else Next.COLLECT_REST if _is_partly_collected(order) else Next.COLLECT
    if campaign in _CALLED_OFF:
        return Next.ENDING
    if campaign in FROM_LOCK:
        return Next.GOODS
    if campaign not in ON_SHOW:
        return Next.DECIDING
    return Next.TEAM if order.team_id is not None and team in (None, TeamStatus.FORMING) else Next.OPEN


def _is_partly_collected(order: FullOrderView) -> bool:
    return any(each.quantity for each in order.picked)


def _is_over(end: datetime | None, now: datetime) -> bool:
    return end is not None and end <= now
