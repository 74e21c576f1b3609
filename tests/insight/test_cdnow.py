"""CDNOW through the API: every cell of the reference tables.

The data set is that of Fader and Hardie: every order of 23,570 customers of a CD shop, 1997-01 to 1998-06, and the
usual one-in-ten sample. It may be used for research and is read from beside the repository; the reference figures
were computed outside this project.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rich.progress import Progress

from chalicelib.db import Meter, metered
from tests.builders import made
from tests.insight.figures import Figures, data_file

WINDOW = {"from_on": "1997-01-01", "to_on": "1998-06-30"}
MODES = {"on": "returned_on", "on_or_after": "returned_on_or_after"}
FEWER = 50
MOST_REQUESTS = 45
ROLLING = "cdnow_rolling30_retention.csv"


def reference(name: str, column: str) -> dict[tuple[str, int], tuple[int, int]]:
    """A reference table as (cohort, month) to (size, count)."""
    with data_file(f"cdnow/{name}").open() as lines:
        return {
            (row["cohort"], int(row["month"])): (int(row["size"]), int(row[column])) for row in csv.DictReader(lines)
        }


def table(name: str) -> list[dict[str, str]]:
    with data_file(f"cdnow/{name}").open() as lines:
        return list(csv.DictReader(lines))


def assert_cells_equal(figures: Figures, name: str) -> None:
    for mode, column in MODES.items():
        assert figures.cells(mode=mode, unit="month", **WINDOW) == reference(name, column)


def assert_ways_of_coming_back(figures: Figures) -> None:
    """Rolling windows, N-day retention, lifecycle and revenue of the full file, each with both of its counts."""
    for mode, column in (("rolling", "returned_on"), ("rolling_on_or_after", "returned_on_or_after")):
        averages = figures.report("retention", mode=mode, **WINDOW)["average"]
        assert [(each["period"], each["eligible"], each["count"]) for each in averages] == [
            (int(row["window30"]), int(row["eligible"]), int(row[column])) for row in table(ROLLING)
        ]
        rates = [float(row["on_rate" if mode == "rolling" else "on_or_after_rate"]) for row in table(ROLLING)]
        assert [float(each["rate"]) for each in averages] == rates
    rows = table("cdnow_nday_retention.csv")
    days = ",".join(row["n"] for row in rows)
    for mode, column in (
        ("on_day_n", "on_day_n"),
        ("on_or_after_day_n", "on_or_after_day_n"),
        ("within_n_days", "within_1_to_n"),
    ):
        averages = figures.report("retention", mode=mode, days=days, **WINDOW)["average"]
        assert [(each["period"], each["eligible"], each["count"]) for each in averages] == [
            (int(row["n"]), int(row["eligible"]), int(row[column])) for row in rows
        ]
    cohorts = figures.report("retention", figure="revenue", **WINDOW)["rows"]
    for cohort, row in zip(cohorts, table("cdnow_cohort_month_revenue_cents.csv"), strict=True):
        revenue = {f"M{cell['period']}": str(cell["revenue"]["amount_minor"]) for cell in cohort["cells"]}
        assert (cohort["cohort"], revenue) == (row.pop("cohort"), {name: each for name, each in row.items() if each})
    months = figures.report("lifecycle", **WINDOW)["rows"]
    names = ("period", "active", "new", "retained", "resurrected", "lost")
    assert [tuple(str(month[name]) for name in names) for month in months] == [
        tuple(row.values()) for row in table("cdnow_lifecycle_month.csv")
    ]
    named = figures.report("lifecycle", members="1997-03:resurrected", **WINDOW)["members"]
    assert len({each["id"] for each in named}) == int(table("cdnow_lifecycle_month.csv")[2]["resurrected"])


def assert_groups_by_class_part_the_members(figures: Figures) -> None:
    """Each member is of one class, so that the counts of the groups add up to the table of all, in every cell."""
    report = figures.report("retention", group_by="class", **WINDOW)
    for at, row in enumerate(report["rows"]):
        parts = [each["rows"] for each in report["groups"]]
        same = [next((part for part in rows if part["cohort"] == row["cohort"]), None) for rows in parts]
        assert sum(part["size"] for part in same if part) == row["size"]
        for period, cell in enumerate(row["cells"]):
            assert sum(part["cells"][period]["count"] for part in same if part) == cell["count"], (at, period)


def assert_complete(figures: Figures) -> None:
    report = figures.report("retention", **WINDOW)
    assert (report["complete"], report["pending_days"]) == (True, 0)
    assert all(cell["complete"] for row in report["rows"] for cell in row["cells"])


def assert_members_are_as_many_as_counted(figures: Figures, address: str) -> None:
    named = figures.report("retention", members=address, **WINDOW)
    cohort, period = address.split(":")
    assert len({member["id"] for member in named["members"]}) == figures.cells(**WINDOW)[cohort, int(period)][1]


@pytest.mark.verify
def test_the_sample_equals_the_reference_and_late_or_repeated_rows_change_no_figure(
    figures: Figures, drain: Any, sweep: Callable[[], None], clock: Any
) -> None:
    header, *rows = data_file("cdnow/orders_sample.csv").read_text().splitlines(keepends=True)
    late = rows[17::97]
    on_time = [row for row in rows if row not in set(late)]

    job = figures.import_orders(
        header + "".join(on_time[::-1])
    )  # latest members first, and each one's orders backwards
    assert (job["imported"], job["errors_total"]) == (len(on_time), 0)
    with metered() as rescan:
        rolled = figures.roll("1997-01-01", "1998-06-30")
    first = figures.report("retention", **WINDOW)["revision"]
    job = figures.import_orders(header + "".join(late + rows[:500]))
    assert (job["imported"], job["duplicates"]) == (len(late), 500)
    clock.advance(days=1)
    sweep()

    assert_cells_equal(figures, "reference_cohorts_sample.csv")
    assert_complete(figures)
    assert_members_are_as_many_as_counted(figures, "1997-01:1")
    assert figures.report("retention", **WINDOW)["revision"] > first
    assert rolled["done"] > 500
    assert_a_night_reads_little(figures, rescan, clock, drain)


def assert_a_night_reads_little(figures: Figures, rescan: Meter, clock: Any, drain: Any) -> None:
    """A night with orders on one day, against reading the whole history again: in records, and in requests that are
    few however long the history is.

    The look for tenants whose day has ended is not counted: one serves all tenants. A night before it takes in who came
    with the history.
    """
    _a_night(clock, drain)
    figures.import_orders([("late-1", "0001", "1998-06-30", 1, 100, "USD")])
    night = _a_night(clock, drain)
    assert figures.report("summary", from_on="1998-06-30", to_on="1998-06-30")["pending_days"] == 0
    assert night.items_read * FEWER <= rescan.items_read, f"{night.items_read} against {rescan.items_read}"
    assert night.reads <= MOST_REQUESTS, night.by_operation


def _a_night(clock: Any, drain: Any) -> Meter:
    clock.advance(days=1)
    for schedule in drain.pump.schedules:
        drain.pump.run_schedule(schedule, clock.now())
    with metered() as night:
        drain()
    return night


@pytest.mark.verify
def test_the_full_file_equals_the_reference(figures: Figures, drain: Any, clock: Any) -> None:
    content = gzip.decompress(data_file("cdnow/orders.csv.gz").read_bytes()).decode()
    header, *rows = content.splitlines(keepends=True)
    files = [header + "".join(rows[:40_000]), header + "".join(rows[39_000:])]

    jobs = [work_off(figures, drain, "/v1/imports", {"kind": "orders", "csv": file}) for file in files]
    with metered() as rescan:
        work_off(figures, drain, "/v1/rollups", {"from_on": "1997-01-01", "to_on": "1998-06-30"})

    assert sum(job["imported"] for job in jobs) == 69_659
    assert sum(job["duplicates"] for job in jobs) == 1_000
    assert_cells_equal(figures, "reference_cohorts.csv")
    assert_complete(figures)
    assert_members_are_as_many_as_counted(figures, "1997-01:1")
    assert_other_references(figures)
    assert_ways_of_coming_back(figures)
    assert_groups_by_class_part_the_members(figures)
    assert_classes_as_of_any_day(figures)
    assert_rfm_of_every_member(figures)
    assert_a_night_reads_little(figures, rescan, clock, drain)


def assert_other_references(figures: Figures) -> None:
    """Averages, brackets, N-day retention and totals of the full file."""
    averages = figures.report("retention", **WINDOW)["average"]
    for average, row in zip(averages, table("cdnow_cohort_month_on_mean.csv"), strict=True):
        assert (average["count"], average["eligible"]) == (int(row["retained"]), int(row["denominator_complete_only"]))
        assert float(average["rate"]) == float(row["weighted_mean"])
        assert float(average["simple_rate"]) == float(row["simple_mean"])
    rows = table("cdnow_bracket_retention.csv")
    asked = ",".join(row["bracket_days"] for row in rows)
    averages = figures.report("retention", mode="bracket", brackets=asked, **WINDOW)["average"]
    assert [(each["period"], each["eligible"], each["count"]) for each in averages] == [
        (row["bracket_days"], int(row["eligible"]), int(row["returned"])) for row in rows
    ]
    days = {each["period"]: each for each in figures.report("retention", unit="day", periods=365, **WINDOW)["average"]}
    for row in table("cdnow_nday_retention.csv"):
        day = days[int(row["n"])]
        assert (day["eligible"], day["count"]) == (int(row["eligible"]), int(row["on_day_n"]))
    months = figures.report("summary", by="month", **WINDOW)["rows"]
    for month, row in zip(months, table("cdnow_lifecycle_month.csv"), strict=True):
        assert (month["group"], month["active_members"], month["new_members"]) == (
            *(row["month"], int(row["active"]), int(row["new"])),
        )
    totals = figures.report("summary", **WINDOW)["totals"]
    assert (totals["orders"], totals["members"], totals["quantity"]) == (69_659, 23_570, 167_881)
    assert totals["gmv"]["amount_minor"] == 250_031_563


def assert_classes_as_of_any_day(figures: Figures) -> None:
    """Every row of the reference, each class as of its day; and as many members behind each."""
    rows = table("cdnow_classes_asof.csv")
    for row in rows:
        report = figures.report("classes", as_of=row["asof"])
        assert {each["class"]: each["count"] for each in report["rows"]} == {
            name: int(row[name]) for name in ("new", "active", "dormant", "churned")
        }
        assert (report["total"], report["complete"]) == (int(row["members"]), True)
    for name in ("new", "active", "dormant", "churned"):
        behind = {each["id"] for page in pages(figures, "classes", members=name, as_of="1997-02-28") for each in page}
        assert len(behind) == int(rows[1][name])


def assert_rfm_of_every_member(figures: Figures) -> None:
    """The scores of each of the 23,570 customers, and how many have each."""
    with gzip.open(data_file("cdnow/rfm_customers.csv.gz"), "rt") as lines:
        expected = {row["id"]: tuple(int(row[f"{name}_tie"]) for name in "RFM") for row in csv.DictReader(lines)}
    report = figures.report("rfm", as_of="1998-06-30")
    assert report["total"] == len(expected) == 23_570
    found = {
        each["external_ref"]: (row["r"], row["f"], row["m"])
        for row in report["rows"]
        for page in pages(figures, "rfm", members=f"{row['r']}:{row['f']}:{row['m']}", as_of="1998-06-30")
        for each in page
    }
    assert found == expected


def pages(figures: Figures, report: str, **query: str) -> Iterator[list[dict[str, Any]]]:
    """The members behind a cell, page by page."""
    more: dict[str, str] = {}
    while True:
        page = figures.report(report, **query, **more)
        yield page["members"]
        if page["next_cursor"] is None:
            return
        more = {"cursor": page["next_cursor"]}


def work_off(figures: Figures, drain: Any, path: str, body: dict[str, str]) -> Any:
    """Starts a job and works it off under a progress bar."""
    job = made(figures.shop.brand.post(path, body), 202)["job"]
    with Progress(transient=False) as progress:
        task = progress.add_task(f"{job['kind']:8}", total=None)
        for _ in rounds(drain):
            job = figures.job(job["id"])
            progress.update(task, completed=job["done"], total=job["total"] or None)
    return figures.job(job["id"])


def rounds(drain: Any) -> Iterator[None]:
    """Works off message by message."""
    while drain.pump._round():
        yield
