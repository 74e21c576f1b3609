"""A complaint is resolved with what makes it good, in one write, over HTTP on the engine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.complaints.service.remedying import follow_refund
from chalicelib.db import Transaction, tenant_scope
from chalicelib.orders.model import RefundStatus
from chalicelib.orders.refunds.records import RefundRecord
from tests.builders import in_time, made
from tests.complaints.conftest import Complaining
from tests.letters import news


def refused(reply, status):
    assert reply.status == status, reply.text
    return reply.json["code"], [each["pointer"] for each in reply.json.get("errors", [])]


def test_a_part_refund_goes_back_with_the_answer_and_is_done_when_it_arrived(complaining: Complaining) -> None:
    order = complaining.collected()
    mine = complaining.complain(order)

    answer = complaining.resolve(mine, {"kind": "refund", "amount": complaining.money(700)}, key="once")

    closed = made(answer, 200)
    assert (closed["status"], closed["remedy"]["state"], closed["remedy"]["cost_to"]) == (
        "resolved",
        "pending",
        "brand",
    )
    assert complaining.refunds(order) == [700]
    again = {"kind": "refund", "amount": complaining.money(700)}
    assert made(complaining.resolve(mine, again, key="once"), 200) == closed
    other = complaining.resolve(mine, {"kind": "refund", "amount": complaining.money(701)}, key="once")
    assert other.json["code"] == "idempotency_mismatch"
    assert complaining.resolve(mine, again).json["code"] == "complaint_resolved"
    assert complaining.refunds(order) == [700]

    (refund,) = made(complaining.brand.get(f"/v1/orders/{order['id']}/refunds"), 200)["items"]
    made(complaining.brand.post(f"/v1/orders/{order['id']}/refunds/{refund['id']}/confirm"), 200)
    complaining.care.drain()
    assert complaining.own(mine)["remedy"] == {
        "kind": "refund", "state": "done", "amount": complaining.money(700), "coupon_id": None, "points": None,
        "text": None, "aftersale_id": None,
    }  # fmt: skip


def test_a_refund_without_an_amount_is_all_that_is_left_and_no_more_than_that(complaining: Complaining) -> None:
    order = complaining.collected()
    first, second = complaining.complain(order), complaining.complain(order)
    too_much = {"kind": "refund", "amount": complaining.money(3_601)}
    assert refused(complaining.resolve(first, too_much), 409) == ("refund_too_large", [])
    assert complaining.read(first)["status"] == "open", "never without the remedy"

    made(complaining.resolve(first, {"kind": "refund"}), 200)
    assert complaining.refunds(order) == [3_600]
    assert refused(complaining.resolve(second, {"kind": "refund"}), 409) == ("refund_too_large", [])
    assert complaining.read(second)["status"] == "open"


def test_lines_get_the_amounts_that_are_named(complaining: Complaining) -> None:
    order = complaining.collected()
    offer = order["lines"][0]["offer_id"]
    mine = complaining.complain(order)
    elsewhere = [{"offer_id": mine["id"], "amount": complaining.money(100)}]
    assert refused(complaining.resolve(mine, {"kind": "refund", "lines": elsewhere}), 422) == (
        "not_in_order", ["/remedy/lines/0/offer_id"],
    )  # fmt: skip

    lines = [{"offer_id": offer, "amount": complaining.money(250)}]
    made(complaining.resolve(mine, {"kind": "refund", "lines": lines}), 200)
    assert complaining.refunds(order) == [250]


def test_a_coupon_is_the_members_with_the_answer(complaining: Complaining) -> None:
    batch, mine = complaining.coupons(), complaining.complain()

    closed = made(complaining.resolve(mine, {"kind": "coupon", "batch_id": batch}), 200)

    (coupon,) = made(complaining.care.store("GET", "/me/coupons", complaining.member), 200)["items"]
    assert (closed["remedy"]["state"], closed["remedy"]["coupon_id"]) == ("done", coupon["id"])
    second = complaining.complain()
    reply = complaining.resolve(second, {"kind": "coupon", "batch_id": batch})
    assert refused(reply, 409) == ("coupon_limit_reached", ["/remedy/batch_id"])
    assert complaining.read(second)["status"] == "open"


@pytest.mark.parametrize(
    ("given", "code"), [({"status": "paused"}, "coupon_batch_paused"), ({}, "coupon_terms_refused")]
)
def test_coupons_that_are_paused_or_over_are_a_refusal(complaining: Complaining, given, code) -> None:
    ends = {"valid": {"until_at": in_time(complaining.care.clock.now() + timedelta(days=1))}}
    batch = complaining.coupons(**(ends if code == "coupon_terms_refused" else {}))
    if given:
        made(complaining.brand.patch(f"/v1/coupon-batches/{batch}", given), 200)
    mine = complaining.complain()
    complaining.care.clock.advance(days=2)

    assert complaining.resolve(mine, {"kind": "coupon", "batch_id": batch}).json["code"] == code
    assert complaining.read(mine)["status"] == "open"


def test_points_are_booked_with_the_answer_and_say_why(complaining: Complaining) -> None:
    mine = complaining.complain()

    closed = made(complaining.resolve(mine, {"kind": "points", "points": 30, "text": "For the trouble"}), 200)

    points = made(complaining.care.store("GET", "/me/points", complaining.member), 200)
    assert (points["balance"], points["items"][0]["reason"]) == (30, "For the trouble")
    assert (closed["remedy"]["state"], closed["remedy"]["points"]) == ("done", 30)


def test_an_exchange_is_opened_granted_and_linked_both_ways(complaining: Complaining) -> None:
    order = complaining.collected()
    mine = complaining.complain(order)
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1}]

    pending = made(complaining.resolve(mine, {"kind": "exchange", "lines": lines, "goods": "not_needed"}), 200)
    assert pending["remedy"]["state"] == "pending"
    complaining.care.drain()

    remedy = complaining.read(mine)["remedy"]
    case = made(complaining.brand.get(f"/v1/after-sales/{remedy['aftersale_id']}"), 200)
    assert (remedy["state"], case["complaint_id"], case["kind"], case["status"]) == (
        "done", mine["id"], "exchange", "approved",
    )  # fmt: skip
    assert case["exchange_order_id"]
    assert complaining.own(mine)["remedy"]["aftersale_id"] == case["id"]


def test_an_exchange_that_the_rules_refuse_opens_the_complaint_again_and_tells_its_owner(
    complaining: Complaining, engine
) -> None:
    complaining.care.hire("service")
    order = complaining.collected()
    mine = complaining.complain(order)
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 4}]
    made(complaining.resolve(mine, {"kind": "exchange", "lines": lines}), 200)
    body = {"kind": "return", "lines": lines, "reason": "Bruised"}
    made(
        complaining.care.store(
            "POST", f"/orders/{order['id']}/after-sales", complaining.member, json=body,
            headers={"Idempotency-Key": "return"},
        )
    )  # fmt: skip
    complaining.care.drain()
    complaining.care.drain()

    after = complaining.read(mine)
    assert (after["status"], after["remedy"]["state"]) == ("in_progress", "failed")
    assert "in other cases: 4" in after["remedy"]["failure"]
    assert [entry["type"] for entry in after["history"]][-3:] == ["resolved", "reopened", "remedy_failed"]
    assert "remedy_failed" not in [entry["type"] for entry in complaining.own(mine)["history"]]
    told = [mail for mail in news(engine) if "the exchange failed" in mail["subject"]]
    assert len(told) == 1

    made(complaining.resolve(mine, {"kind": "points", "points": 5}), 200)
    closed = complaining.read(mine)
    assert [(each["kind"], each["state"]) for each in [*closed["earlier_remedies"], closed["remedy"]]] == [
        ("exchange", "failed"), ("points", "done"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("remedy", "code"),
    [
        ({"kind": "refund"}, "remedy_invalid"),
        ({"kind": "exchange", "lines": [{"offer_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "quantity": 1}]}, "remedy_invalid"),
        ({"kind": "points", "points": 1, "cost_to": "leader"}, "remedy_invalid"),
        ({"kind": "points", "points": 1, "cost_to": "supplier"}, "remedy_invalid"),
        ({"kind": "points", "points": 1, "supplier_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}, "remedy_invalid"),
        ({"kind": "coupon", "batch_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}, "invalid"),
        ({"kind": "points"}, "invalid"),
        ({"kind": "coupon", "points": 3}, "invalid"),
        ({"kind": "refund", "points": 3}, "invalid"),
        ({"kind": "gift"}, "invalid"),
    ],
)
def test_a_remedy_that_the_complaint_does_not_bear_is_refused_and_changes_nothing(
    complaining: Complaining, remedy, code
) -> None:
    mine = complaining.complain()

    said, pointers = refused(complaining.resolve(mine, remedy), 422)

    assert (said, all(each.startswith("/remedy") for each in pointers)) == (code, True)
    assert complaining.read(mine) == complaining.read(mine) | {"status": "open", "remedy": None}


def test_what_was_not_collected_cannot_be_exchanged(complaining: Complaining) -> None:
    campaign = complaining.shop.campaign(pickup_point_ids=[complaining.point["id"]])
    order = made(complaining.shop.order(complaining.member, campaign=campaign))
    mine = complaining.complain(order)
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1}]

    assert refused(complaining.resolve(mine, {"kind": "exchange", "lines": lines}), 409)[0] == "remedy_impossible"


def test_who_may_give_back_little_may_not_give_more_by_a_complaint(complaining: Complaining) -> None:
    order = complaining.collected(quantity=8)
    mine = complaining.complain(order)
    token = complaining.shop.team_token("service")
    body = {"outcome": "Sorry", "remedy": {"kind": "refund", "amount": complaining.money(5_001)}}

    reply = complaining.shop.caller.call("POST", f"/v1/complaints/{mine['id']}/resolve", json=body, token=token)

    assert refused(reply, 403) == ("above_goodwill_cap", [])


def test_a_refund_that_its_provider_refuses_opens_the_complaint_again_until_it_arrives(
    complaining: Complaining,
) -> None:
    order = complaining.collected()
    mine = complaining.complain(order)
    made(complaining.resolve(mine, {"kind": "refund", "amount": complaining.money(700)}), 200)
    (refund,) = made(complaining.brand.get(f"/v1/orders/{order['id']}/refunds"), 200)["items"]

    def becomes(status: RefundStatus) -> None:
        """What a provider says of it, and the message that says so, twice."""
        with tenant_scope(complaining.shop.tenant_id):
            address = RefundRecord.address(complaining.shop.tenant_id, order["id"], refund["id"])
            record = RefundRecord.fetch(*address, consistent=True)
            assert record is not None
            record.status = status.value
            tx = Transaction()
            tx.replace("refund", record)
            tx.commit()
            for _ in range(2):
                follow_refund(
                    complaining.shop.tenant_id, order["id"], refund["id"], complaining.care.clock.now()
                )  # fmt: skip

    becomes(RefundStatus.FAILED)
    after = complaining.read(mine)
    assert (after["status"], after["remedy"]["state"]) == ("in_progress", "failed")
    assert "another way" in after["remedy"]["failure"]
    assert [entry["type"] for entry in after["history"]].count("remedy_failed") == 1

    becomes(RefundStatus.SUCCEEDED)
    assert complaining.read(mine)["remedy"]["state"] == "done"
    assert complaining.read(mine)["remedy"]["failure"] is None


def test_the_service_gives_coupons_of_batches_that_are_to_make_good_and_no_others(complaining: Complaining) -> None:
    mine = complaining.complain()
    allowed, other = complaining.coupons(), complaining.coupons(purpose="loyal")
    token = complaining.shop.team_token("service")

    def resolve(batch_id: str):
        body = {"outcome": "Sorry", "remedy": {"kind": "coupon", "batch_id": batch_id}}
        return complaining.shop.caller.call("POST", f"/v1/complaints/{mine['id']}/resolve", json=body, token=token)

    assert refused(resolve(other), 403) == ("coupon_not_for_complaints", ["/remedy/batch_id"])
    assert complaining.read(mine)["status"] == "open"
    assert made(resolve(allowed), 200)["remedy"]["state"] == "done"
    again = complaining.complain(text="Two")
    made(complaining.resolve(again, {"kind": "coupon", "batch_id": other}), 200)
