"""Events of several products, views that went on and imported orders, as their columns are recounted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from chalicelib.db import Transaction, delete_many, tenant_scope
from chalicelib.insight.imports.service import order_files
from chalicelib.insight.intake.model.packing import Telling, day_of, pack_day, unpack_day
from chalicelib.insight.intake.records import DayColumns, TellingRecord
from chalicelib.insight.model.stream import Event
from chalicelib.insight.recompute.model import columns as sql
from chalicelib.insight.recompute.model.checks import tables
from chalicelib.insight.recompute.service import columns
from chalicelib.insight.recompute.service.columns import load_stored, load_told
from chalicelib.insight.recompute.service.engine import Engine
from chalicelib.insight.recompute.service.looking import Look
from chalicelib.insight.records import DirtyDay
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import instant
from tests.builders import Shop
from tests.conftest import Drain
from tests.insight.figures import Figures
from tests.insight.intake.conftest import Stream, stream
from tests.insight.intake.test_imported_orders import COLUMNS
from tests.insight.recompute.test_pieces import found

__all__ = ["stream"]

Told = Sequence[tuple[str, Telling]]
GOES_ON = {"continues": True}


def at(second: float) -> datetime:
    return datetime(2027, 5, 5, 4, tzinfo=UTC) + timedelta(seconds=second)


@pytest.fixture(scope="module")
def differing() -> Iterator[Callable[..., int]]:
    """How many cells of columns differ from what was told, visitor ``v1`` having become member 7."""
    with Engine() as engine:
        engine.run(tables(sql.TABLES.items()))

        def count(told: Told, stored: Sequence[Event]) -> int:
            engine.clear(sql.TABLES)
            engine.load("day", [("2027-05-05",)])
            load_told(engine, told, {"v1": 7})
            load_stored(engine, unpack_day(pack_day(stored)))
            engine.load("stored_counts", [("events", len(stored)), ("robots", 0), ("marks", 1)])
            engine.run(sql.STEPS)
            return engine.compare(sql.CHECKS).differing

        yield count


def right(told: Told) -> list[Event]:
    """What columns are made of."""
    by_kind = [[each for kind, each in told if kind == wanted] for wanted in (TellingRecord.TOLD, TellingRecord.OWN)]
    return day_of(*by_kind, {"v1": 7})


def by_chance(chance: Random) -> Told:
    """A dozen tellings of three actors in forty seconds, most of them of views that went on."""

    def event(actor: Any, kind: str, place: int) -> Event:
        products = chance.choice([(), ("p1",), ("p1", "p2")])
        moment, lasted = at(chance.randrange(40) + chance.choice([0, 0.5])), chance.choice([None, 0, 700, 60_000_000])
        return Event(actor, kind, moment, place, products, chance.choice(["", "", "c1"]), "", lasted)

    told = []
    for _ in range(12):
        actor, size = chance.choice([7, "v1", "v2"]), chance.randrange(1, 4)
        kinds = [chance.choice(["view", "view", "view", "order", "search"]) for _ in range(size)]
        events = [event(actor, kind, place) for place, kind in enumerate(kinds)]
        said = [chance.choice([{}, GOES_ON, GOES_ON, {"continues": False}, {"continues": "yes"}]) for _ in kinds]
        told.append((TellingRecord.TOLD, Telling(at(50 + chance.randrange(3)), events, said)))
    if chance.random() < 0.5:
        told.append((TellingRecord.OWN, Telling(at(60), [event(7, "order", 0)])))
    return told


def test_what_chance_tells_is_recounted_as_it_stands(differing: Callable[..., int]) -> None:
    longer = 0
    for seed in range(25):
        told = by_chance(Random(seed))
        stands = right(told)
        assert differing(told, stands) == 0, seed
        longer += sum((each.duration_ms or 0) not in (0, 700, 60_000_000) for each in stands)
    assert longer > 10, "so many views that went on"


def _view(second: float, lasted: int | None, **more: Any) -> Event:
    return Event("v2", "view", at(second), product_ids=("p1",), duration_ms=lasted, **more)


def _telling(*events: Event, said: Any = ()) -> tuple[str, Telling]:
    return TellingRecord.TOLD, Telling(at(90), events, said)


@pytest.mark.parametrize(
    ("told", "lasted"),
    [
        ([(0, 5, {}), (3, 7, GOES_ON)], [12]),
        ([(0, 5, {}), (11, 7, GOES_ON)], [5, 7]),
        ([(0, None, {}), (8, 9, {}), (4, 7, GOES_ON)], [7, 9]),
        ([(0, 1, GOES_ON), (6, 2, GOES_ON), (12, 4, GOES_ON), (18, 8, GOES_ON)], [3, 12]),
        ([(0, 86_000_000, {}), (0, 86_000_000, GOES_ON)], [86_400_000]),
    ],
    ids=["near", "far", "equally near the earlier", "none came in", "a day at most"],
)
def test_a_view_that_went_on(differing: Callable[..., int], told: Any, lasted: list[int]) -> None:
    given = [_telling(_view(second, ms), said=[said]) for second, ms, said in told]
    stands = right(given)

    assert [each.duration_ms for each in stands] == lasted
    assert differing(given, stands) == 0
    wrong = [replace(stands[0], duration_ms=lasted[0] + 1), *stands[1:]]
    assert differing(given, wrong) == 2, "one cell that should not be, and one that lacks"


def test_a_view_that_stands_twice_is_found(differing: Callable[..., int]) -> None:
    given = [_telling(_view(0, 5)), _telling(_view(3, 7), said=[GOES_ON])]

    assert differing(given, [_view(0, 5), _view(3, 7)]) == 4


@pytest.mark.parametrize("wrong", [(), ("p1",), ("p1", "p3"), ("p1", "p2", "p3")])
def test_products_are_compared_each(differing: Callable[..., int], wrong: tuple[str, ...]) -> None:
    bought = Event(7, "order", at(1), product_ids=("p1", "p2"))
    given = [(TellingRecord.OWN, Telling(at(2), [bought]))]

    assert differing(given, [bought]) == 0
    assert differing(given, [replace(bought, product_ids=wrong)]) == 2


class TestImportedOrders:
    @pytest.fixture
    def imported(self, stream: Stream, drain: Drain, shop: Shop) -> tuple[Figures, str, str]:
        """Two orders of ann three days ago, one of goods of ours, beside one that was told of; the product and its
        code.
        """
        figures, product = Figures(stream.shop, drain), shop.product()
        code = product["skus"][0]["code"]
        self.bring(figures, [("A", 3, code), ("B", 3, "later-1"), ("C", 3, "nobody's #1")])
        return figures, product["id"], code

    def bring(self, figures: Figures, orders: Any, columns: Any = COLUMNS) -> None:
        now = product_clock.now()
        rows = [
            (ref, "ann", instant(now - timedelta(days=days)), 1, 100, figures.shop.currency, code, "Shop #1")
            for ref, days, code in orders
        ]
        figures.import_orders(rows, columns)

    def plant(self, stream: Stream, change: Callable[[list[Event]], list[Event]]) -> None:
        with tenant_scope(stream.tenant_id):
            place = DayColumns.address(stream.tenant_id, stream.today - timedelta(days=3))
            stands = DayColumns.fetch(*place)
            assert stands is not None
            packed = pack_day(change(list(unpack_day(stands.columns))))
            tx = Transaction()
            tx.update("planted", DayColumns, *place, actions=[DayColumns.columns.set(packed)])
            tx.commit()

    def test_they_agree_and_what_stands_wrong_is_found_and_made_anew(
        self, stream: Stream, imported: tuple[Figures, str, str], shop: Shop
    ) -> None:
        _, product_id, _ = imported
        before = stream.read()
        assert [each.product_ids for each in before] == [(product_id,), (), ()]
        assert found(stream.shop, columns) == []
        for wrong in (
            lambda day: [replace(day[0], product_ids=("another",)), *day[1:]],
            lambda day: [*day[:2], replace(day[2], product_ids=(product_id,))],
            lambda day: [replace(day[0], channel_id="Shop #2"), *day[1:]],
            lambda day: day[1:],
        ):
            self.plant(stream, wrong)
            assert found(stream.shop, columns)
            stream.compact()
            self.forget(stream, DirtyDay.EVENTS)
            assert stream.read() == before
            assert found(stream.shop, columns) == []

    def forget(self, stream: Stream, of: str) -> None:
        """Nothing waits any more, as after a night."""
        with tenant_scope(stream.tenant_id):
            marks = DirtyDay.until(stream.tenant_id, date.max, of)
            delete_many([(DirtyDay, str(each.pk), str(each.sk)) for each in marks])

    def test_goods_that_became_ours_afterwards_are_no_difference(
        self, stream: Stream, imported: tuple[Figures, str, str], shop: Shop
    ) -> None:
        shop.product(skus=[{"code": "later-1", "title": "Later", "price": shop.money(100)}])

        assert found(stream.shop, columns) == []

    def test_a_day_with_an_order_that_waits_for_its_rollup_waits_too(
        self, stream: Stream, imported: tuple[Figures, str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        figures, _, code = imported
        monkeypatch.setattr(order_files, "after_import", lambda *_: None)
        self.bring(figures, [("D", 3, code)])
        assert self.looked(stream) == (0, 1)

        figures.roll()

        assert self.looked(stream) == (0, 0)
        assert len(stream.read()) == 4

    def looked(self, stream: Stream) -> tuple[int, int]:
        """How many cells differ, and how many days wait."""
        now = product_clock.now()
        with tenant_scope(stream.tenant_id):
            look = Look(stream.tenant_id, "job", now, stream.today)
            looked = [columns.check(look, name) for name in columns.every(stream.tenant_id)]
        return sum(each.found.differing for each in looked), sum(each.waiting_days for each in looked)
