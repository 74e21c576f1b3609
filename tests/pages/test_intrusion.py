"""Every page and form, asked for by everyone who must not, and with what is another's: refused, nothing written.

A page is covered as soon as it is declared; a form that has no example in `examples.py` fails a test.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.principal import Principal
from chalicelib.members.sessions.service import sign_out
from chalicelib.pages.shell import seals, sessions
from chalicelib.pages.shell.declared import PageRoute
from chalicelib.web.tokens import verify
from infra.local.gateway import Gateway
from tests.builders import made
from tests.isolation.conftest import world
from tests.isolation.world import Brand, Contents, World
from tests.pages.examples import FORMS, LEADS_ON, NAMED, OF_ONE_MEMBER, QUERIES, id_of, named, pages, path, words
from tests.pages.site import Seen, Visitor

__all__ = ["world"]

PAGES = pages()
VISITOR = "A" * 22
ABSENT = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"

every_page = pytest.mark.parametrize("route", PAGES, ids=named)
every_form = pytest.mark.parametrize("route", [each for each in PAGES if each.method == "POST"], ids=named)
members_pages = pytest.mark.parametrize("route", [each for each in PAGES if not each.allow.public], ids=named)
pages_with_ids = pytest.mark.parametrize(
    "route", [each for each in PAGES if words(each) and each.path not in LEADS_ON], ids=named
)


@dataclass(frozen=True)
class Browsers:
    """Browsers at our shop: whose session they have."""

    gateway: Gateway
    world: World
    stranger: Principal
    signed_out: Principal
    contents: Contents
    digest: str

    def put_back(self) -> bool:
        """What is stored is as it was, whatever a test has done; whether it had done anything."""
        changed = self.world.digest() != self.digest
        if changed:
            self.contents.restore(self.world)
        return changed

    def nobodys(self) -> Visitor:
        """One that nobody is signed in with."""
        return Visitor(self.gateway, self.world.ours.shop.slug, cookies={"visitor": VISITOR})

    def of(self, who: Principal) -> Visitor:
        """One that somebody is signed in with."""
        browser = self.nobodys()
        browser.cookies["session"] = sessions.signed_in(who, clock.now()).value
        return browser

    def ours(self) -> Visitor:
        """Our member's."""
        return self.of(verify(self.world.ours.member.token))

    def theirs(self) -> Visitor:
        """The other shop's member's, who has come to ours."""
        return self.of(verify(self.world.theirs.member.token))

    def staffs(self) -> Visitor:
        """Our owner's."""
        return self.of(verify(self.world.ours.owner_token))


@pytest.fixture(scope="module")
def browsers(world: World, _gateway: Gateway) -> Browsers:
    """Two more members of our shop, one of whom has signed out everywhere."""
    world = replace(world, ours=_with_orders(world.ours), theirs=_with_orders(world.theirs))
    shop = world.ours.shop
    stranger, gone = verify(shop.member("stranger@people.example").token), verify(shop.member().token)
    with tenant_scope(shop.tenant_id):
        sign_out(gone, clock.now())
    contents = Contents.of(world)
    contents.restore(world)
    return Browsers(_gateway, world, stranger, gone, contents, world.digest())


def _with_orders(brand: Brand) -> Brand:
    """The brand with an order that can be changed yet, and the offer that was bought by the one that it has."""
    collected = made(brand.shop.brand.get(f"/v1/orders/{brand.ids['order']}"), 200)
    ids = {"open_order": made(brand.shop.order())["id"], "bought_offer": collected["lines"][0]["offer_id"]}
    return replace(brand, ids=brand.ids | ids)


@pytest.fixture
def untouched(browsers: Browsers) -> Iterator[None]:
    """When the test ends, nothing that is stored, sent or waiting may have changed."""
    yield
    assert not browsers.put_back(), "something was written"


def ask(browser: Visitor, route: PageRoute, brand: Brand, *, at: str = "", **changes: str) -> Seen:
    """Opens the page, or sends its form as a page of ours would: with the session's token and its example's fields."""
    where = at or path(route, brand)
    if route.method == "GET":
        return browser.get(where, follow=False)
    sent = {"_csrf": token_of(browser), "_key": "probe", **FORMS[route.path].fields(brand)}
    headers = {name: changes.pop(name) for name in ("origin", "sec_fetch_site") if name in changes}
    return browser.post(where, sent | changes, follow=False, **headers)


def token_of(browser: Visitor) -> str:
    """The token that forms of its session carry."""
    who = sessions.principal_of(browser.cookies, browser.slug)
    return seals.form_token(seals.session_of(who, browser.cookies["visitor"]))


def assert_led_to_sign_in(seen: Seen, route: PageRoute) -> None:
    """A page leads to the sign-in and back; a form is answered by the way there, with what was written."""
    if route.method == "POST":
        assert (seen.status, seen.heading) == (401, "Sign in to go on")
    else:
        assert seen.status == 303
        assert "/sign-in?next=" + quote(seen.path, safe="") in seen.headers["location"]


def test_every_form_has_an_example_and_every_example_a_form():
    declared = {method: {each.path for each in PAGES if each.method == method} for method in ("GET", "POST")}
    assert declared["POST"] == set(FORMS), "say in tests/pages/examples.py what the form sends"
    assert set(QUERIES) <= declared["GET"]
    assert {word for each in PAGES for word in words(each).values()} >= set(NAMED)


@every_page
def test_who_may_and_sends_what_they_should_is_answered(route, browsers):
    """What the other tests change one thing of: each of them would pass for a page that is broken anyhow."""
    seen = ask(browsers.nobodys() if route.path.endswith("/sign-in") else browsers.ours(), route, browsers.world.ours)
    browsers.put_back()
    if route.method == "GET":
        assert seen.status in (200, 303), seen.text
        assert "/sign-in" not in seen.headers.get("location", "")
    else:
        assert seen.status == FORMS[route.path].answers, seen.text


@pytest.mark.usefixtures("untouched")
@every_page
def test_to_look_at_a_page_changes_nothing(route, browsers):
    if route.method == "GET":
        ask(browsers.ours(), route, browsers.world.ours)
        ask(browsers.nobodys(), route, browsers.world.ours)


@pytest.mark.usefixtures("untouched")
@members_pages
def test_nobodys_session_leads_to_the_sign_in(route, browsers):
    assert_led_to_sign_in(ask(browsers.nobodys(), route, browsers.world.ours), route)


@pytest.mark.usefixtures("untouched")
@members_pages
def test_a_session_of_another_shop_is_nobodys(route, browsers):
    assert_led_to_sign_in(ask(browsers.theirs(), route, browsers.world.ours), route)


@pytest.mark.usefixtures("untouched")
@members_pages
def test_a_session_that_was_signed_out_everywhere_is_nobodys(route, browsers):
    seen = ask(browsers.of(browsers.signed_out), route, browsers.world.ours)
    assert_led_to_sign_in(seen, route)
    assert [each for each in seen.set_cookies if each.startswith("session=;")]


@pytest.mark.usefixtures("untouched")
@members_pages
def test_a_session_of_the_wrong_kind_is_refused(route, browsers):
    assert ask(browsers.staffs(), route, browsers.world.ours).status == 403


@pytest.mark.usefixtures("untouched")
@every_form
def test_a_form_that_is_not_of_this_session_is_refused(route, browsers):
    """Without its token, with another session's or a visitor's, or with one that is none."""
    ours = browsers.ours()
    for foreign in ("", token_of(browsers.theirs()), token_of(browsers.nobodys()), token_of(ours)[:-1], "é"):
        seen = ask(ours, route, browsers.world.ours, _csrf=foreign)
        assert seen.status == 403, foreign


@pytest.mark.usefixtures("untouched")
@every_form
def test_a_form_of_another_origin_is_refused(route, browsers):
    elsewhere: tuple[Mapping[str, str], ...] = (
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    )
    for headers in elsewhere:
        assert ask(browsers.ours(), route, browsers.world.ours, **headers).status == 403, headers


@pytest.mark.usefixtures("untouched")
@pages_with_ids
def test_another_shops_ids_look_as_if_there_were_none(route, browsers):
    for name, word in words(route).items():
        theirs = id_of(browsers.world.theirs, word, route.path)
        foreign, absent = (_at(browsers, route, name, given) for given in (theirs, ABSENT))
        assert (foreign.status, absent.status) == (404, 404)
        assert foreign.words("body") == absent.words("body")
        for malformed in ("x", "%00", "..%2F..", "%F0%9F%8D%85"):
            assert _at(browsers, route, name, malformed).status == 404, malformed


def _at(browsers: Browsers, route: PageRoute, name: str, value: str) -> Seen:
    return ask(browsers.ours(), route, browsers.world.ours, at=path(route, browsers.world.ours, **{name: value}))


@pytest.mark.usefixtures("untouched")
@pages_with_ids
def test_what_is_another_members_is_not_there(route, browsers):
    if not route.allow.public and OF_ONE_MEMBER & set(words(route).values()):
        assert ask(browsers.of(browsers.stranger), route, browsers.world.ours).status == 404


@pytest.mark.usefixtures("untouched")
@every_form
def test_another_shops_ids_in_a_form_are_refused(route, browsers):
    ours, theirs = browsers.world.ours, browsers.world.theirs
    names = {value: name for name, value in ours.ids.items()}
    for field, value in FORMS[route.path].fields(ours).items():
        if value in names:
            seen = ask(browsers.ours(), route, ours, **{field: theirs.ids[names[value]]})
            assert seen.status in (403, 404, 409, 422), field


def test_a_change_that_one_of_these_tests_should_see_is_seen(browsers):
    """What stands of the member is part of what is compared."""
    before = browsers.world.digest()
    with tenant_scope(browsers.world.ours.shop.tenant_id):
        sign_out(browsers.stranger, clock.now())
    after = browsers.world.digest()
    browsers.put_back()
    assert after != before == browsers.world.digest()
