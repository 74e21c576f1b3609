"""How a supplier does over a period, and that nothing is bought from one whose licence is over, over HTTP."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.fulfilment.suppliers import service
from chalicelib.fulfilment.suppliers.model import Licence
from tests.builders import made
from tests.customer_care import CustomerCare


def supplier(care: CustomerCare, **fields: Any) -> Any:
    """The supplier of what the shop sells."""
    found = made(care.brand.post("/v1/suppliers", {"name": "Orchard", **fields}))
    agree(care, found["id"])
    return found


def agree(care: CustomerCare, supplier_id: str, cost_minor: int = 500) -> Any:
    terms = {"cost": care.shop.money(cost_minor)}
    return care.brand.call("PUT", f"/v1/suppliers/{supplier_id}/skus/{care.shop.sku_id}", json=terms)


def rate(care: CustomerCare, supplier_id: str, query: str = "") -> dict[str, Any]:
    found = made(care.brand.get(f"/v1/suppliers/{supplier_id}/rate{query}"), 200)
    return {name: found[name] for name in ("sold", "short", "returned", "complained", "ratio")}


def licence(care: CustomerCare, days: int) -> dict[str, str]:
    until = (care.clock.now() + timedelta(hours=8)).date() + timedelta(days=days)
    return {"name": "Food trade", "number": "JY-1", "valid_until": until.isoformat()}


@pytest.mark.parametrize("query", ["to_on=0001-01-01", "from_on=9999-12-31&to_on=9999-12-31"])
def test_days_that_no_calendar_counts_from_are_refused_by_name(care: CustomerCare, query: str) -> None:
    refused = care.brand.get(f"/v1/suppliers/{supplier(care)['id']}/rate?{query}")
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, f"?{query.partition('=')[0]}")


def test_units_short_returned_and_complained_of_over_those_ordered(care: CustomerCare) -> None:
    owed = supplier(care)["id"]
    assert rate(care, owed) == {"sold": 0, "short": 0, "returned": 0, "complained": 0, "ratio": None}
    member, campaign = care.shop.shopper, care.shop.campaign(closes_in=timedelta(hours=1))
    orders = [made(care.shop.order(member, campaign=campaign, quantity=each)) for each in (6, 4)]
    care.clock.advance(hours=2)
    care.sweep()
    receipt = {"supplier_id": owed, "lines": [{"sku_id": care.shop.sku_id, "received": 9, "damaged": 1, "short": 1}]}
    path = f"/v1/campaigns/{campaign['id']}/receipts"
    made(care.brand.post(path, receipt, headers={"Idempotency-Key": "receipt"}))
    care.drain()
    assert rate(care, owed) == {"sold": 10, "short": 2, "returned": 0, "complained": 0, "ratio": "0.2000"}

    care.hand_over(orders[0])
    care.drain()
    lines = [{"offer_id": orders[0]["lines"][0]["offer_id"], "quantity": 2}]
    body = {"kind": "return", "lines": lines, "reason": "Bruised"}
    key = {"Idempotency-Key": "k"}
    case = made(care.store("POST", f"/orders/{orders[0]['id']}/after-sales", member, json=body, headers=key))
    made(care.brand.post(f"/v1/after-sales/{case['id']}/decision", {"outcome": "approve"}, headers=key), 200)
    care.drain()
    assert rate(care, owed)["returned"] == 2

    complaint = {"text": "Bruised", "order_id": orders[0]["id"]}
    mine = made(care.store("POST", "/complaints", member, json=complaint))
    answer = {"outcome": "Sorry", "attributed_to": "supplier"}
    made(care.brand.post(f"/v1/complaints/{mine['id']}/resolve", answer), 200)
    assert rate(care, owed) == {"sold": 10, "short": 2, "returned": 2, "complained": 6, "ratio": "1.0000"}

    made(care.brand.post(f"/v1/complaints/{mine['id']}/reopen", {"reason": "Not so"}), 200)
    made(care.brand.post(f"/v1/complaints/{mine['id']}/resolve", answer | {"attributed_to": "brand"}), 200)
    assert rate(care, owed)["complained"] == 0, "whose doing it was not, bears it no more"
    past = (care.clock.now() - timedelta(days=2)).date()
    assert rate(care, owed, f"?from_on={past - timedelta(days=5)}&to_on={past}")["sold"] == 0


@pytest.mark.parametrize(
    "query", ["?from_on=2026-11-02&to_on=2026-11-01", "?from_on=2024-01-01&to_on=2026-01-01", "?to_on=x"]
)
def test_a_period_that_cannot_be_is_refused(care: CustomerCare, query: str) -> None:
    owed = supplier(care)["id"]
    assert care.brand.get(f"/v1/suppliers/{owed}/rate{query}").status == 422


def test_nothing_is_bought_while_a_licence_is_over(care: CustomerCare) -> None:
    owed = supplier(care, licences=[licence(care, 0)])["id"]
    campaign = care.shop.campaign(closes_in=timedelta(hours=1))
    made(care.shop.order(campaign=campaign))
    care.clock.advance(days=1)
    care.sweep()
    path = f"/v1/campaigns/{campaign['id']}"

    for refused in (
        care.brand.post(f"{path}/advance", {"to": "purchasing"}),
        care.brand.get(f"{path}/purchase-list?format=csv"),
        care.brand.post(f"{path}/purchase-list"),
        agree(care, owed),
    ):
        assert (refused.status, refused.json["code"]) == (409, "licence_over"), refused.text
        (over,) = refused.json["licences"]
        assert (over["supplier"], over["name"], over["number"]) == ("Orchard", "Food trade", "JY-1")
        assert over["valid_until"] in refused.json["detail"]
    assert care.brand.get(f"{path}/purchase-list").status == 200, "what was to be bought can still be read"

    made(care.brand.patch(f"/v1/suppliers/{owed}", {"licences": [licence(care, 365)]}), 200)
    made(care.brand.post(f"{path}/advance", {"to": "purchasing"}), 200)


def test_a_licence_that_is_taken_away_while_terms_are_agreed_on_stops_them(care: CustomerCare, monkeypatch) -> None:
    """Somebody else writes that it is over between the look at the supplier and the write of the terms."""
    owed = supplier(care)["id"]
    later = terms_of(care, owed)
    write = service.audit

    def meanwhile(*given: object, **more: object) -> None:
        monkeypatch.setattr(service, "audit", write)
        made(care.brand.patch(f"/v1/suppliers/{owed}", {"licences": [licence(care, -1)]}), 200)
        write(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "audit", meanwhile)
    refused = agree(care, owed, 400)
    assert (refused.status, refused.json["code"]) == (409, "licence_over"), refused.text
    assert terms_of(care, owed) == later, "nothing was agreed on"


def terms_of(care: CustomerCare, owed: str) -> list[object]:
    """What a supplier delivers at what cost."""
    items = made(care.brand.get(f"/v1/suppliers/{owed}/skus"), 200)["items"]
    return [each["cost"] for each in items]


@pytest.mark.parametrize(("today", "state"), [(1, "valid"), (10, "ending"), (31, "ending")])
def test_a_licence_is_said_to_end_thirty_days_ahead(today: int, state: str) -> None:
    has = Licence("Food trade", "JY-1", date(2026, 1, 31) + timedelta(days=9))
    assert has.state(date(2026, 1, today)) == state
    assert has.state(has.valid_until) == "ending"
    assert has.state(has.valid_until + timedelta(days=1)) == "over"
