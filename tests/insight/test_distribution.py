"""Distributions: exact moments, quantiles and bins, and the report of them. Expected numbers are NumPy's (2.4)."""

from __future__ import annotations

import csv
import io
import random
import statistics
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from chalicelib.insight.model.distribution import Distribution, TooManyBins, round_width
from tests.insight.figures import APRIL, Figures

TEN = [1, 2, 2, 3, 5, 8, 13, 21, 34, 1000]
QUARTERS = [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(19, 20)]


def of(*values: int) -> Distribution:
    return Distribution(Counter(values))


class TestNumbers:
    def test_moments_and_quantiles_of_ten_numbers_with_one_far_away(self) -> None:
        found = of(*TEN)

        assert (found.count, found.sum, found.least, found.most) == (10, 1089, 1, 1000)
        assert found.mean == Decimal("108.9000")
        assert found.variance == Decimal("98142.3222")
        assert found.deviation == Decimal("313.2768")
        assert [found.quantile(p) for p in QUARTERS] == [Decimal(x) for x in ("2.25", "6.5", "19", "565.3")]

    def test_any_numbers_have_the_moments_that_the_standard_library_finds(self) -> None:
        chance = random.Random(5)
        for _ in range(50):
            values = [chance.randrange(-50, 10_000) for _ in range(chance.randrange(2, 60))]
            found = of(*values)
            assert float(found.variance or 0) == pytest.approx(statistics.variance(values), abs=1e-4)
            assert float(found.deviation or 0) == pytest.approx(statistics.stdev(values), abs=1e-4)
            cuts = statistics.quantiles(values, n=4, method="inclusive")  # type 7
            assert [float(found.quantile(p) or 0) for p in QUARTERS[:3]] == pytest.approx(cuts, abs=1e-4)

    def test_of_nothing_and_of_one(self) -> None:
        nothing, one = of(), of(7)

        assert (nothing.count, nothing.mean, nothing.variance, nothing.quantile(Fraction(1, 2))) == (
            0,
            None,
            None,
            None,
        )
        assert nothing.histogram() == []
        assert (one.mean, one.variance, one.deviation, one.quantile(Fraction(1, 2))) == (7, None, None, 7)

    def test_bins_hold_every_value_once_and_the_last_is_open(self) -> None:
        bins = of(*TEN).histogram()

        assert sum(each.count for each in bins) == 10
        assert [(each.low, each.high) for each in bins][:2] == [(0, 2), (2, 4)]
        assert (bins[-1].high, bins[-1].count) == (None, 1)
        assert all(sum(each.holds(value) for each in bins) == 1 for value in TEN)

    def test_a_width_asked_for_covers_all_or_is_refused(self) -> None:
        assert [each.count for each in of(*TEN).histogram(500)] == [9, 0, 1]
        with pytest.raises(TooManyBins):
            of(*TEN).histogram(1)

    def test_widths_are_round(self) -> None:
        assert [round_width(span) for span in (0, 20, 21, 101, 401, 10**6)] == [1, 1, 2, 10, 50, 50_000]


class TestReport:
    @pytest.mark.parametrize(
        ("measure", "count", "total", "mean", "deviation"),
        [  # the case by hand: ann 1000, 100, (EUR 100), 100; bob 505, 100; cat 700; dan 100, 100
            ("spending", 4, 2705, "676.2500", "411.0023"),
            ("occasion_value", 8, 2705, "338.1250", "354.6420"),
            ("occasions", 4, 9, "2.2500", "1.2583"),
            ("days_between", 5, 172, "34.4000", "36.9703"),
            ("recency", 4, 177, "44.2500", "29.8371"),
        ],
    )
    def test_measures_of_the_case_by_hand(
        self, rolled: Figures, measure: str, count: int, total: int, mean: str, deviation: str
    ) -> None:
        report = rolled.report("distribution", measure=measure, from_on="2026-01-01", **APRIL)

        assert (report["count"], report["sum"], report["mean"]) == (count, total, mean)
        assert report["standard_deviation"] == deviation
        assert sum(each["count"] for each in report["bins"]) == count
        is_money = measure in {"spending", "occasion_value"}
        assert (report["unit"], report["currency"]) == (("minor", "USD") if is_money else ("days", None))
        assert (report["complete"], report["timezone"]) == (True, "America/New_York")
        assert all(report["definition"][language] for language in ("en", "zh"))

    def test_sums_are_the_same_as_in_the_summary(self, rolled: Figures) -> None:
        days = {"from_on": "2026-01-15", "to_on": "2026-03-31"}
        totals = rolled.report("summary", **days)["totals"]

        assert rolled.report("distribution", measure="spending", **days)["sum"] == totals["gmv"]["amount_minor"]
        assert rolled.report("distribution", measure="spending", **days)["count"] == totals["active_members"]

    def test_members_behind_a_bin(self, rolled: Figures) -> None:
        asked = {"measure": "occasions", "bin_width": 1, "from_on": "2026-01-01", **APRIL}
        bins = {each["low"]: each["count"] for each in rolled.report("distribution", **asked)["bins"]}

        behind = rolled.report("distribution", members=2, **asked)["members"]

        assert bins == {1: 1, 2: 2, 3: 0, 4: 1}
        assert {each["external_ref"] for each in behind} == {"bob", "dan"}

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"members": "2.5"}, "?members"),
            ({"bin_width": 0}, "?bin_width"),
            ({"bin_width": 1}, "?bin_width"),
            ({"measure": "luck"}, "?measure"),
            ({"from_on": "2026-05-01", "to_on": "2026-04-01"}, "?from_on"),
        ],
    )
    def test_what_is_wrong_is_named(self, rolled: Figures, asked: dict[str, Any], field: str) -> None:
        reply = rolled.ask("distribution", **asked)

        assert reply.status == 422
        assert reply.json["errors"][0]["pointer"] == field

    def test_as_a_table(self, rolled: Figures) -> None:
        text = rolled.ask("distribution", measure="occasions", bin_width=1, format="csv", **APRIL).text
        rows = list(csv.DictReader(io.StringIO(text)))

        assert [(row["low"], row["count"]) for row in rows] == [("1", "1"), ("2", "2"), ("3", "0"), ("4", "1")]
        assert {row["mean"] for row in rows} == {"2.2500"}

    def test_a_brand_without_orders_has_none(self, figures: Figures) -> None:
        report = figures.report("distribution")

        assert (report["count"], report["mean"], report["bins"]) == (0, None, [])
