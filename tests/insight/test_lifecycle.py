"""The lifecycle report: a case by hand in the pure part, and through the API."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.lifecycle import Change, lifecycle
from tests.builders import made
from tests.insight.figures import APRIL, Figures

ROWS = ("period", "active", "new", "retained", "resurrected", "lost", "complete")
COUNTS = ROWS[1:-1]


def table(figures: Figures, **query: Any) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in ROWS) for row in figures.report("lifecycle", **query)["rows"]]


def test_each_member_is_one_thing_in_a_period() -> None:
    """1 leaves and comes back, 2 stays, 3 is new and lost, 4 ordered long before and comes back."""
    active = {9: bitmaps.of({1, 2}), 10: bitmaps.of({2, 3}), 11: bitmaps.of({1, 2, 4}), 13: bitmaps.of({2})}

    rows = lifecycle(active, 10, 13, earlier=bitmaps.of({1, 2, 4}))

    assert [[row.count(change) for change in Change] for row in rows] == [
        # active, new, retained, resurrected, lost
        [2, 1, 1, 0, 1],
        [3, 0, 1, 2, 1],
        [0, 0, 0, 0, 3],  # a quiet period is a row of its own, not left out
        [1, 0, 0, 1, 0],
    ]
    assert list(bitmaps.ordinals(rows[1].members[Change.RESURRECTED])) == [1, 4]
    assert list(bitmaps.ordinals(rows[0].members[Change.LOST])) == [1]


def test_the_months_of_the_case_by_hand(rolled: Figures) -> None:
    assert table(rolled, **APRIL) == [
        ("2026-01", 3, 3, 0, 0, 0, True),
        ("2026-02", 1, 0, 1, 0, 2, True),
        ("2026-03", 2, 1, 0, 1, 1, True),
        ("2026-04", 2, 0, 1, 1, 1, True),
    ]


def test_from_on_counts_its_period_whole_and_knows_those_before(rolled: Figures) -> None:
    report = rolled.report("lifecycle", from_on="2026-02-20", **APRIL)

    assert report["from_on"] == "2026-02-01"
    assert [row["period"] for row in report["rows"]] == ["2026-02", "2026-03", "2026-04"]
    assert table(rolled, from_on="2026-02-20", **APRIL) == table(rolled, **APRIL)[1:]


def test_a_running_period_keeps_its_value_and_says_so(rolled: Figures) -> None:
    last = rolled.report("lifecycle", to_on="2026-02-15")["rows"][-1]

    assert (last["period"], last["active"], last["complete"]) == ("2026-02", 1, False)


def test_the_members_behind_each_cell_are_as_many_as_it_counts(rolled: Figures) -> None:
    for row in rolled.report("lifecycle", **APRIL)["rows"]:
        for change in COUNTS:
            named = rolled.report("lifecycle", members=f"{row['period']}:{change}", **APRIL)
            assert len(named["members"]) == row[change]
    back = rolled.report("lifecycle", members="2026-03:resurrected", **APRIL)["members"]
    assert [each["external_ref"] for each in back] == ["bob"]


def test_weeks_begin_on_the_brands_weekday_at_once(rolled: Figures) -> None:
    """31 January 2026 is a Saturday and 1 February a Sunday: one week from Monday on, two from Sunday on."""
    asked = {"unit": "week", "from_on": "2026-01-26", "to_on": "2026-02-07"}
    monday = table(rolled, **asked)
    made(rolled.shop.brand.put("/v1/price-rules", {"week_begins": "sun"}), 200)
    sunday = table(rolled, **asked)

    assert [row[:3] for row in monday] == [("2026-W05", 2, 1), ("2026-W06", 0, 0)]
    assert [row[:3] for row in sunday] == [("2026-W05", 2, 1), ("2026-W06", 1, 0)]
    assert rolled.report("lifecycle", **asked)["week_begins"] == 6
    assert rolled.report("lifecycle", **APRIL)["week_begins"] is None
    by_week = rolled.report("summary", by="week", from_on="2026-01-26", to_on="2026-02-07")["rows"]
    assert [(row["group"], row["orders"], row["from_on"]) for row in by_week] == [
        ("2026-W05", 2, "2026-01-26"),
        ("2026-W06", 1, "2026-02-01"),
    ]
    compared = rolled.report("summary", from_on="2026-02-01", to_on="2026-02-07", compare="previous")["compared"]
    assert (compared["before_from_on"], compared["before_to_on"]) == ("2026-01-25", "2026-01-31")
    running = rolled.report("summary", from_on="2028-01-09", to_on="2028-01-15", compare="previous")["compared"]
    assert (running["to_on"], running["before_from_on"]) == ("2028-01-09", "2028-01-02")
    weeks = rolled.cells(unit="week", periods=1, to_on="2026-02-28")
    assert weeks["2026-W05", 1] == (1, 0)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"unit": "year"}, "?unit"),
        ({"members": "2026-03"}, "?members"),
        ({"members": "2026-03:gone"}, "?members"),
        ({"from_on": "1990-01-01", "unit": "day"}, "?from_on"),
        ({"from_on": "2026-02-01", "to_on": "2026-01-01"}, "?to_on"),
    ],
)
def test_a_question_that_makes_no_sense_names_its_parameter(
    rolled: Figures, query: dict[str, str], pointer: str
) -> None:
    reply = rolled.ask("lifecycle", **query)

    assert reply.status == 422
    assert pointer in {error["pointer"] for error in reply.json["errors"]}


def test_a_brand_without_orders_has_no_rows(figures: Figures) -> None:
    assert table(figures) == []
