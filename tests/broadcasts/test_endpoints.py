"""From an order to the programs of its brand, over the whole way."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.db.meter import metered
from tests.broadcasts.conftest import Waiting
from tests.broadcasts.test_document import checked, request
from tests.builders import Shop, made
from tests.conftest import Drain
from tests.webhooks.conftest import authority, new_receiver, on_this_machine, verified
from tests.webhooks.receiver import Receiver

__all__ = ["authority", "new_receiver", "on_this_machine"]


@dataclass
class Connected:
    """A brand with its endpoints' secrets, by their ids."""

    shop: Shop
    secrets: dict[str, str] = field(default_factory=dict)

    def endpoint(self, url: str, **fields: Any) -> str:
        """Adds an endpoint and answers its id."""
        found = made(self.shop.brand.post("/v1/webhook-endpoints", {"url": url, **fields}))
        self.secrets[found["id"]] = found["secret"]
        return str(found["id"])


@pytest.fixture
def brands(new_shop: Callable[..., Shop]) -> list[Connected]:
    """Two of them."""
    return [Connected(new_shop()) for _ in range(2)]


def test_each_brands_programs_hear_of_its_own_alone_once_as_the_document_says(
    brands: list[Connected], new_receiver: Callable[..., Receiver], drain: Drain
) -> None:
    # Given two brands, each with a program that wants whatever happens
    receivers = [new_receiver() for _ in brands]
    endpoints = [brand.endpoint(receiver.url) for brand, receiver in zip(brands, receivers, strict=True)]

    # When each has an order, of which the second is cancelled
    orders = [made(brand.shop.order(quantity=2)) for brand in brands]
    drain()
    path = f"{brands[1].shop.path}/orders/{orders[1]['id']}/cancel"
    made(brands[1].shop.caller.call("POST", path, token=brands[1].shop.shopper.token), 200)
    drain()

    # Then what each received verifies, fits the document, and names nothing of the other
    wanted = {"campaign.published", "campaign.opened", "member.joined", "order.placed"}
    for n, (brand, receiver) in enumerate(zip(brands, receivers, strict=True)):
        told = [verified(each, brand.secrets[endpoints[n]]) for each in receiver.received]
        assert sorted(each["type"] for each in told) == sorted(wanted | ({"order.cancelled"} if n else set()))
        for each in told:
            schema = request(each["type"])["requestBody"]["content"]["application/json"]["schema"]
            assert list(checked(schema).iter_errors(each)) == []
        assert {each["data"]["order"]["id"] for each in told if "order" in each["data"]} == {orders[n]["id"]}
        assert orders[1 - n]["id"] not in json.dumps(told)
    last = max((told["data"] for told in _of_orders(receivers[1])), key=lambda data: data["version"])
    assert (last["version"], last["order"]["status"]) == (2, "cancelled")


def _of_orders(receiver: Receiver) -> list[Any]:
    told = [json.loads(each.body) for each in receiver.received]
    return [each for each in told if each["type"].startswith("order.")]


def test_what_is_delivered_again_is_sent_once(
    brands: list[Connected], new_receiver: Callable[..., Receiver], waiting: Waiting, drain: Drain
) -> None:
    receiver, shop = new_receiver(), brands[0].shop
    brands[0].endpoint(receiver.url, event_types=["order.placed"])
    made(shop.order())
    drain()
    for _ in range(2):
        assert waiting.deliver(waiting.messages * 2, together=False) == []
        drain()

    assert [json.loads(each.body)["type"] for each in receiver.received] == ["order.placed"]


def test_a_brand_without_endpoints_costs_one_small_read(
    brands: list[Connected], waiting: Waiting, drain: Drain
) -> None:
    shop = brands[0].shop
    for _ in range(3):
        made(shop.order())
    drain()
    assert len(waiting.messages) >= 3

    with metered() as meter:
        assert waiting.deliver(waiting.messages) == []

    assert meter.by_operation == {"GetItem": 1}
    assert (meter.items_read, meter.read_units, meter.writes) == (0, 0.5, 0)


def test_a_disabled_endpoint_costs_no_more(brands: list[Connected], waiting: Waiting, drain: Drain) -> None:
    brand = brands[0]
    endpoint = brand.endpoint("https://erp.example.com/hooks")
    made(brand.shop.brand.patch(f"/v1/webhook-endpoints/{endpoint}", {"status": "disabled"}), 200)
    made(brand.shop.order())
    drain()

    with metered() as meter:
        assert waiting.deliver(waiting.messages) == []

    assert meter.by_operation == {"GetItem": 1}
    assert meter.writes == 0


def test_an_unknown_event_is_refused_with_those_there_are(brands: list[Connected]) -> None:
    wanted = {"url": "https://erp.example.com/hooks", "event_types": ["order.placed", "order.held"]}
    refused = brands[0].shop.brand.post("/v1/webhook-endpoints", wanted)

    assert (refused.status, refused.json["code"]) == (422, "unknown_event_type")
    (error,) = refused.json["errors"]
    assert error["pointer"] == "/event_types/1"
    assert "aftersale.opened" in error["message"]
