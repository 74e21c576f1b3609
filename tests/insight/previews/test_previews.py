"""Promotions and coupons tried on a month's real orders, over the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.db import metered
from chalicelib.insight.previews.service import months
from tests.builders import Member, Reply, Shop, made
from tests.conftest import Clock, Drain
from tests.coupons.shops import batch, entered, shared
from tests.promotions.test_promotions import reduction, wanted

JUNE = datetime(2028, 6, 14, 4, tzinfo=UTC)
JULY = datetime(2028, 7, 10, 4, tzinfo=UTC)
NOBODYS = "01J9ZQ0W7N8RXC5B2M4T6V8Y0P"


class Months:
    """A shop in July with three orders of June: 45.00 of Ann's and 9.00 and 27.00 of Ben's, at 9.00 a unit that costs
    the brand 5.00.
    """

    ann: Member
    ben: Member
    orders: list[str]
    product_id: str

    def __init__(self, shop: Shop, clock: Clock, drain: Drain) -> None:
        self.shop, self.clock, self.drain = shop, clock, drain
        clock.set(JUNE)
        shop.filled(self, self._fill)
        clock.set(JULY)

    def _fill(self) -> None:
        shop = self.shop
        skus = [{"code": "P", "title": "One", "price": shop.money(1_000), "cost": shop.money(500)}]
        product = shop.product(title="Pears", category="fruit", skus=skus)
        self.product_id, shop.sku_id = product["id"], product["skus"][0]["id"]
        self.ann, self.ben = shop.member("ann@people.example"), shop.member("ben@people.example")
        campaign = shop.campaign(closes_in=timedelta(days=3))
        placed = [(self.ann, 5), (self.ben, 1), (self.ben, 3)]
        self.orders = [made(shop.order(who, campaign=campaign, quantity=units))["id"] for who, units in placed]
        self.drain()

    def draft(self, *steps: tuple[int, int], **fields: Any) -> str:
        return str(made(self.shop.brand.post("/v1/promotions", reduction(self.shop, *steps, **fields)))["id"])

    def ask(self, promotion_id: str, **body: str) -> Reply:
        return self.shop.brand.post(f"/v1/promotions/{promotion_id}/preview", body)

    def tried(self, promotion_id: str, **body: str) -> Any:
        return made(self.ask(promotion_id, **body), 200)

    def coupons(self, **fields: Any) -> Any:
        asked = {"title": "Moon", "kind": "amount", "purpose": "holiday", "value": self.shop.money(500)}
        return made(self.shop.brand.post("/v1/coupon-batches/preview", asked | fields), 200)


@pytest.fixture
def june(shop: Shop, clock: Clock, drain: Drain) -> Months:
    return Months(shop, clock, drain)


def minor(view: Any, *names: str) -> list[Any]:
    """Amounts of a view in minor units."""
    return [view[name] and view[name]["amount_minor"] for name in names]


def test_a_draft_is_tried_on_every_order_of_last_month(june: Months) -> None:
    found = june.tried(june.draft((2_000, 300), (4_000, 800)))

    assert (found["month"], found["looked_at"], found["orders"], found["orders_counted"]) == ("2028-06", 3, 3, True)
    assert (found["touched"], found["refused"], found["complete"]) == (2, 0, True)
    assert minor(found, "discount", "estimate_for_month") == [1_100, 1_100]
    assert minor(found, "average_without", "average_with") == [3_600, 3_050]  # 45 and 27, 37 and 24
    assert minor(found, "margin_without", "margin_with", "uncosted") == [3_200, 2_100, 0]
    assert found["said"] == (
        "Looked at 3 of 3 orders of June 2028: it would have lowered 2 of them by CN¥11.00 in all."
    )


def test_examples_are_real_baskets_in_words_whose_members_are_not_named(june: Months) -> None:
    path = f"/v1/promotions/{june.draft((2_000, 300))}/preview"
    brand = june.shop
    chinese = made(
        brand.caller.call("POST", path, token=brand.api_key, json={}, headers={"Accept-Language": "zh"}), 200
    )
    first, _ = june.tried(path.split("/")[3])["examples"]

    assert first["words"] == "5 × Pears · One: CN¥45.00 without it, CN¥42.00 with it"
    assert (first["member"], first["order_id"], first["placed_on"]) == ("**", june.orders[0], "2028-06-14")
    assert chinese["examples"][0]["words"] == "Pears · One 5 件：不享优惠 ¥45.00，享受后 ¥42.00"
    assert "people.example" not in str(chinese)


def test_a_budget_that_would_not_have_lasted_says_when_it_was_used_up(june: Months) -> None:
    found = june.tried(june.draft((2_000, 300), budget=june.shop.money(400)))

    assert (found["touched"], found["refused"], found["used_up_on"]) == (1, 1, "2028-06-14")
    assert minor(found, "discount") == [300]


def test_scope_and_limits_count_and_hours_and_group_buys_do_not(june: Months) -> None:
    later = {"starts_at": "2028-08-01T00:00:00Z", "ends_at": "2028-08-02T00:00:00Z"}
    other = {"scope": {"campaign_ids": [NOBODYS]}}
    assert june.tried(june.draft((500, 100), **later, **other))["touched"] == 3
    assert june.tried(june.draft((500, 100), scope={"categories": ["milk"]}))["touched"] == 0
    assert june.tried(june.draft((500, 100), limits={"per_member": 1}))["touched"] == 2


def test_one_that_runs_is_compared_with_itself_not_being_there(june: Months) -> None:
    june.clock.set(JUNE)
    promotion = june.draft((2_000, 300))
    made(june.shop.brand.post(f"/v1/promotions/{promotion}/publish"), 200)
    campaign = june.shop.campaign(closes_in=timedelta(days=3))
    order = made(june.shop.order(june.ann, campaign=campaign, quantity=5))
    assert order["totals"]["total"]["amount_minor"] == 4_200
    june.drain()
    june.clock.set(JULY)

    found = june.tried(promotion)

    assert (found["touched"], *minor(found, "discount", "average_without")) == (3, 900, 3_900)


def test_a_gift_costs_what_it_costs_also_where_no_group_buy_offered_it(june: Months) -> None:
    shop = june.shop
    skus = [{"code": "CUP", "title": "Cup", "price": shop.money(700), "cost": shop.money(200)}]
    cup = shop.product(title="Cup", skus=skus)["skus"][0]["id"]
    gift = wanted(shop, kind="gift", terms={"from": shop.money(2_000), "sku_id": cup})
    promotion = made(shop.brand.post("/v1/promotions", gift))["id"]

    found = june.tried(promotion)

    assert (found["touched"], *minor(found, "discount", "average_without", "average_with")) == (2, 1_400, 3_600, 3_600)
    assert minor(found, "margin_without", "margin_with") == [3_200, 2_800]
    assert {"title": "Cup", "quantity": 1} in found["examples"][0]["lines"]


def test_coupons_are_tried_before_they_are_made(june: Months) -> None:
    found = june.coupons(minimum=june.shop.money(2_000))

    assert (found["title"], found["touched"], *minor(found, "discount")) == ("Moon", 2, 1_000)
    assert june.coupons(limits={"total": 1})["refused"] == 1, "each member has one"
    assert made(june.shop.brand.get("/v1/coupon-batches"), 200)["items"] == []


def test_orders_that_had_a_coupon_keep_it_and_new_members_are_those_of_the_month(june: Months) -> None:
    june.clock.set(JUNE + timedelta(days=1))
    batch(june.shop, codes=shared("SUN1"))
    mine = entered(june.shop, "SUN1", june.ben)
    campaign = june.shop.campaign(closes_in=timedelta(days=3))
    made(june.shop.order(june.ben, campaign=campaign, quantity=5, coupon_id=mine["id"]))
    june.drain()
    june.clock.set(JULY)

    assert june.coupons(limits={"per_member": 9})["touched"] == 3
    assert june.coupons(purpose="new_member")["touched"] == 2, "both joined in June"
    assert june.coupons(purpose="new_member", month="2028-07")["touched"] == 0


def test_where_the_last_month_had_no_orders_the_running_one_is_taken(june: Months) -> None:
    june.clock.set(JUNE)
    found = june.tried(june.draft((2_000, 300)))
    assert (found["month"], found["looked_at"], found["complete"]) == ("2028-06", 3, False)


def test_any_month_up_to_the_running_one_may_be_asked_for(june: Months) -> None:
    promotion = june.draft((500, 100))

    running = june.tried(promotion, month="2028-07")
    assert (running["looked_at"], running["complete"], running["average_with"], running["examples"]) == (
        0, False, None, [],
    )  # fmt: skip
    for month in ("2028-08", "2028-13", "June"):
        refused = june.ask(promotion, month=month)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/month"), month
    assert june.ask(NOBODYS).status == 404


def test_of_a_month_with_more_orders_some_are_drawn_and_the_answer_says_so(
    june: Months, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(months, "MOST_ORDERS", 2)

    found = june.tried(june.draft((500, 100)))

    assert (found["looked_at"], found["touched"], found["orders_counted"]) == (2, 2, False)
    assert found["orders"] >= 2
    assert found["estimate_for_month"]["amount_minor"] == 200 * found["orders"] // 2
    assert "about" in found["said"]


def test_it_reads_each_day_once_and_orders_together_and_writes_nothing(june: Months) -> None:
    promotion = june.draft((500, 100))
    with metered() as meter:
        june.tried(promotion)

    assert (meter.by_operation["Query"], meter.writes) == (30, 0)
    assert meter.by_operation["BatchGetItem"] <= 6


@pytest.mark.parametrize(("role", "status"), [("planner", 200), ("analyst", 200), ("editor", 403), ("service", 403)])
def test_who_may_try(june: Months, role: str, status: int) -> None:
    path, token = f"/v1/promotions/{june.draft((500, 100))}/preview", june.shop.team_token(role)
    assert june.shop.caller.call("POST", path, json={}, token=token).status == status


def test_another_brands_orders_and_promotions_are_not_there(june: Months, new_shop: Callable[..., Shop]) -> None:
    other = new_shop()
    assert other.brand.post(f"/v1/promotions/{june.draft((500, 100))}/preview", {}).status == 404
    own = made(other.brand.post("/v1/promotions", reduction(other, (500, 100))))["id"]
    assert made(other.brand.post(f"/v1/promotions/{own}/preview", {}), 200)["orders"] == 0
