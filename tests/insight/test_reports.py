"""Reports: what they say of themselves, whom they let in, and how they answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import openpyxl
import pytest

from chalicelib.insight.model import definitions
from chalicelib.insight.reports.catalogue import REPORTS
from chalicelib.insight.reports.routes import read_report
from chalicelib.insight.reports.whole import ReportQuery
from chalicelib.kernel import clock
from chalicelib.web.tokens import issue
from tests.builders import made
from tests.insight.figures import APRIL, BY_HAND, Figures


class TestCatalogue:
    def test_a_parameter_of_two_reports_means_the_same_in_both(self) -> None:
        """But for the unit: of some reports it is a period, of what is bought together the goods."""
        meant: dict[str, Any] = {}
        for report in REPORTS.values():
            for name, field in report.query.model_fields.items():
                if name == "unit":
                    continue
                assert meant.setdefault(name, (field.annotation, field.metadata)) == (field.annotation, field.metadata)

    @pytest.mark.parametrize("unit", ["day", "week", "month", "category", "product", "sku"])
    def test_the_query_of_all_takes_the_unit_of_each(self, unit: str) -> None:
        assert ReportQuery.model_validate({"unit": unit}).model_dump(exclude_unset=True) == {"unit": unit}

    def test_the_document_names_every_report_with_all_that_it_takes(self) -> None:
        for report in REPORTS.values():
            assert f"`{report.name}`" in str(read_report.__doc__)
        assert set(ReportQuery.model_fields) == {name for each in REPORTS.values() for name in each.query.model_fields}


class TestSummary:
    def test_figures_by_month_and_in_all(self, rolled: Figures) -> None:
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

    def test_unique_members_of_a_range_are_counted_not_added(self, rolled: Figures) -> None:
        report = rolled.report("summary", by="day", from_on="2026-01-05", to_on="2026-02-01")

        assert sum(row["active_members"] for row in report["rows"]) == 5
        assert (report["totals"]["active_members"], report["totals"]["members"]) == (3, 3)

    def test_members_from_before_the_range_are_not_new(self, rolled: Figures) -> None:
        totals = rolled.report("summary", from_on="2026-02-01", **APRIL)["totals"]

        assert (totals["members"], totals["active_members"], totals["new_members"]) == (4, 3, 1)

    def test_every_figure_has_its_definition_in_both_languages(self, rolled: Figures) -> None:
        report = rolled.report("summary", by="hour")

        named = {each["name"] for each in report["definitions"]}
        assert named == {*report["totals"]} - {"sales"} | {"by_hour"}
        assert all(each["en"] and each["zh"] and each["version"] for each in report["definitions"])
        chinese = rolled.ask("summary", headers={"Accept-Language": "zh"}).json["definitions"][0]
        assert chinese["text"] == definitions.SUMMARY[0].zh

    def test_ranges_far_away_are_empty(self, rolled: Figures) -> None:
        for by in ("day", "week", "month", "weekday", "hour"):
            for asked in ({"from_on": "2999-12-15"}, {"from_on": "1970-01-01", "to_on": "1970-01-05"}):
                report = rolled.report("summary", by=by, **asked)
                assert report["totals"]["orders"] == sum(row["orders"] for row in report["rows"]) == 0

    def test_too_many_groups_are_refused(self, rolled: Figures) -> None:
        assert rolled.ask("summary", by="day", from_on="1990-01-01").status == 422

    def test_a_brand_without_orders_has_zeros_and_no_rows(self, figures: Figures) -> None:
        report = figures.report("summary")

        assert (report["totals"]["orders"], report["totals"]["aov"], report["revision"]) == (0, None, 0)
        assert figures.report("retention")["rows"] == []


class TestFormats:
    @pytest.mark.parametrize("asked", [{"format": "csv"}, {"headers": {"Accept": "text/csv"}}])
    def test_retention_as_csv_has_one_line_a_cell(self, rolled: Figures, asked: dict[str, Any]) -> None:
        reply = rolled.ask("retention", **APRIL, **asked)

        assert reply.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(reply.text)))
        assert {(row["cohort"], int(row["period"])): (int(row["size"]), int(row["count"])) for row in rows} == (
            rolled.cells(**APRIL)
        )
        assert {row["definition"] for row in rows} == {"retention.on"}

    def test_summary_and_members_as_csv(self, rolled: Figures) -> None:
        summary = rolled.ask("summary", by="month", format="csv", **APRIL).text
        members = rolled.ask("retention", members="2026-01:0", format="csv", **APRIL).text

        assert [row["gmv_minor"] for row in csv.DictReader(io.StringIO(summary))] == ["2305", "0", "200", "200"]
        assert [row["external_ref"] for row in csv.DictReader(io.StringIO(members))] == ["ann", "bob", "cat"]

    def test_rates_in_a_workbook_are_numbers(self, rolled: Figures) -> None:
        moved = rolled.ask("retention", headers={"Accept": "text/html"}, format="xlsx", **APRIL)

        with urlopen(moved.headers["location"]) as file:  # noqa: S310 - a link of the engine's own
            [titles, *rows] = openpyxl.load_workbook(io.BytesIO(file.read())).active.iter_rows(values_only=True)
        rate, of, count = (titles.index(title) for title in ("Rate", "Of", "Came back"))
        assert [row[rate] for row in rows] == [pytest.approx(row[count] / row[of], abs=1e-6) for row in rows]

    def test_format_outweighs_the_accept_header(self, rolled: Figures) -> None:
        reply = rolled.ask("summary", headers={"Accept": "text/csv"}, format="json")

        assert reply.json["report"] == "summary"


class TestAccess:
    def test_an_unknown_report_names_the_known_ones(self, figures: Figures) -> None:
        reply = figures.ask("horoscope")

        assert (reply.status, reply.json["code"]) == (404, "unknown_report")
        assert {"retention", "summary", "today"} < set(reply.json["reports"])

    @pytest.mark.parametrize(("role", "status"), [("analyst", 200), ("manager", 200), ("editor", 403)])
    def test_analysts_and_managers_read(self, figures: Figures, role: str, status: int) -> None:
        key = made(figures.shop.brand.post("/v1/api-keys", {"name": role, "scopes": [role]}))["secret"]

        assert figures.shop.caller.call("GET", "/v1/reports/summary", token=key).status == status
        assert figures.shop.caller.call("GET", "/v1/jobs", token=key).status == status

    def test_analysts_do_not_import_and_members_read_nothing(self, figures: Figures) -> None:
        key = made(figures.shop.brand.post("/v1/api-keys", {"name": "a", "scopes": ["analyst"]}))["secret"]
        body = {"kind": "orders", "csv": "x\n"}

        assert figures.shop.caller.call("POST", "/v1/imports", json=body, token=key).status == 403
        token = figures.shop.shopper.token
        assert figures.shop.caller.call("GET", "/v1/reports/summary", token=token).status == 403

    @pytest.mark.parametrize(("role", "shown"), [("manager", ["Dan"]), ("analyst", [])])
    def test_analysts_see_no_names_or_addresses_behind_a_figure(
        self, rolled: Figures, role: str, shown: list[str]
    ) -> None:
        shop, cell = rolled.shop, {"members": "2026-04:0", "from_on": "2026-04-01", "to_on": "2026-04-30"}
        rolled.import_orders([("D-1", "dan@people.example", "2026-04-02", 1, 100, "USD")])
        rolled.roll()
        [dan] = [each["id"] for each in made(shop.brand.get("/v1/members?q=dan@people.example"), 200)["items"]]
        token = issue("member", shop.tenant_id, shop.slug, dan, frozenset(), clock.now(), 600)
        named = {"profile": {"name": "Dan"}}
        made(shop.caller.call("PATCH", f"{shop.path}/me", json=named, token=token), 200)
        key = made(shop.brand.post("/v1/api-keys", {"name": role, "scopes": [role]}))["secret"]

        for form in ("json", "csv"):
            told = shop.caller.call("GET", f"/v1/reports/retention?{urlencode(cell | {'format': form})}", token=key)
            assert dan in told.text
            assert [said for said in ("dan@people.example", "Dan") if said in told.text] == shown

    def test_figures_do_not_cross_tenants(self, rolled: Figures, new_figures: Callable[..., Figures]) -> None:
        other = new_figures(currency="USD")
        other.import_orders(BY_HAND[:1])
        other.roll()

        assert other.report("summary")["totals"]["orders"] == 1
        assert rolled.report("summary")["totals"]["orders"] == 9
