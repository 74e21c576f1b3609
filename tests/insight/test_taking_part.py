"""Taking part counts as activity where the brand says so: in a member's class, and in classes as of any day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.activity.service import taking_part
from chalicelib.insight.records import TookPartRecord
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.records import MemberRecord
from chalicelib.members.service import members as members_service
from chalicelib.members.service.members import members_by_ordinal
from tests.builders import made
from tests.conftest import Clock
from tests.customer_care import CustomerCare
from tests.insight.figures import Figures

# It is 10 January 2028, ten o'clock: ann has been quiet for 40 days, bob for 100, cat is new.
ROWS = [
    ("A-1", "ann", "2027-08-01", 1, 100, "USD"),
    ("A-2", "ann", "2027-12-01", 1, 100, "USD"),
    ("B-1", "bob", "2027-10-02", 1, 100, "USD"),
    ("C-1", "cat", "2028-01-05", 1, 100, "USD"),
]
ANN, BOB = 0, 1


@pytest.fixture
def ordered(figures: Figures) -> Figures:
    def made() -> None:
        figures.import_orders(ROWS)
        figures.roll()

    figures.shop.once("taking part, rolled up", made)
    return figures


def counts(figures: Figures, as_of: str) -> dict[str, int]:
    return {row["class"]: row["count"] for row in figures.report("classes", as_of=as_of)["rows"] if row["count"]}


def note(figures: Figures, ordinal: int, *days: str) -> None:
    """As the messages of check-ins would, each of them twice."""
    tenant_id = figures.shop.tenant_id
    with tenant_scope(tenant_id):
        [member] = members_by_ordinal(tenant_id, [ordinal])
        for day in (*days, *days):
            taking_part.note(tenant_id, member.id, date.fromisoformat(day), product_clock.now())


def counting(figures: Figures) -> None:
    answer = made(figures.shop.brand.put("/v1/member-classes", {"taking_part_counts": True}), 200)
    assert answer["taking_part_counts"] is True


def test_a_brand_that_counts_it_sees_it_in_classes_as_of_any_day_also_before_it_did(ordered: Figures) -> None:
    note(ordered, BOB, "2027-12-20", "2027-11-30")  # the later day is heard of first
    note(ordered, ANN, "2028-01-09")
    ordered.roll()
    before = ordered.report("classes", as_of="2028-01-09")

    assert counts(ordered, "2028-01-09") == {"dormant": 1, "churned": 1, "new": 1}
    counting(ordered)
    assert counts(ordered, "2028-01-09") == {"active": 2, "new": 1}
    assert counts(ordered, "2028-01-08") == {"active": 1, "dormant": 1, "new": 1}
    assert counts(ordered, "2027-12-19") == {"active": 2}
    assert counts(ordered, "2027-11-29") == {"dormant": 1, "churned": 1}
    after = ordered.report("classes", as_of="2028-01-09")
    assert "checked in counts" in after["definition"]["text"]
    assert "checked in" not in before["definition"]["text"]
    assert after["revision"] > before["revision"]
    scored = ordered.report("rfm", as_of="2028-01-09", of_class="active")
    assert scored["total"] == 2


def test_it_makes_nobody_a_buyer_nor_active_in_retention(ordered: Figures) -> None:
    cells = ordered.cells(to_on="2028-01-09")
    note(ordered, BOB, "2028-01-09")
    ordered.roll()
    assert ordered.cells(to_on="2028-01-09") == cells


def test_the_members_class_moves_with_it_and_an_event_says_so(
    ordered: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    emit = MemberRecord.emit

    def noted(self: MemberRecord, event_type: str, now: datetime, **data: object) -> None:
        told.append((event_type, data.get("to"), data.get("ordinals")))
        emit(self, event_type, now, **data)

    monkeypatch.setattr(MemberRecord, "emit", noted)
    note(ordered, BOB, "2028-01-09")
    assert told == []
    counting(ordered)
    note(ordered, ANN, "2028-01-10", "2028-01-08")
    assert told == [(members_service.CLASS_CHANGED, "active", [ANN])]
    with tenant_scope(ordered.shop.tenant_id):
        [ann] = members_by_ordinal(ordered.shop.tenant_id, [ANN])
    assert ann.took_part_on == date(2028, 1, 10)
    listed = made(ordered.shop.brand.get("/v1/members?class=active"), 200)["items"]
    assert sorted(each["external_ref"] for each in listed) == ["ann", "bob"]


def test_the_night_calls_nobody_quiet_who_took_part(ordered: Figures, clock: Clock, sweep: Callable[[], None]) -> None:
    counting(ordered)
    note(ordered, ANN, "2028-01-10")
    clock.set(datetime(2028, 1, 11, 15, tzinfo=UTC))
    sweep()
    assert counts(ordered, "2028-01-10")["active"] == 1


def test_a_check_in_and_an_answer_are_noted_on_their_local_day(figures: Figures, drain: Callable[[], None]) -> None:
    shop = figures.shop
    made(shop.brand.put("/v1/points-rules", {"rules": [{"action": "check_in", "points": 5}]}), 200)
    made(shop.caller.call("POST", f"{shop.path}/check-ins", token=shop.shopper.token), 201)
    drain()
    with tenant_scope(shop.tenant_id):
        found = list(TookPartRecord.in_days(shop.tenant_id, date(2028, 1, 1), date(2028, 1, 31)))
        member = MemberRecord.at(shop.tenant_id, shop.shopper.id, consistent=True)
    assert member is not None
    assert [(each.on, each.ordinal) for each in found] == [(date(2028, 1, 10), int(member.ordinal))]
    assert member.took_part_on == date(2028, 1, 10)


def test_of_who_has_become_another_it_is_the_others(ordered: Figures) -> None:
    counting(ordered)
    note(ordered, BOB, "2028-01-09")
    ordered.roll()
    tenant_id = ordered.shop.tenant_id
    with tenant_scope(tenant_id):
        assert unite(tenant_id, BOB, ANN, product_clock.now())
        [bob] = members_by_ordinal(tenant_id, [BOB])
        taking_part.note(tenant_id, bob.id, date(2028, 1, 10), product_clock.now())
        [ann] = members_by_ordinal(tenant_id, [ANN])
    ordered.roll()
    assert ann.took_part_on == date(2028, 1, 10)
    assert counts(ordered, "2028-01-09") == {"active": 1, "new": 1}


def test_an_answer_to_a_survey_is_noted_on_the_day_of_the_answer(care: CustomerCare) -> None:
    shopper = care.shop.shopper
    care.collected(shopper)
    care.clock.advance(days=1)
    made(care.answer(care.invitation(shopper), score=5), 201)
    care.drain()
    with tenant_scope(care.id):
        member = MemberRecord.at(care.id, shopper.id, consistent=True)
    assert member is not None
    assert member.took_part_on == local_date(product_clock.now(), zone(care.shop.timezone))
    assert member.last_ordered_on is not None
    assert member.last_ordered_on < member.took_part_on
