"""What an experiment needs, by the brand's own figures of four weeks: those of 13 December to 8 January."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import made
from tests.insight.experiments.conftest import ARMS
from tests.insight.figures import Figures

# Ten members of before; four ordered in the four weeks, one of them on two days; three had ordered the weeks before.
BEFORE = [(f"B-{at}", f"m{at}", "2027-10-05", 1, 1_000, "USD") for at in range(10)]
WEEKS_BEFORE = [(f"W-{at}", f"m{at}", "2027-11-20", 1, 1_000, "USD") for at in range(3)]
LATELY = [
    ("L-0", "m0", "2027-12-20", 1, 1_000, "USD"), ("L-1", "m0", "2027-12-27", 1, 3_000, "USD"),
    ("L-2", "m1", "2027-12-20", 1, 2_000, "USD"), ("L-3", "m8", "2027-12-21", 1, 500, "USD"),
    ("L-4", "m9", "2028-01-03", 1, 1_500, "USD"),
]  # fmt: skip


@pytest.fixture
def traded(figures: Figures) -> Figures:
    figures.import_orders(BEFORE + WEEKS_BEFORE + LATELY)
    figures.roll()
    return figures


def planned(figures: Figures, metric: str, **fields: Any) -> Any:
    wanted = {
        "key": metric, "arms": ARMS, "metric": metric, "horizon": {"sample": 500}, "method": "fixed",
        "smallest_effect": "0.5",
    } | fields  # fmt: skip
    found = made(figures.shop.brand.post("/v1/experiments", wanted))
    return made(figures.shop.brand.get(f"/v1/experiments/{found['id']}/plan"), 200) | {"id": found["id"]}


def test_each_metric_is_planned_by_what_it_comes_to_today(traded: Figures) -> None:
    found = {metric: planned(traded, metric) for metric in ("conversion", "revenue", "ratio", "retention")}

    assert found["conversion"]["baseline"] == pytest.approx(4 / 10)
    assert found["revenue"]["baseline"] == pytest.approx(8_000 / 10)
    assert found["ratio"]["baseline"] == pytest.approx(8_000 / 5)
    assert found["retention"]["baseline"] == pytest.approx(2 / 3)
    assert found["conversion"]["people_a_day"] == pytest.approx(4 / 28)
    # From 40 to 60 in a hundred: Fleiss, Levin and Paik give 97 in each arm; fewer than a hundred are never enough.
    assert [each["people"] for each in found["conversion"]["needs"]] == [100, 100]
    # Around 800 they vary by 1,788,889: 2 * 7.8489 * 1,788,889 / 400^2.
    assert [each["people"] for each in found["revenue"]["needs"]] == [176, 176]
    assert (found["revenue"]["sample"], found["revenue"]["days"]) == (352, 3_500)
    # A test that may be looked at takes 1.9 times as many.
    more = planned(traded, "revenue", key="looked-at", method="sequential")
    assert [each["people"] for each in more["needs"]] == [337, 337]


def test_what_is_too_small_to_find_what_it_looks_for_does_not_start(traded: Figures) -> None:
    found = planned(traded, "conversion", smallest_effect="0.1")
    assert found["sample"] > 500
    refused = traded.shop.brand.post(f"/v1/experiments/{found['id']}/start")
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/horizon/sample")
    assert f"This test needs {found['sample']:,}" in refused.json["errors"][0]["message"]
