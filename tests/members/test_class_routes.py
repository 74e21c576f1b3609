"""Where a brand's classes part, over HTTP; members with their class, and lists of one class."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from chalicelib.db import metered
from tests.builders import Shop, made
from tests.conftest import Clock
from tests.insight.conftest import figures, new_figures
from tests.insight.figures import Figures

__all__ = ["figures", "new_figures"]

ROWS = [
    ("A-1", "ann", "2027-12-01", 1, 100, "USD"),
    ("B-1", "bob", "2028-01-05", 1, 100, "USD"),
    ("C-1", "cat", "2027-01-05", 1, 100, "USD"),
]
"""By 10 January 2028 ann is 40 days quiet, bob new, cat gone for a year."""


def listed(shop: Shop, member_class: str) -> list[str]:
    found = made(shop.brand.get(f"/v1/members?class={member_class}"), 200)["items"]
    assert {each["class"] for each in found} <= {member_class}
    return sorted(each["external_ref"] for each in found)


def test_members_have_a_class_that_changes_by_the_days_alone(figures: Figures, clock: Clock) -> None:
    figures.import_orders(ROWS)
    shop = figures.shop
    assert {name: listed(shop, name) for name in ("new", "active", "dormant", "churned")} == {
        "new": ["bob"], "active": [], "dormant": ["ann"], "churned": ["cat"],
    }  # fmt: skip
    assert shop.brand.get("/v1/members?class=gone").status == 422
    clock.advance(days=60)
    assert listed(shop, "churned") == ["ann", "cat"]
    assert listed(shop, "dormant") == ["bob"]


def test_where_they_part_is_set_and_read_with_its_revision_and_is_on_record(figures: Figures) -> None:
    figures.import_orders(ROWS)
    brand = figures.shop.brand
    before = brand.get("/v1/member-classes")
    assert before.json == {"new_days": 30, "dormant_days": 30, "churned_days": 90, "taking_part_counts": False}
    made(brand.put("/v1/member-classes", {"dormant_days": 45, "churned_days": 60}), 200)
    assert listed(figures.shop, "active") == ["ann"]
    stale = brand.put("/v1/member-classes", {"new_days": 7}, headers={"If-Match": before.headers["etag"]})
    assert stale.status == 412
    entry = made(brand.get("/v1/audit"), 200)["items"][0]
    assert entry["action"] == "classes.changed"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"dormant_days": 90}, "/churned_days"),
        ({"new_days": 0}, "/new_days"),
        ({"churned_days": 99999}, "/churned_days"),
    ],
)
def test_days_that_make_no_classes_are_refused_by_field(shop: Shop, wanted: dict[str, int], field: str) -> None:
    refused = shop.brand.put("/v1/member-classes", wanted)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, field)


def test_a_promotion_for_a_class_is_had_by_its_members_alone_and_reads_nothing_more(
    new_figures: Callable[..., Figures], clock: Clock, drain: Callable[[], None]
) -> None:
    clock.set(datetime(2028, 6, 15, 4, tzinfo=UTC))
    shop = new_figures(timezone="Asia/Shanghai", currency="CNY").shop
    body = {
        "title": "Welcome", "kind": "timed_price", "terms": {"percent_off": "10"},
        "starts_at": "2028-06-15T03:00:00Z", "ends_at": "2028-07-15T03:00:00Z", "audience": {"classes": ["new"]},
    }  # fmt: skip
    promotion = made(shop.brand.post("/v1/promotions", body))
    made(shop.brand.post(f"/v1/promotions/{promotion['id']}/publish"), 200)
    assert shop.brand.post("/v1/promotions", {**body, "audience": {"classes": ["vip"]}}).json["code"] == (
        "unknown_audience"
    )

    def quoted() -> tuple[int, int]:
        campaign = shop.open_campaign
        lines = [{"offer_id": campaign["offers"][0]["offer_id"], "quantity": 1}]
        wanted = {"campaign_id": campaign["id"], "lines": lines}
        with metered() as meter:
            token = shop.shopper.token
            quote = made(shop.caller.call("POST", f"{shop.path}/quotes", json=wanted, token=token), 200)
        return quote["totals"]["discount"]["amount_minor"], meter.reads

    assert quoted()[0] == 0  # who has not ordered is of no class
    made(shop.order())
    drain()
    off, reads = quoted()
    assert off > 0
    everybody = {**body, "title": "All", "audience": {}, "exclusive_group": "x"}
    made(shop.brand.post(f"/v1/promotions/{promotion['id']}/end"), 200)
    other = made(shop.brand.post("/v1/promotions", everybody))
    made(shop.brand.post(f"/v1/promotions/{other['id']}/publish"), 200)
    quoted()
    assert quoted()[1] == reads


def test_a_group_buy_for_a_class_takes_orders_of_its_members_alone(shop: Shop) -> None:
    campaign = shop.campaign(audience={"classes": ["dormant", "churned"]})
    assert campaign["audience"]["classes"] == ["dormant", "churned"]
    assert shop.order(campaign=campaign).json["code"] == "not_in_audience"
