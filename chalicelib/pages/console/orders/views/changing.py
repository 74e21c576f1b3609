"""What the forms that change an order show: its goods with how many there may be, and where it may be handed over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.routes import read_campaign, read_progress
from chalicelib.campaigns.views.campaigns import CampaignView, PlaceView
from chalicelib.campaigns.views.kinds import DeliveryView as DeliveryTerms
from chalicelib.orders.views.orders import FullStaffOrderView
from chalicelib.pages.console.orders.forms import held
from chalicelib.pages.shell import Visit, ask
from chalicelib.web import MoneyField


@dataclass(frozen=True, slots=True)
class Choice:
    """An offer in a form: how many there are ``now``, how many are ``asked`` for, and how many there may be."""

    offer_id: str
    title: str
    price: MoneyField
    now: int
    asked: int
    most: int


@dataclass(frozen=True, slots=True)
class Goods:
    """The goods of an order and, of the same group buy, what else can be had."""

    ordered: tuple[Choice, ...]
    others: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where an order may be handed over, and which of it is chosen: the id of a pickup point, or ``delivery``."""

    points: tuple[PlaceView, ...]
    delivery: DeliveryTerms | None
    chosen: str


def campaign_of(visit: Visit[Any], campaign_id: str) -> CampaignView:
    """The group buy of an order, or for one. Raises NotFound."""
    found: CampaignView = ask(visit, read_campaign, path={"id": campaign_id})
    return found


def places(campaign: CampaignView, order: FullStaffOrderView, chosen: str | None) -> Places:
    """With what was chosen so far, or where the order is."""
    stands = "delivery" if order.delivery else order.pickup_point_id
    return Places(tuple(campaign.pickup_points), campaign.delivery, chosen or stands)


def goods(visit: Visit[Any], campaign: CampaignView, had: Mapping[str, int], asked: Mapping[str, int]) -> Goods:
    """What is on offer and left, with what was asked for so far; ``had`` is what an order has already."""
    progress = ask(visit, read_progress, path={"id": campaign.id})
    left = {each.offer_id: each.left for each in progress.offers}
    choices = []
    for offer in campaign.offers:
        now = had.get(offer.offer_id, 0)
        there = now + left.get(offer.offer_id, 0)
        most = there if offer.per_member_limit is None else min(there, max(offer.per_member_limit, now))
        wanted = asked.get(offer.offer_id, now)
        choices.append(Choice(offer.offer_id, offer.title, offer.price, now, wanted, most))
    others = tuple(each for each in choices if not each.now and (each.most or each.asked))
    return Goods(tuple(each for each in choices if each.now), others)


def lowered(order: FullStaffOrderView, asked: Mapping[str, int]) -> tuple[Choice, ...]:
    """What an order holds, of which each may become less; of a bundle each part."""
    return tuple(
        Choice(each.name, each.title, each.price, each.quantity, asked.get(each.name, each.quantity), each.quantity)
        for each in held(order)
    )


def quantities(order: FullStaffOrderView) -> dict[str, int]:
    """How many there are of each offer."""
    return {line.offer_id: line.quantity for line in order.lines}
