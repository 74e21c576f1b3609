"""How far people come: each rule by a case by hand, and every row of the reference tables.

The events of the data set are synthetic (Apache-2.0); its reference was computed with pandas outside this project.
"""

from __future__ import annotations

import csv
import gzip
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.insight.model.funnel import Entry, Order, Path
from chalicelib.insight.model.stream import Event
from tests.insight.figures import data_file

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=900)
HOUR = timedelta(hours=1)
STEPS = ("view", "cart", "order")


def events(*told: tuple[str, float]) -> list[Event]:
    """Kinds, and how many hours after noon."""
    return [Event(1, kind, NOON + timedelta(hours=hours), place) for place, (kind, hours) in enumerate(told)]


def steps(
    told: Sequence[Event], order: str = "ordered", entry: str = "best", hours: float | None = 24, **more: Any
) -> int:
    window = None if hours is None else timedelta(hours=hours)
    path = Path(more.pop("steps", STEPS), window, Order(order), Entry(entry), **more)
    return path.reached(told, LATER).steps


class TestOrdered:
    def test_what_lies_between_does_not_matter(self) -> None:
        assert steps(events(("view", 0), ("search", 1), ("cart", 2), ("view", 3), ("order", 4))) == 3

    def test_the_first_entry_may_be_too_early_where_another_is_not(self) -> None:
        told = events(("view", 0), ("view", 30), ("cart", 31), ("order", 53.9))

        assert (steps(told, entry="first"), steps(told, entry="best")) == (1, 3)

    def test_the_window_is_that_of_one_entry(self) -> None:
        assert steps(events(("view", 0), ("cart", 1), ("view", 23), ("order", 24.5))) == 2

    def test_the_last_instant_of_the_window_counts(self) -> None:
        assert steps(events(("view", 0), ("cart", 24))) == 2
        assert steps(events(("view", 0), ("cart", 24.001))) == 1
        assert steps(events(("view", 0), ("cart", 9999)), hours=None) == 2

    def test_an_event_is_one_step(self) -> None:
        twice = ("view", "view", "order")

        assert steps(events(("view", 0), ("order", 1)), steps=twice) == 1
        assert steps(events(("view", 0), ("view", 0), ("order", 1)), steps=twice) == 3

    def test_equal_instants_follow_as_they_were_told(self) -> None:
        assert steps(events(("view", 0), ("cart", 0), ("order", 0))) == 3
        assert steps(events(("cart", 0), ("view", 0), ("order", 0))) == 1


class TestStrict:
    def test_the_next_event_is_the_next_step_or_none(self) -> None:
        assert steps(events(("view", 0), ("cart", 1), ("order", 2)), "strict") == 3
        assert steps(events(("view", 0), ("cart", 1), ("search", 1.5), ("order", 2)), "strict") == 2

    def test_a_later_entry_may_go_farther(self) -> None:
        told = events(("view", 0), ("view", 1), ("cart", 2), ("order", 3))

        assert (steps(told, "strict", "first"), steps(told, "strict", "best")) == (1, 3)


class TestInAnyOrder:
    def test_steps_inside_a_window_count_whatever_their_order(self) -> None:
        assert steps(events(("order", 0), ("view", 1), ("cart", 2)), "any") == 3
        assert steps(events(("order", 0), ("view", 23), ("cart", 25)), "any") == 2
        assert steps(events(("view", 0), ("view", 1)), "any") == 1

    def test_the_first_entry_is_the_first_of_any_step(self) -> None:
        told = events(("order", 0), ("view", 30), ("cart", 31), ("order", 32))

        assert (steps(told, "any", "first"), steps(told, "any", "best")) == (1, 3)


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("entry", Entry)
class TestEvery:
    def test_nobody_comes_farther_by_a_shorter_window_or_a_longer_path(self, order: Order, entry: Entry) -> None:
        chance = random.Random(11)
        for _ in range(300):
            told = events(*sorted(((chance.choice([*STEPS, "x"]), chance.randrange(60)) for _ in range(9)), key=_at))
            reached = [steps(told, order, entry, hours) for hours in (1, 6, 24, None)]
            assert reached == sorted(reached)
            assert steps(told, order, "first") <= steps(told, order, "best")
            if order is not Order.ANY:
                assert steps(told, order, entry, steps=STEPS[:2]) == min(steps(told, order, entry), 2)

    def test_it_is_what_trying_every_entry_finds(self, order: Order, entry: Entry) -> None:
        chance = random.Random(12)
        for _ in range(300):
            told = events(*sorted(((chance.choice([*STEPS, "x"]), chance.randrange(40)) for _ in range(8)), key=_at))
            assert steps(told, order, entry, 12) == tried(told, order, entry, 12 * HOUR)

    def test_whose_window_is_not_over_may_still_come_farther(self, order: Order, entry: Entry) -> None:
        path = Path(STEPS, 24 * HOUR, order, entry)
        told = events(("view", 0), ("cart", 1))

        last = 1 if (order, entry) == (Order.ANY, Entry.BEST) else 0  # there the cart is an entry as well

        assert path.reached(told, NOON + (23 + last) * HOUR) == (2, True)
        assert path.reached(told, NOON + (24 + last) * HOUR) == (2, False)
        assert path.reached([*told, *events(("order", 2))], NOON + 3 * HOUR) == (3, False)
        assert path.reached([], NOON) == (0, False)

    def test_only_entries_that_are_asked_for_count(self, order: Order, entry: Entry) -> None:
        told = events(("view", 0), ("view", 3), ("cart", 4))
        late = Path(STEPS, None, order, entry, enters=lambda event: event.at > NOON)

        assert late.reached(told, LATER).steps == 2
        assert late.reached(told[:1], LATER).steps == 0


def _at(told: tuple[str, float]) -> float:
    return told[1]


def tried(told: Sequence[Event], order: Order, entry: Entry, window: timedelta) -> int:
    """The same by trying each entry in turn, as the definition reads."""
    starts = [n for n, each in enumerate(told) if each.kind in (STEPS if order is Order.ANY else STEPS[:1])]
    reached = [_from(told[n:], order, window) for n in starts]
    return max(reached[:1] if entry is Entry.FIRST else reached, default=0)


def _from(told: Sequence[Event], order: Order, window: timedelta) -> int:
    inside = [each.kind for each in told if each.at - told[0].at <= window]
    if order is Order.ANY:
        return len(set(inside) & set(STEPS))
    place = 0
    for kind in inside:
        if place < len(STEPS) and kind == STEPS[place]:
            place += 1
        elif order is Order.STRICT:
            break
    return place


PATHS = {
    "buy": ("product_view", "add_to_cart", "shipping_details", "payment_details", "purchase"),
    "brief": ("catalog", "filter_results", "compare", "purchase", "review_page"),
    "short": ("product_view", "add_to_cart", "purchase"),
}
MODES = {
    "ordered_first_entry": (Order.ORDERED, Entry.FIRST), "ordered_best_entry": (Order.ORDERED, Entry.BEST),
    "strict": (Order.STRICT, Entry.BEST), "any_order": (Order.ANY, Entry.BEST),
}  # fmt: skip


def _told() -> list[dict[str, str]]:
    with gzip.open(data_file("funnel/ecom.csv.gz"), "rt") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.verify
def test_every_row_of_the_reference() -> None:
    told: dict[str, dict[str, list[Event]]] = {unit: defaultdict(list) for unit in ("user_id", "session_id")}
    for place, row in enumerate(_told()):
        at = datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC)
        for unit, actors in told.items():
            actors[row[unit]].append(Event(row[unit], row["event"], at, place))
    with data_file("funnel/ecom_funnels.csv").open() as lines:
        rows = list(csv.DictReader(lines))

    assert len(rows) == 96
    for row in rows:
        window = None if row["window"] == "none" else timedelta(days=int(row["window"].removesuffix("d")))
        path = Path(PATHS[row["funnel"]], window, *MODES[row["mode"]])
        deepest = Counter(path.reached(each, LATER).steps for each in told[row["unit"]].values())
        known = [int(float(row[f"s{place}"])) for place in range(1, 6) if row[f"s{place}"]]
        found = [sum(n for reached, n in deepest.items() if reached >= place) for place in range(1, len(known) + 1)]
        assert found == known, row
        assert all(before >= after for before, after in pairwise(found))


def test_a_small_part_of_it() -> None:
    """The first events of user_0000, and what pandas finds in them."""
    kinds = "home promo_page product_view add_to_cart product_view catalog search product_view cart add_to_cart"
    told = events(*((kind, n / 60) for n, kind in enumerate([*kinds.split(), "shipping_details", "purchase"])))

    assert [steps(told, order, steps=PATHS["buy"]) for order in Order] == [3, 2, 4]
    assert [steps(told, order, steps=PATHS["short"]) for order in Order] == [3, 2, 3]
