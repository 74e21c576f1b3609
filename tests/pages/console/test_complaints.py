"""The team works on complaints: what is pressing first, what is done about it, what the member is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import made
from tests.customer_care import CustomerCare
from tests.pages.site import Desk

ALLERGY = "My daughter is allergic to nuts and got sick from the cake"


@pytest.fixture
def desk(care: CustomerCare, new_desk: Callable[..., Desk]) -> Desk:
    """A browser at the console of the shop that is complained to."""
    return new_desk(care.shop)


def complained(care: CustomerCare, text: str = "The apples were bruised", **fields: Any) -> Any:
    """A complaint of the shopper."""
    return made(care.store("POST", "/complaints", care.shop.shopper, json={"text": text, **fields}))


def rows(page: Any) -> list[str]:
    """The rows of the list, as they are read."""
    return [" ".join(each.get_text(" ").split()) for each in page.soup.select("table.data tbody tr")]


def test_what_is_due_first_stands_first_with_its_clock(care: CustomerCare, desk: Desk) -> None:
    pressing = complained(care, ALLERGY)
    complained(care, "The bag was torn", category="other")
    assert pressing["urgency"] == "critical"

    first, second = rows(desk.get("/complaints"))

    assert ALLERGY[:40] in first
    assert "Critical" in first
    assert "answer in" in first
    assert "bag was torn" in second
    care.clock.advance(hours=2)
    late = desk.get("/complaints?overdue=true")
    assert [ALLERGY[:40] in each for each in rows(late)] == [True]
    assert late.words(".badge.bad") == "1 hour late"


def test_a_complaint_is_judged_given_to_a_colleague_and_noted(care: CustomerCare, desk: Desk) -> None:
    colleague = care.hire("service")
    complaint = complained(care)

    page = desk.get(f"/complaints/{complaint['id']}")
    page = desk.send(
        page, "Save", urgency="high", importance="normal", owner=colleague, note="Called, nobody answered",
        status="in_progress",
    )  # fmt: skip

    assert page.words(".flash") == "It is saved."
    assert "Note: Called, nobody answered" in page.words("[aria-labelledby=history]")
    stored = made(care.brand.get(f"/v1/complaints/{complaint['id']}"), 200)
    assert (stored["urgency"], stored["owner"], stored["status"]) == ("high", colleague, "in_progress")
    assert "In work" in page.heading


def test_it_is_resolved_with_what_the_member_reads(care: CustomerCare, desk: Desk) -> None:
    complaint = complained(care)
    page = desk.get(f"/complaints/{complaint['id']}")

    page = desk.send(page, "Resolve it and tell the member", outcome="Ten new apples", give="apology", words="So sorry")

    assert "The member is told" in page.words(".flash")
    assert "Ten new apples" in page.words("[aria-labelledby=outcome]")
    own = made(care.store("GET", f"/complaints/{complaint['id']}", care.shop.shopper), 200)
    assert (own["status"], own["outcome"], own["remedy"]["text"]) == ("resolved", "Ten new apples", "So sorry")
    assert not page.soup.select("form [name=outcome]")


def test_what_is_refused_stands_beside_its_field_with_the_input(care: CustomerCare, desk: Desk) -> None:
    complaint = complained(care)
    page = desk.get(f"/complaints/{complaint['id']}")

    page = desk.send(page, "Resolve it and tell the member", outcome="", give="apology", words="So sorry")

    assert page.status == 422
    assert page.soup.select_one("#f-outcome-fault")
    assert page.soup.select_one("#f-words")["value"] == "So sorry"


def test_who_was_slower_is_told_and_can_send_it_again(care: CustomerCare, desk: Desk, new_desk: Any) -> None:
    complaint = complained(care)
    mine = desk.get(f"/complaints/{complaint['id']}")
    colleague = new_desk(care.shop, "service")
    colleague.send(colleague.get(f"/complaints/{complaint['id']}"), "Save", urgency="high")

    page = desk.send(mine, "Save", note="I take this one")

    assert page.status == 412
    assert "Kim changed this at" in page.words(".refusal")
    assert page.words("#f-note") == "I take this one"
    assert desk.send(page, "Save").words(".flash") == "It is saved."


def test_a_list_is_narrowed_and_says_when_nothing_fits(care: CustomerCare, desk: Desk) -> None:
    assert "No complaints." in desk.get("/complaints").words(".empty")
    complaint = complained(care)
    assert len(rows(desk.get(f"/complaints?member_id={care.shop.shopper.id}&status=open"))) == 1
    assert len(rows(desk.get(f"/complaints?owner={complaint['owner']}&urgency="))) == 1
    assert "No complaint fits." in desk.get("/complaints?status=resolved").words(".empty")
    assert rows(desk.get(f"/complaints?member_id={care.shop.member().id}")) == []


def test_only_who_works_on_complaints_sees_them(care: CustomerCare, new_desk: Any) -> None:
    assert new_desk(care.shop, "analyst").get("/complaints").status == 403
    analyst = new_desk(care.shop, "analyst").get("")
    assert "Complaints" not in analyst.words("nav.side")
    service = new_desk(care.shop, "service", language="zh")
    assert service.get("/complaints").heading == "投诉"


def test_a_part_of_the_money_goes_back_at_the_suppliers_cost_and_the_page_says_so(
    care: CustomerCare, desk: Desk
) -> None:
    owed = made(care.brand.post("/v1/suppliers", {"name": "Orchard"}))["id"]
    made(care.brand.put(f"/v1/suppliers/{owed}/skus/{care.shop.sku_id}", {"cost": care.shop.money(400)}), 200)
    (order,) = care.collected(care.shop.shopper, quantity=3)
    complaint = complained(care, order_id=order["id"])
    page = desk.get(f"/complaints/{complaint['id']}")
    send = {"outcome": "We are sorry", "give": "refund", "cost_to": "supplier"}

    wrong = desk.send(page, "Resolve it and tell the member", **send, amount="a lot")
    assert wrong.soup.select_one("#f-amount-fault")
    above = desk.send(page, "Resolve it and tell the member", **send, amount="28.00")
    assert "27.00" in above.words(".refusal")
    page = desk.send(page, "Resolve it and tell the member", **send, amount="4.50")

    assert "Money back CN¥4.50 on its way" in page.words("[aria-labelledby=outcome]")
    assert "a supplier Orchard" in page.words("[aria-labelledby=outcome]")
    (refund,) = made(care.brand.get(f"/v1/orders/{order['id']}/refunds"), 200)["items"]
    assert refund["amount"]["amount_minor"] == 450


def test_units_are_exchanged_a_coupon_and_points_are_given(care: CustomerCare, desk: Desk) -> None:
    wanted = {
        "title": "Sorry", "kind": "amount", "purpose": "remedy", "value": care.shop.money(500),
        "codes": {"mode": "shared", "code": "SORRY"},
    }  # fmt: skip
    batch = made(care.brand.post("/v1/coupon-batches", wanted))["id"]
    (order,) = care.collected(care.shop.shopper, quantity=3)
    offer = order["lines"][0]["offer_id"]
    gives = (
        ({"give": "exchange", f"units.{offer}": "2", "keeps": "true"}, "An exchange"),
        ({"give": "coupon", "batch_id": batch}, "A coupon done"),
        ({"give": "points", "points": "30"}, "Points 30 done"),
    )
    for fields, said in gives:
        complaint = complained(care, order_id=order["id"])
        page = desk.get(f"/complaints/{complaint['id']}")
        page = desk.send(page, "Resolve it and tell the member", outcome="Sorry", **fields)
        assert said in page.words("[aria-labelledby=outcome]")
    care.drain()
    (case,) = made(care.brand.get("/v1/after-sales"), 200)["items"]
    assert (case["lines"][0]["quantity"], case["status"], case["goods"]) == (2, "approved", "not_needed")


def test_what_was_said_on_the_phone_is_noted_from_the_order_and_from_the_member(care: CustomerCare, desk: Desk) -> None:
    order = made(care.shop.order())
    page = desk.get(f"/complaints/new?order_id={order['id']}")
    page = desk.send(page, "Note the complaint", source="phone", about="leader", text="Nobody was there")
    assert "The complaint is noted." in page.words(".flash")
    assert "On the phone" in page.words("[aria-labelledby=said]")
    (noted,) = care.complaints()
    assert (noted["order_id"], noted["cause"], noted["source"]) == (order["id"], "leader", "phone")

    page = desk.get(f"/complaints/new?member_id={care.shop.shopper.id}")
    desk.send(page, "Note the complaint", source="counter", text="Too dear")
    assert {each["source"] for each in care.complaints()} == {"phone", "counter"}
    assert f"/complaints/new?order_id={order['id']}" in desk.get(f"/orders/{order['id']}").text
    assert "Open the order or the member" in desk.get("/complaints/new").words()


def test_whose_doing_it_was_is_noted_and_a_failed_remedy_says_why(care: CustomerCare, desk: Desk) -> None:
    (order,) = care.collected(care.shop.shopper, quantity=2)
    complaint = complained(care, order_id=order["id"])
    page = desk.get(f"/complaints/{complaint['id']}")
    page = desk.send(page, "Save", attributed_to="leader")
    assert "the leader of the pickup point" in page.words("[aria-labelledby=said]")
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 2}]
    exchange = {"outcome": "New ones", "remedy": {"kind": "exchange", "lines": lines}}
    made(care.brand.post(f"/v1/complaints/{complaint['id']}/resolve", exchange), 200)
    asked = {"kind": "return", "lines": lines, "reason": "Bruised"}
    path, key = f"/orders/{order['id']}/after-sales", {"Idempotency-Key": "k"}
    made(care.store("POST", path, care.shop.shopper, json=asked, headers=key))
    care.drain()

    page = desk.get(f"/complaints/{complaint['id']}")
    assert "came to nothing" in page.words("[aria-labelledby=given]")
    assert "At most 0 can be claimed" in page.words("[aria-labelledby=given]")
    assert "In work" in page.heading


def test_the_cause_is_shown_in_words_corrected_and_looked_for(care: CustomerCare, desk: Desk) -> None:
    complaint = complained(care, cause="damaged")
    page = desk.get(f"/complaints/{complaint['id']}")
    assert "Cause Damaged" in page.words("[aria-labelledby=said]")
    assert page.soup.select_one("#f-about option[selected]")["value"] == "damaged"
    desk.send(page, "Save", note="Asked")
    path = f"/v1/complaints/{complaint['id']}"
    assert made(care.brand.get(path), 200)["cause"] == "damaged", "what was not touched stays"

    page = desk.send(desk.get(f"/complaints/{complaint['id']}"), "Save", about="not_ready")
    now = made(care.brand.get(path), 200)
    assert (now["category"], now["cause"]) == ("pickup", "not_ready")
    assert "Cause Damaged → Not ready when I came" in page.words("[aria-labelledby=history]")
    assert len(rows(desk.get("/complaints?cause=not_ready"))) == 1
    assert rows(desk.get("/complaints?cause=damaged")) == []
    desk.send(page, "Save", about="other")
    now = made(care.brand.get(path), 200)
    assert (now["category"], now["cause"]) == ("other", "unspecified")


def test_coupons_to_choose_from_are_those_that_the_role_may_give(
    care: CustomerCare, new_desk: Callable[..., Desk]
) -> None:
    for purpose in ("remedy", "loyal"):
        body = {
            "title": f"For {purpose}", "kind": "amount", "purpose": purpose, "value": care.shop.money(500),
            "codes": {"mode": "shared", "code": f"C-{purpose}"}, "limits": {"per_member": 1},
        }  # fmt: skip
        made(care.brand.post("/v1/coupon-batches", body))
    path = f"/complaints/{complained(care)['id']}"
    choices = [new_desk(care.shop, role).get(path).words("#f-batch_id") for role in ("service", "manager")]
    assert ["For loyal" in each for each in choices] == [False, True]
    assert all("For remedy" in each for each in choices)
