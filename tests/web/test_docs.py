"""The page for people: every route, every error, and fields in words."""

import base64
import hashlib
import re

import pytest

from chalicelib.routing import RoutedApp
from chalicelib.web.docs import documentation
from chalicelib.web.openapi import document
from chalicelib.web.wording import Wording
from infra.index import index
from infra.local.gateway import Gateway
from tests.conftest import Api
from tests.web.scratch import routes

DOCUMENT = document([routes], "1.0")
WORDING = Wording(DOCUMENT["components"]["schemas"])


@pytest.fixture(scope="module")
def served():
    of_docs = documentation([routes], "1.0")
    app = RoutedApp("docs", index({"docs": of_docs}), lambda to, _: to.register_blueprint(of_docs))
    return Api(Gateway(app))


@pytest.fixture(scope="module")
def page(served):
    reply = served.get("/docs")
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return reply.text


def test_the_document_names_where_it_is_served(served):
    reply = served.get("/v1/openapi.json", headers={"Host": "api.example", "X-Forwarded-Proto": "https"})

    assert reply.json["openapi"] == "3.1.0"
    assert reply.json["servers"] == [{"url": "https://api.example"}]
    assert set(reply.json["paths"]) == {*DOCUMENT["paths"], "/docs", "/docs/try", "/v1/openapi.json"}


def test_every_route_has_its_place_and_every_link_leads_somewhere(page):
    ids, links = set(re.findall(r'id="([^"]+)"', page)), set(re.findall(r'href="#([^"]+)"', page))

    assert {route.handler.__name__ for route in routes.declared} <= ids
    assert links <= ids


def test_the_type_of_a_problem_leads_to_its_line(page):
    assert 'id="error-bad_cursor"' in page
    assert 'id="error-unsupported_media_type"' in page


def test_the_page_runs_its_own_script_and_no_other(served, page):
    policy = dict(
        part.strip().split(" ", 1) for part in served.get("/docs").headers["content-security-policy"].split(";")
    )
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)

    assert policy["script-src"] == f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"


def test_a_call_can_be_tried_by_a_viewer_that_asks_nobody_else(served, page):
    assert 'href="docs/try"' in page
    reply = served.get("/docs/try")
    (script,) = re.findall(r"<script>(.*?)</script>", reply.text, re.DOTALL)
    policy = dict(part.strip().split(" ", 1) for part in reply.headers["content-security-policy"].split(";"))

    assert policy["script-src"] == f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
    assert policy["connect-src"] == "'self'"
    assert policy["default-src"] == policy["form-action"] == "'none'"
    assert "<!--" not in script  # it would hide where the script ends
    assert script.rstrip().endswith("});")
    assert "API 密钥" in served.get("/docs/try", headers={"Accept-Language": "zh"}).text


def test_what_routes_say_of_themselves_is_text_and_never_markup(page):
    assert "<script>alert" not in page
    assert page.count("<script>") == 1
    assert "Echoes what was understood." in page


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "minLength": 1, "maxLength": 120}, "text, 1 to 120 characters"),
        ({"type": "string", "maxLength": 9, "examples": ["CNY"]}, "text, up to 9 characters, such as CNY"),
        ({"type": "string", "format": "date-time"}, "instant, such as 2026-11-22T08:00:00Z"),
        ({"type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"}, "id"),
        ({"type": "integer", "minimum": 1, "maximum": 9999}, "whole number, 1 to 9,999"),
        ({"type": "integer", "minimum": 1}, "whole number, at least 1"),
        ({"enum": ["a", "b"], "type": "string"}, "one of a, b"),
        ({"const": "pickup", "type": "string"}, "one of pickup"),
        ({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, "true or false or null"),
        ({"type": ["string", "null"]}, "string or null"),
        ({"type": "array", "items": {"type": "integer"}, "maxItems": 5}, "list of whole number, up to 5"),
        ({"$ref": "#/components/schemas/MoneyField"}, "money"),
        ({}, "anything"),
    ],
)  # fmt: skip
def test_a_type_in_words(schema, words):
    assert WORDING.kind(schema) == words


def test_nested_fields_come_after_their_own():
    line = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}, "description": "A line."}
    schema = {"type": "object", "properties": {"lines": {"type": "array", "items": line}, "one": {"anyOf": [line]}}}

    found = WORDING.lines(schema)

    assert [each.name for each in found] == ["lines", "lines[].n", "one", "one.n"]
    assert [each.needed for each in found] == [False, True, False, True]


def test_a_default_is_shown_with_what_is_said_of_the_field():
    schema = {
        "properties": {
            "hours": {"type": "integer", "default": 24, "description": "How long."},
            "kind": {"$ref": "#/components/schemas/Kind", "default": "group_order"},
            "often": {"type": "boolean", "default": False},
            "lines": {"type": "array", "items": {}, "default": []},
            "theme": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        }
    }
    wording = Wording({"Kind": {"type": "string", "enum": ["group_order", "ladder"]}})
    assert [each.note for each in wording.lines(schema)] == [
        "How long. Default: `24`.", "Default: `group_order`.", "Default: `false`.", "", "",
    ]  # fmt: skip


def test_what_is_needed_comes_first_and_what_is_nested_last():
    team = {"type": "object", "properties": {"size": {"type": "integer"}}}
    schema = {
        "required": ["title", "lines"],
        "properties": {
            "team": {"anyOf": [team, {"type": "null"}]}, "kind": {"type": "string"}, "title": {"type": "string"},
            "lines": {"type": "array", "items": team},
        },
    }  # fmt: skip
    assert [each.name for each in WORDING.lines(schema)] == [
        "title",
        "lines",
        "lines[].size",
        "kind",
        "team",
        "team.size",
    ]


def test_the_page_shows_the_defaults_of_parameters(page):
    assert "Default: <code>20</code>." in page


def test_what_holds_itself_ends():
    wording = Wording({"Tree": {"properties": {"sub": {"$ref": "#/components/schemas/Tree"}}}})

    assert len(wording.lines({"$ref": "#/components/schemas/Tree"})) == 5
