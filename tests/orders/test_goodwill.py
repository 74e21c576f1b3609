"""Goodwill: money given back outside every window, with a reason, up to a cap, and never more than was paid."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.money import Money
from chalicelib.orders.goodwill.errors import AboveGoodwillCap
from chalicelib.orders.goodwill.model import check_cap
from chalicelib.orders.refund_rules.model import RefundRules
from chalicelib.orders.refunds.model import Goodwill
from tests.builders import Reply, made
from tests.conftest import Clock, Drain, Sweep
from tests.customer_care import CustomerCare
from tests.payments.checkout import Checkout


class Giving:
    """A shop with a leader at 7.5 %, whose order of three units at 9.00 was collected and paid in cash."""

    def __init__(self, care: CustomerCare) -> None:
        self.care, self.shop, self.brand, self.clock = care, care.shop, care.brand, care.clock
        self.keys = iter(range(1_000))
        self.shop.filled(self, self._fill)

    def _fill(self) -> None:
        self.leader = self.shop.member()
        self.point = self.shop.pickup_point(leader_id=self.leader.id, commission_bps=750)
        self.campaign = self.shop.campaign(pickup_point_ids=[self.point["id"]], closes_in=timedelta(hours=1))
        self.order = made(self.shop.order(campaign=self.campaign, quantity=3))
        self.clock.advance(hours=2)
        self.care.sweep()
        self.care.hand_over(self.order)
        self.care.drain()

    def as_role(self, role: str) -> str:
        """A credential of somebody with that role."""
        return str(made(self.brand.post("/v1/api-keys", {"name": role, "scopes": [role]}))["secret"])

    def give(self, order: Any = None, minor: int | None = None, *, role: str = "", key: str = "", **body: Any) -> Reply:
        """Gives back of an order, by default of the one collected, under a new Idempotency-Key."""
        amount = {} if minor is None else {"amount": self.shop.money(minor)}
        path = f"/v1/orders/{(order or self.order)['id']}/refunds"
        sent = {"Idempotency-Key": key or f"gift-{next(self.keys)}"}
        token = self.as_role(role) if role else self.shop.api_key
        return self.shop.caller.call(
            "POST", path, json={"reason": "For the long wait"} | amount | body, token=token, headers=sent
        )

    def totals(self, order: Any = None) -> dict[str, int]:
        found = made(self.brand.get(f"/v1/orders/{(order or self.order)['id']}"), 200)["totals"]
        return {name: each["amount_minor"] for name, each in found.items()}

    def refunds(self, order: Any = None) -> Any:
        return made(self.brand.get(f"/v1/orders/{(order or self.order)['id']}/refunds"), 200)["items"]

    def returned(self, units: int) -> Any:
        """So many units come back, and are paid for."""
        line = {"offer_id": self.order["lines"][0]["offer_id"], "quantity": units}
        keyed = {"Idempotency-Key": f"return-{next(self.keys)}"}
        asked = {"kind": "return", "lines": [line], "reason": "Bruised"}
        path = f"/orders/{self.order['id']}/after-sales"
        case = made(self.care.store("POST", path, self.shop.shopper, json=asked, headers=keyed))
        base = f"/v1/after-sales/{case['id']}"
        made(self.brand.post(f"{base}/decision", {"outcome": "approve"}, headers=keyed), 200)
        received = made(self.brand.post(f"{base}/receive", {"lines": [line | {"disposition": "write_off"}]}), 200)
        made(self.brand.post(f"{base}/complete", {}), 200)
        self.care.drain()
        return received

    def commission(self) -> int:
        """What the leader earns in all, frozen or payable."""
        path = f"{self.shop.path}/leader/balance"
        found = made(self.shop.caller.call("GET", path, token=self.leader.token), 200)
        return int(found["frozen"]["amount_minor"] + found["payable"]["amount_minor"])

    def proof(self) -> bool:
        return bool(made(self.brand.get("/v1/ledger/summary"), 200)["holds"])


@pytest.fixture
def giving(care: CustomerCare) -> Giving:
    return Giving(care)


def code(reply: Reply, status: int) -> str:
    assert reply.status == status, reply.text
    return str(reply.json["code"])


def test_it_is_given_with_a_reason_shown_everywhere_and_paid_out_in_cash(
    giving: Giving, drain: Drain, engine: Any
) -> None:
    # Given an order whose window has long ended
    giving.clock.advance(days=90)
    giving.care.sweep()

    # When 5.00 are given back
    given = made(giving.give(minor=500))
    drain()

    # Then the order's total stands, and its refund, its history and its member know why
    assert (given["amount"]["amount_minor"], given["method"], given["status"]) == (500, "pickup", "requested")
    assert given["cause"].startswith("goodwill:")
    assert giving.totals()["refunded"] == 500
    assert (giving.totals()["total"], giving.totals()["due"]) == (2_700, 0)
    assert [(each["reason"], each["amount"]["amount_minor"]) for each in giving.refunds()] == [
        ("For the long wait", 500)
    ]
    own = made(giving.care.store("GET", f"/orders/{giving.order['id']}/refunds", giving.shop.shopper), 200)["items"]
    assert (own[0]["cause"], own[0]["reason"]) == ("goodwill", "For the long wait")
    entry = made(giving.brand.get(f"/v1/orders/{giving.order['id']}/history"), 200)["items"][-1]
    assert (entry["type"], entry["reason"], entry["after"]["refunded"]["amount_minor"]) == (
        "goodwill", "For the long wait", 500,
    )  # fmt: skip
    letter = [mail["text"] for mail in engine.mail() if mail["to"] == giving.shop.shopper.email][-1]
    assert "5.00" in letter
    assert "For the long wait" in letter
    assert giving.order["id"] not in letter.partition("See it in the shop")[0]
    audited = made(giving.brand.get(f"/v1/audit?target=order:{giving.order['id']}"), 200)["items"][0]
    assert (audited["action"], audited["changes"]["amount_minor"]) == ("order.goodwill", 500)

    # And when it was paid out, the books close
    made(giving.brand.post(f"/v1/orders/{giving.order['id']}/refunds/{given['id']}/confirm"), 200)
    drain()
    assert giving.proof()


def test_one_key_gives_once_and_the_same_answer_for_ever(giving: Giving) -> None:
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: giving.give(minor=100, key="once"), range(4)))
    assert {reply.status for reply in replies} == {201}
    assert len({reply.text for reply in replies}) == 1
    first = replies[0].json
    made(giving.brand.post(f"/v1/orders/{giving.order['id']}/refunds/{first['id']}/confirm"), 200)
    assert giving.give(minor=100, key="once").json == first
    assert code(giving.give(minor=101, key="once"), 422) == "idempotency_mismatch"
    assert giving.totals()["refunded"] == 100


def test_never_more_than_was_paid_and_what_comes_back_later_pays_what_is_left(giving: Giving, drain: Drain) -> None:
    assert code(giving.give(minor=2_701), 409) == "refund_too_large"
    made(giving.give(minor=2_000))
    assert code(giving.give(minor=701), 409) == "refund_too_large"

    # Units at 9.00 come back: 7.00 are left for all of them
    paid = giving.returned(2)["refunded"]["amount_minor"]
    last = giving.returned(1)["refunded"]["amount_minor"]
    assert (paid + last, giving.totals()["refunded"]) == (700, 2_700)
    assert code(giving.give(minor=1), 409) == "refund_too_large"
    drain()
    assert giving.proof()


def test_it_falls_on_the_lines_that_are_named_and_on_none_beyond_what_it_was_paid_with(giving: Giving) -> None:
    offer = giving.order["lines"][0]["offer_id"]
    line = {"offer_id": offer, "amount": giving.shop.money(300)}
    given = made(giving.give(lines=[line]))
    assert [(each["offer_id"], each["amount"]["amount_minor"]) for each in given["lines"]] == [(offer, 300)]
    unknown = giving.give(lines=[line | {"offer_id": giving.shop.tenant_id}])
    assert (code(unknown, 422), unknown.json["errors"][0]["pointer"]) == ("not_in_order", "/lines/0/offer_id")
    assert code(giving.give(lines=[line | {"amount": giving.shop.money(2_401)}]), 409) == "refund_too_large"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"amount": {"amount_minor": 0, "currency": "CNY"}},
        {"amount": {"amount_minor": 5, "currency": "USD"}},
        {"amount": {"amount_minor": 5, "currency": "CNY"}, "reason": ""},
        {"amount": {"amount_minor": 5, "currency": "CNY"}, "reason": None},
        {"amount": {"amount_minor": 5, "currency": "CNY"}, "lines": []},
    ],
)
def test_what_is_no_gift_is_refused_by_its_field(giving: Giving, body: dict[str, Any]) -> None:
    refused = giving.give(**body)
    assert (refused.status, giving.totals()["refunded"]) == (422, 0)
    assert giving.refunds() == []


def test_without_a_key_nothing_is_given(giving: Giving) -> None:
    body = {"amount": giving.shop.money(5), "reason": "Sorry"}
    refused = giving.brand.post(f"/v1/orders/{giving.order['id']}/refunds", body)
    assert code(refused, 400) == "idempotency_key_required"


def test_each_role_has_a_cap_for_all_goodwill_of_an_order_which_an_owner_sets(giving: Giving) -> None:
    # Given ¥10.00 for service and ¥20.00 for managers
    rules = {"goodwill_caps": {"service": giving.shop.money(1_000), "manager": giving.shop.money(2_000)}}
    made(giving.brand.put("/v1/refund-rules", rules), 200)

    # Then service gives no more than that, at once or in pieces
    above = giving.give(minor=1_001, role="service")
    assert (code(above, 403), above.json["cap"]["amount_minor"]) == ("above_goodwill_cap", 1_000)
    assert "a manager or an owner" in above.json["detail"]
    made(giving.give(minor=600, role="service"))
    split = giving.give(minor=401, role="service")
    assert (code(split, 403), split.json["left"]["amount_minor"]) == ("above_goodwill_cap", 400)

    # And a manager up to theirs, what others gave included; an owner up to what was paid
    assert "ask an owner" in giving.give(minor=1_401, role="manager").json["detail"].lower()
    made(giving.give(minor=1_400, role="manager"))
    assert code(giving.give(minor=1, role="service"), 403) == "above_goodwill_cap"
    made(giving.give(minor=700, role="owner"))
    for role in ("editor", "planner", "analyst"):
        assert code(giving.give(minor=1, role=role), 403) == "forbidden"


def test_of_many_gifts_at_once_no_more_pass_the_cap_than_one_after_the_other(giving: Giving) -> None:
    made(giving.brand.put("/v1/refund-rules", {"goodwill_caps": {"service": giving.shop.money(1_000)}}), 200)
    path, secret = f"/v1/orders/{giving.order['id']}/refunds", giving.as_role("service")
    body = {"amount": giving.shop.money(600), "reason": "For the long wait"}

    def give(number: int) -> int:
        sent = {"Idempotency-Key": f"at-once-{number}"}
        return int(giving.shop.caller.call("POST", path, json=body, token=secret, headers=sent).status)

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(give, range(4)))
    assert (answers, giving.totals()["refunded"]) == ([201, 403, 403, 403], 600)


def test_the_rules_are_read_by_those_who_work_with_them_and_set_by_owners(giving: Giving) -> None:
    read = made(giving.brand.get("/v1/refund-rules"), 200)
    assert read["returns"] == {"refund": "on_receipt"}
    assert [read["goodwill_caps"][role]["amount_minor"] for role in ("service", "manager")] == [5_000, 20_000]
    refused = giving.shop.caller.call("PUT", "/v1/refund-rules", json={}, token=giving.as_role("manager"))
    assert code(refused, 403) == "forbidden"
    foreign = giving.brand.put(
        "/v1/refund-rules", {"goodwill_caps": {"service": {"amount_minor": 1, "currency": "USD"}}}
    )
    assert foreign.json["errors"][0]["pointer"] == "/goodwill_caps/service/currency"
    made(giving.brand.put("/v1/refund-rules", {"returns": {"refund": "on_approval"}}), 200)
    stale = giving.brand.put("/v1/refund-rules", {}, headers={"If-Match": '"7"'})
    assert stale.status == 412
    entry = made(giving.brand.get("/v1/audit?action=refund_rules.changed"), 200)["items"][0]
    assert (entry["changes"]["from"]["pays"], entry["changes"]["to"]["pays"]) == ("on_receipt", "on_approval")


def test_a_gift_costs_the_leader_nothing_and_goods_that_come_back_cost_them_as_ever(
    giving: Giving, drain: Drain
) -> None:
    assert giving.commission() == 203  # 7.5 % of 27.00: 2.025
    made(giving.give(minor=1_000))
    drain()
    assert giving.commission() == 203

    # One unit at 9.00 comes back and is paid in full; of 18.00 they earn 1.35
    giving.returned(1)
    assert giving.commission() == 135

    # The others come back for what is left, 8.00: the gift was for them, and nothing is earned on them any more
    giving.returned(2)
    assert (giving.totals()["refunded"], giving.commission()) == (2_700, 0)


def test_the_brand_bears_it_also_when_its_campaign_is_settled(giving: Giving, drain: Drain) -> None:
    path = f"/v1/campaigns/{giving.campaign['id']}"
    drain()
    assert made(giving.brand.get(path), 200)["status"] == "completed"
    giving.clock.advance(days=16)
    giving.care.sweep()
    before = made(giving.brand.post(f"{path}/settle"), 200)

    made(giving.give(minor=500))
    drain()
    after = made(giving.brand.get(f"{path}/settlement"), 200)
    assert (after["status"], after["commission"]) == ("settled", before["commission"])
    assert before["profit"]["amount_minor"] - after["profit"]["amount_minor"] == 500
    assert giving.proof()


def test_what_was_paid_online_goes_back_through_the_provider(
    care: CustomerCare, clock: Clock, sweep: Sweep, drain: Drain
) -> None:
    giving, checkout = Giving(care), Checkout(care.shop)
    paid = made(checkout.start())
    checkout.pay(paid["id"])
    checkout.notify(paid["id"])
    drain()

    # Before it is collected, and long after
    made(giving.give(checkout.order, 100))
    clock.advance(days=8)
    sweep()
    care.hand_over(checkout.order)
    clock.advance(days=40)
    made(giving.give(checkout.order, 200))
    drain()
    shown = [
        (each["status"], each["method"], each["amount"]["amount_minor"]) for each in giving.refunds(checkout.order)
    ]
    assert sorted(shown) == [("succeeded", "test", 100), ("succeeded", "test", 200)]
    assert giving.totals(checkout.order)["due"] == 0
    assert giving.proof()


def test_nothing_is_given_where_nothing_was_paid_and_another_brands_order_is_absent(
    giving: Giving, new_shop: Any
) -> None:
    waiting = made(giving.shop.order(campaign=giving.shop.campaign(), quantity=1))
    assert code(giving.give(waiting, 1), 409) == "refund_too_large"
    stranger = new_shop()
    body = {"amount": stranger.money(1), "reason": "Sorry"}
    refused = stranger.brand.post(f"/v1/orders/{giving.order['id']}/refunds", body, headers={"Idempotency-Key": "k"})
    assert (code(refused, 404), giving.totals()["refunded"]) == ("not_found", 0)


def test_a_cap_is_of_the_order_whoever_gave_before() -> None:
    rules = RefundRules("CNY", caps={"service": 1_000})
    check_cap(Money(400, "CNY"), 600, rules, {"service"})
    for roles in ({"service"}, {"analyst", "service"}, set()):
        with pytest.raises(AboveGoodwillCap):
            check_cap(Money(401, "CNY"), 600, rules, roles)
    check_cap(Money(401, "CNY"), 600, rules, {"service", "manager"})
    check_cap(Money(10**9, "CNY"), 600, rules, {"owner"})
    check_cap(Money(10**9, "CNY"), 600, rules, {"*"})


def test_what_a_return_takes_up_is_no_gift_any_more() -> None:
    given = Goodwill().plus({"pears": 500, "eggs": 100}).plus({"pears": 100})
    assert given == Goodwill(700, {"pears": 600, "eggs": 100})
    assert given.less({"pears": 200}) == Goodwill(700, {"pears": 400, "eggs": 100})
    assert given.less({"pears": 900, "eggs": -5}) == Goodwill(700, {"eggs": 100})
    assert Goodwill.from_json(given.as_json()) == given
