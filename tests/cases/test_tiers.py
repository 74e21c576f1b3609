"""Members of a tier are answered sooner, by people of their own where the brand says so, over HTTP on the engine."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.cases.model.clocks import Kind, Priority, Rules, Target, TierRule
from chalicelib.cases.model.routing import FIRST, Colleague, Wanted, choose
from chalicelib.kernel.clock import parse_instant
from tests.builders import Reply, made
from tests.customer_care import CustomerCare

GOLD = {"code": "gold", "title": "Gold", "from": 200_000}


@pytest.fixture
def tiered(care: CustomerCare) -> CustomerCare:
    """A shop whose shopper has its one tier."""
    made(care.brand.put("/v1/tiers", {"tiers": [GOLD]}), 200)
    given = {"tier": "gold", "until_on": (care.clock.now() + timedelta(days=90)).date().isoformat(), "reason": "x"}
    made(care.brand.put(f"/v1/members/{care.shop.shopper.id}/tier", given), 200)
    return care


def rules(care: CustomerCare, **gold: Any) -> Reply:
    return care.brand.put("/v1/case-rules", {"tiers": {"gold": gold}})


def complain(care: CustomerCare, who: Any = None) -> tuple[str, timedelta, timedelta]:
    """Who gets a complaint, and in what time it is answered and resolved."""
    mine = made(care.store("POST", "/complaints", who or care.shop.shopper, json={"text": "late again"}))
    opened = parse_instant(mine["opened_at"])
    times = [parse_instant(mine[f"{name}_due_at"]) - opened for name in ("first_response", "resolution")]
    return mine["owner"], times[0], times[1]


def test_a_tier_has_a_part_of_each_target_and_people_of_its_own(tiered: CustomerCare) -> None:
    served, manager = tiered.hire("service"), tiered.hire("manager")
    read = made(rules(tiered, percent=50, staff=[manager]), 200)
    assert read["tiers"] == {"gold": {"percent": 50, "staff": [manager]}}
    assert made(tiered.brand.get("/v1/case-rules"), 200) == read

    assert complain(tiered) == (manager, timedelta(hours=4), timedelta(hours=36))
    assert complain(tiered, tiered.shop.member()) == (served, timedelta(hours=8), timedelta(hours=72))
    made(tiered.brand.patch(f"/v1/staff/{manager}", {"duty": {"on": False}}), 200)
    assert complain(tiered)[0] == served, "with nobody of theirs on duty it goes as all others"


def test_open_ones_get_their_times_anew_by_the_tier_that_they_were_opened_with(tiered: CustomerCare) -> None:
    made(rules(tiered, percent=50), 200)
    mine = made(tiered.store("POST", "/complaints", tiered.shop.shopper, json={"text": "late again"}))
    made(rules(tiered, percent=25), 200)
    tiered.drain()
    now = made(tiered.brand.get(f"/v1/complaints/{mine['id']}"), 200)
    opened = parse_instant(now["opened_at"])
    assert parse_instant(now["first_response_due_at"]) - opened == timedelta(hours=2)


def test_a_return_of_such_a_member_is_decided_sooner_as_well(tiered: CustomerCare) -> None:
    made(rules(tiered, percent=50), 200)
    member = tiered.shop.shopper
    (order,) = tiered.collected(member)
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1}]
    body = {"kind": "return", "lines": lines, "reason": "Bruised"}
    path = f"/orders/{order['id']}/after-sales"
    case = made(tiered.store("POST", path, member, json=body, headers={"Idempotency-Key": "k"}))
    assert parse_instant(case["first_response_due_at"]) - parse_instant(case["opened_at"]) == timedelta(hours=24)


@pytest.mark.parametrize(
    ("tiers", "pointer"),
    [
        ({"silver": {"percent": 50}}, "/tiers/silver"),
        ({"gold": {"staff": ["01J9ZQ0W7N8RXC5B2M4T6V8Y0A"]}}, "/tiers/gold/staff/0"),
        ({"gold": {"percent": 0}}, "/tiers/gold/percent"),
    ],
)
def test_what_no_tier_can_have_is_refused_by_its_field(tiered: CustomerCare, tiers: Any, pointer: str) -> None:
    refused = tiered.brand.put("/v1/case-rules", {"tiers": tiers})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_a_part_of_a_minute_is_a_whole_one() -> None:
    targets = {Kind.COMPLAINT: {Priority.P1: Target(3, 5)}}
    made_of = Rules(targets, tiers={"gold": TierRule(50, ("a",))})
    assert made_of.target(Kind.COMPLAINT, Priority.P1, "gold") == Target(2, 3)
    assert made_of.target(Kind.COMPLAINT, Priority.P1) == Target(3, 5)
    assert Rules.from_json(made_of.as_json()) == made_of
    assert Rules.from_json({"targets": {}, "warn": 75, "follow_up": 7, "fallback": None}) == Rules()


def test_who_is_there_for_a_tier_comes_before_every_rank() -> None:
    team = [Colleague("s", {"service"}), Colleague("m", {"manager"}), Colleague("a", {"analyst"})]
    assert choose("c", team, FIRST, wanted=Wanted(first=("m", "a"))) == "m"
    assert choose("c", team, FIRST, wanted=Wanted(first=("a",))) == "s", "who serves nobody gets nothing"
    assert choose("c", team, FIRST, wanted=Wanted(first=("m",)), but_not="m") == "s"
