"""Units of each SKU and local day, as orders leave them: exactly once, whatever comes twice, late or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.orders.model import Line, Take
from chalicelib.orders.sale.model import Sale
from chalicelib.pricing.records import SoldWeekRecord, week_part
from chalicelib.pricing.service.sold import sold_days, together
from chalicelib.trends.model import SoldLine, difference, units_of
from chalicelib.trends.service import sold as sold_service
from chalicelib.trends.service.sold import count_orders
from tests.aftersales.conftest import Returns, returns
from tests.builders import Shop, made
from tests.conftest import Clock, Drain
from tests.faults import Faults, faults
from tests.orders.test_faults import _without_pauses, faulty_runs, repeated, requests_of

__all__ = ["_without_pauses", "faults", "returns"]


def today(shop: Shop) -> date:
    return local_date(product_clock.now(), zone(shop.timezone))


def sold(shop: Shop, product_id: str = "") -> dict[date, int]:
    wanted = product_id or shop.open_campaign["offers"][0]["product_id"]
    with tenant_scope(shop.tenant_id):
        return together(sold_days(shop.tenant_id, wanted, today(shop)))


def count(shop: Shop, *order_ids: str) -> None:
    with tenant_scope(shop.tenant_id):
        count_orders(shop.tenant_id, order_ids)


class TestRule:
    def line(self, units: int, sku_id: str = "sku", **fields: int) -> SoldLine:
        known = {"given": 0, "cost_minor": 100 * units, "returned_minor": 0} | fields
        return SoldLine(Line("offer", sku_id, units, 100, (Take(0, units),)), **known)

    @pytest.mark.parametrize(
        ("units", "fields", "kept"),
        [
            (3, {}, 3),
            (3, {"returned_minor": 100}, 2),
            (3, {"returned_minor": 300}, 0),
            (3, {"cost_minor": 100, "returned_minor": 33}, 2),  # a third of what it cost, less a rounding
            (3, {"returned_minor": 20}, 3),  # a price that was lowered, nothing that came back
            (3, {"given": 1, "cost_minor": 200}, 2),
            (2, {"given": 2, "cost_minor": 0}, 0),
            (3, {"returned_minor": 900}, 0),
            (2, {"returned_minor": 140, "units_back": 2}, 0),  # less went back, for a gift that stays
            (3, {"cost_minor": 0, "units_back": 1}, 2),  # points had paid for it
            (3, {"returned_minor": 100, "units_back": 1}, 2),  # the same unit, not one more
            (3, {"given": 1, "cost_minor": 200, "units_back": 3}, 0),
        ],
    )
    def test_gifts_and_what_came_back_are_no_sales(self, units: int, fields: dict[str, int], kept: int) -> None:
        assert self.line(units, **fields).kept == kept

    def test_what_is_no_sale_sold_nothing(self) -> None:
        lines = [self.line(2), self.line(1, "other"), self.line(1)]
        assert units_of(lines, Sale(4, 400)) == {"sku": 3, "other": 1}
        assert (units_of(lines, None), units_of(lines, Sale(0, 400))) == ({}, {})

    def test_the_difference_makes_one_count_the_other(self) -> None:
        assert dict(difference({"a": 2, "b": 1, "c": 4}, {"a": 3, "c": 4, "d": 1})) == {"a": 1, "b": -1, "d": 1}


def test_an_order_counts_on_its_local_day_and_a_cancelled_one_no_more(shop: Shop, drain: Drain) -> None:
    first = made(shop.order(quantity=3))
    made(shop.order(quantity=2))
    drain()
    assert sold(shop) == {today(shop): 5}
    made(shop.caller.call("POST", f"{shop.path}/orders/{first['id']}/cancel", token=shop.shopper.token), 200)
    drain()
    assert sold(shop) == {today(shop): 2}


@pytest.mark.parametrize(("zone_name", "day"), [("Asia/Shanghai", "2027-03-10"), ("America/New_York", "2027-03-09")])
def test_the_day_is_that_of_the_brands_clocks(
    new_shop: Any, clock: Clock, drain: Drain, zone_name: str, day: str
) -> None:
    clock.set(datetime(2027, 3, 9, 20, tzinfo=UTC))  # 4:00 on the 10th in Shanghai, 15:00 on the 9th in New York
    shop = new_shop(timezone=zone_name, slug=f"in-{zone_name[:4].lower()}")
    made(shop.order(quantity=2))
    drain()
    assert sold(shop) == {date.fromisoformat(day): 2}


def test_goods_that_come_back_are_taken_back(returns: Returns, drain: Drain) -> None:
    order = returns.collected(quantity=3)
    drain()
    [(day, units)] = sold(returns.shop).items()
    assert units == 3
    case = returns.opened(order, 1)
    made(returns.decide(case, outcome="approve"), 200)
    made(returns.receive(case, 1), 200)
    drain()
    assert sold(returns.shop) == {day: 2}


def test_messages_that_come_twice_late_and_at_once_count_once(shop: Shop) -> None:
    ids = [made(shop.order(quantity=n))["id"] for n in (1, 2, 3, 4, 5)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda some: count(shop, *some), [ids, ids[::-1], ids[:2], ids[3:], ids, ids[2:4]]))
    assert sold(shop) == {today(shop): 15}


def test_orders_whose_changes_do_not_fit_one_write_are_counted_one_by_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [made(shop.order(quantity=n))["id"] for n in (1, 2, 3)]
    monkeypatch.setattr(sold_service, "MOST_OPERATIONS", 3)
    count(shop, *ids)
    assert sold(shop) == {today(shop): 6}


def test_a_rush_adds_to_a_week_in_parts(shop: Shop) -> None:
    ids = [made(shop.order(quantity=1))["id"] for _ in range(12)]
    for each in ids:
        count(shop, each)
    partition = SoldWeekRecord.partition(shop.tenant_id, shop.open_campaign["offers"][0]["product_id"])
    with tenant_scope(shop.tenant_id):
        weeks = list(SoldWeekRecord.every(partition))
    assert len(weeks) == len({week_part(each) for each in ids}) > 1
    assert sold(shop) == {today(shop): 12}


def test_whatever_fails_each_order_is_counted_once(shop: Shop, faults: Faults) -> None:
    faults.of("sold units")
    offered = shop.campaign(offers=[shop.offer(quantity=500)])
    orders = [made(shop.order(quantity=2, campaign=offered))["id"] for _ in range(64)]
    each = iter(orders)
    requests = requests_of(faults, lambda: count(shop, next(each)))
    runs = 1
    for _ in faulty_runs(faults, requests):
        order_id = next(each)
        repeated(faults, lambda order_id=order_id: count(shop, order_id))  # type: ignore[misc]
        faults.arm(None)
        count(shop, order_id)
        runs += 1
    assert runs > 40
    assert sold(shop, offered["offers"][0]["product_id"]) == {today(shop): 2 * runs}


def test_weeks_of_another_brand_are_its_own(shop: Shop, new_shop: Any, drain: Drain) -> None:
    made(shop.order(quantity=2))
    drain()
    other = new_shop(slug="elsewhere")
    product_id = shop.open_campaign["offers"][0]["product_id"]
    assert sold(other, product_id) == {}


def test_the_stage_follows_from_complete_weeks(shop: Shop, clock: Clock, drain: Drain) -> None:
    clock.set(datetime(2027, 3, 1, 2, tzinfo=UTC))  # a Monday in Shanghai
    product = shop.open_campaign["offers"][0]["product_id"]
    offered = shop.campaign(offers=[shop.offer(quantity=999)], closes_in=timedelta(days=80))
    for units in (2, 4, 6, 8, 10, 12, 14, 16):
        made(shop.order(quantity=units, campaign=offered))
        clock.advance(days=7)
    drain()
    found = made(shop.brand.get(f"/v1/products/{product}/pricing"), 200)
    suggestion = found["stage"]["suggestion"]
    assert (suggestion["stage"], suggestion["weeks"], suggestion["slope"]) == ("growth", 8, "2.00")
    assert [week["units"] for week in found["weeks"][-8:]] == [2, 4, 6, 8, 10, 12, 14, 16]
    made(shop.brand.call("PUT", "/v1/price-rules", json={"week_begins": "sun"}), 200)
    again = made(shop.brand.get(f"/v1/products/{product}/pricing"), 200)["weeks"][-8:]
    assert (again[0]["begins_on"], [week["units"] for week in again]) == ("2027-02-28", [2, 4, 6, 8, 10, 12, 14, 16])
