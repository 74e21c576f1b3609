"""An imported order is its member's, however the file spells them: figures before and after the member signs in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.imports.service import order_files
from chalicelib.kernel import clock as product_clock
from chalicelib.members.linking.service import matching
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.model.identities import Identity
from chalicelib.members.service.members import OrderDays, members_by_ordinal, note_active, note_activity
from tests.builders import Member, Shop, made
from tests.calls import Api
from tests.insight.figures import Figures, as_csv
from tests.members.codes import code_for, exchange, sign_in
from tests.members.earlier import forget_that_they_are_known
from tests.notices.kept import watched
from tests.tenants.brands import at_once

ROWS = [
    ("R-1", "pat@example.com", "2026-01-05", 1, 1000, "USD"),
    ("R-2", "PAT@Example.com", "2026-01-31", 1, 500, "USD"),
    ("R-3", "C-1001", "2026-02-01", 1, 300, "USD"),
    ("R-4", "+1 202-555-0123", "2026-02-02", 1, 200, "USD"),
    ("R-5", "(202) 555-0123", "2026-03-31", 1, 100, "USD"),
]


@pytest.fixture(autouse=True)
def _recipients_are_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    yield from watched(request)


def totals(figures: Figures) -> dict[str, Any]:
    """The totals of the winter."""
    found: dict[str, Any] = figures.report("summary", from_on="2026-01-01", to_on="2026-03-31")["totals"]
    return {name: found[name] for name in ("members", "active_members", "new_members", "orders")}


def members(shop: Shop) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = made(shop.brand.get("/v1/members?limit=100"), 200)["items"]
    return found


def signed_in(api: Api, shop: Shop, **address: str) -> str:
    found: str = sign_in(api, shop.slug, **address)["principal"]["id"]
    return found


def test_spellings_of_an_address_are_one_member_who_claims_the_history_by_signing_in(
    api: Api, figures: Figures
) -> None:
    figures.import_orders(ROWS)
    figures.roll()
    before = {member["email"] or member["phone"] or member["external_ref"]: member for member in members(figures.shop)}
    counted = {"members": 3, "active_members": 3, "new_members": 3, "orders": 5}
    assert (before.keys(), totals(figures)) == ({"pat@example.com", "+12025550123", "C-1001"}, counted)
    assert {member["claimed"] for member in before.values()} == {False}

    pat = signed_in(api, figures.shop, email="Pat@EXAMPLE.com")
    ann = signed_in(api, figures.shop, phone="+12025550123")

    assert (pat, ann) == (before["pat@example.com"]["id"], before["+12025550123"]["id"])
    assert (len(members(figures.shop)), totals(figures)) == (3, counted)
    me = made(figures.shop.brand.get(f"/v1/members/{pat}"), 200)
    assert (me["claimed"], me["joined_on"], me["last_active_on"]) == (True, "2026-01-05", "2026-01-31")


def test_rows_are_those_of_a_member_who_has_signed_in_with_that_address(api: Api, figures: Figures) -> None:
    pat = signed_in(api, figures.shop, email="pat@example.com")
    figures.import_orders(ROWS[:2])
    figures.roll()
    assert [member["id"] for member in members(figures.shop)] == [pat]
    assert totals(figures)["active_members"] == 1
    assert members(figures.shop)[0]["joined_on"] == "2026-01-05"


@pytest.mark.parametrize("first", ["import", "sign-in"])
def test_what_comes_first_makes_no_difference(api: Api, figures: Figures, first: str) -> None:
    steps = [lambda: signed_in(api, figures.shop, email="pat@example.com"), lambda: figures.import_orders(ROWS)]
    for step in steps if first == "sign-in" else reversed(steps):
        step()
    figures.roll()
    assert sorted(
        (member["email"] or "", member["joined_on"], member["last_active_on"], member["claimed"])
        for member in members(figures.shop)
    ) == [
        ("", "2026-02-01", "2026-02-01", False), ("", "2026-02-02", "2026-03-31", False),
        ("pat@example.com", "2026-01-05", "2026-01-31", True),
    ]  # fmt: skip
    assert totals(figures)["active_members"] == 3


@pytest.fixture
def of_before(figures: Figures, monkeypatch: pytest.MonkeyPatch) -> Figures:
    """Figures with orders that were imported when every name was taken for a reference."""
    monkeypatch.setattr(matching, "identity_named", lambda name, region: Identity("ref", name))
    figures.import_orders(ROWS)
    figures.roll()
    monkeypatch.undo()
    forget_that_they_are_known(figures.shop.tenant_id)
    assert (len(members(figures.shop)), totals(figures)["active_members"]) == (5, 5)
    return figures


def test_who_was_imported_as_a_reference_claims_the_history_as_well(api: Api, of_before: Figures) -> None:
    [old] = [member["id"] for member in members(of_before.shop) if member["external_ref"] == "pat@example.com"]
    assert signed_in(api, of_before.shop, email="pat@example.com") == old
    assert (len(members(of_before.shop)), totals(of_before)["members"]) == (5, 5)


def test_a_night_makes_one_person_of_members_of_before(api: Api, of_before: Figures, sweep: Any, clock: Any) -> None:
    shop = of_before.shop
    pat = signed_in(api, shop, email="PAT@example.com")  # who is the one of pat@example.com
    ann = signed_in(api, shop, phone="+12025550123")  # a member of their own, since it was spelled in other ways
    assert (len(members(shop)), totals(of_before)["members"]) == (6, 5)

    clock.advance(days=1)
    sweep(2)
    left = {member["id"]: member for member in members(shop)}
    assert len(left) == 3
    assert (left[pat]["joined_on"], left[pat]["last_active_on"]) == ("2026-01-05", "2026-01-31")
    assert (left[ann]["joined_on"], left[ann]["last_active_on"]) == ("2026-02-02", "2026-03-31")

    of_before.roll()
    assert totals(of_before) == {"members": 3, "active_members": 3, "new_members": 3, "orders": 5}
    stands = of_before.aggregates()
    clock.advance(days=1)
    sweep(2)
    assert of_before.aggregates() == stands


def test_a_row_under_another_spelling_unites_the_member_of_before(api: Api, of_before: Figures) -> None:
    pat = signed_in(api, of_before.shop, email="pat@example.com")
    gone = next(each["id"] for each in members(of_before.shop) if each["external_ref"] == "PAT@Example.com")
    of_before.import_orders([("R-9", "PAT@Example.com", "2026-03-01", 1, 100, "USD")])
    assert made(of_before.shop.brand.get(f"/v1/members/{gone}"), 200)["id"] == pat
    # The import has its days rolled up; the days of whom it has united are marked for the next rollup.
    of_before.roll()
    assert totals(of_before) == {"members": 4, "active_members": 4, "new_members": 4, "orders": 6}
    assert pat in {member["id"] for member in members(of_before.shop)}
    behind = of_before.report("retention", unit="month", mode="on", to_on="2026-03-31", members="2026-01:0")
    assert [member["id"] for member in behind["members"]] == [pat]


def test_a_member_who_has_orders_of_their_own_stays_and_so_does_one_who_was_claimed(
    api: Api, of_before: Figures
) -> None:
    shop = of_before.shop
    by_ref = {member["external_ref"]: member["id"] for member in members(shop)}
    placed = {
        "member_id": by_ref["PAT@Example.com"],
        "campaign_id": shop.campaign_id,
        "pickup_point_id": shop.pickup_point_id,
        "lines": [{"offer_id": shop.offer_id, "quantity": 1}],
    }
    made(shop.brand.post("/v1/orders", placed, headers={"Idempotency-Key": "k"}))
    pat = signed_in(api, shop, email="pat@example.com")
    of_before.import_orders([("R-9", "PAT@Example.com", "2026-03-01", 1, 100, "USD")])
    assert by_ref["PAT@Example.com"] in {member["id"] for member in members(shop)}
    with tenant_scope(shop.tenant_id):
        assert not unite(shop.tenant_id, 0, 1, product_clock.now())  # the first is Pat, who has signed in
    assert pat == by_ref["pat@example.com"]


def test_a_claim_while_an_import_runs_counts_each_order_once(api: Api, figures: Figures) -> None:
    shop, rows = figures.shop, [(f"R-{n}", "pat@example.com", "2026-01-05", 1, 100, "USD") for n in range(60)]
    code = code_for(api, shop.slug, email="pat@example.com")
    jobs = [figures.send(as_csv(rows))["id"] for _ in range(2)]

    def work(job_id: str) -> None:
        with tenant_scope(shop.tenant_id):
            order_files.work(shop.tenant_id, job_id, product_clock.now())

    claimed = partial(exchange, api, code, shop.slug, email="pat@example.com")
    *_, answer = at_once([*(partial(work, job_id) for job_id in jobs), claimed])
    assert answer.status == 200, answer.text
    figures.roll()
    [member] = members(shop)
    assert (member["claimed"], member["id"]) == (True, answer.json["principal"]["id"])
    assert totals(figures) == {"members": 1, "active_members": 1, "new_members": 1, "orders": 60}


def test_activity_is_noted_for_whom_the_history_belongs_to_by_then(of_before: Figures) -> None:
    tenant_id = of_before.shop.tenant_id
    with tenant_scope(tenant_id):
        read = members_by_ordinal(tenant_id, [0, 1])
        assert unite(tenant_id, 1, 0, product_clock.now())
        note_active(read, {1: OrderDays(date(2026, 1, 2), date(2026, 5, 1), joins=True)})
        [stays] = members_by_ordinal(tenant_id, [0])
    assert (stays.last_active_on, stays.joined_on) == (date(2026, 5, 1), date(2026, 1, 2))


def test_an_earlier_first_day_of_another_import_keeps_no_later_last_day_away(of_before: Figures) -> None:
    tenant_id = of_before.shop.tenant_id
    with tenant_scope(tenant_id):
        read = members_by_ordinal(tenant_id, [0])
        note_activity(tenant_id, {0: OrderDays(date(2025, 12, 1), date(2026, 1, 5), joins=True)})
        note_active(read, {0: OrderDays(date(2026, 1, 2), date(2026, 5, 1), joins=True)})
        [member] = members_by_ordinal(tenant_id, [0])
    assert (member.last_active_on, member.joined_on) == (date(2026, 5, 1), date(2025, 12, 1))


def test_who_was_selected_for_a_campaign_is_so_when_their_history_is_anothers(api: Api, of_before: Figures) -> None:
    shop = of_before.shop
    selected = next(each["id"] for each in members(shop) if each["external_ref"] == "PAT@Example.com")
    campaign = shop.campaign(audience={"member_ids": [selected]})
    token = sign_in(api, shop.slug, email="pat@example.com")
    pat = Member(token["principal"]["id"], token["access_token"], "")
    assert shop.order(pat, campaign=campaign).json["code"] == "not_in_audience"
    of_before.import_orders([("R-9", "PAT@Example.com", "2026-03-01", 1, 100, "USD")])
    made(shop.order(pat, campaign=campaign))
