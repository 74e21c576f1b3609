"""The API document says what the routes do, and is valid."""

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from chalicelib.web.openapi import document
from tests.web.scratch import routes

DOCUMENT = document([routes], "1.0")


def operation(path, method="get"):
    return DOCUMENT["paths"][path][method]


def test_the_document_is_valid():
    validate(DOCUMENT)


def test_every_declared_route_is_in_it():
    assert sum(len(methods) for methods in DOCUMENT["paths"].values()) == len(routes.declared)


def test_a_body_and_its_answer_are_described_by_their_models():
    make = operation("/v1/kettles", "post")

    assert make["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/NewKettle"}
    assert make["responses"]["201"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/KettleView"
    }
    assert DOCUMENT["components"]["schemas"]["NewKettle"]["additionalProperties"] is False


def test_parameters_come_from_path_query_and_headers():
    def named(path, method="get"):
        return {(p["in"], p["name"]): p["required"] for p in operation(path, method)["parameters"]}

    assert named("/v1/kettles") == {
        ("query", "colour"): False, ("query", "at_least"): False, ("query", "on"): False, ("query", "limit"): False,
        ("query", "cursor"): False, ("header", "Accept-Language"): False,
    }  # fmt: skip
    assert named("/v1/stores/{slug}/orders", "post") == {
        ("path", "slug"): True, ("header", "Idempotency-Key"): True, ("header", "Accept-Language"): False,
    }  # fmt: skip
    assert ("header", "If-Match") in named("/v1/kettles/{kettle_id}", "patch")


@pytest.mark.parametrize(
    ("path", "method", "name", "taken", "refused"),
    [
        ("/v1/kettles", "get", "cursor", ["a-Z_9"], ["", "a b", "a=", "é"]),
        ("/v1/kettles/{kettle_id}", "patch", "If-Match", ['"7"', "*"], ["", "7", 'W/"7"', '"7", "8"', '"a"']),
        ("/v1/stores/{slug}/orders", "post", "Idempotency-Key", ["a", "~" * 255], ["", "a b", "é", "x" * 256]),
    ],
)  # fmt: skip
def test_what_headers_and_cursors_look_like_is_said(path, method, name, taken, refused):
    (said,) = (part["schema"] for part in operation(path, method)["parameters"] if part["name"] == name)
    checked = Draft202012Validator(said)

    assert all(checked.is_valid(each) for each in taken)
    assert not any(checked.is_valid(each) for each in refused)


@pytest.mark.parametrize(
    ("path", "method", "codes"),
    [
        ("/v1/kettles", "post", {"400", "401", "403", "409", "413", "415", "422", "503"}),
        ("/v1/kettles", "get", {"400", "401", "403", "422", "503"}),
        ("/v1/kettles/{kettle_id}", "patch", {"400", "401", "403", "404", "409", "412", "413", "415", "422", "503"}),
        ("/v1/stores/{slug}/kettles", "get", {"400", "404", "422", "503"}),
    ],
)
def test_the_refusals_of_a_route_are_named(path, method, codes):
    assert {status for status in operation(path, method)["responses"] if status >= "400"} == codes


def test_who_may_call_is_said_to_people_and_to_programs():
    make, browse = operation("/v1/kettles", "post"), operation("/v1/stores/{slug}/kettles")

    assert make["description"].endswith("Access: API key or staff token with role owner or editor.")
    assert (make["x-principals"], make["x-roles"]) == (["api_key", "staff"], ["editor", "owner"])
    assert (browse["x-principals"], browse["security"]) == (["anonymous"], [])


def test_pages_tables_and_web_pages_are_told_apart():
    listed = operation("/v1/kettles")["responses"]["200"]["content"]["application/json"]["schema"]
    assert listed["required"] == ["items", "next_cursor"]
    assert set(operation("/v1/table")["responses"]["200"]["content"]) == {"application/json", "text/csv"}
    assert set(operation("/v1/page")["responses"]["200"]["content"]) == {"text/html"}
    assert "content" not in operation("/v1/kettles/{kettle_id}", "delete")["responses"]["204"]


def test_a_price_is_above_zero():
    price, usual = (
        DOCUMENT["components"]["schemas"][name]["properties"]["amount_minor"] for name in ("Price", "MoneyField")
    )

    assert (price["exclusiveMinimum"], "minimum" in price) == (0, False)
    assert usual["minimum"] < 0


def test_texts_of_a_kind_show_an_example():
    properties = DOCUMENT["components"]["schemas"]["NewKettle"]["properties"]

    assert properties["email"]["anyOf"][0]["examples"] == ["ada@example.com"]
    assert properties["timezone"]["anyOf"][0]["examples"] == ["Asia/Shanghai"]
