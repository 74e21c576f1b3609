"""Answers: their headers, their lists, their tables."""

import csv
import io

import pytest

from tests.web.conftest import KEY
from tests.web.scratch import THING

KETTLES = "/v1/kettles"


def test_a_created_resource_tells_its_place_and_revision(web):
    reply = web.post(KETTLES, {"title": "tea"}, token=KEY)

    assert (reply.status, reply.headers["etag"], reply.headers["location"]) == (201, '"1"', f"/v1/kettles/{THING}")
    assert reply.headers["content-type"] == "application/json"


def test_a_resource_carries_its_etag_and_what_is_gone_nothing(web):
    assert web.get(f"{KETTLES}/{THING}", token=KEY).headers["etag"] == '"7"'
    gone = web.delete(f"{KETTLES}/{THING}", token=KEY)
    assert (gone.status, gone.text) == (204, "")


def test_chinese_is_written_as_itself(web):
    assert "茶壶" in web.post(KETTLES, {"title": "茶壶"}, token=KEY).text


def test_a_list_continues_where_its_cursor_points(web):
    first = web.get(f"{KETTLES}?limit=3&colour=red", token=KEY).json
    second = web.get(f"{KETTLES}?colour=red&limit=50&cursor={first['next_cursor']}", token=KEY)  # limit may change

    assert [item["title"] for item in first["items"]] == ["0", "1", "2"]
    assert second.json["items"][0]["title"] == "3"


def test_a_cursor_is_bound_to_its_query(web):
    cursor = web.get(f"{KETTLES}?colour=red", token=KEY).json["next_cursor"]

    for query in ("", "colour=blue&", "colour=red&at_least=1&"):
        refused = web.get(f"{KETTLES}?{query}cursor={cursor}", token=KEY)
        assert (refused.status, refused.json["code"]) == (400, "bad_cursor")


def test_a_cursor_is_bound_to_its_tenant_and_list(web):
    cursor = web.get("/v1/stores/tea/kettles").json["next_cursor"]

    assert web.get(f"/v1/stores/tea/kettles?cursor={cursor}").json["next_cursor"] is None
    assert web.get(f"/v1/stores/rice/kettles?cursor={cursor}").status == 400
    assert web.get(f"{KETTLES}?cursor={cursor}", token=KEY).status == 400


def test_a_table_is_read_back_as_it_was_and_runs_no_formula(web):
    reply = web.get("/v1/table")

    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="kettles.csv"'
    assert list(csv.reader(io.StringIO(reply.text))) == [
        ["name", "count"], ["'=1+1", "-5"], ["茶壶, 大", "3"], ['say "hi"', "0"], ["'@x", "1"],
    ]  # fmt: skip


def test_a_page_is_html(web):
    assert web.get("/v1/page").headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["/v1/page", "/v1/table", KETTLES, "/v1/kettles/x", "/v1/fails/defect", "/nowhere", "/v1/handover"]
)
def test_every_answer_tells_browsers_to_load_and_to_guess_nothing(path, web):
    for reply in (web.get(path, token=KEY), web.call("OPTIONS", path), web.call("TRACE", path)):
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]


def test_https_is_insisted_on_where_it_is_used(web):
    assert "strict-transport-security" not in web.get("/v1/page").headers
    assert web.get("/v1/page", headers={"X-Forwarded-Proto": "https"}).headers["strict-transport-security"] == (
        "max-age=31536000"
    )


def test_what_concerns_one_person_is_stored_nowhere(web, tokens):
    for reply in (
        web.get(KETTLES, token=KEY),
        web.get(KETTLES),
        web.post("/v1/sign-in"),
        web.get("/v1/invitations/secret"),
        web.get("/v1/fails/absent"),
        web.get("/nowhere"),
    ):
        assert reply.headers["cache-control"] == "no-store"
    assert "cache-control" not in web.get("/v1/page").headers


def test_where_the_api_is_reached_follows_the_request_unless_configured(web, monkeypatch):
    from chalicelib import settings

    headers = {"Host": "shop.example", "X-Forwarded-Proto": "https"}
    assert web.get("/v1/handover", token=KEY, headers=headers).json["base_url"] == "https://shop.example"

    monkeypatch.setenv("PUBLIC_URL", "https://api.example/")
    settings.forget()
    assert web.get("/v1/handover", token=KEY, headers=headers).json["base_url"] == "https://api.example"
