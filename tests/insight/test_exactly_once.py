"""Imports and rollups that crash, come twice, or run at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.db.client import connection
from chalicelib.insight.activity.model import lines
from chalicelib.insight.activity.model import rows as rows_model
from chalicelib.insight.activity.service import imported_orders
from chalicelib.insight.imports.service import order_files
from chalicelib.insight.rollups.service import jobs as rollup_jobs
from chalicelib.kernel import clock as product_clock
from tests.insight.figures import COLUMNS, REPEATED, YEAR, Figures, as_csv

WRITES = frozenset({"TransactWriteItems", "BatchWriteItem", "PutItem", "UpdateItem", "DeleteItem"})


class Crash(Exception):
    """The worker dies here."""


class CrashAt:
    """Lets the process die before its n-th write; that is also after the one before it, with the answer lost."""

    def __init__(self, number: int) -> None:
        self.left = number
        self.happened = False

    @contextmanager
    def armed(self) -> Iterator[None]:
        shared: Any = connection()
        original = shared.dispatch

        def dispatch(operation: str, arguments: dict[str, Any]) -> Any:
            if operation not in WRITES or self.happened:
                return original(operation, arguments)
            self.left -= 1
            if self.left:
                return original(operation, arguments)
            self.happened = True
            raise Crash

        shared.dispatch = dispatch
        try:
            yield
        finally:
            del shared.dispatch


def work_off(tenant_id: str, step: Callable[[], None], crash: CrashAt) -> None:
    """What a queue does: delivers again after the crash, and once too often at the end."""
    with tenant_scope(tenant_id), crash.armed():
        for _ in range(3):
            try:
                step()
            except Crash:
                continue


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_files, "SLICE_ROWS", 6)
    monkeypatch.setattr(imported_orders, "_ORDERS_A_TRANSACTION", 4)


@pytest.mark.usefixtures("small_slices")
def test_an_import_that_dies_at_any_write_ends_as_if_it_had_not(new_figures: Callable[..., Figures]) -> None:
    expected, number = None, 0
    while True:
        figures, crash = new_figures(currency="USD"), CrashAt(number)
        tenant_id, job_id = figures.shop.tenant_id, figures.send(as_csv(REPEATED))["id"]
        work_off(tenant_id, partial(order_files.work, tenant_id, job_id, product_clock.now()), crash)

        job = figures.job(job_id)
        assert (job["status"], job["done"], job["imported"], job["duplicates"]) == ("done", 12, 9, 2)
        assert [error["row"] for error in job["errors"]] == [13]
        facts = _facts(figures)
        expected = expected or facts
        assert facts == expected
        if number and not crash.happened:
            break
        number += 1
    assert number > 10


def test_a_rollup_that_dies_at_any_write_ends_as_if_it_had_not(new_figures: Callable[..., Figures]) -> None:
    expected, number = None, 0
    while True:
        figures, crash = new_figures(currency="USD"), CrashAt(number)
        tenant_id = figures.shop.tenant_id
        figures.import_unrolled(REPEATED)
        with tenant_scope(tenant_id):
            made = rollup_jobs.start_rollup(tenant_id, *YEAR, "test", product_clock.now())
        work_off(tenant_id, partial(rollup_jobs.continue_rollup, tenant_id, made.id, product_clock.now()), crash)

        job = figures.job(made.id)
        assert (job["status"], job["done"], job["percent"]) == ("done", 6, 100)
        facts = _facts(figures)
        assert not [key for key in facts if "dirty" in key[0]]
        expected = expected or facts
        assert facts == expected
        if number and not crash.happened:
            break
        number += 1
    assert number > 6


def test_after_a_crash_all_members_of_a_slice_are_looked_at_by_the_rules_of_segments(
    figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at, looked = imported_orders.look_at, []

    def dies_once(tenant_id: str, ordinals: Iterable[int], now: datetime) -> None:
        looked.append(set(ordinals))
        if len(looked) == 1:
            raise Crash
        look_at(tenant_id, ordinals, now)

    figures.import_orders([("A-1", "ann", "2026-01-05", 1, 100, "USD"), ("A-2", "bob", "2026-01-05", 1, 100, "USD")])
    monkeypatch.setattr(imported_orders, "look_at", dies_once)
    sent = figures.send(as_csv([("B-1", "ann", "2026-02-05", 1, 9, "USD"), ("B-2", "bob", "2026-02-05", 1, 9, "USD")]))
    with tenant_scope(figures.shop.tenant_id):
        for _ in range(2):
            with suppress(Crash):
                order_files.work(figures.shop.tenant_id, sent["id"], product_clock.now())
    figures.work_off()
    assert looked[:2] == [{0, 1}, {0, 1}]


def test_two_imports_of_the_same_orders_at_once_count_each_once(figures: Figures) -> None:
    rows = [(f"A-{at}", f"m{at % 40}", f"2026-01-{1 + at % 28:02}", 1, at, "USD") for at in range(300)]
    tenant_id = figures.shop.tenant_id
    jobs = [figures.send(as_csv(rows if at % 2 else rows[::-1]))["id"] for at in range(4)]

    _at_once([partial(order_files.work, tenant_id, job, product_clock.now()) for job in jobs], tenant_id)

    ended = [figures.job(job) for job in jobs]
    assert [job["status"] for job in ended] == ["done"] * 4
    assert sum(job["imported"] for job in ended) == 300
    assert sum(job["duplicates"] for job in ended) == 900
    figures.roll()
    totals = figures.report("summary", to_on="2026-01-31")["totals"]
    assert (totals["orders"], totals["active_members"]) == (300, 40)
    assert totals["gmv"]["amount_minor"] == sum(range(300))
    assert len(figures.shop.brand.get("/v1/members?limit=100").json["items"]) == 40


def test_the_same_message_to_several_workers_at_once_counts_once(
    figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_files, "SLICE_ROWS", 30)
    rows = [(f"A-{at}", f"m{at % 9}", "2026-01-05", 1, at, "USD") for at in range(100)]
    tenant_id, job_id = figures.shop.tenant_id, figures.send(as_csv(rows))["id"]

    deliver = partial(order_files.work, tenant_id, job_id, product_clock.now())
    _at_once([deliver] * 4, tenant_id)
    with tenant_scope(tenant_id):
        deliver()

    job = figures.job(job_id)
    assert (job["status"], job["done"], job["imported"], job["duplicates"]) == ("done", 100, 100, 0)


def test_rollups_of_the_same_days_at_once_end_in_one_content(figures: Figures) -> None:
    figures.import_orders(REPEATED)
    tenant_id = figures.shop.tenant_id
    with tenant_scope(tenant_id):
        made = [rollup_jobs.start_rollup(tenant_id, *YEAR, "test", product_clock.now()) for _ in range(4)]

    _at_once([partial(rollup_jobs.continue_rollup, tenant_id, job.id, product_clock.now()) for job in made], tenant_id)

    assert [figures.job(job.id)["status"] for job in made] == ["done"] * 4
    before = figures.aggregates()
    assert {item["rev"]["N"] for item in before.values()} == {"1"}
    figures.roll()
    assert figures.aggregates() == before


def _at_once(works: list[Callable[[], None]], tenant_id: str) -> None:
    failures: list[BaseException] = []
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        barrier.wait()
        try:
            with tenant_scope(tenant_id):
                work()
        except Exception as failure:  # noqa: BLE001 - shown below
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def _facts(figures: Figures) -> dict[tuple[str, str], Any]:
    """What is stored, without what differs between tenants: their ids, and the ids of jobs."""
    facts = {}
    for (pk, sk), item in figures.stored().items():
        kept = {name: value for name, value in item.items() if name not in {"pk", "j"}}
        facts[pk[27:], sk] = kept
    return facts


def test_a_reference_of_before_marks_were_taken_from_it_counts_once(
    figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [('="0012"', "ann", "2026-01-05", 1, 100, "USD"), ("B\u200b7", "bob", "2026-01-05", 1, 50, "USD")]
    file = "\n".join([",".join(COLUMNS), *(",".join(map(str, row)) for row in rows)])
    with monkeypatch.context() as before:
        for module in (rows_model, lines):
            before.setattr(module, "clean", lambda name, text: text)
        assert figures.import_orders(file)["imported"] == 2
    again = figures.import_orders(file)
    assert (again["imported"], again["duplicates"], again["errors"]) == (0, 2, [])


def test_an_import_costs_few_requests_an_order(figures: Figures) -> None:
    """Of 400 orders of 200 members on 4 days, none of whom was there before, with all that follows of their joining."""
    rows = [(f"A-{at}", f"m{at // 2}", f"2026-01-{1 + at % 4:02}", 1, at, "USD") for at in range(400)]
    sent = figures.send(as_csv(rows))
    with pytest.MonkeyPatch.context() as patched, metered() as meter:
        patched.setattr(order_files, "after_import", lambda *_: None)
        figures.work_off()
    assert figures.job(sent["id"])["imported"] == 400
    assert (meter.reads + meter.writes) / 400 <= 0.25, meter.by_operation
