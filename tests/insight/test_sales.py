"""Worked cases of what an order counts for, however it is paid: orders, units, sales, new members."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.campaigns.model.kinds import Balance, NoShow
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction, tenant_scope
from chalicelib.insight.activity.service import own_orders
from chalicelib.insight.model.cohorts import Mode
from chalicelib.insight.model.periods import Unit, number
from chalicelib.insight.records import DirtyDay, RollupRecord
from chalicelib.insight.reports.service.retention import Question, retention
from chalicelib.insight.reports.service.summary import summarise
from chalicelib.insight.rollups.service.days import roll_month, take_marks
from chalicelib.kernel import clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.ending.service import hold
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.exchanges.service import place_exchange
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.payment.service.balance import end_unpaid
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from infra.local.engine import Engine
from tests.memory import Memory
from tests.orders.states import again, at_pickup, edited, locked, released, write
from tests.orders.store import Store, open_store
from tests.orders.test_passes import run

EACH_MINOR = 1_250
Figures = tuple[int, int, int, int]
"""Orders, units, GMV in minor units, and members who are new."""
NOTHING: Figures = (0, 0, 0, 0)


@pytest.fixture
def store(engine: Engine, memory: Memory) -> Iterator[Store]:
    made = open_store(remembered=memory)
    with tenant_scope(made.tenant_id):
        yield made


def today() -> date:
    return local_date(clock.now(), zone("Asia/Shanghai"))


def rolled(store: Store, *orders: OrderRecord) -> None:
    """The orders are recorded as they stand, and their days rolled up."""
    own_orders.record_orders(store.tenant_id, [order.id for order in orders])
    marks = DirtyDay.until(store.tenant_id, date.max)
    for mark in marks:
        roll_month(store.tenant_id, number(mark.on, Unit.MONTH), [mark.on])
    take_marks(store.tenant_id, marks)


def figures(store: Store, *orders: OrderRecord) -> Figures:
    """What the report of the orders' days says once they are counted."""
    rolled(store, *orders)
    report = summarise(store.tenant_id, today() - timedelta(days=1), today(), None, clock.now())
    group, sales = report.total, report.total.totals.sales
    assert group.new is not None
    return group.totals.orders, group.totals.quantity, sales.get("CNY", (0, 0))[1], group.new.bit_count()


def ordered(store: Store, campaign: CampaignRecord, method: str, units: int = 2, **more: object) -> OrderRecord:
    """A placed order of so many at 12.50, paid where it is paid online."""
    if method == "pickup":
        return store.place(campaign, units, **more)  # type: ignore[arg-type]
    order = store.hold(campaign, units, **more)
    assert store.pay(order)
    return store.order(order)


def lowered(store: Store, order: OrderRecord, units: int, cause: str = "shortage:1") -> None:
    """So many units are left in the order: less came than was ordered, or staff took some out."""
    wanted = {line.offer_id: units for line in order.lines}
    adjust(store.tenant_id, order.id, wanted, cause=cause, reason="none came", by="staff:1", now=clock.now())


def waits_uncollected(store: Store, order: OrderRecord, action: str = "refund") -> None:
    """The time to collect its campaign's orders is over."""
    campaign = at_pickup(store, store.again(campaign_of(store, order)))
    campaign.stored_no_show = replace(NoShow(), action=action)  # type: ignore[type-var]
    write(campaign)
    run(store, campaign, "no_show")


def campaign_of(store: Store, order: OrderRecord) -> CampaignRecord:
    return CampaignRecord(*CampaignRecord.address(store.tenant_id, order.campaign_id), id=order.campaign_id)


def collects(store: Store, order: OrderRecord, units: int | None = None) -> None:
    """The member collects the order, or so many units of it."""
    lines = None if units is None else {order.lines[0].offer_id: units}
    order = again(store, order)
    code, by = order.pickup_code, store.staff
    store.bring(order, clock.now())
    pickup.hand_over(store.tenant_id, order.id, code, store.point_id, by, "", clock.now(), lines)


def given_back(store: Store, order: OrderRecord, amount_minor: int) -> None:
    """Money goes back while the order's total stands: a return, or goodwill."""
    tx, order = Transaction(), again(store, order)
    refunds.request(tx, order, amount_minor, cause="return:1", reason=None, by="staff:1", now=clock.now(), stands=True)
    tx.replace("order", order)
    tx.commit()


Case = Callable[[Store, OrderRecord], None]


def placed(store: Store, order: OrderRecord) -> None:
    """Nothing happens to it."""


def locked_campaign(store: Store, order: OrderRecord) -> None:
    store.lock(store.again(campaign_of(store, order)))


def cancelled_by_its_member(store: Store, order: OrderRecord) -> None:
    cancel(store.tenant_id, order.member_id, order.id, clock.now())


def campaign_cancelled(store: Store, order: OrderRecord) -> None:
    released(again(store, order))


def collected(store: Store, order: OrderRecord) -> None:
    locked_campaign(store, order)
    collects(store, order)


def collected_in_part(store: Store, order: OrderRecord) -> None:
    locked_campaign(store, order)
    collects(store, order, 1)


def short_of_one(store: Store, order: OrderRecord) -> None:
    locked_campaign(store, order)
    lowered(store, order, 1)


def short_of_all(store: Store, order: OrderRecord) -> None:
    locked_campaign(store, order)
    lowered(store, order, 0)


def adjusted_to_nothing_in_two_steps(store: Store, order: OrderRecord) -> None:
    short_of_one(store, order)
    lowered(store, order, 0, "adjustment:1")


def never_collected(store: Store, order: OrderRecord) -> None:
    locked_campaign(store, order)
    waits_uncollected(store, order)


def collected_in_part_and_never_again(store: Store, order: OrderRecord) -> None:
    collected_in_part(store, order)
    waits_uncollected(store, order)


def returned_whole(store: Store, order: OrderRecord) -> None:
    collected(store, order)
    given_back(store, order, 2 * EACH_MINOR)


def returned_in_part(store: Store, order: OrderRecord) -> None:
    collected(store, order)
    given_back(store, order, EACH_MINOR)


def raised_by_its_member(store: Store, order: OrderRecord) -> None:
    edited(store, order, 3)
    if order.payment_method is not None:
        assert store.pay(order, EACH_MINOR)


def lowered_by_its_member(store: Store, order: OrderRecord) -> None:
    edited(store, order, 1)


def at_the_ladders_last_price(store: Store, order: OrderRecord) -> None:
    campaign = locked(store, store.again(campaign_of(store, order)), [1_000])
    run(store, campaign, "reprice")


def exchanged(store: Store, order: OrderRecord) -> None:
    collected(store, order)
    units = {line.offer_id: line.quantity for line in order.lines}
    made = place_exchange(
        store.tenant_id, again(store, order), units, "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "staff:1", clock.now()
    )
    own_orders.record_orders(store.tenant_id, [made.id])


# Two units at 12.50 are 25.00. What is left of the order counts, whichever way it is paid.
CASES: list[tuple[Case, Figures]] = [
    (placed, (1, 2, 2_500, 1)),
    (locked_campaign, (1, 2, 2_500, 1)),
    (cancelled_by_its_member, NOTHING),
    (campaign_cancelled, NOTHING),
    (collected, (1, 2, 2_500, 1)),
    (collected_in_part, (1, 2, 2_500, 1)),
    (short_of_one, (1, 1, 1_250, 1)),
    (short_of_all, NOTHING),
    (adjusted_to_nothing_in_two_steps, NOTHING),
    (never_collected, NOTHING),
    (returned_whole, (1, 2, 2_500, 1)),
    (returned_in_part, (1, 2, 2_500, 1)),
    (collected_in_part_and_never_again, (1, 1, 1_250, 1)),
    (raised_by_its_member, (1, 3, 3_750, 1)),
    (lowered_by_its_member, (1, 1, 1_250, 1)),
    (at_the_ladders_last_price, (1, 2, 2_000, 1)),
    (exchanged, (1, 2, 2_500, 1)),
]


@pytest.mark.parametrize("method", ["pickup", "test"])
@pytest.mark.parametrize(("case", "expected"), CASES, ids=[case.__name__ for case, _ in CASES])
def test_an_order_counts_for_the_same_however_it_is_paid(
    store: Store, case: Case, expected: Figures, method: str
) -> None:
    order = ordered(store, store.publish(50), method)
    rolled(store, order)

    case(store, order)

    assert figures(store, order) == expected


def kept_when_not_collected(store: Store, order: OrderRecord) -> None:
    locked_campaign(store, order)
    waits_uncollected(store, order, "forfeit")


def kept_and_given_back_in_part_later(store: Store, order: OrderRecord) -> None:
    kept_when_not_collected(store, order)
    given_back(store, order, 1_000)


def kept_and_given_back_later(store: Store, order: OrderRecord) -> None:
    kept_when_not_collected(store, order)
    given_back(store, order, 2_500)


def kept_when_collected_in_part(store: Store, order: OrderRecord) -> None:
    collected_in_part(store, order)
    waits_uncollected(store, order, "forfeit")


def granted_while_it_waits(store: Store, order: OrderRecord) -> None:
    given_back(store, order, 500)


def granted_whole_and_never_collected(store: Store, order: OrderRecord) -> None:
    given_back(store, order, 2_500)
    kept_when_not_collected(store, order)


# Who keeps the money has sold something, though no units; and where it goes back after all, has not.
KEPT: list[tuple[Case, Figures]] = [
    (kept_when_not_collected, (1, 0, 2_500, 1)),
    (kept_and_given_back_in_part_later, (1, 0, 1_500, 1)),
    (kept_and_given_back_later, NOTHING),
    (kept_when_collected_in_part, (1, 2, 2_500, 1)),
    (granted_while_it_waits, (1, 2, 2_500, 1)),
    (granted_whole_and_never_collected, NOTHING),
]


@pytest.mark.parametrize(("case", "expected"), KEPT, ids=[case.__name__ for case, _ in KEPT])
def test_an_order_whose_money_is_kept_counts_with_that(store: Store, case: Case, expected: Figures) -> None:
    order = ordered(store, store.publish(50), "test")

    case(store, order)

    assert figures(store, order) == expected


@pytest.mark.parametrize("action", ["refund", "forfeit"])
def test_who_pays_nothing_and_does_not_come_is_no_sale_whatever_becomes_of_others(store: Store, action: str) -> None:
    order = ordered(store, store.publish(50), "pickup")
    locked_campaign(store, order)
    waits_uncollected(store, order, action)
    assert figures(store, order) == NOTHING


# Ordered for 10.00, of which 3.33 were paid.
@pytest.mark.parametrize(("on_default", "expected"), [("refund", NOTHING), ("forfeit", (1, 0, 333, 1))])
def test_a_preorder_without_its_balance_counts_with_what_was_kept(
    store: Store, on_default: str, expected: Figures
) -> None:
    terms = {"kind": "pre_order", "price_minor": 1_000, "deposit_minor": 333, "payment_methods": ["test"]}
    campaign = store.publish(50, balance=Balance(48, on_default), **terms)  # type: ignore[arg-type]
    order = ordered(store, campaign, "test", 1)
    assert figures(store, order) == (1, 1, 1_000, 1)
    store.lock(campaign)
    end = store.order(order).balance_due_at
    assert end is not None

    end_unpaid(store.tenant_id, order.id, end)

    assert figures(store, order) == expected


def test_a_hold_counts_once_it_is_paid_also_after_it_had_expired(store: Store) -> None:
    campaign = store.publish(50)
    held = store.hold(campaign, 2)
    assert figures(store, held) == NOTHING
    hold.expire(store.tenant_id, held.id, clock.now() + timedelta(minutes=16))
    assert figures(store, held) == NOTHING
    assert store.pay(held)
    assert figures(store, held) == (1, 2, 2_500, 1)


def test_a_member_is_new_on_the_day_of_the_first_order_that_counts(store: Store) -> None:
    """Two orders, a day apart; the first is short of all that it wanted weeks later."""
    first = ordered(store, store.publish(50), "test")
    first = placed_at_noon(store, first, today() - timedelta(days=1))
    second = ordered(store, store.publish(50), "test", key="key-2")
    rolled(store, first, second)
    assert cohorts(store) == {today() - timedelta(days=1): 1}

    lowered(store, first, 0)
    before, yesterday = revisions(store), str(today() - timedelta(days=1))
    rolled(store, first)
    after = revisions(store)

    assert cohorts(store) == {today(): 1}
    assert {name for name in after if after[name] != before[name]} == {yesterday, yesterday[:7]}
    rolled(store, first, second)
    assert revisions(store) == after, "counted again, nothing is written"


def placed_at_noon(store: Store, order: OrderRecord, on: date) -> OrderRecord:
    """The order as if it had been placed at noon of that day."""
    order = again(store, order)
    order.placed_at = order.placed_at.replace(year=on.year, month=on.month, day=on.day, hour=4)
    write(order)
    return again(store, order)


def cohorts(store: Store) -> dict[date, int]:
    """Members by the day of their first order."""
    question = Question(Unit.DAY, Mode.ON, today() - timedelta(days=3), today())
    found = retention(store.tenant_id, question, clock.now()).whole.cohorts
    return {date.fromordinal(each.period): each.size for each in found if each.size}


def revisions(store: Store) -> dict[str, int]:
    """The revision of each day and month."""
    partitions = RollupRecord.days_partition(store.tenant_id), RollupRecord.months_partition(store.tenant_id)
    return {str(each.sk): int(each.rev) for partition in partitions for each in RollupRecord.every(partition)}
