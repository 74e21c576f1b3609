"""A brand reads, writes, previews and takes back its own words of messages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.notices.model.catalogue import every_notice
from chalicelib.notices.templates.service.preview import preview
from tests.builders import Shop, made

READY = "/v1/message-templates/order_ready"
WORDS = {"locale": "en", "subject": "{title} is here", "text": "{brand}: at {point}, {address}. Code {code}"}


def code(reply: Any, status: int) -> str:
    assert reply.status == status, reply.text
    return str(reply.json["code"])


def test_all_messages_are_listed_with_what_their_words_may_show(shop: Shop) -> None:
    made(shop.brand.put(READY, WORDS), 200)
    made(shop.brand.put(READY, {**WORDS, "locale": "zh-CN"}), 200)
    found, cursor = [], ""
    while True:
        with metered() as meter:
            page = made(shop.brand.get(f"/v1/message-templates?limit=7{cursor}"), 200)
        assert meter.by_operation["Query"] == 1, "the brand's own words of a page are one request"
        found += page["items"]
        if not page["next_cursor"]:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert [each["name"] for each in found] == sorted(every_notice())
    ready = next(each for each in found if each["name"] == "order_ready")
    assert {key: ready[key] for key in ("category", "audience", "subject", "own_languages")} == {
        "category": "order", "audience": "member", "subject": "Your order is ready", "own_languages": ["en", "zh"],
    }  # fmt: skip
    assert all(each["own_languages"] == [] for each in found if each is not ready)
    brand = next(each for each in ready["variables"] if each["name"] == "brand")
    assert brand == {
        "name": "brand", "kind": "text", "meaning": "your brand's name", "may_be_empty": False, "needed": False,
    }  # fmt: skip


def test_a_list_of_one_category_holds_no_other(shop: Shop) -> None:
    for category in ("access", "order", "money", "service", "news"):
        listed = made(shop.brand.get(f"/v1/message-templates?category={category}&limit=100"), 200)["items"]
        expected = [name for name, each in every_notice().items() if each.telling.category == category]
        assert [each["name"] for each in listed] == expected[:100]
    assert code(shop.brand.get("/v1/message-templates?category=spam"), 422) == "invalid"


def test_words_are_read_with_examples_in_the_languages_of_words_and_reader(shop: Shop) -> None:
    read = made(shop.brand.get(f"{READY}?locale=zh-TW", headers={"Accept-Language": "zh"}), 200)
    usual = made(shop.brand.get("/v1/message-templates/refund_short"), 200)

    assert (read["locale"], read["own"], read["ours"]["subject"]) == ("zh", None, "您的订单可以取货了")
    shown = {each["name"]: (each["meaning"], each["example"]) for each in read["variables"]}
    assert shown["brand"] == ("品牌名称", f"The {shop.slug}")
    assert shown["point"] == ("自提点", "街角便利店")
    assert (usual["locale"], usual["ours"]["subject"]) == ("en", "Part of your order does not come")
    assert {each["name"]: each["example"] for each in usual["variables"]}["amount"] == "CN¥50.00"
    assert [each["name"] for each in usual["variables"] if each["may_be_empty"]] == ["note", "rest"]


def test_own_words_are_set_changed_by_whoever_read_the_last_and_taken_back(shop: Shop) -> None:
    fresh = shop.brand.get(f"{READY}?locale=en")
    first = shop.brand.put(READY, WORDS, headers={"If-Match": fresh.headers["ETag"]})
    same = shop.brand.put(READY, WORDS, headers={"If-Match": first.headers["ETag"]})
    stale = shop.brand.put(READY, {**WORDS, "subject": "Other"}, headers={"If-Match": fresh.headers["ETag"]})
    changed = shop.brand.put(READY, {**WORDS, "subject": "Other"}, headers={"If-Match": first.headers["ETag"]})

    assert [each.headers["ETag"] for each in (fresh, first, same, changed)] == ['"0"', '"1"', '"1"', '"2"']
    assert code(stale, 412) == "stale"
    assert made(changed, 200)["own"]["subject"] == "Other"
    assert "{hours|}" in changed.json["ours"]["text"], "as a brand may take it over"
    chinese = {**WORDS, "locale": "zh", "subject": "到了"}
    made(shop.brand.put(READY, chinese), 200)
    assert code(shop.brand.delete(f"{READY}?locale=en", headers={"If-Match": '"1"'}), 412) == "stale"
    made(shop.brand.delete(f"{READY}?locale=en"), 204)
    assert made(shop.brand.get(f"{READY}?locale=en"), 200)["own"] is None
    assert made(shop.brand.get(f"{READY}?locale=zh"), 200)["own"]["subject"] == "到了"
    made(shop.brand.delete(READY), 204)
    made(shop.brand.delete(READY), 204)  # twice is harmless
    assert made(shop.brand.get(f"{READY}?locale=zh"), 200)["own"] is None

    log = made(shop.brand.get("/v1/audit?target=message_template:order_ready"), 200)["items"]
    assert [each["action"].partition(".")[2] for each in log] == ["removed", "removed", "changed", "changed", "changed"]
    assert log[3]["changes"]["from"]["subject"] == "{title} is here"
    assert log[0]["changes"]["from"]["zh"]["subject"] == "到了"


def test_what_cannot_be_sent_is_refused_when_it_is_saved_with_every_fault(shop: Shop) -> None:
    bad = {"locale": "en", "subject": "Hi {naem}", "text": "{brand.slug} {title"}
    refused = shop.brand.put(READY, bad)
    assert code(refused, 422) == "words_refused"
    assert [each["pointer"] for each in refused.json["errors"]] == ["/subject", "/text", "/text"]
    usable = "you can use brand, title, point, address"
    assert refused.json["detail"].startswith(f"There is no {{naem}} (character 4); {usable}")
    chinese = shop.brand.put(READY, bad, headers={"Accept-Language": "zh"}).json["errors"]
    assert chinese[0]["message"].startswith("没有变量 {naem}（第 4 个字符）；可用：brand, title")

    hello = {"locale": "en", "subject": "Hi", "text": "Hello"}
    without = shop.brand.put("/v1/message-templates/survey_invitation", hello)
    assert without.json["errors"][0]["message"] == "Without {url} the message is of no use; it stands for the link."
    may_be_empty = shop.brand.put(
        "/v1/message-templates/refund_short", {"locale": "en", "subject": "s", "text": "{note}"}
    )
    assert "{note|}" in may_be_empty.json["detail"]


@pytest.mark.parametrize(
    ("fields", "pointer", "place"),
    [
        ({"subject": "<script>x</script>"}, "/subject", "“<script>” at character 1"),
        ({"text": "{point|} <a href=x>{code}"}, "/text", "“<a href=x>” at character 10"),
        ({"text": "{point|} javascript:alert(1)"}, "/text", "“javascript:” at character 10"),
        ({"text": "{point|} <{title}>"}, "/text", "“<x>” at character 10"),
    ],
)
def test_markup_and_script_are_refused_where_they_stand(
    shop: Shop, fields: dict[str, str], pointer: str, place: str
) -> None:
    refused = shop.brand.put(READY, WORDS | fields)
    assert code(refused, 422) == "words_refused"
    assert refused.json["errors"][0]["pointer"] == pointer
    assert place in refused.json["errors"][0]["message"]
    assert made(shop.brand.get(f"{READY}?locale=en"), 200)["own"] is None


@pytest.mark.parametrize("mark", ["\u202a", "\u202e", "\u2066", "\u2069", "\u200b"])
def test_marks_that_turn_the_reading_never_reach_a_message(shop: Shop, mark: str) -> None:
    turned = {**WORDS, "subject": f"{mark}{WORDS['subject']}", "text": f"{WORDS['text']}{mark}!"}
    own = made(shop.brand.put(READY, turned), 200)["own"]
    assert (own["subject"], own["text"]) == (WORDS["subject"], f"{WORDS['text']}!")
    hidden = shop.brand.put(READY, {**WORDS, "text": f"{WORDS['text']} <{mark}script>"})
    assert code(hidden, 422) == "words_refused"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"locale": "fr"}, "/locale"),
        ({"locale": "zh_CN"}, "/locale"),
        ({"subject": ""}, "/subject"),
        ({"subject": "a\r\nBcc: everyone@example.com"}, "/subject"),
        ({"subject": "a" * 201}, "/subject"),
        ({"text": " "}, "/text"),
        ({"text": "a" * 2001}, "/text"),
        ({"text": "a\x00b"}, "/text"),
        ({"html": "<b>"}, "/html"),
    ],
)
def test_bad_fields_are_named(shop: Shop, fields: dict[str, str], pointer: str) -> None:
    refused = shop.brand.put(READY, WORDS | fields)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_a_message_that_is_not_sent_has_no_words(shop: Shop) -> None:
    for name in ("nothing", "__class__", "ORDER_READY"):
        path = f"/v1/message-templates/{name}"
        assert code(shop.brand.get(path), 404) == "not_found"
        assert code(shop.brand.put(path, WORDS), 404) == "not_found"
        assert code(shop.brand.delete(path), 404) == "not_found"
        assert code(shop.brand.post(f"{path}/preview", {}), 404) == "not_found"


def test_a_preview_shows_the_message_with_examples_and_stores_nothing(shop: Shop) -> None:
    path = f"{READY}/preview"
    with metered() as meter:
        ours = made(shop.brand.post(path, {"locale": "zh"}), 200)
    assert ours["text"] == (
        f"The {shop.slug}：您在“秋梨团购”的订单已到 街角便利店（花园路 12 号）。营业时间：9:00–21:00。"
        "取货码 4831 0272。取货时支付 ¥50.00。"
    )
    assert (ours["sms_encoding"], ours["sms_characters"], ours["sms_parts"]) == ("ucs_2", len(ours["text"]), 2)
    tried = made(shop.brand.post(path, {"text": "A & < {title} > " + "a" * 200}), 200)
    assert (tried["subject"], tried["sms_encoding"], tried["sms_parts"]) == ("Your order is ready", "gsm_7", 2)
    assert "A &amp; &lt; Autumn pears &gt;" in tried["html"]
    assert tried["text"].startswith("A & < Autumn pears >")
    assert code(shop.brand.post(path, {"subject": "{naem}"}), 422) == "words_refused"
    typed = {**WORDS, "text": "Come\r\n{point|}\r{code}"}
    assert made(shop.brand.put(READY, typed), 200)["own"]["text"] == "Come\n{point|}\n{code}"
    assert made(shop.brand.post(path, {"locale": "en"}), 200)["subject"] == "Autumn pears is here"
    assert meter.writes <= 1, "but for the key's last use"
    assert made(shop.brand.get("/v1/audit?action=message_template.previewed"), 200)["items"] == []


def test_every_message_can_be_previewed(shop: Shop) -> None:
    with tenant_scope(shop.tenant_id):
        for name, notice in every_notice().items():
            for language in ("en", "zh"):
                shown = preview(shop.tenant_id, notice, language, None, None, clock.now())
                assert "{" not in shown.subject + shown.text, name


def test_what_is_sent_says_the_brands_words(shop: Shop, drain: Any, engine: Any) -> None:
    mine = {"locale": "en", "subject": "Knock, knock: {code}", "text": "<3 {code} lets you in, {name|neighbour}."}
    unknown = shop.brand.put("/v1/message-templates/sign_in_code", mine)
    assert code(unknown, 422) == "words_refused"
    made(shop.brand.put("/v1/message-templates/sign_in_code", {**mine, "text": "<3 {code} lets you in."}), 200)
    asked = {"audience": "member", "tenant": shop.slug, "email": shop.shopper.email}
    made(shop.caller.call("POST", "/v1/auth/code", json=asked), 202)
    drain()

    sent = next(each for each in engine.mail() if each["to"] == shop.shopper.email)
    digits = sent["subject"].removeprefix("Knock, knock: ")
    assert digits.isdigit()
    assert sent["text"].startswith(f"<3 {digits} lets you in.")


def test_another_brands_words_are_its_own(shop: Shop, new_shop: Any) -> None:
    made(shop.brand.put(READY, WORDS), 200)
    other = new_shop()
    assert made(other.brand.get(f"{READY}?locale=en"), 200)["own"] is None
    assert made(shop.brand.get(f"{READY}?locale=en"), 200)["own"] is not None


def test_two_who_write_at_once_keep_one_of_both(shop: Shop) -> None:
    def write(number: int) -> int:
        return int(shop.brand.put(READY, {**WORDS, "subject": f"Number {number}"}).status)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(write, range(4))) == [200] * 4
    read = shop.brand.get(f"{READY}?locale=en")
    assert (read.headers["ETag"], read.json["own"]["subject"][:7]) == ('"4"', "Number ")
