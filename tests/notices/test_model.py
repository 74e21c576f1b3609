"""Templates of messages to people."""

import dataclasses
import string

import pytest

from chalicelib.aftersales.notices.model import ReturnClosed
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.money import Money
from chalicelib.members.sign_in.model import SignInCode
from chalicelib.notices.model.catalogue import UnknownTemplate, every_notice
from chalicelib.notices.model.notices import Destination, Queued
from chalicelib.notices.templates.service import composing
from chalicelib.orders.notices.model.refunds import RefundByBrand
from chalicelib.tenancy import Brand

TENANT = derived_id("tenant")


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


KINDS = every_notice()


def render(template, locale, params):
    """Our own words, filled in, as they go to an address."""
    to = Destination("email", "li@people.example", locale)
    return composing.compose_for_address(TENANT, Queued(to, template, params))


@pytest.fixture(autouse=True)
def without_words_of_the_brands(monkeypatch):
    monkeypatch.setattr(composing, "own_words", lambda *_: None)
    monkeypatch.setattr(composing, "brand_of", lambda _: Brand("b", "Asia/Shanghai", "CNY", "zh"))


@pytest.mark.parametrize("template", sorted(KINDS))
def test_every_notice_speaks_both_languages_with_its_facts(template):
    texts, known = KINDS[template].texts, {field.name for field in dataclasses.fields(KINDS[template])}

    assert set(texts) == {"en", "zh"}
    assert fields("".join(texts["en"])) == fields("".join(texts["zh"])) == known


def test_a_notice_travels_under_the_names_that_messages_in_flight_have():
    queued = Queued.of(SignInCode("048213", 10), Destination("sms", "+8613800138000", "zh"))

    assert queued.as_json() == {
        "channel": "sms", "to": "+8613800138000", "locale": "zh",
        "template": "sign_in_code", "params": {"code": "048213", "minutes": 10},
    }  # fmt: skip
    assert Queued.from_json(queued.as_json()) == queued


def test_an_amount_is_said_in_the_readers_language():
    notice = RefundByBrand("b", "t", Money(125_000, "CNY"))

    told = {
        tag: Queued.of(notice, Destination("email", "a@example.com", tag)).params["amount"] for tag in ("zh", "en-GB")
    }

    assert told == {"zh": "¥1,250.00", "en-GB": "CN¥1,250.00"}


def test_what_is_listed_has_the_commas_of_the_readers_language():
    notice = ReturnClosed("b", ("苹果 × 2", "鸡蛋 × 1"))

    told = {tag: Queued.of(notice, Destination("sms", "+8613800138000", tag)).params["rest"] for tag in ("zh-CN", "en")}

    assert told == {"zh-CN": "苹果 × 2，鸡蛋 × 1", "en": "苹果 × 2, 鸡蛋 × 1"}


def test_what_was_queued_before_the_reasons_were_told_apart_is_still_sent():
    params = {"brand": "b", "title": "t", "amount": "CNY 1.00"}
    assert "not collected or not paid" in render("refund_ended", "en", params).text
    assert render("order_forfeited", "zh", params).subject == "订单已失效"


def test_what_was_queued_before_more_was_said_is_still_sent():
    """Facts that came later have a default, so that nothing is left with a hole in it."""
    params = {"brand": "b", "title": "t", "amount": "CN¥1.00", "note": "Frost."}
    assert render("refund_short", "en", params).text.endswith("CN¥1.00 of it comes back the way you paid. Frost.")
    params = {"brand": "b", "title": "t", "point": "East gate", "address": "1 Lilac Road", "code": "0471"}
    assert render("order_ready", "zh", params).text == "b：您在“t”的订单已到 East gate（1 Lilac Road）。取货码 0471。"
    params = {"brand": "b", "title": "t", "amount": "¥7.00", "until": "2026-11-30 12:00"}
    assert "2026-11-30 12:00" in render("balance_due", "zh", params).text


def test_the_text_follows_the_persons_language():
    params = {"code": "012345", "minutes": 10}

    assert "012345" in render("sign_in_code", "en", params).text
    assert render("sign_in_code", "zh-CN", params).text.startswith("您的登录验证码是 012345")
    assert render("sign_in_code", "fr", params) == render("sign_in_code", "en", params)


def test_braces_in_a_parameter_are_only_text():
    letter = render("complaint_resolved", "en", {"brand": "{outcome}", "outcome": "{0.__class__}"})
    assert letter.text == "{outcome}: your complaint has been answered: {0.__class__}"


@pytest.mark.parametrize(("locale", "said"), [("zh", "您的投诉"), ("en", "your complaint")])
def test_what_is_said_of_a_complaint_says_that_it_is_of_the_complaint(locale, said):
    letter = render("complaint_resolved", locale, {"brand": "Linli", "outcome": "Sorry"})
    assert said in letter.text, "a text message has no subject"
    assert letter.text.endswith("Sorry")


def test_a_title_cannot_add_a_header():
    params = {"title": "Hi\r\nBcc: all@example.com", "brand": "b", "url": "u", "expires_on": "d"}
    assert "\n" not in render("survey_invitation", "en", params).subject


def test_a_missing_template_or_parameter_is_a_defect_that_is_named():
    with pytest.raises(UnknownTemplate, match="nothing"):
        render("nothing", "en", {})
    with pytest.raises(UnknownTemplate, match="minutes"):
        render("sign_in_code", "en", {"code": "1"})
