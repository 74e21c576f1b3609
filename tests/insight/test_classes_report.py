"""Classes and RFM over HTTP: by hand, as of any day, with the members behind each count."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.db import Transaction, metered, tenant_scope
from chalicelib.insight.activity.service.leaves import note_leave
from chalicelib.insight.model import bitmaps, spending
from chalicelib.insight.model.classes import classes_on, crossings
from chalicelib.insight.model.figures import Activity
from chalicelib.insight.model.periods import a_month_before
from chalicelib.insight.model.rfm import cuts, scores
from chalicelib.insight.reports.service.classes import classes
from chalicelib.kernel import clock as product_clock
from chalicelib.members.model.classes import MemberClass, Thresholds, class_of
from chalicelib.members.service.members import members_by_ordinal
from tests.builders import made
from tests.insight.figures import Figures

# First and last days as in the README's definitions, seen from 30 April 2026.
ROWS = [
    ("A-1", "ann", "2026-01-05", 1, 1000, "USD"),
    ("A-2", "ann", "2026-04-15", 1, 500, "USD"),
    ("A-3", "ann", "2026-04-15", 1, 250, "USD"),
    ("B-1", "bob", "2026-01-05", 2, 505, "USD"),
    ("B-2", "bob", "2026-03-01", 1, 100, "EUR"),
    ("C-1", "cat", "2026-01-30", 1, 700, "USD"),
    ("D-1", "dan", "2026-04-02", 1, 100, "USD"),
    ("E-1", "eve", "2026-04-01", 1, 100, "USD"),
    ("F-1", "fay", "2026-01-31", 1, 100, "USD"),
]
APRIL = "2026-04-30"


@pytest.fixture
def ordered(figures: Figures) -> Figures:
    def made_once() -> None:
        figures.import_orders(ROWS)
        figures.roll()

    figures.shop.once("classes by hand, rolled up", made_once)
    return figures


def counts(figures: Figures, as_of: str) -> dict[str, int]:
    return {each["class"]: each["count"] for each in figures.report("classes", as_of=as_of)["rows"]}


def table(figures: Figures, report: str, **query: str) -> list[dict[str, str]]:
    text = figures.ask(report, format="csv", **query).text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


class TestClasses:
    def test_each_member_is_of_one_class_by_their_first_and_last_day(self, ordered: Figures) -> None:
        # ann 15 days quiet; bob 60; cat 90; dan joined 28 days before, eve 29; fay 89 days quiet.
        report = ordered.report("classes", as_of=APRIL)
        assert counts(ordered, APRIL) == {"new": 2, "active": 1, "dormant": 2, "churned": 1}
        assert (report["to_on"], report["total"], report["complete"]) == (APRIL, 6, True)
        assert [row["share"] for row in report["rows"]] == ["0.333333", "0.166667", "0.333333", "0.166667"]
        assert "below 30" in report["definition"]["text"]

    def test_a_past_day_sees_nothing_that_came_later(self, ordered: Figures) -> None:
        assert counts(ordered, "2026-01-04") == {"new": 0, "active": 0, "dormant": 0, "churned": 0}
        assert counts(ordered, "2026-02-03") == {"new": 4, "active": 0, "dormant": 0, "churned": 0}
        assert counts(ordered, "2026-02-04") == {"new": 2, "active": 0, "dormant": 2, "churned": 0}
        assert counts(ordered, "2026-03-01") == {"new": 1, "active": 1, "dormant": 2, "churned": 0}

    def test_the_change_is_since_the_same_day_a_month_before(self, ordered: Figures) -> None:
        report = ordered.report("classes", as_of=APRIL)
        before = counts(ordered, "2026-03-30")
        assert report["before_on"] == "2026-03-30"
        assert {row["class"]: row["count_before"] for row in report["rows"]} == before
        assert all(row["change"] == row["count"] - row["count_before"] for row in report["rows"])

    def test_the_members_behind_a_class_come_page_by_page_as_many_as_it_counts(self, ordered: Figures) -> None:
        first = ordered.report("classes", as_of=APRIL, members="dormant", limit="1")
        second = ordered.report("classes", as_of=APRIL, members="dormant", limit="1", cursor=first["next_cursor"])
        assert [each["external_ref"] for page in (first, second) for each in page["members"]] == ["bob", "fay"]
        assert second["next_cursor"] is None
        refused = ordered.shop.brand.get("/v1/reports/classes?members=gone")
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "?members")

    def test_a_brands_own_days_part_the_classes_of_every_day(self, ordered: Figures) -> None:
        wanted = {"new_days": 29, "dormant_days": 15, "churned_days": 60}
        made(ordered.shop.brand.put("/v1/member-classes", wanted), 200)
        assert counts(ordered, APRIL) == {"new": 1, "active": 0, "dormant": 2, "churned": 3}
        assert "below 29" in ordered.report("classes", as_of=APRIL)["definition"]["text"]

    def test_who_has_left_is_churned_from_that_day_until_they_are_back(self, ordered: Figures) -> None:
        tenant_id, noon = ordered.shop.tenant_id, datetime(2026, 4, 20, 16, tzinfo=UTC)

        def note(left_at: datetime | None, now: datetime) -> None:
            with tenant_scope(tenant_id):
                [ann] = members_by_ordinal(tenant_id, [0])
                ann.left_at = left_at
                tx = Transaction()
                tx.replace("member", ann)
                tx.commit()
                for _ in range(2):  # the message may come twice
                    note_leave(tenant_id, ann.id, now)

        note(noon, noon)
        assert counts(ordered, APRIL) == {"new": 2, "active": 0, "dormant": 2, "churned": 2}
        assert counts(ordered, "2026-04-19")["churned"] == 0
        behind = ordered.report("classes", as_of=APRIL, members="churned")["members"]
        assert [each["external_ref"] for each in behind] == ["ann", "cat"]
        note(None, noon + timedelta(days=5))
        assert counts(ordered, APRIL) == {"new": 2, "active": 1, "dormant": 2, "churned": 1}
        assert counts(ordered, "2026-04-24")["churned"] == 1

    def test_the_reads_do_not_grow_with_the_members(self, ordered: Figures) -> None:
        def reads() -> int:
            with tenant_scope(ordered.shop.tenant_id), metered() as meter:
                classes(ordered.shop.tenant_id, date(2026, 4, 20), product_clock.now())
            return meter.reads

        few = reads()
        ordered.import_orders([(f"M-{n}", f"m{n}", "2026-04-15", 1, 100, "USD") for n in range(200)])
        ordered.roll()
        # The brand, how far it is rolled, what waits, the months, who left by two days; the days of up to seven months.
        assert (reads(), few) == (few, few)
        assert few <= 6 + 7

    def test_as_a_file_it_has_the_same_rows(self, ordered: Figures) -> None:
        text = table(ordered, "classes", as_of=APRIL)
        assert [row["class"] for row in text] == ["new", "active", "dormant", "churned"]
        assert [row["count"] for row in text] == ["2", "1", "2", "1"]


class TestRfm:
    def test_scores_follow_from_who_is_strictly_worse_and_ties_share_them(self, ordered: Figures) -> None:
        # Values (last, days, spent): ann 04-15/2/1750 bob 03-01/2/505 cat 01-30/1/700 dan 04-02/1/100 eve 04-01/1/100
        # fay 01-31/1/100. Worse of 6 in recency: cat 0, fay 1, bob 2, eve 3, dan 4, ann 5.
        report = ordered.report("rfm", as_of=APRIL)
        found = {(row["r"], row["f"], row["m"]): row["count"] for row in report["rows"]}
        assert found == {
            (5, 4, 5): 1,  # ann
            (2, 4, 3): 1,  # bob: his euros are not added
            (1, 1, 4): 1,  # cat
            (4, 1, 1): 1,  # dan
            (3, 1, 1): 1,  # eve
            (1, 1, 1): 1,  # fay
        }
        assert report["total"] == 6
        cut = report["cut_points"]
        assert cut["frequency"] == [
            {"score": 1, "least": 1, "most": 1, "count": 4}, {"score": 4, "least": 2, "most": 2, "count": 2},
        ]  # fmt: skip
        assert [each["score"] for each in cut["recency"]] == [1, 2, 3, 4, 5]
        assert cut["recency"][0] == {"score": 1, "from_on": "2026-01-30", "to_on": "2026-01-31", "count": 2}
        assert cut["monetary"][0]["most"] == {"amount_minor": 100, "currency": "USD"}

    def test_only_what_was_ordered_in_the_days_asked_for_counts(self, ordered: Figures) -> None:
        assert ordered.report("rfm", as_of="2026-02-28")["total"] == 4
        assert ordered.report("rfm", from_on="2026-04-01", as_of=APRIL)["total"] == 3
        assert ordered.report("rfm", as_of="2026-01-04")["rows"] == []

    def test_members_of_some_classes_are_scored_among_themselves(self, ordered: Figures) -> None:
        report = ordered.report("rfm", as_of=APRIL, of_class="churned,dormant")
        assert (report["total"], report["of_class"]) == (3, ["dormant", "churned"])
        refused = ordered.shop.brand.get("/v1/reports/rfm?of_class=gone")
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "?of_class")

    def test_the_members_behind_a_cell_are_those_it_counts(self, ordered: Figures) -> None:
        page = ordered.report("rfm", as_of=APRIL, members="5:4:5")
        assert [each["external_ref"] for each in page["members"]] == ["ann"]
        assert ordered.report("rfm", as_of=APRIL, members="5:5:5")["members"] == []
        any_value = ordered.report("rfm", as_of=APRIL, members="5:4:*")["members"]
        rows = ordered.report("rfm", as_of=APRIL)["rows"]
        assert len(any_value) == sum(row["count"] for row in rows if (row["r"], row["f"]) == (5, 4)) > 0
        refused = ordered.shop.brand.get("/v1/reports/rfm?members=6:1:1")
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "?members")
        backwards = ordered.shop.brand.get(f"/v1/reports/rfm?from_on=2026-05-01&as_of={APRIL}")
        assert (backwards.status, backwards.json["errors"][0]["pointer"]) == (422, "?from_on")

    def test_an_order_that_is_recorded_later_moves_the_scores_after_the_next_rollup(self, ordered: Figures) -> None:
        ordered.import_orders([("C-2", "cat", "2026-04-20", 1, 5000, "USD")])
        ordered.roll()
        page = ordered.report("rfm", as_of=APRIL, members="5:3:5")
        assert [each["external_ref"] for each in page["members"]] == ["cat"]

    def test_as_a_file_it_has_the_same_rows(self, ordered: Figures) -> None:
        assert {row["count"] for row in table(ordered, "rfm", as_of=APRIL)} == {"1"}


@given(st.dictionaries(st.integers(0, 300), st.lists(st.integers(0, 400), min_size=1, max_size=6), max_size=40),
       st.integers(1, 120), st.integers(1, 120), st.integers(1, 120))  # fmt: skip
def test_classes_from_days_are_those_of_each_member(
    members: dict[int, list[int]], new: int, dormant: int, more: int
) -> None:
    begin, on = date(2025, 1, 1), date(2025, 11, 1)
    days = {ordinal: [begin + timedelta(days=n) for n in ordered] for ordinal, ordered in members.items()}
    thresholds = Thresholds(new, dormant, dormant + more)

    class Ordered:
        def members_between(self, from_on: date, to_on: date) -> int:
            return bitmaps.of(n for n, each in days.items() if any(from_on <= day <= to_on for day in each))

        def members_before(self, before: date) -> int:
            return bitmaps.of(n for n, each in days.items() if any(day < before for day in each))

    found = classes_on(on, thresholds, Ordered())
    for ordinal, all_days in days.items():
        known = [day for day in all_days if day <= on]
        expected = class_of(min(known), max(known), on, thresholds) if known else None
        assert [each for each, bits in found.items() if bits >> ordinal & 1] == ([expected] if expected else [])


def test_who_has_left_is_churned_and_who_took_part_is_not_quiet() -> None:
    class Days:
        def __init__(self, members: int) -> None:
            self.members = members

        def members_between(self, from_on: date, to_on: date) -> int:
            return self.members

        def members_before(self, on: date) -> int:
            return 0b0111

    nobody, on = Days(0), date(2026, 4, 30)
    plain = classes_on(on, Thresholds(), nobody, left=0b1010)
    assert (plain[MemberClass.CHURNED], plain[MemberClass.NEW]) == (0b1111, 0)
    taking_part = classes_on(on, Thresholds(), nobody, took_part=Days(0b1100), left=0b0010)
    assert (taking_part[MemberClass.ACTIVE], taking_part[MemberClass.CHURNED]) == (0b0100, 0b0011)


def test_a_crossing_is_of_who_was_of_another_class() -> None:
    before = {MemberClass.NEW: 0b001, MemberClass.ACTIVE: 0b010, MemberClass.DORMANT: 0, MemberClass.CHURNED: 0}
    after = {MemberClass.NEW: 0b100, MemberClass.ACTIVE: 0b001, MemberClass.DORMANT: 0b010, MemberClass.CHURNED: 0}
    assert crossings(before, after) == {
        MemberClass.NEW: 0, MemberClass.ACTIVE: 0b001, MemberClass.DORMANT: 0b010, MemberClass.CHURNED: 0,
    }  # fmt: skip


def test_a_score_needs_no_order_and_a_score_that_nobody_has_is_left_out() -> None:
    assert scores({10: 1, 20: 1, 30: 1, 40: 1, 50: 1}) == {10: 1, 20: 2, 30: 3, 40: 4, 50: 5}
    assert scores({1: 6, 2: 2, 3: 2}) == {1: 1, 2: 4, 3: 5}
    assert scores({7: 3}) == {7: 1}
    assert [(each.score, each.worst, each.best, each.count) for each in cuts({1: 2, 2: 4, 3: 2, 4: 2})] == [
        (1, 1, 1, 2), (2, 2, 2, 4), (4, 3, 3, 2), (5, 4, 4, 2),
    ]  # fmt: skip
    assert (scores({}), cuts({})) == ({}, [])


def test_what_was_spent_on_a_day_is_packed_the_same_in_any_order() -> None:
    far = spending.CHUNK_MEMBERS + 5
    of_three = [Activity(3, 100, "USD", 1), Activity(3, 50, "USD", 1), Activity(3, 9, "EUR", 1)]
    orders = [*of_three, Activity(far, 70, "USD", 1)]
    packed = spending.pack(spending.day_spend(orders))
    assert packed == spending.pack(spending.day_spend(orders[::-1]))
    assert sorted(packed) == [0, 1]
    assert spending.unpack(packed[0]).amounts == {"EUR": {3: 9}, "USD": {3: 150}}
    assert spending.unpack(packed[1]).amounts == {"USD": {far: 70}}
    assert spending.digest(packed) != spending.digest({0: packed[0]})


@pytest.mark.parametrize(
    ("on", "before"), [("2026-04-30", "2026-03-30"), ("2026-03-31", "2026-02-28"), ("2026-01-15", "2025-12-15")]
)
def test_a_month_before(on: str, before: str) -> None:
    assert a_month_before(date.fromisoformat(on)) == date.fromisoformat(before)
