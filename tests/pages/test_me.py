"""The member's own pages: profile, consents, how they sign in, how they are told, the language."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.db import metered
from tests.builders import Shop, made
from tests.members.codes import sent


def me(shop: Shop) -> Any:
    """The shopper, as the API shows them."""
    return made(shop.caller.call("GET", f"{shop.path}/me", token=shop.shopper.token), 200)


def preferences(shop: Shop) -> Any:
    """How the shopper wants to be told, as the API shows it."""
    return made(shop.caller.call("GET", f"{shop.path}/me/preferences", token=shop.shopper.token), 200)


PAGES = ("/me", "/me/profile", "/me/identities", "/me/preferences")


@pytest.mark.parametrize("path", PAGES)
def test_without_a_session_one_signs_in_first_and_is_back(visitor, path):
    assert (
        visitor.get(path, follow=False)
        .headers["location"]
        .endswith(f"sign-in?next=%2Fs%2F{visitor.slug}" + path.replace("/", "%2F"))
    )


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_in_both_languages(new_visitor, shop, path):
    english = new_visitor(shop).signed_in(shop.shopper).get(path)
    chinese = new_visitor(shop, language="zh").signed_in(shop.shopper).get(path)
    assert (english.status, chinese.status) == (200, 200)
    assert english.heading != chinese.heading


def test_the_overview_leads_to_all_that_is_ones_own(shopper, shop):
    page = shopper.get("/me")
    for path in ("/orders", "/inbox", "/after-sales", "/complaints", *PAGES[1:]):
        assert page.soup.select_one(f'a.way[href="/s/{shop.slug}{path}"]'), path
    assert shop.shopper.email in page.words()


def test_an_overview_costs_one_request_more_than_its_calls_at_most(shopper):
    shopper.get("/me")
    with metered() as meter:
        shopper.get("/me")
    # The member for the session and for the page; what the inbox reads: mark, unread, page; whether they lead.
    assert meter.reads <= 6
    assert meter.writes == 0


def test_a_profile_is_kept_and_what_is_emptied_is_cleared(shopper, shop):
    page = shopper.get("/me/profile")
    typed = {"profile__name": "Wang", "profile__age_band": "65_plus", "profile__interests": "茶、fruit,  tea ,茶"}
    page = shopper.send(page, "Save my profile", **typed)
    assert page.words(".flash") == "Your profile is saved."
    kept = me(shop)["profile"]
    assert (kept["name"], kept["age_band"], kept["interests"]) == ("Wang", "65_plus", ["茶", "fruit", "tea"])
    assert page.soup.select_one("#f-profile-interests")["value"] == "茶, fruit, tea"

    shopper.send(page, "Save my profile", profile__name="", profile__age_band="", profile__interests="")
    assert me(shop)["profile"] == {
        "name": None, "birthday": None, "age_band": None, "gender": None, "household": None, "occupation": None,
        "income_band": None, "interests": [], "favourite_point_id": None,
    }  # fmt: skip


def test_what_is_wrong_of_a_profile_stands_beside_its_field_with_the_rest_kept(shopper, shop):
    page = shopper.get("/me/profile")
    page = shopper.send(page, "Save my profile", profile__name="Wang", profile__occupation="x" * 61)
    assert page.status == 422
    assert page.soup.select_one("#f-profile-occupation-fault")
    assert page.soup.select_one("#f-profile-name")["value"] == "Wang"
    assert me(shop)["profile"]["name"] is None


def test_a_profile_that_was_changed_elsewhere_is_not_overwritten(shopper, shop):
    page = shopper.get("/me/profile")
    edit = {"profile": {"name": "Elsewhere"}}
    made(shop.caller.call("PATCH", f"{shop.path}/me", json=edit, token=shop.shopper.token), 200)
    page = shopper.send(page, "Save my profile", profile__name="Here")
    assert page.status == 412
    assert me(shop)["profile"]["name"] == "Elsewhere"
    assert page.soup.select_one("#f-profile-name")["value"] == "Here"
    assert shopper.send(page, "Save my profile").words(".flash") == "Your profile is saved."


def test_nothing_is_agreed_to_beforehand_and_withdrawing_is_one_tap_as_agreeing_is(shopper, shop):
    page = shopper.get("/me/profile")
    assert not page.soup.select("input[type=checkbox][checked]")
    assert len(page.soup.select("#consents ~ section")) == 4

    page = shopper.send(page, "I agree : News and offers")
    assert me(shop)["consent"]["marketing"]["granted"] is True
    assert "You agreed on" in page.words("#consents ~ section")

    page = shopper.send(page, "Withdraw : News and offers")
    assert me(shop)["consent"]["marketing"]["granted"] is False
    assert "You said no on" in page.words("#consents ~ section")


def test_an_address_is_changed_with_a_code_at_both_and_the_session_goes_on(shopper, shop):
    page = shopper.send(shopper.get("/me/identities"), "Send the codes", address="new@home.example")
    assert page.heading == "Type both codes"
    codes = {each["data"]["to"]: each["data"]["params"]["code"] for each in sent()}

    wrong = shopper.send(page, "Change it", new_code="000000", own_code="000000")
    assert wrong.status == 422
    assert wrong.heading == "Type both codes"

    page = shopper.send(wrong, "Change it", new_code=codes["new@home.example"], own_code=codes[shop.shopper.email])
    assert page.words(".flash") == "It is changed. Sign in with it from now on."
    assert "new@home.example" in page.words("dl")
    assert shopper.get("/me").status == 200


@pytest.mark.parametrize(("address", "status"), [("", 422), ("12", 422), ("me@home", 422)])
def test_what_is_no_address_is_refused_beside_the_field(shopper, address, status):
    page = shopper.send(shopper.get("/me/identities"), "Send the codes", address=address)
    assert page.status == status
    assert page.words(".fault")


def test_the_address_that_one_has_already_is_refused(shopper, shop):
    page = shopper.send(shopper.get("/me/identities"), "Send the codes", address=shop.shopper.email)
    assert page.status == 409
    assert page.words(".refusal")


def test_preferences_are_set_in_plain_words(shopper, shop):
    page = shopper.get("/me/preferences")
    assert not page.soup.select_one("#f-categories-news-on").has_attr("checked")
    page = shopper.send(
        page, "Save", channels="email,sms", categories__service__on="true", categories__news__on="true",
        categories__news__digest__every="weekly", categories__news__digest__weekday="sun",
        quiet_hours__from="21:30", quiet_hours__to="07:30",
    )  # fmt: skip
    assert page.words(".flash") == "It is saved."
    kept = preferences(shop)
    assert kept["channels"] == ["email", "sms"]
    assert kept["quiet_hours"] == {"from": "21:30", "to": "07:30"}
    assert kept["categories"]["news"] == {
        "on": True, "digest": {"every": "weekly", "at": "18:00", "weekday": "sun"}, "always": False,
    }  # fmt: skip
    assert kept["categories"]["service"]["digest"]["every"] == "none"
    assert me(shop)["consent"]["marketing"]["granted"] is True


def test_what_the_page_of_preferences_does_not_show_stays(shopper, shop):
    wanted = {"timezone": "Europe/London", "locale": "en-GB", "channels": ["official_account"],
              "categories": {"service": {"on": False}, "news": {"on": False}}}  # fmt: skip
    made(shop.caller.call("PUT", f"{shop.path}/me/preferences", json=wanted, token=shop.shopper.token), 200)
    shopper.send(shopper.get("/me/preferences"), "Save")
    kept = preferences(shop)
    assert (kept["timezone"], kept["locale"], kept["channels"]) == ("Europe/London", "en-GB", ["official_account"])
    assert kept["categories"]["service"]["on"] is False


def test_half_of_the_quiet_hours_is_refused_beside_its_field(shopper):
    page = shopper.send(shopper.get("/me/preferences"), "Save", quiet_hours__from="21:30", quiet_hours__to="")
    assert page.status == 422
    assert page.soup.select_one("#f-quiet_hours-to-fault")


@pytest.mark.parametrize(
    "typed",
    [
        {"categories.news.digest": "daily"},
        {"categories.news.digest.0": "daily"},
        {"categories.news.digest.every.0": "daily"},
        {"categories.news.on.x": "true"},
    ],
)
def test_what_is_no_form_of_preferences_is_refused(shopper, typed):
    page = shopper.get("/me/preferences")
    token = page.form("Save").select_one("[name=_csrf]")["value"]
    assert shopper.post("/me/preferences", {"_csrf": token, **typed}).status == 422


def test_the_language_is_kept_for_the_browser_and_for_messages(shopper, shop):
    page = shopper.send(shopper.get("/me"), "中文")
    assert page.heading == "欢迎您"
    assert me(shop)["locale"] == "zh"
    assert shopper.cookies["language"] == "zh"
    assert shopper.get("").soup.html["lang"] == "zh-CN"


def test_a_language_of_a_region_is_not_replaced_by_the_plain_one(shopper, shop):
    edit = {"locale": "en-GB"}
    made(shop.caller.call("PATCH", f"{shop.path}/me", json=edit, token=shop.shopper.token), 200)
    shopper.send(shopper.get("/me"), "English")
    assert me(shop)["locale"] == "en-GB"


def test_whoever_cannot_read_a_page_finds_their_language_below_it_and_stays_there(visitor):
    visitor.language = "zh"
    page = visitor.get("/products?q=tea")
    assert page.heading == "商品"
    page = visitor.send(page, "English")
    assert (page.heading, page.soup.select_one("#f-q")["value"]) == ("Products", "tea")
    assert visitor.send(visitor.get(""), "中文").heading == "团购"


def test_a_visitor_chooses_a_language_too_and_is_led_nowhere_else(visitor):
    page = visitor.get("/sign-in")
    csrf = page.soup.select_one("input[name=_csrf]")["value"]
    answer = visitor.post("/language", {"_csrf": csrf, "language": "zh", "next": "https://evil.example"}, follow=False)
    assert answer.headers["location"] == f"/s/{visitor.slug}"
    assert visitor.get("/sign-in").heading == "登录"
