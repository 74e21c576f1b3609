"""Whoever orders more never harms the others: no further unit turns a reached target into a missed one."""

import random
from collections.abc import Sequence

import pytest

from chalicelib.campaigns.model.offer_terms import OfferTerms
from chalicelib.campaigns.model.target import Measure, OnMiss, Target
from chalicelib.campaigns.progress.service import Progress, progress_of
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.counting.service.counting import count_orders
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.model import DeliveryAddress
from chalicelib.orders.records import OrderRecord
from tests.orders.states import edited
from tests.orders.store import Store

DOOR = DeliveryAddress("Lin", "+8613800138000", "2 Lilac Road")


def falling(store: Store, n: int, *steps: tuple[int, int], quantity: int = 50) -> OfferTerms:
    """The nth SKU on a ladder."""
    return OfferTerms(store.skus[n], None, quantity, ladder=tuple((units, Money(at, "CNY")) for units, at in steps))


def ladders(store: Store) -> list[OfferTerms]:
    """Pears 10.00, 5.00 from five units on; eggs 8.00, 3.00 from three on; oil always 2.50."""
    oil = OfferTerms(store.skus[2], Money(250, "CNY"), 50)
    return [falling(store, 0, (1, 1_000), (5, 500)), falling(store, 1, (1, 800), (3, 300)), oil]


def by(measure: Measure, value: int) -> Target:
    return Target(measure, value, OnMiss.CANCEL)


def live(store: Store, campaign: CampaignRecord) -> Progress:
    count_orders(store.tenant_id, [order.id for order in store.orders(campaign)], clock.now())
    return progress_of([store.again(campaign)], clock.now())[0]


def reached(store: Store, campaign: CampaignRecord) -> int:
    """How far the target is, as the page shows it."""
    measured = live(store, campaign).target_measured
    assert measured is not None
    return measured


@pytest.mark.parametrize(
    ("units", "status"), [([3], "cancelled"), ([4], "locked"), ([4, 1], "locked"), ([5], "locked")]
)
def test_the_order_that_reaches_the_next_step_does_not_undo_the_target(
    store: Store, units: Sequence[int], status: str
) -> None:
    """Four at 10.00 are the 40.00 that were asked for; five cost 5.00 each in the end, and 25.00 are paid."""
    pears = falling(store, 0, (1, 1_000), (5, 500))
    campaign = store.publish(kind="ladder", offers=[pears], target=by(Measure.AMOUNT, 4_000))
    for n, quantity in enumerate(units):
        store.place(campaign, quantity, member=n)
    shown = reached(store, campaign)
    store.lock(campaign)
    decided = store.again(campaign)
    assert (decided.status, decided.totals and decided.totals.amount_minor) == (status, shown)
    assert shown == sum(units) * 1_000


def test_free_delivery_for_a_larger_order_does_not_lower_what_is_reached(store: Store) -> None:
    """Three at 10.00 and 5.00 for delivery come to 35.00; four are delivered free, and the fee never counted."""
    price, door = Money(1_000, "CNY"), {"fee": Money(1_500, "CNY"), "free_from": Money(4_000, "CNY")}
    offers = [OfferTerms(store.skus[0], price, 50)]
    campaign = store.publish(offers=offers, delivery=door, target=by(Measure.AMOUNT, 4_200))
    order = store.place(campaign, 3, delivery=DOOR)
    assert (order.total_minor, reached(store, campaign)) == (4_500, 3_000)
    edited(store, order, 4)
    assert (reached(store, campaign), live(store, campaign).revenue_minor) == (4_000, 4_000)


def test_a_cap_on_turnover_counts_goods_as_ordered_too(store: Store) -> None:
    """Delivery brings the first order to 44.00 and is no goods; the ladder's fall takes nothing off the second."""
    door = {"fee": Money(1_400, "CNY"), "free_from": None}
    terms = {"kind": "ladder", "caps": {"amount": Money(4_000, "CNY")}, "delivery": door}
    campaign = store.publish(offers=[falling(store, 0, (1, 1_000), (4, 500))], **terms)
    store.place(campaign, 3, delivery=DOOR)
    assert (live(store, campaign).ordered_minor, store.again(campaign).status) == (3_000, "open")
    store.place(campaign, 1, member=1)
    assert (live(store, campaign).ordered_minor, store.again(campaign).status) == (4_000, "closing")


def test_what_was_decided_stands_beside_the_target_after_the_lock(store: Store) -> None:
    campaign = store.publish(50, target=by(Measure.QUANTITY, 3))
    kept, leaves = store.place(campaign, 2), store.place(campaign, 1, member=1)
    store.lock(campaign)
    assert reached(store, campaign) == 3
    nothing = {line.offer_id: 0 for line in leaves.lines}
    adjust(store.tenant_id, leaves.id, nothing, cause="gone", reason="Moved away", by="system", now=clock.now())
    assert (reached(store, campaign), live(store, campaign).sold) == (3, 2)
    assert store.order(kept).is_sold


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_order_and_no_larger_edit_ever_lowers_what_is_reached(store: Store, measure: Measure, seed: int) -> None:
    """Cancelled orders alone do, and the close decides by the figure that was shown before it."""
    drawn = random.Random(seed)
    door = {"fee": Money(700, "CNY"), "free_from": Money(3_000, "CNY")}
    terms = {"kind": "ladder", "offers": ladders(store), "delivery": door, "target": by(measure, 12)}
    campaign = store.publish(**terms)
    shown, orders = 0, []
    for n in range(9):
        units = [drawn.randint(0, 3) for _ in campaign.offers]
        if orders and drawn.random() < 0.5:
            order = drawn.choice(orders)
            more = [has + extra for has, extra in zip(all_units(order, campaign), units, strict=True)]
            orders[orders.index(order)] = edited(store, order, *more)
        else:
            to = {"delivery": DOOR} if n % 2 else {}
            orders.append(store.place(campaign, units[0] + 1, *units[1:], member=drawn.randrange(4), key=f"{n}", **to))
        before, shown = shown, reached(store, campaign)
        assert shown >= before
    gone = orders.pop()
    cancel(store.tenant_id, gone.member_id, gone.id, clock.now())
    shown = reached(store, campaign)
    store.lock(campaign)
    decided = store.again(campaign)
    assert decided.totals is not None
    figures = {"quantity": decided.totals.quantity, "participants": decided.totals.participants}
    assert {**figures, "amount": decided.totals.amount_minor}[measure] == shown
    assert (decided.status == "locked") == (shown >= 12)


def all_units(order: OrderRecord, campaign: CampaignRecord) -> list[int]:
    has = {line.offer_id: line.quantity for line in order.lines}
    return [has.get(offer.offer_id, 0) for offer in campaign.offers]
