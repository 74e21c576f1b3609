"""The first minutes of a newcomer: the demo brand is there, and what is printed works as pasted."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.web.examples import filled_in
from infra.local.console import welcome
from infra.local.demo import data, naming, plans
from infra.local.demo.client import Client, Refused
from infra.local.demo.seed import Demo, enter_coupon
from infra.local.engine import ROOT
from infra.local.sign_ins import SignIns
from tests.builders import Shop, made
from tests.calls import HttpApi
from tests.local.conftest import Process


def commands(shown: str) -> list[str]:
    """The commands in what was printed, each as it would be pasted: what stands below a numbered comment."""
    return [found.strip() for found in re.findall(r"^  # \d+\. .*\n((?:  .*\n)+)", shown, re.MULTILINE)]


def paste(command: str) -> Any:
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def leaders_path(process: Process) -> str:
    """The README's way from an order to the leader's commission, for this process; it prints the commissions last."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text[text.index("**From an order to the leader's commission**") :].split("```")[1].removeprefix("sh\n")
    there = block.replace(":8000", f":{process.port}").replace(".local/demo.json", str(process.folder / "demo.json"))
    *earlier, last = there.strip().splitlines()
    return "set -eu\n{\n" + "\n".join(earlier) + "\n} >/dev/null\n" + last


def shown_at_the_console(process: Process) -> tuple[list[str], list[tuple[str, bool]], list[str]]:
    """The titles of channels, the invoices by state and whether each is due, the tiers that members were given."""
    brand = Client(f"http://127.0.0.1:{process.port}", re.findall(r"lt_[^\s']+", process.shown)[0])
    channels, invoices = (brand.get(f"/v1/{what}")["items"] for what in ("channels", "invoices"))
    members = brand.get("/v1/members?tier=neighbour")["items"]
    orders = [brand.get(f"/v1/orders/{each['order_id']}") for each in invoices]
    assert {each["totals"]["due"]["amount_minor"] for each in orders} == {0}
    return (
        [each["title"] for each in channels],
        [(each["status"], each["due"]) for each in invoices],
        [each["tier"] for each in members],
    )


def called(process: Process) -> dict[str, str]:
    """What the people behind the orders are called, by the brand's own numbers."""
    brand = Client(f"http://127.0.0.1:{process.port}", re.findall(r"lt_[^\s']+", process.shown)[0])
    members = brand.get("/v1/members?limit=100")["items"]
    return {each["external_ref"]: each["profile"]["name"] for each in members if each["external_ref"]}


@pytest.mark.verify
@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_the_printed_lines_work_as_pasted_on_the_first_start_and_on_the_second(start: Callable[..., Process]) -> None:
    first = start(demo=True).ready()
    assert "6780/6780" in first.shown
    shop, leader, console = re.findall(r"http://\S+(/local/sign-in\S+)", first.shown)
    assert [first.get(shop).headers["location"] for _ in range(2)] == ["/s/corner-market", "/"]
    assert first.get(leader).headers["location"] == "/s/corner-market/leader"
    assert first.get(console).headers["location"] == "/console"

    campaigns, placed, seen, payment, counter, retention, clock = map(paste, commands(first.shown))

    [coming] = [campaign for campaign in campaigns["items"] if campaign["status"] != "open"]
    assert (coming["status"], [each["hours"] for each in coming["early_access"]]) == ("scheduled", [24])
    kinds = sorted(campaign["kind"] for campaign in campaigns["items"] if campaign is not coming)
    assert kinds == ["flash_sale", "group_order", "group_order", "ladder", "pre_order", "team_buy"]
    assert payment["status"] == "pending"
    named = first.get("/v1/openapi.json").json["paths"]["/v1/orders/{id}"]["get"]["parameters"]
    assert {order["id"] for order in counter["items"]} >= {
        placed["id"], payment["order_id"], next(each["example"] for each in named if each["name"] == "id"),
    }  # fmt: skip
    assert placed["status"] == "placed"
    assert [order["id"] for order in seen["items"]] == [placed["id"]]
    assert sum(row["size"] for row in retention["rows"]) == 80
    assert called(first) == {each["member"]: each["name"] for each in data.members()}
    assert clock["offset_seconds"] == 7200
    assert paste(commands(first.shown)[1])["id"] == placed["id"]

    (earned,) = paste(leaders_path(first))["items"]
    assert (earned["rate_bps"], earned["status"]) == (750, "frozen")

    there = shown_at_the_console(first)
    assert there == (["Elm Street neighbours"], [("requested", True)], ["neighbour"])

    first.interrupt()
    second = start(demo=True).ready()

    assert shown_at_the_console(second) == there

    assert "First start" not in second.shown
    assert re.findall("lt_[^ ']+", second.shown)[0] == re.findall("lt_[^ ']+", first.shown)[0]
    assert [order["id"] for order in paste(commands(second.shown)[2])["items"]] == [placed["id"]]


def test_the_printed_lines_order_anew_when_the_campaigns_are_others() -> None:
    demo = Demo("slug", "lt_key", "point", "shopper", "leader", "campaign-AAAAAA", "offer", "ladder-BBBBBB", "offer")
    later = replace(demo, campaign_id="campaign-CCCCCC", ladder_id="ladder-DDDDDD")
    printed = [welcome("http://here", each, None, SignIns()) for each in (demo, later)]
    keys = [re.findall("Idempotency-Key: ([^']+)", each) for each in printed]
    assert keys == [
        ["order-AAAAAA", "order-BBBBBB", "payment-BBBBBB"],
        ["order-CCCCCC", "order-DDDDDD", "payment-DDDDDD"],
    ]


@pytest.fixture
def demo(served_shop: Shop) -> Demo:
    """What the demo brand has, at another shop: two campaigns, a leader, a supplier."""
    shop = served_shop
    made(shop.brand.patch(f"/v1/pickup-points/{shop.pickup_point_id}", {"leader_id": shop.member().id}), 200)
    made(shop.brand.post("/v1/suppliers", {"name": "Farm"}))
    shop.campaign(title=plans.BREAKFAST.title)
    campaign, offer = shop.campaign_id, shop.offer_id
    return Demo(
        shop.slug, shop.api_key, shop.pickup_point_id, shop.shopper.token, "", campaign, offer, campaign, offer
    )  # fmt: skip


def test_what_the_documentation_shows_can_be_sent_as_it_stands(demo: Demo, server: HttpApi) -> None:
    now = datetime.now(UTC)
    named = naming.named(server.url, demo, now)
    assert naming.named(server.url, demo, now) == named  # the order is placed once
    document = filled_in(server.get("/v1/openapi.json").json, named | {"currency": "CNY"})

    def token(path: str) -> str:
        return demo.shopper_token if path.startswith("/v1/stores") else demo.api_key

    read = {}
    for path, operations in document["paths"].items():
        found = {each["name"]: each.get("example") for each in operations.get("get", {}).get("parameters", [])}
        given = [found.get(name) for name in re.findall(r"{(\w+)}", path)]
        if path.endswith("/{id}") and all(given):
            there = path.format_map(found)
            read[path] = server.get(there, token=token(path)).status
    assert set(read.values()) == {200}, read
    assert read.keys() >= {f"/v1/{what}/{{id}}" for what in ("campaigns", "orders", "products", "skus", "members")}

    def example(path: str, name: str) -> Any:
        return document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"][name]["value"]

    order = example("/v1/stores/{slug}/orders", "paid-when-it-is-collected")
    headers = {"Idempotency-Key": "as-shown"}
    made(server.post(f"/v1/stores/{demo.slug}/orders", order, token=demo.shopper_token, headers=headers))
    made(server.post("/v1/campaigns", example("/v1/campaigns", "group-order"), token=demo.api_key))


def test_a_start_gives_the_shopper_their_coupon_until_they_have_used_it(demo: Demo, server: HttpApi) -> None:
    worth = {name: {**plans.COUPONS[name], "currency": "CNY"} for name in ("value", "minimum")}
    made(server.post("/v1/coupon-batches", {**plans.COUPONS, **worth}, token=demo.api_key))
    shopper = Client(server.url, demo.shopper_token)
    for _ in range(2):
        enter_coupon(shopper, demo.slug)
    [coupon] = shopper.get(f"/v1/stores/{demo.slug}/me/coupons")["items"]
    lines = [{"offer_id": demo.offer_id, "quantity": 2}]
    order = {"campaign_id": demo.campaign_id, "pickup_point_id": demo.pickup_point_id, "lines": lines}
    order |= {"payment_method": "pickup", "coupon_id": coupon["id"]}
    shopper.post(f"/v1/stores/{demo.slug}/orders", order, key="with-the-coupon")

    with pytest.raises(Refused, match="as often as one person may"):
        shopper.post(f"/v1/stores/{demo.slug}/me/coupons", {"code": plans.CODE})
    enter_coupon(shopper, demo.slug)


@pytest.mark.parametrize("now", [datetime(2026, 11, 22, 4, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)])
def test_the_year_of_orders_ends_within_the_last_week_with_its_weekdays(now: datetime) -> None:
    original = [datetime.fromisoformat(row["ordered_at"]) for row in data.orders(datetime(2018, 1, 2, tzinfo=UTC))]
    moved = [datetime.fromisoformat(row["ordered_at"]) for row in data.orders(now)]
    assert timedelta(0) <= now - moved[-1] < timedelta(weeks=1)
    assert {each.weekday() == before.weekday() for each, before in zip(moved, original, strict=True)} == {True}


def test_the_committed_part_is_what_its_readme_says() -> None:
    rows = data.orders(datetime.now(UTC))
    assert len(rows) == len({row["order_ref"] for row in rows}) == 6780
    assert len({row["member"] for row in rows}) == 80
    assert all(int(row["quantity"]) > 0 and int(row["amount_minor"]) >= 0 for row in rows)
    names = {row["member"]: row["name"] for row in data.members()}
    assert names.keys() == {row["member"] for row in rows}
    assert len(set(names.values())) == 80
    assert len(data.products()) == 24
