"""Figures of complete days that change are restated: the audit log says which, once for each rollup."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.insight.rollups.service import days
from chalicelib.insight.rollups.service import jobs as rollup_jobs
from chalicelib.kernel import clock as product_clock
from chalicelib.pages.console.audit.views import entry
from chalicelib.tenants.service.audit import audit_log
from chalicelib.tenants.views import AuditView
from tests.builders import made
from tests.insight.figures import YEAR, Figures
from tests.insight.test_exactly_once import CrashAt, work_off

ORDERS = [
    ("A-1", "ann", "2026-01-05", 1, 1000, "USD"),
    ("A-2", "bob", "2026-01-31", 2, 500, "USD"),
    ("A-3", "ann", "2026-02-01", 1, 700, "USD"),
]
LATE = [("B-1", "cat", "2026-01-05", 1, 10, "USD"), ("B-2", "cat", "2026-01-07", 1, 10, "USD")]
FROM_TO = {"from_on": "2026-01-01", "to_on": "2026-12-31"}
RESTATED = {
    "2026-01": {"orders": [2, 4], "revision": 2},
    "2026-01-05": {"orders": [1, 2], "revision": 2},
}


def restated(figures: Figures) -> list[Any]:
    found = made(figures.shop.brand.get("/v1/audit?action=figures.restated"), 200)
    return [(entry["by"].partition(":")[0], entry["changes"]) for entry in found["items"]]


@pytest.fixture
def complete(figures: Figures) -> Figures:
    def made_() -> None:
        figures.import_orders(ORDERS)

    figures.shop.once("complete days", made_)
    return figures


def test_the_first_rollup_of_days_restates_nothing(complete: Figures) -> None:
    assert restated(complete) == []
    complete.import_orders([("C-1", "dan", "2026-03-01", 1, 1, "USD")])
    complete.roll()
    assert restated(complete) == []


def test_late_orders_restate_their_day_and_month_in_one_entry_and_a_rerun_does_not(complete: Figures) -> None:
    complete.import_orders(LATE)
    assert restated(complete) == [("import", RESTATED)]

    complete.roll()
    complete.import_orders(LATE)
    assert restated(complete) == [("import", RESTATED)]


def test_of_two_rollups_at_once_the_one_that_changes_figures_says_so(complete: Figures, monkeypatch: Any) -> None:
    complete.import_unrolled(LATE)
    tenant_id, write, other = complete.shop.tenant_id, days.write, []
    with monkeypatch.context() as patched:
        jobs = [made(complete.shop.brand.post("/v1/rollups", FROM_TO), 202)["id"] for _ in range(2)]

        def overtaken(*args: Any) -> None:
            if other:
                rollup_jobs.continue_rollup(tenant_id, other.pop(), product_clock.now())
            write(*args)

        patched.setattr(days, "write", overtaken)
        other.append(jobs[1])
        with tenant_scope(tenant_id):
            rollup_jobs.continue_rollup(tenant_id, jobs[0], product_clock.now())
    assert other == []
    assert len(restated(complete)) == 1
    complete.work_off()
    assert [changes for _, changes in restated(complete)] == [RESTATED]


def test_the_night_says_that_it_was_the_night_and_who_asks_is_named(
    complete: Figures, clock: Any, sweep: Callable[[], None]
) -> None:
    complete.import_unrolled(LATE)
    clock.advance(days=1)
    sweep()
    complete.import_unrolled([("D-1", "eve", "2026-02-01", 1, 5, "USD")])
    complete.roll()

    assert restated(complete) == [
        (
            "api_key",
            {"2026-02": {"orders": [1, 2], "revision": 2}, "2026-02-01": {"orders": [1, 2], "revision": 2}},
        ),
        ("night", RESTATED),
    ]


def test_the_running_day_is_not_restated(complete: Figures, clock: Any) -> None:
    today = "2028-01-10"  # where the fixture stands
    complete.import_orders([("T-1", "ann", today, 1, 1, "USD")])
    complete.import_orders([("T-2", "ann", today, 1, 1, "USD")])
    assert restated(complete) == []


def test_a_rollup_that_dies_at_any_write_restates_the_same_once(new_figures: Callable[..., Figures]) -> None:
    number = 0
    while True:
        figures, crash = new_figures(currency="USD"), CrashAt(number)
        tenant_id = figures.shop.tenant_id
        figures.import_orders(ORDERS)
        figures.import_unrolled(LATE)
        with tenant_scope(tenant_id):
            job = rollup_jobs.start_rollup(tenant_id, *YEAR, "night", product_clock.now())
        work_off(tenant_id, partial(rollup_jobs.continue_rollup, tenant_id, job.id, product_clock.now()), crash)

        assert restated(figures) == [("night", RESTATED)]
        if number and not crash.happened:
            break
        number += 1
    assert number > 4


def test_the_audit_page_tells_it_in_words(complete: Figures) -> None:
    complete.import_orders(LATE)
    tenant_id = complete.shop.tenant_id
    with tenant_scope(tenant_id):
        page = audit_log(tenant_id, target=None, action="figures.restated", limit=5, cursor=None)
    told = entry(AuditView.of(page.items[0]), "en")
    assert (told.who, told.by_itself) == ("the rollup after an import", True)
    assert [(each.field, each.before, each.after) for each in told.changes] == [
        ("2026-01", "2", "4 (r2)"),
        ("2026-01-05", "1", "2 (r2)"),
    ]


def test_a_night_with_one_late_order_costs_few_requests(
    complete: Figures, clock: Any, drain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much was sold before: one day and one month are read and written, and once each of those who count by
    night is asked: classes, scores, personas, earnings, lifetimes, the weekly recount.
    """
    columns = ("order_ref", "member", "ordered_on", "quantity", "amount_minor", "currency", "channel", "category")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("chalicelib.insight.imports.service.order_files.after_import", lambda *_: None)
        complete.import_orders([("N-1", "ann", "2026-01-05", 1, 5, "USD", "chat", "fruit")], columns)
    clock.advance(days=1)
    for schedule in drain.pump.schedules:
        drain.pump.run_schedule(schedule, clock.now())
    with metered() as night:
        drain()
    assert len(restated(complete)) == 1
    assert night.reads <= 44, night.by_operation
    assert (night.writes <= 14, night.items_written <= 20) == (True, True), night.by_operation
    assert night.write_units <= 38, night.write_units
