"""Workers that die for good, rollups that come in between, messages that are lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.activity.service import imported_orders
from chalicelib.insight.imports.service import order_files
from chalicelib.insight.rollups.service import jobs as rollup_jobs
from chalicelib.kernel import clock as product_clock
from tests.insight.figures import REPEATED, YEAR, Figures, as_csv


class Crash(Exception):
    """The worker dies here."""


def test_a_rollup_between_mark_and_orders_does_not_hide_them(figures: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
    tenant_id, write = figures.shop.tenant_id, imported_orders._write

    def rolled_in_between(*given: Any) -> Any:
        job = rollup_jobs.start_rollup(tenant_id, *YEAR, "test", product_clock.now())
        rollup_jobs.continue_rollup(tenant_id, job.id, product_clock.now())
        return write(*given)

    monkeypatch.setattr(imported_orders, "_write", rolled_in_between)
    job_id = figures.send(as_csv(REPEATED))["id"]
    with tenant_scope(tenant_id):
        order_files.work(tenant_id, job_id, product_clock.now())
    figures.roll()

    assert figures.report("summary", to_on="2026-12-31")["totals"]["orders"] == 9


def test_orders_of_an_import_that_never_comes_back_are_still_rolled_up(
    figures: Figures, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant_id, job_id = figures.shop.tenant_id, figures.send(as_csv(REPEATED))["id"]
    monkeypatch.setattr(imported_orders, "_judge", lambda *_: pytest.fail("the worker died before"))
    marked, marks = imported_orders.mark_dirty, [1, 2]

    def dies_at_the_second(tenant: str, days: Any) -> None:
        if marks.pop(0) == 2:
            raise Crash
        marked(tenant, days)

    monkeypatch.setattr(imported_orders, "mark_dirty", dies_at_the_second)
    with tenant_scope(tenant_id), pytest.raises(Crash):
        order_files.work(tenant_id, job_id, product_clock.now())
    monkeypatch.setattr(order_files, "work", lambda *_: None)
    figures.roll()

    assert figures.report("summary", to_on="2026-12-31")["totals"]["orders"] == 9


@pytest.mark.parametrize("times", [1, 4])
def test_a_job_whose_message_was_lost_is_continued_and_in_the_end_given_up(
    figures: Figures, clock: Any, sweep: Callable[[], None], monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    work = order_files.work
    monkeypatch.setattr(order_files, "work", lambda *_: None)  # as if the message had been lost
    job = figures.import_orders(REPEATED)
    for _ in range(times - 1):
        clock.advance(hours=4)
        sweep()
    monkeypatch.setattr(order_files, "work", work)
    clock.advance(hours=4)
    sweep()

    ended = figures.job(job["id"])
    assert (job["status"], ended["status"], ended["done"]) == (
        *("queued", "done" if times == 1 else "failed"),
        12 if times == 1 else 0,
    )
