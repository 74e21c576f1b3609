"""A cancelled campaign says when all money is back: in whatever order the refunds arrive, and after any crash."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.campaigns.lifecycle.service import advancing, closing
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning as campaigns
from chalicelib.db import Transaction
from chalicelib.kernel import clock
from chalicelib.orders.model import RefundStatus
from chalicelib.orders.passes.records.passes import PassRecord
from chalicelib.orders.passes.records.refunding import RefundingRecord
from chalicelib.orders.passes.service import refunding, releasing
from chalicelib.orders.passes.service import walking as passes
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from tests.faults import Faults, Killed, faults
from tests.orders.stage import Stage

PAID, UNPAID = 4, 2


__all__ = ["faults"]


@pytest.fixture
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refunding, "ORDERS_AT_A_TIME", 2)


small_pages = pytest.mark.usefixtures("_small_pages")


def sold(stage: Stage, paid: int, unpaid: int, peak: int = 2) -> tuple[CampaignRecord, list[OrderRecord]]:
    """A campaign in ``peak`` shards with so many orders that were paid online, and so many to be paid at pickup."""
    campaign = stage.publish(60, peak=peak, payment_methods=["pickup", "test"])
    held = [stage.hold(campaign, 1, member=n) for n in range(paid)]
    assert all(stage.pay(order) for order in held)
    for n in range(unpaid):
        stage.place(campaign, 1, member=paid + n)
    return campaign, held


def cancel(stage: Stage, campaign: CampaignRecord) -> None:
    """Cancels the campaign, releases its orders and looks at their refunds, as the messages would."""
    release(stage, campaign)
    look(stage, campaign)


def release(stage: Stage, campaign: CampaignRecord) -> None:
    campaigns.cancel_campaign(stage.tenant_id, campaign.id, stage.staff, clock.now())
    closing.wind_up(stage.tenant_id, campaign.id, clock.now())
    for _ in range(9):
        passes.go_on(releasing.RELEASE, stage.tenant_id, campaign.id, clock.now())
        done = PassRecord.fetch(*PassRecord.address(stage.tenant_id, campaign.id, "release"), consistent=True)
        if done is not None and done.finished_at is not None:
            break


def look(stage: Stage, campaign: CampaignRecord) -> None:
    """Every look that the ones before it ask for."""
    address = RefundingRecord.address(stage.tenant_id, campaign.id)
    for _ in range(20):
        refunding.look(stage.tenant_id, campaign.id, clock.now())
        found = RefundingRecord.fetch(*address, consistent=True)
        if found is None or not found.outbox:
            return


def arrive(order: OrderRecord) -> None:
    """The order's refunds reach the member; nobody is told of it yet."""
    for refund in RefundRecord.every(order.pk, begins_with="refund#", consistent=True):
        refund.status = RefundStatus.SUCCEEDED.value
        tx = Transaction()
        tx.replace("refund", refund)
        tx.commit()


def status(stage: Stage, campaign: CampaignRecord) -> str:
    return str(stage.again(campaign).status)


@small_pages
@pytest.mark.parametrize("backwards", [False, True])
def test_it_is_refunded_when_the_last_refund_has_arrived(stage: Stage, backwards: bool) -> None:
    campaign, paid = sold(stage, PAID, UNPAID)
    cancel(stage, campaign)
    assert status(stage, campaign) == "refunding"
    for n, order in enumerate(reversed(paid) if backwards else paid):
        assert status(stage, campaign) == "refunding", n
        arrive(order)
        for _ in range(2):  # told twice
            refunding.refund_arrived(stage.tenant_id, order.id, clock.now())
        look(stage, campaign)
    done = stage.again(campaign)
    assert done.status == "refunded"
    assert [entry["type"] for entry in done.history][-3:] == ["cancelled", "refunding", "refunded"]


@small_pages
def test_without_any_payment_it_stays_cancelled(stage: Stage) -> None:
    campaign, _ = sold(stage, 0, 3)
    cancel(stage, campaign)
    assert status(stage, campaign) == "cancelled"


@small_pages
def test_a_message_that_was_lost_is_made_up_for_by_the_reminder(stage: Stage) -> None:
    campaign, paid = sold(stage, 2, 0)
    cancel(stage, campaign)
    for order in paid:
        arrive(order)
    later = clock.now() + timedelta(hours=1)
    advancing.remind_of_refunds(stage.tenant_id, campaign.id, later)
    assert [event["t"] for event in stage.again(campaign).outbox] == ["campaign.refunding"]
    look(stage, campaign)
    assert status(stage, campaign) == "refunded"


@small_pages
@pytest.mark.parametrize("landed", [False, True], ids=["before the write", "after the write"])
@pytest.mark.parametrize("step", range(3))
def test_a_worker_that_dies_at_any_step_is_continued(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, step: int, landed: bool
) -> None:
    campaign, paid = sold(stage, 1, 0)
    cancel(stage, campaign)
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
            refunding.look(stage.tenant_id, campaign.id, clock.now())
        except KeyboardInterrupt:
            monkeypatch.setattr(Transaction, "commit", commit)
    look(stage, campaign)
    assert status(stage, campaign) == "refunded"


def dying(faults: Faults, step: Callable[[], None]) -> int:
    """How many workers, killed at their tenth request, die at a step before one lives through it."""
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


def test_workers_that_all_die_at_their_tenth_request_find_every_refund(stage: Stage, faults: Faults) -> None:
    """A page of twenty orders, each looked at with a request of its own."""
    campaign, paid = sold(stage, 20, 0, peak=1)
    release(stage, campaign)
    for order in paid:
        arrive(order)
    died = dying(faults, lambda: refunding.look(stage.tenant_id, campaign.id, clock.now()))
    assert status(stage, campaign) == "refunded"
    assert died <= 20 // refunding.KEPT_EVERY + 1


def test_a_refund_that_was_waited_for_has_the_rest_looked_at_by_workers_that_all_die(
    stage: Stage, faults: Faults
) -> None:
    campaign, paid = sold(stage, 12, 0, peak=1)
    cancel(stage, campaign)
    for order in paid:
        arrive(order)
    waits_for = RefundingRecord.of(stage.tenant_id, campaign.id).waits_for
    assert waits_for is not None
    dying(faults, lambda: refunding.refund_arrived(stage.tenant_id, waits_for, clock.now()))
    assert status(stage, campaign) == "refunded"


def test_a_worker_that_is_overtaken_in_a_page_leaves_the_rest_to_the_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, paid = sold(stage, 5, 0, peak=1)
    cancel(stage, campaign)
    for order in paid:
        arrive(order)
    looked_at, overtaken = refunding._all_arrived, False

    def by_another_first(order: OrderRecord) -> bool:
        nonlocal overtaken
        if not overtaken:
            overtaken = True
            refunding.look(stage.tenant_id, campaign.id, clock.now())
        return looked_at(order)

    monkeypatch.setattr(refunding, "_all_arrived", by_another_first)
    refunding.look(stage.tenant_id, campaign.id, clock.now())
    done = stage.again(campaign)
    assert (done.status, [entry["type"] for entry in done.history].count("refunded")) == ("refunded", 1)
