"""Invoices over HTTP: asked for, changed, issued, voided; and what a refund makes of them."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.invoices.model.notices import InvoiceMadeOut, InvoiceVoided
from chalicelib.invoices.records import InvoiceRecord
from chalicelib.invoices.service import listing
from chalicelib.notices.inbox.records import InboxRecord
from chalicelib.notices.model.people import Person
from tests.builders import Member, Shop, made
from tests.calls import Reply
from tests.conftest import Drain

COMPANY = {
    "kind": "company", "title": "深圳市邻里科技有限公司", "tax_number": "91350100m000100y43",
    "email": "finance@linli.example",
}  # fmt: skip
PERSON = {"kind": "person", "title": "王小明", "email": "wang@linli.example"}
ISSUE = {"number": "24952000000123456789", "issued_on": "2025-11-30"}


@pytest.fixture
def order(shop: Shop) -> Any:
    """Three pears at 9.00, tax of 9 % included, handed over and paid: 27.00 × 9/109 = 2.2293…"""
    made(shop.brand.patch("/v1/tenant", {"tax": {"default_rate": "9"}}), 200)
    return made(shop.order(quantity=3, campaign=shop.campaign()))


def ask(shop: Shop, order: Any, body: Any = COMPANY, method: str = "POST", by: Member | None = None) -> Reply:
    path = f"{shop.path}/orders/{order['id']}/invoice"
    return shop.caller.call(method, path, json=body, token=(by or shop.shopper).token)


def pay(shop: Shop, order: Any, drain: Drain) -> None:
    """It is collected and paid."""
    made(shop.brand.post(f"/v1/campaigns/{order['campaign_id']}/close"), 200)
    drain()
    shop.arrived(order["campaign_id"])
    handed = {"code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}
    made(shop.brand.post(f"/v1/orders/{order['id']}/pickup", handed), 200)


def give_back(shop: Shop, order: Any, amount: int, key: str = "sorry") -> None:
    body = {"amount": shop.money(amount), "reason": "Bruised"}
    made(shop.brand.post(f"/v1/orders/{order['id']}/refunds", body, headers={"Idempotency-Key": key}))


def due(shop: Shop) -> list[str]:
    return [each["id"] for each in made(shop.brand.get("/v1/invoices?due=true"), 200)["items"]]


def waits(shop: Shop, invoice: Any) -> tuple[bool, bool]:
    """Whether an invoice waits for its order's payment, and whether for the brand."""
    shown = made(shop.brand.get(f"/v1/invoices/{invoice['id']}"), 200)
    return shown["awaits_payment"], shown["due"]


def told(shop: Shop) -> list[str]:
    with tenant_scope(shop.tenant_id):
        found = InboxRecord.every(
            InboxRecord.partition(shop.tenant_id, Person.member(shop.shopper.id)), consistent=True
        )
        return [each.template for each in found if each.template.startswith("invoice_")]


def tax(shown: Any) -> list[tuple[str, int, int]]:
    return [(each["rate"], each["base"]["amount_minor"], each["amount"]["amount_minor"]) for each in shown["tax"]]


def test_an_invoice_is_asked_for_once_and_changed_until_it_is_issued(shop: Shop, order: Any) -> None:
    assert ask(shop, order, None, "GET").status == 404
    asked = made(ask(shop, order))
    assert (asked["status"], asked["tax_number"]) == ("requested", "91350100M000100Y43")
    assert (asked["amount"], tax(asked)) == (shop.money(2_700), [("9", 2_477, 223)])
    assert made(ask(shop, order)) == asked, "the same again answers the same"
    assert ask(shop, order, PERSON).json["code"] == "invoice_requested"
    assert made(ask(shop, order, PERSON, "PATCH"), 200)["title"] == "王小明"
    assert made(ask(shop, order, None, "GET"), 200)["tax_number"] is None
    assert (
        ask(shop, order, COMPANY | {"tax_number": "91350100M000100Y44"}, "PATCH").json["code"] == "tax_number_invalid"
    )
    assert ask(shop, order, None, "GET", shop.member()).status == 404, "another member's"


def test_the_brand_notes_number_and_day_once_it_is_paid_and_its_amount_is_fixed(
    shop: Shop, order: Any, drain: Drain
) -> None:
    asked = made(ask(shop, order))
    path = f"/v1/invoices/{asked['id']}/issue"
    assert (waits(shop, asked), due(shop)) == ((True, False), []), "nobody can issue it yet"
    assert shop.brand.post(path, ISSUE).json["code"] == "order_unpaid"
    pay(shop, order, drain)
    drain()
    assert (waits(shop, asked), due(shop)) == ((False, True), [asked["id"]])
    issued = made(shop.brand.post(path, ISSUE), 200)
    assert (issued["status"], issued["number"], issued["issued_on"], issued["due"]) == (
        "issued", ISSUE["number"], "2025-11-30", False,
    )  # fmt: skip
    assert (issued["amount"], tax(issued)) == (shop.money(2_700), [("9", 2_477, 223)])
    assert made(shop.brand.post(path, ISSUE), 200) == issued, "noted again, it stands"
    assert shop.brand.post(path, ISSUE | {"number": "2"}).json["code"] == "invoice_issued"
    assert ask(shop, order, PERSON, "PATCH").json["code"] == "invoice_issued"
    assert ask(shop, order, PERSON).json["code"] == "invoice_issued"
    assert due(shop) == []
    drain()
    assert told(shop) == [InvoiceMadeOut.template]
    (entry,) = made(shop.brand.get(f"/v1/audit?target=invoice:{asked['id']}"), 200)["items"]
    assert entry["action"] == "invoice.issued"


def test_a_refund_after_the_issue_waits_to_be_voided_and_the_rest_can_be_asked_for(
    shop: Shop, order: Any, drain: Drain
) -> None:
    asked = made(ask(shop, order))
    pay(shop, order, drain)
    assert shop.brand.post(f"/v1/invoices/{asked['id']}/void", {"reason": "x"}).json["code"] == "invoice_not_issued"
    to_come = shop.brand.post(f"/v1/invoices/{asked['id']}/issue", ISSUE | {"issued_on": "2099-01-01"})
    assert (to_come.status, to_come.json["code"]) == (422, "invoice_day_wrong")
    made(shop.brand.post(f"/v1/invoices/{asked['id']}/issue", ISSUE), 200)
    give_back(shop, order, 900)
    drain()
    shown = made(shop.brand.get(f"/v1/invoices/{asked['id']}"), 200)
    assert (shown["refunded_since"], shown["due"], shown["amount"]) == (shop.money(900), True, shop.money(2_700))
    assert due(shop) == [asked["id"]]

    voiding = {"reason": "部分退款，重新开票。", "credit_number": "24952000000123456790", "credited_on": "2025-12-01"}
    voided = made(shop.brand.post(f"/v1/invoices/{asked['id']}/void", voiding), 200)
    assert (voided["status"], voided["credit_note"]) == (
        "voided", {"number": "24952000000123456790", "on": "2025-12-01"},
    )  # fmt: skip
    assert made(shop.brand.post(f"/v1/invoices/{asked['id']}/void", voiding), 200) == voided
    assert shop.brand.post(f"/v1/invoices/{asked['id']}/issue", ISSUE).json["code"] == "invoice_ended"
    drain()
    assert sorted(told(shop)) == sorted([InvoiceMadeOut.template, InvoiceVoided.template])

    again = made(ask(shop, order))
    assert again["id"] != asked["id"]
    assert (again["amount"], tax(again)) == (shop.money(1_800), [("9", 1_651, 149)])
    issue = f"/v1/invoices/{again['id']}/issue"
    assert shop.brand.post(issue, ISSUE).json["code"] == "invoice_number_taken"
    assert made(shop.brand.post(issue, ISSUE | {"number": "24952000000123456791"}), 200)["status"] == "issued"
    assert due(shop) == []


def test_what_was_asked_for_ends_with_its_order(shop: Shop, order: Any, drain: Drain) -> None:
    asked = made(ask(shop, order))
    made(shop.caller.call("POST", f"{shop.path}/orders/{order['id']}/cancel", token=shop.shopper.token), 200)
    drain()
    shown = made(shop.brand.get(f"/v1/invoices/{asked['id']}"), 200)
    assert (shown["status"], shown["due"], shown["amount"]) == ("withdrawn", False, shop.money(0))
    assert ask(shop, order).json["code"] == "no_invoice_for_order"
    assert shop.brand.post(f"/v1/invoices/{asked['id']}/issue", ISSUE).json["code"] == "invoice_ended"


def test_the_list_is_filtered_and_paged_and_its_table_has_a_row_for_each_rate(
    shop: Shop, order: Any, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [made(ask(shop, order))["id"]]
    for n in range(2):
        more = made(shop.order(quantity=1 + n, campaign=shop.campaign(title=f"Week {n}")))
        asked.append(made(ask(shop, more, PERSON))["id"])
        pay(shop, more, drain)
    drain()
    page = made(shop.brand.get("/v1/invoices?limit=2"), 200)
    rest = made(shop.brand.get(f"/v1/invoices?limit=2&cursor={page['next_cursor']}"), 200)
    assert [each["id"] for each in (*page["items"], *rest["items"])] == asked[::-1], "the last asked for first"
    assert due(shop) == asked[1:], "of what is due the longest waiting first; the first waits for its payment"
    by_order = made(shop.brand.get(f"/v1/invoices?order_id={order['id']}"), 200)["items"]
    assert [each["id"] for each in by_order] == asked[:1]
    assert made(shop.brand.get("/v1/invoices?status=issued"), 200)["items"] == []
    assert made(shop.brand.get("/v1/invoices?from_on=2027-01-01"), 200)["items"] == []
    assert shop.brand.get("/v1/invoices?status=lost").status == 422
    lines = shop.brand.get("/v1/invoices?format=csv").text.splitlines()
    assert len(lines) == 4
    assert "91350100M000100Y43" in lines[3]
    assert "2477" in lines[3] or "24.77" in lines[3]
    monkeypatch.setattr(listing, "MOST_ROWS", 2)
    refused = shop.brand.get("/v1/invoices?format=csv")
    assert (refused.status, refused.json["code"], refused.json["most"]) == (422, "too_many_invoices", 2)


def test_who_reads_figures_is_shown_no_buyer(shop: Shop, order: Any) -> None:
    invoice = made(ask(shop, order))["id"]
    analyst = made(shop.brand.post("/v1/api-keys", {"name": "Figures", "scopes": ["analyst"]}))["secret"]
    for path in ("/v1/invoices", f"/v1/invoices/{invoice}", "/v1/invoices?format=csv"):
        reply = shop.caller.call("GET", path, token=analyst)
        assert reply.status == 200
        assert not [word for word in (COMPANY["title"], "91350100M000100Y43", COMPANY["email"]) if word in reply.text]
    assert shop.caller.call("POST", f"/v1/invoices/{invoice}/issue", json=ISSUE, token=analyst).status == 403


def test_another_brand_finds_none_of_them(shop: Shop, order: Any, new_shop: Any) -> None:
    invoice = made(ask(shop, order))["id"]
    other = new_shop(slug="elsewhere")
    assert made(other.brand.get("/v1/invoices"), 200)["items"] == []
    assert other.brand.get(f"/v1/invoices/{invoice}").status == 404
    assert other.brand.post(f"/v1/invoices/{invoice}/issue", ISSUE).status == 404
    with tenant_scope(shop.tenant_id):
        found = InvoiceRecord.fetch(*InvoiceRecord.address(shop.tenant_id, invoice), consistent=True)
        assert found is not None
        assert found.status == "requested"


def test_days_that_run_backwards_or_are_out_of_the_calendar_are_refused(shop: Shop) -> None:
    for query, pointer in (
        ("from_on=2030-06-02&to_on=2030-06-01", "?to_on"),
        ("from_on=0001-01-01", "?from_on"),
        ("to_on=9999-12-31", "?to_on"),
    ):
        reply = shop.brand.get(f"/v1/invoices?{query}")
        assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, pointer), query
