"""Closing a campaign by hand before its hour: at once, once, whatever dies or comes in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.campaign import MoveRefused
from chalicelib.campaigns.model.target import CloseTotals, OnMiss
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.running import close_now
from chalicelib.db import Refused, Transaction, tenant_scope
from chalicelib.kernel.errors import Stale
from tests.campaigns.brand import HOUR, NOW, Brand, deliver_due, deliver_events, target
from tests.campaigns.test_routes import published

CLOSES = NOW + 10 * HOUR
SHORT = CloseTotals(quantity=29, participants=20, amount_minor=29_000)
MOMENT = timedelta(milliseconds=1)


def closed(brand: Brand, campaign: CampaignRecord, if_match: int | None = None) -> CampaignRecord:
    return close_now(brand.tenant_id, campaign.id, brand.by, NOW + HOUR, if_match)


def types(brand: Brand, campaign: Any) -> list[str]:
    return [entry["type"] for entry in brand.read(campaign).history]


def test_no_order_comes_in_after_it_and_the_totals_are_asked_for(brand: Brand) -> None:
    campaign = brand.published(peak_orders_per_second=750)
    brand.sell(campaign, 1, NOW + HOUR - MOMENT)
    answered = closed(brand, campaign)
    assert (answered.status, answered.closed_early_at, answered.closes_at) == ("closing", NOW + HOUR, CLOSES)
    assert {bucket.status for bucket in brand.buckets(campaign)} == {"closed"}
    with pytest.raises(Refused):
        brand.sell(campaign, 1, NOW + HOUR - MOMENT)
    assert answered.history[-1]["type"] == "closed_by_hand"
    assert answered.history[-1]["by"] == brand.by.label
    assert [event["t"] for event in answered.outbox] == ["campaign.closed"]


def test_asked_for_again_it_changes_nothing_also_after_the_decision(brand: Brand) -> None:
    campaign = brand.published()
    first = closed(brand, campaign, if_match=int(campaign.rev))
    assert closed(brand, campaign, if_match=int(campaign.rev)).rev == first.rev
    closing.decide_target(brand.tenant_id, campaign.id, SHORT, NOW + HOUR)
    assert closed(brand, campaign).status == "locked"
    assert types(brand, campaign).count("closed_by_hand") == 1


def test_fifty_at_once_close_once(brand: Brand) -> None:
    campaign = brand.published(peak_orders_per_second=750)

    def ask(_: int) -> str:
        with tenant_scope(brand.tenant_id):
            return str(closed(brand, campaign).status)

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(ask, range(50))) == {"closing"}
    assert types(brand, campaign) == ["created", "published", "opened", "closed_by_hand"]


@pytest.mark.parametrize("landed", [False, True], ids=["before the write", "after the write"])
@pytest.mark.parametrize("step", range(1, 5))
def test_what_a_worker_leaves_is_due_at_once(
    brand: Brand, monkeypatch: pytest.MonkeyPatch, step: int, landed: bool
) -> None:
    """The mark, three buckets, the campaign: five writes, and the first one says that it is to close."""
    campaign = brand.published(peak_orders_per_second=750)
    commit, commits = Transaction.commit, iter(range(99))

    def dying(tx: Transaction) -> None:
        fatal = next(commits) == step
        if landed or not fatal:
            commit(tx)
        if fatal:
            raise KeyboardInterrupt

    monkeypatch.setattr(Transaction, "commit", dying)
    with pytest.raises(KeyboardInterrupt):
        closed(brand, campaign)
    monkeypatch.undo()
    deliver_due(brand, campaign, NOW + HOUR)
    assert types(brand, campaign) == ["created", "published", "opened", "closed_by_hand"]
    assert {bucket.status for bucket in brand.buckets(campaign)} == {"closed"}


def test_a_missed_target_does_not_extend_what_was_closed_by_hand(brand: Brand) -> None:
    campaign = brand.published(target=target(30, OnMiss.EXTEND))
    closed(brand, campaign)
    closing.decide_target(brand.tenant_id, campaign.id, SHORT, NOW + HOUR)
    assert brand.read(campaign).status == "cancelled"


def test_an_extended_campaign_is_closed_likewise(brand: Brand) -> None:
    campaign = brand.published(target=target(30, OnMiss.EXTEND))
    deliver_due(brand, campaign, CLOSES)
    closing.decide_target(brand.tenant_id, campaign.id, SHORT, CLOSES)
    brand.sell(campaign, 30, CLOSES)
    close_now(brand.tenant_id, campaign.id, brand.by, CLOSES + HOUR)
    closing.decide_target(brand.tenant_id, campaign.id, CloseTotals(30, 9, 30_000), CLOSES + HOUR)
    assert types(brand, campaign)[-4:] == ["closed", "extended", "closed_by_hand", "locked"]


def test_a_late_opening_timer_does_not_hold_it_up(brand: Brand) -> None:
    campaign = brand.published(opens_at=NOW + HOUR)
    closed(brand, campaign)
    assert types(brand, campaign)[-2:] == ["opened", "closed_by_hand"]


def test_what_is_not_open_is_not_closed_by_hand(brand: Brand) -> None:
    scheduled, draft, sold = brand.published(opens_at=NOW + 2 * HOUR), brand.draft(), brand.published()
    deliver_due(brand, sold, CLOSES)
    closing.decide_target(brand.tenant_id, sold.id, SHORT, CLOSES)
    for campaign in (scheduled, draft, sold):
        before = brand.read(campaign).rev
        with pytest.raises(MoveRefused):
            closed(brand, campaign)
        assert brand.read(campaign).rev == before
    assert deliver_events(brand, sold, CLOSES) == ["campaign.locked"]


def test_whoever_saw_another_revision_closes_nothing(brand: Brand) -> None:
    campaign = brand.published()
    with pytest.raises(Stale):
        closed(brand, campaign, if_match=int(campaign.rev) - 1)
    brand.sell(campaign, 1, NOW + HOUR)


def test_it_is_asked_for_over_http(api: Any, brand: Brand, clock: Any) -> None:
    clock.set(NOW)
    path = f"/v1/campaigns/{published(api, brand)}"
    answered = api.post(f"{path}/close", token=brand.key)
    assert (answered.status, answered.json["status"]) == (200, "closing")
    assert answered.headers["etag"] == api.get(path, token=brand.key).headers["etag"]
    trail = api.get("/v1/audit?action=campaign.closed", token=brand.key).json["items"]
    assert [entry["target"] for entry in trail] == [path.replace("/v1/campaigns/", "campaign:")]
