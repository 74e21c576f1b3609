"""From an order at the pickup point to the leader's statement and the campaign's end, over HTTP."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock
from tests.builders import Member, Shop, made
from tests.conftest import Clock, Drain, Sweep


@pytest.fixture
def leader(shop: Shop) -> Member:
    return shop.member()


@pytest.fixture
def sold(shop: Shop, leader: Member, clock: Clock, drain: Drain, sweep: Sweep) -> dict[str, Any]:
    """A campaign of ¥9.00 units at 7.5 %; two were ordered, paid in cash and handed over by the leader."""
    point = shop.pickup_point(leader_id=leader.id, commission_bps=750)
    campaign = shop.campaign(pickup_point_ids=[point["id"]], closes_in=timedelta(hours=1))
    order = made(shop.order(campaign=campaign, quantity=2))
    clock.advance(hours=2)
    sweep()
    shop.arrived(campaign["id"])
    handed = {"code": order["pickup_code"], "pickup_point_id": point["id"]}
    made(shop.caller.call("POST", f"/v1/orders/{order['id']}/pickup", json=handed, token=leader.token), 200)
    drain()
    return {"campaign": campaign, "order": order, "point": point}


def accounts(shop: Shop, *names: tuple[str, str]) -> dict[str, int]:
    """Balances by account, ids by the names given."""
    found = made(shop.brand.get("/v1/ledger/accounts?limit=100"), 200)["items"]
    balances = {each["account"]: each["balance"]["amount_minor"] for each in found}
    for value, name in names:
        balances = {account.replace(value, name): amount for account, amount in balances.items()}
    return balances


def asked(leader: Member, days: int = 40) -> dict[str, str]:
    """The leader's account of the last days, today left out."""
    today = clock.now().date()
    span = {"from_on": (today - timedelta(days=days)).isoformat(), "to_on": (today - timedelta(days=1)).isoformat()}
    return {"party": "leader", "party_id": leader.id, **span}


def query(fields: dict[str, str]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in fields.items())


Poster = Callable[..., Any]


@pytest.fixture
def post(shop: Shop) -> Poster:
    """Posts under an Idempotency-Key."""
    return lambda path, body, key, status=201: made(
        shop.brand.post(path, body, headers={"Idempotency-Key": key}), status
    )


def test_a_pickup_is_booked_and_its_leader_sees_what_it_earned(
    shop: Shop, leader: Member, sold: dict[str, Any]
) -> None:
    assert accounts(shop, (leader.id, "leader"), (sold["point"]["id"], "point")) == {
        "cash:leader:point": 1_800, "sales": 1_800, "commission_expense": 135, "commission_frozen:leader": 135,
    }  # fmt: skip
    summary = made(shop.brand.get("/v1/ledger/summary"), 200)
    assert summary.pop("holds") is True
    assert {name: each["amount_minor"] for name, each in summary.items()} == {
        "captured": 1_800, "settled": 1_800, "refunded": 0, "held": 0,
    }  # fmt: skip
    own = made(shop.caller.call("GET", f"{shop.path}/leader/commissions", token=leader.token), 200)["items"]
    assert [(each["order_id"], each["commission"]["amount_minor"], each["status"]) for each in own] == [
        (sold["order"]["id"], 135, "frozen")
    ]
    balance = made(shop.caller.call("GET", f"{shop.path}/leader/balance", token=leader.token), 200)
    assert {name: each["amount_minor"] for name, each in balance.items()} == {
        "payable": 0, "cash": 1_800, "due": -1_800, "frozen": 135,
    }  # fmt: skip
    others = made(shop.caller.call("GET", f"{shop.path}/leader/commissions", token=shop.shopper.token), 200)
    assert others["items"] == []


def test_journals_are_listed_by_account_and_day_and_as_a_table(
    shop: Shop, leader: Member, sold: dict[str, Any]
) -> None:
    today = (clock.now() + timedelta(hours=8)).date()
    journals = made(shop.brand.get("/v1/ledger/journals?account=sales"), 200)["items"]
    assert [journal["cause"] for journal in journals] == [f"handover:{sold['order']['id']}"]
    assert sum(e["amount"]["amount_minor"] * (1 if e["side"] == "debit" else -1) for e in journals[0]["entries"]) == 0
    assert made(shop.brand.get("/v1/ledger/journals?account=bank"), 200)["items"] == []
    assert len(made(shop.brand.get(f"/v1/ledger/journals?from_on={today}&to_on={today}"), 200)["items"]) == 1
    assert made(shop.brand.get(f"/v1/ledger/journals?to_on={today - timedelta(days=1)}"), 200)["items"] == []
    table = list(csv.DictReader(io.StringIO(shop.brand.get("/v1/ledger/journals?format=csv").text)))
    assert {row["account"]: row["credit_minor"] for row in table}["sales"] == "1800"
    table = list(csv.DictReader(io.StringIO(shop.brand.get("/v1/ledger/accounts?format=csv").text)))
    assert {row["account"]: row["balance_minor"] for row in table}["sales"] == "1800"


def test_accounts_are_paged_by_name(shop: Shop, sold: dict[str, Any]) -> None:
    names: list[str] = []
    cursor = ""
    while True:
        page = made(shop.brand.get(f"/v1/ledger/accounts?limit=1{cursor}"), 200)
        names += [each["account"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(names) == 4
    assert names == sorted(names)


def test_from_commission_to_a_paid_statement_and_a_settled_campaign(
    shop: Shop, leader: Member, sold: dict[str, Any], clock: Clock, sweep: Sweep, post: Poster
) -> None:
    campaign = f"/v1/campaigns/{sold['campaign']['id']}"
    assert made(shop.brand.get(campaign), 200)["status"] == "completed"  # by itself, with its last order
    refused = shop.brand.post(f"{campaign}/settle")
    assert (refused.status, refused.json["code"], refused.json["outstanding"]) == (
        409, "still_outstanding", {"commission_frozen": 135},
    )  # fmt: skip
    clock.advance(days=16)
    sweep()
    settled = made(shop.brand.post(f"{campaign}/settle"), 200)
    assert (settled["status"], settled["profit"]["amount_minor"]) == ("settled", 1_665)
    assert made(shop.brand.post(f"{campaign}/settle"), 200) == settled
    cash = {"leader_id": leader.id, "pickup_point_id": sold["point"]["id"], "amount": shop.money(1_700)}
    post("/v1/ledger/cash", cash, "cash")
    clock.advance(days=2)
    looked = made(shop.brand.get("/v1/statements" + query(asked(leader))), 200)
    assert (looked["id"], looked["closing"]["due"]["amount_minor"], looked["line_count"]) == (None, 35, 3)
    frozen = post("/v1/statements", asked(leader), "freeze")
    assert post("/v1/statements", asked(leader), "freeze") == frozen
    assert frozen["lines"] == looked["lines"]
    pay = f"/v1/statements/{frozen['id']}/pay"
    above = post(pay, {"amount": shop.money(36)}, "pay-0", 409)
    assert (above["code"], above["balance"]["amount_minor"]) == ("above_balance", 35)
    paid = post(pay, {"amount": shop.money(35)}, "pay-1", 200)
    assert post(pay, {"amount": shop.money(35)}, "pay-1", 200) == paid
    assert (paid["paid"]["amount_minor"], paid["unpaid"]["amount_minor"]) == (35, 0)
    assert post("/v1/statements", asked(leader), "freeze") == frozen, "the first answer, also when it was paid since"
    table = list(csv.DictReader(io.StringIO(shop.brand.get(f"/v1/statements/{frozen['id']}?format=csv").text)))
    assert [row["due_after_minor"] for row in table] == ["0", "-1800", "-1665", "35"]
    own = made(shop.caller.call("GET", f"{shop.path}/leader/statements", token=leader.token), 200)["items"]
    assert [each["id"] for each in own] == [frozen["id"]]
    listed = made(shop.brand.get(f"/v1/statements/frozen?party=leader&party_id={leader.id}"), 200)["items"]
    assert listed == own
    mine = f"{shop.path}/leader/statements/{frozen['id']}"
    assert made(shop.caller.call("GET", mine, token=leader.token), 200)["line_count"] == 3
    assert shop.caller.call("GET", mine, token=shop.shopper.token).status == 404


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"to_on": "2020-01-01"}, "?to_on"),
        ({"party_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}, "?party_id"),
        ({"party": "member"}, "?party"),
        ({"from_on": "yesterday"}, "?from_on"),
    ],
)
def test_a_statement_that_makes_no_sense_is_refused_by_its_field(
    shop: Shop, leader: Member, fields: dict[str, str], pointer: str
) -> None:
    refused = shop.brand.get("/v1/statements" + query(asked(leader) | fields))
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_a_period_that_is_not_over_is_not_frozen(shop: Shop, leader: Member, post: Poster) -> None:
    today = (clock.now() + timedelta(hours=8)).date().isoformat()
    refused = post("/v1/statements", asked(leader) | {"to_on": today}, "freeze", 409)
    assert refused["code"] == "period_not_over"
    assert refused["freezable_at"] > clock.instant(clock.now())


def test_cash_that_nobody_collected_cannot_be_handed_in(shop: Shop, leader: Member, post: Poster) -> None:
    body = {"leader_id": leader.id, "pickup_point_id": shop.pickup_point_id, "amount": shop.money(1)}
    assert post("/v1/ledger/cash", body, "cash", 409)["code"] == "above_balance"
    body["amount"] = {"amount_minor": 1, "currency": "USD"}
    assert post("/v1/ledger/cash", body, "cash", 422)["code"] == "wrong_currency"
