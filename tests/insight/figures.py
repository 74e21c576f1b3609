"""A brand's figures: order files in, rollups, reports out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chalicelib.aws import client
from chalicelib.insight.imports.service import order_files
from chalicelib.settings import settings
from tests.builders import Reply, Shop, made

COLUMNS = ("order_ref", "member", "ordered_on", "quantity", "amount_minor", "currency")
DATA = Path(__file__).parents[3] / "shared" / "data"

Row = tuple[Any, ...]

# January's cohort: ann, bob, cat; March's: dan. As in the case by hand of test_cohorts.
BY_HAND: list[Row] = [
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


def data_file(name: str) -> Path:
    """A file of the shared data sets; a clone of the repository alone has none, and then the test is skipped."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the data set {name} is not beside this repository: {path} is absent")
    return path


def as_csv(rows: Iterable[Row], columns: Iterable[str] = COLUMNS) -> str:
    """A file with a header."""
    text = io.StringIO()
    csv.writer(text).writerows([tuple(columns), *rows])
    return text.getvalue()


# Nine orders of five members on six days of three months, two of them twice, one with another content.
REPEATED: list[Row] = [
    *((f"A-{at}", f"m{at % 5}", f"2026-0{1 + at % 3}-1{at % 2}", 1, 100 + at, "USD") for at in range(9)),
    ("A-3", "m3", "2026-01-11", 1, 103, "USD"),
    ("A-7", "m2", "2026-02-11", 1, 107, "USD"),
    ("A-8", "m3", "2026-02-11", 1, 107, "USD"),
]
YEAR = date(2026, 1, 1), date(2026, 12, 31)


class Figures:
    """What a brand's analyst does."""

    def __init__(self, shop: Shop, drain: Callable[[], None]) -> None:
        self.shop = shop
        self._drain = drain

    def send(self, content: str) -> Any:
        """Hands an order file in; nothing works on it yet."""
        return made(self.shop.brand.post("/v1/imports", {"kind": "orders", "csv": content}), 202)["job"]

    def import_orders(self, rows: Iterable[Row] | str, columns: Iterable[str] = COLUMNS) -> Any:
        """Imports orders to the end; answers with the job."""
        content = rows if isinstance(rows, str) else as_csv(rows, columns)
        sent = self.send(content)
        self._drain()
        return self.job(sent["id"])

    def import_unrolled(self, rows: Iterable[Row]) -> Any:
        """Imports orders whose days nobody rolls up afterwards."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(order_files, "after_import", lambda *_: None)
            return self.import_orders(rows)

    def work_off(self) -> None:
        """Works off what waits."""
        self._drain()

    def job(self, job_id: str) -> Any:
        """A job as it stands."""
        return made(self.shop.brand.get(f"/v1/jobs/{job_id}"), 200)

    def roll(self, from_on: str = "1990-01-01", to_on: str = "2030-12-31") -> Any:
        """Rolls days up again; answers with the job."""
        sent = made(self.shop.brand.post("/v1/rollups", {"from_on": from_on, "to_on": to_on}), 202)
        self._drain()
        return self.job(sent["id"])

    def ask(self, report: str, headers: Mapping[str, str] | None = None, **query: Any) -> Reply:
        """Reads a report, whatever the answer."""
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        return self.shop.brand.get(f"/v1/reports/{report}?{asked}", headers=dict(headers or {}))

    def report(self, report: str, **query: Any) -> Any:
        """Reads a report as JSON."""
        return made(self.ask(report, **query), 200)

    def cells(self, **query: Any) -> dict[tuple[str, Any], tuple[int, int]]:
        """The retention table as (cohort, period) to (size, count)."""
        table = self.report("retention", **query)
        return {
            (row["cohort"], cell["period"]): (row["size"], cell["count"])
            for row in table["rows"]
            for cell in row["cells"]
        }

    def stored(self) -> dict[tuple[str, str], Any]:
        """Every item of the tenant's insight as DynamoDB holds it, but for the marks of days, which are random."""
        pages = client("dynamodb").get_paginator("scan").paginate(TableName=settings().insight_table)
        items = [item for page in pages for item in page["Items"]]
        mine = {
            (item["pk"]["S"], item["sk"]["S"]): item for item in items if item["pk"]["S"][:26] == self.shop.tenant_id
        }
        marked = ("#dirty", "#changed-days")
        return {key: {"sk": item["sk"]} if key[0].endswith(marked) else item for key, item in mine.items()}

    def aggregates(self) -> dict[tuple[str, str], Any]:
        """The stored aggregates of days and months."""
        return {key: item for key, item in self.stored().items() if key[0].endswith(("#days", "#months", "#bits"))}

    def revisions(self) -> dict[str, str]:
        """The revision of each stored day and month."""
        return {sk: item["rev"]["N"] for (_, sk), item in sorted(self.aggregates().items())}
