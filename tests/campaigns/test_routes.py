"""Campaigns over HTTP: what staff may send, and what shoppers may see."""

from collections import Counter
from typing import Any

import pytest

from chalicelib.campaigns.progress.records import ProgressRecord
from chalicelib.campaigns.service import listing
from chalicelib.campaigns.service import planning as service
from chalicelib.db import Transaction, metered
from chalicelib.kernel.clock import instant
from chalicelib.kernel.ids import new_id
from chalicelib.members.enrolment.service import find_or_create_by_ref
from tests.campaigns.brand import DAY, HOUR, NOW, Brand, brand_named

SECRETS = ("goal", "budget", "leader_id", "history", "peak_orders_per_second", "by")


@pytest.fixture(autouse=True)
def _on_that_day(clock: Any) -> None:
    clock.set(NOW)


def money(amount_minor: int) -> dict[str, Any]:
    return {"amount_minor": amount_minor, "currency": "CNY"}


def form(brand: Brand, **changes: Any) -> dict[str, Any]:
    """A complete campaign as a client sends it."""
    return {
        "title": "Pears 🍐 from the valley",
        "theme": "Autumn",
        "kind": "group_order",
        "closes_at": instant(NOW + DAY),
        "target": {"measure": "quantity", "value": 30, "on_miss": "extend"},
        "offers": [{"sku_id": brand.skus["pears"], "price": money(1_000), "quantity": 50, "per_member_limit": 5}],
        "pickup_point_ids": [brand.point_id],
        "goal": money(40_000),
        "budget": money(5_000),
        **changes,
    }


def published(api: Any, brand: Brand, **changes: Any) -> str:
    draft = api.post("/v1/campaigns", form(brand, **changes), token=brand.key)
    assert draft.status == 201, draft.text
    made = api.post(f"/v1/campaigns/{draft.json['id']}/publish", token=brand.key)
    assert made.status == 200, made.text
    return str(draft.json["id"])


class TestStaff:
    def test_a_campaign_from_draft_to_cancelled(self, api: Any, brand: Brand) -> None:
        draft = api.post("/v1/campaigns", form(brand, opens_at=instant(NOW + HOUR)), token=brand.key)
        assert draft.status == 201
        assert (draft.json["status"], draft.headers["etag"]) == ("draft", '"1"')
        path = f"/v1/campaigns/{draft.json['id']}"

        edited = api.patch(path, {"title": "Plums"}, token=brand.key, headers={"If-Match": '"1"'})
        assert (edited.status, edited.json["title"], edited.headers["etag"]) == (200, "Plums", '"2"')
        stale = api.patch(path, {"title": "Pears"}, token=brand.key, headers={"If-Match": '"1"'})
        assert (stale.status, stale.json["code"]) == (412, "stale")

        scheduled = api.post(f"{path}/publish", token=brand.key)
        assert (scheduled.status, scheduled.json["status"]) == (200, "scheduled")
        assert [entry["type"] for entry in scheduled.json["history"]] == ["created", "published"]
        assert scheduled.json["history"][0].keys() == {"type", "at", "by"}
        again = api.post(f"{path}/publish", token=brand.key)
        assert (again.status, again.json["code"]) == (409, "campaign_move_refused")

        cancelled = api.post(f"{path}/cancel", token=brand.key)
        assert (cancelled.status, cancelled.json["status"]) == (200, "cancelled")
        assert api.get(path, token=brand.key).json == cancelled.json

    def test_an_open_offer_is_raised_by_whoever_saw_it_as_it_is(self, api: Any, brand: Brand) -> None:
        path = f"/v1/campaigns/{published(api, brand)}"
        seen = api.get(path, token=brand.key)
        offer = f"{path}/offers/{seen.json['offers'][0]['id']}"
        match = {"If-Match": seen.headers["etag"]}
        raised = api.patch(offer, {"quantity": 80, "per_member_limit": None}, token=brand.key, headers=match)
        assert (raised.status, raised.headers["etag"]) == (200, '"3"')
        assert [(each["quantity"], each["per_member_limit"]) for each in raised.json["offers"]] == [(80, None)]
        assert raised.json["history"][-1]["type"] == "offer_raised"
        stale = api.patch(offer, {"quantity": 90}, token=brand.key, headers=match)
        assert (stale.status, stale.json["code"]) == (412, "stale")
        fewer = api.patch(offer, {"quantity": 79}, token=brand.key)
        assert (fewer.status, fewer.json["code"]) == (409, "offers_only_rise")
        assert fewer.json["errors"][0]["pointer"] == "/quantity"
        assert api.get(f"{path}/progress", token=brand.key).json["left"] == 80

    def test_a_full_view_gives_back_what_was_sent(self, api: Any, brand: Brand) -> None:
        sent = form(brand, opens_at="2026-11-22T17:00:00+08:00", refund_policy="Within a day", description="Sweet")
        draft = api.post("/v1/campaigns", sent, token=brand.key).json
        assert draft["opens_at"] == "2026-11-22T09:00:00Z"
        for name in ("title", "theme", "kind", "closes_at", "pickup_point_ids", "goal", "budget", "refund_policy"):
            assert draft[name] == sent[name]
        assert draft["target"] == {**sent["target"], "extend_hours": 24}
        (offer,) = draft["offers"]
        assert {name: offer[name] for name in sent["offers"][0]} == sent["offers"][0]

    @pytest.mark.parametrize(
        ("changes", "code", "pointer"),
        [
            ({"opens_at": "2026-11-22T17:00:00"}, "invalid", "/opens_at"),
            ({"opens_at": "2026-11-21T08:00:00Z"}, "time_in_past", "/opens_at"),
            ({"closes_at": "2026-11-21T08:00:00Z"}, "time_in_past", "/closes_at"),
            ({"opens_at": "2026-11-24T08:00:00Z"}, "closes_before_opening", "/closes_at"),
            ({"closes_at": "2027-11-22T08:00:00Z"}, "window_too_long", "/closes_at"),
            ({"closes_at": "9999-12-31T23:59:59-12:00"}, "invalid", "/closes_at"),
            ({"arrives_on": "2026-11-22"}, "arrival_misplaced", "/arrives_on"),
            ({"arrives_on": "9999-12-31"}, "arrival_misplaced", "/arrives_on"),
            ({"arrives_on": "tomorrow"}, "invalid", "/arrives_on"),
            (
                {"target": {"measure": "quantity", "value": 51, "on_miss": "lock"}},
                "target_out_of_reach",
                "/target/value",
            ),
            ({"target": {"measure": "quantity", "value": 0, "on_miss": "lock"}}, "invalid", "/target/value"),
            ({"target": {"measure": "weight", "value": 1, "on_miss": "lock"}}, "invalid", "/target/measure"),
            ({"kind": "lottery"}, "invalid", "/kind"),
            ({"pickup_point_ids": ["near the school"]}, "invalid", "/pickup_point_ids/0"),
            ({"title": "  "}, "invalid", "/title"),
            ({"title": None}, "invalid", "/title"),
            ({"colour": "red"}, "invalid", "/colour"),
            ({"goal": {"amount_minor": 1, "currency": "USD"}}, "wrong_currency", "/goal/currency"),
        ],
    )
    def test_bad_terms_are_refused_by_name(
        self, api: Any, brand: Brand, changes: dict[str, Any], code: str, pointer: str
    ) -> None:
        refused = api.post("/v1/campaigns", form(brand, **changes), token=brand.key)
        assert (refused.status, refused.json["code"]) == (422, code), refused.text
        assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
        assert listing.list_campaigns(brand.tenant_id, NOW).items == []

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("price", {"amount_minor": 0, "currency": "CNY"}, "price_not_positive"),
            ("price", {"amount_minor": -1, "currency": "CNY"}, "price_not_positive"),
            ("price", {"amount_minor": 10.5, "currency": "CNY"}, "invalid"),
            ("quantity", 0, "invalid"),
            ("quantity", 1_000_001, "invalid"),
            ("quantity", 10**30, "invalid"),
            ("per_member_limit", 0, "invalid"),
            ("per_member_limit", 51, "limit_above_quantity"),
        ],
    )
    def test_bad_offers_are_refused_at_their_field(
        self, api: Any, brand: Brand, field: str, value: Any, code: str
    ) -> None:
        offer = {"sku_id": brand.skus["pears"], "price": money(1_000), "quantity": 50, field: value}
        refused = api.post("/v1/campaigns", form(brand, offers=[offer]), token=brand.key)
        assert (refused.status, refused.json["code"]) == (422, code), refused.text
        assert refused.json["errors"][0]["pointer"].startswith(f"/offers/0/{field}")

    def test_a_naive_time_is_refused_with_help(self, api: Any, brand: Brand) -> None:
        refused = api.post("/v1/campaigns", form(brand, closes_at="2026-11-23T20:00:00"), token=brand.key)
        assert "2026-11-22T16:00:00+08:00" in refused.json["errors"][0]["message"]

    def test_a_refusal_speaks_the_callers_language(self, api: Any, brand: Brand) -> None:
        late = form(brand, closes_at="2026-11-21T08:00:00Z")
        refused = api.post("/v1/campaigns", late, token=brand.key, headers={"Accept-Language": "zh-CN"})
        assert (refused.json["title"], refused.json["detail"]) == ("时间已过", "结束时间已过，请改为更晚的时间。")

    def test_lists_are_filtered_and_paged(self, api: Any, brand: Brand) -> None:
        ids = [published(api, brand) for _ in range(3)]
        api.post("/v1/campaigns", form(brand), token=brand.key)
        first = api.get("/v1/campaigns?status=open&limit=2", token=brand.key).json
        rest = api.get(f"/v1/campaigns?status=open&limit=2&cursor={first['next_cursor']}", token=brand.key).json
        assert [each["id"] for each in first["items"] + rest["items"]] == ids[::-1]
        assert rest["next_cursor"] is None
        assert api.get("/v1/campaigns?status=open&kind=group_order", token=brand.key).status == 200
        assert api.get("/v1/campaigns?status=sleeping", token=brand.key).status == 422

    def test_progress_against_target_and_goal(self, api: Any, brand: Brand, clock: Any) -> None:
        campaign = service.get_campaign(brand.tenant_id, published(api, brand))
        clock.advance(hours=1)
        brand.sell(campaign, 20, NOW + HOUR)
        tx, place = Transaction(), ProgressRecord.address(brand.tenant_id, campaign.id)
        counted = [
            ProgressRecord.orders.set(7),
            ProgressRecord.participants.set(6),
            ProgressRecord.revenue_minor.set(20_000),
        ]
        tx.update("progress", ProgressRecord, *place, actions=counted, condition=ProgressRecord.orders == 0)
        tx.commit()
        with metered() as meter:
            progress = api.get(f"/v1/campaigns/{campaign.id}/progress", token=brand.key).json
        assert (progress["sold"], progress["left"], progress["orders"], progress["participants"]) == (20, 30, 7, 6)
        assert progress["target"] == {"measure": "quantity", "value": 30, "reached": 20, "reached_bps": 6_666}
        assert (progress["revenue"], progress["goal"], progress["goal_bps"]) == (money(20_000), money(40_000), 5_000)
        assert 23 * 3_600 - 60 < progress["seconds_left"] <= 23 * 3_600
        assert [(each["sold"], each["held"], each["left"]) for each in progress["offers"]] == [(20, 0, 30)]
        assert meter.by_operation["Query"] == 0


class TestStore:
    def test_shoppers_see_the_campaign_and_none_of_the_brands_secrets(self, api: Any, brand: Brand) -> None:
        leader = find_or_create_by_ref(brand.tenant_id, ["leader-7"], NOW, None)["leader-7"]
        with_leader = {"name": "Gate 5", "address": "Bund 2", "leader_id": leader.id, "opening_hours": "17–20"}
        point = api.post("/v1/pickup-points", with_leader, token=brand.key)
        assert point.status == 201, point.text
        campaign_id = published(api, brand, pickup_point_ids=[point.json["id"]])
        (listed,) = api.get("/v1/stores/orchard/campaigns").json["items"]
        detail = api.get(f"/v1/stores/orchard/campaigns/{campaign_id}")
        assert detail.status == 200
        for shown in (listed, detail.json):
            assert shown["status"] == "open"
            assert shown["pickup_points"] == [
                {"id": point.json["id"], "name": "Gate 5", "address": "Bund 2", "opening_hours": "17–20"}
            ]
            (offer,) = shown["offers"]
            assert (offer["price"], offer["sold"], offer["left"], offer["per_member_limit"]) == (money(1_000), 0, 50, 5)
            assert not names_in(shown) & set(SECRETS)
        assert leader.id not in detail.text

    def test_drafts_and_other_tenants_campaigns_are_absent(self, api: Any, brand: Brand) -> None:
        draft = api.post("/v1/campaigns", form(brand), token=brand.key).json
        cancelled = api.post("/v1/campaigns", form(brand), token=brand.key).json
        api.post(f"/v1/campaigns/{cancelled['id']}/cancel", token=brand.key)
        public = published(api, brand)
        brand_named("meadow")
        assert api.get(f"/v1/stores/orchard/campaigns/{public}").status == 200
        for path in (
            f"/v1/stores/orchard/campaigns/{draft['id']}",
            f"/v1/stores/orchard/campaigns/{cancelled['id']}",
            f"/v1/stores/meadow/campaigns/{public}",
            f"/v1/stores/orchard/campaigns/{new_id(NOW)}",
            "/v1/stores/orchard/campaigns/none",
        ):
            assert api.get(path).status == 404, path
        assert [each["id"] for each in api.get("/v1/stores/orchard/campaigns").json["items"]] == [public]

    def test_the_list_shows_what_is_open_and_coming_with_live_progress(
        self, api: Any, brand: Brand, clock: Any
    ) -> None:
        coming = published(api, brand, opens_at=instant(NOW + HOUR))
        open_now = published(api, brand, closes_at=instant(NOW + 2 * HOUR))
        brand.sell(service.get_campaign(brand.tenant_id, open_now), 15, NOW + HOUR)
        first, second = api.get("/v1/stores/orchard/campaigns").json["items"]
        assert [(first["id"], first["status"]), (second["id"], second["status"])] == [
            (open_now, "open"),
            (coming, "scheduled"),
        ]
        progress = first["progress"]
        assert (progress["sold"], progress["left"], progress["target"]["reached_bps"]) == (15, 35, 5_000)
        assert second["progress"]["left"] == 50
        clock.set(NOW + 2 * HOUR)
        (only,) = api.get("/v1/stores/orchard/campaigns").json["items"]
        assert (only["id"], only["status"]) == (coming, "open")  # no timer has run

    def test_the_list_costs_two_reads_beside_the_slug(self, api: Any, brand: Brand) -> None:
        for _ in range(5):
            published(api, brand)
        with metered() as meter:
            api.get("/v1/stores/orchard/campaigns")
        assert meter.by_operation["Query"] == 1
        assert meter.by_operation["BatchGetItem"] == 1
        assert meter.writes == 0
        assert meter.reads <= 3


def test_publishing_is_one_transaction(api: Any, brand: Brand) -> None:
    draft = brand.draft(offers=[brand.offer("pears", 1_000, 50), brand.offer("plums", 250, 50)])
    with metered() as meter:
        service.publish_campaign(brand.tenant_id, draft.id, brand.by, NOW)
    # What offers keep of prices, so that no order looks it up: SKUs, floors and products in one request each, the
    # promotions in one, and for each product its prices in the shop and in campaigns. The brand's zone is known mostly.
    of_prices = {"GetItem": 1, "BatchGetItem": 3, "Query": 1 + 2 * 2}
    plainly = {"GetItem": 1, "BatchGetItem": 3, "TransactWriteItems": 1}
    assert meter.by_operation == Counter(plainly) + Counter(of_prices)


class TestPickupPoints:
    def test_they_are_added_listed_and_changed(self, api: Any, brand: Brand) -> None:
        point = api.post("/v1/pickup-points", {"name": "Gate 5", "address": "Bund 2"}, token=brand.key)
        assert (point.status, point.json["leader_id"], point.headers["etag"]) == (201, None, '"1"')
        path = f"/v1/pickup-points/{point.json['id']}"
        leader = find_or_create_by_ref(brand.tenant_id, ["leader-7"], NOW, None)["leader-7"]
        changed = api.patch(path, {"leader_id": leader.id}, token=brand.key, headers={"If-Match": '"1"'})
        assert (changed.status, changed.json["leader_id"], changed.json["name"]) == (200, leader.id, "Gate 5")
        assert api.patch(path, {"name": "X"}, token=brand.key, headers={"If-Match": '"1"'}).status == 412
        assert api.get(path, token=brand.key).json == changed.json
        listed = api.get("/v1/pickup-points", token=brand.key).json["items"]
        assert [each["id"] for each in listed] == [point.json["id"], brand.point_id]

    def test_a_leader_is_a_member(self, api: Any, brand: Brand) -> None:
        stranger = {"name": "Gate 5", "address": "Bund 2", "leader_id": new_id(NOW)}
        refused = api.post("/v1/pickup-points", stranger, token=brand.key)
        assert (refused.status, refused.json["code"]) == (422, "unknown_leader")
        assert refused.json["errors"][0]["pointer"] == "/leader_id"
        renamed = api.patch(f"/v1/pickup-points/{brand.point_id}", {"leader_id": new_id(NOW)}, token=brand.key)
        assert renamed.status == 422


def names_in(value: Any) -> set[str]:
    """Every field name anywhere in a JSON value."""
    if isinstance(value, dict):
        return set(value) | {name for inner in value.values() for name in names_in(inner)}
    if isinstance(value, list):
        return {name for inner in value for name in names_in(inner)}
    return set()
