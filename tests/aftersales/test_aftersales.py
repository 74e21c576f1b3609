"""After-sale over HTTP: asked, decided, paid back, worked off; each step once, every other step refused by name."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from chalicelib.aftersales.service.returning import restock

from chalicelib.aftersales.service.exchanging import exchange
from chalicelib.db import metered, tenant_scope
from chalicelib.kernel.clock import now, parse_instant
from tests.aftersales.conftest import Counter
from tests.builders import made
from tests.payments.checkout import Checkout


def code(reply, status=409):
    assert reply.status == status, reply.text
    return reply.json["code"]


def minor(money):
    return money and money["amount_minor"]


def test_a_return_from_the_request_to_the_last_cent(counter: Counter, drain) -> None:
    # Given an order of three units at 9.00, collected and paid
    clerk = counter.desk.hire("service")
    order = counter.collected(quantity=3)

    # When the member asks to return two
    case = counter.opened(order, 2)

    # Then the case has an owner and a time, and the team's list has it first
    assert (case["status"], case["owner"], case["lines"][0]["quantity"]) == ("requested", clerk, 2)
    assert (parse_instant(case["due_at"]) - parse_instant(case["opened_at"])).total_seconds() == 48 * 3600
    assert [each["id"] for each in counter.brand.get("/v1/after-sales?status=requested").json["items"]] == [case["id"]]
    options = made(counter.brand.get(f"/v1/after-sales/{case['id']}/decision"), 200)
    assert (minor(options["lines"][0]["worth"]), minor(options["most"]), options["decision"]) == (1800, 2700, None)

    # When it is approved, its units go back at what they were paid with, and the order's total stands
    decided = made(counter.decide(case, reason="Sorry about that"), 200)
    assert (decided["status"], minor(decided["decision"]["refund"])) == ("approved", 1800)
    totals = counter.order(order)["totals"]
    assert [minor(totals[name]) for name in ("total", "paid", "refunded", "due")] == [2700, 2700, 1800, 0]
    assert counter.refunds(order) == [1800]

    # When the goods are back, one for the shelf and one not, the case can be closed
    lines = [
        {"offer_id": order["lines"][0]["offer_id"], "quantity": 1, "disposition": to} for to in ("restock", "write_off")
    ]
    back = made(counter.brand.post(f"/v1/after-sales/{case['id']}/receive", {"lines": lines}), 200)
    done = made(counter.brand.post(f"/v1/after-sales/{case['id']}/complete", {"note": "Thank you"}), 200)
    drain()
    assert [line["disposition"] for line in back["received"]] == ["restock", "write_off"]
    assert [entry["type"] for entry in done["history"]] == ["requested", "approved", "received", "completed"]
    assert (done["due_at"], done["history"][-1]["text"]) == (None, "Thank you")
    own = made(counter.desk.store("GET", f"/after-sales/{case['id']}", counter.shop.shopper), 200)
    assert own["history"] == done["history"]


def test_units_one_by_one_pay_back_exactly_what_was_paid(counter: Counter) -> None:
    # Three units came to 27.00. For the first one only 0.01 goes back, by decision; the others are worth their price.
    order = counter.collected(quantity=3)
    cases = [counter.opened(order) for _ in range(3)]

    made(counter.decide(cases[0], refund={"amount": counter.shop.money(1)}), 200)
    for case in cases[1:]:
        made(counter.decide(case), 200)
    assert sorted(counter.refunds(order)) == [1, 900, 900]

    # And nobody gets more than was paid, by any way.
    assert code(counter.ask(order)) == "more_than_received"
    assert minor(counter.order(order)["totals"]["refunded"]) == 1801


def test_a_refund_above_what_was_paid_is_refused_and_nothing_is_written(counter: Counter) -> None:
    order = counter.collected(quantity=2)
    case = counter.opened(order)
    before = counter.order(order)

    assert code(counter.decide(case, refund={"amount": counter.shop.money(1801)})) == "refund_too_large"
    assert code(counter.decide(case, refund={"lines": [line(order, 2)]}), 422) == "refund_beyond_case"
    foreign = counter.decide(case, refund={"amount": {"amount_minor": 1, "currency": "USD"}})
    assert foreign.json["errors"][0]["pointer"] == "/refund/amount/currency"
    assert counter.order(order) == before
    assert made(counter.brand.get(f"/v1/after-sales/{case['id']}"), 200)["status"] == "requested"

    # The whole order may go back for one bad unit, as a goodwill.
    made(counter.decide(case, refund={"amount": counter.shop.money(1800)}), 200)
    assert counter.refunds(order) == [1800]


def line(order, units):
    return {"offer_id": order["lines"][0]["offer_id"], "quantity": units}


def test_a_rejection_says_why_and_frees_the_units(counter: Counter, drain) -> None:
    order = counter.collected(quantity=1)
    case = counter.opened(order)
    assert code(counter.ask(order)) == "more_than_received"

    assert counter.decide(case, outcome="reject").status == 422
    rejected = made(counter.decide(case, outcome="reject", reason="Eaten"), 200)

    assert (rejected["status"], rejected["decision"]["reason"], counter.refunds(order)) == ("rejected", "Eaten", [])
    assert code(counter.decide(case)) == "after_sale_move_refused"
    again = counter.opened(order)
    assert (
        made(counter.desk.store("POST", f"/after-sales/{again['id']}/withdraw", counter.shop.shopper), 200)["status"]
        == "withdrawn"
    )
    assert counter.opened(order)["status"] == "requested"


def test_a_key_opens_one_case_and_gives_the_same_answer_for_ever(counter: Counter) -> None:
    order = counter.collected()
    first = counter.ask(order, key="once")
    case = made(first)
    made(counter.decide(case), 200)

    assert counter.ask(order, key="once").text == first.text
    assert code(counter.ask(order, 2, key="once"), 422) == "idempotency_mismatch"
    assert len(counter.brand.get("/v1/after-sales").json["items"]) == 1


def test_a_decision_sent_twice_pays_once(counter: Counter) -> None:
    order = counter.collected()
    case = counter.opened(order, 2)

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: counter.decide(case, key="d"), range(4)))

    assert {reply.status for reply in replies} == {200}
    assert code(counter.decide(case, key="d", refund={"amount": counter.shop.money(1)}), 422) == "idempotency_mismatch"
    assert code(counter.decide(case, key="e")) == "after_sale_move_refused"
    assert counter.refunds(order) == [1800]


def test_of_many_who_claim_the_same_units_at_once_the_order_bears_only_its_own(counter: Counter) -> None:
    order = counter.collected(quantity=3)

    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: counter.ask(order), range(6)))

    assert sorted(reply.status for reply in replies) == [201] * 3 + [409] * 3


def test_what_cannot_be_asked_is_refused_by_name(counter: Counter, clock) -> None:
    order = counter.collected()
    waiting = made(counter.shop.order())
    other = counter.shop.member()

    assert code(counter.ask(waiting)) == "nothing_received"
    assert code(counter.ask(order, kind="repair")) == "after_sale_not_offered"
    assert code(counter.ask(order, 4)) == "more_than_received"
    assert code(counter.ask(order, lines=[line(waiting, 1)]), 422) == "unknown_offer"
    assert code(counter.ask(order, lines=[line(order, 1)] * 2), 422) == "repeated_offer"
    assert code(counter.ask(order, who=other), 404) == "not_found"
    clock.advance(days=8)
    passed = counter.ask(order)
    assert (code(passed), passed.json["days"]) == ("window_passed", 7)
    assert counter.brand.get("/v1/after-sales").json["items"] == []


def test_the_product_decides_how_long_it_comes_back(counter: Counter, clock) -> None:
    # Given a product that is taken back for 30 days and mended for a year
    product = counter.shop.product(after_sale={"return_days": 30, "repair_days": 365})
    campaign = counter.shop.campaign(offers=[counter.shop.offer(sku_id=product["skus"][0]["id"])])
    order = made(counter.shop.order(campaign=campaign, quantity=2))
    clock.advance(days=8)
    counter.desk.sweep()
    counter.desk.hand_over(order)

    # When it is asked for after 20 and after 300 days
    clock.advance(days=20)
    assert counter.ask(order).status == 201
    clock.advance(days=280)
    assert code(counter.ask(order)) == "window_passed"
    mended = counter.opened(order, kind="repair")

    # Then a repair pays nothing back, and is not closed before it was brought
    assert made(counter.decide(mended), 200)["decision"]["refund"] is None
    assert code(counter.brand.post(f"/v1/after-sales/{mended['id']}/complete", {})) == "after_sale_move_refused"
    assert counter.refunds(order) == []


def test_an_overdue_case_goes_to_somebody_above_once(counter: Counter, clock, sweep, engine) -> None:
    counter.desk.hire("service")
    manager = counter.desk.hire("manager")
    case = counter.opened(counter.collected())

    clock.advance(hours=49)
    for _ in range(2):
        sweep()

    late = made(counter.brand.get("/v1/after-sales?overdue=true"), 200)["items"][0]
    assert (late["id"], late["owner"]) == (case["id"], manager)
    assert [entry["type"] for entry in late["history"]] == ["requested", "escalated"]


def test_a_case_is_handed_on_to_people_on_the_staff_until_it_ends(counter: Counter) -> None:
    clerk, manager = counter.desk.hire("service"), counter.desk.hire("manager")
    case = counter.opened(counter.collected())
    path = f"/v1/after-sales/{case['id']}"

    handed = made(counter.brand.patch(path, {"owner": manager}), 200)
    again = made(counter.brand.patch(path, {"owner": manager}), 200)
    stranger = counter.brand.patch(path, {"owner": counter.shop.shopper.id})
    made(counter.decide(case, outcome="reject", reason="Eaten"), 200)

    assert (case["owner"], handed["owner"], handed["due_at"]) == (clerk, manager, case["due_at"])
    assert (handed["history"][-1]["type"], again["history"]) == ("assigned", handed["history"])
    assert stranger.json["errors"][0]["pointer"] == "/owner"
    assert code(counter.brand.patch(path, {"owner": clerk})) == "after_sale_ended"


def test_a_case_that_has_changed_since_it_was_read_is_not_decided(counter: Counter) -> None:
    case = counter.opened(counter.collected())
    assert counter.decide(case, headers={"If-Match": '"7"'}).status == 412
    assert counter.decide(case, headers={"If-Match": '"1"'}).status == 200


@pytest.mark.parametrize("body", [{"amount": None}, {}, {"lines": []}])
def test_a_refund_names_an_amount_or_lines(counter: Counter, body) -> None:
    refused = counter.decide({"id": counter.shop.tenant_id}, refund=body)
    assert refused.status == 422


def test_an_exchange_is_a_new_order_at_no_price_placed_once(counter: Counter, drain) -> None:
    # Given two of three units to be exchanged, one of which the team pays back instead
    order = counter.collected(quantity=3)
    case = counter.opened(order, 2, kind="exchange")
    made(counter.decide(case, refund={"lines": [line(order, 1)]}, reason="One is left"), 200)

    # When the decision is heard of, twice
    drain()
    with tenant_scope(counter.shop.tenant_id):
        exchange(counter.shop.tenant_id, case["id"], now())

    # Then one unit waits at the same point, under a code of its own, and nothing is owed for it
    seen = made(counter.brand.get(f"/v1/after-sales/{case['id']}"), 200)
    assert [entry["type"] for entry in seen["history"]] == ["requested", "approved", "exchange_placed"]
    orders = made(counter.desk.store("GET", "/orders", counter.shop.shopper), 200)["items"]
    assert [each["id"] for each in orders] == [seen["exchange_order_id"], order["id"]]
    new = orders[0]
    assert (new["lines"][0]["quantity"], minor(new["totals"]["total"])) == (1, 0)
    assert (new["pickup_point_id"], new["pickup_code"] == order["pickup_code"]) == (order["pickup_point_id"], False)
    assert counter.refunds(order) == [900]


def test_goods_for_an_exchange_come_from_the_shelf_or_the_case_says_what_to_buy(counter: Counter, drain) -> None:
    # Given a SKU whose stock counts: 4 units, 3 of them offered and collected, so one is on the shelf
    sku_id = counter.shop.sku_id
    count = {"delta": 4, "reason": "count"}
    made(counter.brand.post(f"/v1/skus/{sku_id}/adjustments", count, headers={"Idempotency-Key": "count"}))
    campaign = counter.shop.campaign(offers=[counter.shop.offer(quantity=3)])
    order = counter.collected_of(campaign, quantity=3)

    # When one is exchanged and then another
    told = []
    for _ in range(2):
        case = made(counter.decide(counter.opened(order, kind="exchange")), 200)
        drain()
        told.append(made(counter.brand.get(f"/v1/after-sales/{case['id']}"), 200)["history"][-1])

    # Then the first is taken from the shelf, and the second is to be bought
    code = made(counter.brand.get(f"/v1/skus/{sku_id}"), 200)["code"]
    assert [entry["type"] for entry in told] == ["exchange_placed", "exchange_placed"]
    assert [entry.get("text") for entry in told] == [None, f"{code} × 1"]
    assert counter.free(sku_id) == 0
    moved = made(counter.brand.get(f"/v1/skus/{sku_id}/movements"), 200)["items"]
    assert [each["delta"] for each in moved if str(each["cause"]).startswith("exchange:")] == [-1]


def test_goods_fit_for_the_shelf_are_in_stock_again_once(counter: Counter, drain) -> None:
    # Given a SKU whose stock counts: 10 units, 5 of them offered, of which 3 were collected
    sku_id = counter.shop.sku_id
    made(
        counter.brand.post(
            f"/v1/skus/{sku_id}/adjustments", {"delta": 10, "reason": "count"}, headers={"Idempotency-Key": "count"}
        )
    )
    campaign = counter.shop.campaign(offers=[counter.shop.offer(quantity=5)])
    order = counter.collected_of(campaign, quantity=3)
    free = counter.free(sku_id)
    case = made(counter.decide(counter.opened(order, 3)), 200)

    # When two come back whole and one broken, and the message about it comes twice
    lines = [line(order, 2) | {"disposition": "restock"}, line(order, 1) | {"disposition": "write_off"}]
    made(counter.brand.post(f"/v1/after-sales/{case['id']}/receive", {"lines": lines}), 200)
    drain()
    with tenant_scope(counter.shop.tenant_id):
        restock(counter.shop.tenant_id, case["id"])

    # Then two are free again
    assert counter.free(sku_id) == free + 2


def test_what_was_paid_online_goes_back_through_the_provider(counter: Counter, clock, sweep, drain) -> None:
    # Given two units paid online, and handed over after the close
    checkout = Checkout(counter.shop)
    paid = made(checkout.start())
    checkout.pay(paid["id"])
    checkout.notify(paid["id"])
    drain()
    clock.advance(days=8)
    sweep()
    counter.desk.hand_over(checkout.order)

    # When one is taken back
    made(counter.decide(counter.opened(checkout.order)), 200)
    drain()

    # Then the provider has paid for it, once, and the order knows
    refund = made(counter.brand.get(f"/v1/orders/{checkout.order['id']}/refunds"), 200)["items"]
    assert [(each["status"], minor(each["amount"])) for each in refund] == [("succeeded", 900)]
    with tenant_scope(counter.shop.tenant_id):
        charge = checkout.provider.charge(paid["id"])
    assert charge is not None
    assert list(charge.refunds.values()) == [900]


def test_what_the_use_cases_cost(counter: Counter) -> None:
    order = counter.collected()
    with metered() as opening:
        case = counter.opened(order)
    with metered() as deciding:
        made(counter.decide(case), 200)

    # Opening reads the order, its campaign, its claims and the staff, and writes case and claims in one transaction.
    assert (opening.reads, opening.writes) == (4, 1)
    # Deciding reads the API key, case, order and claims; one transaction has case, claims, order, refund and audit.
    assert (deciding.reads, deciding.writes) == (4, 1)
