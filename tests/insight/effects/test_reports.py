"""Reports on what growth costs and brings, over the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import metered
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from tests.builders import Reply, Shop, made
from tests.conftest import Drain
from tests.coupons.shops import batch, entered, shared
from tests.gifts.shops import book, gift, redeem

NOBODYS = "01J9ZQ0W7N8RXC5B2M4T6V8Y0P"


class Growth:
    """A shop that lowers prices in every way, and one order of four units at 9.00 that has all of it."""

    promotion_id: str
    batch_id: str
    order_id: str

    def __init__(self, shop: Shop, drain: Drain) -> None:
        self.shop, self.drain = shop, drain
        shop.filled(self, self._fill)

    def _fill(self) -> None:
        shop, now = self.shop, product_clock.now()
        shop.sku_id = shop.product(skus=[{"code": "P", "title": "One", "price": shop.money(1_000),
                                          "cost": shop.money(500)}])["skus"][0]["id"]  # fmt: skip
        draft = {
            "title": "Harvest", "kind": "full_reduction", "budget": shop.money(10_000),
            "terms": {"steps": [{"from": shop.money(3_000), "off": shop.money(600)}]},
            "starts_at": now.isoformat(), "ends_at": (now + timedelta(days=7)).isoformat(),
        }  # fmt: skip
        self.promotion_id = made(shop.brand.post("/v1/promotions", draft))["id"]
        made(shop.brand.post(f"/v1/promotions/{self.promotion_id}/publish"), 200)
        self.batch_id = batch(shop, codes=shared("MOON"), budget=shop.money(1_000))["id"]
        pays = {"points": 100, "worth": shop.money(100)}
        made(shop.brand.put("/v1/points-rules", {"rules": [], "spend": pays}), 200)
        key = {"Idempotency-Key": "given"}
        path = f"/v1/members/{shop.shopper.id}/points"
        made(shop.brand.post(path, {"delta": 250, "reason": "Thanks"}, headers=key))
        mine = entered(shop, "MOON")
        order = made(shop.order(quantity=4, coupon_id=mine["id"], points=100))
        self.order_id = order["id"]
        self.drain()

    def ask(self, name: str, token: str = "", **query: str) -> Reply:
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        return self.shop.caller.call("GET", f"/v1/reports/{name}?{asked}", token=token or self.shop.api_key)

    def report(self, name: str, **query: str) -> Any:
        return made(self.ask(name, **query), 200)

    def cancel(self) -> None:
        path = f"{self.shop.path}/orders/{self.order_id}/cancel"
        made(self.shop.caller.call("POST", path, token=self.shop.shopper.token), 200)
        self.drain()


@pytest.fixture
def growth(shop: Shop, drain: Drain) -> Growth:
    return Growth(shop, drain)


def minor(view: Any, *names: str) -> list[Any]:
    """Amounts of a view in minor units."""
    return [view[name] and view[name]["amount_minor"] for name in names]


def test_what_a_promotion_costs_and_brings_day_by_day_and_against_its_budget(growth: Growth) -> None:
    report = growth.report("promotion", id=growth.promotion_id)

    # 36.00 - 6.00 - 5.00 - 1.00 = 24.00, for goods that cost 20.00
    assert (report["report"], report["title"], report["status"]) == ("promotion", "Harvest", "running")
    assert minor(report["limits"], "budget", "budget_left") == [10_000, 9_400]
    assert (report["totals"]["orders"], report["totals"]["reversed"]) == (1, 0)
    assert minor(report["totals"], "discount", "discount_back", "revenue", "margin", "uncosted") == [
        600,
        0,
        2_400,
        400,
        0,
    ]
    [row] = report["rows"]
    assert (row["on"], row["orders"], report["totals"], report["complete"]) == (
        report["to_on"],
        1,
        report["ever"],
        False,
    )
    assert {each["name"] for each in report["definitions"]} == {"effect", "points_effect"}


def test_what_was_given_back_is_shown_as_such(growth: Growth) -> None:
    before = growth.report("promotion", id=growth.promotion_id)["revision"]
    growth.cancel()

    for name, subject in (("promotion", growth.promotion_id), ("coupon-batch", growth.batch_id)):
        report = growth.report(name, id=subject)
        assert (report["totals"]["orders"], report["totals"]["reversed"]) == (0, 1), name
        back = {"promotion": 600, "coupon-batch": 500}[name]
        assert minor(report["totals"], "discount", "discount_back", "revenue") == [0, back, 0], name
        assert minor(report["limits"], "budget_left") == [report["limits"]["budget"]["amount_minor"]], name
    assert growth.report("promotion", id=growth.promotion_id)["revision"] > before


def test_what_points_come_to_and_what_of_them_is_outstanding(growth: Growth) -> None:
    report = growth.report("points")

    rows = {each["action"]: each for each in report["rows"]}
    assert (rows["staff"]["times"], rows["staff"]["points"], *minor(rows["staff"], "worth")) == (1, 250, 250)
    assert (rows["spending"]["points"], *minor(rows["spending"], "discount", "revenue")) == (100, 100, 2_400)
    left = report["outstanding"]
    assert (left["points"], *minor(left, "worth"), left["owed"], left["expiring"]) == (150, 150, 0, [])


def test_a_gift_for_points_costs_its_goods_until_it_is_called_off(growth: Growth) -> None:
    book(growth.shop, 500)
    order = made(redeem(growth.shop, gift(growth.shop)))
    growth.drain()

    def row() -> Any:
        return next(each for each in growth.report("points")["rows"] if each["action"] == "gift")

    assert (row()["orders"], *minor(row(), "discount", "revenue", "margin")) == (1, 1_000, 0, -500)
    made(
        growth.shop.caller.post(f"{growth.shop.path}/orders/{order['id']}/cancel", token=growth.shop.shopper.token), 200
    )
    growth.drain()
    assert (row()["orders"], row()["reversed"], *minor(row(), "discount", "margin")) == (0, 1, 0, 0)


def test_points_that_expire_this_month_are_named(growth: Growth) -> None:
    shop = growth.shop
    rule = {"action": "check_in", "points": 40, "valid_days": 1}
    made(shop.brand.put("/v1/points-rules", {"rules": [rule]}), 200)
    made(shop.caller.call("POST", f"{shop.path}/check-ins", token=shop.shopper.token))
    growth.drain()

    left = growth.report("points")["outstanding"]
    assert [each["points"] for each in left["expiring"]] == [40]
    today = local_date(product_clock.now(), zone(shop.timezone))
    same_month = (today + timedelta(days=1)).month == today.month
    assert left["expiring_this_month"] == (40 if same_month else 0)
    assert left["worth"] is None, "points pay nothing any more"


def test_everything_side_by_side(growth: Growth) -> None:
    made(growth.shop.brand.put("/v1/tiers", {"tiers": [{"code": "gold", "title": "Gold", "from": 3_000}]}), 200)

    report = growth.report("growth")

    assert [(each["kind"], each["title"], each["status"], each["orders"]) for each in report["rows"]] == [
        ("promotion", "Harvest", "running", 1), ("coupon_batch", "Welcome", "active", 1), ("tier", "Gold", "active", 0),
        ("points", "", "active", 1),
    ]  # fmt: skip
    assert minor(report, "discount") == [1_200]
    assert [row["code"] for row in growth.report("tiers")["rows"]] == ["gold"]


def test_however_many_run_they_are_read_together(growth: Growth) -> None:
    for n in range(4):
        batch(growth.shop, title=f"More {n}")
    with metered() as few:
        growth.report("growth")
    for n in range(4):
        batch(growth.shop, title=f"Still more {n}")
    with metered() as many:
        growth.report("growth")

    assert len([each for each in growth.report("growth")["rows"] if each["kind"] == "coupon_batch"]) == 9
    # Twenty parts of each batch and eight of its figures, a hundred items in a request.
    assert many.by_operation["BatchGetItem"] - few.by_operation["BatchGetItem"] <= 2
    assert many.by_operation["Query"] == few.by_operation["Query"]


@pytest.mark.parametrize("name", ["promotion", "coupon-batch", "points", "tiers", "growth"])
def test_a_table_has_what_the_answer_has_in_the_readers_language(growth: Growth, name: str) -> None:
    query = {"promotion": {"id": growth.promotion_id}, "coupon-batch": {"id": growth.batch_id}}.get(name, {})
    asked = "&".join(f"{key}={value}" for key, value in {**query, "format": "csv"}.items())
    headers = {"Accept": "text/html", "Accept-Language": "zh"}
    reply = growth.shop.caller.call("GET", f"/v1/reports/{name}?{asked}", token=growth.shop.api_key, headers=headers)

    [titles, *rows] = reply.text[1:].splitlines()
    assert "优惠金额" in titles
    assert len(rows) == len(growth.report(name, **query)["rows"])


@pytest.mark.parametrize("name", ["promotion", "coupon-batch"])
def test_bad_questions_are_refused_by_name(growth: Growth, name: str) -> None:
    known = growth.promotion_id if name == "promotion" else growth.batch_id
    today = product_clock.now().date()

    def pointer(**query: str) -> tuple[int, str]:
        reply = growth.ask(name, **query)
        return reply.status, reply.json["errors"][0]["pointer"]

    assert pointer() == (422, "?id")
    assert pointer(id="moon") == (422, "?id")
    assert pointer(id=known, from_on=f"{today}", to_on=f"{today - timedelta(days=1)}") == (422, "?to_on")
    assert pointer(id=known, from_on=f"{today - timedelta(days=400)}") == (422, "?from_on")
    assert growth.ask(name, id=NOBODYS).status == 404


def test_another_brand_finds_none_of_it(growth: Growth, new_shop: Any) -> None:
    other = new_shop()

    def asked(name: str, **query: str) -> Reply:
        return growth.ask(name, token=other.api_key, **query)

    assert asked("promotion", id=growth.promotion_id).status == 404
    assert asked("coupon-batch", id=growth.batch_id).status == 404
    assert made(asked("growth"), 200)["rows"] == []
    points = made(asked("points"), 200)
    assert (points["outstanding"]["points"], {each["points"] for each in points["rows"]}) == (0, {0})


@pytest.mark.parametrize(("name", "status"), [("growth", 200), ("points", 200), ("summary", 403), ("today", 403)])
def test_planners_read_what_growth_costs_and_no_other_figures(growth: Growth, name: str, status: int) -> None:
    assert growth.ask(name, token=growth.shop.team_token("planner")).status == status
