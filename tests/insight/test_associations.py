"""Goods bought together: sets and rules by hand, against a plain count of everything, and on supermarket baskets."""

from __future__ import annotations

import csv
import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest

from chalicelib.insight.associations.model import Marks, differing, is_withheld
from chalicelib.insight.model.association_results import Found, find
from chalicelib.insight.model.associations import (
    FEWEST_MEMBERS,
    MOST_ITEMS,
    Baskets,
    Sets,
    by_lift,
    find_sets,
    rules,
    telling_count,
    usual_least,
)
from tests.insight.figures import data_file

Basket = tuple[int, Sequence[str]]


def baskets_of(bought: Iterable[Basket]) -> Baskets:
    found = Baskets()
    for member, items in bought:
        found.add(member, items)
    return found


def groceries() -> Baskets:
    """Each basket is of a member of its own."""
    with data_file("groceries/baskets.csv").open() as lines:
        return baskets_of((at, [each.strip() for each in row]) for at, row in enumerate(csv.reader(lines)))


def named(found: Sets) -> dict[frozenset[str], int]:
    """The sets of two and more."""
    return {frozenset(found.names[at] for at in items): n for items, n in found.counts.items() if len(items) > 1}


def plain_count(bought: Sequence[Basket], least: int, most_items: int) -> dict[frozenset[str], int]:
    """The same counted by looking at every part of every basket."""
    members: dict[frozenset[str], list[int]] = {}
    for member, items in bought:
        for size in range(2, most_items + 1):
            for some in combinations(sorted(set(items)), size):
                members.setdefault(frozenset(some), []).append(member)
    return {items: len(who) for items, who in members.items() if len(who) >= least and len(set(who)) >= FEWEST_MEMBERS}


def by_chance(seed: int, baskets: int = 400) -> list[Basket]:
    """Baskets of few goods and members, some of whom buy much."""
    chance = random.Random(seed)
    weights = [1 / (at + 1) for at in range(12)]
    return [
        (
            min(chance.randrange(40), chance.randrange(40)),
            [f"g{each:02d}" for each in chance.choices(range(12), weights, k=chance.randrange(1, 8))],
        )
        for _ in range(baskets)
    ]


class TestByHand:
    # Tea and cake: six baskets of five members; tea alone once with a doubled line, an empty one.
    BOUGHT = (
        *((at, ["tea", "cake"]) for at in (1, 2, 3, 4, 5, 5)),
        (6, ["tea", "tea"]), (7, ["milk"]), (8, [""]),
    )  # fmt: skip

    def test_support_confidence_and_lift(self) -> None:
        [first, second] = by_lift(rules(find_sets(baskets_of(self.BOUGHT)), 5, Decimal(0), 2))

        assert (first.a, first.b, second.a, second.b) == (("cake",), "tea", ("tea",), "cake")
        assert (first.together, first.count_a, first.count_b, first.total) == (6, 6, 7, 9)
        assert (first.support, first.confidence, second.confidence) == (Fraction(6, 9), 1, Fraction(6, 7))
        assert first.lift == second.lift == Fraction(6 * 9, 6 * 7)

    def test_a_confidence_that_is_just_reached_counts(self) -> None:
        found = find_sets(baskets_of(self.BOUGHT))

        assert len(list(rules(found, 5, Decimal("0.857142"), 2))) == 2
        assert [each.b for each in rules(found, 5, Decimal("0.857143"), 2)] == ["tea"]
        assert len(list(rules(found, 6, Decimal(1), 2))) == 1
        assert list(rules(found, 7, Decimal(0), 2)) == []

    def test_baskets_of_which_nothing_is_known_are_told_apart(self) -> None:
        baskets = baskets_of(self.BOUGHT)
        baskets.add(9, None)
        assert (baskets.total, baskets.unknown) == (9, 1)

    @pytest.mark.parametrize(("total", "least"), [(0, 5), (5_000, 5), (5_001, 6), (9_835, 10), (10**6, 20)])
    def test_sets_are_kept_from_a_thousandth_on_but_no_more_than_twenty(self, total: int, least: int) -> None:
        assert usual_least(total) == least

    def test_without_a_count_the_hundred_most_frequent_sets_are_left(self) -> None:
        counts: dict[tuple[int, ...], int] = {(0, at): 300 - at for at in range(1, 201)}
        sets = Sets(999, 0, 5, [str(at) for at in range(201)], counts)
        assert sum(n >= telling_count(sets, 2) for n in counts.values()) == 100
        assert telling_count(Sets(9, 0, 5, (), {}), 2) == 5
        alike = Sets(999, 0, 5, (), dict.fromkeys(counts, 7))
        assert telling_count(alike, 2) == 7


@pytest.mark.parametrize("seed", range(3))
def test_every_set_is_found_with_its_count_and_no_other(seed: int) -> None:
    bought = by_chance(seed)
    assert named(find_sets(baskets_of(bought))) == plain_count(bought, 5, 7)
    assert named(find_sets(baskets_of(bought), 2)) == plain_count(bought, 5, 2)


def test_the_order_of_baskets_and_of_items_changes_nothing() -> None:
    bought = by_chance(1)
    turned = [(member, items[::-1]) for member, items in reversed(bought)]
    assert find(baskets_of(bought)) == find(baskets_of(turned))


def test_where_there_are_too_many_sets_all_from_a_greater_count_on_are_kept() -> None:
    bought = by_chance(2)
    found = find_sets(baskets_of(bought), most_sets=50)
    assert found.least_count > 5
    assert len(named(found)) <= 50
    assert named(found) == plain_count(bought, found.least_count, 7)


def test_five_hundred_baskets_of_the_same_hundred_goods_take_no_time() -> None:
    goods = [f"g{at:03d}" for at in range(100)]
    found = find_sets(baskets_of((at, goods) for at in range(500)))
    assert (found.least_count, found.counts) == (501, {})


def test_what_is_kept_fits_into_its_item_and_is_read_back_the_same() -> None:
    baskets = baskets_of((member, [each * 20 for each in items]) for member, items in by_chance(0))
    small, whole = Found.unpack(find(baskets, 700)), Found.unpack(find(baskets))

    assert len(find(baskets, 700)) <= 700
    assert small.sets.least_count > whole.sets.least_count
    assert whole == Found(find_sets(baskets, 2), find_sets(baskets))


class TestFewMembers:
    def test_no_answer_whatever_is_asked_tells_what_fewer_than_five_bought_together(self) -> None:
        """All answers together: every set that they name, and every number from which another could be subtracted."""
        bought = by_chance(3)
        members: dict[frozenset[str], set[int]] = {}
        for member, items in bought:
            for size in range(1, 8):
                for some in combinations(sorted(set(items)), size):
                    members.setdefault(frozenset(some), set()).add(member)
        content = find(baskets_of(bought))

        told = set()
        for most_items in range(2, MOST_ITEMS + 1):
            sets = Found.unpack(content).of(most_items)
            for count in range(sets.least_count, 400, 3):
                for rule in rules(sets, count, Decimal(0), most_items):
                    told |= {frozenset((*rule.a, rule.b)), frozenset(rule.a), frozenset((rule.b,))}

        hidden = {items for items, who in members.items() if len(who) < FEWEST_MEMBERS}
        assert len(hidden) > 100
        assert not told & hidden
        assert not {frozenset(sets.names[at] for at in items) for items in sets.counts} & hidden

    def test_one_who_buys_often_is_one(self) -> None:
        bought = [(at % 4, ["tea", "cake"]) for at in range(100)]
        assert find_sets(baskets_of(bought)).counts == {}
        assert named(find_sets(baskets_of([*bought, (5, ["tea", "cake"])]))) == {frozenset(("tea", "cake")): 101}

    def test_a_result_that_differs_by_the_orders_of_few_does_not_replace_the_one_before(self) -> None:
        def marks(bought: Iterable[Basket]) -> bytes:
            found = Marks()
            for member, items in bought:
                found.add(member, [items])
            return found.pack()

        before = by_chance(4)
        further: list[Basket] = [(at, ["tea", "cake"]) for at in (900, 901, 902, 903, 904)]

        assert not is_withheld(marks(before), marks(reversed(before)))  # nothing new is told
        for number in range(1, FEWEST_MEMBERS):
            assert is_withheld(marks(before), marks([*before, *further[:number]]))
            assert is_withheld(marks([*before, *further[:number]]), marks(before))
        assert is_withheld(marks(before), marks([*before, *further[:1] * 20]))
        assert differing(marks(before), marks([*before, *further])) == FEWEST_MEMBERS
        assert not is_withheld(marks(before), marks([*before, *further]))


class TestGroceries:
    """9,835 baskets (Hahsler et al. 2006): the counts that the R package arules prints, and tables of mlxtend."""

    def test_rules_are_as_many_as_arules_prints_and_the_first_are_the_same(self) -> None:
        sets = Found.unpack(find(groceries())).sets
        for least, confidence, number, name in (
            ("0.001", "0.5", 5668, "rules_top10_lift_sup0.001_conf0.5"),
            ("0.006", "0.25", 463, "rules_top10_lift_sup0.006_conf0.25"),
            ("0.01", "0.5", 15, ""),
        ):
            found = by_lift(rules(sets, _count(least), Decimal(confidence), MOST_ITEMS))
            assert len(found) == number
            if name:
                told = [(" + ".join(each.a), each.b, each.together, each.lift) for each in found[:10]]
                assert told == [
                    (row["A"], row["C"].strip(), int(row["cnt"]), pytest.approx(float(row["lift"]), rel=1e-9))
                    for row in _table(name)
                ]
        every = {(" + ".join(each.a), each.b): each for each in rules(sets, _count("0.01"), Decimal("0.5"), MOST_ITEMS)}
        for row in _table("rules_all_sup0.01_conf0.5"):
            rule = every[row["A"], row["C"]]
            numbers = [float(each) for each in (rule.support, rule.confidence, rule.lift)]
            assert numbers == pytest.approx([float(row[name]) for name in ("support", "confidence", "lift")], rel=1e-9)

    def test_supports_and_pairs(self) -> None:
        baskets = groceries()
        assert (baskets.total, len(baskets.counts)) == (9835, 169)
        counts = Counter({name: baskets.counts[at] for name, at in baskets.numbers.items()})
        assert counts.most_common(20) == [(row["item"], int(row["count"])) for row in _table("item_support_top20")]
        found = named(find_sets(baskets, 2))
        assert sum(count >= _count("0.01") for count in found.values()) == 213
        for name in ("pairs_top20_count", "pairs_top20_lift_minsup0.01"):
            for row in _table(name):
                assert found[frozenset((row["a"].strip(), row["b"].strip()))] == int(row["count"])


def _count(support: str) -> int:
    return math.ceil(Decimal(support) * 9835)


def _table(name: str) -> list[Any]:
    with data_file(f"groceries/groceries_{name}.csv").open() as lines:
        return list(csv.DictReader(lines))
