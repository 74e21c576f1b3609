"""An exchange that cannot be made: the team pays it back instead, and what was set aside for it is free again."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.aftersales.service.exchanging import exchange
from chalicelib.db import metered, tenant_scope
from chalicelib.kernel.clock import now
from tests.aftersales.conftest import Counter
from tests.builders import made


def code(reply: Any, status: int = 409) -> str:
    assert reply.status == status, reply.text
    return str(reply.json["code"])


def line(order: Any, units: int) -> dict[str, Any]:
    return {"offer_id": order["lines"][0]["offer_id"], "quantity": units}


def approved(counter: Counter, order: Any, units: int) -> Any:
    """An exchange that was approved, and whose order was placed."""
    case = made(counter.decide(counter.opened(order, units, kind="exchange")), 200)
    counter.desk.drain()
    return counter.case(case)


def lowered(counter: Counter, order_id: str, order: Any, units: int) -> Any:
    """The order after staff lowered its only line."""
    body = {"lines": [line(order, units)], "reason": "cannot be bought any more"}
    path = f"/v1/orders/{order_id}/adjustments"
    return made(counter.brand.post(path, body, headers={"Idempotency-Key": f"to-{units}"}), 200)


def test_what_cannot_be_replaced_is_paid_back_and_its_order_ends(counter: Counter, engine: Any) -> None:
    # Given three units at 9.00, two of which are to be exchanged, from a shelf with five
    sku_id, campaign = counter.stocked(8, offered=3)
    order = counter.collected_of(campaign, quantity=3)
    case = approved(counter, order, 2)
    assert counter.free(sku_id) == 3

    # When the team pays them back instead
    turned = made(counter.refund_instead(case, reason="No pears are left"), 200)
    counter.desk.drain()

    # Then they go back at what they were paid with, nothing is handed over for them, and the shelf is full again
    (instead,) = turned["refunded_instead"]
    assert (instead["reason"], instead["refund"]["amount_minor"]) == ("No pears are left", 1800)
    assert (turned["status"], turned["history"][-1]["type"]) == ("approved", "refunded_instead")
    assert counter.refunds(order) == [1800]
    totals = counter.order(order)["totals"]
    assert [totals[name]["amount_minor"] for name in ("total", "refunded", "due")] == [2700, 1800, 0]
    assert counter.order({"id": case["exchange_order_id"]})["status"] == "cancelled"
    assert counter.free(sku_id) == 5

    # And the member is told, and can claim the third unit only
    assert any("No pears are left" in mail["text"] for mail in engine.mail())
    assert code(counter.ask(order, 2)) == "more_than_received"
    made(counter.decide(counter.opened(order, 1)), 200)
    assert counter.order(order)["totals"]["refunded"]["amount_minor"] == 2700


def test_an_exchange_order_that_staff_ended_before_is_paid_back_all_the_same(counter: Counter) -> None:
    order = counter.collected(quantity=1)
    case = approved(counter, order, 1)
    assert lowered(counter, case["exchange_order_id"], order, 0)["status"] == "cancelled"

    made(counter.brand.post(f"/v1/after-sales/{case['id']}/complete", {}), 200)
    turned = made(counter.refund_instead(case), 200)

    assert (turned["status"], counter.refunds(order)) == ("completed", [900])
    assert code(counter.refund_instead(case)) == "exchange_settled"


def test_before_the_replacement_is_ordered_no_goods_follow_the_money(counter: Counter) -> None:
    order = counter.collected(quantity=1)
    case = made(counter.decide(counter.opened(order, kind="exchange")), 200)

    revision = {"If-Match": '"2"'}
    turned = made(counter.refund_instead(case, headers=revision), 200)
    counter.desk.drain()
    with tenant_scope(counter.shop.tenant_id):
        exchange(counter.shop.tenant_id, case["id"], now())

    assert counter.case(case)["history"] == turned["history"]
    assert [entry["type"] for entry in turned["history"][2:]] == ["exchange_placed", "refunded_instead"]
    orders = made(counter.desk.store("GET", "/orders", counter.shop.shopper), 200)["items"]
    assert [each["status"] for each in orders] == ["cancelled", "picked_up"]
    assert counter.refunds(order) == [900]


def test_units_are_paid_back_one_by_one_and_never_those_that_were_handed_over(counter: Counter) -> None:
    # Given three units to be exchanged, of which the shop has one, and hands it over
    order = counter.collected(quantity=3)
    case = approved(counter, order, 3)
    new = counter.order({"id": case["exchange_order_id"]})
    part = {"code": new["pickup_code"], "pickup_point_id": new["pickup_point_id"], "lines": [line(order, 1)]}
    made(counter.brand.post(f"/v1/orders/{new['id']}/pickup", part), 200)

    # When first one and then what is left is paid back
    first = counter.refund_instead(case, key="one", refund={"lines": [line(order, 1)]})
    waiting = counter.order(new)
    assert code(counter.refund_instead(case, refund={"lines": [line(order, 2)]}), 422) == "refund_beyond_case"
    made(counter.refund_instead(case), 200)

    # Then the order keeps what was handed over, and one unit's money stays
    assert (waiting["status"], waiting["lines"][0]["quantity"]) == ("placed", 2)
    ended = counter.order(new)
    assert (ended["status"], ended["lines"][0]["quantity"]) == ("picked_up", 1)
    assert counter.refunds(order) == [900, 900]
    settled = counter.refund_instead(case)
    assert (code(settled), settled.json["exchange_order_id"]) == ("exchange_settled", new["id"])

    # And the same request again is answered, another under its key refused
    assert made(counter.refund_instead(case, key="one", refund={"lines": [line(order, 1)]}), 200)["id"] == case["id"]
    assert first.status == 200
    assert code(counter.refund_instead(case, key="one"), 422) == "idempotency_mismatch"
    assert counter.refunds(order) == [900, 900]


def test_a_unit_that_the_order_lost_already_is_not_lost_twice(counter: Counter) -> None:
    order = counter.collected(quantity=2)
    case = approved(counter, order, 2)
    lowered(counter, case["exchange_order_id"], order, 1)

    made(counter.refund_instead(case, refund={"lines": [line(order, 1)]}), 200)

    new = counter.order({"id": case["exchange_order_id"]})
    assert (new["status"], new["lines"][0]["quantity"]) == ("placed", 1)
    counter.desk.hand_over(new)
    assert code(counter.refund_instead(case)) == "exchange_settled"


def test_a_plain_amount_stands_for_all_of_them(counter: Counter) -> None:
    order = counter.collected(quantity=2)
    case = approved(counter, order, 1)

    too_much = counter.refund_instead(case, refund={"amount": counter.shop.money(1801)})
    foreign = counter.refund_instead(case, refund={"amount": {"amount_minor": 1, "currency": "USD"}})
    assert (code(too_much), foreign.json["errors"][0]["pointer"]) == ("refund_too_large", "/refund/amount/currency")
    assert counter.order({"id": case["exchange_order_id"]})["status"] == "placed"

    made(counter.refund_instead(case, refund={"amount": counter.shop.money(500)}), 200)
    assert counter.order({"id": case["exchange_order_id"]})["status"] == "cancelled"
    assert counter.refunds(order) == [500]
    assert code(counter.refund_instead(case)) == "exchange_settled"


def test_of_many_requests_at_once_one_pays(counter: Counter) -> None:
    order = counter.collected(quantity=1)
    case = approved(counter, order, 1)

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: counter.refund_instead(case), range(4)))

    assert sorted(reply.status for reply in replies) == [200, 409, 409, 409]
    assert counter.refunds(order) == [900]


def test_what_is_no_open_exchange_is_refused_by_name(counter: Counter) -> None:
    order = counter.collected(quantity=2)
    returned = counter.opened(order)
    assert code(counter.refund_instead(returned)) == "not_an_exchange"
    asked = counter.opened(order, kind="exchange")
    refused = counter.refund_instead(asked)
    assert (code(refused), refused.json["after_sale_status"]) == ("after_sale_move_refused", "requested")

    made(counter.decide(asked), 200)
    assert counter.refund_instead(asked, headers={"If-Match": '"1"'}).status == 412
    counter.desk.drain()
    counter.desk.hand_over(counter.order({"id": counter.case(asked)["exchange_order_id"]}))
    assert code(counter.refund_instead(asked)) == "exchange_settled"
    assert counter.refund_instead(asked, reason=None).status == 422
    assert counter.refunds(order) == []


@pytest.mark.parametrize("units", [1, 3])
def test_what_it_costs(counter: Counter, units: int) -> None:
    _, campaign = counter.stocked(8, offered=3)
    order = counter.collected_of(campaign, quantity=3)
    case = approved(counter, order, units)
    with metered() as turning:
        made(counter.refund_instead(case), 200)
    # It reads the API key, the case, both orders, the claims and the SKUs; one transaction has case, both orders, the
    # record of the change, claims, refund, SKU and audit.
    assert (turning.reads, turning.writes) == (6, 1)
