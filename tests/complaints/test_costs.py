"""Who bears what a complaint's refund costs: the leader with the commission, the supplier with what it is owed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.builders import made
from tests.complaints.conftest import Complaining


def refund(complaining: Complaining, amount: int, **more: Any) -> dict[str, Any]:
    return {"kind": "refund", "amount": complaining.money(amount), **more}


def supplier(complaining: Complaining, name: str = "Orchard", **more: object) -> str:
    """The one supplier of what is sold, at ¥5.00 a unit."""
    made_by = made(complaining.brand.post("/v1/suppliers", {"name": name}))["id"]
    terms = {"cost": complaining.money(500), **more}
    made(complaining.brand.call("PUT", f"/v1/suppliers/{made_by}/skus/{complaining.shop.sku_id}", json=terms), 200)
    return str(made_by)


def balanced(complaining: Complaining) -> bool:
    return bool(made(complaining.brand.get("/v1/ledger/summary"), 200)["holds"])


def test_a_leader_bears_a_refund_with_the_commission_of_the_order(complaining: Complaining) -> None:
    order = complaining.collected()
    assert complaining.earned() == [(360, 0)]
    mine = complaining.complain(order, cause="leader")

    closed = made(complaining.resolve(mine, refund(complaining, 200, cost_to="leader")), 200)
    complaining.care.drain()

    assert (closed["attributed_to"], closed["remedy"]["cost_to"]) == ("leader", "leader")
    assert "cost_to" not in complaining.own(mine)["remedy"]
    assert complaining.earned() == [(160, 200)]
    books = complaining.accounts()
    assert (books["commission_expense"], books["commission_frozen:leader"], books["sales_returns"]) == (160, 160, 200)
    assert balanced(complaining)


def test_what_is_above_the_commission_stays_with_the_brand(complaining: Complaining) -> None:
    order = complaining.collected()
    mine = complaining.complain(order)

    made(complaining.resolve(mine, refund(complaining, 1_000, cost_to="leader")), 200)
    complaining.care.drain()

    assert complaining.earned() == [(0, 360)]
    assert complaining.accounts().get("commission_frozen:leader", 0) == 0
    assert balanced(complaining)


def test_goods_that_come_back_later_take_up_what_the_leader_bore(complaining: Complaining) -> None:
    """The gift is a part of what the return pays back, so nobody bears it any more; the goods earn nothing."""
    order = complaining.collected()
    mine = complaining.complain(order)
    made(complaining.resolve(mine, refund(complaining, 100, cost_to="leader")), 200)
    complaining.care.drain()
    assert complaining.earned() == [(260, 100)]
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 4}]
    case = made(
        complaining.care.store(
            "POST", f"/orders/{order['id']}/after-sales", complaining.member,
            json={"kind": "return", "lines": lines, "reason": "x"}, headers={"Idempotency-Key": "return"},
        )
    )  # fmt: skip
    decision = {"outcome": "approve", "goods": "not_needed"}
    made(
        complaining.brand.post(
            f"/v1/after-sales/{case['id']}/decision", decision, headers={"Idempotency-Key": "decide"}
        ),
        200,
    )
    complaining.care.drain()

    assert (sum(complaining.refunds(order)), complaining.earned()) == (3_600, [(0, 0)])
    assert balanced(complaining)


def test_a_supplier_bears_a_refund_on_its_statement(complaining: Complaining) -> None:
    owed = supplier(complaining)
    order = complaining.collected()
    assert complaining.accounts()[f"supplier_payable:{owed}"] == 2_000
    mine = complaining.complain(order)

    closed = made(complaining.resolve(mine, refund(complaining, 300, cost_to="supplier")), 200)
    complaining.care.drain()

    assert (closed["attributed_to"], closed["supplier_id"], closed["remedy"]["supplier_id"]) == ("supplier", owed, owed)
    books = complaining.accounts()
    assert (books[f"supplier_payable:{owed}"], books["goods_cost"]) == (1_700, 1_700)
    assert complaining.earned() == [(360, 0)], "what the supplier bears is not the leader's"
    today = (complaining.care.clock.now() + timedelta(hours=8)).date().isoformat()
    asked = f"?party=supplier&party_id={owed}&from_on={today}&to_on={today}"
    lines = made(complaining.brand.get("/v1/statements" + asked), 200)["lines"]
    assert [(each["kind"], each["moved"]["payable"]["amount_minor"]) for each in lines] == [
        ("goods_received", 2_000), ("charged", -300),
    ]  # fmt: skip
    assert lines[1]["reference"] == order["id"]
    assert balanced(complaining)


def test_who_supplied_an_order_bears_it_though_another_supplies_the_goods_since(complaining: Complaining) -> None:
    owed = supplier(complaining)
    order = complaining.collected()
    supplier(complaining, "Newcomer", main=True)
    mine = complaining.complain(order)

    closed = made(complaining.resolve(mine, refund(complaining, 300, cost_to="supplier")), 200)
    complaining.care.drain()

    assert (closed["supplier_id"], closed["remedy"]["supplier_id"]) == (owed, owed)
    assert complaining.accounts()[f"supplier_payable:{owed}"] == 1_700
    rate = made(complaining.brand.get(f"/v1/suppliers/{owed}/rate"), 200)
    assert rate["complained"] == 4, "all units of the order were theirs"


def test_units_that_are_exchanged_for_a_complaint_count_for_its_supplier_once(complaining: Complaining) -> None:
    owed = supplier(complaining)
    order = complaining.collected()
    mine = complaining.complain(order, cause="damaged")
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 2}]
    made(complaining.resolve(mine, {"kind": "exchange", "lines": lines, "cost_to": "supplier"}), 200)
    complaining.care.drain()

    rate = made(complaining.brand.get(f"/v1/suppliers/{owed}/rate"), 200)
    assert (rate["sold"], rate["returned"], rate["complained"], rate["ratio"]) == (4, 0, 2, "0.5000")
    assert rate["complained_for"] == [{"cause": "damaged", "units": 2}]


def test_of_several_suppliers_one_is_named(complaining: Complaining) -> None:
    order = complaining.collected()
    mine = complaining.complain(order)
    reply = complaining.resolve(mine, refund(complaining, 300, cost_to="supplier"))
    assert (reply.status, reply.json["code"], reply.json["errors"][0]["pointer"]) == (
        422, "remedy_invalid", "/remedy/supplier_id",
    )  # fmt: skip
    other = made(complaining.brand.post("/v1/suppliers", {"name": "Other"}))["id"]

    named = made(complaining.resolve(mine, refund(complaining, 300, cost_to="supplier", supplier_id=other)), 200)
    complaining.care.drain()

    assert named["supplier_id"] == other
    assert complaining.accounts()[f"supplier_payable:{other}"] == -300, "what the supplier owes now is said as such"
    assert balanced(complaining)


def test_commission_waits_while_a_complaint_is_attributed_to_the_leader(complaining: Complaining) -> None:
    order = complaining.collected()
    mine = complaining.complain(order)
    path = f"/v1/complaints/{mine['id']}"
    made(complaining.brand.patch(path, {"attributed_to": "leader"}), 200)
    complaining.care.clock.advance(days=16)
    complaining.care.sweep()

    def status() -> tuple[str, list[str]]:
        path = f"{complaining.shop.path}/leader/commissions"
        (only,) = made(complaining.shop.caller.call("GET", path, token=complaining.leader.token), 200)["items"]
        return only["status"], only["waits_for"]

    assert status() == ("frozen", ["complaint"])
    assert "attributed_to" not in str(complaining.own(mine))
    assert "leader" not in [entry["after"] for entry in complaining.own(mine)["history"]]

    made(complaining.resolve(mine, refund(complaining, 60, cost_to="brand")), 200)
    complaining.care.drain()
    assert status() == ("payable", [])


def test_attributed_to_somebody_else_the_commission_waits_no_more(complaining: Complaining) -> None:
    owed = supplier(complaining)
    order = complaining.collected()
    mine = complaining.complain(order)
    path = f"/v1/complaints/{mine['id']}"
    made(complaining.brand.patch(path, {"attributed_to": "leader"}), 200)
    changed = made(complaining.brand.patch(path, {"attributed_to": "supplier"}), 200)
    assert (changed["attributed_to"], changed["supplier_id"]) == ("supplier", owed)
    complaining.care.clock.advance(days=16)
    complaining.care.sweep()

    path = f"{complaining.shop.path}/leader/commissions"
    (only,) = made(complaining.shop.caller.call("GET", path, token=complaining.leader.token), 200)["items"]
    assert only["status"] == "payable"


def test_once_its_window_is_over_the_commission_is_released_when_it_was_not_the_leader(
    complaining: Complaining,
) -> None:
    supplier(complaining)
    mine = complaining.complain(complaining.collected())
    path = f"/v1/complaints/{mine['id']}"
    made(complaining.brand.patch(path, {"attributed_to": "leader"}), 200)
    complaining.care.clock.advance(days=16)
    complaining.care.sweep()

    made(complaining.brand.patch(path, {"attributed_to": "supplier"}), 200)
    complaining.care.drain()

    path = f"{complaining.shop.path}/leader/commissions"
    (only,) = made(complaining.shop.caller.call("GET", path, token=complaining.leader.token), 200)["items"]
    assert (only["status"], only["waits_for"]) == ("payable", [])


def test_what_a_return_took_up_is_charged_to_nobody_again(complaining: Complaining) -> None:
    """Of ¥2.00 that the leader bears on two lines, the return of one takes up ¥1.00: whatever is given afterwards, and
    whoever bears that, the leader bears ¥1.00.
    """
    owed, shop = supplier(complaining), complaining.shop
    other = shop.offer(sku_id=shop.product()["skus"][0]["id"])
    order = complaining.collected(quantity=2, offers=[shop.offer(), other])
    made(complaining.resolve(complaining.complain(order), refund(complaining, 200, cost_to="leader")), 200)
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 2}]
    case = made(
        complaining.care.store(
            "POST", f"/orders/{order['id']}/after-sales", complaining.member,
            json={"kind": "return", "lines": lines, "reason": "x"}, headers={"Idempotency-Key": "return"},
        )
    )  # fmt: skip
    decision = {"outcome": "approve", "goods": "not_needed"}
    path = f"/v1/after-sales/{case['id']}/decision"
    made(complaining.brand.post(path, decision, headers={"Idempotency-Key": "decide"}), 200)
    complaining.care.drain()
    assert complaining.earned() == [(80, 100)]
    due = complaining.accounts().get(f"supplier_payable:{owed}", 0)

    for number, bearer in enumerate(("brand", "supplier", "platform"), 1):
        mine = complaining.complain(order, text=f"Again {number}")
        more = {"supplier_id": owed} if bearer == "supplier" else {}
        made(complaining.resolve(mine, refund(complaining, 90, cost_to=bearer, **more)), 200)
        complaining.care.drain()
        assert complaining.earned() == [(80, 100)]
    books = complaining.accounts()
    assert (due - books[f"supplier_payable:{owed}"], books["platform_receivable"]) == (90, 90)
    assert balanced(complaining)
