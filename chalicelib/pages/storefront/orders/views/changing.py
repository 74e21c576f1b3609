"""What the form of a change shows: what is in the order, what could be, and where it may be handed over."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.campaigns.progress.service import Progress
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.views.kinds import DeliveryView as DeliveryTerms
from chalicelib.campaigns.views.kinds import kind_terms
from chalicelib.orders.changes.service.editing import Outlook
from chalicelib.orders.model import quantities
from chalicelib.orders.records import OrderRecord
from chalicelib.pickup_points.model import PickupPlace
from chalicelib.pricing.model import Words
from chalicelib.web import MoneyField


@dataclass(frozen=True, slots=True)
class Choice:
    """An offer in the form: how many there are ``now``, how many are ``asked`` for, and how many there may be."""

    offer_id: str
    title: str
    price: MoneyField
    now: int
    asked: int
    most: int


@dataclass(frozen=True, slots=True)
class Changing:
    """The form of a change, filled in."""

    ordered: tuple[Choice, ...]
    others: tuple[Choice, ...]
    places: tuple[PickupPlace, ...]
    delivery: DeliveryTerms | None
    place: str
    waits: bool

    @classmethod
    def of(
        cls, order: OrderRecord, campaign: CampaignRecord, progress: Progress, units: Mapping[str, int], place: str
    ) -> "Changing":
        """With the ``units`` and the ``place`` that were asked for so far."""
        had = quantities(order.lines)
        held = quantities(order.waiting_edit.added) if order.waiting_edit else {}
        choices = []
        for each in progress.offers:
            offer, now = each.offer, had.get(each.offer.offer_id, 0)
            there = now + held.get(offer.offer_id, 0) + each.left
            most = there if offer.per_member_limit is None else min(there, max(offer.per_member_limit, now))
            price = MoneyField.of(offer.price_minor, order.currency)
            asked = units.get(offer.offer_id, now)
            choices.append(Choice(offer.offer_id, offer.title, price, now, asked, most))
        return cls(
            tuple(each for each in choices if each.now),
            tuple(each for each in choices if not each.now and each.most),
            tuple(campaign.pickup_points),
            kind_terms(campaign)["delivery"],
            place,
            order.pending is not None,
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """What a change comes to: the total before and after, what is paid now, what comes back, what is paid later;
    ``discounts`` are the reasons of what is taken off in the end, with each amount, and ``left_out`` says that a coupon
    of the order is not used any more.
    """

    before: MoneyField
    goods: MoneyField
    discount: MoneyField
    delivery: MoneyField
    total: MoneyField
    charged: MoneyField
    comes_back: MoneyField
    due_later: MoneyField
    discounts: list[tuple[Words, MoneyField]]
    left_out: bool

    @classmethod
    def of(cls, order: OrderRecord, outlook: Outlook) -> "Summary":
        totals = outlook.totals
        amounts = {
            "before": order.total_minor, "goods": totals.goods, "discount": totals.discount,
            "delivery": totals.delivery, "total": totals.total, "charged": outlook.charged,
            "comes_back": outlook.comes_back, "due_later": outlook.due_later,
        }  # fmt: skip
        had, has = (any(each.coupon_id for each in some) for some in (order.discounts, outlook.discounts))
        return cls(
            **{name: MoneyField.of(amount, order.currency) for name, amount in amounts.items()},
            discounts=[(each.reason, MoneyField.of(each.amount_minor, order.currency)) for each in outlook.discounts],
            left_out=had and not has,
        )
