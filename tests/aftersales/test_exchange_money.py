"""The money of what was exchanged: it is that of the order which paid for it, however often the goods were replaced."""

from typing import Any

from chalicelib.db import metered
from tests.aftersales.conftest import Counter
from tests.aftersales.test_refunding_instead import approved, code, line
from tests.builders import made


def replaced(counter: Counter, order: Any, units: int = 1) -> Any:
    """The order that replaced units of another, handed over."""
    new = counter.order({"id": approved(counter, order, units)["exchange_order_id"]})
    counter.desk.hand_over(new)
    counter.desk.drain()
    return counter.order(new)


def test_a_replacement_that_is_spoiled_too_is_paid_back_by_the_first_order(counter: Counter) -> None:
    order = counter.collected(quantity=3)
    new = replaced(counter, order, 2)
    case = counter.opened(new, 2)

    options = made(counter.brand.get(f"/v1/after-sales/{case['id']}/decision"), 200)
    decided = made(counter.decide(case), 200)

    assert (options["lines"][0]["worth"]["amount_minor"], options["most"]["amount_minor"]) == (1800, 2700)
    assert decided["decision"]["refund"]["amount_minor"] == 1800
    assert (counter.refunds(order), counter.refunds(new)) == ([1800], [])
    assert counter.order(order)["totals"]["refunded"]["amount_minor"] == 1800
    assert code(counter.ask(new)) == "more_than_received"


def test_units_of_both_orders_pay_back_exactly_what_was_paid(counter: Counter) -> None:
    # Of 27.00, 9.01 go back for a unit that was replaced; so there are 17.99 for the two others.
    order = counter.collected(quantity=3)
    new = replaced(counter, order)
    amount = counter.shop.money(901)
    made(counter.decide(counter.opened(new), refund={"amount": amount}), 200)
    for _ in range(2):
        made(counter.decide(counter.opened(order)), 200)

    assert sorted(counter.refunds(order)) == [899, 900, 901]
    assert code(counter.ask(order)) == "more_than_received"


def test_no_more_goes_back_than_is_left_of_the_first_order(counter: Counter) -> None:
    order = counter.collected(quantity=1)
    new = replaced(counter, order)
    case = counter.opened(new)

    assert code(counter.decide(case, refund={"amount": counter.shop.money(901)})) == "refund_too_large"
    assert code(counter.decide(case, refund={"lines": [line(order, 2)]}), 422) == "refund_beyond_case"
    made(counter.decide(case, refund={"amount": counter.shop.money(900)}), 200)
    assert counter.refunds(order) == [900]


def test_what_replaced_a_replacement_is_paid_back_by_the_first_order_too(counter: Counter) -> None:
    order = counter.collected(quantity=2)
    second = replaced(counter, replaced(counter, order))
    case = counter.opened(second)
    with metered() as deciding:
        made(counter.decide(case), 200)
    last = approved(counter, replaced(counter, order), 1)
    made(counter.refund_instead(last), 200)

    assert counter.refunds(order) == [900, 900]
    assert counter.order({"id": last["exchange_order_id"]})["status"] == "cancelled"
    # It reads the API key, the case, three orders with the two cases between them, and the claims.
    assert (deciding.reads, deciding.writes) == (8, 1)


def test_what_was_paid_back_is_not_replaced_after_its_repair_is_withdrawn(counter: Counter) -> None:
    # Given two units with a repair that is approved, and one of them paid back
    product = counter.shop.product(after_sale={"return_days": 7, "exchange_days": 7, "repair_days": 30})
    campaign = counter.shop.campaign(offers=[counter.shop.offer(sku_id=product["skus"][0]["id"])])
    order = counter.collected_of(campaign, quantity=2)
    case = counter.opened(order, 2, kind="repair")
    made(counter.decide(case, refund={"lines": [line(order, 1)]}), 200)

    # When the member withdraws it
    made(counter.desk.store("POST", f"/after-sales/{case['id']}/withdraw", counter.shop.shopper), 200)

    # Then one unit can be claimed, of whichever kind, and not the one that was paid back
    for kind in ("return", "exchange", "repair"):
        refused = counter.ask(order, 2, kind=kind)
        assert (code(refused), refused.json["left"]) == ("more_than_received", 1)
    made(counter.decide(counter.opened(order, 1)), 200)
    totals = counter.order(order)["totals"]
    assert totals["refunded"] == totals["paid"]
