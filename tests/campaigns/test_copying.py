"""A campaign drafted from another, whatever became of that: the same terms and prices, nothing that happened."""

from typing import Any

import pytest

from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.service.copying import copy_campaign
from chalicelib.kernel.clock import instant
from chalicelib.members.enrolment.service import find_or_create_by_ref
from tests.campaigns.brand import DAY, HOUR, NOW, Brand, brand_named
from tests.campaigns.test_kinds import offer, steps
from tests.campaigns.test_routes import money, published

OF_ITS_OWN = {
    *("id", "status", "opens_at", "closes_at", "offers", "history", "created_at", "updated_at", "published_at"),
    *("extended_at", "closed_early_at", "left_out"),
}


@pytest.fixture(autouse=True)
def _on_that_day(clock: Any) -> None:
    clock.set(NOW)


def copied(api: Any, brand: Brand, campaign_id: str, **body: Any) -> Any:
    answer = api.post(f"/v1/campaigns/{campaign_id}/copy", body, token=brand.key)
    assert answer.status == 201, answer.text
    assert answer.json == {**api.get(f"/v1/campaigns/{answer.json['id']}", token=brand.key).json} | {
        "left_out": answer.json["left_out"]
    }
    return answer.json


def terms(campaign: Any) -> dict[str, Any]:
    """What was agreed, and nothing that belongs to one campaign alone."""
    named = {name: value for name, value in campaign.items() if name not in OF_ITS_OWN}
    own = ("id", "offer_id", "list_price", "prior_price")
    offers = [{name: each[name] for name in each if name not in own} for each in campaign["offers"]]
    return named | {"offers": offers}


def kinds(brand: Brand) -> dict[str, dict[str, Any]]:
    ann = find_or_create_by_ref(brand.tenant_id, ["ann"], NOW, None)["ann"].id
    caps, delivery = {"orders": 40, "amount": money(45_000)}, {"fee": money(500), "free_from": money(9_900)}
    deposited = [offer(brand, price=money(1_000), deposit=money(300))]
    return {
        "group_order": {
            "caps": caps, "delivery": delivery, "audience": {"tags": ["tea"], "member_ids": [ann]},
            "refund_policy": "Within a day", "description": "Sweet", "no_show": {"hours": 5, "action": "forfeit"},
        },
        "ladder": {"offers": [offer(brand, ladder=steps((1, 1_000), (20, 900)), per_member_limit=3)]},
        "team_buy": {"team": {"size": 3, "hours": 12}},
        "flash_sale": {"offers": [offer(brand, price=money(100))], "peak_orders_per_second": 600},
        "pre_order": {
            "offers": deposited, "payment_methods": ["test"],
            "balance": {"hours_after_close": 24, "on_default": "forfeit"},
        },
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["group_order", "ladder", "team_buy", "flash_sale", "pre_order"])
def test_every_term_of_every_kind_comes_along_and_nothing_that_happened(api: Any, brand: Brand, kind: str) -> None:
    source = published(api, brand, kind=kind, **kinds(brand)[kind])
    original = api.get(f"/v1/campaigns/{source}", token=brand.key).json
    copy = copied(api, brand, source)
    assert terms(copy) == terms(original)
    assert (copy["status"], copy["opens_at"], copy["closes_at"], copy["left_out"]) == ("draft", None, None, [])
    assert [entry["type"] for entry in copy["history"]] == ["created"]
    assert {each["id"] for each in copy["offers"]}.isdisjoint(each["id"] for each in original["offers"])
    trail = api.get(f"/v1/audit?target=campaign:{copy['id']}", token=brand.key).json["items"]
    assert [entry["changes"] for entry in trail] == [{"copied_from": source}]


@pytest.mark.parametrize("state", ["draft", "scheduled", "open", "closing", "cancelled", "refunded", "settled"])
def test_a_campaign_in_any_state_is_copied(api: Any, brand: Brand, state: str) -> None:
    source = brand.published()
    stored = brand.read(source)
    stored.status = state
    stored.save()
    copy = copied(api, brand, source.id, title="Again", closes_at=instant(NOW + DAY))
    assert (copy["title"], copy["closes_at"], copy["offers"][0]["final_price"]) == ("Again", instant(NOW + DAY), None)
    opened = api.post(f"/v1/campaigns/{copy['id']}/publish", token=brand.key)
    assert (opened.status, opened.json["status"]) == (200, "open")
    assert brand.read(source).status == state


def test_its_goods_are_expected_as_long_after_its_close(api: Any, brand: Brand) -> None:
    closes_at = "2026-11-24T16:00:00Z"  # midnight in Shanghai: the 25th
    source = published(api, brand, closes_at=closes_at, arrives_on="2026-11-28")
    path = f"/v1/campaigns/{source}"
    assert api.get(path, token=brand.key).json["arrives_on"] == "2026-11-28"
    assert api.get(f"/v1/stores/{brand.slug}/campaigns/{source}").json["arrives_on"] == "2026-11-28"

    assert copied(api, brand, source)["arrives_on"] is None
    assert copied(api, brand, source, closes_at="2026-12-01T15:59:59Z")["arrives_on"] == "2026-12-04"
    assert copied(api, brand, source, closes_at="2026-12-01T16:00:00Z")["arrives_on"] == "2026-12-05"
    own = {"closes_at": "2026-12-01T16:00:00Z", "arrives_on": "2026-12-02"}
    assert copied(api, brand, source, **own)["arrives_on"] == "2026-12-02"
    refused = api.post(f"{path}/copy", own | {"arrives_on": "2026-12-01"}, token=brand.key)
    assert (refused.status, refused.json["code"]) == (422, "arrival_misplaced")


def test_prices_are_those_of_the_campaign_and_the_window_is_checked(api: Any, brand: Brand) -> None:
    source = published(api, brand, offers=[offer(brand, price=money(777))])
    copy = copied(api, brand, source, opens_at=instant(NOW + HOUR), closes_at=instant(NOW + DAY))
    assert (copy["offers"][0]["price"], copy["opens_at"]) == (money(777), instant(NOW + HOUR))
    refused = api.post(f"/v1/campaigns/{source}/copy", {"closes_at": instant(NOW - DAY)}, token=brand.key)
    assert (refused.status, refused.json["code"]) == (422, "time_in_past")
    assert refused.json["errors"][0]["pointer"] == "/closes_at"


def test_what_is_on_sale_no_longer_is_left_out_by_name(api: Any, brand: Brand) -> None:
    """Thirty pears and twenty plums were to be forty; without the plums forty cannot be reached."""
    plums = {"sku_id": brand.skus["plums"], "price": money(250), "quantity": 20}
    sold = [plums, offer(brand, price=money(1_000), quantity=30)]
    source = published(api, brand, offers=sold, target={"measure": "quantity", "value": 40, "on_miss": "lock"})
    archive(api, brand, "plums")
    copy = copied(api, brand, source)
    assert [each["title"] for each in copy["offers"]] == ["Pears · 2 kg"]
    assert copy["target"] is None
    assert copy["left_out"] == [
        {"pointer": "/offers/0", "code": "unknown_sku", "title": "Plums · 2 kg"},
        {"pointer": "/target", "code": "target_out_of_reach", "title": None},
    ]


def test_a_team_that_is_too_large_for_what_is_left_goes_too(api: Any, brand: Brand) -> None:
    plums = {"sku_id": brand.skus["plums"], "price": money(250), "quantity": 20}
    sold = [offer(brand, price=money(1_000), quantity=2), plums]
    source = published(api, brand, kind="team_buy", team={"size": 3}, offers=sold, target=None)
    archive(api, brand, "plums")
    copy = copied(api, brand, source)
    assert (copy["team"], [each["pointer"] for each in copy["left_out"]]) == (None, ["/offers/1", "/team"])


def test_what_a_series_made_is_copied_without_it(brand: Brand) -> None:
    source = brand.published()
    source.series_id = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"
    source.save()
    copy, _ = copy_campaign(brand.tenant_id, source.id, CampaignTerms(), brand.by, NOW)
    assert (copy.series_id, brand.read(copy).series_id) == (None, None)


def test_another_brands_campaign_is_not_there(api: Any, brand: Brand) -> None:
    other = brand_named("other")
    refused = api.post(f"/v1/campaigns/{brand.draft().id}/copy", {}, token=other.key)
    assert refused.status == 404


def archive(api: Any, brand: Brand, sku: str) -> None:
    product = next(
        each["id"]
        for each in api.get("/v1/products", token=brand.key).json["items"]
        if brand.skus[sku] in [one["id"] for one in each["skus"]]
    )
    assert api.patch(f"/v1/products/{product}", {"status": "archived"}, token=brand.key).status == 200
