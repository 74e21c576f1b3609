"""A cancelled campaign says when all money is back: in whatever order the refunds arrive, and after any crash."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.campaigns.lifecycle.service import advancing, closing
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning as campaigns
from chalicelib.db import Transaction
from chalicelib.kernel import clock
from chalicelib.orders.model import RefundStatus
from chalicelib.orders.passes.records import PassRecord
from chalicelib.orders.passes.service import money_back, releasing
from chalicelib.orders.passes.service import walking as passes
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from tests.faults import Faults, Killed, faults
from tests.orders.store import Store

PAID, UNPAID = 4, 2


__all__ = ["faults"]


@pytest.fixture
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "ORDERS_AT_A_TIME", 2)


small_pages = pytest.mark.usefixtures("_small_pages")


def sold(store: Store, paid: int, unpaid: int, peak: int = 2) -> tuple[CampaignRecord, list[OrderRecord]]:
    """A campaign in ``peak`` shards with so many orders that were paid online, and so many to be paid at pickup."""
    campaign = store.publish(60, peak=peak, payment_methods=["pickup", "test"])
    held = [store.hold(campaign, 1, member=n) for n in range(paid)]
    assert all(store.pay(order) for order in held)
    for n in range(unpaid):
        store.place(campaign, 1, member=paid + n)
    return campaign, held


def cancel(store: Store, campaign: CampaignRecord) -> None:
    """Cancels the campaign, releases its orders and looks at their refunds, as the messages would."""
    release(store, campaign)
    look(store, campaign)


def release(store: Store, campaign: CampaignRecord) -> None:
    campaigns.cancel_campaign(store.tenant_id, campaign.id, store.staff, clock.now())
    closing.wind_up(store.tenant_id, campaign.id, clock.now())
    for _ in range(9):
        passes.advance(releasing.RELEASE, store.tenant_id, campaign.id, clock.now())
        done = PassRecord.fetch(*PassRecord.address(store.tenant_id, campaign.id, "release"), consistent=True)
        if done is not None and done.finished_at is not None:
            break


def look(store: Store, campaign: CampaignRecord) -> None:
    """Every look that the ones before it ask for."""
    for _ in range(20):
        look_once(store, campaign)
        if not PassRecord.of(store.tenant_id, campaign.id, "money_back").outbox:
            return


def look_once(store: Store, campaign: CampaignRecord) -> None:
    passes.advance(money_back.MONEY_BACK, store.tenant_id, campaign.id, clock.now())


def arrive(order: OrderRecord) -> None:
    """The order's refunds reach the member; nobody is told of it yet."""
    for refund in RefundRecord.every(order.pk, begins_with="refund#", consistent=True):
        refund.status = RefundStatus.SUCCEEDED.value
        tx = Transaction()
        tx.replace("refund", refund)
        tx.commit()


def status(store: Store, campaign: CampaignRecord) -> str:
    return str(store.again(campaign).status)


@small_pages
@pytest.mark.parametrize("backwards", [False, True])
def test_it_is_refunded_when_the_last_refund_has_arrived(store: Store, backwards: bool) -> None:
    campaign, paid = sold(store, PAID, UNPAID)
    cancel(store, campaign)
    assert status(store, campaign) == "refunding"
    for n, order in enumerate(reversed(paid) if backwards else paid):
        assert status(store, campaign) == "refunding", n
        arrive(order)
        for _ in range(2):  # told twice
            money_back.refund_arrived(store.tenant_id, order.id, clock.now())
        look(store, campaign)
    done = store.again(campaign)
    assert done.status == "refunded"
    assert [entry["type"] for entry in done.history][-3:] == ["cancelled", "refunding", "refunded"]


@small_pages
def test_without_any_payment_it_stays_cancelled(store: Store) -> None:
    campaign, _ = sold(store, 0, 3)
    cancel(store, campaign)
    assert status(store, campaign) == "cancelled"


@small_pages
def test_a_message_that_was_lost_is_made_up_for_by_the_reminder(store: Store) -> None:
    campaign, paid = sold(store, 2, 0)
    cancel(store, campaign)
    for order in paid:
        arrive(order)
    later = clock.now() + timedelta(hours=1)
    advancing.remind_of_refunds(store.tenant_id, campaign.id, later)
    assert [event["t"] for event in store.again(campaign).outbox] == ["campaign.refunds_due"]
    look(store, campaign)
    assert status(store, campaign) == "refunded"


@small_pages
@pytest.mark.parametrize("landed", [False, True], ids=["before the write", "after the write"])
@pytest.mark.parametrize("step", range(3))
def test_a_worker_that_dies_at_any_step_is_continued(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: int, landed: bool
) -> None:
    campaign, paid = sold(store, 1, 0)
    cancel(store, campaign)
    arrive(paid[0])
    commit, commits = Transaction.commit, iter(range(99))

    def dying(tx: Transaction) -> None:
        fatal = next(commits) == step
        if landed or not fatal:
            commit(tx)
        if fatal:
            raise KeyboardInterrupt

    monkeypatch.setattr(Transaction, "commit", dying)
    for _ in range(4):
        try:
            look_once(store, campaign)
        except KeyboardInterrupt:
            monkeypatch.setattr(Transaction, "commit", commit)
    look(store, campaign)
    assert status(store, campaign) == "refunded"


def dying(faults: Faults, step: Callable[[], None]) -> int:
    """How many workers, killed at their tenth request, die at a step before one completes it."""
    for died in range(20):
        faults.arm("killed", at=9)
        try:
            step()
        except Killed:
            continue
        finally:
            faults.arm(None)
        return died
    pytest.fail("20 workers died and left nothing done for the next")


def test_workers_that_all_die_at_their_tenth_request_find_every_refund(store: Store, faults: Faults) -> None:
    """A page of twenty orders, each looked at with a request of its own."""
    campaign, paid = sold(store, 20, 0, peak=1)
    release(store, campaign)
    for order in paid:
        arrive(order)
    died = dying(faults, lambda: look_once(store, campaign))
    assert status(store, campaign) == "refunded"
    assert died <= 20 // 3 + 1, "after each three orders the place is kept"


def test_a_refund_that_was_waited_for_has_the_rest_looked_at_by_workers_that_all_die(
    store: Store, faults: Faults
) -> None:
    campaign, paid = sold(store, 12, 0, peak=1)
    cancel(store, campaign)
    for order in paid:
        arrive(order)
    waits_for = PassRecord.of(store.tenant_id, campaign.id, "money_back").waits_for
    assert waits_for is not None
    dying(faults, lambda: money_back.refund_arrived(store.tenant_id, waits_for, clock.now()))
    assert status(store, campaign) == "refunded"


def test_a_worker_that_is_overtaken_in_a_page_leaves_the_rest_to_the_other(store: Store) -> None:
    campaign, paid = sold(store, 5, 0, peak=1)
    cancel(store, campaign)
    for order in paid:
        arrive(order)
    overtaken = False

    def by_another_first(order: OrderRecord) -> bool:
        nonlocal overtaken
        if not overtaken:
            overtaken = True
            look_once(store, campaign)
        return money_back.MONEY_BACK.ready(order)

    slow = replace(money_back.MONEY_BACK, ready=by_another_first)
    passes.advance(slow, store.tenant_id, campaign.id, clock.now())
    done = store.again(campaign)
    assert (done.status, [entry["type"] for entry in done.history].count("refunded")) == ("refunded", 1)
