"""After the lock: bought, received, sorted, at the pickup points, handed over, settled; and how refunds go."""

from typing import Any

import pytest

from chalicelib.campaigns.lifecycle.service import advancing, closing
from chalicelib.campaigns.lifecycle.service.advancing import StockNotReturned
from chalicelib.campaigns.model.campaign import MoveRefused, Status
from chalicelib.campaigns.model.target import CloseTotals, OnMiss
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction
from chalicelib.kernel.errors import Stale
from tests.campaigns.brand import DAY, HOUR, NOW, Brand, deliver_due, deliver_events, target

CLOSES = NOW + 10 * HOUR
WAY = [Status.PURCHASING, Status.RECEIVED, Status.SORTED, Status.AT_PICKUP, Status.COMPLETED, Status.SETTLED]
TOTALS = CloseTotals(1, 1, 1_000)


def locked(brand: Brand, **terms: Any) -> CampaignRecord:
    campaign = brand.published(**terms)
    deliver_due(brand, campaign, CLOSES)
    closing.decide_target(brand.tenant_id, campaign.id, TOTALS, CLOSES)
    return campaign


def go(brand: Brand, campaign: CampaignRecord, to: Status, now: Any = CLOSES, **more: Any) -> CampaignRecord:
    return advancing.advance(brand.tenant_id, campaign.id, to, brand.by, now, **more)


def test_the_whole_way_with_its_events_and_its_history(brand: Brand) -> None:
    campaign = locked(brand)
    deliver_events(brand, campaign, CLOSES)
    for state in WAY[:-1]:
        moved = go(brand, campaign, state)
        assert (moved.status, [event["t"] for event in moved.outbox]) == (state, [f"campaign.{state}"])
    done = go(brand, campaign, Status.SETTLED, CLOSES + 15 * DAY)
    assert [entry["type"] for entry in done.history][-6:] == [state.value for state in WAY]
    assert done.due_at is None


def test_one_request_passes_all_states_up_to_the_pickup_points(brand: Brand) -> None:
    campaign = locked(brand)
    deliver_events(brand, campaign, CLOSES)
    for _ in range(2):
        there = go(brand, campaign, Status.AT_PICKUP)
        assert [event["t"] for event in there.outbox] == [f"campaign.{state}" for state in WAY[:4]]
    assert [entry["type"] for entry in there.history][-5:] == ["locked", *(state.value for state in WAY[:4])]
    with pytest.raises(MoveRefused):
        go(brand, campaign, Status.RECEIVED)


def test_what_was_completed_by_itself_answers_who_asked_for_the_pickup_points_again(brand: Brand) -> None:
    campaign = locked(brand)
    go(brand, campaign, Status.AT_PICKUP)
    for _ in range(2):
        advancing.complete(brand.tenant_id, campaign.id, CLOSES)
    done = go(brand, campaign, Status.AT_PICKUP, if_match=4)
    assert (done.status, [entry["type"] for entry in done.history].count("completed")) == ("completed", 1)


def test_nothing_but_a_campaign_at_the_pickup_points_is_completed_by_itself(brand: Brand) -> None:
    campaign = locked(brand)
    advancing.complete(brand.tenant_id, campaign.id, CLOSES)
    assert brand.read(campaign).status == "locked"


def test_every_other_move_is_refused_by_name_and_writes_nothing(brand: Brand) -> None:
    draft, open_one, campaign = brand.draft(), brand.published(), locked(brand)
    for wrong, states in ((draft, WAY), (open_one, WAY), (campaign, WAY[4:])):
        for state in states:
            with pytest.raises(MoveRefused):
                go(brand, wrong, state)
    assert brand.read(campaign).rev == 4  # drafted, published, closed, locked
    assert brand.read(open_one).status == "open"


def test_a_move_that_was_made_answers_again(brand: Brand) -> None:
    campaign = locked(brand)
    first = go(brand, campaign, Status.PURCHASING)
    assert go(brand, campaign, Status.PURCHASING, CLOSES + HOUR).rev == first.rev
    assert go(brand, campaign, Status.PURCHASING, CLOSES + HOUR, if_match=int(first.rev) - 1).rev == first.rev
    with pytest.raises(Stale):
        go(brand, campaign, Status.RECEIVED, if_match=1)


def test_a_lost_answer_may_be_followed_by_the_same_request(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign, commit = locked(brand), Transaction.commit

    def landed(tx: Transaction) -> None:
        commit(tx)
        monkeypatch.undo()
        raise ConnectionError

    monkeypatch.setattr(Transaction, "commit", landed)
    with pytest.raises(ConnectionError):
        go(brand, campaign, Status.PURCHASING)
    assert [entry["type"] for entry in go(brand, campaign, Status.PURCHASING).history].count("purchasing") == 1


def test_unsold_stock_goes_back_also_when_staff_are_faster(brand: Brand) -> None:
    brand.stocked("pears", 50)
    campaign = locked(brand)
    for state in WAY[:4]:
        go(brand, campaign, state)
    with pytest.raises(StockNotReturned):
        go(brand, campaign, Status.COMPLETED)
    assert deliver_due(brand, campaign, CLOSES + HOUR) == "campaign.wind_up"
    assert go(brand, campaign, Status.COMPLETED, CLOSES + HOUR).status == "completed"


def test_refunds_are_begun_looked_at_again_and_done(brand: Brand) -> None:
    campaign = brand.published(target=target(30, OnMiss.CANCEL))
    deliver_due(brand, campaign, CLOSES)
    closing.decide_target(brand.tenant_id, campaign.id, TOTALS, CLOSES)
    advancing.refunding_done(brand.tenant_id, campaign.id, CLOSES)  # too early
    deliver_events(brand, campaign, CLOSES)
    for _ in range(2):
        advancing.refunding_begun(brand.tenant_id, campaign.id, CLOSES)
    assert brand.read(campaign).status == "refunding"
    assert deliver_due(brand, campaign, CLOSES + HOUR) == "campaign.refunds"
    assert [event["t"] for event in brand.read(campaign).outbox] == ["campaign.refunds_due"]
    for _ in range(2):
        advancing.refunding_done(brand.tenant_id, campaign.id, CLOSES + HOUR)
    done = brand.read(campaign)
    assert (done.status, done.due_at) == ("refunded", None)
    assert [entry["type"] for entry in done.history][-3:] == ["cancelled", "refunding", "refunded"]
