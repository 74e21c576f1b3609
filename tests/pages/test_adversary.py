"""What somebody tries who wants into another's session, out of the shop, or a browser to keep what they say."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.members.sessions.service import sign_out
from chalicelib.pages.shell import Cookie, handling, seals, sessions
from chalicelib.pages.storefront.basket.model import written
from chalicelib.web.tokens import verify
from tests.members.codes import sent


def is_signed_in(page):
    """Whether the browser is somebody's: who is signed in need not say who they are."""
    return page.status == 303


@pytest.fixture
def sign_in(shop, new_visitor):
    """The page that leads whoever is signed in on at once, as a browser with these cookies gets it."""
    return lambda cookies: new_visitor(shop).get("/sign-in", follow=False, cookie=cookies)


def test_another_cookie_that_nobody_can_read_signs_nobody_out(shopper, sign_in):
    """A script of the brand's own site keeps what it likes for the whole domain."""
    session = shopper.cookies["session"]
    for foreign in ('seen={"pages":[1,2]}', "a b c", "=", "x=,", 'q="torn', "é=ü"):
        assert is_signed_in(sign_in(f"{foreign}; session={session}; {foreign}")), foreign


def test_of_two_sessions_neither_counts(shopper, sign_in):
    """A host beside ours can give the browser a second one, with a longer path: nothing says which of them is ours."""
    session = shopper.cookies["session"]
    assert is_signed_in(sign_in(f"session={session}; session={session}"))
    assert not is_signed_in(sign_in(f"session={session}; session=tossed"))
    assert not is_signed_in(sign_in(f"session=tossed; session={session}"))


def test_a_session_of_another_shop_and_a_token_of_the_api_are_nobody(shopper, shop, new_shop, new_visitor, sign_in):
    elsewhere = new_shop()
    of_elsewhere = new_visitor(elsewhere).signed_in(elsewhere.shopper).cookies["session"]
    assert is_signed_in(sign_in(f"session={shopper.cookies['session']}"))
    assert not is_signed_in(sign_in(f"session={of_elsewhere}"))
    assert not is_signed_in(sign_in(f"session={shop.shopper.token}"))


@pytest.mark.parametrize("planted", ["", "x", "short-enough-to-guess"])
def test_a_browser_with_a_name_that_anybody_can_guess_gets_one_of_ours(sign_in, planted):
    """With that name, anybody could make the token of its forms."""
    page = sign_in(f"visitor={planted}")
    assert page.form("Send me a code").select_one("[name=_csrf]")["value"] != seals.form_token(f"visitor {planted}")
    assert [each for each in page.set_cookies if each.startswith("visitor=")]


@pytest.fixture
def gone(shop, shopper):
    """A browser whose member has signed out everywhere, elsewhere."""
    with tenant_scope(shop.tenant_id):
        sign_out(verify(shop.shopper.token), clock.now())
    return shopper


def test_who_has_signed_out_everywhere_is_asked_for_a_code_and_signs_in(gone):
    page = gone.get("/sign-in")
    assert "session" not in gone.cookies
    page = gone.send(page, "Send me a code", address="ada@example.com")
    assert gone.send(page, "Sign in", code=sent()[-1]["data"]["params"]["code"]).heading == "Group buys"


def test_what_was_written_is_kept_for_who_has_signed_out_everywhere_meanwhile(shopper, gone):
    token = seals.form_token(seals.session_of(sessions.principal_of(gone.cookies, gone.slug), ""))
    page = gone.post("/sign-out-everywhere", {"_csrf": token, "next": "/written"})
    assert page.heading == "Sign in to go on"

    page = gone.send(page, "Sign in")
    page = gone.send(page, "Send me a code", address="ada@example.com")
    page = gone.send(page, "Sign in", code=sent()[-1]["data"]["params"]["code"])

    assert page.heading == "You are signed in."
    assert page.form("Send what I wrote").select_one("[name=next]")["value"] == "/written"
    assert gone.send(page, "Send what I wrote").words(".flash") == "You are signed out everywhere."


def test_a_session_that_was_ended_elsewhere_writes_nothing_of_its_member(shop, gone):
    """The language of a browser is for anybody to choose; that of a member's messages is the member's."""
    before = shop.brand.get(f"/v1/members/{shop.shopper.id}").json["locale"]
    token = seals.form_token(seals.session_of(sessions.principal_of(gone.cookies, gone.slug), ""))
    other = "en" if before and before.startswith("zh") else "zh"

    answer = gone.post("/language", {"_csrf": token, "language": other}, follow=False)

    assert (answer.status, gone.cookies["language"]) == (303, other)
    assert shop.brand.get(f"/v1/members/{shop.shopper.id}").json["locale"] == before


def test_a_session_that_was_ended_elsewhere_is_shown_no_price_of_its_member(shop, gone):
    gone.cookies["basket"] = written({shop.offer_id: 2})
    page = gone.get(f"/campaigns/{shop.open_campaign['id']}/basket")
    assert page.heading == "Sign in"
    assert "session" not in gone.cookies


def test_signing_in_makes_the_forms_of_before_worthless(visitor):
    """Who planted the browser's cookie before it signed in knows the tokens of then."""
    page = visitor.get("/sign-in")
    before = page.form("Send me a code").select_one("[name=_csrf]")["value"]
    page = visitor.send(page, "Send me a code", address="ada@example.com")
    visitor.send(page, "Sign in", code=sent()[-1]["data"]["params"]["code"])
    assert visitor.post("/sign-out", {"_csrf": before}).status == 403


def test_a_wrong_code_is_said_beside_the_field_and_can_be_typed_anew(visitor):
    page = visitor.get("/sign-in")
    page = visitor.send(page, "Send me a code", address="ada@example.com")

    page = visitor.send(page, "Sign in", code="000000")

    assert (page.status, page.heading) == (422, "Type the code")
    assert page.soup.select_one("#f-code-fault")
    assert visitor.send(page, "Sign in", code=sent()[-1]["data"]["params"]["code"]).heading == "Group buys"


@pytest.mark.parametrize(
    "target",
    [
        "/s/{slug}/../other/orders",
        "/s/{slug}/%2e%2E/other/orders",
        "/s/{slug}/orders/.%2e/../../other",
        "/s/{slug}/..",
        "/s/{slug}/./../other",
        "/s/{slug}#/../../other",
        "/s/{slug}/\tx",
        "/s/{slug}/a\r\nSet-Cookie: session=planted",
        "/S/{slug}/orders",
    ],
)
def test_no_way_on_leads_out_of_the_shop(shopper, target):
    answer = shopper.get("/sign-in?next=" + quote(target.format(slug=shopper.slug)), follow=False)
    assert (answer.status, answer.headers["location"]) == (303, shopper.at(""))


def test_a_link_that_others_have_made_long_leads_to_signing_in_all_the_same(shop, visitor, shopper):
    """As what counts clicks does; the page is found again, without what was hung on it."""
    long = "/orders?seen=" + "a" * 1_000
    assert visitor.get(long).form("Send me a code").select_one("[name=next]")["value"] == visitor.at("/orders")

    page = shopper.get("/me/profile")
    del shopper.cookies["session"]
    page = shopper.post("/me/profile?seen=" + "a" * 1_000, {"_csrf": page.soup.select_one("[name=_csrf]")["value"]})
    assert shopper.send(page, "Sign in").form("Send me a code")


def test_a_way_on_is_written_as_an_address(shopper):
    """Not as text, of which a header holds none but English."""
    target = shopper.at("/products/苹果 1?q=梨")
    answer = shopper.get("/sign-in?next=" + quote(target), follow=False)
    assert answer.headers["location"] == quote(target, safe="/?=")


def test_where_somebody_was_going_is_told_as_they_asked_for_it():
    """A slash inside of a name stays inside of it."""
    assert handling._filled_in("/s/{slug}/orders/{id}", {"slug": "s", "id": "a/b?c"}) == "/s/s/orders/a%2Fb%3Fc"


@pytest.mark.parametrize("value", ["a;b", "a b", "a\r\nX: y", 'a"b', "a,b", "a\\b", "é", "x" * 4_000])
def test_a_cookie_holds_nothing_that_ends_it(value):
    with pytest.raises(ValueError, match="cookie"):
        Cookie("basket", value, 60)


@pytest.mark.parametrize("name", ["%00", "%ff", "%", "%0d%0aX-Evil:%201", "..%2F..", "x" * 5_000])
def test_an_address_that_is_none_is_no_shop(visitor, name):
    page = visitor.get(f"/s/{name}")
    assert page.status == 404
    assert page.set_cookies == ()
    assert "x-evil" not in page.headers


def test_a_shop_is_known_by_its_name_as_it_is_written(visitor):
    assert visitor.get("/s/" + visitor.slug.upper()).status == 404


def test_a_browser_that_its_reader_opened_anew_may_send_a_form_again(visitor):
    """Nobody else can have it say `none`: it is for what no page asked for."""
    page = visitor.get("/sign-in")
    token = page.form("Send me a code").select_one("[name=_csrf]")["value"]
    answer = visitor.post("/sign-in", {"_csrf": token, "address": "ada@example.com"}, sec_fetch_site="none")
    assert answer.heading == "Type the code"


@pytest.mark.parametrize("body", [b"_csrf=%ff", b"a=%00", b"&".join(b"f%d=" % n for n in range(700)), b"\xff\xfe"])
def test_a_form_that_nobody_can_read_is_refused_by_a_page(visitor, body):
    visitor.get("/sign-in")
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    page = visitor._call("POST", visitor.at("/sign-in"), body, headers)
    assert (page.status, page.heading) == (400, "The request cannot be read")


def test_a_form_that_is_sent_as_something_else_is_refused(visitor):
    """JSON, or a text that only looks like it, can be sent from other sites without asking first."""
    visitor.get("/sign-in")
    for kind in ("text/plain", "application/json", "multipart/form-data; boundary=x", ""):
        assert visitor.post("/sign-in", {"address": "a@b.example"}, content_type=kind).status == 415


@pytest.mark.parametrize(
    "kept", ["[" * 79_000, "9" * 79_000, '{"to":' * 9_000, '{"to":"/","fields":[]}', '{"fields":{}}']
)
def test_what_was_not_kept_by_us_is_no_form(visitor, kept):
    page = visitor.get("/sign-in")
    token = page.form("Send me a code").select_one("[name=_csrf]")["value"]
    page = visitor.post("/sign-in", {"_csrf": token, "address": "ada@example.com", "kept": kept})
    page = visitor.send(page, "Sign in", code=sent()[-1]["data"]["params"]["code"])
    assert page.heading == "Group buys"


def test_a_form_that_was_kept_over_signing_in_leads_to_this_shop_alone(visitor):
    page = visitor.get("/sign-in")
    token = page.form("Send me a code").select_one("[name=_csrf]")["value"]
    for to in ("/s/other/orders", "https://evil.example/", f"/s/{visitor.slug}/../other", "javascript:alert(1)"):
        kept = f'{{"to":"{to}","fields":{{"a":"1"}}}}'
        page = visitor.post("/sign-in", {"_csrf": token, "address": "ada@example.com", "kept": kept})
        page = visitor.send(page, "Sign in", code=sent()[-1]["data"]["params"]["code"])
        assert page.heading == "Group buys"
        visitor.cookies.pop("session")
