"""What every notice is held to, wherever it is declared."""

from __future__ import annotations

import re

import pytest

from chalicelib.notices.model.catalogue import every_notice
from chalicelib.notices.model.notices import Category, Notice, Urgency
from chalicelib.notices.templates.model.variables import variables_of

EVERY = sorted(every_notice().items())
ROLES = {"owner", "manager", "editor", "planner", "service", "analyst", "technical"}

ABOUT_ANYTHING = {"work_stuck"}
"""What may be about whatever the product does."""

DOES_EN = re.compile(
    r"\b(please|pay|bring|collect|answer|solve|decide|see|put|compare|tell|write to|order again|sign in|invite|share|"
    r"copy|take over|revoke|ignore|never|need not|nothing to|ready|handed over at|is yours|now yours|code)\b"
    r"|{handover}",
    re.IGNORECASE,
)
DOES_ZH = re.compile("请|无需|勿|支付|取货|领取|带到|交付地点|由您负责|分配给您|验证码|{handover}")
ASKED_FOR = {"order_cancelled_for_member"}
"""What a member asked the team for, and is told that it was done: they know what they do next."""


@pytest.mark.parametrize(("name", "notice"), EVERY)
def test_a_notice_says_how_it_is_told_and_what_it_is_about(name: str, notice: type[Notice]) -> None:
    declared = [kind for kind in notice.__mro__ if "telling" in vars(kind)]
    telling = notice.telling

    assert declared[0] is not Notice, "declare its category, urgency, audience and what it is about"
    assert telling.about or telling.category is Category.ACCESS or name in ABOUT_ANYTHING
    assert telling.roles <= ROLES
    assert not telling.roles or telling.audience == "team"
    assert re.fullmatch(r"[a-z][a-z_]*", name)


@pytest.mark.parametrize(("name", "notice"), EVERY)
def test_what_has_to_be_done_or_not_is_said_in_both_languages(name: str, notice: type[Notice]) -> None:
    if notice.telling.urgency is Urgency.ACT and name not in ASKED_FOR:
        assert DOES_EN.search(notice.texts["en"][1]), notice.texts["en"][1]
        assert DOES_ZH.search(notice.texts["zh"][1]), notice.texts["zh"][1]


@pytest.mark.parametrize(("name", "notice"), EVERY)
def test_a_member_reads_whose_message_it_is(name: str, notice: type[Notice]) -> None:
    """By SMS a text comes from a number that says nothing. Codes are asked for, and short."""
    if notice.telling.audience != "team" and notice.telling.category is not Category.ACCESS:
        assert "brand" in {each.name for each in variables_of(notice)}


@pytest.mark.parametrize(("name", "notice"), EVERY)
def test_the_texts_end_as_sentences_and_hold_no_markup(name: str, notice: type[Notice]) -> None:
    for subject, text in notice.texts.values():
        assert "\n" not in subject
        assert "<" not in subject + text
        assert "  " not in subject + text
        assert not subject.endswith((".", "。"))
        assert text.endswith((".", "。", "}", ")", "）")), text
