"""Something becomes free: the first in line are told, as the rule says, each once for an availability."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.wanting.service import looking
from infra.local.engine import Engine
from tests.builders import Member, Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.wanting.shops import cancel, listed, product_of, told, wait, wanted


class Line:
    """A campaign of three units, each bought by somebody, and four members in line for one each."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.campaign: Any = shop.campaign(offers=[shop.offer(quantity=3)])
        self.buyers = [shop.member() for _ in range(3)]
        self.orders = [made(shop.order(buyer, campaign=self.campaign)) for buyer in self.buyers]
        self.waiting = [shop.member() for _ in range(4)]
        for member in self.waiting:
            made(wait(shop, self.campaign, member), 200)

    def free(self, n: int) -> None:
        """The nth order is cancelled."""
        cancel(self.shop, self.orders[n], self.buyers[n])

    def buy(self, member: Member) -> Any:
        return made(self.shop.order(member, campaign=self.campaign))

    def told(self, engine: Engine) -> list[int]:
        """How often each was told."""
        found = told(engine)
        return [found[member.email] for member in self.waiting]


@pytest.fixture
def line(shop: Shop, drain: Drain) -> Line:
    made_ = Line(shop)
    drain()
    return made_


def test_a_cancelled_order_tells_the_first_in_line_and_the_next_ten_minutes_later(
    line: Line, engine: Engine, drain: Drain, sweep: Sweep, clock: Clock
) -> None:
    line.free(0)
    drain()
    assert line.told(engine) == [1, 0, 0, 0]
    [own] = listed(line.shop, "waiting", line.waiting[0])["items"]
    assert (own["left"], own["told_at"] is not None) == (1, True)
    clock.advance(minutes=9)
    sweep()
    assert line.told(engine) == [1, 0, 0, 0]
    clock.advance(minutes=1)
    sweep()
    assert line.told(engine) == [1, 1, 0, 0]
    for _ in range(3):
        clock.advance(minutes=10)
        sweep()
    assert line.told(engine) == [1, 1, 1, 1]  # all have heard of it, and nobody twice


def test_two_units_tell_two_and_who_ordered_makes_way_for_the_next_unit(
    line: Line, engine: Engine, drain: Drain
) -> None:
    line.free(0)
    line.free(1)
    drain()
    assert line.told(engine) == [1, 1, 0, 0]
    line.buy(line.waiting[0])
    drain()
    line.free(2)
    drain()
    assert line.told(engine) == [1, 1, 1, 0]


def test_sold_out_again_is_another_availability_and_the_first_are_first_again(
    line: Line, engine: Engine, drain: Drain, sweep: Sweep, clock: Clock
) -> None:
    stranger, bought = line.buyers[0], line.orders[0]
    for times in (1, 2, 3):
        cancel(line.shop, bought, stranger)
        drain()
        assert line.told(engine) == [times, 0, 0, 0]
        bought = line.buy(stranger)
        drain()
        clock.advance(minutes=20)
        sweep()
        assert line.told(engine) == [times, 0, 0, 0]
    cancel(line.shop, bought, stranger)
    drain()
    # Told three times without ordering: they are taken off, and the next is first.
    assert line.told(engine) == [3, 1, 0, 0]
    assert listed(line.shop, "waiting", line.waiting[0])["items"] == []
    assert wanted(line.shop)[product_of(line.shop, line.campaign)][:2] == (3, 3)


def test_more_of_an_offer_tells_at_once(line: Line, engine: Engine, drain: Drain) -> None:
    path = f"/v1/campaigns/{line.campaign['id']}/offers/{line.campaign['offers'][0]['offer_id']}"
    made(line.shop.brand.patch(path, {"quantity": 6}), 200)
    drain()
    assert line.told(engine) == [1, 1, 1, 0]


def test_more_than_one_write_tells_of_is_told_all_the_same(
    line: Line, engine: Engine, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("chalicelib.wanting.model.waves", "chalicelib.wanting.service.looking"):
        monkeypatch.setattr(f"{module}.AT_ONCE", 2)
    path = f"/v1/campaigns/{line.campaign['id']}/offers/{line.campaign['offers'][0]['offer_id']}"
    made(line.shop.brand.patch(path, {"quantity": 10}), 200)
    drain()
    assert line.told(engine) == [1, 1, 1, 1]


def test_a_hold_that_expires_tells_the_first_in_line(shop: Shop, engine: Engine, sweep: Sweep, clock: Clock) -> None:
    campaign = shop.campaign(offers=[shop.offer(quantity=1)], payment_methods=["test"])
    made(shop.order(shop.member(), campaign=campaign, payment_method="test"))
    member = shop.member()
    made(wait(shop, campaign, member), 200)
    clock.advance(minutes=16)
    sweep()
    assert told(engine) == {member.email: 1}


def test_who_was_blocked_meanwhile_is_passed_over(line: Line, engine: Engine, drain: Drain) -> None:
    blocked = {"status": "blocked", "reason": "Rude"}
    made(line.shop.brand.patch(f"/v1/members/{line.waiting[0].id}", blocked), 200)
    line.free(0)
    drain()
    assert line.told(engine) == [0, 1, 0, 0]


def test_who_wants_no_such_messages_gets_none(line: Line, engine: Engine, drain: Drain) -> None:
    path = f"{line.shop.path}/me/preferences"
    wishes = {"categories": {"service": {"on": False}, "news": {"on": False}}}
    made(line.shop.caller.call("PUT", path, json=wishes, token=line.waiting[0].token), 200)
    line.free(0)
    drain()
    assert line.told(engine) == [0, 0, 0, 0]


def test_stock_that_became_free_unheard_of_is_found_within_half_an_hour(
    line: Line, engine: Engine, drain: Drain, sweep: Sweep, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as deaf:
        deaf.setattr("chalicelib.wanting.service.following.orders_changed", lambda *_: None)
        line.free(0)
        drain()
    assert line.told(engine) == [0, 0, 0, 0]
    clock.advance(minutes=30)
    sweep()
    assert line.told(engine) == [1, 0, 0, 0]


def test_the_end_of_the_campaign_ends_the_waiting(line: Line, engine: Engine, sweep: Sweep, clock: Clock) -> None:
    clock.advance(days=8)
    sweep()
    clock.advance(minutes=30)
    sweep()
    assert listed(line.shop, "waiting", line.waiting[0])["items"] == []
    assert wanted(line.shop) == {}
    with tenant_scope(line.shop.tenant_id):
        assert not looking.has_lists(line.shop.tenant_id)
        # Who leaves later, as an order's event would have them, brings nothing back.
        looking.keeping.drop(
            line.shop.tenant_id, line.waiting[1].id, looking.Kind.WAITING, line.campaign["offers"][0]["offer_id"]
        )
    assert wanted(line.shop) == {}


def test_a_message_that_comes_again_tells_nobody_again(line: Line, engine: Engine, drain: Drain) -> None:
    line.free(0)
    drain()
    offer_id = line.campaign["offers"][0]["offer_id"]
    with tenant_scope(line.shop.tenant_id):
        from chalicelib.wanting.service.following import tell

        for _ in range(3):
            looking.look(line.shop.tenant_id, offer_id, product_clock.now())
            now = product_clock.now()
            tell(line.shop.tenant_id, line.campaign["id"], offer_id, 1, [line.waiting[0].id], now)
    drain()
    assert line.told(engine) == [1, 0, 0, 0]
