"""A day by campaign, channel, point, category and product: as a naive count has it, in any order, and small."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.model import bitmaps, slices
from chalicelib.insight.model.figures import Activity, Sold, Totals, day_rollup
from chalicelib.insight.model.sliced_summary import not_additive, rows
from chalicelib.insight.model.slices import NO_GOODS, UNKNOWN, Dimension, Slice, day_slices, merge, pack, unpack

ITEM_BYTES = 400 * 1024

names = st.sampled_from(["", "a", "b", "c"])
parts = st.builds(Sold, names, names, st.integers(0, 5), st.integers(0, 500), st.integers(0, 50))


@st.composite
def orders(draw: Any) -> Activity:
    """An order whose parts come to it, with a rest for delivery or of what is not known."""
    said = draw(st.lists(parts, max_size=4))
    return Activity(
        draw(st.integers(0, 40)),
        sum(each.amount_minor for each in said) + draw(st.sampled_from([0, 0, 300])),
        draw(st.sampled_from(["CNY", "USD"])),
        sum(each.units for each in said),
        discount_minor=sum(each.off_minor for each in said),
        campaign=draw(names),
        channel=draw(names),
        pickup_point=draw(names),
        parts=tuple(said),
        itemised=draw(st.booleans()),
    )


def naive(found: Iterable[Activity], dimension: Dimension) -> dict[str, Any]:
    """Orders, units, sales, discounts and members by value, counted one by one."""
    counts: dict[str, Any] = defaultdict(lambda: [0, 0, defaultdict(int), defaultdict(int), set()])
    for order in found:
        rest = NO_GOODS if order.itemised else UNKNOWN
        entries: list[tuple[str, int, int, int]] = []
        if not dimension.of_goods:
            entries.append((getattr(order, dimension.value), order.quantity, order.amount_minor, order.discount_minor))
        else:
            of = "product_id" if dimension is Dimension.PRODUCT else "category"
            entries += [(getattr(each, of), each.units, each.amount_minor, each.off_minor) for each in order.parts]
            left = order.amount_minor - sum(each.amount_minor for each in order.parts)
            if left or not entries:
                entries.append((rest, 0, left, 0))
        for value in {entry[0] for entry in entries}:
            counts[value][0] += 1
            counts[value][4].add(order.ordinal)
        for value, units, minor, off in entries:
            counts[value][1] += units
            counts[value][2][order.currency] += minor
            counts[value][3][order.currency] += off
    return counts


def assert_equal(found: Mapping[str, Slice], counted: Mapping[str, Any]) -> None:
    assert found.keys() == counted.keys()
    for value, (count, units, sales, off, who) in counted.items():
        each = found[value]
        assert (each.totals.orders, each.totals.quantity) == (count, units)
        assert {currency: minor for currency, (_, minor) in each.totals.sales.items()} == sales
        assert {currency: minor for currency, minor in each.discount_minor.items() if minor} == {
            currency: minor for currency, minor in off.items() if minor
        }
        assert (list(each.ordinals), each.members) == (sorted(who), bitmaps.of(who))


class TestDay:
    @given(st.lists(orders(), max_size=25), st.integers(0, 25), st.randoms(use_true_random=False))
    def test_it_is_as_counted_one_by_one_and_the_same_bytes_in_any_order(
        self, found: list[Activity], cut: int, chance: random.Random
    ) -> None:
        divided = day_slices(found)
        shuffled = day_slices(chance.sample(found, len(found)))

        for dimension, by_value in divided.items():
            assert_equal(by_value, naive(found, dimension))
            assert pack(by_value) == pack(shuffled[dimension])
            assert unpack(pack(by_value).values()) == by_value
            halves = [day_slices(half).get(dimension, {}) for half in (found[:cut], found[cut:])]
            if all(halves):
                assert merge(half.items() for half in halves) == by_value

    @given(st.lists(orders(), min_size=1, max_size=25))
    def test_units_sales_and_discounts_add_up_and_orders_where_each_has_one_value(self, found: list[Activity]) -> None:
        whole = day_rollup(found).totals
        for dimension, by_value in day_slices(found).items():
            together = sum((each.totals for each in by_value.values()), Totals())
            assert together.quantity == whole.quantity
            assert {name: minor for name, (_, minor) in together.sales.items()} == {
                name: minor for name, (_, minor) in whole.sales.items()
            }
            assert sum(sum(each.discount_minor.values()) for each in by_value.values()) == sum(
                each.discount_minor for each in found
            )
            if not dimension.of_goods:
                assert together == whole

    def test_a_dimension_of_which_nothing_is_known_is_not_kept(self) -> None:
        assert day_slices([Activity(0, 100, "CNY", 1, channel="chat")]).keys() == {Dimension.CHANNEL}
        assert day_slices([]) == {}

    def test_delivery_is_no_goods_and_an_order_without_goods_is_counted_there(self) -> None:
        apples = Sold("apples", "fruit", 2, 900, 100)
        found = day_slices(
            [
                Activity(0, 1400, "CNY", 2, discount_minor=100, parts=(apples,), itemised=True),
                Activity(1, 300, "CNY", 0, itemised=True),
                Activity(2, 70, "CNY", 1),
            ]
        )[Dimension.PRODUCT]

        assert found["apples"] == Slice(Totals(1, 2, {"CNY": (1, 900)}), {"CNY": 100}, found["apples"].ordinals)
        assert (found[NO_GOODS].totals, list(found[NO_GOODS].ordinals)) == (Totals(2, 0, {"CNY": (2, 800)}), [0, 1])
        assert (found[UNKNOWN].totals, list(found[UNKNOWN].ordinals)) == (Totals(1, 1, {"CNY": (1, 70)}), [2])


class TestRange:
    def test_a_day_that_is_not_divided_is_unknown(self) -> None:
        monday, tuesday = date(2026, 3, 30), date(2026, 3, 31)
        known = [Activity(0, 100, "CNY", 1, campaign="eggs"), Activity(1, 50, "CNY", 1)]
        of_before = [Activity(1, 70, "CNY", 3), Activity(2, 30, "CNY", 1)]
        days = {monday: day_rollup(known), tuesday: day_rollup(of_before)}

        found = slices.of_range([(monday, day_slices(known)[Dimension.CAMPAIGN])], days)

        assert (found["eggs"].totals.orders, list(found["eggs"].ordinals)) == (1, [0])
        assert (found[UNKNOWN].totals, list(found[UNKNOWN].ordinals)) == (Totals(3, 5, {"CNY": (3, 150)}), [1, 2])

    def test_a_day_whose_orders_all_went_away_is_no_row(self) -> None:
        assert slices.of_range([], {date(2026, 3, 30): day_rollup([])}) == {}

    def test_rows_go_by_sales_and_those_beyond_the_limit_are_united_in_one(self) -> None:
        found = day_slices(
            Activity(ordinal, minor, "CNY", 1, campaign=name)
            for ordinal, (name, minor) in enumerate([("a", 5), ("b", 50), ("c", 20), ("c", 1), ("d", 2), ("", 30)])
        )[Dimension.CAMPAIGN]

        every = rows(found, "CNY", new=0b001100)
        assert [(each.value, each.active, each.new) for each in every] == [
            *(("b", 1, 0), ("", 1, 0), ("c", 2, 2), ("a", 1, 0), ("d", 1, 0)),
        ]
        *shown, others = rows(found, "CNY", new=0b001100, most=3)
        assert [each.value for each in shown] == ["b", ""]
        assert (others.is_value, others.totals, others.active) == (False, Totals(4, 4, {"CNY": (4, 28)}), 4)

    def test_what_does_not_add_up_is_named(self) -> None:
        assert not_additive(None, of_goods=False) == []
        assert not_additive("day", of_goods=False) == ["members", "active_members", "aov"]
        assert not_additive("campaign", of_goods=False) == ["active_members", "new_members", "aov"]
        assert "orders" in not_additive("product", of_goods=True)


class TestScale:
    @pytest.mark.verify
    def test_a_day_of_a_large_brand_is_kept_in_few_items_and_soon_counted(self) -> None:
        """A million members, 20,000 of them active, and 30,000 products, of which each bought three."""
        found, chance = _large_day(), random.Random(7)
        began = time.process_time()
        divided = day_slices(found)
        packed = {dimension: pack(each) for dimension, each in divided.items()}
        took = time.process_time() - began

        sizes = [len(chunk) for chunks in packed.values() for chunk in chunks.values()]
        assert max(sizes) < ITEM_BYTES
        assert (len(packed[Dimension.PRODUCT]) <= 8, sum(sizes) < 2 * 1024 * 1024) == (True, True)
        assert unpack(packed[Dimension.PRODUCT].values()) == divided[Dimension.PRODUCT]
        assert packed[Dimension.PRODUCT] == pack(day_slices(chance.sample(found, len(found)))[Dimension.PRODUCT])
        assert took < 20

    def test_a_value_with_more_members_than_a_row_holds_has_several(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(slices, "ROW_MEMBERS", 3)
        monkeypatch.setattr(slices, "_CHUNK_BYTES", 40)
        found = day_slices([Activity(ordinal * 7, 1, "CNY", 1, campaign="a") for ordinal in range(11)])

        chunks = pack(found[Dimension.CAMPAIGN])

        assert sorted(chunks) == [0, 1, 2, 3]
        assert unpack(chunks.values()) == found[Dimension.CAMPAIGN]


def _large_day() -> Sequence[Activity]:
    chance = random.Random(20_000)
    products = [f"01J{chance.getrandbits(115):023X}"[:26] for _ in range(30_000)]
    return [
        Activity(
            ordinal,
            300,
            "CNY",
            3,
            campaign=f"campaign {ordinal % 40}",
            pickup_point=f"point {ordinal % 900}",
            parts=tuple(Sold(each, each[-1], 1, 100) for each in chance.sample(products, 3)),
            itemised=True,
        )
        for ordinal in chance.sample(range(1_000_000), 20_000)
    ]
