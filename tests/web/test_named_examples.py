"""Where somebody says what is really there, the examples of the document name it; elsewhere they stay made up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from chalicelib.web import examples
from infra.local import application
from infra.local.gateway import Gateway
from tests.calls import Api
from tests.isolation.document import described

MADE_UP = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"
CAMPAIGN, POINT, OFFER = (f"01KBB00000000000000000000{n}" for n in "ABC")
HERE = {
    "slug": "corner-market",
    "campaign_id": CAMPAIGN,
    "pickup_point_id": POINT,
    "offer_id": OFFER,
    "currency": "USD",
}


@cache
def filled() -> dict[str, Any]:
    """The document of the product with what is here in its examples."""
    return examples.filled_in(described(), HERE)


def without_examples(part: Any) -> Any:
    if isinstance(part, list):
        return [without_examples(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {name: without_examples(each) for name, each in part.items() if name not in ("example", "examples")}


def told(described, method, path):
    return {each["name"]: each.get("example") for each in described["paths"][path][method]["parameters"]}


def sent(described, path, example):
    content = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    return content["examples"][example]["value"]


def test_paths_name_what_is_there_by_the_word_before_the_id():
    found = told(filled(), "get", "/v1/stores/{slug}/campaigns/{id}")
    assert (found["slug"], found["id"]) == ("corner-market", CAMPAIGN)
    assert told(filled(), "patch", "/v1/pickup-points/{id}")["id"] == POINT
    assert told(filled(), "get", "/v1/orders/{id}")["id"] is None  # of which nothing was named


def test_what_narrows_a_list_is_left_to_who_asks():
    assert set(told(filled(), "get", "/v1/orders").values()) == {None}


def test_bodies_name_it_too_and_keep_what_nobody_named():
    order = sent(filled(), "/v1/stores/{slug}/orders", "joining-a-team")
    assert (order["campaign_id"], order["pickup_point_id"], order["team_id"]) == (CAMPAIGN, POINT, MADE_UP)
    assert order["lines"] == [{"offer_id": OFFER, "quantity": 2}]
    campaign = sent(filled(), "/v1/campaigns", "group-order")
    assert campaign["pickup_point_ids"] == [POINT]
    assert {offer["price"]["currency"] for offer in campaign["offers"]} == {"USD"}
    assert filled()["components"]["schemas"]["QuoteForm"]["properties"]["campaign_id"]["examples"] == [CAMPAIGN]


def test_the_document_is_another_in_its_examples_alone_and_the_neutral_one_as_it_was():
    """So it stays a valid one: of an example OpenAPI asks nothing."""
    before = json.dumps(described())
    assert without_examples(examples.filled_in(described(), HERE)) == without_examples(described())
    assert filled() != described()
    assert json.dumps(described()) == before
    assert examples.filled_in(described(), {}) == described()
    assert CAMPAIGN not in before


@pytest.fixture
def served() -> Iterator[Api]:
    yield Api(Gateway(application.load()))
    examples.name({})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_pages_name_it_from_then_on_in_both_languages(served, language):
    headers = {"Accept-Language": language}
    assert CAMPAIGN not in served.get("/docs", headers=headers).text + served.get("/v1/openapi.json").text
    examples.name(HERE)
    page = served.get("/docs", headers=headers).text
    assert f"<code>{CAMPAIGN}</code>" in page
    assert "<code>corner-market</code>" in page
    assert told(served.get("/v1/openapi.json", headers=headers).json, "get", "/v1/campaigns/{id}")["id"] == CAMPAIGN
