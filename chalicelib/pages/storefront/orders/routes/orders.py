"""Pages of a member's orders: the list, one of them, its code, cancelling it, and the same once more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.campaigns.model.after_sale import is_open, last_chance
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.members.service.members import get_member
from chalicelib.orders.bundles.model import part_named, titles_by_name
from chalicelib.orders.changes.service import editing, history
from chalicelib.orders.ending.service import cancelling
from chalicelib.orders.handover.service import qr_code
from chalicelib.orders.passes.service.collecting import collect_until
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.refunds.views import RefundView
from chalicelib.orders.reordering.service import reorder
from chalicelib.orders.service import listing, reading
from chalicelib.orders.service.surroundings import surroundings
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.orders.teams.service.listing import get_team
from chalicelib.orders.teams.views import LiveTeamView
from chalicelib.orders.views.changes import HistoryView
from chalicelib.orders.views.orders import FullOrderView
from chalicelib.pages.shell import N_, Content, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.asked import DAYS, MONTHS, Asked, Point, asked_of
from chalicelib.pages.storefront.orders.forms import Nothing
from chalicelib.pages.storefront.orders.model import spoken
from chalicelib.pages.storefront.orders.views import standing as standings
from chalicelib.pages.storefront.orders.views import timeline
from chalicelib.pages.storefront.orders.views.standing import Standing, standing
from chalicelib.payments.model import PROVIDERS
from chalicelib.payments.service.reading import of_order
from chalicelib.payments.views import PaymentView
from chalicelib.reviews.service.buying import waiting
from chalicelib.web import MoneyField, member

pages = Pages(__name__)

_CODE_KEPT = "private, max-age=86400"


@pages.page("/s/{slug}/orders", allow=member(), paged=True)
def own_orders(visit: Visit[None]) -> Page:
    """A member's orders, the newest first, each with what comes next."""
    page = listing.list_own_orders(visit.tenant_id, visit.member_id, visit.limit, visit.cursor)
    views = FullOrderView.every(page.items, surroundings(visit.tenant_id, page.items), visit.now)
    orders = [(each, standing(each, visit.now)) for each in views]
    return Page(
        "storefront/orders/list.html",
        {
            "orders": orders,
            "first": visit.cursor is None,
            "following": visit.following(page.last_key),
            "words": standings,
        },
    )


@pages.page("/s/{slug}/orders/{id}", allow=member())
def own_order(visit: Visit[None]) -> Page:
    """One of them, with everything that happened to it."""
    return _order_page(visit)


def _order_page(visit: Visit[Any]) -> Page:
    order = reading.get_own_order(visit.tenant_id, visit.member_id, visit.path["id"], consistent=True)
    around = surroundings(visit.tenant_id, [order])
    [view] = FullOrderView.every([order], around, visit.now)
    campaign = around.campaigns[order.campaign_id]
    team = _team(order, visit)
    stands = standing(view, visit.now, team.status if team else None)
    entries = [HistoryView.of(each, order.currency, with_names=False) for each in history.history(order)]
    return Page(
        "storefront/orders/order.html",
        {
            "order": view,
            "stands": stands,
            "team": team,
            "asked": _asked(order, view, visit),
            "months": list(MONTHS.items()),
            "days": list(DAYS.items()),
            "code": spoken(order.pickup_code),
            "collect_by": _collect_by(order, stands),
            "seconds_left": _seconds_left(view, visit),
            "no_show": campaign.no_show,
            "cut": timeline.cut(entries),
            "picked": {part_named(each.offer_id, each.sku_id): each.quantity for each in view.picked},
            "titles": titles_by_name(campaign.offers),
            "paid_online": _paid_online(order),
            "refunds": [(each, timeline.refund_said(each)) for each in _refunds(order)],
            "happened": timeline.timeline(entries, campaign),
            "may": _May.of(order, view, campaign, team, visit.now),
            "words": standings,
            "refund_for": timeline.REFUND_FOR,
            "to_review": waiting(order, visit.now),
        },
    )


def _asked(order: OrderRecord, view: FullOrderView, visit: Visit[Any]) -> Asked | None:
    """The one thing that the member is asked, once they have what they ordered."""
    if view.status != "picked_up" or order.origin is not None:
        return None
    me = get_member(visit.tenant_id, visit.member_id)
    if me.left_at is not None:
        return None
    point = None if view.delivery else Point(view.pickup_point.id, view.pickup_point.name)
    return asked_of(me, visit.now, point)


def _team(order: OrderRecord, visit: Visit[Any]) -> LiveTeamView | None:
    return LiveTeamView.of(get_team(visit.tenant_id, order.team_id), {}, visit.now) if order.team_id else None


def _collect_by(order: OrderRecord, stands: Standing) -> datetime | None:
    """Until when it is kept; None where it is brought, or kept without an end."""
    if not stands.counts or order.origin is not None:
        return None
    return collect_until(order.tenant_id, order.campaign_id)


def _seconds_left(view: FullOrderView, visit: Visit[Any]) -> int:
    """How long a payment is still waited for."""
    until = view.pending.expires_at if view.pending else view.hold_expires_at
    return max(0, int((until - visit.now).total_seconds())) if until else 0


def _paid_online(order: OrderRecord) -> list[PaymentView]:
    """The payments that the order took, oldest first; nothing of one that is paid when it is handed over."""
    if order.method not in PROVIDERS or not order.paid_minor:
        return []
    return [PaymentView.of(each) for each in of_order(order.tenant_id, order.id) if each.applied == "captured"]


def _refunds(order: OrderRecord) -> list[RefundView]:
    found = refunds.of_order(order).items if order.refunded_minor else []
    return [RefundView.of(each) for each in sorted(found, key=lambda each: each.requested_at)]


@dataclass(frozen=True, slots=True)
class _May:
    """What a member may do with their order now; ``refund`` is what goes back where it is cancelled, and with that so
    many ``points`` and the ``coupon``, if it has one; ``come_back`` until when its goods may.
    """

    edit: bool
    cancel: bool
    refund: MoneyField
    points: int
    coupon: bool
    come_back: datetime | None

    @classmethod
    def of(
        cls, order: OrderRecord, view: FullOrderView, campaign: CampaignRecord, team: LiveTeamView | None, now: datetime
    ) -> "_May":
        rests = team is not None and team.status is TeamStatus.FILLED
        until = None
        if any(order.picked_units.values()):
            until = last_chance(view.picked_up_at or now, campaign.goods, order.picked_units)
        return cls(
            edit=editing.may_edit(order, campaign, now),
            cancel=cancelling.may_cancel(order, campaign, now) and not rests,
            refund=MoneyField.of(order.refundable_minor, order.currency),
            points=order.points.held if order.points else 0,
            coupon=order.coupon is not None,
            come_back=until if until is not None and is_open(until, now) else None,
        )


@pages.page("/s/{slug}/orders/{id}/code.svg", allow=member())
def code(visit: Visit[None]) -> Content:
    """The pickup code as a drawing. It never changes, so the browser of its member may keep it."""
    order = reading.get_own_order(visit.tenant_id, visit.member_id, visit.path["id"], consistent=True)
    return Content(qr_code.drawing(order), "image/svg+xml", _CODE_KEPT)


@pages.form("/s/{slug}/orders/{id}/cancel", allow=member(), body=Nothing, again=_order_page)
def cancel(visit: Visit[Nothing]) -> Redirect:
    """Cancels it; what was paid goes back."""
    order = cancelling.cancel(visit.tenant_id, visit.member_id, visit.path["id"], visit.now)
    return Redirect(f"/orders/{order.id}", flash=N_("Your order is cancelled."))


@pages.form("/s/{slug}/orders/{id}/again", allow=member(), body=Nothing)
def order_again(visit: Visit[Nothing]) -> Page | Redirect:
    """Off to the basket of the campaign that has most of it: only there does the browser say what is in it."""
    found = reorder(visit.tenant_id, visit.member_id, visit.path["id"], visit.now)
    if found.campaign is None:
        return Page("storefront/orders/again.html", {"short": found.found.short})
    return Redirect(f"/campaigns/{found.campaign.id}/again?order={visit.path['id']}")
