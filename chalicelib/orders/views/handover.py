"""What the API shows where somebody says a pickup code."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from chalicelib.kernel.errors import DomainError
from chalicelib.members.model.masking import masked_phone
from chalicelib.orders.handover.service.by_code import Outcome, Parcels
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.surroundings import Surroundings
from chalicelib.orders.views.lines import HandedOverView, as_handed_over
from chalicelib.orders.views.orders import DeliveryView, OrderedInView, ordered_in
from chalicelib.web import Instant, MoneyField, View


class RefusalView(View):
    """Why a parcel is not handed over; ``code`` is what programs go by."""

    code: str
    title: str
    detail: str

    @classmethod
    def of(cls, refusal: DomainError, locale: str) -> Self:
        zh = locale.startswith("zh")
        title, detail = (refusal.title_zh, refusal.detail_zh) if zh else (refusal.title, refusal.detail)
        return cls(code=refusal.code, title=title, detail=detail)


class ParcelLineView(HandedOverView):
    """Units of an offer, or of a bundle's part, in a parcel: ordered, and handed over so far; ``substitutes`` are given
    as another SKU.
    """


class ParcelView(View):
    """An order as it is handed over. ``due`` is taken in cash; of what is ``refunded``, that by ``pickup`` is paid out
    here. An ``exchange`` replaces what was sent back.
    """

    id: str
    status: Status
    campaign: OrderedInView
    lines: list[ParcelLineView]
    payment_method: str
    due: MoneyField
    refunded: MoneyField
    delivery: DeliveryView | None
    exchange: bool
    placed_at: Instant
    picked_up_at: Instant | None

    @classmethod
    def of(cls, order: OrderRecord, around: Surroundings, now: datetime) -> Self:
        return cls(**_parcel(order, around, now))


class WaitingParcelView(ParcelView):
    """A parcel that waits. ``said`` marks the one whose code was said; a ``hindrance`` says why one cannot be handed
    over yet.
    """

    said: bool
    hindrance: RefusalView | None


class ParcelsView(View):
    """What whoever said a code collects here: the member's name, the last digits of their number, their parcels, and
    what is ``due`` in cash for all that have no hindrance.
    """

    pickup_point_id: str
    name: str | None
    phone: str | None
    due: MoneyField
    parcels: list[WaitingParcelView]

    @classmethod
    def of(cls, found: Parcels, now: datetime, locale: str) -> Self:
        said = found.orders[0]
        member = found.around.members.get(said.member_id)
        address = said.delivery_address
        return cls(
            pickup_point_id=said.pickup_point_id,
            name=(member.name if member else None) or (address.name if address else None),
            phone=masked_phone(member.phone) if member else None,
            due=MoneyField.of(found.due_minor, said.currency),
            parcels=[
                WaitingParcelView(
                    **_parcel(order, found.around, now),
                    said=order is said,
                    hindrance=RefusalView.of(refusal, locale) if (refusal := found.hindrances.get(order.id)) else None,
                )
                for order in found.orders
            ],
        )


class OutcomeView(View):
    """What became of an order: handed over, with the order as it is then, or ``refused`` and why."""

    order_id: str
    handed_over: bool
    order: ParcelView | None
    refused: RefusalView | None


class OutcomesView(View):
    """What was handed over, order by order; ``complete`` where all of it was. Sent again with the same Idempotency-Key,
    what was handed over stays so, and the rest is tried again.
    """

    complete: bool
    results: list[OutcomeView]

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], around: Surroundings, now: datetime, locale: str) -> Self:
        return cls(
            complete=all(each.order is not None for each in outcomes),
            results=[
                OutcomeView(
                    order_id=each.order_id,
                    handed_over=each.order is not None,
                    order=ParcelView.of(each.order, around, now) if each.order is not None else None,
                    refused=RefusalView.of(each.refusal, locale) if each.refusal is not None else None,
                )
                for each in outcomes
            ],
        )


def _parcel(order: OrderRecord, around: Surroundings, now: datetime) -> dict[str, Any]:
    return {
        "id": order.id,
        "status": order.status,
        "campaign": ordered_in(around.campaigns[order.campaign_id], now),
        "lines": [ParcelLineView(**each) for each in as_handed_over(order, around)],
        "payment_method": order.method,
        "due": MoneyField.of(order.totals.due, order.currency),
        "refunded": MoneyField.of(order.totals.refunded, order.currency),
        "delivery": DeliveryView.model_validate(address) if (address := order.delivery_address) else None,
        "exchange": order.origin is not None,
        "placed_at": order.placed_at,
        "picked_up_at": order.picked_up_at,
    }
