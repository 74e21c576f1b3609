"""Lifetime values through the product: orders in, models fitted in the background or at once, the report out."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.insight.lifetime.records import LifetimeRecord
from chalicelib.insight.reports import behind
from chalicelib.insight.reports.lifetime_value import LIFETIME_VALUE, reading
from chalicelib.insight.reports.service import lifetime_fitting, lifetimes
from chalicelib.jobs import service as jobs
from chalicelib.kernel.clock import now
from chalicelib.kernel.ids import new_id
from tests.builders import made
from tests.conftest import Clock
from tests.insight.figures import Figures, Row, data_file
from tests.insight.simulated import purchase_days

SEPTEMBER = "1997-09-30"
TOLD = (0.9, 9.0, 0.5, 2.5)
# What SciPy (optimize.minimize, Nelder-Mead on logarithms) finds in these orders.
FOUND = {"r": 1.085923, "alpha": 9.277101, "a": 0.780865, "b": 4.882832}
FOUND_AMOUNTS = {"p": 3.29964, "q": 5.72687, "v": 24159.8906}


def _no_key(name: str) -> Any:
    raise LookupError(name)


def orders(members: int = 150) -> list[Row]:
    """What so many members order up to the last day of September."""
    chance, end, rows = random.Random(21), date.fromisoformat(SEPTEMBER), list[Row]()
    for who in range(members):
        seen = chance.randrange(30, 270)
        usual = chance.gammavariate(4, 1 / 8000)
        for day in (0, *purchase_days(chance, seen, *TOLD)):
            on = end - timedelta(days=seen - day)
            rows.append(
                (f"{who}-{day}", f"m{who:03d}", on.isoformat(), 1, 1 + round(chance.gammavariate(6, 1 / usual)), "USD")
            )
    return rows


@pytest.fixture
def bought(figures: Figures) -> Figures:
    """A brand with these orders, rolled up."""

    def made() -> None:
        figures.import_orders(orders())
        figures.roll()

    figures.shop.once("simulated orders, rolled up", made)
    return figures


@pytest.fixture
def large(bought: Figures, monkeypatch: pytest.MonkeyPatch) -> Figures:
    """A brand for which models are fitted by a job."""
    monkeypatch.setattr(lifetimes, "AT_ONCE", 10)
    return bought


def value(figures: Figures, **asked: Any) -> Any:
    return figures.report("lifetime-value", **asked)


class TestSmall:
    def test_the_models_are_those_that_another_optimiser_finds(self, bought: Figures) -> None:
        report = value(bought, as_of=SEPTEMBER)

        model = report["model"]
        assert (model["converged"], model["reason"], model["amounts_converged"]) == (True, None, True)
        assert {name: float(model[name]) for name in FOUND} == pytest.approx(FOUND, rel=1e-4)
        assert {name: float(model[name]) for name in FOUND_AMOUNTS} == pytest.approx(FOUND_AMOUNTS, rel=1e-4)
        assert (model["members"], model["fitted_to"], model["left"]) == (150, 150, 0)
        assert (report["complete"], report["job_id"], report["to_on"]) == (True, None, SEPTEMBER)
        assert report["definition"]["zh"]

    def test_rows_hold_everyone_and_add_up(self, bought: Figures) -> None:
        report = value(bought, as_of=SEPTEMBER)

        assert sum(row["members"] for row in report["rows"]) == 150
        for place, whole in enumerate(report["expected"]):
            parts = [row["expected"][place] for row in report["rows"]]
            assert sum(part["amount"]["amount_minor"] for part in parts) == whole["amount"]["amount_minor"]
            assert sum(float(part["orders"]) for part in parts) == pytest.approx(float(whole["orders"]))
        assert [each["weeks"] for each in report["expected"]] == [12, 52]
        charts = LIFETIME_VALUE.charts
        assert charts is not None
        [members, amounts] = charts(LIFETIME_VALUE.answer.model_validate(report))
        assert sum(sum(each.values) for each in members.series) == 150  # type: ignore[arg-type]
        assert len(amounts.labels) == len(amounts.series[0].values) == 6

    def test_members_behind_a_band_and_those_at_risk(self, bought: Figures) -> None:
        report = value(bought, as_of=SEPTEMBER)
        row = max(report["rows"], key=lambda each: each["members"])

        behind = value(bought, as_of=SEPTEMBER, members=f"{row['alive']}:{row['value']}")["members"]
        risky = value(bought, as_of=SEPTEMBER, members="risk", limit=5)
        further = value(bought, as_of=SEPTEMBER, members="risk", limit=5, cursor=risky["next_cursor"])

        assert len({each["id"] for each in behind}) == row["members"]
        amounts = [each["at_risk"]["amount_minor"] for each in risky["at_risk"] + further["at_risk"]]
        assert amounts == sorted(amounts, reverse=True)
        assert len(amounts) == 10
        assert all(0 < float(each["p_alive"]) < 1 and each["repeats"] for each in risky["at_risk"])

    def test_a_result_that_is_replaced_while_it_is_read_is_read_again(
        self, bought: Figures, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = max(value(bought, as_of=SEPTEMBER)["rows"], key=lambda each: each["members"])
        read, editions = reading.lifetimes, []

        def replaced(tenant_id: str, *asked: Any) -> Any:
            found = read(tenant_id, *asked)
            if not editions:  # as the night does
                lifetime_fitting.fit_as_of(tenant_id, date.fromisoformat(SEPTEMBER), new_id(now()), now())
            editions.append(found.edition)
            return found

        monkeypatch.setattr(reading, "lifetimes", replaced)
        shown = value(bought, as_of=SEPTEMBER, members=f"{row['alive']}:{row['value']}")

        assert (len(shown["members"]), len(set(editions))) == (row["members"], 2)

    def test_a_worker_that_has_no_key_writes_those_at_risk_into_a_file(
        self, bought: Figures, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wanted = {"name": "lifetime-value", "parameters": {"members": "risk", "as_of": SEPTEMBER}, "format": "csv"}
        job = made(bought.shop.brand.post("/v1/report-jobs", wanted), 202)["job"]
        for module in (behind, reading):
            monkeypatch.setattr(module, "secret", _no_key, raising=False)
        drain()
        assert bought.job(job["id"])["status"] == "done"

    def test_as_tables(self, bought: Figures) -> None:
        rows = list(csv.DictReader(io.StringIO(bought.ask("lifetime-value", as_of=SEPTEMBER, format="csv").text)))
        risky = bought.ask("lifetime-value", as_of=SEPTEMBER, members="risk", format="csv").text

        assert sum(int(row["members"]) for row in rows) == 150
        assert {row["definition"] for row in rows} == {"lifetime_value"}
        assert next(csv.DictReader(io.StringIO(risky)))["external_ref"].startswith("m")

    def test_a_late_order_is_seen_by_who_asks_for_that_day_again(self, bought: Figures) -> None:
        before = value(bought, as_of=SEPTEMBER)
        bought.import_orders([("late", "m000", "1997-09-29", 1, 999_999, "USD")])

        after = value(bought, as_of=SEPTEMBER)

        assert after["revision"] > before["revision"]
        assert after["model"]["r"] != before["model"]["r"]
        assert after["model"]["fitted_at"] != before["model"]["fitted_at"]

    def test_who_has_left_is_expected_to_bring_nothing(self, bought: Figures, drain: Callable[[], None]) -> None:
        [gone] = value(bought, members="risk", limit=1)["at_risk"]
        assert bought.shop.brand.post(f"/v1/members/{gone['id']}/leave", {"reason": "prices"}).status < 300
        drain()
        bought.import_orders([("late", "m000", "1997-09-29", 1, 100, "USD")])

        report = value(bought, as_of="2028-01-10", members="risk", limit=1)

        assert report["model"]["left"] == 1
        assert report["at_risk"][0]["id"] != gone["id"]

    def test_of_few_members_nothing_is_said_but_why(self, rolled: Figures) -> None:
        report = value(rolled)
        chinese = rolled.ask("lifetime-value", headers={"Accept-Language": "zh"}).json

        assert (report["model"]["converged"], report["model"]["r"], report["rows"]) == (False, None, [])
        assert report["model"]["reason"] == "There are fewer than 100 members with an order."
        assert "100" in chinese["model"]["reason"]
        assert value(rolled, members="risk")["at_risk"] == []

    def test_a_brand_without_orders(self, figures: Figures) -> None:
        assert value(figures)["model"]["converged"] is False

    @pytest.mark.parametrize("named", ["6:1", "once", "1:6", "risks", "0:1"])
    def test_what_is_no_band_is_refused_by_name(self, bought: Figures, named: str) -> None:
        reply = bought.ask("lifetime-value", members=named)

        assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, "?members")


class TestLarge:
    def test_a_job_fits_it_and_what_was_found_is_read_of_few_items(
        self, large: Figures, drain: Callable[[], None]
    ) -> None:
        asked, again = value(large, as_of=SEPTEMBER), value(large, as_of=SEPTEMBER)
        drain()
        with metered() as reading:
            report = value(large, as_of=SEPTEMBER)

        assert asked["model"]["reason"] == "It is being computed for the first time; ask again in a minute."
        assert (asked["job_id"], asked["complete"]) == (again["job_id"], False)
        assert large.job(asked["job_id"])["status"] == "done"
        assert float(report["model"]["r"]) == pytest.approx(FOUND["r"], rel=1e-4)
        assert reading.reads <= 12, reading.by_operation

    def test_done_twice_or_late_it_is_the_same(self, large: Figures, drain: Callable[[], None], clock: Clock) -> None:
        job_id = value(large, as_of=SEPTEMBER)["job_id"]
        drain()
        before = kept(large)
        with tenant_scope(large.shop.tenant_id):
            lifetime_fitting.continue_fitting(large.shop.tenant_id, job_id, clock.now())

        assert kept(large) == before

    def test_a_crash_before_the_job_ends_leaves_the_same(
        self, large: Figures, drain: Callable[[], None], clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tenant_id, job_id = large.shop.tenant_id, value(large, as_of=SEPTEMBER)["job_id"]
        with tenant_scope(tenant_id), monkeypatch.context() as patched:
            patched.setattr(jobs, "save", _dies)
            with pytest.raises(RuntimeError):
                lifetime_fitting.continue_fitting(tenant_id, job_id, clock.now())
        first = kept(large)
        drain()

        assert large.job(job_id)["status"] == "done"
        assert {place: item["content"] for place, item in kept(large).items() if "content" in item} == {
            place: item["content"] for place, item in first.items() if "content" in item
        }
        assert kept(large).keys() == first.keys()

    def test_at_night_it_is_fitted_where_it_is_used_and_figures_have_changed(
        self, large: Figures, drain: Callable[[], None], sweep: Callable[[], None], clock: Clock
    ) -> None:
        _next_day(clock, sweep)
        assert fitted_on(large) == []
        value(large)
        drain()
        first = fitted_on(large)
        _next_day(clock, sweep)
        assert fitted_on(large) == first  # nothing has changed

        large.import_orders([("late", "m000", "1997-09-29", 1, 100, "USD")])
        _next_day(clock, sweep)
        assert len(fitted_on(large)) == len(first) + 1

        clock.advance(days=40)
        sweep()
        large.import_orders([("later", "m001", "1997-09-29", 1, 100, "USD")])
        used = fitted_on(large)
        _next_day(clock, sweep)
        assert fitted_on(large) == used  # nobody has read it for a month

    def test_only_the_latest_are_kept_with_who_is_behind_them(
        self, bought: Figures, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lifetime_fitting, "KEPT", 2)
        for on in ("1997-07-31", "1997-08-31", SEPTEMBER):
            value(bought, as_of=on)

        assert fitted_on(bought) == [date(1997, 8, 31), date(1997, 9, 30)]
        with tenant_scope(bought.shop.tenant_id):
            editions = {each.edition for each in LifetimeRecord.of_tenant(bought.shop.tenant_id)}
        behind = {pk.rpartition("#")[2] for pk, _ in bought.stored() if "lifetime-members" in pk}
        assert behind == editions

    def test_of_two_fits_at_once_the_last_is_kept_and_nothing_stays_of_the_other(
        self, bought: Figures, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tenant_id, on, put = bought.shop.tenant_id, date.fromisoformat(SEPTEMBER), lifetime_fitting.put_many
        editions = [new_id(clock.now()) for _ in range(3)]

        def meanwhile(records: Any) -> None:
            records = list(records)
            if any(isinstance(each, LifetimeRecord) for each in records):
                monkeypatch.setattr(lifetime_fitting, "put_many", put)
                lifetime_fitting.fit_as_of(tenant_id, on, editions[0], clock.now())
            put(records)

        monkeypatch.setattr(lifetime_fitting, "put_many", meanwhile)
        with tenant_scope(tenant_id):
            lifetime_fitting.fit_as_of(tenant_id, on, editions[1], clock.now())
            kept = LifetimeRecord.latest(tenant_id, on)
            assert kept is not None
            assert kept.edition == editions[1]
            clock.advance(hours=2)
            lifetime_fitting.fit_as_of(tenant_id, on, editions[2], clock.now())

        behind = {pk.rpartition("#")[2] for pk, _ in bought.stored() if "lifetime-members" in pk}
        begun = {sk for pk, sk in bought.stored() if "lifetime-editions" in pk}
        assert behind == begun == {editions[2]}


def _dies(*_: Any) -> None:
    raise RuntimeError("the function is stopped")


def _next_day(clock: Clock, sweep: Callable[[], None]) -> None:
    clock.advance(days=1)
    sweep()


def kept(figures: Figures) -> dict[tuple[str, str], Any]:
    """What is stored of it, but for when."""
    return {
        place: {name: said for name, said in item.items() if name != "f"}
        for place, item in figures.stored().items()
        if "#lifetime" in place[0]
    }


def fitted_on(figures: Figures) -> list[date]:
    """As of which days results are kept."""
    with tenant_scope(figures.shop.tenant_id):
        return [each.on for each in LifetimeRecord.of_tenant(figures.shop.tenant_id)]


@pytest.mark.verify
def test_the_sample_has_the_parameters_of_the_paper(figures: Figures) -> None:
    known = json.loads(data_file("cdnow/cdnow_bgnbd.json").read_text())
    figures.import_orders(data_file("cdnow/orders_sample.csv").read_text())
    figures.roll("1997-01-01", "1998-06-30")

    report = value(figures, as_of=SEPTEMBER)

    model = report["model"]
    for name in ("r", "alpha", "a", "b"):
        assert float(model[name]) == pytest.approx(known["fit"][name], rel=0.001)
    amounts = {"p": float(model["p"]), "q": float(model["q"]), "v": float(model["v"]) / 100}
    assert amounts == pytest.approx(known["gamma_gamma_lifetimes"], rel=0.001)
    assert float(model["log_likelihood"]) == pytest.approx(known["fit"]["log_likelihood"], abs=0.01)
    assert (model["members"], model["repeaters"], model["fitted_to"]) == (2357, 946, 2357)
    assert report["complete"] is True
