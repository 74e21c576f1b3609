"""When and how regularly members order: cases by hand in the pure part and through the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.db import tenant_scope
from chalicelib.insight.model import bitmaps, spending
from chalicelib.insight.model.figures import Activity
from chalicelib.insight.model.heatmap import DayKind, Slot, best_slots, kind_of
from chalicelib.insight.model.periodicity import (
    Bucket,
    Due,
    Spread,
    occasions,
    periodicity,
    spread,
)
from chalicelib.insight.model.spending import NO_HOUR
from chalicelib.members.service.members import members_by_ordinal
from tests.builders import made
from tests.insight.figures import COLUMNS, Figures

TIMED = ("order_ref", "member", "ordered_at", "quantity", "amount_minor", "currency")
NOVEMBER = {"from_on": "2026-10-26", "to_on": "2026-11-08"}

# Instants in New York: Sunday 1 November 2026 has two hours from 01:00 on; Monday 2 November; Tuesday the 3rd.
HOURS = [
    ("H-1", "ann", "2026-11-01T05:30:00Z", 1, 1000, "USD"),  # 01:30, first time
    ("H-2", "ann", "2026-11-01T06:30:00Z", 1, 500, "USD"),  # 01:30, second time
    ("H-3", "bob", "2026-11-02T14:15:00Z", 1, 250, "USD"),  # Monday 09:15
    ("H-4", "bob", "2026-11-02T14:45:00Z", 1, 250, "USD"),  # and 09:45
    ("H-5", "cat", "2026-11-03T04:59:00Z", 1, 700, "EUR"),  # Monday 23:59
    ("H-6", "cat", "2026-11-03T05:00:00Z", 1, 700, "USD"),  # Tuesday 00:00
]


@pytest.fixture
def timed(figures: Figures) -> Figures:
    """Orders with instants, and two of which the day alone is known, rolled up."""

    def once() -> None:
        figures.import_orders(HOURS, TIMED)
        figures.import_orders(
            [("D-1", "dan", "2026-11-03", 1, 100, "USD"), ("D-2", "dan", "2026-11-04", 1, 100, "USD")], COLUMNS
        )
        figures.roll()

    figures.shop.once("orders by hour, rolled up", once)
    return figures


def members(figures: Figures) -> dict[str, str]:
    """The ids of the members by what the files call them."""
    tenant_id = figures.shop.tenant_id
    with tenant_scope(tenant_id):
        return {str(each.external_ref): each.id for each in members_by_ordinal(tenant_id, range(4))}


def cells(report: Any) -> dict[tuple[int, int], tuple[int, int, int]]:
    return {
        (each["weekday"], each["hour"]): (each["orders"], each["members"], each["revenue"]["amount_minor"])
        for each in report["cells"]
        if each["orders"]
    }


class TestHeatmap:
    def test_each_cell_in_local_time_with_a_repeated_hour(self, timed: Figures) -> None:
        report = timed.report("heatmap", **NOVEMBER)

        assert cells(report) == {
            (6, 1): (2, 1, 1500),  # ann twice, once each time: she is one member
            (0, 9): (2, 1, 500),
            (0, 23): (1, 1, 0),  # in another currency
            (1, 0): (1, 1, 700),
        }
        assert [(each["weekday"], each["orders"], each["members"]) for each in report["without_hour"]][1:3] == [
            *((1, 1, 1), (2, 1, 1)),
        ]
        assert (len(report["cells"]), report["days"], report["days_unseen"]) == (168, [2] * 7, 0)

    def test_the_cells_add_up_to_the_range(self, timed: Figures) -> None:
        report, total = timed.report("heatmap", **NOVEMBER), timed.report("summary", **NOVEMBER)["totals"]
        every = [*report["cells"], *report["without_hour"]]
        by_kind = [cell for kind in report["kinds"] for cell in (*kind["cells"], kind["without_hour"])]

        for parts in (every, by_kind):
            assert sum(each["orders"] for each in parts) == total["orders"]
            assert sum(each["revenue"]["amount_minor"] for each in parts) == total["gmv"]["amount_minor"]

    def test_holidays_of_the_brands_calendar_stand_beside_workdays_and_weekends(self, timed: Figures) -> None:
        weekly = {day: [{"from": "09:00", "to": "18:00"}] for day in ("mon", "tue", "wed", "thu", "fri")}
        calendar = {
            "weekly": weekly,
            "holidays": [{"on": "2026-11-02", "title": "Founders"}],
            "workdays": [{"on": "2026-11-01", "hours": [{"from": "09:00", "to": "18:00"}]}],
        }
        made(timed.shop.brand.put("/v1/business-calendar", calendar), 200)

        kinds = {each["kind"]: each for each in timed.report("heatmap", **NOVEMBER)["kinds"]}

        assert {kind: each["days"] for kind, each in kinds.items()} == {"workday": 10, "weekend": 3, "holiday": 1}
        assert kinds["holiday"]["cells"][9]["orders"] == 2
        assert kinds["workday"]["cells"][1]["orders"] == 2
        assert [each["external_ref"] for each in self.behind(timed, "holiday:9")] == ["bob"]

    @staticmethod
    def behind(figures: Figures, cell: str) -> Any:
        return figures.report("heatmap", members=cell, **NOVEMBER)["members"]

    def test_the_members_behind_each_cell_are_as_many_as_it_counts(self, timed: Figures) -> None:
        for (weekday, hour), (_, members, _) in cells(timed.report("heatmap", **NOVEMBER)).items():
            assert len(self.behind(timed, f"{weekday}:{hour}")) == members
        assert [each["external_ref"] for each in self.behind(timed, "1:unknown")] == ["dan"]

    def test_days_of_before_hours_were_kept_show_no_members_and_say_so(
        self, figures: Figures, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def without_hours(orders: Any) -> spending.Spend:
            return spending.Spend({"USD": {each.ordinal: 1 for each in orders}})

        with monkeypatch.context() as before:
            before.setattr(spending, "day_spend", without_hours)
            figures.import_orders(HOURS, TIMED)
            figures.roll()
        report = figures.report("heatmap", **NOVEMBER)
        assert (report["days_unseen"], {each["members"] for each in report["cells"]}) == (3, {None})
        assert figures.ask("heatmap", members="0:9", **NOVEMBER).status == 422

        figures.roll()
        assert figures.report("heatmap", **NOVEMBER)["days_unseen"] == 0


@pytest.mark.parametrize(
    ("report", "query", "pointer"),
    [
        ("heatmap", {"members": "7:3"}, "?members"),
        ("heatmap", {"members": "0:24"}, "?members"),
        ("heatmap", {"members": "monday"}, "?members"),
        ("heatmap", {"from_on": "2020-01-01"}, "?from_on"),
        ("heatmap", {"from_on": "2026-02-01", "to_on": "2026-01-01"}, "?to_on"),
        ("best-time", {"slot_hours": "13"}, "?slot_hours"),
        ("best-time", {"from_on": "1990-01-01"}, "?from_on"),
        ("periodicity", {"members": "1:due"}, "?members"),
        ("periodicity", {"goods": "colour"}, "?goods"),
    ],
)
def test_a_question_that_makes_no_sense_names_its_parameter(
    timed: Figures, report: str, query: dict[str, str], pointer: str
) -> None:
    reply = timed.ask(report, **query)

    assert reply.status == 422
    assert pointer in {error["pointer"] for error in reply.json["errors"]}


def test_a_moved_workday_counts_before_a_holiday() -> None:
    saturday, monday = date(2026, 10, 10), date(2026, 10, 5)

    assert kind_of(saturday, (), ()) is DayKind.WEEKEND
    assert kind_of(monday, (), ()) is DayKind.WORKDAY
    assert kind_of(monday, {monday}, ()) is DayKind.HOLIDAY
    assert kind_of(saturday, {saturday}, {saturday}) is DayKind.WORKDAY


def test_public_holidays_count_where_the_calendar_names_none(new_figures: Any, clock: Any, noon: None) -> None:
    """A brand in Shanghai without a calendar: 1 to 3 January 2026 are free, Sunday the 4th is worked."""
    figures = new_figures(timezone="Asia/Shanghai", currency="CNY")
    figures.import_orders([("C-1", "ann", "2026-01-02T02:00:00Z", 1, 100, "CNY")], TIMED)
    figures.roll()
    kinds = {
        each["kind"]: (each["days"], each["cells"][10]["orders"])
        for each in figures.report("heatmap", from_on="2026-01-01", to_on="2026-01-07")["kinds"]
    }
    assert kinds == {"holiday": (3, 1), "workday": (4, 0), "weekend": (0, 0)}


class TestBestTime:
    def test_the_slots_with_the_most_orders(self, timed: Figures) -> None:
        report = timed.report("best-time", **NOVEMBER)

        assert [(each["weekday"], each["hour"], each["orders"], each["share"]) for each in report["rows"]] == [
            (0, 9, 2, "0.333333"),
            (6, 1, 2, "0.333333"),
            (0, 23, 1, "0.166667"),
            (1, 0, 1, "0.166667"),
        ]
        assert (report["orders"], report["without_hour"]) == (6, 2)
        assert sum(each["orders"] for each in report["by_hour"]) == 6

    def test_of_a_member_with_too_few_orders_it_is_said_in_words(self, timed: Figures) -> None:
        of_ann = {"member_id": members(timed)["ann"], **NOVEMBER}
        report = timed.report("best-time", **of_ann)

        assert (report["orders"], report["rows"]) == (1, [])  # two orders in the hour that came twice
        assert report["said"].startswith("Too few to tell: in these days this member ordered in 1 hour")
        chinese = {"Accept-Language": "zh"}
        path = f"/v1/reports/best-time?{urlencode(of_ann)}"
        assert "暂无法判断" in made(timed.shop.brand.get(path, headers=chinese), 200)["said"]
        assert timed.ask("best-time", **of_ann, format="svg").status == 404
        of_dan = timed.report("best-time", **{**of_ann, "member_id": members(timed)["dan"]})
        assert (of_dan["orders"], of_dan["without_hour"]) == (0, 2)

    def test_the_best_times_of_one_member_are_their_own(self, timed: Figures) -> None:
        rows = [(f"M-{n}", "ann", f"2026-11-0{n}T14:15:00Z", 1, 100, "USD") for n in range(2, 7)]
        timed.import_orders(rows, TIMED)
        timed.roll()
        of_ann = timed.report("best-time", slot_hours=2, member_id=members(timed)["ann"], **NOVEMBER)

        assert of_ann["said"] is None
        assert (of_ann["orders"], sum(each["orders"] for each in of_ann["rows"])) == (6, 6)
        assert {(each["weekday"], each["hour"]) for each in of_ann["rows"]} == {(day, 8) for day in range(5)} | {(6, 0)}
        everybody = timed.report("best-time", **NOVEMBER)
        assert (everybody["orders"], everybody["member_id"]) == (11, None)

    def test_whoever_is_no_member_is_refused_by_the_field(self, timed: Figures) -> None:
        for member_id in ("01J00000000000000000000000", "ann"):
            refused = timed.ask("best-time", member_id=member_id)
            assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "?member_id")

    def test_a_slot_reaches_past_midnight(self, timed: Figures) -> None:
        (first, *_) = timed.report("best-time", slot_hours=2, **NOVEMBER)["rows"]

        assert (first["weekday"], first["hour"], first["hours"], first["orders"]) == (0, 8, 2, 2)
        pairs = [(row["weekday"], row["hour"], row["orders"]) for row in self.rows(timed)]
        assert (0, 23, 2) in pairs  # cat at 23:59 and at 00:00

    @staticmethod
    def rows(figures: Figures) -> Any:
        return figures.report("best-time", slot_hours=2, **NOVEMBER)["rows"]

    def test_sunday_night_reaches_into_monday_and_no_slot_shares_an_hour(self) -> None:
        slots = best_slots({(6, 23): 3, (0, 0): 2, (0, 1): 4}, 2, 10)

        assert slots == [Slot(0, 0, 6), Slot(6, 22, 3)]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 300), st.integers(-1, 23)), max_size=40))
def test_hours_are_packed_the_same_in_any_order_and_read_back(rows: list[tuple[int, int, int]]) -> None:
    orders = [Activity(ordinal, minor, "USD", 1, hour) for ordinal, minor, hour in rows]

    packed = spending.pack(spending.day_spend(orders))

    assert packed == spending.pack(spending.day_spend(orders[::-1]))
    masks: dict[int, int] = {}
    for each in orders:
        masks[each.ordinal] = masks.get(each.ordinal, 0) | (NO_HOUR if each.hour < 0 else 1 << each.hour)
    known = any(each.hour >= 0 for each in orders)
    found = spending.unpack(packed[0]) if packed else spending.Spend()
    assert found.hours == (masks if known else {})


# Members 1 to 4 over 1 to 31 January 2026: every week; thrice at uneven intervals; twice; once.
DAYS = {1: (1, 8, 15, 22, 29), 2: (1, 2, 12), 3: (10, 30), 4: (31,)}


class TestPeriodicity:
    def test_by_hand(self) -> None:
        days = [(date(2026, 1, day), [who for who, own in DAYS.items() if day in own]) for day in range(1, 32)]

        found = periodicity(occasions(days[::-1]), date(2026, 1, 31))

        assert set(bitmaps.ordinals(found.members)) == {1, 2, 3, 4}
        assert set(bitmaps.ordinals(found.repeating)) == {1, 2, 3}
        # Intervals: 7 7 7 7, 1 10, 20; days: 5, 3, 2, 1.
        assert found.intervals == Spread(7, Decimal("8.428571"), Decimal(7), Decimal(7), Decimal(10))
        assert found.active_days == Spread(4, Decimal("2.750000"), Decimal("1.5"), Decimal("2.5"), Decimal(4))
        assert {bucket.name: count for bucket, count in found.by_interval.items() if count} == {
            "1-3": 1, "4-7": 4, "8-14": 1, "15-30": 1,
        }  # fmt: skip
        # 1: a median of 7, 2 days ago. 2: a median of 5.5, 19 days ago. 3 and 4 have no rhythm of their own.
        assert self.standing(found.rhythms) == {("4-7", Due.NOT_DUE): {1}, ("4-7", Due.OVERDUE): {2}}

    @staticmethod
    def standing(rhythms: dict[tuple[Bucket, Due], int]) -> dict[tuple[str, Due], set[int]]:
        return {(bucket.name, state): set(bitmaps.ordinals(bits)) for (bucket, state), bits in rhythms.items() if bits}

    @given(st.dictionaries(st.integers(1, 60), st.integers(1, 4), min_size=1))
    def test_quartiles_are_those_of_the_sorted_numbers(self, histogram: dict[int, int]) -> None:
        numbers = sorted(number for number, often in histogram.items() for _ in range(often))
        found = spread(histogram)

        assert found is not None
        for share, value in ((0.25, found.lower), (0.5, found.median), (0.75, found.upper)):
            assert sum(number <= value for number in numbers) >= share * len(numbers)
            assert sum(number >= value for number in numbers) >= (1 - share) * len(numbers)

    def test_through_the_api(self, figures: Figures) -> None:
        figures.import_orders(
            [(f"P-{who}-{day}", f"m{who}", f"2026-01-{day:02d}", 1, 100, "USD") for who in DAYS for day in DAYS[who]]
            + [("P-again", "m1", "2026-01-29", 1, 100, "USD")]  # a second order of a day is the same occasion
        )
        figures.roll()
        asked = {"from_on": "2026-01-01", "to_on": "2026-01-31"}

        report = figures.report("periodicity", **asked)

        assert (report["members_ordering"], report["repeating"], report["orders"]) == (4, 3, 12)
        assert report["intervals"]["mean"] == "8.428571"
        # 12 orders in 31 + 31 + 22 + 1 days of membership.
        assert report["orders_per_member_week"] == str((Decimal(12 * 7) / 85).quantize(Decimal("0.000001")))
        row = next(each for each in report["rows"] if each["interval"] == "4-7")
        assert (row["intervals"], row["members"], row["not_due"], row["due"], row["overdue"]) == (4, 2, 1, 0, 1)
        for cell, who in (("4-7:overdue", "m2"), ("*:not_due", "m1"), ("days:2", "m3")):
            named = figures.report("periodicity", members=cell, **asked)["members"]
            assert [each["external_ref"] for each in named] == [who]

    def test_an_empty_range_has_nothing_to_tell(self, figures: Figures) -> None:
        report = figures.report("periodicity")

        assert (report["intervals"], report["orders_per_member_week"], report["members_ordering"]) == (None, None, 0)

    def test_goods_are_due_again_by_what_each_member_ordered_of_them(self, figures: Figures) -> None:
        figures.import_orders(
            [
                *((f"T-{at}", "ann", f"2026-01-{day:02d}", 1, 100, "USD", "tea") for at, day in enumerate((1, 8, 15))),
                ("R-1", "ann", "2026-01-28", 1, 100, "USD", "rice"),
                ("R-2", "bob", "2026-01-28", 1, 100, "USD", "rice"),
            ],
            (*COLUMNS, "category"),
        )
        figures.roll()
        asked = {"from_on": "2026-01-01", "to_on": "2026-01-25", "goods": "category"}

        rows = {each["value"]: each for each in figures.report("periodicity", **asked)["goods"]}

        assert set(rows) == {"tea"}
        assert (rows["tea"]["members"], rows["tea"]["due"], rows["tea"]["intervals"]["median"]) == (1, 1, "7")
        named = figures.report("periodicity", members="tea:due", **asked)["members"]
        assert [each["external_ref"] for each in named] == ["ann"]
        later = figures.report("periodicity", **{**asked, "to_on": "2026-01-31"})["goods"]
        assert [(each["value"], each["members"]) for each in later] == [("rice", 2), ("tea", 1)]
