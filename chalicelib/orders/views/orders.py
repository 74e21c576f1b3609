"""What the API shows of orders."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.members.model.masking import masked_phone
from chalicelib.orders.model import PaymentState, Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.service import taxable
from chalicelib.orders.service.surroundings import Surroundings
from chalicelib.orders.views.lines import (
    LineView,
    PickedView,
    TitledLineView,
    line_taxes,
    line_views,
    picked_views,
    titled,
)
from chalicelib.orders.views.totals import DiscountView, TotalsView, discounts_of_order
from chalicelib.pricing.views import TaxView
from chalicelib.web import Contact, Instant, LocalDate, MoneyField, View


class DeliveryView(View):
    """Where an order is delivered to the door."""

    name: Contact[str]
    phone: Contact[str]
    address: Contact[str]


class PendingView(View):
    """A dearer basket that becomes the order's when ``amount`` is paid until ``expires_at``; then it is dropped. It is
    handed over at the pickup point, or delivered to the address.
    """

    lines: list[LineView]
    pickup_point_id: str
    delivery: DeliveryView | None
    amount: MoneyField
    expires_at: Instant


class OrderView(View):
    """An order as its member sees it.

    A ``held`` order keeps its units until ``hold_expires_at``. Where there is a ``deposit``, it is charged first; the
    rest is due until ``balance_due_at``, or at the pickup point where that is null. While the
    payment provider does not say whether a deadline was met, ``awaiting_provider_since`` then, nothing is taken away.
    ``after_sale_id`` marks an order that replaces what was sent back, ``is_gift`` one that was had for points. ``tax``
    is included in its total as it stands, at the rates of when it was placed; what refunds reverse of it stands in
    them.
    """

    id: str
    status: Status
    campaign_id: str
    pickup_point_id: str
    lines: list[LineView]
    discounts: list[DiscountView]
    totals: TotalsView
    tax: list[TaxView]
    pending: PendingView | None
    payment_method: str
    deposit: MoneyField | None
    balance_due_at: Instant | None
    delivery: DeliveryView | None
    team_id: str | None
    after_sale_id: str | None
    is_gift: bool
    pickup_code: str | None
    hold_expires_at: Instant | None
    awaiting_provider_since: Instant | None
    placed_at: Instant
    cancelled_at: Instant | None
    cancelled_by: str | None
    forfeited_at: Instant | None
    picked: list[PickedView]
    picked_up_at: Instant | None

    @classmethod
    def of(cls, order: OrderRecord) -> Self:
        """The order as it stands."""
        return cls(**_order(order))

    @classmethod
    def as_placed(cls, order: OrderRecord) -> Self:
        """The first answer to its placing, byte by byte the same whatever has become of the order since."""
        return cls.of(order if order.rev == 1 else order.as_first())


class ViaView(View):
    """Whose link was followed last before an order, within thirty days: a channel's, or a member's who passed it on."""

    channel_id: str | None
    sharer_id: str | None


class StaffOrderView(OrderView):
    """An order as the brand's people see it; the code only where they may hand over. ``placed_by`` is who placed it in
    its member's stead, or decided on the exchange. ``payment`` is how far it is paid. ``via`` is whose link led to it.
    """

    member_id: str
    placed_by: str | None
    payment: PaymentState
    picked_up_by: str | None
    via: ViaView | None

    @classmethod
    def for_staff(cls, order: OrderRecord, *, with_code: bool) -> Self:
        return cls(**_staff_order(order, with_code=with_code))

    @classmethod
    def placed_for_member(cls, order: OrderRecord) -> Self:
        """The first answer to its placing, the same whatever has become of the order since."""
        return cls.for_staff(order if order.rev == 1 else order.as_first(), with_code=True)


class OrderedInView(View):
    """The campaign that an order belongs to; ``arrives_on`` is the day on which its goods are expected at the pickup
    points.
    """

    id: str
    title: str
    kind: str
    status: CampaignStatus
    opens_at: Instant | None
    closes_at: Instant | None
    arrives_on: LocalDate | None


class CollectedAtView(View):
    """The pickup point of an order, as its campaign was published with it."""

    id: str
    name: str
    address: str
    opening_hours: str | None


class FullOrderView(OrderView):
    """An order with the words around it: what each line is called, its campaign, its pickup point."""

    lines: list[TitledLineView]  # type: ignore[assignment]
    campaign: OrderedInView
    pickup_point: CollectedAtView

    @classmethod
    def every(cls, orders: Iterable[OrderRecord], around: Surroundings, now: datetime) -> list[Self]:
        """A view of each order of a page."""
        return [cls(**_order(order) | _around(order, around, now)) for order in orders]


class FullStaffOrderView(StaffOrderView):
    """An order as the brand's people see it, with the words around it and the member's name; of their phone number the
    last digits are shown.
    """

    lines: list[TitledLineView]  # type: ignore[assignment]
    campaign: OrderedInView
    pickup_point: CollectedAtView
    member_name: Contact[str]
    member_phone: Contact[str]

    @classmethod
    def every(
        cls, orders: Iterable[OrderRecord], around: Surroundings, now: datetime, *, with_code: bool
    ) -> list[Self]:
        """A view of each order of a page."""
        return [cls._of(order, around, now, with_code=with_code) for order in orders]

    @classmethod
    def _of(cls, order: OrderRecord, around: Surroundings, now: datetime, *, with_code: bool) -> Self:
        member = around.members.get(order.member_id)
        shown = _staff_order(order, with_code=with_code) | _around(order, around, now)
        return cls(
            **shown,
            member_name=member.name if member else None,
            member_phone=masked_phone(member.phone) if member else None,
        )


def ordered_in(campaign: CampaignRecord, now: datetime) -> OrderedInView:
    """A campaign as its orders name it."""
    names = ("id", "title", "kind", "opens_at", "closes_at", "arrives_on")
    return OrderedInView(**{name: getattr(campaign, name) for name in names}, status=campaign.shown_status(now))


def _around(order: OrderRecord, around: Surroundings, now: datetime) -> dict[str, Any]:
    campaign = around.campaigns[order.campaign_id]
    place = next(point for point in campaign.pickup_points if point.id == order.pickup_point_id)
    return {
        "lines": titled(order, around),
        "campaign": ordered_in(campaign, now),
        "pickup_point": CollectedAtView.model_validate(place),
    }


def unnamed(by: str) -> str:
    """Who did something, as a member is told: ``member``, ``staff``, or what did it by itself; never who exactly."""
    kind = by.partition(":")[0]
    return "staff" if kind == "api_key" else kind


def _pending(order: OrderRecord) -> PendingView | None:
    waits = order.waiting_edit
    if waits is None:
        return None
    place = waits.place or order.place
    return PendingView(
        lines=line_views(waits.lines, order.currency),
        pickup_point_id=place.pickup_point_id,
        delivery=DeliveryView.model_validate(place.delivery) if place.delivery else None,
        amount=MoneyField.of(waits.amount_minor, order.currency),
        expires_at=waits.until,
    )


def _order(order: OrderRecord) -> dict[str, Any]:
    included = taxable(order)
    taxes = line_taxes(included, order.currency)
    return {
        "id": order.id,
        "status": order.status,
        "campaign_id": order.campaign_id,
        "pickup_point_id": order.pickup_point_id,
        "lines": line_views(order.lines, order.currency, taxes),
        "discounts": discounts_of_order(order),
        "totals": TotalsView.of(order.totals, order.currency),
        "tax": TaxView.each(included.document, order.currency),
        "pending": _pending(order),
        "payment_method": order.method,
        "deposit": MoneyField.of(int(order.deposit_minor), order.currency) if order.deposit_minor else None,
        "balance_due_at": order.balance_due_at,
        "delivery": DeliveryView.model_validate(address) if (address := order.delivery_address) else None,
        "team_id": order.team_id,
        "after_sale_id": order.origin,
        "is_gift": bool(order.is_gift),
        "pickup_code": order.pickup_code,
        "hold_expires_at": order.hold_expires_at if order.status == Status.HELD else None,
        "awaiting_provider_since": order.wait.since if order.wait else None,
        "placed_at": order.placed_at,
        "cancelled_at": order.cancelled_at,
        "cancelled_by": order.cancelled_by and unnamed(order.cancelled_by),
        "forfeited_at": order.forfeited_at,
        "picked": picked_views(order),
        "picked_up_at": order.picked_up_at,
    }


def _staff_order(order: OrderRecord, *, with_code: bool) -> dict[str, Any]:
    shown = _order(order) | {
        "member_id": order.member_id,
        "placed_by": order.placed_by,
        "payment": order.payment,
        "cancelled_by": order.cancelled_by,
        "picked_up_by": order.picked_up_by,
        "via": ViaView.model_validate(order.via) if order.via else None,
    }
    return shown if with_code else shown | {"pickup_code": None}
