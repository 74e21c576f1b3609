"""The retention report through the API: shape, windows, cohorts, the members behind a cell."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.local_day import local_date
from tests.insight.figures import APRIL, Figures


def test_every_cell_of_the_case_by_hand(rolled: Figures) -> None:
    on, later = rolled.cells(mode="on", **APRIL), rolled.cells(mode="on_or_after", **APRIL)

    assert [on["2026-01", k] for k in range(4)] == [(3, 3), (3, 1), (3, 1), (3, 1)]
    assert [later["2026-01", k] for k in range(4)] == [(3, 3), (3, 2), (3, 2), (3, 1)]
    assert [on["2026-03", k] for k in range(2)] == [(1, 1), (1, 1)]
    assert len(on) == len(later) == 6


def test_the_answer_has_the_agreed_shape(rolled: Figures) -> None:
    table = rolled.report("retention", unit="month", mode="on", from_on="2026-01-01", **APRIL)

    assert {key: table[key] for key in ("timezone", "unit", "mode", "revision", "from_on", "to_on")} == {
        "timezone": "America/New_York",
        "unit": "month",
        "mode": "on",
        "revision": 4,
        "from_on": "2026-01-01",
        "to_on": "2026-04-30",
    }
    assert (table["definition"]["name"], table["definition"]["version"]) == ("retention.on", 2)
    assert table["rows"][0]["cells"][1] == {
        "period": 1,
        "count": 1,
        "eligible": 3,
        "rate": "0.333333",
        "complete": True,
    }
    assert table["average"][1] == {
        "period": 1,
        "count": 2,
        "eligible": 4,
        "cohorts": 2,
        "rate": "0.500000",
        "simple_rate": "0.666667",
        "complete": True,
    }


def test_without_to_on_the_window_ends_at_the_last_complete_day(rolled: Figures) -> None:
    table = rolled.report("retention")

    yesterday = local_date(clock.now(), clock.zone("America/New_York")).toordinal() - 1
    assert table["to_on"] == table["as_of"] == date.fromordinal(yesterday).isoformat()
    assert [cell["complete"] for cell in table["rows"][0]["cells"][:4]] == [True] * 4
    assert table["rows"][0]["cells"][-1]["complete"] is _is_month_end(date.fromordinal(yesterday))


def test_a_window_that_ends_inside_a_month_sees_only_its_days(rolled: Figures) -> None:
    table = rolled.report("retention", to_on="2026-03-30")

    assert [(cell["count"], cell["complete"]) for cell in table["rows"][0]["cells"]] == [
        *((3, True), (1, True)),
        (0, False),
    ]
    assert [row["cohort"] for row in table["rows"]] == ["2026-01"]


def test_cohorts_begin_at_from_on_and_members_known_before_are_in_none(rolled: Figures) -> None:
    assert set(rolled.cells(from_on="2026-01-06", **APRIL)) == {
        *(("2026-01", k) for k in range(4)),
        *(("2026-03", k) for k in range(2)),
    }
    assert rolled.cells(from_on="2026-01-06", **APRIL)["2026-01", 0] == (1, 1)  # cat alone
    assert {cohort for cohort, _ in rolled.cells(from_on="2026-02-01", **APRIL)} == {"2026-03"}


def test_the_members_behind_a_cell_are_as_many_as_it_counts(rolled: Figures) -> None:
    for mode in ("on", "on_or_after"):
        table = rolled.report("retention", mode=mode, **APRIL)
        for row in table["rows"]:
            for cell in row["cells"]:
                named = rolled.report("retention", mode=mode, members=f"{row['cohort']}:{cell['period']}", **APRIL)
                assert len(named["members"]) == cell["count"]


def test_windows_without_orders_are_empty(rolled: Figures) -> None:
    for asked in ({"from_on": "2999-12-15"}, {"to_on": "1970-01-05"}, {"from_on": "2026-04-15", "to_on": "2026-04-20"}):
        assert rolled.cells(**asked) == {}
        assert rolled.cells(unit="day", mode="on_or_after", **asked) == {}
        assert rolled.cells(mode="bracket", brackets="0-1", **asked) == {}


def test_members_are_named_and_paged(rolled: Figures) -> None:
    asked = {"mode": "on_or_after", "members": "2026-01:1", "limit": 1, **APRIL}
    first = rolled.report("retention", **asked)
    second = rolled.report("retention", cursor=first["next_cursor"], **asked)

    assert [first["members"][0]["external_ref"], second["members"][0]["external_ref"]] == ["ann", "bob"]
    assert second["next_cursor"] is None
    other = rolled.ask("retention", cursor=first["next_cursor"], **{**asked, "members": "2026-01:0"})
    assert (other.status, other.json["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize("members", [{}, {"members": "2026-01:1"}], ids=["without members", "with members"])
def test_a_cursor_of_another_list_is_refused(rolled: Figures, members: dict[str, str]) -> None:
    others = rolled.shop.brand.get("/v1/members?limit=1").json["next_cursor"]

    assert others
    for cursor in (others, "nonsense"):
        refused = rolled.ask("retention", cursor=cursor, **members)
        assert (refused.status, refused.json["code"]) == (400, "bad_cursor")


def test_brackets_and_other_units(rolled: Figures) -> None:
    brackets = rolled.cells(mode="bracket", brackets="1-1,26-60", **APRIL)
    weeks = rolled.cells(unit="week", periods=4, to_on="2026-02-28")
    days = rolled.cells(unit="day", periods=1, **APRIL)

    assert brackets["2026-01", "26-60"] == (3, 1)
    assert weeks["2026-W02", 3] == (2, 1)  # 5 January is in week 2, 31 January in week 5
    assert days["2026-03-31", 1] == (1, 1)
    named = rolled.report("retention", mode="bracket", brackets="26-60", members="2026-01:26-60", **APRIL)
    assert [member["external_ref"] for member in named["members"]] == ["ann"]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"unit": "year"}, "?unit"),
        ({"mode": "sometimes"}, "?mode"),
        ({"mode": "bracket"}, "?brackets"),
        ({"brackets": "1-3"}, "?brackets"),
        ({"mode": "bracket", "brackets": "3-1"}, "?brackets"),
        ({"mode": "bracket", "brackets": "a-b"}, "?brackets"),
        ({"from_on": "2026-02-01", "to_on": "2026-01-01"}, "?to_on"),
        ({"from_on": "yesterday"}, "?from_on"),
        ({"from_on": "1969-12-31"}, "?from_on"),
        ({"to_on": "9999-12-31"}, "?to_on"),
        ({"members": "2026-02:1"}, "?members"),
        ({"members": "x"}, "?members"),
        ({"by": "month"}, "?by"),
        ({"limit": "0"}, "?limit"),
        ({"format": "pdf"}, "?format"),
        ({"colour": "red"}, "?colour"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_its_parameter(
    rolled: Figures, query: dict[str, str], pointer: str
) -> None:
    reply = rolled.ask("retention", **query)

    assert reply.status == 422
    assert pointer in {error["pointer"] for error in reply.json["errors"]}


def test_a_table_of_too_many_cells_is_refused(rolled: Figures) -> None:
    rolled.import_orders([(f"B-{at}", f"n{at}", f"19{70 + at}-01-01", 1, 1, "USD") for at in range(30)])
    rolled.roll("1970-01-01")

    assert rolled.ask("retention", unit="day", periods=4000).status == 422


def _is_month_end(on: date) -> bool:
    return date.fromordinal(on.toordinal() + 1).day == 1
