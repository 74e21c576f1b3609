"""An exchange that cannot be made: the team pays it back instead, and what was set aside for it is free again."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.aftersales.service.exchanging import exchange
from chalicelib.db import metered, tenant_scope
from chalicelib.kernel.clock import now
from tests.aftersales.conftest import Returns
from tests.builders import made


def code(reply: Any, status: int = 409) -> str:
    assert reply.status == status, reply.text
    return str(reply.json["code"])


def line(order: Any, units: int) -> dict[str, Any]:
    return {"offer_id": order["lines"][0]["offer_id"], "quantity": units}


def approved(returns: Returns, order: Any, units: int) -> Any:
    """An exchange that was approved, and whose order was placed."""
    case = made(returns.decide(returns.opened(order, units, kind="exchange")), 200)
    returns.care.drain()
    return returns.case(case)


def lowered(returns: Returns, order_id: str, order: Any, units: int) -> Any:
    """The order after staff lowered its only line."""
    body = {"lines": [line(order, units)], "reason": "cannot be bought any more"}
    path = f"/v1/orders/{order_id}/adjustments"
    return made(returns.brand.post(path, body, headers={"Idempotency-Key": f"to-{units}"}), 200)


def test_what_cannot_be_replaced_is_paid_back_and_its_order_ends(returns: Returns, engine: Any) -> None:
    # Given three units at 9.00, two of which are to be exchanged, from a shelf with five
    sku_id, campaign = returns.stocked(8, offered=3)
    order = returns.collected_of(campaign, quantity=3)
    case = approved(returns, order, 2)
    assert returns.free(sku_id) == 3

    # When the team pays them back instead
    turned = made(returns.refund_instead(case, reason="No pears are left"), 200)
    returns.care.drain()

    # Then they go back at what they were paid with, nothing is handed over for them, and the shelf is full again
    (instead,) = turned["refunded_instead"]
    assert (instead["reason"], instead["refund"]["amount_minor"]) == ("No pears are left", 1800)
    assert (turned["status"], turned["history"][-1]["type"]) == ("approved", "refunded_instead")
    assert returns.refunds(order) == [1800]
    totals = returns.order(order)["totals"]
    assert [totals[name]["amount_minor"] for name in ("total", "refunded", "due")] == [2700, 1800, 0]
    assert returns.order({"id": case["exchange_order_id"]})["status"] == "cancelled"
    assert returns.free(sku_id) == 5

    # And the member is told, and can claim the third unit only
    assert any("No pears are left" in mail["text"] for mail in engine.mail())
    assert code(returns.ask(order, 2)) == "more_than_received"
    made(returns.decide(returns.opened(order, 1)), 200)
    assert returns.order(order)["totals"]["refunded"]["amount_minor"] == 2700


def test_an_exchange_order_that_staff_ended_before_is_paid_back_all_the_same(returns: Returns) -> None:
    order = returns.collected(quantity=1)
    case = approved(returns, order, 1)
    assert lowered(returns, case["exchange_order_id"], order, 0)["status"] == "cancelled"

    made(returns.brand.post(f"/v1/after-sales/{case['id']}/complete", {}), 200)
    turned = made(returns.refund_instead(case), 200)

    assert (turned["status"], returns.refunds(order)) == ("completed", [900])
    assert code(returns.refund_instead(case)) == "exchange_settled"


def test_before_the_replacement_is_ordered_no_goods_follow_the_money(returns: Returns) -> None:
    order = returns.collected(quantity=1)
    case = made(returns.decide(returns.opened(order, kind="exchange")), 200)

    revision = {"If-Match": '"2"'}
    turned = made(returns.refund_instead(case, headers=revision), 200)
    returns.care.drain()
    with tenant_scope(returns.shop.tenant_id):
        exchange(returns.shop.tenant_id, case["id"], now())

    assert returns.case(case)["history"] == turned["history"]
    assert [entry["type"] for entry in turned["history"][2:]] == ["exchange_placed", "refunded_instead"]
    orders = made(returns.care.store("GET", "/orders", returns.shop.shopper), 200)["items"]
    assert [each["status"] for each in orders] == ["cancelled", "picked_up"]
    assert returns.refunds(order) == [900]


def test_units_are_paid_back_one_by_one_and_never_those_that_were_handed_over(returns: Returns) -> None:
    # Given three units to be exchanged, of which the shop has one, and hands it over
    order = returns.collected(quantity=3)
    case = approved(returns, order, 3)
    new = returns.order({"id": case["exchange_order_id"]})
    part = {"code": new["pickup_code"], "pickup_point_id": new["pickup_point_id"], "lines": [line(order, 1)]}
    made(returns.brand.post(f"/v1/orders/{new['id']}/pickup", part), 200)

    # When first one and then what is left is paid back
    first = returns.refund_instead(case, key="one", refund={"lines": [line(order, 1)]})
    waiting = returns.order(new)
    assert code(returns.refund_instead(case, refund={"lines": [line(order, 2)]}), 422) == "refund_beyond_case"
    made(returns.refund_instead(case), 200)

    # Then the order keeps what was handed over, and one unit's money stays
    assert (waiting["status"], waiting["lines"][0]["quantity"]) == ("placed", 2)
    ended = returns.order(new)
    assert (ended["status"], ended["lines"][0]["quantity"]) == ("picked_up", 1)
    assert returns.refunds(order) == [900, 900]
    refused = returns.refund_instead(case)
    assert (code(refused), refused.json["exchange_order_id"]) == ("exchange_settled", new["id"])

    # And the same request again is answered, another under its key refused
    assert made(returns.refund_instead(case, key="one", refund={"lines": [line(order, 1)]}), 200)["id"] == case["id"]
    assert first.status == 200
    assert code(returns.refund_instead(case, key="one"), 422) == "idempotency_mismatch"
    assert returns.refunds(order) == [900, 900]


def test_a_unit_that_the_order_lost_already_is_not_lost_twice(returns: Returns) -> None:
    order = returns.collected(quantity=2)
    case = approved(returns, order, 2)
    lowered(returns, case["exchange_order_id"], order, 1)

    made(returns.refund_instead(case, refund={"lines": [line(order, 1)]}), 200)

    new = returns.order({"id": case["exchange_order_id"]})
    assert (new["status"], new["lines"][0]["quantity"]) == ("placed", 1)
    returns.care.hand_over(new)
    assert code(returns.refund_instead(case)) == "exchange_settled"


def test_a_plain_amount_stands_for_all_of_them(returns: Returns) -> None:
    order = returns.collected(quantity=2)
    case = approved(returns, order, 1)

    too_much = returns.refund_instead(case, refund={"amount": returns.shop.money(1801)})
    foreign = returns.refund_instead(case, refund={"amount": {"amount_minor": 1, "currency": "USD"}})
    assert (code(too_much), foreign.json["errors"][0]["pointer"]) == ("refund_too_large", "/refund/amount/currency")
    assert returns.order({"id": case["exchange_order_id"]})["status"] == "placed"

    made(returns.refund_instead(case, refund={"amount": returns.shop.money(500)}), 200)
    assert returns.order({"id": case["exchange_order_id"]})["status"] == "cancelled"
    assert returns.refunds(order) == [500]
    assert code(returns.refund_instead(case)) == "exchange_settled"


def test_of_many_requests_at_once_one_pays(returns: Returns) -> None:
    order = returns.collected(quantity=1)
    case = approved(returns, order, 1)

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: returns.refund_instead(case), range(4)))

    assert sorted(reply.status for reply in replies) == [200, 409, 409, 409]
    assert returns.refunds(order) == [900]


def test_only_an_open_exchange_is_paid_back_instead(returns: Returns) -> None:
    order = returns.collected(quantity=2)
    returned = returns.opened(order)
    assert code(returns.refund_instead(returned)) == "not_an_exchange"
    asked = returns.opened(order, kind="exchange")
    refused = returns.refund_instead(asked)
    assert (code(refused), refused.json["after_sale_status"]) == ("after_sale_move_refused", "requested")

    made(returns.decide(asked), 200)
    assert returns.refund_instead(asked, headers={"If-Match": '"1"'}).status == 412
    returns.care.drain()
    returns.care.hand_over(returns.order({"id": returns.case(asked)["exchange_order_id"]}))
    assert code(returns.refund_instead(asked)) == "exchange_settled"
    assert returns.refund_instead(asked, reason=None).status == 422
    assert returns.refunds(order) == []


@pytest.mark.parametrize("units", [1, 3])
def test_the_requests_of_a_refund_instead_are_counted(returns: Returns, units: int) -> None:
    _, campaign = returns.stocked(8, offered=3)
    order = returns.collected_of(campaign, quantity=3)
    case = approved(returns, order, units)
    with metered() as turning:
        made(returns.refund_instead(case), 200)
    # It reads the API key, the case, the order that replaces, the order that paid with its claims, and the SKUs; one
    # transaction has case, both orders, the record of the change, claims, refund, SKU and audit.
    assert (turning.reads, turning.writes) == (5, 1)
