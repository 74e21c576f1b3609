"""Prices over a product's life, on the engine: history, floors, competitors, alerts."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock as product_clock
from chalicelib.pricing.service import competitors
from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.letters import news

RULES = {"floor": {"percent": "20"}, "competitor_below": "10"}


@pytest.fixture
def goods(shop: Shop) -> Any:
    """A product of one SKU at 10.00 that costs 6.00."""
    return shop.once("goods with a cost", lambda: _with_cost(shop))


def _with_cost(shop: Shop) -> Any:
    sku = {"code": "PEAR", "title": "One", "price": shop.money(1_000), "cost": shop.money(600)}
    return shop.product(title="Pears", skus=[sku])


def change(shop: Shop, goods: Any, **fields: Any) -> None:
    sku = {"id": goods["skus"][0]["id"]} | {name: shop.money(minor) for name, minor in fields.items()}
    made(shop.brand.call("PATCH", f"/v1/products/{goods['id']}", json={"skus": [sku]}), 200)


def pricing(shop: Shop, goods: Any) -> Any:
    return made(shop.brand.get(f"/v1/products/{goods['id']}/pricing"), 200)


_keys = itertools.count()


def saw(shop: Shop, goods: Any, minor: int, *, key: str = "", **fields: Any) -> Any:
    wanted = {
        "sku_id": goods["skus"][0]["id"], "competitor": "Fresh Mart", "price": shop.money(minor),
        "seen_on": product_clock.now().date().isoformat(),
    } | fields  # fmt: skip
    headers = {"Idempotency-Key": key or f"saw-{next(_keys)}"}
    return shop.brand.call("POST", "/v1/competitor-prices", json=wanted, headers=headers)


def campaign(shop: Shop, goods: Any, price: int, **fields: Any) -> Any:
    return shop.campaign(offers=[shop.offer(sku_id=goods["skus"][0]["id"], price=price)], **fields)


class TestHistory:
    def test_it_has_each_price_in_the_shop_and_in_campaigns(
        self, shop: Shop, goods: Any, clock: Clock, sweep: Sweep
    ) -> None:
        began = product_clock.now()
        first = campaign(shop, goods, 800, closes_in=timedelta(days=2))
        sweep()
        clock.advance(days=3)
        sweep(3)
        change(shop, goods, price=1_200)
        change(shop, goods, cost=700)
        rows = made(shop.brand.get(f"/v1/products/{goods['id']}/price-history"), 200)["items"]
        assert [(row["price"]["amount_minor"], row["campaign_id"]) for row in rows] == [
            (1_200, None), (800, first["id"]), (1_000, None),
        ]  # fmt: skip
        assert (rows[0]["until_at"], rows[1]["until_at"]) == (None, first["closes_at"])
        assert rows[2]["until_at"] == rows[0]["from_at"]
        assert rows[1]["from_at"] >= product_clock.instant(began)[:10]
        table = shop.brand.get(f"/v1/products/{goods['id']}/price-history?format=csv")
        assert len(table.text.strip().splitlines()) == 4

    def test_a_campaign_for_some_members_leaves_none(self, shop: Shop, goods: Any, drain: Drain) -> None:
        campaign(shop, goods, 800, audience={"new_members_only": True})
        drain()
        rows = made(shop.brand.get(f"/v1/products/{goods['id']}/price-history"), 200)["items"]
        assert len(rows) == 1

    def test_one_that_is_closed_early_or_cancelled_ends_then(
        self, shop: Shop, goods: Any, clock: Clock, sweep: Sweep
    ) -> None:
        closed, cancelled = campaign(shop, goods, 800), campaign(shop, goods, 700)
        scheduled = campaign(shop, goods, 600, opens_in=timedelta(days=2), closes_in=timedelta(days=4))
        sweep()
        clock.advance(days=1)
        made(shop.brand.post(f"/v1/campaigns/{closed['id']}/close"), 200)
        made(shop.brand.post(f"/v1/campaigns/{cancelled['id']}/cancel", {}), 200)
        made(shop.brand.post(f"/v1/campaigns/{scheduled['id']}/cancel", {}), 200)
        sweep(2)
        rows = made(shop.brand.get(f"/v1/products/{goods['id']}/price-history"), 200)["items"]
        ends = {row["campaign_id"]: row["until_at"] for row in rows if row["campaign_id"]}
        assert set(ends) == {closed["id"], cancelled["id"]}
        assert all(end < product_clock.instant(product_clock.now() + timedelta(minutes=1)) for end in ends.values())


class TestStruckPrices:
    def shown(self, shop: Shop, goods: Any, price: int, **fields: Any) -> tuple[Any, Any]:
        made_now = campaign(shop, goods, price, **fields)
        [offer] = made(shop.caller.call("GET", f"{shop.path}/campaigns/{made_now['id']}"), 200)["offers"]
        return offer["list_price"], offer["prior_price"]

    def test_the_lowest_price_of_thirty_days_stands_beside_the_shops(
        self, shop: Shop, goods: Any, clock: Clock, sweep: Sweep
    ) -> None:
        clock.advance(days=40)
        assert self.shown(shop, goods, 800, closes_in=timedelta(days=1)) == (
            shop.money(1_000), {"price": shop.money(1_000), "since_on": None},
        )  # fmt: skip
        sweep()
        clock.advance(days=2)
        sweep(2)
        # 8.00 was to be had two days ago: 7.50 is a reduction from that, 8.00 and 9.00 are none.
        assert self.shown(shop, goods, 750, closes_in=timedelta(days=1)) == (
            shop.money(1_000), {"price": shop.money(800), "since_on": None},
        )  # fmt: skip
        assert self.shown(shop, goods, 800) == (None, None)
        assert self.shown(shop, goods, 900) == (None, None)

    def test_of_new_goods_it_is_said_since_when(self, shop: Shop, goods: Any, clock: Clock) -> None:
        clock.advance(days=3)
        _, prior = self.shown(shop, goods, 800)
        assert prior["price"] == shop.money(1_000)
        assert prior["since_on"] is not None

    def test_a_quote_says_it_of_a_campaigns_and_a_promotions_reduction(
        self, shop: Shop, goods: Any, clock: Clock
    ) -> None:
        clock.advance(days=40)
        reduced, plain = campaign(shop, goods, 800), campaign(shop, goods, 1_000)
        assert self.quoted(shop, reduced) == (shop.money(1_000), shop.money(1_000))
        assert self.quoted(shop, plain) == (None, None)
        now = product_clock.now()
        timed = {
            "title": "Weekend", "kind": "timed_price", "terms": {"percent_off": "10"},
            "starts_at": product_clock.instant(now), "ends_at": product_clock.instant(now + timedelta(days=2)),
        }  # fmt: skip
        promotion = made(shop.brand.post("/v1/promotions", timed))
        made(shop.brand.post(f"/v1/promotions/{promotion['id']}/publish"), 200)
        clock.advance(seconds=2)
        # It begins while the first is reduced already: what was before that stands beside it. Nothing is cheaper than
        # 8.00 by then of the other, which falls from 10.00 to 9.00 only.
        assert self.quoted(shop, reduced) == (shop.money(1_000), shop.money(1_000))
        assert self.quoted(shop, plain) == (shop.money(1_000), shop.money(1_000))

    def quoted(self, shop: Shop, ordered: Any) -> tuple[Any, Any]:
        body = {
            "campaign_id": ordered["id"], "pickup_point_id": ordered["pickup_points"][0]["id"],
            "lines": [{"offer_id": ordered["offers"][0]["offer_id"], "quantity": 2}],
        }  # fmt: skip
        path = f"{shop.path}/quotes"
        [line] = made(shop.caller.call("POST", path, json=body, token=shop.shopper.token), 200)["lines"]
        return line["list_price"], line["prior_price"] and line["prior_price"]["price"]


class TestFloors:
    def test_promotions_stop_at_the_margin_floor_and_say_so(self, shop: Shop, goods: Any) -> None:
        made(shop.brand.call("PUT", "/v1/price-rules", json=RULES), 200)
        offered = campaign(shop, goods, 800)
        assert offered["offers"][0]["floor"] == shop.money(720)
        now = product_clock.now()
        half = {
            "title": "Half", "kind": "timed_price", "terms": {"percent_off": "50"},
            "starts_at": product_clock.instant(now), "ends_at": product_clock.instant(now + timedelta(days=2)),
        }  # fmt: skip
        promotion = made(shop.brand.post("/v1/promotions", half))
        made(shop.brand.post(f"/v1/promotions/{promotion['id']}/publish"), 200)
        order = made(shop.order(campaign=offered, quantity=2))
        assert order["totals"]["total"] == shop.money(1_440)
        assert "limited: an item is at its lowest price" in order["discounts"][0]["reason"]
        assert "已达商品最低限价" in order["discounts"][0]["reason_zh"]

    def test_shoppers_see_no_cost_and_no_floor(self, shop: Shop, goods: Any) -> None:
        made(shop.brand.call("PUT", "/v1/price-rules", json={"floor": {"amount": shop.money(133)}}), 200)
        offered = campaign(shop, goods, 800)
        assert offered["offers"][0]["floor"] == shop.money(733)
        for path in (
            f"{shop.path}/campaigns/{offered['id']}", f"{shop.path}/campaigns", f"{shop.path}/products/{goods['id']}",
        ):  # fmt: skip
            text = shop.caller.call("GET", path, token=shop.shopper.token).text
            assert not [word for word in ("floor", "cost", "733", "600") if word in text]

    def test_what_is_published_keeps_its_floor_when_the_cost_rises(self, shop: Shop, goods: Any) -> None:
        made(shop.brand.call("PUT", "/v1/price-rules", json=RULES), 200)
        offered, draft = campaign(shop, goods, 800), campaign(shop, goods, 800, publish=False)
        change(shop, goods, cost=700)
        floors = [
            made(shop.brand.get(f"/v1/campaigns/{each['id']}"), 200)["offers"][0]["floor"] for each in (offered, draft)
        ]
        assert floors == [shop.money(720), shop.money(720)]
        made(shop.brand.post(f"/v1/campaigns/{draft['id']}/publish"), 200)
        [offer] = made(shop.brand.get(f"/v1/campaigns/{draft['id']}"), 200)["offers"]
        assert offer["floor"] == shop.money(840)

    def test_a_products_own_floor_and_its_stage_are_set_and_kept_apart(self, shop: Shop, goods: Any) -> None:
        path = f"/v1/products/{goods['id']}/pricing"
        made(shop.brand.call("PATCH", path, json={"floor": {"percent": "50"}}), 200)
        found = made(shop.brand.call("PATCH", path, json={"stage": "growth"}), 200)
        assert (found["floor"]["percent"], found["skus"][0]["floor"]) == ("50", shop.money(900))
        assert (found["stage"]["confirmed"], found["stage"]["suggestion"]["stage"]) == ("growth", None)
        found = made(shop.brand.call("PATCH", path, json={"floor": None, "stage": None}), 200)
        assert (found["floor"], found["skus"][0]["floor"], found["stage"]["confirmed"]) == (None, None, None)
        log = made(shop.brand.get(f"/v1/audit?target=product:{goods['id']}"), 200)["items"]
        assert [entry["action"] for entry in log[:3]] == ["product.pricing_changed"] * 3

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"floor": {"percent": "5", "amount": {"amount_minor": 5, "currency": "CNY"}}}, "invalid"),
            ({"floor": {"amount": {"amount_minor": 5, "currency": "EUR"}}}, "price_in_another_currency"),
            ({"competitor_below": "0"}, "invalid"),
            ({"stages": {"decline": {"margin": "100"}}}, "invalid"),
            ({"stages": {"decline": {"price_change": "-100"}}}, "invalid"),
            ({"stages": {"growth": {"largest_discount": "101"}}}, "invalid"),
        ],
    )
    def test_rules_that_mean_nothing_are_refused_by_name(self, shop: Shop, body: Any, code: str) -> None:
        refused = shop.brand.call("PUT", "/v1/price-rules", json=body)
        assert (refused.status, refused.json["code"]) == (422, code)


class TestCompetitors:
    def test_a_price_is_recorded_once_for_each_key(self, shop: Shop, goods: Any) -> None:
        first = made(saw(shop, goods, 950, key="a"))
        assert made(saw(shop, goods, 950, key="a"))["id"] == first["id"]
        other = saw(shop, goods, 940, key="a")
        assert (other.status, other.json["code"]) == (422, "idempotency_mismatch")
        assert len(made(shop.brand.get("/v1/competitor-prices"), 200)["items"]) == 1
        query = f"/v1/competitor-prices?product_id={goods['id']}"
        assert [row["id"] for row in made(shop.brand.get(query), 200)["items"]] == [first["id"]]

    def test_a_table_holds_so_many_prices_or_says_what_to_do(
        self, shop: Shop, goods: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for minor in (950, 940):
            made(saw(shop, goods, minor))
        monkeypatch.setattr(competitors, "MOST_ROWS", 2)
        assert len(shop.brand.get("/v1/competitor-prices?format=csv").text.splitlines()) == 3
        monkeypatch.setattr(competitors, "MOST_ROWS", 1)
        refused = shop.brand.get(f"/v1/competitor-prices?format=csv&product_id={goods['id']}")
        assert (refused.status, refused.json["code"], refused.json["most"]) == (422, "too_many_prices", 1)

    def test_the_last_prices_of_a_product_are_held_against_ours(
        self, shop: Shop, goods: Any, drain: Drain, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(competitors, "_MOST_HELD", 1)
        made(saw(shop, goods, 500, competitor="Gone"))
        clock.advance(minutes=1)
        made(saw(shop, goods, 800))
        drain()
        [watched] = made(shop.brand.get("/v1/price-alerts"), 200)["items"]
        assert [each["theirs"] for each in watched["alerts"]] == [shop.money(800)]

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"price": {"amount_minor": 900, "currency": "EUR"}}, "price_in_another_currency"),
            ({"seen_on": "2999-01-01"}, "seen_in_future"),
            ({"sku_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}, "sku_not_known"),
            ({"link": "javascript:alert(1)"}, "invalid"),
            ({"competitor": ""}, "invalid"),
        ],
    )
    def test_what_cannot_be_compared_is_refused_by_name(self, shop: Shop, goods: Any, fields: Any, code: str) -> None:
        refused = saw(shop, goods, 900, **fields)
        assert (refused.status, refused.json["code"]) == (422, code)

    def test_another_brand_sees_nothing_and_records_nothing(
        self, shop: Shop, goods: Any, new_shop: Any, drain: Drain
    ) -> None:
        made(saw(shop, goods, 500))
        drain()
        other = new_shop(slug="elsewhere")
        assert made(other.brand.get("/v1/competitor-prices"), 200)["items"] == []
        assert made(other.brand.get("/v1/price-alerts"), 200)["items"] == []
        assert other.brand.get(f"/v1/products/{goods['id']}/pricing").status == 404
        assert other.brand.get(f"/v1/products/{goods['id']}/price-history").status == 404
        assert other.brand.call("PATCH", f"/v1/products/{goods['id']}/pricing", json={"stage": "growth"}).status == 404
        assert saw(other, goods, 900).json["code"] == "sku_not_known"


@pytest.mark.usefixtures("noon")
class TestAlerts:
    def test_a_cheaper_competitor_is_told_of_once_and_once_at_the_end(
        self, shop: Shop, goods: Any, drain: Drain, engine: Engine
    ) -> None:
        made(saw(shop, goods, 950))
        drain()
        assert made(shop.brand.get("/v1/price-alerts"), 200)["items"] == []
        made(saw(shop, goods, 800))
        drain()
        made(saw(shop, goods, 790))
        drain()
        [watched] = made(shop.brand.get("/v1/price-alerts"), 200)["items"]
        [alert] = watched["alerts"]
        assert (alert["kind"], alert["theirs"], alert["ours"], alert["below"]) == (
            "competitor_below", shop.money(790), shop.money(1_000), "21",
        )  # fmt: skip
        assert self.subjects(engine) == ["Fresh Mart is cheaper: Pears · One"]
        made(saw(shop, goods, 960))
        drain()
        assert made(shop.brand.get("/v1/price-alerts"), 200)["items"] == []
        assert self.subjects(engine)[1:] == ["Fresh Mart is no longer cheaper: Pears · One"]
        [over] = pricing(shop, goods)["alerts"]
        assert over["ended_at"] is not None

    def test_a_cost_that_rises_over_the_margin_is_told_of(
        self, shop: Shop, goods: Any, drain: Drain, engine: Engine
    ) -> None:
        made(shop.brand.call("PUT", "/v1/price-rules", json=RULES), 200)
        change(shop, goods, cost=800)
        drain()
        assert self.subjects(engine) == []
        change(shop, goods, cost=900)
        drain()
        assert self.subjects(engine) == ["Below your margin floor: Pears · One"]
        assert "sells for CN¥10.00, and your margin floor is CN¥10.80" in news(engine)[-1]["text"]
        made(shop.brand.call("PUT", "/v1/price-rules", json={"floor": {"percent": "5"}}), 200)
        drain()
        assert self.subjects(engine)[1:] == ["Your margin floor is kept again: Pears · One"]

    def test_the_price_of_an_open_campaign_is_ours(
        self, shop: Shop, goods: Any, clock: Clock, sweep: Sweep, engine: Engine
    ) -> None:
        made(saw(shop, goods, 880))
        campaign(shop, goods, 900, closes_in=timedelta(days=1))
        sweep()
        assert self.open(shop) == []
        clock.advance(days=2)
        sweep(2)
        alert = self.open(shop)[0]
        assert (alert["ours"], alert["theirs"]) == (shop.money(1_000), shop.money(880))

    def open(self, shop: Shop) -> list[Any]:
        return [each for row in made(shop.brand.get("/v1/price-alerts"), 200)["items"] for each in row["alerts"]]

    def subjects(self, engine: Engine) -> list[str]:
        return [mail["subject"] for mail in news(engine)]
