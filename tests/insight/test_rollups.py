"""Rollups: by night and on request, in the tenant's own day, the same however often they run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chalicelib.db import Refused, Transaction, tenant_scope
from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.figures import Activity, day_rollup
from chalicelib.insight.records import ActivityRecord, DirtyDay, RollupRecord
from chalicelib.insight.rollups.service import aggregates
from chalicelib.insight.rollups.service import days as rollups
from chalicelib.insight.rollups.service import jobs as rollup_jobs
from tests.insight.figures import Figures

AT_COLUMNS = ("order_ref", "member", "ordered_at", "quantity", "amount_minor", "currency")
ORDERS = [
    ("A-1", "ann", "2026-01-05", 1, 1000, "USD"),
    ("A-2", "bob", "2026-01-31", 2, 500, "USD"),
    ("A-3", "ann", "2026-02-01", 1, 700, "USD"),
]


class TestRerun:
    def test_a_rerun_is_byte_identical(self, figures: Figures) -> None:
        figures.import_orders(ORDERS)
        figures.roll()
        before = figures.stored()

        again = figures.roll()

        assert (again["done"], again["changed_days"]) == (3, 0)
        assert figures.stored() == before

    def test_a_late_order_changes_its_day_and_month_and_no_other_revision(self, figures: Figures) -> None:
        figures.import_orders(ORDERS)
        figures.roll()
        first = figures.report("retention", to_on="2026-02-28")["revision"]

        figures.import_unrolled([("A-0", "cat", "2026-01-05", 1, 10, "USD")])
        waiting = figures.report("retention", to_on="2026-02-28")
        figures.roll()

        assert (waiting["revision"], waiting["pending_days"], waiting["complete"]) == (first, 1, False)
        after = figures.report("retention", to_on="2026-02-28")
        assert (after["revision"], after["pending_days"], after["complete"]) == (first + 1, 0, True)
        assert figures.revisions() == {
            "2026-01": "2",
            "2026-01-05": "2",
            "2026-01-31": "1",
            "2026-02": "1",
            "2026-02-01": "1",
        }

    def test_orders_in_any_order_and_twice_give_the_same_figures(self, new_figures: Callable[..., Figures]) -> None:
        rows = [(f"A-{at}", f"m{at % 7}", f"2026-0{1 + at % 3}-0{1 + at % 9}", 1, at, "USD") for at in range(60)]
        tidy, messy = new_figures(currency="USD"), new_figures(currency="USD")
        tidy.import_orders(rows)
        tidy.roll()
        for part in (rows[40:], rows[:25], rows[20:45]):
            messy.import_orders(part)
            messy.roll()

        for mode in ("on", "on_or_after"):
            asked = {"mode": mode, "to_on": "2026-03-31"}
            assert messy.cells(**asked) == tidy.cells(**asked)
        assert _figures(messy) == _figures(tidy)

    def test_a_rollup_equals_a_recount(self, figures: Figures) -> None:
        rows = [(f"A-{at}", f"m{at % 7}", f"2026-01-{1 + at % 28:02}", at % 3, at, "USD") for at in range(90)]
        figures.import_orders(rows)
        figures.roll()

        totals = figures.report("summary", to_on="2026-01-31")["totals"]
        assert totals["orders"] == 90
        assert totals["quantity"] == sum(at % 3 for at in range(90))
        assert totals["gmv"]["amount_minor"] == sum(range(90))


class TestMarks:
    def test_an_order_that_arrives_during_the_rollup_keeps_its_day_dirty(
        self, figures: Figures, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        figures.import_orders(ORDERS)
        tenant_id, counted = figures.shop.tenant_id, rollups.counted

        def count_then_order(activities: Any, one_person: Any) -> Any:
            orders, tenant, on = list(activities), tenant_id, date(2026, 1, 5)
            found = counted(orders, one_person)
            if orders[0].on == on:
                place = ActivityRecord.of_ref(tenant, on, "late")
                late = ActivityRecord(*place, ordinal=7, amount_minor=1, currency="USD", quantity=1, hour=-1)
                tx = Transaction()
                tx.put("late", late)
                tx.put("mark", DirtyDay(DirtyDay.partition(tenant), on.isoformat(), mark="another"))
                tx.commit()
            return found

        monkeypatch.setattr(rollups, "counted", count_then_order)
        figures.roll()
        monkeypatch.undo()

        with tenant_scope(tenant_id):
            assert [mark.on for mark in DirtyDay.until(tenant_id, date(2026, 12, 31))] == [date(2026, 1, 5)]
        assert figures.report("summary", to_on="2026-01-31")["complete"] is False
        figures.roll()
        assert figures.report("summary", to_on="2026-01-31")["totals"]["orders"] == 3

    def test_a_rollup_that_read_less_than_what_stands_is_refused_and_reads_again(self, figures: Figures) -> None:
        figures.import_orders(ORDERS)
        figures.roll()
        tenant_id, partition = figures.shop.tenant_id, RollupRecord.days_partition(figures.shop.tenant_id)
        with tenant_scope(tenant_id):
            stale = aggregates.Stored(day_rollup([]), rev=0)
            late = aggregates.revised(partition, "2026-01-05", day_rollup([Activity(0, 1, "USD", 1)]), stale)
            assert late is not None
            with pytest.raises(Refused):
                _write(late)


class TestScale:
    def test_members_beyond_the_first_million_lie_in_chunks_of_their_own(self, figures: Figures) -> None:
        tenant_id = figures.shop.tenant_id
        far = [3, bitmaps.CHUNK_MEMBERS + 5, 2 * bitmaps.CHUNK_MEMBERS + 9]
        place = f"{tenant_id}#days", "2026-01-05"
        with tenant_scope(tenant_id):
            for ordinals in (far, far[:1], far[1:2], []):
                known = _stored(place)
                rollup = day_rollup([Activity(ordinal, 1, "USD", 1) for ordinal in ordinals])
                new = aggregates.revised(*place, rollup, known)
                assert new is not None
                _write(new)
                assert list(bitmaps.ordinals(_stored(place).rollup.members)) == ordinals

    def test_a_transaction_takes_no_more_than_dynamodb_does(
        self, figures: Figures, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(aggregates, "_MOST_BYTES", 1500)
        figures.import_unrolled([(f"A-{at}", "ann", f"2026-01-{1 + at:02}", 1, 1, "USD") for at in range(20)])

        assert figures.roll()["changed_days"] == 20
        assert figures.report("summary", to_on="2026-01-31")["totals"]["orders"] == 20


def _write(revision: aggregates.Revision) -> None:
    tx = Transaction()
    aggregates.write(tx, [revision])
    tx.commit()


class TestDaylightSaving:
    def test_hours_and_days_follow_the_wall_clock_on_the_days_clocks_change(self, figures: Figures) -> None:
        instants = {
            "2017-03-12T06:59:59Z": ("2017-03-12", "1"),  # the last second before 02:00 becomes 03:00
            "2017-03-12T07:00:00Z": ("2017-03-12", "3"),
            "2017-03-13T03:59:59Z": ("2017-03-12", "23"),
            "2017-11-05T05:30:00Z": ("2017-11-05", "1"),  # 01:30 for the first time
            "2017-11-05T06:30:00Z": ("2017-11-05", "1"),  # and for the second
            "2017-11-06T04:59:59Z": ("2017-11-05", "23"),
            "2017-11-06T05:00:00Z": ("2017-11-06", "0"),
        }
        rows = [(f"A-{at}", "ann", instant, 1, 1, "USD") for at, instant in enumerate(instants)]
        figures.import_orders(rows, AT_COLUMNS)
        figures.roll()

        for on in ("2017-03-12", "2017-11-05", "2017-11-06"):
            by_hour = figures.report("summary", by="hour", from_on=on, to_on=on)["rows"]
            expected = [hour for day, hour in instants.values() if day == on]
            assert [row["group"] for row in by_hour for _ in range(row["orders"])] == sorted(expected, key=int)


class TestRequest:
    @pytest.mark.parametrize(
        "body",
        [
            {"from_on": "2026-02-01", "to_on": "2026-01-31"},
            {"from_on": "2026-02-30", "to_on": "2026-03-31"},
            {"from_on": "2026-02-01"},
            {"from_on": "2026-02-01", "to_on": "2026-02-02", "force": True},
        ],
    )
    def test_a_range_that_is_none_is_refused(self, figures: Figures, body: dict[str, Any]) -> None:
        assert figures.shop.brand.post("/v1/rollups", body).status == 422

    def test_only_the_days_of_the_range_are_rolled(self, figures: Figures) -> None:
        figures.import_unrolled(ORDERS)

        job = figures.roll("2026-01-01", "2026-01-30")

        assert job["done"] == 1
        assert set(figures.revisions()) == {"2026-01", "2026-01-05"}
        assert figures.report("summary")["as_of"] == "2026-01-30"  # the next day with orders waits for its rollup

    def test_long_rollups_are_handed_from_message_to_message(
        self, figures: Figures, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rollup_jobs, "MESSAGE_SECONDS", 0.0)
        figures.import_orders(ORDERS)

        job = figures.roll()

        assert (job["status"], job["done"], job["total"]) == ("done", 3, 3)


def _stored(place: tuple[str, str]) -> aggregates.Stored:
    found = RollupRecord.fetch(*place, consistent=True)
    return aggregates.loaded([found])[place[1]] if found else aggregates.NOTHING


def _figures(figures: Figures) -> Any:
    report = figures.report("summary", by="month", to_on="2026-03-31")
    return report["totals"], report["rows"]
