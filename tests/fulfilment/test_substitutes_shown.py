"""Who gets something else is told so, and everybody who handles the order sees which units it is."""

from dataclasses import dataclass
from typing import Any

import pytest

from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Clock, Sweep
from tests.letters import news


@dataclass(frozen=True)
class Split:
    """Orders of two and of three, and a delivery of four with one nashi: a unit of the second order is another SKU."""

    shop: Shop
    nashi: str
    first: Any
    second: Any
    second_email: str
    second_token: str

    @property
    def campaign(self) -> str:
        return f"/v1/campaigns/{self.shop.campaign_id}"

    def read(self, order: Any) -> Any:
        return made(self.shop.brand.get(f"/v1/orders/{order['id']}"), 200)

    def collect(self, *lines: dict[str, Any]) -> Any:
        body = {"code": self.second["pickup_code"], "pickup_point_id": self.second["pickup_point_id"]}
        part = {"lines": list(lines)} if lines else {}
        return made(self.shop.brand.post(f"/v1/orders/{self.second['id']}/pickup", body | part), 200)


@pytest.fixture
def split(shop: Shop, clock: Clock, sweep: Sweep) -> Split:
    nashi = shop.product(title="Nashi")["skus"][0]["id"]
    ann, bob = shop.member(), shop.member()
    first, second = made(shop.order(ann, quantity=2)), made(shop.order(bob, quantity=3))
    clock.advance(days=8)
    sweep()
    came = {"sku_id": shop.sku_id, "received": 4, "substitute": {"sku_id": nashi, "quantity": 1}}
    path = f"/v1/campaigns/{shop.campaign_id}/receipts"
    made(shop.brand.post(path, {"lines": [came]}, headers={"Idempotency-Key": "r"}))
    sweep(3)
    return Split(shop, nashi, first, second, bob.email, bob.token)


def test_who_gets_something_else_is_told_once_and_nobody_else(split: Split, engine: Engine) -> None:
    (mail,) = news(engine)
    assert (mail["to"], mail["subject"]) == (split.second_email, "Something else comes in your order")
    assert "At the same price you get instead: 1 × Nashi · One." in mail["text"]


def test_the_order_says_which_units_these_are_and_what_they_are_called(split: Split) -> None:
    (line,) = split.read(split.second)["lines"]
    assert (line["sku_id"], line["quantity"]) == (split.shop.sku_id, 3)
    assert line["substitutes"] == [{"sku_id": split.nashi, "quantity": 1, "title": "Nashi · One"}]
    own = split.shop.caller.call("GET", f"{split.shop.path}/orders/{split.second['id']}", token=split.second_token)
    assert made(own, 200)["lines"] == [line]
    assert split.read(split.first)["lines"][0]["substitutes"] == []
    happened = made(split.shop.brand.get(f"/v1/orders/{split.second['id']}/history"), 200)["items"]
    assert [entry["type"] for entry in happened] == ["placed", "substituted"]
    (kept,) = happened[1]["after"]["lines"]
    named = line["substitutes"][0]
    assert kept["substitutes"] == [{"sku_id": named["sku_id"], "quantity": 1}]
    assert {name: kept[name] for name in ("sku_id", "quantity", "total")} == {
        name: line[name] for name in ("sku_id", "quantity", "total")
    }


def test_sorting_and_handing_over_keep_the_units_apart(split: Split) -> None:
    # Given goods that wait at the pickup point
    made(split.shop.brand.post(f"{split.campaign}/advance", {"to": "at_pickup"}), 200)

    # When the units that were ordered are handed over first
    (line,) = split.read(split.second)["lines"]
    split.collect({"offer_id": line["offer_id"], "quantity": 2})

    # Then the sheet says that the other one still waits
    (sheet,) = made(split.shop.brand.get(f"{split.campaign}/sorting-sheets"), 200)["sheets"]
    assert [(item["sku_id"], item["quantity"]) for item in sheet["items"]] == [
        (split.shop.sku_id, 4),
        (split.nashi, 1),
    ]
    orders = [order for member in sheet["members"] for order in member["orders"]]
    parcel = next(order for order in orders if order["order_id"] == split.second["id"])
    assert [(item["sku_id"], item["quantity"], item["picked"]) for item in parcel["items"]] == [
        (split.shop.sku_id, 2, 2),
        (split.nashi, 1, 0),
    ]
    split.collect()

    # And of what the supplier is owed, every unit is in an order
    (supplied,) = made(split.shop.brand.get(f"{split.campaign}/supply"), 200)["lines"]
    assert (supplied["owed"], supplied["unassigned"], supplied["surplus"]) == (5, 0, 0)


def test_whoever_hands_over_by_a_spoken_code_reads_the_name_of_what_is_given_instead(
    split: Split, sweep: Sweep
) -> None:
    made(split.shop.brand.post(f"{split.campaign}/advance", {"to": "at_pickup"}), 200)
    sweep()
    said = {"code": split.second["pickup_code"], "pickup_point_id": split.second["pickup_point_id"]}
    (parcel,) = made(split.shop.brand.post("/v1/pickups/look-up", said), 200)["parcels"]
    (line,) = parcel["lines"]
    assert (line["quantity"], line["substitute_for"]) == (3, None)
    assert line["substitutes"] == [{"sku_id": split.nashi, "quantity": 1, "title": "Nashi · One"}]
