"""The report of profit, over the API: each line from what really happened to orders."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from tests.builders import Reply, Shop, made
from tests.conftest import Drain
from tests.coupons.shops import batch, entered, shared

LINES = (
    "gross", "delivery", "revenue", "tax", "goods", "labour", "marketing", "logistics", "other", "contribution",
    "profit_at_most", "uncosted_revenue",
)  # fmt: skip


class Earning:
    """A shop that sells goods of 9.00 that cost 5.00, at a pickup point whose leader earns 10 %."""

    def __init__(self, shop: Shop, drain: Drain) -> None:
        self.shop, self.drain = shop, drain
        shop.filled(self, self._fill)

    def _fill(self) -> None:
        shop = self.shop
        shop.sku_id = self.goods(500)
        leader = shop.member("leader@people.example")
        shop.pickup_point_id = shop.pickup_point(leader_id=leader.id, commission_bps=1_000)["id"]
        assert shop.campaign_id

    def goods(self, cost: int | None, code: str = "P", **fields: Any) -> str:
        sku = {"code": code, "title": "One", "price": self.shop.money(1_000)}
        if cost is not None:
            sku["cost"] = self.shop.money(cost)
        return str(self.shop.product(skus=[sku], **fields)["skus"][0]["id"])

    def ask(self, **query: str) -> Reply:
        return self.shop.brand.get("/v1/reports/profit?" + "&".join(f"{k}={v}" for k, v in query.items()))

    def report(self, **query: str) -> Any:
        self.drain()
        today = self.today
        return made(self.ask(**({"from_on": today, "to_on": today} | query)), 200)

    @property
    def today(self) -> str:
        return local_date(product_clock.now(), zone(self.shop.timezone)).isoformat()

    def cost(self, kind: str, minor: int, **fields: Any) -> None:
        body = {"kind": kind, "title": kind, "amount": self.shop.money(minor), "from_on": self.today, **fields}
        made(self.shop.brand.post("/v1/costs", body, headers={"Idempotency-Key": f"{kind}-{minor}"}))


@pytest.fixture
def earning(noon: None, shop: Shop, drain: Drain) -> Earning:
    return Earning(shop, drain)


def minor(view: Any, *names: str) -> list[int | None]:
    return [view[name] and view[name]["amount_minor"] for name in names]


def check_sums(report: Any) -> None:
    """Rows sum to the total in every line."""
    for name in LINES:
        assert sum(row[name]["amount_minor"] for row in report["rows"]) == report["total"][name]["amount_minor"], name
    for name in report["total"]["lines"]:
        rows = [row["lines"][name]["amount_minor"] for row in report["rows"]]
        assert sum(rows) == report["total"]["lines"][name]["amount_minor"], name
    assert sum(row["units"] for row in report["rows"]) == report["total"]["units"]


def test_what_is_left_out_is_left_out_however_days_are_divided(earning: Earning) -> None:
    for quantity in (4, 4, 2):
        made(earning.shop.order(quantity=quantity))
    assert earning.report()["total"]["orders"] == 3

    alone = None
    for by in (None, "day", "campaign", "product", "pickup_point", "channel"):
        report = earning.report(exclude="double_orders", **({"by": by} if by else {}))
        assert (report["excluded"][0]["orders"], report["total"]["orders"]) == (1, 2)
        assert minor(report["total"], "gross", "goods", "labour") == [5_400, 3_000, 540]
        alone = alone or report["total"]
        assert report["total"] == alone, by
        if by:
            check_sums(report)
    assert earning.report()["total"]["orders"] == 3


class TestLines:
    def test_an_order_earns_its_price_less_goods_and_commission(self, earning: Earning) -> None:
        made(earning.shop.order(quantity=4))

        total = earning.report()["total"]

        assert (total["orders"], total["units"]) == (1, 4)
        assert minor(total, "gross", "revenue", "goods", "labour", "marketing", "profit") == [
            3_600, 3_600, 2_000, 360, 0, 1_240,
        ]  # fmt: skip

    def test_discounts_are_marketing_and_lower_no_revenue_twice(self, earning: Earning) -> None:
        shop = earning.shop
        batch(shop, codes=shared("MOON"), budget=shop.money(1_000))
        mine = entered(shop, "MOON")
        order = made(shop.order(quantity=4, coupon_id=mine["id"]))
        off = order["totals"]["discount"]["amount_minor"]
        assert off

        total = earning.report()["total"]

        commission = (3_600 - off) // 10
        assert minor(total["lines"], "coupons", "promotions", "points", "commission") == [off, 0, 0, commission]
        assert minor(total, "gross", "revenue", "marketing", "profit") == [
            3_600, 3_600 - off, off, 3_600 - off - 2_000 - commission,
        ]  # fmt: skip

    def test_goods_cost_what_they_did_when_they_were_ordered(self, earning: Earning) -> None:
        made(earning.shop.order(quantity=1))
        sku = earning.shop.brand.get("/v1/products").json["items"][0]
        path = f"/v1/products/{sku['id']}"
        skus = [{"id": earning.shop.sku_id, "cost": earning.shop.money(700)}]
        made(earning.shop.brand.patch(path, {"skus": skus}), 200)
        made(earning.shop.order(quantity=2))

        assert minor(earning.report()["total"], "goods") == [500 + 2 * 700]

    def test_goods_of_unknown_cost_are_told_and_never_free(self, earning: Earning) -> None:
        shop = earning.shop
        other = earning.goods(None, "Q")
        campaign = shop.campaign(offers=[shop.offer(), shop.offer(sku_id=other)])
        lines = [{"offer_id": each["offer_id"], "quantity": 1} for each in campaign["offers"]]
        made(shop.order(campaign=campaign, lines=lines))

        report = earning.report()

        total = report["total"]
        assert (total["profit"], total["uncosted_units"]) == (None, 1)
        assert minor(total, "uncosted_revenue", "goods", "profit_at_most") == [900, 500, 1_800 - 500 - 180]
        assert report["break_even"]["reason"] == "cost_unknown"

    def test_what_is_cancelled_earns_and_costs_nothing(self, earning: Earning) -> None:
        order = made(earning.shop.order(quantity=2))
        assert earning.report()["total"]["orders"] == 1
        path = f"{earning.shop.path}/orders/{order['id']}/cancel"
        made(earning.shop.caller.call("POST", path, token=earning.shop.shopper.token), 200)

        total = earning.report()["total"]

        assert (total["orders"], total["units"]) == (0, 0)
        assert minor(total, "gross", "goods", "labour", "profit") == [0, 0, 0, 0]

    def test_tax_is_no_income(self, earning: Earning) -> None:
        shop = earning.shop
        taxed = shop.product(
            skus=[{"code": "T", "title": "T", "price": shop.money(1_090), "cost": shop.money(1), "tax_rate": "9"}]
        )["skus"][0]["id"]
        campaign = shop.campaign(offers=[shop.offer(sku_id=taxed, price=1_090)])
        made(shop.order(campaign=campaign, quantity=3))

        total = earning.report()["total"]

        assert minor(total, "revenue", "tax", "profit") == [3_270, 270, 3_270 - 270 - 3 - 327]


class TestBookedCosts:
    def test_a_cost_falls_evenly_on_its_days_and_all_days_sum_to_it(self, earning: Earning) -> None:
        body = {"kind": "logistics", "title": "Van", "amount": earning.shop.money(100), "from_on": "2017-02-27",
                "to_on": "2017-03-01"}  # fmt: skip
        made(earning.shop.brand.post("/v1/costs", body, headers={"Idempotency-Key": "van"}))

        report = earning.report(by="day", from_on="2017-02-26", to_on="2017-03-02")

        assert [row["lines"]["booked_logistics"]["amount_minor"] for row in report["rows"]] == [0, 34, 33, 33, 0]
        by_month = earning.report(by="month", from_on="2017-02-26", to_on="2017-03-02")
        assert [minor(row, "logistics", "profit") for row in by_month["rows"]] == [[67, -67], [33, -33]]
        check_sums(report)
        check_sums(by_month)

    def test_costs_for_nothing_in_particular_stand_apart_until_they_are_divided(self, earning: Earning) -> None:
        shop = earning.shop
        other = shop.campaign(offers=[shop.offer(price=300)])
        made(shop.order(quantity=2))
        made(shop.order(campaign=other, quantity=2))
        earning.cost("labour", 101)
        earning.cost("marketing", 50, campaign_id=other["id"])

        report = earning.report(by="campaign")

        check_sums(report)
        assert [(row["id"], row["assigned"]) for row in report["rows"]] == [
            (shop.campaign_id, True), (other["id"], True), (None, False),
        ]  # fmt: skip
        assert [minor(row, "revenue", "labour", "marketing") for row in report["rows"]] == [
            [1_800, 180, 0], [600, 60, 50], [0, 101, 0],
        ]  # fmt: skip
        assert report["allocated"] is False
        divided = earning.report(by="campaign", allocate="revenue")
        check_sums(divided)
        assert [minor(row, "labour") for row in divided["rows"]] == [[180 + 76], [60 + 25]]
        assert (divided["allocated"], divided["total"]) == (True, report["total"])

    def test_break_even_is_the_orders_that_cover_the_fixed_costs(self, earning: Earning) -> None:
        made(earning.shop.order(quantity=1))
        made(earning.shop.order(quantity=1))
        earning.cost("other", 1_000)

        report = earning.report()

        left = 2 * (900 - 500 - 90)
        assert minor(report["total"], "contribution", "profit") == [left, left - 1_000]
        found = report["break_even"]
        assert (found["fixed"]["amount_minor"], found["orders"], found["reason"]) == (1_000, 4, None)
        assert found["revenue"]["amount_minor"] == -(-1_000 * 1_800 // left)


class TestRows:
    def test_each_division_sums_to_the_same_total(self, earning: Earning) -> None:
        shop = earning.shop
        other = earning.goods(100, "Q", title="Pears")
        campaign = shop.campaign(offers=[shop.offer(price=333), shop.offer(sku_id=other, price=777)])
        lines = [{"offer_id": each["offer_id"], "quantity": n + 1} for n, each in enumerate(campaign["offers"])]
        made(shop.order(campaign=campaign, lines=lines))
        made(shop.order(quantity=1))
        channel = made(shop.brand.post("/v1/channels", {"kind": "moments", "title": "M", "cost": shop.money(77)}))
        earning.cost("goods", 10, channel_id=channel["id"])

        totals = []
        for by in ("day", "week", "month", "campaign", "product", "pickup_point", "channel"):
            report = earning.report(by=by)
            check_sums(report)
            totals.append(report["total"])

        assert all(each == totals[0] for each in totals)
        assert totals[0]["lines"]["channels"]["amount_minor"] == 77
        by_product = earning.report(by="product")
        assert next((row["title"], row["orders"]) for row in by_product["rows"] if row["id"]) == ("Pears", 1)
        assert by_product["not_additive"] == ["orders"]
        by_channel = earning.report(by="channel")
        assert [(row["title"], *minor(row, "marketing", "goods")) for row in by_channel["rows"]] == [
            ("M", 77, 10), ("", 0, 500 + 500 + 200),
        ]  # fmt: skip


class TestAsking:
    def test_refusals_name_the_field(self, earning: Earning) -> None:
        for query, pointer in (
            ({"from_on": "2017-03-02", "to_on": "2017-03-01"}, "?to_on"),
            ({"from_on": "2015-01-01", "to_on": "2017-01-01"}, "?from_on"),
            ({"from_on": "2990-01-01"}, "?from_on"),
            ({"by": "hour"}, "?by"),
            ({"by": "day", "allocate": "revenue"}, "?allocate"),
            ({"allocate": "cost"}, "?allocate"),
        ):
            reply = earning.ask(**query)
            assert (reply.status, [each["pointer"] for each in reply.json["errors"]]) == (422, [pointer]), query

    def test_the_revision_rises_with_every_change_and_with_nothing_else(self, earning: Earning) -> None:
        made(earning.shop.order(quantity=1))
        first = earning.report()
        assert earning.report() == first
        earning.cost("other", 5)
        second = earning.report()
        made(earning.shop.order(quantity=1))
        third = earning.report()

        assert first["revision"] < second["revision"] < third["revision"]

    def test_a_table_has_a_row_for_each(self, earning: Earning) -> None:
        made(earning.shop.order(quantity=1))
        earning.report()

        reply = earning.ask(by="campaign", from_on=earning.today, to_on=earning.today, format="csv")

        assert reply.status == 200
        assert "profit" in reply.text.splitlines()[0]
        assert len(reply.text.splitlines()) == 2
