"""Everything that the page of one order shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.aftersales.routes import list_after_sales
from chalicelib.campaigns.routes import read_campaign
from chalicelib.campaigns.views.campaigns import CampaignView
from chalicelib.orders.bundles.model import part_named
from chalicelib.orders.goodwill.routes import give_back
from chalicelib.orders.refunds.views import StaffRefundView
from chalicelib.orders.routes.callers import cancel_for_caller, edit_for_caller, move_order
from chalicelib.orders.routes.changes import adjust_order, confirm_refund, read_history
from chalicelib.orders.routes.orders import hand_over_order, list_refunds, read_order
from chalicelib.orders.views.changes import HistoryView
from chalicelib.orders.views.orders import FullStaffOrderView
from chalicelib.pages.console.orders.views.acts import Acts, picked
from chalicelib.pages.console.orders.views.timeline import Happened, Known, Who, named_in, timeline
from chalicelib.pages.shell import Visit, ask, ask_at, may
from chalicelib.payments.routes import list_payments
from chalicelib.payments.views import StaffPaymentView
from chalicelib.tenants.routes import list_staff

_MOST = 100


@dataclass(frozen=True, slots=True)
class Story:
    """An order with its money and its history; ``payments`` are None for who may not see them. Who looks may note that
    a refund was paid out where it ``confirms``, and looks after returns where it ``sees_cases``.
    """

    order: FullStaffOrderView
    revision: int
    acts: Acts
    confirms: bool
    sees_cases: bool
    happened: Sequence[Happened]
    refunds: Sequence[StaffRefundView]
    payments: Sequence[StaffPaymentView] | None
    picked: Mapping[str, int]
    titles: Mapping[str, str]
    placed_by: Who | None


def story(visit: Visit[Any]) -> Story:
    """The order that the path names. Raises NotFound."""
    order, revision = ask_at(visit, read_order)
    entries: Sequence[HistoryView] = ask(visit, read_history, limit=_MOST).items
    refunds = ask(visit, list_refunds, limit=_MOST).items if order.totals.refunded.amount_minor else ()
    known = _known(visit, ask(visit, read_campaign, path={"id": order.campaign_id}), entries)
    return Story(
        order=order,
        revision=int(revision or 0),
        acts=acts(visit, order),
        confirms=may(visit, confirm_refund),
        sees_cases=may(visit, list_after_sales),
        happened=timeline(entries, known),
        refunds=sorted(refunds, key=lambda each: each.requested_at),
        payments=ask(visit, list_payments).items if may(visit, list_payments) else None,
        picked=picked(order),
        titles=known.titles,
        placed_by=known.who(order.placed_by) if order.placed_by else None,
    )


def acts(visit: Visit[Any], order: FullStaffOrderView) -> Acts:
    """What who looks may do with the order as it stands."""
    fits = Acts.of(order)
    return Acts(
        change=fits.change and may(visit, edit_for_caller),
        cancel=fits.cancel and may(visit, cancel_for_caller),
        adjust=fits.adjust and may(visit, adjust_order),
        move=fits.move and may(visit, move_order),
        hand_over=fits.hand_over and may(visit, hand_over_order),
        give_back=fits.give_back and may(visit, give_back),
    )


def _known(visit: Visit[Any], campaign: CampaignView, entries: Sequence[HistoryView]) -> Known:
    """Names for what the history names by id; the team is looked up where others of them did something."""
    others = named_in(entries) - {visit.principal.id}
    team = ask(visit, list_staff, limit=_MOST).items if others and may(visit, list_staff) else ()
    return Known(
        titles=_titles(campaign),
        places={each.id: each.name for each in campaign.pickup_points},
        team={each.id: each.name or "" for each in team},
        you=visit.principal.label,
    )


def _titles(campaign: CampaignView) -> dict[str, str]:
    """What offers and the parts of bundles are called, by the names that orders know them by."""
    titles = {each.offer_id: each.title for each in campaign.offers}
    for each in campaign.offers:
        titles |= {part_named(each.offer_id, part.sku_id): f"{part.title} ({each.title})" for part in each.parts}
    return titles
