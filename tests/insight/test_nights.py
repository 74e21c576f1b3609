"""Nights: each tenant's own, found when its local day has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.rollups.service import jobs as rollup_jobs
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.local_day import local_date
from chalicelib.tenants.model import DAY_GRACE
from tests.insight.figures import Figures

ORDERS = [
    ("A-1", "ann", "2026-01-05", 1, 1000, "USD"),
    ("A-2", "bob", "2026-01-31", 2, 500, "USD"),
    ("A-3", "ann", "2026-02-01", 1, 700, "USD"),
]


def test_the_tenants_night_rolls_every_dirty_day_that_has_ended(
    new_figures: Callable[..., Figures], clock: Any, sweep: Callable[[], None]
) -> None:
    clock.set(datetime(2026, 3, 1, 12, tzinfo=UTC))
    figures = new_figures(timezone="Asia/Shanghai")  # 20:00 there
    figures.import_unrolled([*ORDERS, ("A-4", "ann", "2026-03-01", 1, 1, "CNY")])

    clock.set(datetime(2026, 3, 1, 15, 59, tzinfo=UTC))
    sweep()
    assert figures.revisions() == {}

    clock.set(datetime(2026, 3, 1, 16, 0, tzinfo=UTC) + DAY_GRACE)
    sweep()

    assert set(figures.revisions()) == {
        *("2026-01", "2026-01-05", "2026-01-31", "2026-02", "2026-02-01", "2026-03", "2026-03-01")
    }
    report = figures.report("summary", to_on="2026-03-01")
    assert (report["as_of"], report["complete"], report["pending_days"]) == ("2026-03-01", True, 0)


def test_a_night_without_orders_still_moves_as_of(figures: Figures, clock: Any, sweep: Callable[[], None]) -> None:
    clock.set(datetime(2028, 3, 5, 12, tzinfo=UTC))
    sweep()

    assert figures.report("summary")["as_of"] == "2028-03-04"
    assert figures.shop.brand.get("/v1/jobs").json["items"] == []


@pytest.mark.parametrize(
    ("now", "following"),
    [
        (datetime(2028, 3, 12, 6, tzinfo=UTC), datetime(2028, 3, 13, 4, tzinfo=UTC)),  # a day of 23 hours
        (datetime(2028, 11, 5, 5, tzinfo=UTC), datetime(2028, 11, 6, 5, tzinfo=UTC)),  # a day of 25 hours
    ],
)
def test_the_next_night_is_the_next_local_midnight(
    figures: Figures, clock: Any, sweep: Callable[[], None], now: datetime, following: datetime
) -> None:
    clock.set(now)
    sweep()

    tenant_id = figures.shop.tenant_id
    with tenant_scope(tenant_id):
        found = rollup_jobs.DayClock.fetch(*rollup_jobs.DayClock.address(tenant_id))
    assert found is not None
    assert found.due_at == following + DAY_GRACE


def test_the_message_of_a_night_may_come_ten_times(figures: Figures, clock: Any) -> None:
    figures.import_orders(ORDERS)
    clock.advance(days=2)
    tenant_id = figures.shop.tenant_id
    with tenant_scope(tenant_id):
        for _ in range(10):
            rollup_jobs.end_day(tenant_id, clock.now())

    jobs = figures.shop.brand.get("/v1/jobs").json["items"]
    assert [job["kind"] for job in jobs] == ["rollup", "orders"]


def test_after_an_outage_one_night_catches_up_with_all(figures: Figures, clock: Any, sweep: Callable[[], None]) -> None:
    figures.import_orders(ORDERS)
    clock.advance(days=30)
    sweep()

    report = figures.report("summary", to_on="2026-02-28")
    assert (report["totals"]["orders"], report["complete"]) == (3, True)


def test_a_day_under_way_is_rolled_as_far_as_it_is_and_stays_dirty(
    figures: Figures, clock: Any, sweep: Callable[[], None]
) -> None:
    today = local_date(clock.now(), product_clock.zone("America/New_York"))
    figures.import_orders([*ORDERS, ("A-9", "ann", today.isoformat(), 1, 1, "USD")])

    job = figures.roll()

    report = figures.report("summary", to_on=today.isoformat(), from_on=today.isoformat())
    assert (job["done"], report["totals"]["orders"], report["complete"]) == (4, 1, False)
    clock.advance(days=1)
    sweep()
    report = figures.report("summary", to_on=today.isoformat(), from_on=today.isoformat())
    assert (report["totals"]["orders"], report["complete"]) == (1, True)
