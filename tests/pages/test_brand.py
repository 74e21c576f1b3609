"""The brand's story and legal texts, and how members accept them."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.pages.storefront.brand.model import Block, laid_out
from tests.builders import Shop, made
from tests.members.codes import sent
from tests.pages.site import fields


def publish(shop: Shop, kind: str = "terms", **body: Any) -> Any:
    """Publishes a text, in English unless told otherwise."""
    return made(shop.brand.put(f"/v1/legal-texts/{kind}", {"texts": {"en": "# Orders\nOnce paid."}, **body}), 200)


def accepted(shop: Shop, token: str = "") -> list[tuple[str, int, str]]:
    """What the shopper has accepted."""
    me = made(shop.caller.call("GET", f"{shop.path}/me", token=token or shop.shopper.token), 200)
    return [(each["kind"], each["revision"], each["language"]) for each in me["accepted"]]


@pytest.mark.parametrize("path", ["/story", "/privacy", "/terms", "/imprint"])
def test_what_is_not_written_says_so_and_every_page_leads_there(visitor, path):
    page = visitor.get(path)
    assert (page.status, page.words(".empty")) == (200, "The shop has written nothing here yet.")
    assert visitor.get("").soup.select_one(f'.foot a[href="/s/{visitor.slug}{path}"]')


def test_the_story_is_text_and_never_html(visitor, shop):
    face = {"slogan": "<b>Fresh</b>", "story": "Two growers.\n\n- <script>x</script>", "values": ["fair"]}
    shop.brand.patch("/v1/tenant", {"brand": face})
    page = visitor.get("/story")
    assert "<b>Fresh</b>" in page.words(".slogan")
    assert not page.soup.select("main script")
    assert "fair" in page.words()


def test_a_text_is_shown_in_the_readers_language_else_in_the_one_there_is(new_visitor, shop):
    publish(shop, texts={"en": "English.", "zh": "中文。"})
    publish(shop, "imprint", texts={"zh": "经营者"})
    english, chinese = new_visitor(shop), new_visitor(shop, language="zh")
    assert "English." in english.get("/terms").words()
    assert "中文。" in chinese.get("/terms").words()
    assert english.get("/imprint").soup.select_one("main [lang]")["lang"] == "zh-CN"


def test_a_text_has_headings_lists_and_paragraphs():
    assert list(laid_out("# One\nTwo\nthree\n\n- a\n- b\n\n\nEnd")) == [
        Block("heading", ("One",)),
        Block("paragraph", ("Two", "three")),
        Block("list", ("a", "b")),
        Block("paragraph", ("End",)),
    ]


def test_where_nothing_is_written_nothing_is_asked(shopper):
    assert not shopper.get("").soup.select(".texts")


def test_a_member_is_asked_once_for_what_is_new_and_goes_on_where_they_were(shopper, shop):
    publish(shop)
    page = shopper.get("/products?sort=title")
    assert "These have changed, or are new: Terms" in page.words(".texts")

    page = shopper.send(page, "I have read and accept them")

    assert page.words(".flash") == "Thank you. It is noted."
    assert page.path.endswith("/products?sort=title")
    assert not page.soup.select(".texts")
    assert accepted(shop) == [("terms", 1, "en")]

    publish(shop, texts={"en": "New."})
    publish(shop, "privacy")
    assert "Privacy notice · Terms" in shopper.get("").words(".texts")


def test_what_changed_while_it_was_read_is_not_accepted_unseen(shopper, shop):
    publish(shop)
    page = shopper.get("")
    publish(shop, texts={"en": "New."})
    refused = shopper.send(page, "I have read and accept them")
    assert (refused.status, refused.heading) == (409, "The text has changed since")
    assert accepted(shop) == []


def test_who_joins_says_a_name_and_accepts_and_nothing_is_ticked_beforehand(visitor, shop):
    publish(shop, must_accept=True)
    made(shop.brand.post("/v1/invite-codes", {"code": "SPRING-7"}))
    page = visitor.send(visitor.get("/sign-in"), "Send me a code", address="ada@example.com")
    assert not page.soup.select("input[checked]")
    code = sent()[-1]["data"]["params"]["code"]
    typed = {"profile__name": "Ada", "accept": "true", "consent__marketing": "true", "invite_code": "SPRING-7"}

    page = visitor.send(page, "Sign in", code=code, **typed)

    assert page.words(".flash") == f"Welcome to The {visitor.slug}. You are a member now."
    assert not page.soup.select(".texts")
    [joined] = made(shop.brand.get("/v1/members?email=ada@example.com"), 200)["items"]
    assert (joined["profile"]["name"], joined["origin"]) == ("Ada", "invite:SPRING-7")
    assert joined["consent"]["marketing"]["granted"] is True
    assert joined["consent"].keys() == {"marketing"}
    assert [each["revision"] for each in joined["accepted"]] == [1]


def test_who_ticks_nothing_has_agreed_to_nothing_and_is_asked_afterwards(visitor, shop):
    publish(shop)
    page = visitor.send(visitor.get("/sign-in"), "Send me a code", address="ada@example.com")
    page = visitor.send(page, "Sign in", code=sent()[-1]["data"]["params"]["code"])
    assert page.soup.select(".texts")
    [joined] = made(shop.brand.get("/v1/members?email=ada@example.com"), 200)["items"]
    assert (joined["consent"], joined["accepted"]) == ({}, [])


def test_a_wrong_code_keeps_what_was_typed_and_a_wrong_invitation_is_said_beside_it(visitor):
    page = visitor.send(visitor.get("/sign-in"), "Send me a code", address="ada@example.com")
    code = sent()[-1]["data"]["params"]["code"]
    page = visitor.send(page, "Sign in", code=code, profile__name="Ada", invite_code="no blanks!")
    assert page.status == 422
    assert page.words("#f-invite_code-fault")
    assert page.soup.select_one("#f-profile-name")["value"] == "Ada"
    assert visitor.send(page, "Sign in", invite_code="").words(".flash").endswith("You are a member now.")


def test_at_signing_in_the_browser_reads_as_the_member_does(new_visitor, shop):
    shop.caller.call("PATCH", f"{shop.path}/me", json={"locale": "zh-CN"}, token=shop.shopper.token)
    browser = new_visitor(shop)
    page = browser.send(browser.get("/sign-in"), "Send me a code", address=shop.shopper.email)
    page = browser.send(page, "Sign in", code=sent()[-1]["data"]["params"]["code"])
    assert page.heading == "团购"


@pytest.mark.parametrize(("asked", "kept"), [("en", "en"), ("zh-CN,zh;q=0.9", "zh"), ("fr", None)])
def test_who_joins_is_written_to_in_the_language_that_they_named_else_in_the_brands(shop, visitor, asked, kept):
    visitor.language = asked
    page = visitor.get("/sign-in")
    asking = page.soup.select_one("main form")
    page = visitor.post("/sign-in", fields(asking) | {"address": "new@home.example"})
    code = sent()[-1]["data"]["params"]["code"]
    visitor.post("/sign-in/code", fields(page.soup.select_one("main form")) | {"code": code})
    [member] = made(shop.brand.get("/v1/members?email=new@home.example"), 200)["items"]
    assert member["locale"] == kept
