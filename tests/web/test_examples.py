"""The examples of the API document are bodies that the API takes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openapi_spec_validator import validate
from pydantic import BaseModel

from chalicelib.web.parse import parse_body
from infra.local import application
from infra.local.gateway import Gateway
from tests.calls import Api
from tests.isolation.document import described


def routers() -> tuple[Any, ...]:
    from app import ROUTERS

    return tuple(ROUTERS.values())


def examples() -> list[tuple[str, type[BaseModel], Any]]:
    bodies = dict.fromkeys(route.body for router in routers() for route in router.declared if route.body is not None)
    return [(f"{body.__name__}: {name}", body, sent) for body in bodies for name, sent in body.EXAMPLES.items()]


@pytest.mark.parametrize(("body", "sent"), [pytest.param(*each[1:], id=each[0]) for each in examples()])
def test_an_example_is_a_body_that_is_taken(body: type[BaseModel], sent: Any) -> None:
    parse_body(body, json.dumps(sent).encode(), "application/json", 100_000, "en")


def test_what_a_newcomer_sends_first_has_an_example_on_the_page_and_in_a_valid_document() -> None:
    # Given the document of the whole product
    validate(described())

    # Then the routes from a campaign to the leader's statement show how they are called, each example by its name
    shown = {
        (method, path): operation["requestBody"]["content"]["application/json"].get("examples", {})
        for path, operations in described()["paths"].items()
        for method, operation in operations.items()
        if "requestBody" in operation
    }
    assert set(shown["post", "/v1/campaigns"]) == {
        "group-order", "price-ladder", "team-buy", "flash-sale", "pre-order",
    }  # fmt: skip
    for path in (
        "/v1/products", "/v1/pickup-points", "/v1/stores/{slug}/orders", "/v1/orders/{id}/pickup", "/v1/statements",
        "/v1/campaigns/{id}/receipts", "/v1/stores/{slug}/orders/{id}/after-sales", "/v1/after-sales/{id}/decision",
    ):  # fmt: skip
        assert shown["post", path], path
    page = Api(Gateway(application.load())).get("/docs", headers={"Accept-Language": "en"})
    assert "Example: price ladder" in page.text
