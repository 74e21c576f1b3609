"""What the notices of an order have in common: which order and campaign, how they are said, and to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from chalicelib.campaigns.model.campaign import FROM_PICKUP, Status
from chalicelib.campaigns.model.kinds import AT_PICKUP
from chalicelib.campaigns.notices.model import days
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import fetch_many
from chalicelib.kernel.money import Money
from chalicelib.messaging import Message
from chalicelib.notices.model.facts import InWords, Listed
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.model.people import Person
from chalicelib.notices.telling.service import message_to, tell_member
from chalicelib.orders.bundles.model import as_sold
from chalicelib.orders.changes.records import OrderChangeRecord
from chalicelib.orders.discounts.model import by_step
from chalicelib.orders.notices.model import phrases
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.model import refund_id
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.service.reading import get_order, get_orders
from chalicelib.pickup_points.model import PickupPlace
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.pricing.model import Step
from chalicelib.tenancy import brand_of


@dataclass
class Story:
    """An order as it stands now, with what is said of it. Its campaign, brand and pickup point are read when asked for.

    No notice changes an order: telling costs its request nothing.
    """

    order: OrderRecord
    now: datetime

    @classmethod
    def of(cls, tenant_id: str, order_id: str, now: datetime) -> "Story":
        """Raises NotFound."""
        return cls(get_order(tenant_id, order_id, consistent=True), now)

    @classmethod
    def of_all(cls, tenant_id: str, order_ids: Sequence[str], now: datetime) -> "list[Story]":
        """The stories of many orders, whose campaigns and pickup points are read together. Raises NotFound."""
        stories = [cls(order, now) for order in get_orders(tenant_id, order_ids)]
        campaigns = {CampaignRecord.address(tenant_id, story.order.campaign_id) for story in stories}
        points = {PickupPointRecord.address(tenant_id, story.order.pickup_point_id) for story in stories}
        kinds = [(CampaignRecord, *each) for each in campaigns] + [(PickupPointRecord, *each) for each in points]
        found = {(each.pk, each.sk): each for each in fetch_many(kinds, consistent=True) if each is not None}
        for story in stories:
            if campaign := found.get(CampaignRecord.address(tenant_id, story.order.campaign_id)):
                story.campaign = campaign
            if point := found.get(PickupPointRecord.address(tenant_id, story.order.pickup_point_id)):
                story.point = point.place
        return stories

    @cached_property
    def campaign(self) -> CampaignRecord:
        return get_campaign(self.order.tenant_id, self.order.campaign_id, consistent=True)

    @cached_property
    def point(self) -> PickupPlace:
        """The pickup point as it is now, or else as the campaign had it."""
        address = PickupPointRecord.address(self.order.tenant_id, self.order.pickup_point_id)
        found = PickupPointRecord.fetch(*address)
        if found is not None:
            return found.place
        return next(each for each in self.campaign.pickup_points if each.id == self.order.pickup_point_id)

    @property
    def about(self) -> tuple[str, str]:
        """The names of the brand and of the order's campaign."""
        return brand_of(self.order.tenant_id).name, self.campaign.title

    @property
    def closes_at(self) -> datetime:
        """Until when the order can be changed."""
        _, closes_at = self.campaign.window
        return closes_at

    @property
    def items(self) -> Listed:
        """What it holds: a bundle as it was sold or, where something of it is missing, its parts."""
        titles = self.campaign.titles
        parts = {offer.offer_id: len(offer.parts) for offer in self.campaign.offers}
        said = [
            [(line.offer_id, line.quantity)]
            if line.is_whole(parts[line.offer_id])
            else [(part.offer_id, part.quantity) for part in line.parts]
            for line in as_sold(self.order.lines)
        ]
        return tuple(f"{titles[name]} × {units}" for each in said for name, units in each)

    @property
    def where(self) -> Listed:
        if address := self.order.delivery_address:
            return (address.address,)
        return self.point.name, self.point.address

    @property
    def handover(self) -> InWords:
        if address := self.order.delivery_address:
            return phrases.brought_to(address.address)
        where, arrives_on = phrases.collected_at(self.point.name, self.point.address), self.campaign.arrives_on
        if arrives_on is None or Status(self.campaign.status) in FROM_PICKUP:
            return where
        return phrases.joined(where, phrases.expected_on(days(arrives_on, arrives_on)))

    @property
    def as_it_stands(self) -> tuple[str, str, Listed, Money, InWords, InWords, str]:
        """The facts of an ``OrderAsItStands``."""
        order = self.order
        return (*self.about, self.items, self.money(order.total_minor), self.payment, self.handover, order.pickup_code)

    @property
    def payment(self) -> InWords:
        """What its member's own coupon and points took off it, what was paid of it, and when the rest is."""
        order, due = self.order, self.money(self.order.totals.due)
        paid = self.money(order.refundable_minor + int(order.returned_minor or 0))
        if not paid.amount_minor and not due.amount_minor:
            return phrases.joined(self._taken_off, phrases.NOTHING_TO_PAY)
        have = phrases.have_paid(paid) if paid.amount_minor else phrases.NOTHING
        return phrases.joined(self._taken_off, have, self._rest(due))

    @property
    def _taken_off(self) -> InWords:
        order = self.order
        coupon, paid = by_step(order.discounts, Step.COUPON), order.points
        points = paid.points if paid else 0
        if order.is_gift:
            return phrases.redeemed(points)
        by_points = self.money(by_step(order.discounts, Step.POINTS))
        return phrases.taken_off(self.money(coupon) if coupon else None, points, by_points)

    @property
    def own_comes_back(self) -> InWords:
        """What comes back of its member's own coupon and points; nothing unless it came to nothing."""
        order = self.order
        if not order.came_to_nothing:
            return phrases.NOTHING
        coupon = any(each.coupon_id for each in order.discounts)
        return phrases.own_come_back(order.points.points if order.points else 0, coupon=coupon)

    @property
    def to_pay(self) -> InWords:
        """What is to be paid of an order that waits to be handed over."""
        order, due = self.order, self.money(self.order.totals.due)
        if due.amount_minor:
            return self._rest(due)
        return phrases.PAID_IN_FULL if int(order.paid_minor) else phrases.NOTHING_TO_PAY

    def _rest(self, due: Money) -> InWords:
        if not due.amount_minor:
            return phrases.NOTHING
        online = self.order.balance_due_at is not None or AT_PICKUP not in self.campaign.payment_methods
        if not online:
            return phrases.pay_on_handover(due, brought=self.order.delivery_to is not None)
        is_asked = self.order.deposit_minor is None or self.order.balance_asked
        return phrases.still_due(due) if is_asked else phrases.balance_later(due)

    def money(self, amount_minor: int) -> Money:
        return Money(int(amount_minor), self.order.currency)

    def refunds_for(self, cause: str) -> list[RefundRecord]:
        """What goes back for a cause: by the provider, in cash, or both."""
        order = self.order
        ids = [refund_id(order.tenant_id, order.id, *names) for names in ((cause,), (cause, "cash"))]
        wanted = [(RefundRecord, *RefundRecord.address(order.tenant_id, order.id, each)) for each in ids]
        found: list[RefundRecord | None] = fetch_many(wanted, consistent=True)
        return [each for each in found if each is not None]

    def amount_and_way(self, refunds: Sequence[RefundRecord]) -> tuple[Money, InWords]:
        """What comes back in all for one cause, and which way."""
        parts = [(Money(int(each.amount_minor), each.currency), each.method) for each in refunds]
        return self.money(sum(amount.amount_minor for amount, _ in parts)), phrases.ways_back(parts)

    def comes_back(self, cause: str) -> InWords:
        """What comes back for a cause, and which way; nothing where no money does."""
        return phrases.comes_back(
            (Money(int(each.amount_minor), each.currency), each.method) for each in self.refunds_for(cause)
        )

    def change(self, change_id: str) -> OrderChangeRecord | None:
        """A change of the order by its id."""
        address = OrderChangeRecord.address(self.order.tenant_id, self.order.id, change_id)
        return OrderChangeRecord.fetch(*address, consistent=True)

    def message(self, notice: Notice) -> Message:
        """What tells the order's member, once, of the order itself."""
        order, to = self.order, Person.member(self.order.member_id)
        return message_to(order.tenant_id, to, notice, (order.id,), self.now, subject_id=order.id)

    def tell(self, notice: Notice, *cause: str) -> None:
        """Tells the order's member, once for the cause."""
        tell_member(
            self.order.tenant_id, self.order.member_id, notice, cause or (self.order.id,), self.now,
            subject_id=self.order.id,
        )  # fmt: skip
