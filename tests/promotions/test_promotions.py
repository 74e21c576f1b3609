"""Promotions over HTTP: drafted, published, paused, ended; and what is refused of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.promotions.model import promotion as promotions
from chalicelib.promotions.records import ActivePromotions, BudgetPart
from chalicelib.promotions.service import publishing
from tests.builders import Shop, in_time, made
from tests.conftest import Clock

PATH = "/v1/promotions"


def wanted(shop: Shop, **fields: Any) -> dict[str, Any]:
    """A promotion of a week: 12.5 % off everything."""
    now = clock.now()
    times = {"starts_at": in_time(now), "ends_at": in_time(now + timedelta(days=7))}
    plain = {"title": "Fruit week", "kind": "timed_price", "terms": {"percent_off": "12.5"}}
    return plain | times | fields


def reduction(shop: Shop, *steps: tuple[int, int], **fields: Any) -> dict[str, Any]:
    """A full reduction by these steps, in minor units."""
    terms = {"steps": [{"from": shop.money(amount), "off": shop.money(off)} for amount, off in steps]}
    return wanted(shop, kind="full_reduction", terms=terms, **fields)


def test_a_promotion_is_read_back(shop: Shop) -> None:
    scope = {"campaign_ids": [], "product_ids": [], "categories": ["fruit"], "tags": ["new"]}
    fields = {"scope": scope, "exclusive_group": "week", "budget": shop.money(100_000),
              "limits": {"per_member": 2, "total": None}}  # fmt: skip
    drafted = made(shop.brand.post(PATH, reduction(shop, (10_000, 1_000), (20_000, 2_500), **fields)))

    assert {name: drafted[name] for name in fields} == fields
    assert (drafted["status"], drafted["kind"], drafted["terms"]["percent_off"]) == ("draft", "full_reduction", None)
    assert drafted["terms"]["steps"][1] == {"from": shop.money(20_000), "off": shop.money(2_500)}
    assert made(shop.brand.get(f"{PATH}/{drafted['id']}"), 200) == drafted
    assert made(shop.brand.get(PATH), 200)["items"] == [drafted]


def test_it_runs_from_its_start_until_before_its_end(shop: Shop, clock: Clock) -> None:
    now = clock.now()
    times = {"starts_at": in_time(now + timedelta(hours=1)), "ends_at": in_time(now + timedelta(hours=2))}
    drafted = made(shop.brand.post(PATH, wanted(shop) | times))
    path = f"{PATH}/{drafted['id']}"

    assert made(shop.brand.post(f"{path}/publish"), 200)["status"] == "scheduled"
    clock.advance(hours=1)
    assert made(shop.brand.get(path), 200)["status"] == "running"
    clock.advance(minutes=59)
    assert made(shop.brand.get(path), 200)["status"] == "running"
    clock.advance(minutes=1)
    assert made(shop.brand.get(path), 200)["status"] == "ended"
    assert shop.brand.post(f"{path}/publish").status == 409


def test_it_is_paused_changed_and_published_again_and_ended_for_good(shop: Shop) -> None:
    path = f"{PATH}/{made(shop.brand.post(PATH, wanted(shop)))['id']}"
    assert shop.brand.post(f"{path}/pause").json["code"] == "promotion_move_refused", "a draft is not paused"
    made(shop.brand.post(f"{path}/publish"), 200)
    assert active(shop) == ["Fruit week"]
    assert shop.brand.patch(path, {"title": "Late"}).json["code"] == "promotion_not_editable"

    assert made(shop.brand.post(f"{path}/pause"), 200)["status"] == "paused"
    assert active(shop) == []
    assert made(shop.brand.patch(path, {"title": "Pear week"}), 200)["title"] == "Pear week"
    assert shop.brand.patch(path, {"budget": shop.money(1)}).json["code"] == "promotion_not_editable"
    made(shop.brand.post(f"{path}/publish"), 200)
    assert active(shop) == ["Pear week"]

    assert made(shop.brand.post(f"{path}/end"), 200)["status"] == "ended"
    assert active(shop) == []
    assert shop.brand.post(f"{path}/publish").status == 409
    assert shop.brand.patch(path, {"title": "x"}, headers={"If-Match": '"1"'}).status == 412


def test_a_draft_whose_end_has_passed_is_not_published(shop: Shop, clock: Clock) -> None:
    drafted = made(shop.brand.post(PATH, wanted(shop)))
    clock.advance(days=7)
    refused = shop.brand.post(f"{PATH}/{drafted['id']}/publish")
    assert (refused.status, refused.json["code"]) == (422, "ends_before_it_starts")
    assert made(shop.brand.get(f"{PATH}/{drafted['id']}"), 200)["status"] == "draft"


def test_it_says_its_terms_in_words_and_what_is_left(shop: Shop) -> None:
    limited = {"budget": shop.money(100_000), "limits": {"total": 120}}
    drafted = made(shop.brand.post(PATH, reduction(shop, (10_000, 1_000), **limited)))
    assert (drafted["words"], drafted["words_zh"]) == ("CN¥10.00 off from CN¥100.00", "满 ¥100.00 减 ¥10.00")
    assert (drafted["budget_left"], drafted["uses_left"]) == (None, None)
    made(shop.brand.post(f"{PATH}/{drafted['id']}/publish"), 200)
    (listed,) = made(shop.brand.get(PATH), 200)["items"]
    assert (listed["budget_left"], listed["uses_left"]) == (shop.money(100_000), 120)


def active(shop: Shop) -> list[str]:
    """The titles of what orders look at."""
    with tenant_scope(shop.tenant_id):
        found = ActivePromotions.fetch(*ActivePromotions.address(shop.tenant_id), consistent=True)
    return [each.title for each in found.promotions] if found else []


def test_a_budget_stands_in_parts_from_the_first_publication_on(shop: Shop) -> None:
    drafted = made(shop.brand.post(PATH, wanted(shop, limits={"per_member": None, "total": 120})))
    path = f"{PATH}/{drafted['id']}"
    for move in ("publish", "pause", "publish"):
        made(shop.brand.post(f"{path}/{move}"), 200)
    with tenant_scope(shop.tenant_id):
        parts = [BudgetPart.fetch(*BudgetPart.address(shop.tenant_id, drafted["id"], n)) for n in range(3)]
    assert [part and part.left.uses for part in parts] == [60, 60, None]


@pytest.mark.parametrize(
    ("kind", "terms", "code", "pointer"),
    [
        ("timed_price", {"percent_off": "200"}, "invalid", "/terms/percent_off"),
        ("timed_price", {"percent_off": "100.01"}, "invalid", "/terms/percent_off"),
        ("timed_price", {"percent_off": "0"}, "invalid", "/terms/percent_off"),
        ("timed_price", {"percent_off": "12.345"}, "invalid", "/terms/percent_off"),
        ("timed_price", {"percent_off": "-5"}, "invalid", "/terms/percent_off"),
        ("timed_price", {"percent_off": 10}, "invalid", "/terms/percent_off"),
        ("timed_price", {}, "terms_do_not_fit_kind", "/terms"),
        ("timed_price", {"percent_off": "10", "price": {"amount_minor": 1, "currency": "CNY"}},
         "terms_do_not_fit_kind", "/terms"),
        ("timed_price", {"percent_off": "10", "tier": "gold"}, "terms_do_not_fit_kind", "/terms/tier"),
        ("timed_price", {"price": {"amount_minor": 0, "currency": "CNY"}}, "invalid", "/terms/price"),
        ("timed_price", {"price": {"amount_minor": 100, "currency": "USD"}}, "wrong_currency", "/terms/price/currency"),
        ("member_price", {"percent_off": "10", "tier": "gold"}, "unknown_audience", "/terms/tier"),
        ("full_reduction", {"repeat": True}, "terms_do_not_fit_kind", "/terms"),
        ("gift", {"from_quantity": 2}, "terms_do_not_fit_kind", "/terms"),
        ("gift", {"from_quantity": 2, "sku_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}, "unknown_gift", "/terms/sku_id"),
    ],
)  # fmt: skip
def test_terms_are_refused_by_name(shop: Shop, kind: str, terms: dict[str, Any], code: str, pointer: str) -> None:
    refused = shop.brand.post(PATH, wanted(shop, kind=kind, terms=terms))
    assert (refused.status, refused.json["code"], refused.json["errors"][0]["pointer"]) == (422, code, pointer)


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([(10_000, 1_000), (10_000, 2_000)], "steps_do_not_rise"),
        ([(10_000, 1_000), (20_000, 1_000)], "steps_do_not_rise"),
        ([(20_000, 1_000), (10_000, 2_000)], "steps_do_not_rise"),
        ([(10_000, 10_001)], "off_above_from"),
    ],
)
def test_steps_rise_and_take_off_no_more_than_is_spent(shop: Shop, steps: list[tuple[int, int]], code: str) -> None:
    refused = shop.brand.post(PATH, reduction(shop, *steps))
    assert (refused.status, refused.json["code"]) == (422, code)


def test_times_budgets_and_audiences_are_refused_by_name(shop: Shop) -> None:
    now = clock.now()
    backwards = {"starts_at": in_time(now + timedelta(days=2)), "ends_at": in_time(now + timedelta(days=1))}
    assert shop.brand.post(PATH, wanted(shop) | backwards).json["code"] == "ends_before_it_starts"
    over = {"starts_at": in_time(now - timedelta(days=2)), "ends_at": in_time(now)}
    assert shop.brand.post(PATH, wanted(shop) | over).json["code"] == "ends_before_it_starts"

    foreign = {"amount_minor": 10_000, "currency": "USD"}
    assert shop.brand.post(PATH, wanted(shop, budget=foreign)).json["errors"][0]["pointer"] == "/budget/currency"
    assert shop.brand.post(PATH, wanted(shop, budget=shop.money(0))).json["errors"][0]["pointer"] == "/budget"
    small = shop.brand.post(PATH, reduction(shop, (10_000, 3_000), budget=shop.money(2_999)))
    assert small.json["code"] == "budget_below_one_use"
    assert "CN¥30.00" in small.json["detail"]

    assert shop.brand.post(PATH, wanted(shop, audience={"tiers": ["gold"]})).json["code"] == "unknown_audience"


def test_a_gift_without_stock_is_refused_when_it_is_published(shop: Shop) -> None:
    cup = shop.product(price=3_000)["skus"][0]["id"]
    for delta in (1, -1):
        put_on_shelf(shop, cup, delta)
    gift = wanted(shop, kind="gift", terms={"sku_id": cup, "from": shop.money(10_000)})
    drafted = made(shop.brand.post(PATH, gift))
    refused = shop.brand.post(f"{PATH}/{drafted['id']}/publish")
    assert (refused.status, refused.json["code"]) == (409, "gift_without_stock")
    put_on_shelf(shop, cup, 5)
    assert made(shop.brand.post(f"{PATH}/{drafted['id']}/publish"), 200)["terms"]["quantity"] == 1


def put_on_shelf(shop: Shop, sku_id: str, delta: int) -> None:
    counted = {"delta": delta, "reason": "counted"}
    made(shop.brand.post(f"/v1/skus/{sku_id}/adjustments", counted, headers={"Idempotency-Key": f"key{delta}"}))


def test_no_more_promotions_are_active_than_an_order_can_look_at(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "MOST_ACTIVE", 2)
    paths = [f"{PATH}/{made(shop.brand.post(PATH, wanted(shop)))['id']}" for _ in range(3)]
    answers = [shop.brand.post(f"{path}/publish") for path in paths]
    assert [answer.status for answer in answers] == [200, 200, 409]
    assert answers[2].json["code"] == "too_many_promotions"
    made(shop.brand.post(f"{paths[0]}/end"), 200)
    made(shop.brand.post(f"{paths[2]}/publish"), 200)


def test_no_more_groups_exclude_each_other_than_an_order_can_try(shop: Shop) -> None:
    for n in range(7):
        drafted = made(shop.brand.post(PATH, wanted(shop, exclusive_group=f"group {n}")))
        answer = shop.brand.post(f"{PATH}/{drafted['id']}/publish")
    assert (answer.status, answer.json["code"]) == (409, "too_many_exclusive_promotions")
    assert answer.json["combinations"] == 128


def test_another_brands_promotion_is_not_found(shop: Shop, new_shop: Any) -> None:
    theirs = made(new_shop().brand.post(PATH, wanted(shop)))
    for method, path in (("GET", ""), ("POST", "/publish"), ("POST", "/end")):
        assert shop.brand.call(method, f"{PATH}/{theirs['id']}{path}").status == 404


def test_the_end_is_exclusive() -> None:
    start, end = clock.now(), clock.now() + timedelta(days=1)
    second = timedelta(seconds=1)
    assert promotions.shown_status("scheduled", start, end, end - second) == "running"
    assert promotions.shown_status("scheduled", start, end, end) == "ended"
