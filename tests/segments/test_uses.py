"""What is for a segment alone: promotions, coupons and news reach who is in it when it counts, and nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock as product_clock
from tests.builders import Member, Shop, in_time, made
from tests.coupons.shops import batch, own
from tests.customer_care import CustomerCare
from tests.segments.test_segments import HAS_ORDERED, Segments


@pytest.fixture
def segments(care: CustomerCare) -> Segments:
    return Segments(care)


@pytest.fixture(autouse=True)
def by_day(noon: None) -> None:
    """In the middle of the day: at night what is no order's waits for the morning."""


def quoted(shop: Shop, member: Member) -> Any:
    """What a unit of the open campaign costs a member."""
    body = {
        "campaign_id": shop.campaign_id, "lines": [{"offer_id": shop.offer_id, "quantity": 1}],
        "pickup_point_id": shop.open_campaign["pickup_points"][0]["id"],
    }  # fmt: skip
    quote = made(shop.caller.call("POST", f"{shop.path}/quotes", json=body, token=member.token), 200)
    return quote["totals"]["total"]["amount_minor"]


def promotion(shop: Shop, segment: Any) -> Any:
    now = product_clock.now()
    body = {
        "title": "Back again", "kind": "timed_price", "terms": {"percent_off": "50"},
        "starts_at": in_time(now), "ends_at": in_time(now + timedelta(days=30)),
        "audience": {"segment_ids": [segment["id"]]},
    }  # fmt: skip
    drafted = made(shop.brand.post("/v1/promotions", body))
    return made(shop.brand.post(f"/v1/promotions/{drafted['id']}/publish"), 200)


def test_a_promotion_is_for_who_is_in_the_segment_when_they_order(segments: Segments) -> None:
    shop, (ann, bob) = segments.shop, (segments.shop.member(), segments.shop.member())
    chosen = segments.make(title="Chosen")
    path = f"/v1/segments/{chosen['id']}"
    made(shop.brand.post(f"{path}/members", {"add": [ann.id]}), 200)
    lowered = promotion(shop, chosen)
    assert lowered["audience"]["segment_ids"] == [chosen["id"]]
    assert (quoted(shop, ann), quoted(shop, bob)) == (450, 900)
    assert made(shop.order(ann))["totals"]["total"]["amount_minor"] == 450

    made(shop.brand.post(f"{path}/members", {"add": [bob.id], "remove": [ann.id]}), 200)
    assert (quoted(shop, ann), quoted(shop, bob)) == (900, 450)

    refused = shop.brand.delete(path)
    assert (refused.status, refused.json["code"]) == (409, "segment_in_use")
    assert "the promotion 'Back again'" in refused.json["detail"]
    made(shop.brand.post(f"/v1/promotions/{lowered['id']}/end"), 200)
    made(shop.brand.delete(path), 204)


def test_a_promotion_for_no_segment_of_the_brand_is_refused(segments: Segments) -> None:
    now = product_clock.now()
    body = {
        "title": "x", "kind": "timed_price", "terms": {"percent_off": "50"}, "starts_at": in_time(now),
        "ends_at": in_time(now + timedelta(days=3)), "audience": {"segment_ids": ["01J9ZQ0W7N8RXC5B2M4T6V8Y0A"]},
    }  # fmt: skip
    refused = segments.brand.post("/v1/promotions", body)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/audience/segment_ids/0")


def test_coupons_are_granted_to_who_is_in_it_when_the_job_comes(segments: Segments) -> None:
    shop = segments.shop
    people = [shop.member() for _ in range(4)]
    others = segments.make({"not": HAS_ORDERED})
    made(shop.order(people[0]))
    segments.drain()
    given = batch(shop)
    job = made(shop.brand.post(f"/v1/coupon-batches/{given['id']}/grants", {"segment_id": others["id"]}), 202)
    made(shop.order(people[1]))  # has left before the job comes
    segments.drain()
    done = made(shop.brand.get(f"/v1/jobs/{job['id']}"), 200)
    assert (done["status"], done["errors_total"]) == ("done", 0)
    assert [len(own(shop, each)) for each in people[2:]] == [1, 1]
    assert len(own(shop, people[0])) == 0


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"segment_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}, "/segment_id"),
        ({"segment_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "member_ids": ["01J9ZQ0W7N8RXC5B2M4T6V8Y0A"]}, "/segment_id"),
        ({}, "/member_ids"),
    ],
)
def test_a_grant_names_members_or_a_segment(segments: Segments, body: Any, pointer: str) -> None:
    refused = segments.brand.post(f"/v1/coupon-batches/{batch(segments.shop)['id']}/grants", body)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_news_reach_a_segment_alone(segments: Segments) -> None:
    shop = segments.shop
    ann, bob, cid = (shop.member() for _ in range(3))
    chosen = segments.make(title="Chosen")
    path = f"/v1/segments/{chosen['id']}"
    made(shop.brand.post(f"{path}/members", {"add": [ann.id, bob.id, cid.id]}), 200)
    for each in (ann, bob, cid):
        made(segments.care.store("PATCH", "/me", each, json={"consent": {"marketing": True}}), 200)
    later = in_time(product_clock.now() + timedelta(hours=1))
    body = {
        "texts": {"en": {"subject": "Lychees", "text": "Until Sunday."}}, "send_at": later,
        "audience": {"segment_ids": [chosen["id"]]},
    }  # fmt: skip
    news = made(shop.brand.post("/v1/announcements", body))
    refused = shop.brand.delete(path)
    assert (refused.status, "the announcement 'Lychees'" in refused.json["detail"]) == (409, True)
    made(shop.brand.post(f"{path}/members", {"remove": [bob.id]}), 200)  # who left gets nothing
    segments.clock.advance(hours=2)
    segments.sweep()
    sent = made(shop.brand.get(f"/v1/announcements/{news['id']}"), 200)
    assert (sent["status"], sent["told"]) == ("sent", 2)

    body["audience"] = {"segment_ids": ["01J9ZQ0W7N8RXC5B2M4T6V8Y0A"]}
    refused = shop.brand.post("/v1/announcements", body)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/audience/segment_ids/0")
