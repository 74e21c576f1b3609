"""What every kind of remedy costs, by who bears it, in the books: figures by hand, each booked once.

Four units at ¥9.00 earn the leader 10 %, ¥3.60; a unit costs ¥5.00 at its supplier. Two are exchanged (¥10.00), 300
points of which 100 pay ¥1.00 are given (¥3.00), a coupon takes ¥5.00 off, or ¥2.00 go back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.complaints.events import complaint_resolved, coupon_used
from chalicelib.db import tenant_scope
from chalicelib.messaging import Message
from chalicelib.settlement.books.model.remedies import RemedyCost, brought_up_to, of_leader
from tests.builders import made
from tests.complaints.conftest import Complaining
from tests.complaints.test_costs import balanced, refund, supplier

COSTS = {"exchange": 1_000, "points": 300, "coupon": 500, "refund": 200}
BEARERS = ("brand", "leader", "supplier", "platform")
KINDS = tuple(COSTS)


class Costs(Complaining):
    """The shop, whose points pay something, and whose goods have one supplier."""

    def __init__(self, care: Any) -> None:
        super().__init__(care)
        self.owed = supplier(self)
        made(self.brand.put("/v1/points-rules", {"spend": {"points": 100, "worth": self.money(100)}}), 200)

    def remedy(self, kind: str, order: Any, **more: Any) -> dict[str, Any]:
        lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 2}] if order else []
        given: dict[str, Callable[[], dict[str, Any]]] = {
            "exchange": lambda: {"kind": "exchange", "lines": lines, "goods": "not_needed"},
            "points": lambda: {"kind": "points", "points": 300},
            "coupon": lambda: {"kind": "coupon", "batch_id": self.coupons()},
            "refund": lambda: refund(self, 200),
        }
        return given[kind]() | more

    def use_coupon(self) -> Any:
        """The member's next order, which the coupon makes cheaper, handed over."""
        (mine,) = made(self.care.store("GET", "/me/coupons", self.member), 200)["items"]
        campaign = self.shop.campaign(pickup_point_ids=[self.point["id"]], closes_in=timedelta(hours=1))
        order = made(self.shop.order(self.member, campaign=campaign, quantity=4, coupon_id=mine["id"]))
        self.care.clock.advance(hours=2)
        self.care.sweep()
        self.shop.arrived(campaign["id"])
        self.care.hand_over(order)
        self.care.drain()
        return order

    def moved_by(self, act: Callable[[], Any]) -> dict[str, int]:
        """By how much the balances changed, those of the coupon's own order left out."""
        before = self.accounts()
        act()
        after = self.accounts()
        return {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}


@pytest.fixture
def costs(care: Any) -> Costs:
    return Costs(care)


def expected(kind: str, bearer: str, owed: str) -> dict[str, int]:
    """What resolving moves, by hand."""
    cost = COSTS[kind]
    if kind == "refund":
        moved = {"sales_returns": cost, "refunds_payable": cost}
        borne = {
            "brand": {}, "leader": {"commission_expense": -cost, "commission_frozen:leader": -cost},
            "supplier": {"goods_cost": -cost, f"supplier_payable:{owed}": -cost},
            "platform": {"platform_receivable": cost, "remedies": -cost},
        }  # fmt: skip
        return moved | borne[bearer]
    other = {"inventory": -cost} if kind == "exchange" else {"paid_in_kind": cost}
    by_leader = min(cost, 360)
    borne = {
        "brand": {"remedies": cost},
        "leader": {"remedies": cost, "commission_expense": -by_leader, "commission_frozen:leader": -by_leader},
        "supplier": {f"supplier_payable:{owed}": -cost},
        "platform": {"platform_receivable": cost},
    }
    return other | borne[bearer]


@pytest.mark.parametrize("bearer", BEARERS)
@pytest.mark.parametrize("kind", ["exchange", "points", "refund"])
def test_what_a_remedy_costs_is_booked_to_who_bears_it(costs: Costs, kind: str, bearer: str) -> None:
    order = costs.collected()
    mine = costs.complain(order)

    def resolve() -> None:
        made(costs.resolve(mine, costs.remedy(kind, order, cost_to=bearer)), 200)
        costs.care.drain()

    assert costs.moved_by(resolve) == expected(kind, bearer, costs.owed)
    assert costs.read(mine)["remedy"]["cost"] == costs.money(COSTS[kind])
    assert "cost" not in costs.own(mine)["remedy"]
    assert costs.earned()[-1] == (
        (360 - min(COSTS[kind], 360), min(COSTS[kind], 360)) if bearer == "leader" else (360, 0)
    )
    assert balanced(costs)

    said = {"tenant_id": costs.shop.tenant_id, "complaint_id": mine["id"]}
    assert costs.moved_by(lambda: replayed(costs, complaint_resolved, "complaint.resolved", said)) == {}


def replayed(costs: Costs, handler: Any, name: str, data: dict[str, Any]) -> None:
    """A message that comes twice more."""
    message = Message("again", name, costs.shop.tenant_id, costs.care.clock.now(), data)
    with tenant_scope(costs.shop.tenant_id):
        for _ in range(2):
            handler(message, costs.care.clock.now())
    costs.care.drain()


@pytest.mark.parametrize("bearer", BEARERS)
def test_a_coupon_costs_what_it_takes_off_once_its_order_is_handed_over(costs: Costs, bearer: str) -> None:
    mine = costs.complain(costs.collected())

    def resolve() -> None:
        made(costs.resolve(mine, costs.remedy("coupon", None, cost_to=bearer)), 200)
        costs.care.drain()

    assert costs.moved_by(resolve) == {}
    assert costs.read(mine)["remedy"]["cost"] is None
    before = costs.accounts()
    later = costs.use_coupon()
    after = costs.accounts()

    # The later order of itself: ¥36.00 less ¥5.00 in cash, ¥3.10 for the leader, ¥20.00 for its goods.
    own = {
        "sales": 3_100, "cash:leader:point": 3_100, "commission_expense": 310, "commission_frozen:leader": 310,
        "goods_cost": 2_000, f"supplier_payable:{costs.owed}": 2_000,
    }  # fmt: skip
    wanted = expected("coupon", bearer, costs.owed)
    moved = {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}
    together = {name: own.get(name, 0) + wanted.get(name, 0) for name in {*own, *wanted}}
    assert moved == {name: amount for name, amount in together.items() if amount}
    assert costs.read(mine)["remedy"]["cost"] == costs.money(500)
    assert balanced(costs)
    number = costs.read(mine)["remedy"]
    assert number["state"] == "done"
    data = {"cause": f"complaint:{mine['id']}:1", "order_id": later["id"]}
    assert costs.moved_by(lambda: replayed(costs, coupon_used, "coupon.redeemed", data)) == {}


def test_the_campaign_of_the_complaint_has_the_cost_and_the_statement_a_line(costs: Costs) -> None:
    order = costs.collected()
    path = f"/v1/campaigns/{order['campaign_id']}/settlement"
    before = made(costs.brand.get(path), 200)
    made(costs.resolve(costs.complain(order), costs.remedy("exchange", order)), 200)
    made(costs.resolve(costs.complain(order, text="Two"), costs.remedy("points", order, cost_to="supplier")), 200)
    costs.care.drain()

    after = made(costs.brand.get(path), 200)
    assert (before["remedies"], after["remedies"]) == (costs.money(0), costs.money(1_000))
    assert before["profit"]["amount_minor"] - after["profit"]["amount_minor"] == 1_000
    assert "- remedies" in after["definition"]
    today = (costs.care.clock.now() + timedelta(hours=8)).date().isoformat()
    asked = f"?party=supplier&party_id={costs.owed}&from_on={today}&to_on={today}"
    lines = made(costs.brand.get("/v1/statements" + asked), 200)["lines"]
    assert [(each["kind"], each["moved"]["payable"]["amount_minor"]) for each in lines] == [
        ("goods_received", 2_000), ("charged", -300),
    ]  # fmt: skip


def test_a_leader_reads_in_the_statement_what_they_were_charged(costs: Costs) -> None:
    order = costs.collected()
    made(costs.resolve(costs.complain(order), costs.remedy("points", order, cost_to="leader")), 200)
    costs.care.drain()
    today = (costs.care.clock.now() + timedelta(hours=8)).date().isoformat()
    asked = f"?party=leader&party_id={costs.leader.id}&from_on={today}&to_on={today}"
    lines = made(costs.brand.get("/v1/statements" + asked), 200)["lines"]
    assert [(each["kind"], each["moved"]["frozen"]["amount_minor"]) for each in lines][-1] == ("charged", -300)


def test_what_a_complaint_about_no_order_costs_is_booked_too(costs: Costs) -> None:
    costs.collected()
    for number, bearer in enumerate(("brand", "platform", "supplier"), 1):
        more = {"supplier_id": costs.owed} if bearer == "supplier" else {}
        mine = costs.complain(text=f"Rude {number}")
        remedy = costs.remedy("points", None, cost_to=bearer, **more)

        def resolve(mine: Any = mine, remedy: Any = remedy) -> None:
            made(costs.resolve(mine, remedy), 200)
            costs.care.drain()

        assert costs.moved_by(resolve) == expected("points", bearer, costs.owed)
        data = {"complaint_id": mine["id"]}
        assert (
            costs.moved_by(lambda d=data: replayed(costs, complaint_resolved, "complaint.resolved", d)) == {}  # type: ignore[misc]
        )
    assert balanced(costs)


def test_two_remedies_share_the_commission_and_the_brand_bears_the_rest(costs: Costs) -> None:
    """¥3.00 of points and ¥2.00 of money on a commission of ¥3.60."""
    order = costs.collected()
    made(costs.resolve(costs.complain(order), costs.remedy("points", order, cost_to="leader")), 200)
    made(costs.resolve(costs.complain(order, text="Two"), costs.remedy("refund", order, cost_to="leader")), 200)
    costs.care.drain()
    assert costs.earned() == [(0, 360)]
    costs.care.clock.advance(days=16)
    costs.care.sweep()
    assert costs.accounts().get("commission_payable:leader", 0) == 0
    assert balanced(costs)


def test_units_that_are_paid_back_instead_of_exchanged_cost_nothing_more(costs: Costs) -> None:
    order = costs.collected()
    mine = costs.complain(order)
    made(costs.resolve(mine, costs.remedy("exchange", order, cost_to="platform")), 200)
    costs.care.drain()
    case_id = costs.read(mine)["remedy"]["aftersale_id"]
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1}]
    body = {"refund": {"lines": lines}, "reason": "Only one was left"}

    made(costs.brand.post(f"/v1/after-sales/{case_id}/refund-instead", body, headers={"Idempotency-Key": "i"}), 200)
    costs.care.drain()

    books = costs.accounts()
    assert (books["platform_receivable"], books["inventory"], books.get("remedies", 0)) == (500, -500, 0)
    assert costs.read(mine)["remedy"]["cost"] == costs.money(500)
    assert balanced(costs)


def test_points_that_pay_nothing_cost_nothing(complaining: Complaining) -> None:
    order = complaining.collected()
    before = complaining.accounts()
    mine = complaining.complain(order)
    made(complaining.resolve(mine, {"kind": "points", "points": 300}), 200)
    complaining.care.drain()
    assert complaining.accounts() == before
    assert complaining.read(mine)["remedy"]["cost"] == complaining.money(0)


def test_a_cost_is_moved_once_and_back_by_what_it_falls() -> None:
    first = RemedyCost("c:1", 700, "supplier:s")
    booked, moved = brought_up_to({}, first)
    assert moved == {"paid_in_kind": -700, "supplier_payable:s": 700}
    assert brought_up_to(booked, first) == (booked, {})
    after, back = brought_up_to(booked, RemedyCost("c:1", 200, "supplier:s"))
    assert back == {"paid_in_kind": 500, "supplier_payable:s": -500}
    assert brought_up_to(after, RemedyCost("c:1", 0)) == ({}, {"paid_in_kind": 200, "supplier_payable:s": -200})
    two, _ = brought_up_to(brought_up_to({}, RemedyCost("c:1", 100, "leader"))[0], RemedyCost("d:1", 50, "leader"))
    assert of_leader(two) == 150


def returned(costs: Costs, order: Any, quantity: int) -> None:
    """So many units of an order come back, and are paid back."""
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": quantity}]
    opened = made(
        costs.care.store(
            "POST", f"/orders/{order['id']}/after-sales", costs.member,
            json={"kind": "return", "lines": lines, "reason": "x"}, headers={"Idempotency-Key": f"back-{quantity}"},
        )
    )  # fmt: skip
    body = {"outcome": "approve", "goods": "not_needed"}
    path = f"/v1/after-sales/{opened['id']}/decision"
    made(costs.brand.post(path, body, headers={"Idempotency-Key": f"yes-{quantity}"}), 200)
    costs.care.drain()


def test_a_coupon_whose_goods_come_back_costs_only_what_it_took_off_the_rest(costs: Costs) -> None:
    """¥5.00 off four units: of one that comes back ¥1.25 is nobody's loss, of all four nothing is left."""
    mine = costs.complain(costs.collected())
    made(costs.resolve(mine, costs.remedy("coupon", None, cost_to="supplier")), 200)
    costs.care.drain()
    order = costs.use_coupon()
    owed = costs.accounts()[f"supplier_payable:{costs.owed}"]

    returned(costs, order, 1)
    books = costs.accounts()
    assert (books[f"supplier_payable:{costs.owed}"] - owed, books["paid_in_kind"]) == (125, 375)
    assert costs.read(mine)["remedy"]["cost"] == costs.money(375)
    returned(costs, order, 3)
    costs_again = {"cause": f"complaint:{mine['id']}:1", "order_id": order["id"]}
    assert costs.moved_by(lambda: replayed(costs, coupon_used, "coupon.redeemed", costs_again)) == {}
    books = costs.accounts()
    assert (books[f"supplier_payable:{costs.owed}"] - owed, books.get("paid_in_kind", 0)) == (500, 0)
    assert costs.read(mine)["remedy"]["cost"] == costs.money(0)
    assert balanced(costs)


def test_an_exchange_that_cannot_be_had_costs_nothing(costs: Costs) -> None:
    order = costs.collected()
    costs.care.clock.advance(days=16)
    costs.care.sweep()
    before = costs.accounts()
    mine = costs.complain(order)
    made(costs.resolve(mine, costs.remedy("exchange", order, cost_to="supplier")), 200)
    costs.care.drain()
    found = costs.read(mine)["remedy"]
    assert (found["state"], found["cost"]) == ("failed", costs.money(0))
    assert costs.accounts() == before
