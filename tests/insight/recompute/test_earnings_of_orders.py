"""What the recount says of orders, in SQL, against what the product says, over orders that chance has made."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.channels.model import Via
from chalicelib.insight.earnings.model.figures import By, OrderEarned, day_cells
from chalicelib.insight.earnings.model.orders import Goods
from chalicelib.insight.earnings.service import orders as product
from chalicelib.insight.recompute.model import earnings as sql
from chalicelib.insight.recompute.model.checks import tables
from chalicelib.insight.recompute.service import earnings as recount
from chalicelib.insight.recompute.service.engine import Engine
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.ids import new_id
from chalicelib.orders.records import OrderRecord
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.settlement.books.records import OrderBook

ON, NOON = date(2026, 5, 15), datetime(2026, 5, 15, 12, tzinfo=UTC)
TENANT = new_id(NOON)
SKUS = {"pear": ("fruit", 31), "plum": ("fruit", 0), "pot": ("ware", None), "pan": ("ware", 777), "gone": None}
RISE = NOON + timedelta(minutes=30), 45  # from then on a pear costs 31; before, 45
STATES = ["placed", "placed", "ready", "picked_up", "cancelled", "expired", "held", "refunded"]
POINTS = {"north": [(sortable(NOON - timedelta(days=9)), None), (sortable(NOON + timedelta(minutes=20)), "lea")],
          "south": [(sortable(NOON + timedelta(days=1)), "sam")], "west": [("", None)]}  # fmt: skip
RATES = {("spring", "north"): 1_000, ("spring", "south"): 750, ("summer", "west"): 500}


class Chance(random.Random):
    def some(self, names: Any, share: float = 0.5) -> list[Any]:
        return [name for name in names if self.random() < share]


def order(chance: Chance) -> OrderRecord:
    """An order of up to four lines, of which anything may have happened."""
    lines, total = [], {}
    for name in chance.sample(sorted(SKUS), chance.randint(1, 4)):
        quantity, price = chance.randint(1, 9), chance.randint(0, 999)
        offer = f"bundle-{name}" if chance.random() < 0.2 else name
        instead = {chance.choice(sorted(SKUS)): chance.randint(1, quantity)} if chance.random() < 0.2 else {}
        rates = chance.choice([[], 900, 1300, [[900, 2], [1300, 1]], [[None, 1], [600, 3]]])
        lines.append([offer, name, quantity, price, 0, 0, {k: v for k, v in instead.items() if k != name}, rates])
        total[offer] = quantity * price
    discounts, left = [], dict(total)
    for step in sorted(chance.some(range(1, 7), 0.4)):
        shares = {name: chance.randint(0, left[name]) for name in chance.some(left)}
        left = {name: minor - shares.get(name, 0) for name, minor in left.items()}
        gifts = dict.fromkeys(chance.some(shares, 0.5), 1) if step == 4 else {}
        earned_by = [name.partition("-")[0] for name in chance.some(left, 0.3)] if gifts else []
        discounts.append([step, "", "", "", shares, chance.choice([0, 0, 70]), gifts, earned_by])
    fee = chance.choice([0, 0, 500])
    back = {name: chance.randint(0, minor) for name, minor in left.items() if chance.random() < 0.3}
    if fee and chance.random() < 0.3:
        back["delivery"] = chance.randint(1, fee)
    kept = chance.some(back, 0.4)
    gifts_back = {name: chance.randint(0, back[name]) for name in kept}
    disputed = {name: chance.randint(0, back[name] - gifts_back.get(name, 0)) for name in chance.some(back, 0.2)}
    whole = sum(left.values()) + fee
    status = chance.choice(STATES)
    placed = NOON + timedelta(minutes=chance.choice([0, 19, 20, 21, 29, 30, 31]))
    found = OrderRecord(*OrderRecord.address(TENANT, new_id(NOON)))
    found.status, found.currency, found.placed_at = status, "CNY", placed
    found.campaign_id, found.pickup_point_id = chance.choice(sorted(RATES))
    found.pickup_point_id = chance.choice([found.pickup_point_id, "west"])
    found.stored_lines, found.stored_discounts = lines, discounts or None
    found.discount_minor = sum(total.values()) - sum(left.values())
    found.delivery_minor, found.delivery_tax_bps = fee, chance.choice([None, 600])
    found.paid_minor = chance.choice([0, whole])
    found.refunded_minor = chance.choice([0, sum(back.values()), found.paid_minor])
    found.returned_minor = sum(back.values()) + chance.choice([0, 0, 30]) if back else None
    found.refunded_lines, found.disputed_lines = back or None, disputed or None
    found.goodwill = [sum(gifts_back.values()), gifts_back] if gifts_back else None
    found.returned_units = {each[0]: chance.randint(0, each[2]) for each in chance.some(lines, 0.2)} or None
    found.picked = {each[0]: chance.randint(0, each[2]) for each in lines} if chance.random() < 0.3 else None
    found.picked_up_at = placed if status == "picked_up" else None
    found.forfeited_at = placed if status == "cancelled" and chance.random() < 0.5 else None
    found.is_gift, found.origin = chance.random() < 0.1 or None, "o" if chance.random() < 0.05 else None
    found.stored_via = Via(channel_id=TENANT).written if chance.random() < 0.3 else None
    return found


def book(chance: Chance, of: OrderRecord) -> OrderBook | None:
    """What is booked of it, if anything is."""
    if chance.random() < 0.3:
        return None
    found = OrderBook(*OrderBook.address(TENANT, of.id), campaign_id="", currency="CNY")
    found.recognised_at = chance.choice([None, NOON])
    found.frozen_minor, found.payable_minor = chance.randint(0, 99), chance.randint(0, 99)
    found.fees_minor, found.lost_minor = chance.choice([None, 12]), chance.choice([None, 34])
    found.platform_minor = chance.choice([None, 5])
    found.charged = chance.choice([None, {"s1": 7, "s2": 9}])
    bearers = ["", "leader", "supplier:s1", "platform"]
    found.remedies = {f"r{n}": [chance.randint(1, 99), chance.choice(bearers), n % 2] for n in range(3)}
    return found


class Costs:
    def at(self, placed_at: datetime, sku_ids: Any) -> dict[str, Goods]:
        known = {sku_id: SKUS[sku_id] for sku_id in sku_ids if SKUS[sku_id]}
        before = {"pear": RISE[1]} if placed_at < RISE[0] else {}
        return {name: Goods(each[0], before.get(name, each[1])) for name, each in known.items()}


class Rates:
    def of(self, each: OrderRecord) -> int:
        point = PickupPointRecord("", "", leaders=[list(led) for led in POINTS[each.pickup_point_id]])
        rate = RATES.get((each.campaign_id, each.pickup_point_id), 0)
        return rate if point.leader_at(each.placed_at) else 0


@pytest.mark.parametrize("seed", range(2))
def test_both_say_the_same_of_each_figure_of_every_part_of_a_day(seed: int) -> None:
    chance = Chance(seed)
    orders = [order(chance) for _ in range(150)]
    books = [book(chance, each) for each in orders]
    costs, rates = Costs(), Rates()
    found: list[OrderEarned] = [
        product._earned(n % 40, each, own, costs, rates)  # type: ignore[arg-type]
        for n, (each, own) in enumerate(zip(orders, books, strict=True))
    ]
    kept = {by: SimpleNamespace(cells=day_cells(found, by)) for by in By}

    with Engine() as engine:
        engine.run(tables(sql.TABLES.items()))
        engine.load("asked", [("CNY",)])
        engine.load("activity", ((each.id, ON, n % 40, True, False, "CNY", 0, 0, None, None)
                                 for n, each in enumerate(orders)))  # fmt: skip
        engine.load("orders", map(recount._order, orders))
        engine.load("books", (recount._book(each) for each in books if each is not None))
        engine.load("skus", ((name, *each) for name, each in SKUS.items() if each))
        engine.load("cost_changes", [("pear", 0, sortable(RISE[0]), RISE[1])])
        engine.load("rates", ((*place, 0, bps) for place, bps in RATES.items()))
        engine.load("leaders", ((name, n, *led) for name, each in POINTS.items() for n, led in enumerate(each)))
        engine.load(
            "stored_earned",
            (
                (by.value, ON.isoformat(), f"{name} {said}", value)
                for by, each in kept.items()
                for name, cell in each.cells.items()
                for said, value in recount._cells(cell)
            ),
        )
        engine.run(sql.STEPS)
        result = engine.compare(sql.CHECKS)

    assert (result.differing, result.first[:12]) == (0, [])
    assert result.compared > 300
