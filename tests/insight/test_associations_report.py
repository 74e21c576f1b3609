"""Goods bought together through the product: orders in, looked for in the background, the rules out."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console

from chalicelib.db import metered, tenant_scope
from chalicelib.insight.associations.model import ItemUnit
from chalicelib.insight.associations.records import AssociationRecord
from chalicelib.insight.model.association_results import MOST_BYTES, Found, find
from chalicelib.insight.records import ActivityRecord
from chalicelib.insight.reports.associations import ASSOCIATIONS
from chalicelib.insight.reports.service import association_mining
from chalicelib.jobs import service as jobs
from tests.conftest import Clock
from tests.insight.figures import Figures, Row, data_file

COLUMNS = ("order_ref", "member", "ordered_on", "quantity", "amount_minor", "currency", "product_code", "category")

TEA, CAKE, MILK = ("T1", "tea"), ("C1", "cake"), ("M1", "dairy")


def lines(ref: str, member: str, on: str, *goods: tuple[str, str]) -> Iterator[Row]:
    for code, category in goods:
        yield ref, member, on, 1, 100, "USD", code, category


def bought() -> list[Row]:
    """Tea and cake in six orders of five members, tea twice in one of them; tea and milk in five of four; a member with
    milk alone, and one of whose goods nothing is known.
    """
    rows = [row for at in range(5) for row in lines(f"A-{at}", f"m{at}", "2026-03-0" + str(at + 1), TEA, CAKE)]
    rows += lines("A-5", "m0", "2026-03-06", TEA, CAKE, ("T2", "tea"))
    rows += [row for at in range(5) for row in lines(f"B-{at}", f"m{at % 4}", "2026-03-07", TEA, MILK)]
    rows += [*lines("C-0", "m9", "2026-03-08", MILK), *lines("C-1", "m9", "2026-03-09", ("", ""))]
    return rows


def five_more(ref: str) -> list[Row]:
    """Tea and cake of five further members."""
    return [row for at in range(5) for row in lines(f"{ref}-{at}", f"n{at}", "2026-03-08", TEA, CAKE)]


@pytest.fixture
def shop(figures: Figures, drain: Callable[[], None]) -> Figures:
    """A brand with these orders, rolled up, who has looked at the report once."""

    def made() -> None:
        figures.import_orders(bought(), COLUMNS)
        figures.roll()
        figures.report("associations")
        drain()

    figures.shop.once("goods bought together", made)
    return figures


def rules(figures: Figures, **asked: Any) -> dict[tuple[str, str], tuple[int, str, str, str]]:
    report = figures.report("associations", **asked)
    return {
        (" + ".join(row["a"]), row["b"]): (row["together"], row["support"], row["confidence"], row["lift"])
        for row in report["rows"]
    }


class TestSmall:
    def test_the_rules_by_hand(self, shop: Figures) -> None:
        report = shop.report("associations", min_confidence="0")

        # 12 baskets with known goods: 11 with tea, 6 of them with cake; tea and milk is told of four members, so not.
        assert (report["baskets"], report["unknown"], report["least_count"]) == (12, 1, 5)
        assert rules(shop, min_confidence="0") == {
            ("cake", "tea"): (6, "0.500000", "1.000000", "1.090909"),
            ("tea", "cake"): (6, "0.500000", "0.545455", "1.090909"),
        }
        assert (report["from_on"], report["to_on"], report["complete"]) == ("2026-03-01", "2026-03-09", True)
        assert (report["timezone"], report["job_id"], report["reason"]) == (shop.shop.timezone, None, None)
        assert (report["min_count"], report["max_items"], report["fewest_members"]) == (5, 10, 5)
        assert report["definition"]["zh"]

    def test_by_product_and_by_the_codes_of_files(self, shop: Figures) -> None:
        for unit in ("product", "sku"):
            assert rules(shop, unit=unit, min_confidence="0.6") == {
                ("C1", "T1"): (6, "0.500000", "1.000000", "1.090909")
            }

    def test_as_table_and_chart(self, shop: Figures) -> None:
        rows = list(csv.DictReader(io.StringIO(shop.ask("associations", format="csv").text)))
        assert [(row["a"], row["b"], row["together"], row["lift"]) for row in rows] == [
            ("cake", "tea", "6", "1.090909"), ("tea", "cake", "6", "1.090909"),
        ]  # fmt: skip
        assert rows[0]["definition"] == "bought_together"
        assert ASSOCIATIONS.charts is not None
        [chart] = ASSOCIATIONS.charts(ASSOCIATIONS.answer.model_validate(shop.report("associations")))
        assert list(chart.labels) == ["cake → tea", "tea → cake"]

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("min_count", "4", "may be asked for is 5"), ("min_count", "0", ""), ("min_confidence", "1.01", ""),
            ("min_confidence", "-0.1", ""), ("min_confidence", "NaN", ""), ("max_items", "1", ""),
            ("max_items", "11", ""), ("unit", "week", ""), ("from_on", "2026-03-01", "does not take"),
            ("to_on", "2026-03-08", "does not take"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_asked_is_refused_by_name(self, shop: Figures, field: str, value: str, says: str) -> None:
        reply = shop.ask("associations", **{field: value})
        [error] = reply.json["errors"]
        assert (reply.status, error["pointer"]) == (422, f"?{field}")
        assert says in error["message"]

    def test_more_rules_than_an_answer_holds_are_refused(self, shop: Figures, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("chalicelib.insight.reports.service.associations.MOST_RULES", 1)
        reply = shop.ask("associations", min_confidence="0")
        assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, "?min_count")

    def test_it_is_read_of_few_items(self, shop: Figures) -> None:
        shop.report("associations")
        with metered() as reading:
            shop.report("associations")
        assert reading.reads <= 12, reading.by_operation


class TestOverTime:
    def test_the_first_look_has_it_computed_and_says_so(self, rolled: Figures, drain: Callable[[], None]) -> None:
        first, second = rolled.report("associations"), rolled.report("associations")
        chinese = rolled.ask("associations", headers={"Accept-Language": "zh"}).json
        drain()
        done = rolled.report("associations")

        assert (first["rows"], first["complete"], first["job_id"]) == ([], False, second["job_id"])
        assert first["reason"].startswith("It is being computed")
        assert "计算" in chinese["reason"]
        assert rolled.job(first["job_id"])["status"] == "done"
        assert (done["reason"], done["complete"], done["job_id"], done["baskets"]) == (None, True, None, 0)
        assert done["unknown"] == 9

    def test_a_brand_without_orders(self, figures: Figures, drain: Callable[[], None]) -> None:
        figures.report("associations")
        drain()
        report = figures.report("associations", min_count=5)
        assert (report["baskets"], report["rows"], report["complete"]) == (0, [], True)

    def test_what_fewer_than_five_members_bought_since_is_not_told_by_comparison(
        self, shop: Figures, drain: Callable[[], None], clock: Clock
    ) -> None:
        before = shop.report("associations", min_confidence="0")
        late = [row for at in range(4) for row in lines(f"D-{at}", f"m{at}", "2026-03-08", TEA, CAKE)]
        _bring(shop, drain, clock, late)
        same = shop.report("associations", min_confidence="0")
        _bring(shop, drain, clock, [*lines("D-4", "m4", "2026-03-08", TEA, CAKE)])
        after = shop.report("associations", min_confidence="0")

        assert (same["rows"], same["revision"], same["computed_at"]) == (
            before["rows"], before["revision"], before["computed_at"],
        )  # fmt: skip
        assert (same["complete"], same["job_id"]) == (True, None)
        assert after["rows"][0]["together"] == 11
        assert after["revision"] > before["revision"]

    def test_at_night_it_is_looked_for_where_it_is_used_and_figures_have_changed(
        self, shop: Figures, drain: Callable[[], None], sweep: Callable[[], None], clock: Clock
    ) -> None:
        computed = _kept(shop)["category"].mined_at
        _next_day(clock, sweep)
        assert _kept(shop)["category"].mined_at == computed  # nothing has changed
        shop.import_orders(five_more("E"), COLUMNS)
        _next_day(clock, sweep)
        assert _count(shop) == 17
        clock.advance(days=40)
        sweep()
        shop.import_orders(five_more("F"), COLUMNS)
        _next_day(clock, sweep)
        assert _count(shop) == 17  # nobody has read it for a month

    def test_done_twice_or_after_a_crash_it_is_the_same(
        self, shop: Figures, drain: Callable[[], None], clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tenant_id = shop.shop.tenant_id
        shop.import_orders(five_more("E"), COLUMNS)
        clock.advance(hours=1)
        job_id = shop.report("associations")["job_id"]
        with tenant_scope(tenant_id), monkeypatch.context() as patched:
            patched.setattr(jobs, "save", _dies)
            with pytest.raises(RuntimeError):
                association_mining.continue_mining(tenant_id, job_id, clock.now())
        first = {unit: each.content for unit, each in _kept(shop).items()}
        drain()
        with tenant_scope(tenant_id):
            association_mining.continue_mining(tenant_id, job_id, clock.now())

        assert shop.job(job_id)["status"] == "done"
        assert {unit: each.content for unit, each in _kept(shop).items()} == first


def _bring(figures: Figures, drain: Callable[[], None], clock: Clock, rows: list[Row]) -> None:
    """Imports orders, and has a look at the report begin the search."""
    figures.import_orders(rows, COLUMNS)
    clock.advance(minutes=1)
    figures.report("associations")
    drain()


def _dies(*_: Any) -> None:
    raise RuntimeError("the function is stopped")


def _next_day(clock: Clock, sweep: Callable[[], None]) -> None:
    clock.advance(days=1)
    sweep()


def _kept(figures: Figures) -> dict[str, AssociationRecord]:
    with tenant_scope(figures.shop.tenant_id):
        found = {unit.value: AssociationRecord.of(figures.shop.tenant_id, unit) for unit in ItemUnit}
    return {unit: each for unit, each in found.items() if each is not None}


def _count(figures: Figures) -> int:
    """The baskets of what is kept."""
    return Found.unpack(_kept(figures)["category"].content).pairs.total


@pytest.mark.verify
def test_groceries_through_import_and_report(figures: Figures, drain: Callable[[], None]) -> None:
    """9,835 supermarket baskets: 5,668 and 463 rules, as the R package arules prints, and every pair of the tables."""
    with data_file("groceries/baskets.csv").open() as file:
        baskets = [[each.strip() for each in row] for row in csv.reader(file)]
    rows = (
        (f"G-{at}", f"m{at}", f"2017-0{1 + at % 9}-15", 1, 100, "USD", "", item)
        for at, items in enumerate(baskets)
        for item in items
    )
    job = figures.import_orders(rows, COLUMNS)
    assert (job["imported"], job["errors_total"]) == (43_367, 0)
    figures.roll("2017-01-01", "2017-12-31")
    figures.report("associations")
    drain()

    assert figures.report("associations")["baskets"] == 9_835
    for least, confidence, number, name in (
        ("0.001", "0.5", 5668, "rules_top10_lift_sup0.001_conf0.5"),
        ("0.006", "0.25", 463, "rules_top10_lift_sup0.006_conf0.25"),
        ("0.01", "0.5", 15, "rules_all_sup0.01_conf0.5"),
    ):
        asked = {"min_count": math.ceil(Decimal(least) * 9835), "min_confidence": confidence, "max_items": 10}
        report = figures.report("associations", **asked)
        found = {(" + ".join(row["a"]), row["b"]): row for row in report["rows"]}
        assert len(report["rows"]) == len(found) == number
        for row in csv.DictReader(data_file(f"groceries/groceries_{name}.csv").open()):
            rule = found[row["A"], row["C"].strip()]
            assert rule["together"] == int(row["cnt"])
            for field in ("support", "confidence", "lift"):
                assert float(rule[field]) == pytest.approx(float(row[field]), abs=5e-7)
    pairs = figures.report("associations", min_count=10, min_confidence="0", max_items=2)["rows"]
    by_name = {(row["a"][0], row["b"]): row for row in pairs}
    for row in csv.DictReader(data_file("groceries/groceries_pairs_top20_count.csv").open()):
        assert by_name[row["a"], row["b"]]["together"] == int(row["count"])
        assert float(by_name[row["b"], row["a"]]["confidence"]) == pytest.approx(float(row["conf_b_to_a"]), abs=5e-7)


@pytest.mark.verify
def test_complete_journey_through_import_and_report(figures: Figures, drain: Callable[[], None]) -> None:
    """222,659 lines of a year, by category and by product, against the pairs that mlxtend and DuckDB found."""
    with gzip.open(data_file("completejourney/products.csv.gz"), "rt") as file:
        category = {row["product_id"]: row["product_category"] for row in csv.DictReader(file)}
    columns = ("order_ref", "member", "ordered_at", "quantity", "amount_minor", "currency", "product_code", "category")
    with gzip.open(data_file("completejourney/order_lines.csv.gz"), "rt") as file:
        rows = [
            (
                *(line["order_ref"], line["member"], line["ordered_at"], line["quantity"], line["paid_minor"], "USD"),
                *(line["product_id"], category[line["product_id"]]),
            )
            for line in csv.DictReader(file)
        ]
    imported, began = 0, 0
    while began < len(rows):
        end = min(began + 50_000, len(rows))
        while end < len(rows) and rows[end][0] == rows[end - 1][0]:
            end += 1
        imported, began = imported + figures.import_orders(rows[began:end], columns)["imported"], end
    assert imported == len(rows)
    figures.roll("2017-01-01", "2017-12-31")
    figures.report("associations")
    drain()

    report = figures.report("associations", min_count=math.ceil(0.02 * 22_960), min_confidence="0", max_items=2)
    assert (report["baskets"], report["unknown"], report["from_on"][:4], report["to_on"]) == (
        22_960, 0, "2017", "2017-12-31",
    )  # fmt: skip
    found = {(row["a"][0], row["b"]): row for row in report["rows"]}
    known = list(csv.DictReader(data_file("completejourney/reference_bought_together.csv").open()))
    for row in known:
        rule, back = found[row["a"], row["b"]], found[row["b"], row["a"]]
        assert (rule["together"], rule["count_a"], rule["count_b"]) == tuple(
            int(row[n]) for n in ("both", "n_a", "n_b")
        )
        assert (rule["support"], rule["lift"]) == (row["support"].ljust(8, "0"), row["lift"].ljust(8, "0"))
        assert float(rule["confidence"]) == float(row["conf_a_to_b"])
        assert float(back["confidence"]) == float(row["conf_b_to_a"])
    first = [{row["a"][0], row["b"]} for row in report["rows"][: 2 * len(known) : 2]]
    assert first == [{row["a"], row["b"]} for row in known]


@pytest.mark.verify
def test_a_million_lines_within_a_background_functions_memory_and_five_minutes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Five of Complete Journey's years at once, of five times as many members: 1,113,295 lines of 114,800 orders, each
    read as the table gives it, searched by every unit and packed. The function has 3,008 MB.
    """
    with gzip.open(data_file("completejourney/products.csv.gz"), "rt") as file:
        category = {row["product_id"]: row["product_category"] for row in csv.DictReader(file)}
    orders: dict[str, tuple[int, list[Any]]] = {}
    with gzip.open(data_file("completejourney/order_lines.csv.gz"), "rt") as file:
        for line in csv.DictReader(file):
            _, parts = orders.setdefault(line["order_ref"], (int(line["member"]), []))
            parts.append([line["product_id"], category[line["product_id"]], 1, 100])
    raw = [
        {
            "pk": {"S": "0" * 26 + "#day#2017-12-31"}, "sk": {"S": f"ref#{ref}"}, "o": {"N": str(member)},
            "a": {"N": "100"}, "c": {"S": "USD"}, "q": {"N": str(len(parts))}, "h": {"N": "9"},
            "p": {"S": json.dumps(parts)},
        }
        for ref, (member, parts) in orders.items()
    ]  # fmt: skip

    def of_day(_: str, on: date) -> Iterator[ActivityRecord]:
        copy = (date(2017, 12, 31) - on).days
        for each in raw if copy < 5 else ():
            yield ActivityRecord.from_raw_data({**each, "o": {"N": f"{each['o']['N']}{copy}"}})

    monkeypatch.setattr(ActivityRecord, "of_day", of_day)
    monkeypatch.setattr(association_mining, "united", lambda _: {})
    began, worked = time.monotonic(), time.process_time()
    read = association_mining.Orders("0" * 26, date(2017, 1, 1), date(2017, 12, 31))
    sizes = {unit.value: len(find(baskets)) for unit, baskets in read.baskets.items()}
    took, worked = time.monotonic() - began, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    with capsys.disabled():
        seconds = f"{worked:.0f} s of one core, {took:.0f} s in all"
        Console().print(f"{read.number:,} orders: {seconds}, {memory} MB at most; bytes kept: {sizes}")
    assert read.number == 114_800
    assert worked < 300
    assert memory < 1_500
    assert max(sizes.values()) <= MOST_BYTES
