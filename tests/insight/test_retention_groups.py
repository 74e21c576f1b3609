"""Retention by groups of members, by revenue, and by days since each member's own first order, through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.first_orders import by_first_order
from chalicelib.insight.model.slices import Slice
from chalicelib.insight.reports.service import groups
from tests.builders import made
from tests.insight.figures import APRIL, COLUMNS, Figures


def sizes(report: Any) -> dict[str, list[tuple[str, int, list[int]]]]:
    """By group each cohort with its size and counts."""
    return {
        each["group"]: [(row["cohort"], row["size"], [cell["count"] for cell in row["cells"]]) for row in each["rows"]]
        for each in report["groups"]
    }


def ids(figures: Figures) -> dict[str, str]:
    members = made(figures.shop.brand.get("/v1/members?limit=100"), 200)["items"]
    return {each["external_ref"]: each["id"] for each in members if each["external_ref"]}


def listed(figures: Figures, drain: Callable[[], None], title: str, *members: str) -> str:
    """A list of members, as a segment."""
    made_of = made(figures.shop.brand.post("/v1/segments", {"title": title, "kind": "list"}))
    known = ids(figures)
    path = f"/v1/segments/{made_of['id']}/members"
    made(figures.shop.brand.post(path, {"add": [known[each] for each in members]}), 200)
    drain()
    return str(made_of["id"])


class TestGroups:
    def test_each_member_is_of_one_class_as_of_the_last_day(self, rolled: Figures) -> None:
        """On 30 April ann and dan ordered 29 days ago, bob 30, cat 89; dan is 30 days a member, ann longer."""
        report = rolled.report("retention", group_by="class", **APRIL)

        assert sizes(report) == {
            "new": [],
            "active": [("2026-01", 1, [1, 1, 0, 1]), ("2026-03", 1, [1, 1])],
            "dormant": [("2026-01", 2, [2, 0, 1, 0])],
            "churned": [],
        }
        assert (report["overlapping"], report["group_definition"]["name"]) == (False, "retention.by_class")
        assert report["rows"] == rolled.report("retention", **APRIL)["rows"]

    def test_segments_may_overlap_and_one_may_be_asked_for(self, rolled: Figures, drain: Any) -> None:
        some = listed(rolled, drain, "Some", "ann", "bob")
        others = listed(rolled, drain, "Others", "bob", "dan")

        report = rolled.report("retention", group_by="segment", **APRIL)
        assert sizes(report) == {
            some: [("2026-01", 2, [2, 1, 1, 1])],
            others: [("2026-01", 1, [1, 0, 1, 0]), ("2026-03", 1, [1, 1])],
        }
        assert [(each["title"], each["size"]) for each in report["groups"]] == [("Some", 2), ("Others", 2)]
        assert report["overlapping"] is True
        one = rolled.report("retention", group_by="segment", segment_id=some, **APRIL)
        assert sizes(one) == {some: [("2026-01", 2, [2, 1, 1, 1])]}

    def test_a_segment_that_is_deleted_while_it_is_counted_is_refused_by_name(
        self, rolled: Figures, drain: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        some, read = listed(rolled, drain, "Some", "ann"), groups.members_of

        def read_and_deleted(tenant_id: str, segment_id: str) -> int:
            found = read(tenant_id, segment_id)
            assert rolled.shop.brand.call("DELETE", f"/v1/segments/{segment_id}").status in {200, 202, 204}
            return found

        monkeypatch.setattr(groups, "members_of", read_and_deleted)
        for asked in ({}, {"segment_id": some}):
            refused = rolled.ask("retention", group_by="segment", segment_id=some) if asked else None
            refused = refused or rolled.ask("retention", group_by="segment")
            assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "?segment_id")
            monkeypatch.undo()

    def test_tiers_are_those_of_now_and_who_has_none_is_a_group(self, rolled: Figures) -> None:
        tiers = [{"code": "gold", "title": "Gold", "from": 900_000}]
        made(rolled.shop.brand.put("/v1/tiers", {"measure": "spend", "window_months": 12, "tiers": tiers}), 200)
        given = {"tier": "gold", "until_on": "2028-02-28", "reason": "Opening day"}
        made(rolled.shop.brand.put(f"/v1/members/{ids(rolled)['ann']}/tier", given), 200)

        report = rolled.report("retention", group_by="tier", **APRIL)

        assert sizes(report) == {
            "gold": [("2026-01", 1, [1, 1, 0, 1])],
            "none": [("2026-01", 2, [2, 0, 1, 0]), ("2026-03", 1, [1, 1])],
        }
        assert [each["title"] for each in report["groups"]] == ["Gold", None]

    def test_more_members_than_are_read_for_their_tiers_are_refused(
        self, rolled: Figures, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(groups, "MOST_READ", 3)
        refused = rolled.ask("retention", group_by="tier")
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "?group_by")

    def test_a_channel_is_that_of_the_first_order(self, figures: Figures) -> None:
        figures.import_orders(
            [
                ("A-1", "ann", "2026-01-05", 1, 1000, "USD", "shop"),
                ("A-2", "bob", "2026-01-05", 1, 1000, "USD", "moments"),
                ("A-3", "cat", "2026-01-06", 1, 1000, "USD", ""),
                ("A-4", "ann", "2026-02-05", 1, 1000, "USD", "moments"),
                ("A-5", "cat", "2026-02-05", 1, 1000, "USD", "shop"),
            ],
            (*COLUMNS, "channel"),
        )
        figures.roll()

        report = figures.report("retention", group_by="channel", to_on="2026-02-28")

        assert sizes(report) == {
            "moments": [("2026-01", 1, [1, 0])],
            "shop": [("2026-01", 1, [1, 1])],
            "unknown": [("2026-01", 1, [1, 1])],
        }
        assert set(sizes(figures.report("retention", group_by="pickup_point", to_on="2026-02-28"))) == {"unknown"}

    def test_a_file_that_says_unknown_itself_means_the_same_group(self, figures: Figures) -> None:
        rows = [("A-1", "ann", "2026-01-05", 1, 10, "USD", "unknown"), ("A-2", "bob", "2026-01-06", 1, 10, "USD", "")]
        figures.import_orders([*rows, ("A-3", "cat", "2026-01-07", 1, 10, "USD", "shop")], (*COLUMNS, "channel"))
        asked = {"group_by": "channel", "to_on": "2026-01-31"}

        report = figures.report("retention", **asked)

        assert [each["group"] for each in report["groups"]] == ["shop", "unknown"]
        behind = figures.report("retention", members="2026-01:0", group="unknown", **asked)
        assert behind["members_total"] == 2

    def test_the_members_behind_a_cell_of_a_group_are_as_many_as_it_counts(self, rolled: Figures) -> None:
        asked = {"group_by": "class", **APRIL}
        for each in rolled.report("retention", **asked)["groups"]:
            for row in each["rows"]:
                for cell in row["cells"]:
                    address = f"{row['cohort']}:{cell['period']}"
                    named = rolled.report("retention", group=each["group"], members=address, **asked)
                    assert len(named["members"]) == cell["count"]

    def test_a_table_of_groups_has_a_line_for_each_cell_of_each_group(self, rolled: Figures) -> None:
        lines = rolled.ask("retention", group_by="class", format="csv", **APRIL).text.splitlines()

        assert lines[0].startswith("group,title,cohort,size,period")
        assert len(lines) == 1 + 4 + 2 + 4
        assert lines[1].startswith("active,,2026-01,1,0,1,1,")


def test_who_ordered_with_two_values_on_the_first_day_is_in_both() -> None:
    from datetime import date

    first = {date(2026, 1, 5): bitmaps.of({1, 2, 3}), date(2026, 1, 6): bitmaps.of({4})}
    divided = [
        (date(2026, 1, 5), {"a": Slice(ordinals=[1, 2, 9]), "b": Slice(ordinals=[2]), "": Slice(ordinals=[3])}),
        (date(2026, 1, 7), {"a": Slice(ordinals=[4])}),
    ]

    found = by_first_order(first, divided)

    assert {value: set(bitmaps.ordinals(bits)) for value, bits in found.items()} == {"a": {1, 2}, "b": {2}, "": {3, 4}}


class TestRevenue:
    def test_a_cell_has_what_the_cohort_spent_in_the_brands_currency(self, rolled: Figures) -> None:
        """January: 10.00 + 5.05 + 7.00 + 1.00; the order of February is in another currency."""
        report = rolled.report("retention", figure="revenue", **APRIL)

        assert [[cell["revenue"]["amount_minor"] for cell in row["cells"]] for row in report["rows"]] == [
            [2305, 0, 100, 100],
            [100, 100],
        ]
        assert [cell["count"] for cell in report["rows"][0]["cells"]] == [3, 1, 1, 1]
        assert (report["figure"], report["definition"]["name"]) == ("revenue", "retention.revenue")

    def test_the_cells_add_up_to_the_sales_of_the_range(self, rolled: Figures) -> None:
        cells = [
            cell["revenue"]["amount_minor"]
            for row in rolled.report("retention", figure="revenue", unit="day", periods=400, **APRIL)["rows"]
            for cell in row["cells"]
        ]
        assert sum(cells) == rolled.report("summary", **APRIL)["totals"]["gmv"]["amount_minor"]

    def test_members_of_before_the_range_are_in_no_cohort_and_neither_is_what_they_spent(self, rolled: Figures) -> None:
        report = rolled.report("retention", figure="revenue", from_on="2026-02-01", **APRIL)

        assert [[cell["revenue"]["amount_minor"] for cell in row["cells"]] for row in report["rows"]] == [[100, 100]]


class TestDaysSince:
    """Days since the first order: ann 26, 27, 86; bob 85; cat none; dan 1. On 30 April these are 115, 115, 89, 30."""

    @pytest.mark.parametrize(
        ("asked", "average"),
        [
            ({"mode": "on_day_n", "days": "1,27"}, [(1, 4, 1), (27, 4, 1)]),
            ({"mode": "on_or_after_day_n", "days": "27,90"}, [(27, 4, 2), (90, 2, 0)]),
            ({"mode": "within_n_days", "days": "1,30"}, [(1, 4, 1), (30, 4, 2)]),
            ({"mode": "rolling"}, [(0, 4, 4), (1, 3, 0), (2, 3, 2)]),
            ({"mode": "rolling_on_or_after"}, [(0, 4, 4), (1, 3, 2), (2, 3, 2)]),
            ({"mode": "rolling", "window_days": "20", "periods": "1"}, [(0, 4, 4), (1, 3, 1)]),
        ],
    )
    def test_by_hand(self, rolled: Figures, asked: dict[str, str], average: list[tuple[int, int, int]]) -> None:
        found = rolled.report("retention", **asked, **APRIL)

        assert [(each["period"], each["eligible"], each["count"]) for each in found["average"]] == average
        assert found["definition"]["name"] == f"retention.{asked['mode']}"
        address = f"2026-01:{average[1][0]}"
        named = rolled.report("retention", members=address, **asked, **APRIL)["members"]
        assert len(named) == found["rows"][0]["cells"][1]["count"]

    def test_a_cohort_that_has_not_lived_through_a_window_is_incomplete(self, rolled: Figures) -> None:
        cells = rolled.report("retention", mode="rolling", **APRIL)["rows"][1]["cells"]

        assert [(cell["eligible"], cell["complete"]) for cell in cells] == [(1, True), (0, False), (0, False)]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"days": "1,7"}, "?days"),
        ({"mode": "on_day_n", "days": "0"}, "?days"),
        ({"mode": "on_day_n", "days": "soon"}, "?days"),
        ({"mode": "within_n_days", "days": ",".join(str(n) for n in range(1, 60))}, "?days"),
        ({"window_days": "30"}, "?window_days"),
        ({"mode": "rolling", "window_days": "0"}, "?window_days"),
        ({"mode": "rolling", "brackets": "1-3"}, "?brackets"),
        ({"mode": "rolling", "figure": "revenue"}, "?figure"),
        ({"figure": "joy"}, "?figure"),
        ({"group_by": "mood"}, "?group_by"),
        ({"segment_id": "01JABCDEFGHJKMNPQRSTVWXYZ0"}, "?segment_id"),
        ({"group_by": "segment", "segment_id": "01JABCDEFGHJKMNPQRSTVWXYZ0"}, "?segment_id"),
        ({"group": "gold"}, "?group"),
        ({"group_by": "class", "group": "gold", "members": "2026-01:1"}, "?group"),
    ],
)
def test_what_does_not_belong_together_names_its_parameter(
    rolled: Figures, query: dict[str, str], pointer: str
) -> None:
    reply = rolled.ask("retention", **query)

    assert reply.status == 422
    assert pointer in {error["pointer"] for error in reply.json["errors"]}
