"""One window, one rule: what a member may still ask for is what commission and settlement wait for, to the minute."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.clock import now, parse_instant
from tests.aftersales.conftest import Returns
from tests.builders import made
from tests.conftest import Clock, Drain, Sweep


class Earning:
    """A shop whose leader earns 7.5 % of what was collected: 1.35 of an order of two units at 9.00."""

    def __init__(self, returns: Returns, sweep: Sweep) -> None:
        self.returns, self.shop, self.brand, self.clock = returns, returns.shop, returns.brand, returns.care.clock
        self.sweep, self.leader = sweep, self.shop.member()
        point = self.shop.pickup_point(leader_id=self.leader.id, commission_bps=750)
        self.campaign = self.shop.campaign(pickup_point_ids=[point["id"]], closes_in=timedelta(hours=1))
        self.order = made(self.shop.order(campaign=self.campaign, quantity=2))
        self.clock.advance(hours=2)
        sweep()
        returns.care.hand_over(self.order)
        returns.care.drain()

    def later(self, **units: float) -> None:
        """Time passes, and what became due is done."""
        self.clock.advance(**units)
        self.sweep()

    def balance(self) -> tuple[int, int]:
        """The leader's commission: frozen, payable."""
        found = self._of_leader("balance")
        return found["frozen"]["amount_minor"], found["payable"]["amount_minor"]

    def earned(self) -> Any:
        """The order as the leader sees it among what they earn."""
        (only,) = self._of_leader("commissions")["items"]
        return only

    def _of_leader(self, what: str) -> Any:
        path = f"{self.shop.path}/leader/{what}"
        return made(self.shop.caller.call("GET", path, token=self.leader.token), 200)

    def complain(self, cause: str) -> Any:
        """The shopper complains of the order."""
        body = {"text": "Not kind to me", "cause": cause, "order_id": self.order["id"]}
        return made(self.returns.care.store("POST", "/complaints", self.shop.shopper, json=body))

    def complete(self) -> None:
        """With its last order the campaign completes itself."""
        self.returns.care.drain()
        assert made(self.brand.get(f"/v1/campaigns/{self.campaign['id']}"), 200)["status"] == "completed"

    def settle(self) -> Any:
        return self.brand.post(f"/v1/campaigns/{self.campaign['id']}/settle")


@pytest.fixture
def earning(returns: Returns, sweep: Sweep) -> Earning:
    return Earning(returns, sweep)


def test_commission_waits_for_the_end_of_a_case_and_is_what_was_kept_then(earning: Earning, drain: Drain) -> None:
    # Given a return that was asked for in time, and not worked off when the window ends
    earning.later(days=6)
    case = earning.returns.opened(earning.order)
    earning.later(days=20)
    assert earning.balance() == (135, 0)
    assert (earning.earned()["status"], earning.earned()["waits_for"]) == ("frozen", ["after_sale"])

    # When one of the two units goes back, and the case ends
    made(earning.returns.decide(case), 200)
    drain()
    assert earning.balance()[1] == 0
    line = {"offer_id": earning.order["lines"][0]["offer_id"], "quantity": 1, "disposition": "write_off"}
    made(earning.brand.post(f"/v1/after-sales/{case['id']}/receive", {"lines": [line]}), 200)
    made(earning.brand.post(f"/v1/after-sales/{case['id']}/complete", {}), 200)
    drain()

    # Then the leader is owed 7.5 % of the 9.00 that were kept: 0.675, so 0.68
    assert earning.balance() == (0, 68)
    assert (earning.earned()["status"], earning.earned()["waits_for"]) == ("payable", [])


@pytest.mark.parametrize("end", ["withdrawn", "rejected"])
def test_a_case_that_came_to_nothing_gives_the_whole_commission(earning: Earning, drain: Drain, end: str) -> None:
    case = earning.returns.opened(earning.order)
    earning.later(days=20)
    assert earning.balance() == (135, 0)
    if end == "withdrawn":
        made(earning.returns.care.store("POST", f"/after-sales/{case['id']}/withdraw", earning.shop.shopper), 200)
    else:
        made(earning.returns.decide(case, outcome="reject", reason="Eaten"), 200)
    drain()
    assert earning.balance() == (0, 135)


def test_a_case_that_ends_within_the_window_does_not_release_before_it_ends(earning: Earning, drain: Drain) -> None:
    case = earning.returns.opened(earning.order)
    made(earning.returns.decide(case, outcome="reject", reason="Eaten"), 200)
    drain()
    assert earning.balance() == (135, 0)
    earning.later(days=16)
    assert earning.balance() == (0, 135)


def test_a_complaint_about_the_leader_keeps_the_commission_until_it_is_resolved(earning: Earning, drain: Drain) -> None:
    complaint = earning.complain("leader")
    earning.later(days=20)
    assert (earning.balance(), earning.earned()["waits_for"]) == ((135, 0), ["complaint"])
    made(earning.brand.post(f"/v1/complaints/{complaint['id']}/resolve", {"outcome": "Talked to them"}), 200)
    drain()
    assert earning.balance() == (0, 135)


def test_a_complaint_about_the_leader_keeps_the_commission_for_sixty_days_at_most(earning: Earning) -> None:
    earning.complain("团长")
    earning.later(days=59)
    assert earning.balance() == (135, 0)
    earning.later(days=1, minutes=2)
    assert earning.balance() == (0, 135)


def test_a_complaint_about_something_else_keeps_nothing_back(earning: Earning) -> None:
    earning.complain("spoiled")
    earning.later(days=16)
    assert earning.balance() == (0, 135)


def test_a_case_on_what_replaced_the_goods_keeps_the_commission_on_them_back(earning: Earning, drain: Drain) -> None:
    # Given an exchange that is done with, whose goods were collected
    first = earning.returns.opened(earning.order, kind="exchange")
    made(earning.returns.decide(first), 200)
    drain()
    replaced = earning.returns.case(first)["exchange_order_id"]
    made(earning.brand.post(f"/v1/after-sales/{first['id']}/complete", {}), 200)
    order = earning.returns.order({"id": replaced})
    earning.returns.care.hand_over(order)
    drain()

    # When these come back as well, and the first window ends
    again = earning.returns.opened(order)
    earning.later(days=20)
    assert earning.balance() == (135, 0)
    made(earning.returns.decide(again, outcome="reject", reason="Eaten"), 200)
    drain()
    assert earning.balance() == (0, 135)


def test_a_campaign_that_was_completed_late_is_settled_once_nobody_may_ask_any_more(earning: Earning) -> None:
    """Collected on one day, completed three weeks later: nothing can come back by then, so nobody waits."""
    earning.later(days=21)
    refused = earning.returns.ask(earning.order, kind="exchange")
    assert (refused.status, refused.json["code"]) == (409, "window_passed")
    earning.complete()
    assert earning.settle().status == 200


def test_while_the_campaign_is_not_settled_for_it_the_member_may_ask_and_not_a_moment_longer(
    returns: Returns, clock: Clock, drain: Drain
) -> None:
    # Given a campaign of which nobody earns, completed at once
    order = returns.collected(quantity=2)
    drain()
    path = f"/v1/campaigns/{order['campaign_id']}/settle"

    # When it is to be settled early, it is said until when members may ask, as the brand's clocks show it
    early = returns.brand.post(path)
    until = parse_instant(early.json["after_sale_ends_at"])
    assert (early.status, early.json["code"]) == (409, "after_sale_open")
    assert until == parse_instant(returns.order(order)["picked_up_at"]) + timedelta(days=15)
    assert f"{until + timedelta(hours=8):%Y-%m-%d %H:%M}" in early.json["detail"]
    assert "T" not in early.json["detail"]

    # Then a member may ask until then
    clock.advance(seconds=(until - now()).total_seconds() - 60)
    assert returns.brand.post(path).json["code"] == "after_sale_open"
    case = returns.opened(order, kind="exchange")
    made(returns.care.store("POST", f"/after-sales/{case['id']}/withdraw", returns.shop.shopper), 200)
    drain()

    # And after it neither: the member is refused in the brand's time, and the campaign is settled
    clock.advance(minutes=2)
    late = returns.ask(order, kind="exchange")
    assert late.json["code"] == "window_passed"
    assert f"{until + timedelta(hours=8):%Y-%m-%d %H:%M}" in late.json["detail"]
    assert returns.brand.post(path).status == 200


def test_the_goods_of_an_exchange_have_a_window_of_their_own_for_which_the_campaign_waits(
    returns: Returns, clock: Clock, drain: Drain
) -> None:
    order = returns.collected(quantity=1)
    case = returns.opened(order, kind="exchange")
    made(returns.decide(case), 200)
    drain()
    clock.advance(days=10)
    replaced = returns.order({"id": returns.case(case)["exchange_order_id"]})
    returns.care.hand_over(replaced)
    made(returns.brand.post(f"/v1/after-sales/{case['id']}/complete", {}), 200)
    drain()
    clock.advance(days=14)
    refused = returns.brand.post(f"/v1/campaigns/{order['campaign_id']}/settle")
    assert refused.json["code"] == "after_sale_open"
    assert returns.ask(replaced, kind="exchange").status == 201
