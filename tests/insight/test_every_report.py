"""What every report of the catalogue does with the days that it is asked for."""

from __future__ import annotations

import pytest

from chalicelib.insight.reports.catalogue import REPORTS
from tests.builders import made
from tests.insight.figures import Figures

ABOUT_ONE = {name for name in REPORTS if "id" in REPORTS[name].query.model_fields}
DATED = sorted(
    name for name, each in REPORTS.items()
    if name not in ABOUT_ONE and each.query.model_fields.keys() & {"from_on", "to_on", "as_of"}
)  # fmt: skip
RANGED = [name for name in DATED if "from_on" in REPORTS[name].query.model_fields]
TOO_EARLY, TOO_LATE = "1969-12-31", "3000-01-01"


def last(name: str) -> str:
    return "to_on" if "to_on" in REPORTS[name].query.model_fields else "as_of"


@pytest.mark.parametrize("name", RANGED)
def test_a_range_that_runs_backwards_is_refused_by_its_field(rolled: Figures, name: str) -> None:
    refused = rolled.ask(name, **{"from_on": "2026-03-02", last(name): "2026-03-01"})
    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] in {f"?{last(name)}", "?from_on"}


@pytest.mark.parametrize("name", DATED)
def test_days_that_no_calendar_has_and_those_beyond_all_records_are_refused(rolled: Figures, name: str) -> None:
    for given in ("2026-02-30", "yesterday", TOO_EARLY, TOO_LATE):
        refused = rolled.ask(name, **{last(name): given})
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, f"?{last(name)}"), given
        assert rolled.ask(name, timezone="Mars/Olympus").json["errors"][0]["pointer"] == "?timezone"


@pytest.mark.parametrize("name", RANGED)
@pytest.mark.parametrize("days", [("2998-01-01", None), ("2998-01-01", "2999-12-31"), ("1970-01-01", "2999-12-31")])
def test_endless_days_and_those_to_come_are_refused_or_told_as_they_are(
    rolled: Figures, name: str, days: tuple[str, str | None]
) -> None:
    query = {"from_on": days[0]} | ({last(name): days[1]} if days[1] else {})
    answer = rolled.ask(name, **query)
    if answer.status == 422:
        assert answer.json["errors"][0]["pointer"] in {f"?{last(name)}", "?from_on", "?by", "?periods"}
        return
    found = made(answer, 200)
    assert found["from_on"] <= found["to_on"]
    assert not found["complete"]


@pytest.mark.parametrize("name", sorted(REPORTS.keys() - ABOUT_ONE))
def test_every_report_that_is_about_no_single_thing_may_come_by_e_mail(rolled: Figures, name: str) -> None:
    wanted = {"name": name, "every": "week", "at": "08:00", "recipients": [f"owner@{rolled.shop.slug}.example"]}
    made(rolled.shop.brand.post("/v1/report-schedules", wanted), 201)
