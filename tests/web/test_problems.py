"""Every refusal is a problem document that tells what to do, in the caller's language."""

import pytest
from pynamodb.exceptions import PutError

from chalicelib.kernel.errors import Forbidden
from chalicelib.kernel.principal import Principal
from chalicelib.web.principal import Allow
from chalicelib.web.problems import message_for
from tests.web.conftest import KEY, READER
from tests.web.scratch import FAILURES, THING

KETTLES = "/v1/kettles"


def told(reply, status, code):
    """The document, after what every one of them must hold."""
    assert (reply.status, reply.headers["content-type"]) == (status, "application/problem+json")
    document = reply.json
    assert (document["status"], document["code"], document["type"]) == (status, code, f"/docs#error-{code}")
    assert document["request_id"] == reply.headers["x-request-id"]
    assert document["title"]
    assert document["detail"]
    return document


@pytest.mark.parametrize(
    ("send", "status", "code"),
    [
        (lambda web: web.post(KETTLES, token=KEY, body="{"), 400, "malformed"),
        (lambda web: web.get(KETTLES + "?cursor=abc", token=KEY), 400, "bad_cursor"),
        (lambda web: web.post(KETTLES, {"title": "a"}), 401, "unauthenticated"),
        (lambda web: web.post(KETTLES, {"title": "a"}, token=READER), 403, "forbidden"),
        (lambda web: web.get(KETTLES + "/nonsense", token=KEY), 404, "not_found"),
        (lambda web: web.get("/v1/stores/nobody/kettles"), 404, "not_found"),
        (lambda web: web.get("/v1/fails/sold_out"), 409, "sold_out"),
        (
            lambda web: web.patch(f"{KETTLES}/{THING}", {"title": "a"}, token=KEY, headers={"If-Match": '"6"'}),
            412,
            "stale",
        ),
        (lambda web: web.post(KETTLES, token=KEY, body=b"x" * 262_145), 413, "too_large"),
        (
            lambda web: web.post(KETTLES, token=KEY, body="<a/>", headers={"Content-Type": "text/xml"}),
            415,
            "unsupported_media_type",
        ),
        (lambda web: web.post(KETTLES, {"title": ""}, token=KEY), 422, "invalid"),
        (lambda web: web.get("/v1/fails/busy"), 429, "too_many_requests"),
        (lambda web: web.get("/v1/fails/defect"), 500, "internal_error"),
    ],
)
def test_each_kind_of_refusal_is_a_problem_document(send, status, code, web):
    told(send(web), status, code)


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        ("en", "Sold out", "Only 2 are left."),
        ("zh", "已售罄", "仅剩 2 件。"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "已售罄", "仅剩 2 件。"),
        ("zh;q=0.1, en-GB;q=0.9", "Sold out", "Only 2 are left."),
        ("fr, zh;q=0.5", "已售罄", "仅剩 2 件。"),
        ("fr", "Sold out", "Only 2 are left."),
        ("", "Sold out", "Only 2 are left."),
        ("zh;q=0", "Sold out", "Only 2 are left."),
        (",;q=x,zh;q=nan,\u4e2d", "Sold out", "Only 2 are left."),
    ],
)
def test_words_are_in_the_callers_language(language, title, detail, web):
    document = told(web.get("/v1/fails/sold_out", headers={"Accept-Language": language}), 409, "sold_out")

    assert (document["title"], document["detail"]) == (title, detail)


def test_field_messages_are_in_the_callers_language_too(web):
    reply = web.post(KETTLES, {"titel": "a"}, token=KEY, headers={"Accept-Language": "zh"})

    assert told(reply, 422, "invalid")["errors"] == [
        {"pointer": "/title", "message": "此字段必填"},
        {"pointer": "/titel", "message": "未知字段，请删除或检查拼写"},
    ]


def test_what_a_rule_says_of_a_field_is_in_the_callers_language_too(web):
    # Given a field that only a rule of ours refuses, an enumeration, and a refusal of a domain at one field
    kettle = web.post(KETTLES, {"title": "a", "timezone": "Mars"}, token=KEY, headers={"Accept-Language": "zh"})
    at_field = web.get("/v1/fails/at_field", headers={"Accept-Language": "zh"})

    # Then each says in Chinese what to do
    assert told(kettle, 422, "invalid")["errors"] == [
        {"pointer": "/timezone", "message": "“Mars”不是 IANA 时区，请使用如 Asia/Shanghai 的名称"}
    ]
    assert told(at_field, 422, "invalid")["errors"] == [{"pointer": "/price", "message": "请填写价格。"}]
    assert message_for("string_pattern_mismatch", "zh", {"pattern": "^a$"}) == "格式不符合要求，请参阅文档中的示例"
    assert message_for("enum", "zh", {"expected": "'a', 'b' or 'c'"}) == "必须是以下之一：'a'、'b'、'c'"


def test_the_wrong_kind_of_credential_is_told_which_one_is_taken():
    refused = Allow(frozenset({"member"}))
    with pytest.raises(Forbidden) as fault:
        refused.require(Principal("api_key", "t", "k", frozenset({"*"})))
    assert fault.value.detail == "This takes a member token, not an API key."
    assert fault.value.detail_zh == "该接口需要会员令牌，而不是API 密钥。"


def test_a_refusal_may_carry_facts_but_never_overwrites_the_documents_own(web):
    assert told(web.get("/v1/fails/sold_out"), 409, "sold_out")["left"] == 2
    told(web.get("/v1/fails/overwrites"), 409, "sold_out")


def test_a_limit_says_when_to_come_back(web):
    assert web.get("/v1/fails/busy").headers["retry-after"] == "90"


def test_a_missing_credential_says_which_scheme_is_taken(web):
    assert web.get(KETTLES).headers["www-authenticate"] == "Bearer"


def test_a_defect_tells_nothing_of_the_inside(web):
    assert "secret" not in web.get("/v1/fails/defect").text


def test_a_database_that_does_not_answer_is_unavailable_and_may_be_asked_again(web, monkeypatch):
    monkeypatch.setitem(FAILURES, "database", PutError("timed out"))

    reply = web.get("/v1/fails/database")

    told(reply, 503, "unavailable")
    assert reply.headers["retry-after"] == "1"


def test_another_service_that_does_not_answer_is_unavailable_too(web, monkeypatch):
    from botocore.exceptions import ClientError, EndpointConnectionError

    down = [
        EndpointConnectionError(endpoint_url="http://sqs"),
        ClientError({"Error": {"Code": "ServiceUnavailable"}}, "SendMessage"),
    ]
    for fault in down:
        monkeypatch.setitem(FAILURES, "service", fault)
        told(web.get("/v1/fails/service"), 503, "unavailable")


def test_answers_are_not_sniffed_and_private_ones_not_kept(web):
    assert web.get("/v1/page").headers["x-content-type-options"] == "nosniff"
    assert web.get(KETTLES, token=KEY).headers["cache-control"] == "no-store"
    assert "cache-control" not in web.get("/v1/page").headers


def test_refusals_can_be_read_by_a_browser_of_another_origin(web):
    for reply in (web.get(KETTLES), web.get("/v1/fails/defect"), web.get("/v1/page")):
        assert reply.headers["access-control-allow-origin"] == "*"
        assert "X-Request-Id" in reply.headers["access-control-expose-headers"]
