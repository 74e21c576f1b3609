"""The API document describes each event, with an example that is true to it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from pydantic import ConfigDict

from chalicelib.broadcasts.model.catalogue import ENTITIES, MEANINGS
from chalicelib.broadcasts.views.document import announced
from chalicelib.broadcasts.views.entities import SHOWN
from chalicelib.web.openapi import document
from tests.calls import Api

DOCUMENT = document([], "1.0", "en", announced())
HEADERS = ["webhook-id", "webhook-timestamp", "webhook-signature"]


def request(name: str) -> Any:
    return DOCUMENT["webhooks"][name]["post"]


def _closed(part: Any) -> Any:
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    made = {name: _closed(value) for name, value in part.items()}
    return made | {"additionalProperties": False} if "properties" in made and made.get("type") == "object" else made


COMPONENTS = _closed(DOCUMENT["components"])


def checked(schema: Any) -> Draft202012Validator:
    """Judges by a schema of the document; what it says of formats and ids counts, and no field may be unknown."""
    rooted = _closed(schema) | {"components": COMPONENTS}
    return Draft202012Validator(rooted, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_the_document_is_valid_and_names_every_event() -> None:
    validate(DOCUMENT)
    assert list(DOCUMENT["webhooks"]) == list(MEANINGS)


@pytest.mark.parametrize("name", list(MEANINGS))
def test_an_event_is_described_with_an_example_that_its_schema_takes(name: str) -> None:
    described = request(name)
    content = described["requestBody"]["content"]["application/json"]
    (example,) = content["examples"].values()

    assert [each["name"] for each in described["parameters"]] == HEADERS
    assert example["value"]["type"] == described["summary"] == name
    assert all(part["id"] for place, part in example["value"]["data"].items() if place != "version"), (
        "what to keep it by"
    )
    assert list(checked(content["schema"]).iter_errors(example["value"])) == []
    wrong = {**example["value"], "type": "order.lost"}
    assert [each.json_path for each in checked(content["schema"]).iter_errors(wrong)] == ["$.type"]


@pytest.mark.parametrize(
    ("name", "event"), [(entity.name, event.type) for entity in ENTITIES for event in entity.events]
)
def test_an_example_is_what_the_view_writes(name: str, event: str) -> None:
    shown = SHOWN[name]
    example = {**shown.example, **shown.examples.get(event, {})}

    class Strict(shown.view):  # type: ignore[name-defined, misc]
        model_config = ConfigDict(extra="forbid", serialize_by_alias=True)

    assert Strict.model_validate(example).model_dump(mode="json") == example


def test_the_document_of_the_product_has_them_in_both_languages_and_so_has_its_page(api: Api) -> None:
    english, chinese = (
        api.get("/v1/openapi.json", headers={"Accept-Language": language}).json["webhooks"] for language in ("en", "zh")
    )
    placed, placed_zh = english["order.placed"]["post"], chinese["order.placed"]["post"]

    assert list(english) == list(chinese) == list(MEANINGS)
    assert placed["description"] == MEANINGS["order.placed"]
    assert placed_zh["description"].startswith("订单已下单")
    assert re.search(r"[\u4e00-\u9fff]", placed_zh["parameters"][0]["schema"]["description"])
    order = placed["requestBody"]["content"]["application/json"]["schema"]["properties"]["data"]["properties"]["order"]
    read = api.get("/v1/openapi.json").json["paths"]["/v1/orders/{id}"]["get"]["responses"]["200"]
    assert order == read["content"]["application/json"]["schema"], "as the API shows it"
    page = api.get("/docs").text
    assert all(f'id="event_{name.replace(".", "_")}"' in page for name in MEANINGS)
    assert "webhook-signature" in page
