"""What orders earn: parts sum to wholes to the minor unit, whatever happens to orders and however it is told."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.db import tenant_scope
from chalicelib.insight.activity.service.dirty_days import mark_changed
from chalicelib.insight.activity.service.own_orders import record_orders
from chalicelib.insight.earnings.model.columns import pack, unpack
from chalicelib.insight.earnings.model.figures import SHARED, By, Cell, Earned, OrderEarned, day_cells, summed
from chalicelib.insight.earnings.model.orders import About, Goods, earned_of
from chalicelib.insight.earnings.model.profit import Fixed, Missing, Statement, spread, total_of
from chalicelib.insight.earnings.records import EarnedDay
from chalicelib.insight.earnings.service.days import earned_days
from chalicelib.insight.effects.model.orders import Seen
from chalicelib.insight.records import ActivityRecord
from chalicelib.kernel import clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.orders.discounts.model import Applied, CameBack, after_returns
from chalicelib.orders.model import Line, Take
from chalicelib.orders.sale.model import Sale
from chalicelib.pricing.model import Step, Words
from chalicelib.pricing.model.tax import one_rate
from tests.insight.effects.test_counting import Trade
from tests.orders.store import Store, open_store

GOODS = {"pear": Goods("fruit", 31), "plum": Goods("fruit", 0), "pot": Goods("ware", None)}
MINOR = st.integers(0, 10_000)


@st.composite
def orders(draw: Any) -> OrderEarned:
    """An order of up to three lines with discounts and tax, of which something may have come back."""
    names = draw(st.lists(st.sampled_from(sorted(GOODS)), min_size=1, max_size=3, unique=True))
    lines = [Line(each, each, draw(st.integers(1, 9)), draw(st.integers(1, 999)), (Take(0, 1),)) for each in names]
    total = {line.offer_id: line.total_minor for line in lines}
    off = [
        Applied(step, "", Words("", ""), {name: draw(st.integers(0, minor // 3)) for name, minor in total.items()})
        for step in draw(st.lists(st.sampled_from(list(Step)), max_size=3, unique=True))
    ]
    price = {name: minor - sum(each.shares[name] for each in off) for name, minor in total.items()}
    returned = {name: draw(st.integers(0, minor)) for name, minor in price.items()}
    granted = {name: draw(st.integers(0, minor)) for name, minor in returned.items()}
    units = {line.offer_id: draw(st.integers(0, line.quantity)) for line in lines}
    back = CameBack(units, {name: returned[name] - granted[name] for name in returned})
    delivery = draw(MINOR)
    seen = Seen(
        "placed", True, False, Sale(sum(line.quantity for line in lines), sum(price.values()) + delivery), lines,
        off, after_returns(off, lines, back), returned, granted, units,
        sum(returned.values()) + draw(st.integers(0, 50)),
    )  # fmt: skip
    rates = {name: one_rate(draw(st.sampled_from([900, 1_300]))) for name in names if draw(st.booleans())}
    booked = Earned(commission_minor=draw(MINOR), fees_minor=draw(MINOR))
    whole, parts = earned_of(seen, About(GOODS, rates, delivery_minor=delivery, booked=booked))
    places = {By.CAMPAIGN: draw(st.sampled_from("ab"))}
    return OrderEarned(draw(st.integers(0, 9)), whole, places, parts)


def amounts(earned: Earned) -> dict[str, int]:
    """Everything but the number of orders, which stands with each product of an order."""
    return {name: value for name, value in earned.said().items() if name != "orders"}


class TestParts:
    @given(st.lists(orders(), max_size=6), st.randoms(use_true_random=False))
    def test_a_day_divided_by_anything_sums_to_the_day_and_order_does_not_matter(
        self, found: list[OrderEarned], chance: random.Random
    ) -> None:
        whole = summed(each.whole for each in found)
        shuffled = list(found)
        chance.shuffle(shuffled)

        for by in By:
            cells = day_cells(found, by)
            assert amounts(summed(cell.earned for cell in cells.values())) == amounts(whole)
            assert pack(day_cells(shuffled, by)) == pack(cells)
            assert unpack(pack(cells)) == cells

    @given(orders())
    def test_what_was_paid_is_never_below_nothing_and_tax_is_a_part_of_it(self, order: OrderEarned) -> None:
        whole = order.whole

        assert whole.received_minor >= 0
        assert 0 <= whole.tax_minor <= whole.received_minor
        assert whole.uncosted_minor <= whole.received_minor

    @given(st.dictionaries(st.sampled_from(["a", "b", "c", SHARED]), st.tuples(MINOR, MINOR, MINOR), min_size=1))
    def test_what_is_divided_sums_to_what_it_was(self, given_rows: dict[str, tuple[int, int, int]]) -> None:
        rows = {
            name: Statement(Earned(1, gross_minor=gross, fees_minor=fees), Fixed(labour=wages))
            for name, (gross, fees, wages) in given_rows.items()
        }

        divided = spread(rows)

        if divided is None:
            assert SHARED not in rows or not any(rows[name].earned.gross_minor for name in rows if name != SHARED)
        else:
            assert total_of(divided) == total_of(rows)
            assert not divided.get(SHARED, Statement()).at_most


class TestBreakEven:
    def test_it_is_reached_with_the_first_whole_order_that_covers_the_fixed_costs(self) -> None:
        """Three orders leave 100 over; 101 of fixed costs take four of them: 101 x 3 / 100 = 3.03."""
        found = Statement(Earned(3, gross_minor=400, goods_minor=300), Fixed(other=101)).break_even

        assert (found.orders, found.revenue_minor, found.fixed_minor) == (4, 404, 101)

    @pytest.mark.parametrize(
        ("earned", "reason"),
        [
            (Earned(), Missing.NO_ORDERS),
            (Earned(1, gross_minor=10, uncosted_units=1), Missing.COST_UNKNOWN),
            (Earned(1, gross_minor=10, goods_minor=10), Missing.NOTHING_LEFT),
        ],
    )
    def test_it_says_why_there_is_none(self, earned: Earned, reason: Missing) -> None:
        found = Statement(earned, Fixed(other=1)).break_even

        assert (found.orders, found.revenue_minor, found.reason) == (None, None, reason)


@pytest.fixture
def store(noon: None, engine: object) -> Any:
    """A store on the empty engine, in its tenant's scope."""
    opened = open_store()
    with tenant_scope(opened.tenant_id):
        yield opened


class TestReplay:
    @pytest.mark.parametrize("seed", [1, 3])
    def test_shuffled_and_repeated_events_lead_to_the_same_bytes_and_to_what_orders_kept(
        self, store: Store, seed: int
    ) -> None:
        chance = random.Random(seed)
        trade = Trade(store, chance)
        for n in range(14):
            trade.step(n)
            record_orders(store.tenant_id, [chance.choice(trade.placed).id])
            if n % 5 == 4:
                earned_days(store.tenant_id, By.DAY, *self.today())
        told = [each.id for each in trade.placed] * 2
        chance.shuffle(told)
        for order_id in told:
            record_orders(store.tenant_id, [order_id])

        first = self.bytes_of(store)
        mark_changed(store.tenant_id, [self.today()[0]])
        assert self.bytes_of(store) == first
        whole = summed(cell.earned for cells in earned_days(store.tenant_id, By.DAY, *self.today()).days.values()
                       for cell in cells.values())  # fmt: skip
        kept = [each.kept_minor for each in ActivityRecord.of_day(store.tenant_id, self.today()[0]) if not each.voided]
        assert (whole.orders, whole.received_minor - whole.delivery_minor) == (len(kept), sum(kept))

    @staticmethod
    def today() -> tuple[date, date]:
        on = local_date(clock.now(), zone("Asia/Shanghai"))
        return on, on

    def bytes_of(self, store: Store) -> list[tuple[int, bytes]]:
        """What is kept of the day, of each division."""
        for by in By:
            earned_days(store.tenant_id, by, *self.today())
        found = [each for by in By for each in EarnedDay.in_days(store.tenant_id, by, *self.today())]
        return [(int(each.revision), bytes(each.content)) for each in found]


def test_members_of_a_part_are_counted_once() -> None:
    twice = [OrderEarned(3, Earned(1), {By.CAMPAIGN: "a"}), OrderEarned(3, Earned(1), {By.CAMPAIGN: "a"})]

    assert day_cells(twice, By.CAMPAIGN) == {"a": Cell(Earned(2), 1 << 3)}
