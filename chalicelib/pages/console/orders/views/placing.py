"""What the pages of an order for a caller show: who was found, which group buys take orders, what it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.routes import list_campaigns
from chalicelib.campaigns.service.reading import get_published
from chalicelib.campaigns.views.campaigns import CampaignView
from chalicelib.kernel.errors import NotFound
from chalicelib.members.routes import list_members, read_member
from chalicelib.members.views import StaffMemberView
from chalicelib.orders.basket.service.pricing import check_offered, delivery_fee
from chalicelib.orders.forms.orders import CallersQuoteForm
from chalicelib.orders.model import PAY_AT_PICKUP
from chalicelib.orders.routes.callers import quote_for_caller
from chalicelib.orders.routes.orders import list_orders
from chalicelib.pages.console.orders.forms import NewOrder
from chalicelib.pages.console.orders.views.changing import Goods, campaign_of, goods
from chalicelib.pages.console.people import called
from chalicelib.pages.shell import Visit, ask
from chalicelib.pricing.model import Item, Totals
from chalicelib.web import MoneyField

_FOUND = 10
_OPEN = 50


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose order it is to be: a member, or somebody who is not one yet."""

    member: StaffMemberView | None

    @property
    def member_id(self) -> str:
        """Their id; empty for somebody new."""
        return self.member.id if self.member else ""

    @property
    def name(self) -> str:
        """How they are called, or known."""
        if self.member is None:
            return ""
        return called(self.member)

    @property
    def phone(self) -> str:
        """Their number, where they have told one."""
        return (self.member.phone or "") if self.member else ""


@dataclass(frozen=True, slots=True)
class Found:
    """Members by what was looked for; ``more`` where there are others as well."""

    members: Sequence[StaffMemberView]
    more: bool


@dataclass(frozen=True, slots=True)
class Priced:
    """Units of an offer, and what they cost."""

    title: str
    quantity: int
    total: MoneyField


@dataclass(frozen=True, slots=True)
class Sum:
    """What an order comes to: its lines, what is added and taken off, and all of it."""

    lines: tuple[Priced, ...]
    discount: MoneyField
    delivery: MoneyField
    total: MoneyField


def found(visit: Visit[Any], q: str) -> Found:
    """Members by a name, a number or an address."""
    page = ask(visit, list_members, query={"q": q}, limit=_FOUND)
    return Found(page.items, page.last_key is not None)


def caller(visit: Visit[Any], member_id: str | None) -> Caller:
    """The member of that id, or somebody new. Raises NotFound."""
    return Caller(ask(visit, read_member, path={"id": member_id}) if member_id else None)


def open_campaigns(visit: Visit[Any]) -> list[CampaignView]:
    """Those that take orders, of some members at least, which are paid when they are handed over, the first to close
    first.
    """
    listed = [
        each
        for status in (Status.OPEN, Status.EXTENDED, Status.SCHEDULED)
        for each in ask(visit, list_campaigns, query={"status": status.value}, limit=_OPEN).items
        if status is not Status.SCHEDULED or any(early.opens_at <= visit.now for early in each.early_access)
    ]
    taking = [each for each in listed if PAY_AT_PICKUP in each.payment_methods]
    return sorted(taking, key=lambda each: (each.closes_at is None, each.closes_at, each.id))


@dataclass(frozen=True, slots=True)
class Basket:
    """The form of an order: the group buy, its goods with what was chosen so far, and whose it is. ``place`` is the
    pickup point where it will most likely be collected; empty where none is likelier than the others.
    """

    campaign: CampaignView
    goods: Goods
    caller: Caller
    place: str


def basket(visit: Visit[Any], campaign_id: str, member_id: str | None, typed: NewOrder | None) -> Basket:
    """Raises NotFound for a group buy or a member whom there is not."""
    campaign = campaign_of(visit, campaign_id)
    whose = caller(visit, member_id)
    chosen = goods(visit, campaign, {}, typed.units if typed else {})
    return Basket(campaign, chosen, whose, _place(visit, campaign, whose))


def _place(visit: Visit[Any], campaign: CampaignView, whose: Caller) -> str:
    """The only pickup point, or the one of the caller's last order."""
    points = [point.id for point in campaign.pickup_points]
    if len(points) == 1:
        return points[0]
    last = ask(visit, list_orders, query={"member_id": whose.member_id}, limit=1).items if whose.member else ()
    return next((order.pickup_point_id for order in last if order.pickup_point_id in points), "")


def whole(visit: Visit[Any], typed: NewOrder) -> tuple[Sum, Caller]:
    """What an order comes to, and whose it will be. Raises what keeps it from being placed, as far as is known yet."""
    asked = typed.quote()
    try:
        quote = ask(visit, quote_for_caller, body=asked)
    except NotFound:
        if typed.member_id:
            raise
        return _for_somebody_new(visit, asked), Caller(None)
    lines = tuple(Priced(each.title, each.quantity, each.total) for each in quote.lines)
    whose = caller(visit, typed.member_id) if typed.member_id else _by_phone(visit, typed.phone)
    return Sum(lines, quote.totals.discount, quote.totals.delivery, quote.total), whose


def _by_phone(visit: Visit[Any], phone: str) -> Caller:
    known = ask(visit, list_members, query={"phone": phone}).items
    return Caller(known[0] if known else None)


def _for_somebody_new(visit: Visit[Any], asked: dict[str, Any]) -> Sum:
    """By the group buy's own prices: whoever is no member yet has no right to others."""
    wish = visit.form(CallersQuoteForm, asked).wish()
    campaign = get_published(visit.tenant_id, wish.campaign_id)
    check_offered(campaign, wish, visit.now)
    offers = {offer.offer_id: offer for offer in campaign.offers}
    items = [Item(each, offers[each].sku_id, units, offers[each].price_minor) for each, units in wish.lines]
    totals = Totals.of(sum(each.total_minor for each in items), delivery=delivery_fee(campaign, items, wish))

    def money(minor: int) -> MoneyField:
        return MoneyField.of(minor, campaign.currency)

    lines = tuple(Priced(offers[each.offer_id].title, each.quantity, money(each.total_minor)) for each in items)
    return Sum(lines, money(totals.discount), money(totals.delivery), money(totals.total))
