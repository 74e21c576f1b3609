"""Reports: what they say of themselves, whom they let in, and how they answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chalicelib.insight.model import definitions
from chalicelib.kernel import clock
from tests.builders import made
from tests.insight.books import Books

# January's cohort: ann, bob, cat; March's: dan. As in the case by hand of test_cohorts.
ORDERS = [
    ("A-1", "ann", "2026-01-05", 1, 1000, "USD"),
    ("A-2", "bob", "2026-01-05", 2, 505, "USD"),
    ("A-3", "cat", "2026-01-31", 1, 700, "USD"),
    ("A-4", "ann", "2026-01-31", 1, 100, "USD"),
    ("A-5", "ann", "2026-02-01", 1, 100, "EUR"),
    ("A-6", "bob", "2026-03-31", 1, 100, "USD"),
    ("A-7", "dan", "2026-03-31", 1, 100, "USD"),
    ("A-8", "ann", "2026-04-01", 1, 100, "USD"),
    ("A-9", "dan", "2026-04-01", 1, 100, "USD"),
]
APRIL = {"to_on": "2026-04-30"}


@pytest.fixture
def rolled(books: Books) -> Books:
    """Books with the orders of the case by hand, rolled up."""
    books.import_orders(ORDERS)
    books.roll()
    return books


class TestRetention:
    def test_every_cell_of_the_case_by_hand(self, rolled: Books) -> None:
        on, later = rolled.cells(mode="on", **APRIL), rolled.cells(mode="on_or_after", **APRIL)

        assert [on["2026-01", k] for k in range(4)] == [(3, 3), (3, 1), (3, 1), (3, 1)]
        assert [later["2026-01", k] for k in range(4)] == [(3, 3), (3, 2), (3, 2), (3, 1)]
        assert [on["2026-03", k] for k in range(2)] == [(1, 1), (1, 1)]
        assert len(on) == len(later) == 6

    def test_the_answer_has_the_agreed_shape(self, rolled: Books) -> None:
        table = rolled.report("retention", unit="month", mode="on", from_on="2026-01-01", **APRIL)

        assert {key: table[key] for key in ("timezone", "unit", "mode", "revision", "from_on", "to_on")} == {
            "timezone": "America/New_York",
            "unit": "month",
            "mode": "on",
            "revision": 4,
            "from_on": "2026-01-01",
            "to_on": "2026-04-30",
        }
        assert (table["definition"]["name"], table["definition"]["version"]) == ("retention.on", 1)
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

    def test_without_to_on_the_window_ends_at_the_last_complete_day(self, rolled: Books) -> None:
        table = rolled.report("retention")

        yesterday = clock.local_date(clock.now(), clock.zone("America/New_York")).toordinal() - 1
        assert table["to_on"] == table["as_of"] == date.fromordinal(yesterday).isoformat()
        assert [cell["complete"] for cell in table["rows"][0]["cells"][:4]] == [True] * 4
        assert table["rows"][0]["cells"][-1]["complete"] is _is_month_end(date.fromordinal(yesterday))

    def test_a_window_that_ends_inside_a_month_sees_only_its_days(self, rolled: Books) -> None:
        table = rolled.report("retention", to_on="2026-03-30")

        assert [(cell["count"], cell["complete"]) for cell in table["rows"][0]["cells"]] == [
            *((3, True), (1, True)),
            (0, False),
        ]
        assert [row["cohort"] for row in table["rows"]] == ["2026-01"]

    def test_cohorts_begin_at_from_on_and_members_known_before_are_in_none(self, rolled: Books) -> None:
        assert set(rolled.cells(from_on="2026-01-06", **APRIL)) == {
            *(("2026-01", k) for k in range(4)),
            *(("2026-03", k) for k in range(2)),
        }
        assert rolled.cells(from_on="2026-01-06", **APRIL)["2026-01", 0] == (1, 1)  # cat alone
        assert {cohort for cohort, _ in rolled.cells(from_on="2026-02-01", **APRIL)} == {"2026-03"}

    def test_the_members_behind_a_cell_are_as_many_as_it_counts(self, rolled: Books) -> None:
        for mode in ("on", "on_or_after"):
            table = rolled.report("retention", mode=mode, **APRIL)
            for row in table["rows"]:
                for cell in row["cells"]:
                    named = rolled.report("retention", mode=mode, members=f"{row['cohort']}:{cell['period']}", **APRIL)
                    assert len(named["members"]) == cell["count"]

    def test_members_are_named_and_paged(self, rolled: Books) -> None:
        asked = {"mode": "on_or_after", "members": "2026-01:1", "limit": 1, **APRIL}
        first = rolled.report("retention", **asked)
        second = rolled.report("retention", cursor=first["next_cursor"], **asked)

        assert [first["members"][0]["external_ref"], second["members"][0]["external_ref"]] == ["ann", "bob"]
        assert second["next_cursor"] is None
        other = rolled.ask("retention", cursor=first["next_cursor"], **{**asked, "members": "2026-01:0"})
        assert (other.status, other.json["code"]) == (400, "bad_cursor")

    def test_brackets_and_other_units(self, rolled: Books) -> None:
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
            ({"members": "2026-02:1"}, "?members"),
            ({"members": "x"}, "?members"),
            ({"by": "month"}, "?by"),
            ({"limit": "0"}, "?limit"),
            ({"format": "xlsx"}, "?format"),
            ({"colour": "red"}, "?colour"),
        ],
    )
    def test_a_question_that_makes_no_sense_is_refused_by_its_parameter(
        self, rolled: Books, query: dict[str, str], pointer: str
    ) -> None:
        reply = rolled.ask("retention", **query)

        assert reply.status == 422
        assert pointer in {error["pointer"] for error in reply.json["errors"]}

    def test_a_table_of_too_many_cells_is_refused(self, rolled: Books) -> None:
        rolled.import_orders([(f"B-{at}", f"n{at}", f"19{70 + at}-01-01", 1, 1, "USD") for at in range(30)])
        rolled.roll("1960-01-01")

        assert rolled.ask("retention", unit="day", periods=4000).status == 422


class TestSummary:
    def test_figures_by_month_and_in_all(self, rolled: Books) -> None:
        report = rolled.report("summary", by="month", from_on="2026-01-01", **APRIL)

        totals = report["totals"]
        assert (totals["members"], totals["active_members"], totals["new_members"]) == (4, 4, 4)
        assert (totals["orders"], totals["quantity"]) == (9, 10)
        assert totals["gmv"] == {"amount_minor": 2705, "currency": "USD"}
        assert totals["aov"] == {"amount_minor": 338, "currency": "USD"}  # 2705 / 8 = 338.125
        assert totals["sales"][0] == {
            "currency": "EUR",
            "orders": 1,
            **{key: {"amount_minor": 100, "currency": "EUR"} for key in ("gmv", "aov")},
        }
        assert [(row["group"], row["active_members"], row["new_members"]) for row in report["rows"]] == [
            *(("2026-01", 3, 3), ("2026-02", 1, 0)),
            *(("2026-03", 2, 1), ("2026-04", 2, 0)),
        ]

    def test_unique_members_of_a_range_are_counted_not_added(self, rolled: Books) -> None:
        report = rolled.report("summary", by="day", from_on="2026-01-05", to_on="2026-02-01")

        assert sum(row["active_members"] for row in report["rows"]) == 5
        assert (report["totals"]["active_members"], report["totals"]["members"]) == (3, 3)

    def test_members_from_before_the_range_are_not_new(self, rolled: Books) -> None:
        totals = rolled.report("summary", from_on="2026-02-01", **APRIL)["totals"]

        assert (totals["members"], totals["active_members"], totals["new_members"]) == (4, 3, 1)

    def test_every_figure_has_its_definition_in_both_languages(self, rolled: Books) -> None:
        report = rolled.report("summary", by="hour")

        named = {each["name"] for each in report["definitions"]}
        assert named == {*report["totals"]} - {"sales"} | {"by_hour"}
        assert all(each["en"] and each["zh"] and each["version"] for each in report["definitions"])
        chinese = rolled.ask("summary", headers={"Accept-Language": "zh"}).json["definitions"][0]
        assert chinese["text"] == definitions.SUMMARY[0].zh

    def test_too_many_groups_are_refused(self, rolled: Books) -> None:
        assert rolled.ask("summary", by="day", from_on="1990-01-01").status == 422

    def test_a_brand_without_orders_has_zeros_and_no_rows(self, books: Books) -> None:
        report = books.report("summary")

        assert (report["totals"]["orders"], report["totals"]["aov"], report["revision"]) == (0, None, 0)
        assert books.report("retention")["rows"] == []


class TestFormats:
    @pytest.mark.parametrize("asked", [{"format": "csv"}, {"headers": {"Accept": "text/csv"}}])
    def test_retention_as_csv_has_one_line_a_cell(self, rolled: Books, asked: dict[str, Any]) -> None:
        reply = rolled.ask("retention", **APRIL, **asked)

        assert reply.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(reply.text)))
        assert {(row["cohort"], int(row["period"])): (int(row["size"]), int(row["count"])) for row in rows} == (
            rolled.cells(**APRIL)
        )
        assert {row["definition"] for row in rows} == {"retention.on"}

    def test_summary_and_members_as_csv(self, rolled: Books) -> None:
        summary = rolled.ask("summary", by="month", format="csv", **APRIL).text
        members = rolled.ask("retention", members="2026-01:0", format="csv", **APRIL).text

        assert [row["gmv_minor"] for row in csv.DictReader(io.StringIO(summary))] == ["2305", "0", "200", "200"]
        assert [row["external_ref"] for row in csv.DictReader(io.StringIO(members))] == ["ann", "bob", "cat"]

    def test_format_outweighs_the_accept_header(self, rolled: Books) -> None:
        reply = rolled.ask("summary", headers={"Accept": "text/csv"}, format="json")

        assert reply.json["report"] == "summary"


class TestAccess:
    def test_an_unknown_report_names_the_known_ones(self, books: Books) -> None:
        reply = books.ask("horoscope")

        assert (reply.status, reply.json["code"]) == (404, "unknown_report")
        assert reply.json["reports"] == ["retention", "summary"]

    @pytest.mark.parametrize(("role", "status"), [("analyst", 200), ("manager", 200), ("editor", 403)])
    def test_analysts_and_managers_read(self, books: Books, role: str, status: int) -> None:
        key = made(books.shop.brand.post("/v1/api-keys", {"name": role, "scopes": [role]}))["secret"]

        assert books.shop.caller.call("GET", "/v1/reports/summary", token=key).status == status
        assert books.shop.caller.call("GET", "/v1/jobs", token=key).status == status

    def test_analysts_do_not_import_and_members_read_nothing(self, books: Books) -> None:
        key = made(books.shop.brand.post("/v1/api-keys", {"name": "a", "scopes": ["analyst"]}))["secret"]
        body = {"kind": "orders", "csv": "x\n"}

        assert books.shop.caller.call("POST", "/v1/imports", json=body, token=key).status == 403
        token = books.shop.shopper.token
        assert books.shop.caller.call("GET", "/v1/reports/summary", token=token).status == 403

    def test_figures_do_not_cross_tenants(self, rolled: Books, new_books: Callable[..., Books]) -> None:
        other = new_books(currency="USD")
        other.import_orders(ORDERS[:1])
        other.roll()

        assert other.report("summary")["totals"]["orders"] == 1
        assert rolled.report("summary")["totals"]["orders"] == 9


def _is_month_end(on: date) -> bool:
    return date.fromordinal(on.toordinal() + 1).day == 1
