"""What the API shows to leaders: what they need at the counter, and nothing about other points."""

from datetime import datetime
from typing import Self

from chalicelib.campaigns.model.campaign import FROM_PICKUP
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.fulfilment.leader.service import PointOrders, PointSheet
from chalicelib.fulfilment.sorting.views.sheets import DoorView, SheetView, SortingSheetsView
from chalicelib.members.model.masking import masked_phone
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.surroundings import Surroundings
from chalicelib.orders.views.lines import HandedOverView, as_handed_over
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.web import Instant, LocalDate, MoneyField, View


class LedPointView(View):
    """A pickup point as its leader sees it; ``commission_bps`` in basis points, for campaigns published from now on."""

    id: str
    name: str
    address: str
    opening_hours: str | None
    commission_bps: int

    @classmethod
    def of(cls, point: PickupPointRecord) -> Self:
        return cls.model_validate(point.place)


class LedCampaignView(View):
    """A campaign that hands over at the leader's point, with the commission promised there (basis points), and the day
    on which its goods are expected.
    """

    id: str
    title: str
    kind: str
    status: CampaignStatus
    opens_at: Instant | None
    closes_at: Instant | None
    arrives_on: LocalDate | None
    commission_bps: int

    @classmethod
    def of(cls, campaign: CampaignRecord, pickup_point_id: str, now: datetime) -> Self:
        own = next(point for point in campaign.pickup_points if point.id == pickup_point_id)
        names = ("id", "title", "kind", "opens_at", "closes_at", "arrives_on")
        return cls(
            **{name: getattr(campaign, name) for name in names},
            status=campaign.shown_status(now),
            commission_bps=own.commission_bps,
        )


class PointSheetView(SheetView):
    """A pickup point's sheet of a campaign. Nothing is handed over unless ``is_there``: the goods wait at the pickup
    point. ``also_waiting`` has the ids of other campaigns with orders that wait here,
    where the campaign was not named.
    """

    campaign_id: str
    campaign_title: str
    campaign_status: CampaignStatus
    is_there: bool
    also_waiting: list[str]

    @classmethod
    def of(cls, found: PointSheet) -> Self:
        campaign = found.sorting.campaign
        (sheet,) = SortingSheetsView.of(found.sorting).sheets
        return cls(
            **dict(sheet), campaign_id=campaign.id, campaign_title=campaign.title,
            campaign_status=CampaignStatus(campaign.status), is_there=campaign.status in FROM_PICKUP,
            also_waiting=list(found.also_waiting),
        )  # fmt: skip


class CounterLineView(HandedOverView):
    """Units of an offer, or of a bundle's part, in an order: ordered, and handed over so far."""


class CounterOrderView(View):
    """An order at the counter: whose it is, what is in it, and what is ``due`` in cash. Its code is the member's. Who
    gave no ``name`` goes by that of the delivery, if there is one.

    Of what is ``refunded``, that by ``pickup`` is paid out here: ``/v1/orders/{id}/refunds`` lists it.
    """

    id: str
    status: Status
    campaign_id: str
    campaign_title: str
    name: str | None
    phone: str | None
    lines: list[CounterLineView]
    payment_method: str
    due: MoneyField
    refunded: MoneyField
    delivery: DoorView | None
    placed_at: Instant
    picked_up_at: Instant | None

    @classmethod
    def every(cls, found: PointOrders) -> list[Self]:
        """A view of each order of a page."""
        return [cls._of(order, found.around) for order in found.page.items]

    @classmethod
    def _of(cls, order: OrderRecord, around: Surroundings) -> Self:
        member, campaign = around.members.get(order.member_id), around.campaigns[order.campaign_id]
        address = order.delivery_address
        return cls(
            **{name: getattr(order, name) for name in ("id", "status", "campaign_id", "placed_at", "picked_up_at")},
            campaign_title=campaign.title,
            name=(member.name if member else None) or (address.name if address else None),
            phone=masked_phone(member.phone) if member else None,
            lines=[CounterLineView(**each) for each in as_handed_over(order, around)],
            payment_method=order.method,
            due=MoneyField.of(order.totals.due, order.currency),
            refunded=MoneyField.of(order.totals.refunded, order.currency),
            delivery=DoorView.model_validate(address) if address else None,
        )
