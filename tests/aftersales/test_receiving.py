"""Goods come back in one part or several: each is booked and paid back once, and the parts are exactly the whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.aftersales.conftest import Returns
from tests.builders import made
from tests.conftest import Drain
from tests.payments.checkout import Checkout


def code(reply: Any, status: int = 409) -> str:
    assert reply.status == status, reply.text
    return str(reply.json["code"])


def quantities(units: Any) -> list[int]:
    return [each["quantity"] for each in units]


def own(returns: Returns, case: Any) -> Any:
    """The case as its member sees it."""
    return made(returns.care.store("GET", f"/after-sales/{case['id']}", returns.shop.shopper), 200)


def seen(returns: Returns, case: Any) -> tuple[list[int], list[int], int]:
    """What has arrived, what is still expected, and what was refunded so far, as the member sees it."""
    found = own(returns, case)
    return quantities(found["arrived"]), quantities(found["still_expected"]), found["refunded"]["amount_minor"]


def refunded(returns: Returns, order: Any) -> int:
    return int(returns.order(order)["totals"]["refunded"]["amount_minor"])


def letters(returns: Returns, engine: Any) -> list[str]:
    """What the shopper was told, oldest first."""
    address = returns.shop.shopper.email
    return [mail["text"] for mail in engine.mail() if mail["to"] == address]


def test_nothing_goes_back_before_the_goods_are_there_and_each_part_pays_for_itself(
    on_receipt: Returns, drain: Drain
) -> None:
    # Given a return of three units at 9.00
    order = on_receipt.collected(quantity=3)
    case = on_receipt.opened(order, 3)

    # When it is approved, no money moves, and everybody sees what will
    approved = made(on_receipt.decide(case), 200)
    assert (approved["pays"], approved["decision"]["refund"]["amount_minor"]) == ("on_receipt", 2_700)
    assert (on_receipt.refunds(order), seen(on_receipt, case)) == ([], ([], [3], 0))

    # When two come, and later the third
    made(on_receipt.receive(case, 2), 200)
    assert (on_receipt.refunds(order), seen(on_receipt, case)) == ([1_800], ([2], [1], 1_800))
    last = made(on_receipt.receive(case, 1), 200)

    # Then each was paid back when it came, and all of it in the end
    assert (sorted(on_receipt.refunds(order)), seen(on_receipt, case)) == ([900, 1_800], ([3], [], 2_700))
    assert [part["refund"]["amount_minor"] for part in last["parts"]] == [1_800, 900]
    assert code(on_receipt.receive(case, 1)) == "more_than_claimed"
    done = made(on_receipt.brand.post(f"/v1/after-sales/{case['id']}/complete", {}), 200)
    assert [entry["type"] for entry in done["history"]] == [
        "requested", "approved", "received", "received", "completed",
    ]  # fmt: skip
    assert code(on_receipt.receive(case, 1)) == "after_sale_move_refused"


def test_a_part_that_is_sent_again_is_booked_once_and_a_further_one_has_to_say_that_it_is_one(
    on_receipt: Returns,
) -> None:
    order = on_receipt.collected(quantity=3)
    case = made(on_receipt.decide(on_receipt.opened(order, 3)), 200)

    # Given one unit, sent four times at once under one key
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: on_receipt.receive(case, 1, key="one"), range(4)))
    assert {reply.status for reply in replies} == {200}
    assert on_receipt.refunds(order) == [900]
    assert code(on_receipt.receive(case, 2, key="one"), 422) == "idempotency_mismatch"

    # Then the same without a key might be the same again, unless it names the revision that was seen
    path = f"/v1/after-sales/{case['id']}/receive"
    body = {"lines": [{"offer_id": case["lines"][0]["offer_id"], "quantity": 1, "disposition": "restock"}]}
    assert code(on_receipt.brand.post(path, body)) == "key_or_revision_needed"
    tag = on_receipt.brand.get(f"/v1/after-sales/{case['id']}").headers["etag"]
    assert on_receipt.brand.post(path, body, headers={"If-Match": tag}).status == 200
    assert on_receipt.brand.post(path, body, headers={"If-Match": tag}).status == 412
    assert refunded(on_receipt, order) == 1_800


def test_what_never_comes_is_not_paid_for_and_can_be_asked_for_again(
    on_receipt: Returns, drain: Drain, engine: Any
) -> None:
    # Given a return of three, of which two came
    order = on_receipt.collected(quantity=3)
    case = made(on_receipt.decide(on_receipt.opened(order, 3)), 200)
    made(on_receipt.receive(case, 2), 200)
    assert code(on_receipt.ask(order, 1)) == "more_than_received"

    # When it is closed with what came
    closed = made(on_receipt.brand.post(f"/v1/after-sales/{case['id']}/complete", {}), 200)
    drain()

    # Then the third was not paid for, and is free for another request; the two are not
    assert (closed["status"], refunded(on_receipt, order), quantities(closed["still_expected"])) == (
        "completed", 1_800, [],
    )  # fmt: skip
    assert code(on_receipt.ask(order, 2)) == "more_than_received"
    again = on_receipt.opened(order, 1)
    made(on_receipt.decide(again), 200)
    made(on_receipt.receive(again, 1), 200)
    assert refunded(on_receipt, order) == 2_700


def test_goods_that_are_not_needed_are_paid_for_at_once_and_never_come(on_receipt: Returns) -> None:
    order = on_receipt.collected(quantity=2)
    case = on_receipt.opened(order, 2)
    kept = made(on_receipt.decide(case, goods="not_needed"), 200)

    assert (kept["goods"], kept["pays"], kept["refunded"]["amount_minor"]) == ("not_needed", "on_approval", 1_800)
    assert (on_receipt.refunds(order), kept["still_expected"]) == ([1_800], [])
    assert code(on_receipt.receive(case, 1)) == "goods_not_expected"
    made(on_receipt.brand.post(f"/v1/after-sales/{case['id']}/complete", {}), 200)
    assert code(on_receipt.ask(order, 1)) == "more_than_received"


def test_the_brand_chooses_and_a_decision_may_say_otherwise(on_receipt: Returns) -> None:
    order = on_receipt.collected(quantity=3)
    cases = [on_receipt.opened(order, 1) for _ in range(3)]

    early = made(on_receipt.decide(cases[0], pays="on_approval"), 200)
    assert (early["pays"], on_receipt.refunds(order)) == ("on_approval", [900])
    on_receipt.pay_on_approval()
    chosen = made(on_receipt.decide(cases[1]), 200)
    assert (chosen["pays"], on_receipt.refunds(order)) == ("on_approval", [900, 900])
    late = made(on_receipt.decide(cases[2], pays="on_receipt"), 200)
    assert (late["pays"], on_receipt.refunds(order)) == ("on_receipt", [900, 900])

    # What was paid for before it came is not paid for again when it comes
    made(on_receipt.receive(cases[0], 1), 200)
    made(on_receipt.receive(cases[2], 1), 200)
    assert on_receipt.refunds(order) == [900, 900, 900]


@pytest.mark.parametrize(
    "body",
    [
        {"goods": "not_needed", "pays": "on_receipt"},
        {"outcome": "reject", "reason": "Eaten", "goods": "not_needed"},
        {"outcome": "reject", "reason": "Eaten", "pays": "on_receipt"},
    ],
)
def test_a_decision_that_contradicts_itself_is_refused(on_receipt: Returns, body: Any) -> None:
    assert on_receipt.decide({"id": on_receipt.shop.tenant_id}, **body).status == 422


def test_what_is_to_be_mended_is_brought(on_receipt: Returns) -> None:
    product = on_receipt.shop.product(after_sale={"repair_days": 30})
    campaign = on_receipt.shop.campaign(offers=[on_receipt.shop.offer(sku_id=product["skus"][0]["id"])])
    case = on_receipt.opened(on_receipt.collected_of(campaign, quantity=1), kind="repair")
    refused = on_receipt.decide(case, goods="not_needed")
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/goods")


def test_a_plain_amount_goes_back_part_by_part_and_the_last_takes_the_residue(on_receipt: Returns) -> None:
    # 10.00 for three units: 3.33, 3.33, 3.34
    order = on_receipt.collected(quantity=3)
    case = on_receipt.opened(order, 3)
    made(on_receipt.decide(case, refund={"amount": on_receipt.shop.money(1_000)}), 200)
    paid = [made(on_receipt.receive(case, 1), 200)["parts"][-1]["refund"]["amount_minor"] for _ in range(3)]
    assert (paid, refunded(on_receipt, order)) == ([333, 333, 334], 1_000)


def test_a_decision_for_fewer_units_pays_for_the_first_that_come(on_receipt: Returns) -> None:
    order = on_receipt.collected(quantity=3)
    case = on_receipt.opened(order, 3)
    line = {"offer_id": order["lines"][0]["offer_id"], "quantity": 2}
    made(on_receipt.decide(case, refund={"lines": [line]}), 200)
    paid = [made(on_receipt.receive(case, 1), 200)["parts"][-1]["refund"] for _ in range(3)]
    assert [each and each["amount_minor"] for each in paid] == [900, 900, None]


def test_more_than_was_paid_is_refused_when_it_is_promised(on_receipt: Returns) -> None:
    order = on_receipt.collected(quantity=2)
    case = on_receipt.opened(order, 1)
    assert code(on_receipt.decide(case, refund={"amount": on_receipt.shop.money(1_801)})) == "refund_too_large"
    assert on_receipt.case(case)["status"] == "requested"


def test_an_exchange_pays_for_what_comes_beyond_the_swapped_goods(on_receipt: Returns, drain: Drain) -> None:
    # Given two units, one to be exchanged, one to be paid back
    order = on_receipt.collected(quantity=3)
    case = on_receipt.opened(order, 2, kind="exchange")
    line = {"offer_id": order["lines"][0]["offer_id"], "quantity": 1}
    made(on_receipt.decide(case, refund={"lines": [line]}), 200)
    drain()
    replaced = on_receipt.case(case)["exchange_order_id"]
    assert on_receipt.order({"id": replaced})["lines"][0]["quantity"] == 1

    # When the first comes it is for the swap, the second for the money
    assert made(on_receipt.receive(case, 1), 200)["refunded"]["amount_minor"] == 0
    assert made(on_receipt.receive(case, 1), 200)["refunded"]["amount_minor"] == 900


def test_an_exchange_becomes_a_refund_only_for_goods_that_came_back(on_receipt: Returns, drain: Drain) -> None:
    order = on_receipt.collected(quantity=2)
    case = on_receipt.opened(order, 2, kind="exchange")
    made(on_receipt.decide(case), 200)
    drain()

    early = on_receipt.refund_instead(case)
    assert (code(early), early.json["arrived"], on_receipt.refunds(order)) == ("goods_not_arrived", 0, [])
    made(on_receipt.receive(case, 1), 200)
    line = {"offer_id": order["lines"][0]["offer_id"], "quantity": 1}
    made(on_receipt.refund_instead(case, refund={"lines": [line]}), 200)
    assert code(on_receipt.refund_instead(case)) == "goods_not_arrived"
    made(on_receipt.refund_instead(case, goods="not_needed"), 200)
    assert on_receipt.refunds(order) == [900, 900]


def test_each_part_is_on_the_shelf_once(on_receipt: Returns, drain: Drain) -> None:
    sku_id, campaign = on_receipt.stocked(10, 5)
    order = on_receipt.collected_of(campaign, quantity=3)
    free = on_receipt.free(sku_id)
    case = made(on_receipt.decide(on_receipt.opened(order, 3)), 200)
    for units, to in ((1, "restock"), (1, "write_off"), (1, "restock")):
        made(on_receipt.receive(case, units, to), 200)
        drain()
    assert on_receipt.free(sku_id) == free + 2


def test_what_was_paid_online_goes_back_through_the_provider_part_by_part(
    on_receipt: Returns, clock: Any, sweep: Any, drain: Drain
) -> None:
    checkout = Checkout(on_receipt.shop)
    paid = made(checkout.start())
    checkout.pay(paid["id"])
    checkout.notify(paid["id"])
    drain()
    clock.advance(days=8)
    sweep()
    on_receipt.care.hand_over(checkout.order)
    case = made(on_receipt.decide(on_receipt.opened(checkout.order, 2)), 200)
    for _ in range(2):
        made(on_receipt.receive(case, 1), 200)
        drain()
    refunds = made(on_receipt.brand.get(f"/v1/orders/{checkout.order['id']}/refunds"), 200)["items"]
    assert [(each["status"], each["amount"]["amount_minor"]) for each in refunds] == [("succeeded", 900)] * 2


def test_the_member_is_told_what_to_do_and_when_the_money_comes(on_receipt: Returns, drain: Drain, engine: Any) -> None:
    order = on_receipt.collected(quantity=3)
    case = made(on_receipt.decide(on_receipt.opened(order, 3)), 200)
    drain()
    made(on_receipt.receive(case, 1), 200)
    drain()
    made(on_receipt.receive(case, 1), 200)
    made(on_receipt.brand.post(f"/v1/after-sales/{case['id']}/complete", {}), 200)
    drain()

    told = letters(on_receipt, engine)[-4:]
    assert not any(case["id"] in each.partition("See it in the shop")[0] for each in told)
    title = case["lines"][0]["title"]
    for letter, words in zip(told, (("× 3", "27.00"), ("× 1", "9.00", "× 2"), ("× 1", "9.00"), ("× 1",)), strict=True):
        assert title in letter
        for each in words:
            assert each in letter
    assert "9.00" not in told[3]
