"""A campaign opens: who asked to hear of what it sells is told, once, of everything together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.members.records import MemberRecord
from chalicelib.wanting.records import OpeningRecord
from chalicelib.wanting.service import opening
from infra.local.engine import Engine
from tests.builders import Member, Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.wanting.shops import AGAIN, drop, keep, listed, told, wanted

CHOSEN_FOR = {"personalisation": {"granted": True, "at": "2026-11-01T00:00:00Z"}}


def remind(shop: Shop, product: Any, *members: Member) -> None:
    for member in members:
        made(keep(shop, product["id"], member, "reminders"), 200)


def opened(shop: Shop, *products: Any, **terms: Any) -> Any:
    """A campaign of these products."""
    return shop.campaign(offers=[shop.offer(sku_id=each["skus"][0]["id"]) for each in products], **terms)


def walked(shop: Shop, campaign: Any) -> OpeningRecord:
    with tenant_scope(shop.tenant_id):
        found = OpeningRecord.fetch(*OpeningRecord.address(shop.tenant_id, campaign["id"]), consistent=True)
    assert found is not None
    return found


def change(shop: Shop, member: Member, **attributes: Any) -> None:
    """Sets what another part of the product keeps of a member."""
    with tenant_scope(shop.tenant_id):
        record = MemberRecord.at(shop.tenant_id, member.id, consistent=True)
        assert record is not None
        for name, value in attributes.items():
            setattr(record, name, value)
        tx = Transaction()
        tx.replace("member", record)
        tx.commit()


def test_one_message_of_all_products_to_each_who_asked(shop: Shop, engine: Engine, drain: Drain) -> None:
    tea, pears, oil = shop.product(title="Tea"), shop.product(title="Pears"), shop.product(title="Oil")
    both, one, other = shop.member(), shop.member(), shop.member()
    remind(shop, tea, both)
    remind(shop, pears, both, one)
    remind(shop, oil, other)
    campaign = opened(shop, tea, pears)
    drain()
    assert told(engine, AGAIN) == {both.email: 1, one.email: 1}
    subjects = {mail["to"]: mail["subject"] for mail in engine.mail() if mail["subject"].startswith(AGAIN)}
    assert "Tea" in subjects[both.email]
    assert "Pears" in subjects[both.email]
    assert "Tea" not in subjects[one.email]
    assert (walked(shop, campaign).told, walked(shop, campaign).running) == (2, False)

    drop(shop, pears["id"], one, "reminders")
    opened(shop, pears)
    drain()
    assert told(engine, AGAIN) == {both.email: 2, one.email: 1}


def test_a_campaign_to_come_is_told_of_when_it_opens(
    shop: Shop, engine: Engine, drain: Drain, sweep: Sweep, clock: Clock
) -> None:
    tea, member = shop.product(), shop.member()
    remind(shop, tea, member)
    opened(shop, tea, opens_in=timedelta(hours=1))
    drain()
    assert not told(engine, AGAIN)
    clock.advance(hours=1, minutes=1)
    sweep()
    assert told(engine, AGAIN) == {member.email: 1}


def test_each_is_told_when_it_opens_for_them(
    shop: Shop, engine: Engine, drain: Drain, sweep: Sweep, clock: Clock
) -> None:
    tiers = [{"code": "silver", "title": "Silver", "from": 0},
             {"code": "gold", "title": "Gold", "from": 1, "privileges": {"early_access_hours": 2}}]  # fmt: skip
    set_ = shop.brand.call("PUT", "/v1/tiers", json={"measure": "orders", "window_months": 12, "tiers": tiers})
    assert set_.status == 200, set_.text
    tea, gold, plain = shop.product(), shop.member(), shop.member()
    change(shop, gold, tier="gold")
    remind(shop, tea, gold, plain)
    opened(shop, tea, opens_in=timedelta(hours=3))
    drain()
    assert not told(engine, AGAIN)
    clock.advance(hours=1, minutes=1)
    sweep()
    assert told(engine, AGAIN) == {gold.email: 1}
    clock.advance(hours=2)
    sweep()
    assert told(engine, AGAIN) == {gold.email: 1, plain.email: 1}


def test_who_cannot_order_of_it_hears_nothing(shop: Shop, engine: Engine, drain: Drain) -> None:
    tea, chosen, blocked, elsewhere, left = shop.product(), *(shop.member() for _ in range(4))
    other = shop.member()
    remind(shop, tea, chosen, blocked, elsewhere, left, other)
    made(shop.brand.patch(f"/v1/members/{blocked.id}", {"status": "blocked", "reason": "Rude"}), 200)
    change(shop, elsewhere, profile={"favourite_point_id": shop.pickup_point()["id"]}, consent=CHOSEN_FOR)
    change(shop, chosen, profile={"favourite_point_id": shop.pickup_point_id}, consent=CHOSEN_FOR)
    ids = [each.id for each in (chosen, blocked, elsewhere)]
    opened(shop, tea, audience={"member_ids": ids})
    drain()
    assert told(engine, AGAIN) == {chosen.email: 1}


def test_a_favourite_point_decides_nothing_without_consent(shop: Shop, engine: Engine, drain: Drain) -> None:
    tea, member = shop.product(), shop.member()
    remind(shop, tea, member)
    change(shop, member, profile={"favourite_point_id": shop.pickup_point()["id"]})
    opened(shop, tea)
    drain()
    assert told(engine, AGAIN) == {member.email: 1}


def test_a_reminder_that_nobody_uses_ends_after_180_days(
    shop: Shop, engine: Engine, drain: Drain, clock: Clock
) -> None:
    tea, gone, here = shop.product(), shop.member(), shop.member()
    remind(shop, tea, gone, here)
    assert wanted(shop)[tea["id"]] == (0, 0, 2, 0)
    clock.advance(days=182)
    change(shop, here, last_active_on=product_clock.now().date())
    opened(shop, tea)
    drain()
    assert told(engine, AGAIN) == {here.email: 1}
    assert listed(shop, "reminders", gone)["items"] == []
    assert wanted(shop)[tea["id"]] == (0, 0, 1, 0)


def test_asked_again_after_a_day_it_holds_anew(shop: Shop, engine: Engine, drain: Drain, clock: Clock) -> None:
    tea, member = shop.product(), shop.member()
    remind(shop, tea, member)
    clock.advance(days=100)
    remind(shop, tea, member)
    clock.advance(days=100)
    opened(shop, tea)
    drain()
    assert told(engine, AGAIN) == {member.email: 1}
    assert wanted(shop)[tea["id"]] == (0, 0, 1, 0)


@pytest.fixture
def crowd(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, list[Member]]:
    """Seven who want tea, looked at in slices of two."""
    monkeypatch.setattr(opening, "SLICE", 2)
    tea, members = shop.product(), [shop.member() for _ in range(7)]
    remind(shop, tea, *members)
    return tea, members


class _KilledError(Exception):
    """The worker ended here."""


@pytest.mark.parametrize("where", ["before", "after"])
def test_whoever_is_killed_between_telling_and_noting_it_tells_nobody_twice(
    shop: Shop, crowd: tuple[Any, list[Member]], engine: Engine, drain: Drain, monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:  # fmt: skip
    tea, members = crowd
    real: Callable[..., int] = opening._tell
    calls = 0

    def killed(*given: Any) -> int:
        nonlocal calls
        calls += 1
        if calls % 2 and where == "before":
            raise _KilledError
        told_ = real(*given)
        if calls % 2:
            raise _KilledError
        return told_

    monkeypatch.setattr(opening, "_tell", killed)
    opened(shop, tea)
    for _ in range(3):
        with suppress(_KilledError):
            drain(dead_letters_allowed=True)
    assert told(engine, AGAIN) == {member.email: 1 for member in members}


def test_two_workers_on_the_same_slice_count_it_once(
    shop: Shop, crowd: tuple[Any, list[Member]], engine: Engine, drain: Drain
) -> None:
    tea, members = crowd
    campaign = opened(shop, tea)
    with tenant_scope(shop.tenant_id):
        opening.begin(shop.tenant_id, campaign["id"], product_clock.now())
        for _ in range(3):
            opening.tell_slice(shop.tenant_id, campaign["id"], product_clock.now())
            opening.begin(shop.tenant_id, campaign["id"], product_clock.now())
    drain()
    assert told(engine, AGAIN) == {member.email: 1 for member in members}
    assert walked(shop, campaign).told == len(members)


def test_what_has_not_moved_for_long_goes_on_by_the_sweep(
    shop: Shop, crowd: tuple[Any, list[Member]], engine: Engine, drain: Drain, sweep: Sweep, clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    tea, members = crowd
    with monkeypatch.context() as lost:
        lost.setattr("chalicelib.wanting.service.opening.tell_slice", lambda *_: None)
        campaign = opened(shop, tea)
        drain()
    assert (walked(shop, campaign).running, sum(told(engine, AGAIN).values())) == (True, 0)
    clock.advance(minutes=21)
    sweep()
    assert told(engine, AGAIN) == {member.email: 1 for member in members}
    assert not walked(shop, campaign).running


def test_a_cancelled_campaign_is_told_of_no_further(
    shop: Shop, crowd: tuple[Any, list[Member]], engine: Engine, drain: Drain
) -> None:
    tea, _ = crowd
    campaign = opened(shop, tea, opens_in=timedelta(hours=1))
    drain()
    made(shop.brand.post(f"/v1/campaigns/{campaign['id']}/cancel", {"reason": "No tea"}), 200)
    with tenant_scope(shop.tenant_id):
        opening.begin(shop.tenant_id, campaign["id"], product_clock.now() + timedelta(hours=2))
        opening.tell_slice(shop.tenant_id, campaign["id"], product_clock.now() + timedelta(hours=2))
    drain()
    assert not told(engine, AGAIN)
    assert not walked(shop, campaign).running
