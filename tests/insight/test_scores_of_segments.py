"""Segments ask for RFM scores: who is in one is who the report says, from one night to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.db.meter import Meter
from chalicelib.insight.reports.service.rfm import rfm
from chalicelib.kernel import clock as product_clock
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.records import MemberRecord
from chalicelib.members.service import taking_back
from chalicelib.segments.service import scoring
from chalicelib.segments.service.scores import read_scores
from tests.builders import made
from tests.conftest import Clock
from tests.insight.figures import Figures

# The brand's clock stands at 10 January 2028, ten o'clock; every day up to the ninth is rolled up.
ROWS = [
    ("A-1", "ann", "2027-11-05", 1, 1000, "USD"),
    ("A-2", "ann", "2028-01-05", 1, 500, "USD"),
    ("B-1", "bob", "2027-11-05", 2, 505, "USD"),
    ("B-2", "bob", "2027-12-01", 1, 100, "EUR"),
    ("C-1", "cat", "2027-11-30", 1, 700, "USD"),
    ("D-1", "dan", "2028-01-02", 1, 100, "USD"),
    ("E-1", "eve", "2028-01-01", 1, 100, "USD"),
]
BEST = {"field": "rfm_recency", "op": "at_least", "value": 5}


@pytest.fixture
def ordered(figures: Figures) -> Iterator[Figures]:
    """Five who ordered, and a member who never did; what workers do, they do within their tenant."""

    def made_once() -> None:
        figures.import_orders(ROWS)
        figures.shop.brand.post("/v1/imports", {"kind": "members", "csv": "reference\nnobody\n"})
        figures.roll()

    figures.shop.once("scores by hand, rolled up", made_once)
    with tenant_scope(figures.shop.tenant_id):
        yield figures


def segment(figures: Figures, drain: Callable[[], None], rule: Any) -> Any:
    """A segment of a rule, counted."""
    drafted = made(figures.shop.brand.post("/v1/segments", {"title": "Scored", "rule": rule}))
    drain()
    return made(figures.shop.brand.get(f"/v1/segments/{drafted['id']}"), 200)


def inside(figures: Figures, segment_id: str) -> set[str]:
    """The ids of its members: the list; the number is the same."""
    found = made(figures.shop.brand.get(f"/v1/segments/{segment_id}/members?limit=100"), 200)["items"]
    assert made(figures.shop.brand.get(f"/v1/segments/{segment_id}"), 200)["count"] == len(found)
    return {each["id"] for each in found}


def cell(scores: Iterable[int]) -> dict[str, Any]:
    """The rule of those who have these three scores."""
    fields = zip(("rfm_recency", "rfm_frequency", "rfm_monetary"), scores, strict=True)
    return {"all": [{"field": name, "op": op, "value": score} for name, score in fields for op in BOTH]}


BOTH = ("at_least", "at_most")


def cells(figures: Figures) -> dict[tuple[int, int, int], set[str]]:
    """The report's members by their scores."""
    found = {}
    for row in figures.report("rfm")["rows"]:
        scores = row["r"], row["f"], row["m"]
        page = figures.report("rfm", members="{}:{}:{}".format(*scores), limit=100)
        found[scores] = {each["id"] for each in page["members"]}
        assert len(found[scores]) == row["count"]
    return found


def night(clock: Clock, sweep: Callable[[], None]) -> None:
    clock.advance(days=1)
    sweep()


def test_who_is_in_it_is_who_the_report_says(
    ordered: Figures, drain: Callable[[], None], clock: Clock, sweep: Callable[[], None]
) -> None:
    right = cells(ordered)
    assert len(right) >= 4
    kept = {}
    for scores, members in right.items():
        tried = made(ordered.shop.brand.post("/v1/segments/count", {"rule": cell(scores)}), 200)
        assert (tried["count"], tried["of"], tried["exact"]) == (len(members), 6, True)
        kept[scores] = segment(ordered, drain, cell(scores))
        assert kept[scores]["scores_as_of"] == "2028-01-09" == ordered.report("rfm")["to_on"]
    assert {scores: inside(ordered, each["id"]) for scores, each in kept.items()} == right

    ordered.import_orders([("E-2", "eve", "2028-01-09", 1, 9_000, "USD"), ("F-1", "fay", "2028-01-08", 1, 50, "USD")])
    assert {scores: inside(ordered, each["id"]) for scores, each in kept.items()} == right  # until the night
    night(clock, sweep)
    now_right = cells(ordered)
    assert now_right != right
    assert {scores: inside(ordered, each["id"]) for scores, each in kept.items()} == {
        scores: now_right.get(scores, set()) for scores in kept
    }


RULES: dict[str, tuple[Any, Callable[[tuple[int, int, int]], bool]]] = {
    "best": ({"field": "rfm_recency", "op": "at_least", "value": 4}, lambda scores: scores[0] >= 4),
    "leaving": (
        {"all": [
            {"field": "rfm_recency", "op": "at_most", "value": 2},
            {"field": "rfm_monetary", "op": "at_least", "value": 3},
        ]},
        lambda scores: scores[0] <= 2 and scores[2] >= 3,
    ),
    "often": ({"field": "rfm_frequency", "op": "at_least", "value": 3}, lambda scores: scores[1] >= 3),
}  # fmt: skip


def all_made(figures: Figures, drain: Callable[[], None]) -> dict[str, str]:
    return {name: segment(figures, drain, rule)["id"] for name, (rule, _) in RULES.items()}


def check(figures: Figures, made_of: dict[str, str]) -> dict[str, set[str]]:
    """Each segment has whom the report gives these scores; who is in which. What is kept of each member is the same."""
    found = cells(figures)
    tenant_id, now = figures.shop.tenant_id, product_clock.now()
    scored = rfm(tenant_id, None, None, (), now).scores
    kept = read_scores(tenant_id, range(20))
    assert {each: scores for each in range(20) if (scores := kept.of(each)) is not None} == scored
    right = {
        name: {who for scores, members in found.items() if asked(scores) for who in members}
        for name, (_, asked) in RULES.items()
    }
    assert {name: inside(figures, segment_id) for name, segment_id in made_of.items()} == right
    return right


def test_uniting_and_orders_of_earlier_days_are_scored_by_the_next_night(
    ordered: Figures, drain: Callable[[], None], clock: Clock, sweep: Callable[[], None]
) -> None:
    made_of = all_made(ordered, drain)
    dan = next(each["id"] for each in members(ordered) if each["external_ref"] == "dan")
    first = check(ordered, made_of)
    assert dan in first["best"]
    assert all(first.values())

    assert unite(ordered.shop.tenant_id, 3, 2, product_clock.now())  # dan is cat
    drain()
    night(clock, sweep)
    united = check(ordered, made_of)
    assert dan not in set().union(*united.values())

    rows = [("C-2", "cat", "2027-12-20", 1, 90, "USD"), ("B-3", "bob", "2028-01-08", 1, 90_000, "USD")]
    ordered.import_orders(rows)
    night(clock, sweep)
    assert check(ordered, made_of) != united


def test_who_is_removed_and_who_is_new_today(
    ordered: Figures, drain: Callable[[], None], clock: Clock, sweep: Callable[[], None]
) -> None:
    made_of = all_made(ordered, drain)
    before = check(ordered, made_of)
    today = (clock.now() - timedelta(hours=5)).date()
    ordered.import_orders([("N-1", "new", today.isoformat(), 1, 50_000, "USD")])
    new = next(each for each in members(ordered) if each["external_ref"] == "new")
    assert check(ordered, made_of) == before
    path = f"/v1/segments/{made_of['best']}/members/{new['id']}"
    assert made(ordered.shop.brand.get(path), 200)["conditions"][0]["found"] == "no score yet"
    night(clock, sweep)
    assert new["id"] in check(ordered, made_of)["best"]
    assert made(ordered.shop.brand.get(path), 200)["conditions"][0]["found"] == "5"

    found = MemberRecord.at(ordered.shop.tenant_id, new["id"], consistent=True)
    assert found is not None
    taking_back.take_back(found, "job", product_clock.now())
    for _ in range(2):
        drain()
        assert all(new["id"] not in inside(ordered, each) for each in made_of.values())
        night(clock, sweep)


def members(figures: Figures) -> list[Any]:
    return made(figures.shop.brand.get("/v1/members?limit=100"), 200)["items"]


def test_a_night_reads_what_was_spent_and_who_changed(ordered: Figures, drain: Callable[[], None]) -> None:
    """However many members there are: what was spent stands in columns, and scores in chunks of 32,768."""
    tenant_id = ordered.shop.tenant_id
    segment(ordered, drain, BEST)

    def quiet() -> Meter:
        ordered.roll()
        scoring.score_for_night(tenant_id, product_clock.now())
        drain()
        with metered() as meter:
            scoring.score_for_night(tenant_id, product_clock.now())
        return meter

    few = quiet()
    ordered.import_orders([(f"M-{n}", f"m{n}", "2028-01-05", 1, 100 + n, "USD") for n in range(150)])
    many = quiet()
    assert (many.reads, many.items_read, many.writes) == (few.reads, few.items_read, few.writes)
    days = len({row[2] for row in ROWS})
    assert few.reads <= 8, few.by_operation
    assert few.items_read == 1 + 2 + 2 + days + 1, few  # segment, scoring twice, brand and rollup, days, chunk
