"""What is counted of reviews equals a recount of them, whatever happens to them and whatever fails."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.catalog.model.ratings import Marks, Ratings
from chalicelib.catalog.records import StandingRecord
from chalicelib.catalog.service.set_aside import get_sku
from chalicelib.kernel import clock
from chalicelib.kernel.errors import DomainError
from chalicelib.orders.records import OrderRecord
from chalicelib.reviews.model.reviews import id_of
from chalicelib.reviews.records import RatedRecord, ReviewRecord, ShownRecord
from chalicelib.reviews.service import moderating, writing
from tests.aftersales.test_faults import collected, run
from tests.faults import Faults, faults
from tests.orders.conftest import store
from tests.orders.store import BODY_HASH, Store
from tests.orders.test_faults import _without_pauses, repeated

__all__ = ["_without_pauses", "faults", "store"]


class Author:
    """The member of orders, who reviews them; and the team."""

    def __init__(self, store: Store, orders: list[OrderRecord]) -> None:
        self.store, self.orders, self.tenant_id = store, orders, store.tenant_id

    def id(self, n: int) -> str:
        """The id of the review of an order's first line."""
        return id_of(self.tenant_id, self.orders[n].id, self.orders[n].lines[0].sku_id)

    def write(self, n: int, said: writing.Said) -> ReviewRecord:
        order = self.orders[n]
        return writing.write(
            self.tenant_id, self.store.member(), order.id, order.lines[0].sku_id, said, BODY_HASH, clock.now()
        )

    def edit(self, n: int, said: writing.Said) -> ReviewRecord:
        return writing.edit(self.tenant_id, self.store.member(), self.id(n), said, None, clock.now())

    def delete(self, n: int) -> None:
        writing.take_back(self.tenant_id, self.store.member(), self.id(n), clock.now())

    def hide(self, n: int) -> ReviewRecord:
        return moderating.hide(self.tenant_id, self.id(n), "Rude", None, self.store.staff, clock.now())

    def show(self, n: int) -> ReviewRecord:
        return moderating.show(self.tenant_id, self.id(n), None, self.store.staff, clock.now())

    def counted(self) -> list[object]:
        """What is counted: for the product, for the day, for the brand; and how many its page shows."""
        product_id = str(get_sku(self.tenant_id, self.store.skus[0]).product_id)
        standing = StandingRecord.fetch(*StandingRecord.address(self.tenant_id, product_id), consistent=True)
        days = RatedRecord.every(RatedRecord.partition(self.tenant_id), consistent=True)
        by_day = {str(each.sk): each.ratings for each in days if each.ratings.count}
        shown = ShownRecord.every(ShownRecord.partition(self.tenant_id, product_id), consistent=True)
        return [
            standing.ratings if standing else Ratings(),
            by_day,
            sorted((each.review_id, each.stars) for each in shown),
        ]

    def recounted(self) -> list[object]:
        """The same from the reviews alone."""
        whole, by_day, shown = Ratings(), dict[str, Ratings](), []
        for n in range(len(self.orders)):
            found = ReviewRecord.fetch(*ReviewRecord.address(self.tenant_id, self.id(n)), consistent=True)
            if found is None or not found.is_shown:
                continue
            whole = whole.changed(None, found.marks)
            for name in (found.written_on.isoformat(), RatedRecord.ALL):
                stars = Marks(found.marks.stars)
                by_day[name] = by_day.get(name, Ratings()).changed(None, stars)
            shown.append((found.id, found.stars))
        return [whole, by_day, sorted(shown)]


def said(draw: random.Random) -> writing.Said:
    aspects = {name: draw.randint(1, 5) for name in ("goods", "service", "delivery") if draw.random() < 0.5}
    return writing.Said(Marks(draw.randint(1, 5), aspects), draw.choice(["", "Good", "Bad"]))


def happens(author: Author, draw: random.Random, times: int) -> None:
    """So many things that happen to reviews, of which some are refused."""
    for _ in range(times):
        n = draw.randrange(len(author.orders))
        acts: list[Callable[[], object]] = [
            lambda n=n: author.write(n, said(draw)), lambda n=n: author.edit(n, said(draw)),
            lambda n=n: author.hide(n), lambda n=n: author.show(n), lambda n=n: author.delete(n),
        ]  # fmt: skip
        act = draw.choices(acts, weights=(4, 4, 2, 2, 1))[0]
        try:
            act()
        except DomainError:
            continue
        assert author.counted() == author.recounted()


def test_whatever_happens_it_equals_a_recount(store: Store) -> None:
    author = Author(store, collected(store, 4))
    happens(author, random.Random(7), 40)
    assert any(author.recounted())


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_for_long_it_equals_a_recount(store: Store, seed: int) -> None:
    author = Author(store, collected(store, 6))
    happens(author, random.Random(seed), 150)


FIVE, TWO = writing.Said(Marks(5, {"goods": 4}), "Good"), writing.Said(Marks(2), "Bad")


def test_a_review_counts_once_whatever_fails(store: Store, faults: Faults) -> None:
    """At whichever request of writing it: sent again, there is one review, and it counts once."""
    faults.of("reviews")
    author = Author(store, collected(store, 60))

    def once(n: int) -> None:
        repeated(faults, lambda: author.write(n, FIVE))
        faults.arm(None)
        author.write(n, FIVE)
        assert author.counted() == author.recounted()

    assert run(faults, lambda: author.write(0, FIVE), once) > 20


@pytest.mark.verify
@pytest.mark.parametrize("what", ["edit", "hide", "show", "delete"])
def test_a_change_counts_once_whatever_fails(store: Store, faults: Faults, what: str) -> None:
    """At whichever request of changing it."""
    faults.of(f"reviews {what}")
    author = Author(store, collected(store, 60))
    for n in range(60):
        author.write(n, FIVE)
        if what == "show":
            author.hide(n)
    acts: dict[str, Callable[[int], object]] = {
        "edit": lambda n: author.edit(n, TWO), "hide": author.hide, "show": author.show, "delete": author.delete,
    }  # fmt: skip

    def once(n: int) -> None:
        repeated(faults, lambda: acts[what](n))
        faults.arm(None)
        acts[what](n)
        assert author.counted() == author.recounted()

    assert run(faults, lambda: acts[what](0), once) > 10


def test_a_day_counts_what_was_written_on_it(store: Store) -> None:
    """An edit of a later day counts on the day of writing."""
    author = Author(store, collected(store, 1))
    written = author.write(0, FIVE)
    writing.edit(store.tenant_id, store.member(), written.id, TWO, None, clock.now() + timedelta(days=3))

    assert author.counted() == author.recounted()
    on = written.written_on
    assert [each.ratings.by_star for each in RatedRecord.in_days(store.tenant_id, on, on)] == [(0, 1, 0, 0, 0)]
