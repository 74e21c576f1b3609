"""Templates of messages to people."""

import dataclasses
import string
from collections.abc import Iterator

import pytest

from chalicelib.aftersales.notices.model import ReturnClosed
from chalicelib.kernel.money import Money
from chalicelib.notices.model import order_notices
from chalicelib.notices.model.catalogue import UnknownTemplate, every_notice
from chalicelib.notices.model.notices import Destination, Notice, Queued, SignInCode
from chalicelib.notices.model.texts import TEMPLATES, render, texts_of

KINDS = every_notice()


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("template", sorted(KINDS))
def test_every_template_speaks_both_languages_with_the_same_facts(template):
    texts = texts_of(KINDS[template])

    assert set(texts) == {"en", "zh"}
    assert fields("".join(texts["en"])) == fields("".join(texts["zh"]))


def notices(kind: type[Notice]) -> Iterator[type[Notice]]:
    for each in kind.__subclasses__():
        yield from ([each] if "template" in vars(each) else ())
        yield from notices(each)


def test_every_notice_has_the_facts_that_its_texts_show():
    assert {*notices(Notice)} >= {*KINDS.values()}
    assert TEMPLATES.keys() <= KINDS.keys(), "no text is left behind"
    for template, kind in KINDS.items():
        facts = {field.name for field in dataclasses.fields(kind)}
        assert fields("".join(texts_of(kind)["en"])) == facts, template


def test_a_notice_travels_under_the_names_that_messages_in_flight_have():
    queued = Queued.of(SignInCode("048213", 10), Destination("sms", "+8613800138000", "zh"))

    assert queued.as_json() == {
        "channel": "sms", "to": "+8613800138000", "locale": "zh",
        "template": "sign_in_code", "params": {"code": "048213", "minutes": 10},
    }  # fmt: skip
    assert Queued.from_json(queued.as_json()) == queued


def test_an_amount_is_said_in_the_readers_language():
    notice = order_notices.BalanceDue("b", "t", Money(125_000, "CNY"), "2026-11-30 12:00")

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
