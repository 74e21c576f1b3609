"""What a campaign's other terms do to orders: delivery to the door, its audience, the caps that close it early."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from chalicelib.campaigns.model.audience import Audience
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction
from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.members.records import MemberRecord
from chalicelib.orders.audience.service import is_meant
from chalicelib.orders.basket.service.pricing import quote_for
from chalicelib.orders.counting.service.counting import count_orders
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.ending.service.hold import expire
from chalicelib.orders.errors import CampaignClosed, DeliveryUnavailable, NotInAudience
from chalicelib.orders.model import DeliveryAddress
from chalicelib.orders.refunds.service import line_shares
from chalicelib.orders.views.orders import OrderView
from tests.orders.store import Store

HOME = DeliveryAddress(name="Ada", phone="+8613800138000", address="3 Lilac Road, flat 12")
DELIVERS = {"delivery": {"fee": Money(600, "CNY"), "free_from": Money(5_000, "CNY")}}


@pytest.mark.parametrize(("units", "fee", "total"), [(1, 600, 1_850), (3, 600, 4_350), (4, 0, 5_000)])
def test_delivery_costs_its_fee_until_the_goods_are_worth_enough(
    store: Store, units: int, fee: int, total: int
) -> None:
    """12.50 a unit, delivered for 6.00, free from 50.00."""
    campaign = store.publish(50, **DELIVERS)
    order = store.place(campaign, units, delivery=HOME)
    assert (order.delivery_minor, order.totals.total, order.totals.due) == (fee, total, total)
    shown = OrderView.as_placed(order)
    assert shown.delivery is not None
    assert shown.delivery.model_dump() == asdict(HOME)
    order.take_cash()
    assert line_shares(order) == {campaign.offers[0].offer_id: units * 1_250} | ({"delivery": fee} if fee else {})
    assert store.place(campaign, units, key="key-2").delivery_minor == 0


def test_a_campaign_that_does_not_deliver_says_so(store: Store) -> None:
    with pytest.raises(DeliveryUnavailable):
        store.place(store.publish(50), 1, delivery=HOME)


def refused(store: Store, campaign: CampaignRecord, member: int = 0) -> bool:
    """Whether neither a quote nor an order is given."""
    wish = store.wish(campaign, 1)
    answers = []
    for ask in (
        lambda: quote_for(store.tenant_id, store.member(member), wish, clock.now()),
        lambda: store.place(campaign, 1, member=member, key=campaign.id),
    ):
        try:
            ask()
            answers.append(False)
        except NotInAudience:
            answers.append(True)
    assert len(set(answers)) == 1
    return answers[0]


def test_a_campaign_for_some_members_is_refused_to_the_others(store: Store) -> None:
    listed = store.publish(50, audience=Audience(member_ids=(store.member(1),)))
    assert (refused(store, listed, 0), refused(store, listed, 1)) == (True, False)
    assert store.place(listed, 1, member=1, key=listed.id).status == "placed", "the same key is answered again"


def test_a_campaign_by_interests_is_for_who_agreed_that_they_are_used(store: Store) -> None:
    """An interest is an answer, and none of them is used without consent."""
    place = MemberRecord.address(store.tenant_id, store.member(0))
    tea = store.publish(50, audience=Audience(tags=("tea",)))
    agreed = {"personalisation": {"granted": True, "at": "2026-11-01T00:00:00Z"}}
    for consent, expected in (({}, True), (agreed, False)):
        member = MemberRecord.fetch(*place, consistent=True)
        assert member is not None
        member.profile, member.consent = {"interests": ["tea"]}, consent
        tx = Transaction()
        tx.replace("member", member)
        tx.commit()
        assert is_meant(tea, member, clock.now()) is not expected
        assert refused(store, tea, 0) is expected


def test_a_campaign_for_new_members_knows_who_ordered_or_joined_before(store: Store) -> None:
    fresh = store.publish(50, audience=Audience(new_members_only=True))
    assert not refused(store, fresh, 0)
    assert refused(store, store.publish(50, audience=Audience(new_members_only=True)), 0)
    recent = store.publish(50, hours=24 * 30, audience=Audience(new_members_only=True, joined_within_days=7))
    wish = store.wish(recent, 1)
    assert quote_for(store.tenant_id, store.member(2), wish, clock.now() + timedelta(days=7)).quote.totals.total
    with pytest.raises(NotInAudience):
        quote_for(store.tenant_id, store.member(2), wish, clock.now() + timedelta(days=8))


def test_a_campaign_whose_cap_is_reached_closes_early(store: Store) -> None:
    campaign = store.publish(50, caps={"orders": 2, "amount": None})
    orders = [store.place(campaign, 1, member=n) for n in range(2)]
    count_orders(store.tenant_id, [orders[0].id], clock.now())
    assert store.again(campaign).status == "open"
    for _ in range(2):
        count_orders(store.tenant_id, [orders[1].id], clock.now())
    assert store.again(campaign).status == "closing"
    with pytest.raises(CampaignClosed):
        store.place(campaign, 1, member=3)


def test_an_order_that_came_to_nothing_leaves_its_member_a_newcomer(store: Store) -> None:
    """A hold without payment, and an order cancelled in time; one that waits for its payment is an order."""
    fresh = store.publish(50, audience=Audience(new_members_only=True))
    held = store.hold(fresh, 1)
    assert refused(store, fresh, 0)
    expire(store.tenant_id, held.id, clock.now() + timedelta(minutes=16))
    again = store.place(fresh, 1, key="key-2")
    cancel(store.tenant_id, store.member(), again.id, clock.now())
    assert store.place(fresh, 1, key="key-3").status == "placed"
    assert refused(store, store.publish(50, audience=Audience(new_members_only=True)), 0)
