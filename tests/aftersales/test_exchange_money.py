"""The money of what was exchanged: it is that of the order which paid for it, however often the goods were replaced."""

from typing import Any

from chalicelib.db import metered
from tests.aftersales.conftest import Returns
from tests.aftersales.test_refunding_instead import approved, code, line
from tests.builders import made


def replaced(returns: Returns, order: Any, units: int = 1) -> Any:
    """The order that replaced units of another, handed over."""
    new = returns.order({"id": approved(returns, order, units)["exchange_order_id"]})
    returns.care.hand_over(new)
    returns.care.drain()
    return returns.order(new)


def test_a_replacement_that_is_spoiled_too_is_paid_back_by_the_first_order(returns: Returns) -> None:
    order = returns.collected(quantity=3)
    new = replaced(returns, order, 2)
    case = returns.opened(new, 2)

    options = made(returns.brand.get(f"/v1/after-sales/{case['id']}/decision"), 200)
    decided = made(returns.decide(case), 200)

    assert (options["lines"][0]["worth"]["amount_minor"], options["most"]["amount_minor"]) == (1800, 2700)
    assert decided["decision"]["refund"]["amount_minor"] == 1800
    assert (returns.refunds(order), returns.refunds(new)) == ([1800], [])
    assert returns.order(order)["totals"]["refunded"]["amount_minor"] == 1800
    assert code(returns.ask(new)) == "more_than_received"


def test_units_of_both_orders_pay_back_exactly_what_was_paid(returns: Returns) -> None:
    # Of 27.00, 9.01 go back for a unit that was replaced; so there are 17.99 for the two others.
    order = returns.collected(quantity=3)
    new = replaced(returns, order)
    amount = returns.shop.money(901)
    made(returns.decide(returns.opened(new), refund={"amount": amount}), 200)
    for _ in range(2):
        made(returns.decide(returns.opened(order)), 200)

    assert sorted(returns.refunds(order)) == [899, 900, 901]
    assert code(returns.ask(order)) == "more_than_received"


def test_no_more_goes_back_than_is_left_of_the_first_order(returns: Returns) -> None:
    order = returns.collected(quantity=1)
    new = replaced(returns, order)
    case = returns.opened(new)

    assert code(returns.decide(case, refund={"amount": returns.shop.money(901)})) == "refund_too_large"
    assert code(returns.decide(case, refund={"lines": [line(order, 2)]}), 422) == "refund_beyond_case"
    made(returns.decide(case, refund={"amount": returns.shop.money(900)}), 200)
    assert returns.refunds(order) == [900]


def test_what_replaced_a_replacement_is_paid_back_by_the_first_order_too(returns: Returns) -> None:
    order = returns.collected(quantity=2)
    second = replaced(returns, replaced(returns, order))
    case = returns.opened(second)
    with metered() as deciding:
        made(returns.decide(case), 200)
    last = approved(returns, replaced(returns, order), 1)
    made(returns.refund_instead(last), 200)

    assert returns.refunds(order) == [900, 900]
    assert returns.order({"id": last["exchange_order_id"]})["status"] == "cancelled"
    # It reads the API key, the case, three orders with the two cases between them, the claims, and the brand's
    # calendar with its targets.
    assert (deciding.reads, deciding.writes) == (9, 1)


def test_what_was_paid_back_is_not_replaced_after_its_repair_is_withdrawn(returns: Returns) -> None:
    # Given two units with a repair that is approved, and one of them paid back
    product = returns.shop.product(after_sale={"return_days": 7, "exchange_days": 7, "repair_days": 30})
    campaign = returns.shop.campaign(offers=[returns.shop.offer(sku_id=product["skus"][0]["id"])])
    order = returns.collected_of(campaign, quantity=2)
    case = returns.opened(order, 2, kind="repair")
    made(returns.decide(case, refund={"lines": [line(order, 1)]}), 200)

    # When the member withdraws it
    made(returns.care.store("POST", f"/after-sales/{case['id']}/withdraw", returns.shop.shopper), 200)

    # Then one unit can be claimed, of whichever kind, and not the one that was paid back
    for kind in ("return", "exchange", "repair"):
        refused = returns.ask(order, 2, kind=kind)
        assert (code(refused), refused.json["left"]) == ("more_than_received", 1)
    made(returns.decide(returns.opened(order, 1)), 200)
    totals = returns.order(order)["totals"]
    assert totals["refunded"] == totals["paid"]
