"""What is sent again, late or with something else in it, gives nothing a second time and loses nothing."""

from __future__ import annotations

from tests.builders import made
from tests.complaints.conftest import Complaining
from tests.complaints.test_noting import uploaded


def test_an_answer_of_an_earlier_run_that_comes_again_late_gives_nothing_twice(complaining: Complaining) -> None:
    order = complaining.collected()
    mine = complaining.complain(order)
    refund = {"kind": "refund", "amount": complaining.money(500)}
    made(complaining.resolve(mine, refund, key="first"), 200)
    made(complaining.verdict(mine, "rejected", "More, please."), 200)
    made(complaining.resolve(mine, {"kind": "apology"}, key="second"), 200)
    made(complaining.verdict(mine, "rejected", "Still not.", resolution=2), 200)

    again = made(complaining.resolve(mine, refund, key="first"), 200)

    assert (complaining.refunds(order), again["status"]) == ([500], "in_progress")
    other = complaining.resolve(mine, {"kind": "refund", "amount": complaining.money(501)}, key="first")
    assert other.json["code"] == "idempotency_mismatch"


def test_a_message_with_another_photo_under_the_same_key_is_another_message(complaining: Complaining) -> None:
    mine, photo = complaining.complain(), uploaded(complaining)

    def said(**body: object) -> object:
        sent = {"text": "Look", **body}
        headers = {"Idempotency-Key": "message-1"}
        return complaining.care.store(
            "POST", f"/complaints/{mine['id']}/messages", complaining.member, json=sent, headers=headers
        )

    first = made(said(photos=[photo]))
    assert made(said(photos=[photo, photo]))["history"] == first["history"]
    for photos in ([], [uploaded(complaining)]):
        assert said(photos=photos).json["code"] == "idempotency_mismatch"


def test_a_call_that_is_noted_again_after_it_was_judged_otherwise_is_the_same(complaining: Complaining) -> None:
    call = {"text": "The apples are bruised", "source": "phone", "member_id": complaining.member.id}
    key = {"Idempotency-Key": "call"}
    noted = made(complaining.brand.post("/v1/complaints", call, headers=key))
    judged = {"category": "service" if noted["category"] != "service" else "other"}
    made(complaining.brand.patch(f"/v1/complaints/{noted['id']}", judged), 200)

    assert made(complaining.brand.post("/v1/complaints", call, headers=key))["id"] == noted["id"]
    for other in ({"category": judged["category"]}, {"text": "The pears are bruised"}, {"cause": "leader"}):
        reply = complaining.brand.post("/v1/complaints", call | other, headers=key)
        assert reply.json["code"] == "idempotency_mismatch", other
