"""Each kind as staff draft it and shoppers see it, over HTTP."""

from typing import Any

import pytest

from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.members.enrolment.service import find_or_create_by_ref
from tests.campaigns.brand import NOW, Brand
from tests.campaigns.test_routes import form, money, published


@pytest.fixture(autouse=True)
def _on_that_day(clock: Any) -> None:
    clock.set(NOW)


def offer(brand: Brand, **fields: Any) -> dict[str, Any]:
    return {"sku_id": brand.skus["pears"], "quantity": 60, **fields}


def shown(api: Any, brand: Brand, campaign_id: str) -> Any:
    return api.get(f"/v1/stores/{brand.slug}/campaigns/{campaign_id}").json


def steps(*pairs: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"from_quantity": units, "price": money(price)} for units, price in pairs]


def test_a_ladder_is_shown_before_anybody_orders(api: Any, brand: Brand) -> None:
    ladder = steps((1, 1_000), (20, 900), (50, 750))
    made = published(api, brand, kind="ladder", offers=[offer(brand, ladder=ladder)])
    (seen,) = shown(api, brand, made)["offers"]
    assert (seen["ladder"], seen["price"], seen["current_price"]) == (ladder, money(1_000), money(1_000))
    assert (seen["to_next_step"], seen["final_price"]) == ({"units": 20, "price": money(900)}, None)


def test_a_flash_sale_is_one_a_member_and_laid_out_for_a_rush(api: Any, brand: Brand) -> None:
    rush = published(api, brand, kind="flash_sale", offers=[offer(brand, price=money(100), quantity=300)])
    drafted = api.get(f"/v1/campaigns/{rush}", token=brand.key).json
    assert (drafted["peak_orders_per_second"], drafted["offers"][0]["per_member_limit"]) == (2_500, 1)
    calm = form(brand, kind="flash_sale", peak_orders_per_second=600, offers=[offer(brand, price=money(100))])
    calm["offers"][0]["per_member_limit"] = 2
    named = api.post("/v1/campaigns", calm, token=brand.key).json
    assert (named["peak_orders_per_second"], named["offers"][0]["per_member_limit"]) == (600, 2)


def test_a_team_buy_says_how_many_and_how_long(api: Any, brand: Brand) -> None:
    made = published(api, brand, kind="team_buy", team={"size": 3, "hours": 24})
    assert shown(api, brand, made)["team"] == {"size": 3, "hours": 24}
    alone = api.post("/v1/campaigns", form(brand, kind="team_buy"), token=brand.key).json["id"]
    refused = api.post(f"/v1/campaigns/{alone}/publish", token=brand.key)
    assert (refused.status, refused.json["code"]) == (422, "campaign_incomplete")
    assert [error["pointer"] for error in refused.json["errors"]] == ["/team"]


def test_a_pre_order_takes_its_deposit_online_and_says_when_the_rest_is_due(api: Any, brand: Brand) -> None:
    deposited = [offer(brand, price=money(1_000), deposit=money(300))]
    made = published(api, brand, kind="pre_order", offers=deposited, payment_methods=["test"])
    seen = shown(api, brand, made)
    assert (seen["offers"][0]["deposit"], seen["payment_methods"]) == (money(300), ["test"])
    assert seen["balance"] == {"hours_after_close": 72, "on_default": "refund"}
    unpayable = form(brand, kind="pre_order", offers=deposited, payment_methods=["pickup"])
    drafted = api.post("/v1/campaigns", unpayable, token=brand.key).json["id"]
    refused = api.post(f"/v1/campaigns/{drafted}/publish", token=brand.key)
    assert [error["pointer"] for error in refused.json["errors"]] == ["/payment_methods"]


def test_what_a_shopper_needs_to_know_is_on_the_page_and_no_more(api: Any, brand: Brand) -> None:
    ann = find_or_create_by_ref(brand.tenant_id, ["ann"], NOW, None)["ann"].id
    made = published(
        api,
        brand,
        caps={"orders": 100, "amount": money(60_000)},
        target={"measure": "quantity", "value": 30, "on_miss": "cancel"},
        delivery={"fee": money(500), "free_from": money(9_900)},
        no_show={"hours": 48, "action": "forfeit"},
        audience={"new_members_only": True, "joined_within_days": 30, "tags": ["tea"], "member_ids": [ann]},
    )
    seen = shown(api, brand, made)
    assert (seen["caps"], seen["delivery"]["free_from"]) == ({"orders": 100, "amount": money(60_000)}, money(9_900))
    assert seen["no_show"] == {"hours": 48, "action": "forfeit"}
    assert seen["audience"].pop("selected_members") is True
    said = {"new_members_only": True, "joined_within_days": 30, "tags": ["tea"], "tiers": [], "classes": []}
    assert seen["audience"] == said
    path = f"/v1/campaigns/{made}"
    assert api.get(path, token=brand.key).json["audience"]["member_ids"] == [ann]
    taken = api.patch(path, {"delivery": None}, token=brand.key)
    assert (taken.status, taken.json["code"]) == (409, "campaign_not_editable")


def test_a_draft_gives_up_what_is_taken_away(api: Any, brand: Brand) -> None:
    sent = form(brand, caps={"orders": 60}, delivery={"fee": money(0)}, no_show={"hours": 1, "action": "forfeit"})
    path = f"/v1/campaigns/{api.post('/v1/campaigns', sent, token=brand.key).json['id']}"
    gone = {"caps": None, "delivery": None, "no_show": None, "audience": {}}
    left = api.patch(path, gone, token=brand.key).json
    assert (left["caps"], left["delivery"], left["audience"]) == (None, None, None)
    assert left["no_show"] == {"hours": 72, "action": "refund"}


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"offers": [{"quantity": 60}]}, "price_or_ladder", "/offers/0/price"),
        ({"offers": [{"quantity": 60, "ladder": steps((2, 5))}]}, "ladder_not_from_one", "ladder/0/from_quantity"),
        ({"offers": [{"quantity": 60, "ladder": steps((1, 5), (9, 5))}]}, "ladder_not_falling", "ladder/1/price"),
        ({"offers": [{"quantity": 9, "ladder": steps((1, 5), (10, 4))}]}, "ladder_out_of_reach", "1/from_quantity"),
        ({"offers": [{"quantity": 9, "price": money(5), "deposit": money(5)}]}, "deposit_not_below_price", "deposit"),
        ({"offers": [{"quantity": 9, "price": money(5), "deposit": money(-1)}]}, "price_not_positive", "deposit"),
        ({"offers": [{"quantity": 9, "price": money(5), "deposit": money(1)}]}, "terms_do_not_fit_kind", "deposit"),
        ({"kind": "pre_order", "offers": [{"quantity": 60, "ladder": steps((1, 5), (9, 4))}]}, "ladder_not_of_kind",
         "/offers/0/ladder"),
        ({"kind": "team_buy", "offers": [{"quantity": 60, "ladder": steps((1, 5), (9, 4))}]}, "ladder_not_of_kind",
         "/offers/0/ladder"),
        ({"team": {"size": 3}}, "terms_do_not_fit_kind", "/team"),
        ({"kind": "team_buy", "team": {"size": 51}}, "team_out_of_reach", "/team/size"),
        ({"kind": "team_buy", "team": {"size": 1}}, "invalid", "/team/size"),
        ({"balance": {}}, "terms_do_not_fit_kind", "/balance"),
        ({"kind": "pre_order", "payment_methods": ["test", "pickup"], "balance": {"on_default": "forfeit"}},
         "terms_do_not_fit_kind", "/balance"),
        ({"audience": {"tiers": ["gold"]}}, "unknown_tier", "/audience/tiers"),
        ({"caps": {}}, "invalid", "/caps"),
        ({"audience": {"joined_within_days": 3}}, "invalid", "/audience"),
        ({"audience": {"member_ids": ["7ZZZZZZZZZZZZZZZZZZZZZZZZZ"]}}, "unknown_member", "/audience/member_ids/0"),
        ({"payment_methods": []}, "invalid", "/payment_methods"),
        ({"payment_methods": ["barter"]}, "invalid", "/payment_methods/0"),
        ({"delivery": {"fee": money(-1)}}, "invalid", "/delivery/fee"),
        ({"delivery": {"fee": {"amount_minor": 1, "currency": "USD"}}}, "wrong_currency", "/delivery/fee/currency"),
        ({"caps": {"orders": 3}, "target": {"measure": "participants", "value": 4, "on_miss": "lock"}},
         "target_out_of_reach", "/target/value"),
    ],
)  # fmt: skip
def test_bad_terms_are_refused_by_name(
    api: Any, brand: Brand, changes: dict[str, Any], code: str, pointer: str
) -> None:
    offers = [{"sku_id": brand.skus["pears"], **each} for each in changes.get("offers", ())]
    sent = form(brand, **changes) | ({"offers": offers, "target": None} if offers else {})
    refused = api.post("/v1/campaigns", sent, token=brand.key)
    assert (refused.status, refused.json["code"]) == (422, code), refused.text
    assert pointer in refused.json["errors"][0]["pointer"]


def test_the_leaders_commission_is_fixed_when_the_campaign_is_published(api: Any, brand: Brand) -> None:
    path = f"/v1/pickup-points/{brand.point_id}"
    assert api.patch(path, {"commission_bps": 750}, token=brand.key).json["commission_bps"] == 750
    made = published(api, brand)
    api.patch(path, {"commission_bps": 900}, token=brand.key)
    assert [point.commission_bps for point in get_campaign(brand.tenant_id, made).pickup_points] == [750]
    assert "commission_bps" not in str(shown(api, brand, made))
    assert api.patch(path, {"commission_bps": 10_001}, token=brand.key).status == 422


PRE_ORDER = {"kind": "pre_order", "target": None}


@pytest.mark.parametrize(
    ("terms", "balance"),
    [
        ({"payment_methods": ["test"], "balance": {"hours_after_close": 24, "on_default": "forfeit"}},
         {"hours_after_close": 24, "on_default": "forfeit"}),
        ({"payment_methods": ["test", "pickup"]}, None),
    ],
)  # fmt: skip
def test_a_page_names_an_end_of_the_balance_only_where_it_has_one(
    api: Any, brand: Brand, terms: dict[str, Any], balance: dict[str, Any] | None
) -> None:
    """With pickup among the methods it is paid where the goods are collected, and nobody defaults on it before."""
    made = published(api, brand, **PRE_ORDER, **terms, offers=[offer(brand, price=money(1_000), deposit=money(200))])
    drafted = api.get(f"/v1/campaigns/{made}", token=brand.key).json
    assert (drafted["balance"], shown(api, brand, made)["balance"]) == (balance, balance)


def test_a_draft_is_told_to_choose_between_a_balance_in_time_and_one_at_pickup(api: Any, brand: Brand) -> None:
    sold = [offer(brand, price=money(1_000), deposit=money(200))]
    sent = form(brand, **PRE_ORDER, payment_methods=["test"], balance={"hours_after_close": 24}, offers=sold)
    path = f"/v1/campaigns/{api.post('/v1/campaigns', sent, token=brand.key).json['id']}"
    refused = api.patch(path, {"payment_methods": ["test", "pickup"]}, token=brand.key)
    assert (refused.status, [each["pointer"] for each in refused.json["errors"]]) == (422, ["/balance"])
    assert "leave out" in refused.json["detail"]
    taken = api.patch(path, {"payment_methods": ["test", "pickup"], "balance": None}, token=brand.key)
    assert (taken.status, taken.json["balance"]) == (200, None)
