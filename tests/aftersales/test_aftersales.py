"""After-sale over HTTP: asked, decided, paid back, worked off; each step once, every other step refused by name."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.aftersales.service.exchanging import exchange
from chalicelib.aftersales.service.restocking import restock
from chalicelib.db import metered, tenant_scope
from chalicelib.kernel.clock import now, parse_instant
from tests.aftersales.conftest import Returns
from tests.builders import made
from tests.payments.checkout import Checkout


def code(reply, status=409):
    assert reply.status == status, reply.text
    return reply.json["code"]


def minor(money):
    return money and money["amount_minor"]


@pytest.mark.parametrize(("kind", "said"), [("return", "a return"), ("exchange", "an exchange")])
def test_its_owner_reads_what_the_member_asks_for(returns: Returns, drain, engine, kind: str, said: str) -> None:
    made(returns.ask(returns.collected(), kind=kind))
    drain()
    (letter,) = [each for each in engine.mail() if "It is yours" in each["text"]]
    assert letter["subject"] == f"After-sale: {said}"
    assert letter["text"].startswith(f"A member asks for {said}: ")


def test_a_return_from_the_request_to_the_last_cent(returns: Returns, drain) -> None:
    # Given an order of three units at 9.00, collected and paid
    clerk = returns.care.hire("service")
    order = returns.collected(quantity=3)

    # When the member asks to return two
    case = returns.opened(order, 2)

    # Then the case has an owner and a time, and the team's list has it first
    assert (case["status"], case["owner"], case["lines"][0]["quantity"]) == ("requested", clerk, 2)
    assert (parse_instant(case["due_at"]) - parse_instant(case["opened_at"])).total_seconds() == 48 * 3600
    assert [each["id"] for each in returns.brand.get("/v1/after-sales?status=requested").json["items"]] == [case["id"]]
    options = made(returns.brand.get(f"/v1/after-sales/{case['id']}/decision"), 200)
    assert (minor(options["lines"][0]["worth"]), minor(options["most"]), options["decision"]) == (1800, 2700, None)

    # When it is approved, its units go back at what they were paid with, and the order's total stands
    decided = made(returns.decide(case, reason="Sorry about that"), 200)
    assert (decided["status"], minor(decided["decision"]["refund"])) == ("approved", 1800)
    totals = returns.order(order)["totals"]
    assert [minor(totals[name]) for name in ("total", "paid", "refunded", "due")] == [2700, 2700, 1800, 0]
    assert returns.refunds(order) == [1800]

    # When the goods are back, one for the shelf and one not, the case can be closed
    lines = [
        {"offer_id": order["lines"][0]["offer_id"], "quantity": 1, "disposition": to} for to in ("restock", "write_off")
    ]
    back = made(returns.brand.post(f"/v1/after-sales/{case['id']}/receive", {"lines": lines}), 200)
    done = made(returns.brand.post(f"/v1/after-sales/{case['id']}/complete", {"note": "Thank you"}), 200)
    drain()
    assert [line["disposition"] for line in back["received"]] == ["restock", "write_off"]
    assert [entry["type"] for entry in done["history"]] == ["requested", "approved", "received", "completed"]
    assert (done["due_at"], done["history"][-1]["text"]) == (None, "Thank you")
    own = made(returns.care.store("GET", f"/after-sales/{case['id']}", returns.shop.shopper), 200)
    assert own["history"] == done["history"]


def test_units_one_by_one_pay_back_exactly_what_was_paid(returns: Returns) -> None:
    # Three units came to 27.00. For the first one only 0.01 goes back, by decision; the others are worth their price.
    order = returns.collected(quantity=3)
    cases = [returns.opened(order) for _ in range(3)]

    made(returns.decide(cases[0], refund={"amount": returns.shop.money(1)}), 200)
    for case in cases[1:]:
        made(returns.decide(case), 200)
    assert sorted(returns.refunds(order)) == [1, 900, 900]

    # And nobody gets more than was paid, by any way.
    assert code(returns.ask(order)) == "more_than_received"
    assert minor(returns.order(order)["totals"]["refunded"]) == 1801


def test_a_refund_above_what_was_paid_is_refused_and_nothing_is_written(returns: Returns) -> None:
    order = returns.collected(quantity=2)
    case = returns.opened(order)
    before = returns.order(order)

    assert code(returns.decide(case, refund={"amount": returns.shop.money(1801)})) == "refund_too_large"
    assert code(returns.decide(case, refund={"lines": [line(order, 2)]}), 422) == "refund_beyond_case"
    foreign = returns.decide(case, refund={"amount": {"amount_minor": 1, "currency": "USD"}})
    assert foreign.json["errors"][0]["pointer"] == "/refund/amount/currency"
    assert returns.order(order) == before
    assert made(returns.brand.get(f"/v1/after-sales/{case['id']}"), 200)["status"] == "requested"

    # The whole order may go back for one bad unit, as a goodwill.
    made(returns.decide(case, refund={"amount": returns.shop.money(1800)}), 200)
    assert returns.refunds(order) == [1800]


def line(order, units):
    return {"offer_id": order["lines"][0]["offer_id"], "quantity": units}


def test_a_rejection_says_why_and_frees_the_units(returns: Returns, drain) -> None:
    order = returns.collected(quantity=1)
    case = returns.opened(order)
    assert code(returns.ask(order)) == "more_than_received"

    assert returns.decide(case, outcome="reject").status == 422
    rejected = made(returns.decide(case, outcome="reject", reason="Eaten"), 200)

    assert (rejected["status"], rejected["decision"]["reason"], returns.refunds(order)) == ("rejected", "Eaten", [])
    assert code(returns.decide(case)) == "after_sale_move_refused"
    again = returns.opened(order)
    assert (
        made(returns.care.store("POST", f"/after-sales/{again['id']}/withdraw", returns.shop.shopper), 200)["status"]
        == "withdrawn"
    )
    assert returns.opened(order)["status"] == "requested"


def test_a_key_opens_one_case_and_gives_the_same_answer_for_ever(returns: Returns) -> None:
    order = returns.collected()
    first = returns.ask(order, key="once")
    case = made(first)
    made(returns.decide(case), 200)

    assert returns.ask(order, key="once").text == first.text
    assert code(returns.ask(order, 2, key="once"), 422) == "idempotency_mismatch"
    assert len(returns.brand.get("/v1/after-sales").json["items"]) == 1


def test_a_decision_sent_twice_pays_once(returns: Returns) -> None:
    order = returns.collected()
    case = returns.opened(order, 2)

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: returns.decide(case, key="d"), range(4)))

    assert {reply.status for reply in replies} == {200}
    assert code(returns.decide(case, key="d", refund={"amount": returns.shop.money(1)}), 422) == "idempotency_mismatch"
    assert code(returns.decide(case, key="e")) == "after_sale_move_refused"
    assert returns.refunds(order) == [1800]


def test_of_many_who_claim_the_same_units_at_once_the_order_bears_only_its_own(returns: Returns) -> None:
    order = returns.collected(quantity=3)

    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: returns.ask(order), range(6)))

    assert sorted(reply.status for reply in replies) == [201] * 3 + [409] * 3


def test_what_cannot_be_asked_is_refused_by_name(returns: Returns, clock) -> None:
    order = returns.collected()
    waiting = made(returns.shop.order())
    other = returns.shop.member()

    assert code(returns.ask(waiting)) == "nothing_received"
    assert code(returns.ask(order, kind="repair")) == "after_sale_not_offered"
    assert code(returns.ask(order, 4)) == "more_than_received"
    assert code(returns.ask(order, lines=[line(waiting, 1)]), 422) == "unknown_offer"
    assert code(returns.ask(order, lines=[line(order, 1)] * 2), 422) == "repeated_offer"
    assert code(returns.ask(order, who=other), 404) == "not_found"
    clock.advance(days=8)
    passed = returns.ask(order)
    assert (code(passed), passed.json["days"]) == ("window_passed", 7)
    assert returns.brand.get("/v1/after-sales").json["items"] == []


def test_the_product_decides_how_long_it_comes_back(returns: Returns, clock) -> None:
    # Given a product that is taken back for 30 days and mended for a year
    product = returns.shop.product(after_sale={"return_days": 30, "repair_days": 365})
    campaign = returns.shop.campaign(offers=[returns.shop.offer(sku_id=product["skus"][0]["id"])])
    order = made(returns.shop.order(campaign=campaign, quantity=2))
    clock.advance(days=8)
    returns.care.sweep()
    returns.care.hand_over(order)

    # When it is asked for after 20 and after 300 days
    clock.advance(days=20)
    assert returns.ask(order).status == 201
    clock.advance(days=280)
    assert code(returns.ask(order)) == "window_passed"
    mended = returns.opened(order, kind="repair")

    # Then a repair pays nothing back, and is not closed before it was brought
    assert made(returns.decide(mended), 200)["decision"]["refund"] is None
    assert code(returns.brand.post(f"/v1/after-sales/{mended['id']}/complete", {})) == "after_sale_move_refused"
    assert returns.refunds(order) == []


def test_an_overdue_case_goes_to_somebody_above_once(returns: Returns, clock, sweep, engine) -> None:
    returns.care.hire("service")
    manager = returns.care.hire("manager")
    case = returns.opened(returns.collected())

    clock.advance(hours=49)
    for _ in range(2):
        sweep()

    late = made(returns.brand.get("/v1/after-sales?overdue=true"), 200)["items"][0]
    assert (late["id"], late["owner"]) == (case["id"], manager)
    assert [entry["type"] for entry in late["history"]] == ["requested", "escalated"]


def test_a_case_is_handed_on_to_people_on_the_staff_until_it_ends(returns: Returns) -> None:
    clerk, manager = returns.care.hire("service"), returns.care.hire("manager")
    case = returns.opened(returns.collected())
    path = f"/v1/after-sales/{case['id']}"

    handed = made(returns.brand.patch(path, {"owner": manager}), 200)
    again = made(returns.brand.patch(path, {"owner": manager}), 200)
    stranger = returns.brand.patch(path, {"owner": returns.shop.shopper.id})
    made(returns.decide(case, outcome="reject", reason="Eaten"), 200)

    assert (case["owner"], handed["owner"], handed["due_at"]) == (clerk, manager, case["due_at"])
    assert (handed["history"][-1]["type"], again["history"]) == ("assigned", handed["history"])
    assert stranger.json["errors"][0]["pointer"] == "/owner"
    assert code(returns.brand.patch(path, {"owner": clerk})) == "after_sale_ended"


def test_a_case_that_has_changed_since_it_was_read_is_not_decided(returns: Returns) -> None:
    case = returns.opened(returns.collected())
    assert returns.decide(case, headers={"If-Match": '"7"'}).status == 412
    assert returns.decide(case, headers={"If-Match": '"1"'}).status == 200


@pytest.mark.parametrize("body", [{"amount": None}, {}, {"lines": []}])
def test_a_refund_names_an_amount_or_lines(returns: Returns, body) -> None:
    refused = returns.decide({"id": returns.shop.tenant_id}, refund=body)
    assert refused.status == 422


def test_an_exchange_is_a_new_order_at_no_price_placed_once(returns: Returns, drain) -> None:
    # Given two of three units to be exchanged, one of which the team pays back instead
    order = returns.collected(quantity=3)
    case = returns.opened(order, 2, kind="exchange")
    made(returns.decide(case, refund={"lines": [line(order, 1)]}, reason="One is left"), 200)

    # When the decision is heard of, twice
    drain()
    with tenant_scope(returns.shop.tenant_id):
        exchange(returns.shop.tenant_id, case["id"], now())

    # Then one unit waits at the same point, under a code of its own, and nothing is owed for it
    seen = made(returns.brand.get(f"/v1/after-sales/{case['id']}"), 200)
    assert [entry["type"] for entry in seen["history"]] == ["requested", "approved", "exchange_placed"]
    orders = made(returns.care.store("GET", "/orders", returns.shop.shopper), 200)["items"]
    assert [each["id"] for each in orders] == [seen["exchange_order_id"], order["id"]]
    new = orders[0]
    assert (new["lines"][0]["quantity"], minor(new["totals"]["total"])) == (1, 0)
    assert (new["pickup_point_id"], new["pickup_code"] == order["pickup_code"]) == (order["pickup_point_id"], False)
    assert returns.refunds(order) == [900]


def test_goods_for_an_exchange_come_from_the_shelf_or_the_case_says_what_to_buy(returns: Returns, drain) -> None:
    # Given a SKU whose stock counts: 4 units, 3 of them offered and collected, so one is on the shelf
    sku_id = returns.shop.sku_id
    count = {"delta": 4, "reason": "count"}
    made(returns.brand.post(f"/v1/skus/{sku_id}/adjustments", count, headers={"Idempotency-Key": "count"}))
    campaign = returns.shop.campaign(offers=[returns.shop.offer(quantity=3)])
    order = returns.collected_of(campaign, quantity=3)

    # When one is exchanged and then another
    told = []
    for _ in range(2):
        case = made(returns.decide(returns.opened(order, kind="exchange")), 200)
        drain()
        told.append(made(returns.brand.get(f"/v1/after-sales/{case['id']}"), 200)["history"][-1])

    # Then the first is taken from the shelf, and the second is to be bought
    code = made(returns.brand.get(f"/v1/skus/{sku_id}"), 200)["code"]
    assert [entry["type"] for entry in told] == ["exchange_placed", "exchange_placed"]
    assert [entry.get("text") for entry in told] == [None, f"{code} × 1"]
    assert returns.free(sku_id) == 0
    moved = made(returns.brand.get(f"/v1/skus/{sku_id}/movements"), 200)["items"]
    assert [each["delta"] for each in moved if str(each["cause"]).startswith("exchange:")] == [-1]


def test_goods_fit_for_the_shelf_are_in_stock_again_once(returns: Returns, drain) -> None:
    # Given a SKU whose stock counts: 10 units, 5 of them offered, of which 3 were collected
    sku_id = returns.shop.sku_id
    made(
        returns.brand.post(
            f"/v1/skus/{sku_id}/adjustments", {"delta": 10, "reason": "count"}, headers={"Idempotency-Key": "count"}
        )
    )
    campaign = returns.shop.campaign(offers=[returns.shop.offer(quantity=5)])
    order = returns.collected_of(campaign, quantity=3)
    free = returns.free(sku_id)
    case = made(returns.decide(returns.opened(order, 3)), 200)

    # When two come back whole and one broken, and the message about it comes twice
    lines = [line(order, 2) | {"disposition": "restock"}, line(order, 1) | {"disposition": "write_off"}]
    made(returns.brand.post(f"/v1/after-sales/{case['id']}/receive", {"lines": lines}), 200)
    drain()
    with tenant_scope(returns.shop.tenant_id):
        restock(returns.shop.tenant_id, case["id"])

    # Then two are free again
    assert returns.free(sku_id) == free + 2


def test_what_is_repaired_is_the_members_and_never_goes_to_the_shelf(returns: Returns, drain, engine) -> None:
    # Given a SKU whose stock counts and that is mended, of which two were collected
    sku_id = returns.shop.product(after_sale={"repair_days": 30})["skus"][0]["id"]
    count = {"delta": 10, "reason": "count"}
    made(returns.brand.post(f"/v1/skus/{sku_id}/adjustments", count, headers={"Idempotency-Key": "count"}))
    campaign = returns.shop.campaign(offers=[returns.shop.offer(quantity=5, sku_id=sku_id)])
    order = returns.collected_of(campaign, quantity=2)
    free = returns.free(sku_id)
    case = made(returns.decide(returns.opened(order, 1, kind="repair")), 200)

    # When one is brought to be mended, and noted as fit for the shelf
    came = {"lines": [line(order, 1) | {"disposition": "restock"}]}
    returns.brand.post(f"/v1/after-sales/{case['id']}/receive", came)
    drain()

    # Then the shelf has what it had
    assert returns.free(sku_id) == free

    # And once it is done, its member is told where to fetch it
    made(returns.brand.post(f"/v1/after-sales/{case['id']}/complete", {}), 200)
    drain()
    drain()
    mail = engine.mail()[-1]
    assert (mail["to"], mail["subject"]) == (returns.shop.shopper.email, "Your repair is done")
    assert "is repaired and ready for you at" in mail["text"]


def test_what_was_paid_online_goes_back_through_the_provider(returns: Returns, clock, sweep, drain) -> None:
    # Given two units paid online, and handed over after the close
    checkout = Checkout(returns.shop)
    paid = made(checkout.start())
    checkout.pay(paid["id"])
    checkout.notify(paid["id"])
    drain()
    clock.advance(days=8)
    sweep()
    returns.care.hand_over(checkout.order)

    # When one is taken back
    made(returns.decide(returns.opened(checkout.order)), 200)
    drain()

    # Then the provider has paid for it, once, and the order knows
    refund = made(returns.brand.get(f"/v1/orders/{checkout.order['id']}/refunds"), 200)["items"]
    assert [(each["status"], minor(each["amount"])) for each in refund] == [("succeeded", 900)]
    with tenant_scope(returns.shop.tenant_id):
        charge = checkout.provider.charge(paid["id"])
    assert charge is not None
    assert list(charge.refunds.values()) == [900]


def test_the_requests_of_each_use_case_are_counted(returns: Returns) -> None:
    order = returns.collected()
    assert returns.brand.get("/v1/tenant").status == 200  # from then on the process knows the key's brand
    with metered() as opening:
        case = returns.opened(order)
    with metered() as deciding:
        made(returns.decide(case), 200)

    # Opening reads the member (are they still signed in?), the order, its campaign, its claims, the staff and the
    # calendar with the targets; one transaction has case and claims.
    assert (opening.reads, opening.writes) == (6, 1)
    # Deciding reads the API key, case, order, claims and calendar; one transaction has case, claims, order, refund and
    # audit.
    assert (deciding.reads, deciding.writes) == (5, 1)
