"""Whether the shop may count: asked once, kept, and nothing is taken of who has not agreed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.intake.service.reading import events_between
from chalicelib.kernel import clock
from chalicelib.kernel.clock import instant, zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.model.consents import QUESTIONS
from chalicelib.pages.shell.counting import Counting
from chalicelib.pages.shell.words import reading, said
from tests.builders import made
from tests.insight.experiments.conftest import Trials

YES, NO = "Yes, count me", "No, thank you"
ASKED = "May the shop count what you look at?"


def left(browser: Any, **headers: str) -> int:
    """What a page's script sends when it is left."""
    page = browser.get("/counting")
    csrf = page.soup.select_one("input[name=_csrf]")
    event = {"event_id": f"e-{clock.now().timestamp()}", "type": "view", "at": instant(clock.now())}
    sent = {"_csrf": csrf["value"] if csrf else "", "events": json.dumps([event]), "sent_at": instant(clock.now())}
    return int(browser.post("/left", sent, follow=False, user_agent="Mozilla/5.0 (iPhone)", **headers).status)


def counted(shop: Any) -> list[Any]:
    today = local_date(clock.now(), zone(shop.timezone))
    with tenant_scope(shop.tenant_id):
        found = events_between(shop.tenant_id, today - timedelta(days=1), today + timedelta(days=1))
        return [each.actor for each in found]


def test_a_stranger_is_asked_and_until_then_nothing_is_kept(shop, visitor):
    page = visitor.get("")
    assert ASKED in page.words("body")
    assert "visits.js" not in page.text
    assert "counted" not in visitor.cookies
    assert left(visitor) == 204
    assert counted(shop) == []


def test_a_yes_is_kept_and_counted_under_a_name_of_the_browser(shop, visitor):
    page = visitor.send(visitor.get(""), YES)
    assert ASKED not in page.words("body")
    assert "visits.js" in page.text
    assert left(visitor) == 204
    assert counted(shop) == [visitor.cookies["counted"].removeprefix("yes.")]


def test_who_agreed_takes_part_once_in_what_the_shop_tries(shop, visitor, drain):
    trials = Trials(shop, drain)
    found = trials.running(in_shop=True)
    left(visitor)
    assert trials.results(found["id"])["exposed"] == 0
    visitor.send(visitor.get(""), YES)
    left(visitor)
    left(visitor)
    assert trials.results(found["id"])["exposed"] == 1


def test_a_no_is_kept_takes_the_name_away_and_can_be_changed(shop, visitor):
    visitor.send(visitor.get(""), YES)
    page = visitor.send(visitor.get("/counting"), NO)
    assert visitor.cookies["counted"] == "no"
    assert ASKED not in page.words("body")
    assert left(visitor) == 204
    assert counted(shop) == []
    assert "You have agreed" in visitor.send(visitor.get("/counting"), YES).words()


@pytest.mark.parametrize("header", ["sec_gpc", "dnt"])
def test_a_browser_that_asks_not_to_be_followed_is_neither_asked_nor_counted(shop, visitor, header):
    visitor.send(visitor.get(""), YES)
    page = visitor.get("", **{header.replace("_", "-").title(): "1"})
    assert ASKED not in page.words("body")
    assert "visits.js" not in page.text
    assert left(visitor, **{header: "1"}) == 204
    assert counted(shop) == []
    assert left(visitor) == 204
    assert len(counted(shop)) == 1


def test_of_a_member_the_answer_is_their_consent_and_withdrawing_it_ends_it_everywhere(shop, shopper):
    shopper.send(shopper.get(""), YES)
    store = f"/v1/stores/{shop.slug}/me"
    me = made(shop.caller.call("GET", store, token=shop.shopper.token), 200)
    assert me["consent"]["analytics"]["granted"] is True
    assert left(shopper) == 204
    assert len(counted(shop)) == 1
    withdrawn = {"consent": {"analytics": False}}
    made(shop.caller.call("PATCH", store, token=shop.shopper.token, json=withdrawn), 200)
    assert left(shopper) == 204
    assert len(counted(shop)) == 1


def test_what_a_stranger_agreed_to_binds_no_member_on_the_same_device(shop, visitor):
    visitor.send(visitor.get(""), YES)
    visitor.with_token(shop.shopper.token)
    assert left(visitor) == 204
    assert counted(shop) == []


def test_what_is_no_message_of_a_page_is_refused(visitor):
    visitor.send(visitor.get(""), YES)
    csrf = visitor.get("/counting").soup.select_one("input[name=_csrf]")["value"]
    for sent in ({"events": "no json"}, {"events": "5"}, {"events": "[]"}, {}, {"events": "[" * 29_000}):
        assert visitor.post("/left", {"_csrf": csrf, **sent}, follow=False).status in (400, 422)


def test_half_a_character_spoils_no_other_event_and_a_wild_clock_nothing(shop, visitor):
    visitor.send(visitor.get(""), YES)
    csrf = visitor.get("/counting").soup.select_one("input[name=_csrf]")["value"]
    event = {"type": "search", "at": instant(clock.now())}
    told = [
        {**event, "event_id": "e-1"},
        {**event, "event_id": "e-2", "properties": {"q": "\ud83d"}},
        {**event, "event_id": "e-3", "properties": {"q": "\0"}},
        {**event, "event_id": "\ud83d"},
    ]
    sent = {"_csrf": csrf, "events": json.dumps(told)}
    assert visitor.post("/left", sent, follow=False, user_agent="Mozilla/5.0 (iPhone)").status == 204
    assert len(counted(shop)) == 1
    sent |= {"sent_at": "9999-12-31T23:59:59Z"}
    assert visitor.post("/left", sent, follow=False, user_agent="Mozilla/5.0 (iPhone)").status == 204
    assert len(counted(shop)) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_question_is_in_the_words_that_members_agree_to(language, visitor):
    token = reading.set(language)
    try:
        assert said(QUESTIONS["analytics"].text["en"]) == QUESTIONS["analytics"].text[language]
    finally:
        reading.reset(token)


def test_an_unknown_cookie_is_no_answer():
    for value in ("", "yes", "yes.short", "maybe.aaaaaaaaaaaaaaaaaaaaaa", "yes.aaaaaaaaaaaaaaaaaaaaaa.b"):
        assert not Counting.of({"counted": value}, {}).agreed
    assert Counting("ask", "a" * 22).answered(agrees=True).value == "yes." + "a" * 22
    assert Counting("yes", "a" * 22).answered(agrees=None).value == "ask." + "a" * 22
    assert Counting().answered(agrees=None).value == "ask"
