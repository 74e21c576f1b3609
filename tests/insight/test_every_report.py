"""What every report of the catalogue does with the days that it is asked for."""

from __future__ import annotations

import pytest

from chalicelib.insight.reports.catalogue import REPORTS
from tests.insight.figures import Figures

ABOUT_ONE = frozenset({"promotion", "coupon-batch"})
RANGED = sorted(
    name for name, each in REPORTS.items() if name not in ABOUT_ONE and {"from_on"} <= each.query.model_fields.keys()
)
DATED = sorted(
    name
    for name, each in REPORTS.items()
    if name not in ABOUT_ONE and {"to_on", "as_of"} & each.query.model_fields.keys()
)
FURTHER: dict[str, dict[str, str]] = {
    "funnel": {"steps": "visit,view"},
    "distribution": {"measure": "amount"},
}


def end_of(name: str) -> str:
    return "to_on" if "to_on" in REPORTS[name].query.model_fields else "as_of"


@pytest.mark.parametrize("name", RANGED)
def test_a_range_that_runs_backwards_is_refused_by_its_field(rolled: Figures, name: str) -> None:
    query = FURTHER.get(name, {}) | {"from_on": "2026-03-02", end_of(name): "2026-03-01"}
    refused = rolled.ask(name, **query)
    assert refused.status == 422, refused.json
    assert [each["field"] for each in refused.json["errors"]] in ([f"?{end_of(name)}"], ["?from_on"])


@pytest.mark.parametrize("name", RANGED)
@pytest.mark.parametrize(
    "days",
    [
        {"from_on": "2998-01-01"},
        {"from_on": "1970-01-01"},
        {"from_on": "1970-01-01", "to": "2999-12-31"},
        {"to": "1970-01-02"},
        {"from_on": "2998-01-01", "to": "2999-12-31"},
    ],
)
def test_x(rolled: Figures, name: str, days: dict[str, str]) -> None:
    query = FURTHER.get(name, {}) | {end_of(name) if k == "to" else k: v for k, v in days.items()}
    found = rolled.ask(name, **query)
    print(
        name,
        days,
        found.status,
        {k: found.json.get(k) for k in ("from_on", "to_on", "as_of", "complete")}
        if found.status == 200
        else found.json.get("errors"),
    )
    assert found.status in (200, 422)
    if found.status == 200:
        assert found.json["from_on"] <= found.json["to_on"]
