"""The recount of all figures: it agrees with what the nights have made, and finds whatever stands wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.activity.service import taking_part
from chalicelib.insight.recompute.model.kinds import is_day_of
from chalicelib.insight.recompute.service import jobs as recompute_jobs
from chalicelib.insight.recompute.service import months as recompute_months
from chalicelib.insight.recompute.service.engine import Engine
from chalicelib.insight.records import ActivityRecord, DirtyDay, LeaveRecord
from chalicelib.kernel import clock as product_clock
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.service.members import members_by_ordinal
from tests.builders import made
from tests.insight.figures import Figures
from tests.insight.recompute import planting
from tests.insight.recompute.planting import checked, plant
from tests.insight.test_summary_by_dimension import FILE, WIDE

ANN, BOB, CAT, DAN = range(4)


def marked(figures: Figures) -> list[str]:
    with tenant_scope(figures.shop.tenant_id):
        return [mark.on.isoformat() for mark in DirtyDay.until(figures.shop.tenant_id, date.max)]


class TestAgreement:
    def test_every_cell_of_the_case_by_hand_agrees(self, rolled: Figures) -> None:
        job = checked(rolled)

        assert (job["differing"], job["differences"], job["waiting_days"]) == (0, [], 0)
        # Of 6 days and 4 months each order, piece and amount by hour and currency, each member and what they spent; of
        # the history cohorts by day, week and month, the life of members, classes at the ends of four months.
        assert job["compared"] == 721

    def test_members_who_are_one_who_took_part_who_left_and_orders_that_are_no_sale_are_counted_as_they_are(
        self, rolled: Figures, sweep: Any, clock: Any
    ) -> None:
        made(rolled.shop.brand.put("/v1/member-classes", {"taking_part_counts": True}), 200)
        tenant_id, now = rolled.shop.tenant_id, product_clock.now()
        with tenant_scope(tenant_id):
            people = members_by_ordinal(tenant_id, [ANN, BOB, CAT, DAN])
            for at, on in ((BOB, date(2026, 2, 14)), (ANN, date(2026, 5, 1)), (CAT, date(2026, 2, 14))):
                taking_part.note(tenant_id, people[at].id, on, now)
            assert unite(tenant_id, CAT, DAN, now)
            place = ActivityRecord.of_ref(tenant_id, date(2026, 3, 31), "A-6")
            undone = ActivityRecord.fetch(*place)
            assert undone is not None
            undone.voided = 1
            left = LeaveRecord(*LeaveRecord.address(tenant_id, BOB, date(2026, 2, 20)), back_on=date(2026, 3, 15))
            planting.put_many([undone, left])
            taking_part.mark_dirty(tenant_id, [date(2026, 3, 31)])
        clock.advance(days=1)
        sweep()

        assert rolled.report("summary", to_on="2026-04-30")["totals"]["members"] == 3
        job = checked(rolled)
        assert (job["differing"], job["differences"], job["waiting_days"]) == (0, [], 0)

    def test_orders_placed_here_and_rows_of_files_agree_by_every_dimension(
        self, figures: Figures, drain: Any, clock: Any, sweep: Any
    ) -> None:
        figures.import_orders(FILE, WIDE)
        figures.import_orders([("B-1", "eve", "2026-02-05", 2, 900, "USD")])
        made(figures.shop.order(quantity=2))
        made(figures.shop.order())
        drain()
        clock.advance(days=1)
        sweep()

        job = checked(figures)
        assert (job["differing"], job["differences"], job["waiting_days"]) == (0, [], 0)
        for kind, cells in SLICED.items():
            plant(figures, kind)
            found = checked(figures)
            assert (found["differing"], [tuple(each.values()) for each in found["differences"]]) == (len(cells), cells)
            clock.advance(days=1)
            sweep()
        assert checked(figures)["differing"] == 0

    def test_a_brand_without_orders_has_nothing_to_compare(self, figures: Figures) -> None:
        job = checked(figures)

        assert (job["compared"], job["differing"], job["total"]) == (0, 0, 1)

    def test_days_that_wait_for_their_rollup_are_left_out_and_told(self, rolled: Figures) -> None:
        rolled.import_unrolled([("L-1", "eve", "2026-01-05", 1, 100, "USD")])

        job = checked(rolled)

        assert (job["differing"], job["waiting_days"]) == (0, 1)
        assert marked(rolled) == ["2026-01-05"]

    def test_what_is_written_while_a_month_is_read_is_no_difference(
        self, rolled: Figures, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        load = recompute_months.reading.load_raw

        def order_then_load(engine: Engine, tenant_id: str, month: int) -> None:
            place = ActivityRecord.of_ref(tenant_id, date(2026, 1, 5), "late")
            planting.put_many(
                [ActivityRecord(*place, ordinal=CAT, amount_minor=1, currency="USD", quantity=1, hour=-1)]
            )
            load(engine, tenant_id, month)
            taking_part.mark_dirty(tenant_id, [date(2026, 1, 5)])

        monkeypatch.setattr(recompute_months.reading, "load_raw", order_then_load)
        assert checked(rolled)["differing"] == 0

    def test_what_differs_at_first_and_is_marked_later_is_no_difference(
        self, rolled: Figures, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An import writes its orders first, and then marks their days."""
        tenant_id, save = rolled.shop.tenant_id, recompute_jobs.jobs.save
        with tenant_scope(tenant_id):
            place = ActivityRecord.of_ref(tenant_id, date(2026, 1, 5), "late")
            planting.put_many(
                [ActivityRecord(*place, ordinal=CAT, amount_minor=1, currency="USD", quantity=1, hour=-1)]
            )

        def mark_then_save(job: Any, *following: Any) -> None:
            taking_part.mark_dirty(tenant_id, [date(2026, 1, 5)])
            save(job, *following)

        monkeypatch.setattr(recompute_jobs.jobs, "save", mark_then_save)
        job = checked(rolled)
        assert (job["differing"], job["waiting_days"]) == (0, 1)


SLICED = {
    planting.wrong_slice: [("by channel", "2026-01-05", "chat units", 4, 3)],
    planting.slice_of_nothing: [
        ("by product", "2026-02-05", f"XXX {cell}", number, None)
        for cell, number in (("amount_minor USD", 5), ("member 1", 1), ("orders", 1), ("orders USD", 1), ("units", 2))
    ],
}

# What stands wrong, in how many cells; the first of them, as check, period, cell, stored and recounted; the day marked.
WRONG: list[tuple[Any, int, tuple[Any, ...], str]] = [
    (planting.wrong_total, 1, ("orders", "2026-01-05", "hour -1", 3, 2), "2026-01-05"),
    (planting.stale_month, 1, ("orders", "2026-01", "hour -1", 5, 4), "2026-01-05"),
    (planting.stale_revision, 1, ("revisions of the month's days", "2026-01", "day 05", 7, 1), "2026-01-05"),
    (planting.wrong_bit, 1, ("members who ordered", "2026-01-05", "member 9", 1, None), "2026-01-05"),
    (planting.missing_day, 7, ("orders", "2026-01-05", "hour -1", None, 2), "2026-01-05"),
    (planting.extra_day, 6, ("orders", "2026-01-20", "hour -1", 1, None), "2026-01-20"),
    (planting.wrong_spend, 1, ("spent_minor", "2026-01-05", "member 1 USD", 506, 505), "2026-01-05"),
    (planting.spend_of_nobody, 1, ("spent_minor", "2026-01-05", "member 100000 USD", 5, None), "2026-01-05"),
    (planting.who_took_no_part, 1, ("members who took part", "2026-01-05", "member 1", 1, None), "2026-01-05"),
]


class TestDifferences:
    @pytest.mark.parametrize(("wrong", "cells", "first", "day"), WRONG, ids=[each[0].__name__ for each in WRONG])
    def test_a_figure_that_stands_wrong_is_found_and_its_day_marked(
        self, rolled: Figures, wrong: Any, cells: int, first: tuple[Any, ...], day: str
    ) -> None:
        plant(rolled, wrong)
        wronged = rolled.aggregates()

        job = checked(rolled)

        assert (job["differing"], tuple(job["differences"][0].values())) == (cells, first)
        assert marked(rolled) == [day]
        told = made(rolled.shop.brand.get("/v1/audit?action=figures.differed"), 200)["items"]
        assert [(each["by"].partition(":")[0], each["target"], each["changes"]["differing"]) for each in told] == [
            ("api_key", f"job:{job['id']}", cells)
        ]
        assert {key: _said(item) for key, item in rolled.aggregates().items()} == {
            key: _said(item) for key, item in wronged.items()
        }, "nothing is overwritten at once"

    @pytest.mark.parametrize(
        "wrong",
        [
            (planting.wrong_total, planting.stale_month, planting.stale_revision, planting.extra_day),
            (planting.wrong_bit, planting.wrong_spend, planting.spend_of_nobody, planting.who_took_no_part),
            (planting.missing_day,),
        ],
    )
    def test_the_next_night_mends_it(self, rolled: Figures, clock: Any, sweep: Any, wrong: tuple[Any, ...]) -> None:
        right = rolled.aggregates()
        for each in wrong:
            plant(rolled, each)
        assert checked(rolled)["differing"] >= len(wrong)

        clock.advance(days=1)
        sweep()

        again = checked(rolled)
        assert (again["differing"], again["differences"], marked(rolled)) == (0, [], [])
        mended = {key: _said(item) for key, item in rolled.aggregates().items() if _said(item) != _NOBODY}
        assert mended == {key: _said(item) for key, item in right.items()}

    def test_a_worker_that_dies_after_a_difference_was_stored_marks_its_day_all_the_same(
        self, rolled: Figures, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plant(rolled, planting.wrong_total)
        mark, died = recompute_months.mending.mark, []

        def die_once(tenant_id: str, days: Any) -> None:
            if days and not died:
                died.append(days)
                raise RuntimeError("the worker dies here")
            mark(tenant_id, days)

        monkeypatch.setattr(recompute_months.mending, "mark", die_once)
        job = checked(rolled)

        assert died
        assert (job["differing"], marked(rolled)) == (1, ["2026-01-05"])

    def test_all_differences_are_counted_and_the_first_hundred_named(self, figures: Figures) -> None:
        figures.import_orders([(f"A-{at}", f"m{at}", "2026-01-05", 1, 100, "USD") for at in range(120)])
        plant(figures, planting.missing_day)

        job = checked(figures)

        assert job["differing"] == 4 + 120 + 1
        assert len(job["differences"]) == 100


class TestJob:
    def test_one_runs_at_a_time(self, rolled: Figures, drain: Any) -> None:
        ids = {made(rolled.shop.brand.post("/v1/rollups/check", {}), 202)["id"] for _ in range(3)}
        drain()

        assert len(ids) == 1
        assert made(rolled.shop.brand.post("/v1/rollups/check", {}), 202)["id"] not in ids

    def test_a_long_one_goes_from_message_to_message(self, rolled: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(recompute_jobs, "MESSAGE_SECONDS", 0.0)

        job = checked(rolled)

        assert (job["compared"], job["differing"], job["done"]) == (721, 0, 9)

    def test_it_begins_once_a_week_on_the_brands_day(
        self, rolled: Figures, clock: Any, sweep: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(recompute_jobs, "is_day_of", is_day_of)
        clock.set(datetime(2028, 1, 16, 15, tzinfo=UTC))
        sweep()
        begun = []
        for _ in range(14):
            clock.advance(days=1)
            sweep()
            begun.append(len(_recounts(rolled)))

        assert begun[-1] - begun[6] == 1
        assert begun[6] <= 2
        assert _begun_by(rolled) == {"week"}

    def test_brands_are_spread_over_the_week(self) -> None:
        monday = date(2028, 1, 10)
        days = [at for n in range(700) for at in range(7) if is_day_of(f"tenant-{n}", date(2028, 1, 10 + at))]

        assert monday.weekday() == 0
        assert len(days) == 700
        assert all(60 < days.count(at) < 140 for at in range(7))


def test_the_database_reaches_nothing_outside_its_folder_and_loads_nothing(tmp_path: Any) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("1\n")
    with Engine() as engine:
        for refused in (
            f"COPY (SELECT 1) TO '{tmp_path / 'written.csv'}'",
            f"FROM read_csv('{outside}')",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET enable_external_access = true",
        ):
            with pytest.raises(Exception, match=r"[Pp]ermission|disabled|locked|no access to the file"):
                engine.run([refused])
        folder = engine.folder
        assert folder.exists()
    assert not folder.exists()
    assert list(tmp_path.iterdir()) == [outside]


_NOBODY: dict[str, Any] = {"hours": "{}"}


def _said(item: dict[str, Any]) -> dict[str, Any]:
    """What an aggregate says, without how often it was written."""
    return {"hours": item["hours"]["S"]} | ({"bits": item["bits"]["B"]} if "bits" in item else {})


def _recounts(figures: Figures) -> list[Any]:
    listed = made(figures.shop.brand.get("/v1/jobs?limit=100"), 200)["items"]
    return [job for job in listed if job["kind"] == "recompute"]


def _begun_by(figures: Figures) -> set[str]:
    tenant_id = figures.shop.tenant_id
    with tenant_scope(tenant_id):
        return {recompute_jobs.jobs.get_job(tenant_id, job["id"]).created_by for job in _recounts(figures)}
