"""What one member did and was told, by time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.insight.intake.service import own_events
from chalicelib.insight.intake.service.own_events import Recorded
from chalicelib.insight.timelines.model import Kind
from chalicelib.insight.timelines.service.reading import read_timeline
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import instant
from tests.builders import Member, made
from tests.conftest import Clock
from tests.customer_care import CustomerCare
from tests.insight.figures import as_csv

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"}
_keys = count()


def key() -> dict[str, str]:
    return {"Idempotency-Key": f"said-{next(_keys)}"}


@pytest.fixture
def busy(noon: None, care: CustomerCare, drain: Callable[[], None]) -> CustomerCare:
    """A member who ordered, complained, asked, suggested something and looked around."""

    def all_made() -> None:
        who = care.shop.shopper
        order = made(care.shop.order(who))
        care.clock.advance(minutes=5)
        made(
            care.store(
                "POST", "/complaints", who, json={"text": "Two of the pears were brown", "order_id": order["id"]}
            )
        )
        care.clock.advance(minutes=5)
        asked = {"text": "When do apples come?", "topic": "product"}
        made(care.store("POST", "/enquiries", who, json=asked, headers=key()))
        care.clock.advance(minutes=5)
        made(care.store("POST", "/suggestions", who, json={"text": "Open on Sundays"}, headers=key()))
        care.clock.advance(minutes=5)
        at = product_clock.now()
        looked = [
            {"event_id": f"looked-{n}", "type": kind, "at": instant(at + timedelta(seconds=n))}
            for n, kind in enumerate(("visit", "view", "search"))
        ]
        made(care.store("POST", "/events", who, json={"events": looked}, headers=PHONE), 200)
        drain()

    care.shop.once("a busy member", all_made)
    return care


def timeline(care: CustomerCare, who: Member | None = None, *, token: str = "", **query: Any) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    path = f"/v1/members/{(who or care.shop.shopper).id}/timeline?{asked}"
    return care.brand.call("GET", path, **({"token": token} if token else {}))


def kinds(answer: Any) -> list[str]:
    return [each["kind"] for each in made(answer, 200)["items"]]


def test_all_of_a_member_by_time(busy: CustomerCare) -> None:
    items = made(timeline(busy, limit=100), 200)["items"]
    told = [each for each in items if each["kind"] not in ("message", "points")]
    assert [each["kind"] for each in told] == ["visit", "suggestion", "enquiry", "complaint", "order", "joined"]
    assert [each["at"] for each in items] == sorted((each["at"] for each in items), reverse=True)
    visit, suggestion, enquiry, complaint, order, joined = told
    assert (visit["count"], suggestion["text"], enquiry["text"]) == (3, "Open on Sundays", "When do apples come?")
    assert complaint["about"] == {"type": "order", "id": order["id"]}
    assert order["amount"] == {"amount_minor": 900, "currency": "CNY"}
    assert joined["on"] is not None
    assert "message" in [each["kind"] for each in items]


def test_pages_follow_each_other_though_others_come_meanwhile(busy: CustomerCare) -> None:
    whole = made(timeline(busy, limit=100), 200)["items"]
    seen: list[Any] = []
    cursor = None
    for _ in range(len(whole)):
        page = made(timeline(busy, limit=2, **({"cursor": cursor} if cursor else {})), 200)
        seen += page["items"]
        cursor = page["next_cursor"]
        if len(seen) == 2:
            made(busy.store("POST", "/suggestions", busy.shop.shopper, json={"text": "And one more"}, headers=key()))
        if cursor is None:
            break
    assert [(each["kind"], each["id"]) for each in seen] == [(each["kind"], each["id"]) for each in whole]


def test_one_kind_alone_and_a_kind_that_there_is_not(busy: CustomerCare) -> None:
    assert kinds(timeline(busy, kind="enquiry")) == ["enquiry"]
    refused = timeline(busy, kind="shoe")
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "?kind")


def test_a_role_sees_what_it_may_read_elsewhere(busy: CustomerCare) -> None:
    analyst = busy.shop.team_token("analyst")
    seen = set(kinds(timeline(busy, token=analyst, limit=100)))
    assert {"visit", "order", "joined"} <= seen
    assert seen.isdisjoint({"complaint", "enquiry", "suggestion", "message", "after_sale"})
    assert timeline(busy, token=analyst, kind="complaint").status == 403
    editor = set(kinds(timeline(busy, token=busy.shop.team_token("editor"), limit=100)))
    assert editor.isdisjoint({"order", "visit"})
    assert timeline(busy, token=busy.shop.shopper.token).status in (401, 403)


def test_days_in_the_shop_are_not_shown_of_who_objects_to_figures(busy: CustomerCare) -> None:
    body = {"consent": {"analytics": False}}
    made(busy.store("PATCH", "/me", busy.shop.shopper, json=body), 200)
    assert "visit" not in kinds(timeline(busy, limit=100))


def test_one_kind_is_found_however_much_of_another_lies_before_it(care: CustomerCare, noon: None) -> None:
    who, now = care.shop.shopper, product_clock.now()
    days = [(on, n) for on in range(1, 6) for n in range(2)]
    looked = [
        {"event_id": f"often-{on}-{n}", "type": "view", "at": instant(now - timedelta(days=on, seconds=n))}
        for on, n in days
    ]
    made(care.store("POST", "/events", who, json={"events": looked}, headers=PHONE), 200)
    answered = [
        *(Recorded("survey", f"s-{n}", 1, who.id, now - timedelta(days=3, minutes=n)) for n in range(5)),
        Recorded("survey", "long-ago", 1, who.id, now - timedelta(days=200)),
    ]
    with tenant_scope(care.shop.tenant_id):
        own_events.record(care.shop.tenant_id, answered, now)
    for limit in (1, 2, 3, 5, 6):
        assert _all_of(care, "survey", limit) == ["survey"] * 6, limit
        assert _all_of(care, "visit", limit) == ["visit"] * 5, limit


def _all_of(care: CustomerCare, kind: str, limit: int) -> list[str]:
    seen: list[str] = []
    cursor = None
    for _ in range(20):
        page = made(timeline(care, kind=kind, limit=limit, **({"cursor": cursor} if cursor else {})), 200)
        seen += [each["kind"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    return seen


def test_imported_orders_stand_on_their_day_and_belong_to_whom_the_member_became(
    care: CustomerCare, clock: Clock, drain: Callable[[], None]
) -> None:
    rows = [(f"R-{n}", "C-1", f"2024-0{1 + n}-15", 1, 100 + n, "CNY") for n in range(4)]
    made(care.brand.post("/v1/imports", {"kind": "orders", "csv": as_csv(rows)}), 202)
    drain()
    [member] = made(care.brand.get("/v1/members?external_ref=C-1"), 200)["items"]
    whose = Member(member["id"], "", "")
    whole = made(timeline(care, whose, limit=100), 200)["items"]
    assert [(each["kind"], each["on"]) for each in whole] == [
        *(("purchase", f"2024-0{n}-15") for n in (4, 3, 2)), ("purchase", "2024-01-15"), ("joined", "2024-01-15")
    ]  # fmt: skip
    assert whole[0]["at"] == "2024-04-14T16:00:00Z"
    first = made(timeline(care, whose, limit=3, kind="purchase"), 200)
    rest = made(timeline(care, whose, limit=3, kind="purchase", cursor=first["next_cursor"]), 200)
    assert [each["id"] for each in (*first["items"], *rest["items"])] == ["R-3", "R-2", "R-1", "R-0"]
    assert rest["next_cursor"] is None


def test_another_brands_member_has_no_timeline_here(busy: CustomerCare, new_care: Callable[..., CustomerCare]) -> None:
    assert timeline(new_care(), busy.shop.shopper).status == 404


def test_a_page_costs_one_request_a_source_however_long_the_lists(busy: CustomerCare) -> None:
    def cost() -> int:
        with tenant_scope(busy.id), metered() as meter:
            read_timeline(busy.id, busy.shop.shopper.id, list(Kind), 2, None, product_clock.now())
        return meter.reads

    before = cost()
    for n in range(4):
        made(busy.store("POST", "/suggestions", busy.shop.shopper, json={"text": f"Idea {n}"}, headers=key()))
    assert cost() == before
    assert before <= 30, "member, brand, eleven lists, and a year of events in three pieces"
