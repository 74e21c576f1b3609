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
from chalicelib.web import ROLES
from chalicelib.web.tokens import verify
from infra.local.gateway import Gateway
from tests.builders import made
from tests.isolation.conftest import world
from tests.isolation.world import Brand, Contents, World
from tests.pages.examples import (
    FORMS,
    LEADS_ON,
    NAMED,
    OF_ONE_MEMBER,
    PLACES,
    QUERIES,
    id_of,
    named,
    pages,
    path,
    words,
)
from tests.pages.site import Desk, Seen, Visitor

__all__ = ["world"]

PAGES = pages()
VISITOR = "A" * 22
COUNTED = {"/s/{slug}/go/{code}", "/console/awards/{id}/winners"}
ABSENT = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
MALFORMED = ("x", "%00", "..%2F..", "%F0%9F%8D%85")

every_page = pytest.mark.parametrize("route", PAGES, ids=named)


@dataclass(frozen=True)
class Browsers:
    """Browsers at our shop and at the console: whose session they have."""

    gateway: Gateway
    world: World
    stranger: Principal
    gone: Mapping[str, Principal]
    team: Mapping[str, Principal]
    contents: Contents
    digest: str

    def put_back(self) -> bool:
        """What is stored is as it was, whatever a test has done; whether it had done anything."""
        changed = self.world.digest() != self.digest
        if changed:
            self.contents.restore(self.world)
        return changed

    def nobodys(self, route: PageRoute) -> Visitor:
        """One that nobody is signed in with."""
        kind = Desk if route.place == "console" else Visitor
        return kind(self.gateway, self.world.ours.shop.slug, cookies={"visitor": VISITOR})

    def of(self, route: PageRoute, who: Principal) -> Visitor:
        """One that somebody is signed in with."""
        browser = self.nobodys(route)
        browser.cookies["session"] = sessions.signed_in(who, clock.now()).value
        return browser

    def ours(self, route: PageRoute) -> Visitor:
        """Our member's, or at the console our owner's."""
        return self.of(route, verify(self._token(self.world.ours, route.place == "console")))

    def theirs(self, route: PageRoute) -> Visitor:
        """The same of the other shop's, who has come to ours."""
        return self.of(route, verify(self._token(self.world.theirs, route.place == "console")))

    def of_the_wrong_kind(self, route: PageRoute) -> Visitor:
        """Our owner's at the shop, our member's at the console."""
        return self.of(route, verify(self._token(self.world.ours, route.place != "console")))

    def signed_out(self, route: PageRoute) -> Visitor:
        """One of somebody who has signed out everywhere."""
        return self.of(route, self.gone[route.place])

    def _token(self, brand: Brand, team: bool) -> str:
        return brand.owner_token if team else brand.member.token


@pytest.fixture(scope="module")
def browsers(world: World, _gateway: Gateway) -> Browsers:
    """Two more members of our shop, one of whom has signed out everywhere, and so has one of the team."""
    world = replace(world, ours=_with_orders(world.ours), theirs=_with_orders(world.theirs))
    shop = world.ours.shop
    stranger, member = verify(shop.member("stranger@people.example").token), verify(shop.member().token)
    team, colleague = {role: verify(shop.team_token(role)) for role in ROLES}, verify(shop.team_token("owner"))
    with tenant_scope(shop.tenant_id):
        sign_out(member, clock.now())
        sign_out(colleague, clock.now())
    contents = Contents.of(world)
    contents.restore(world)
    gone = {"shop": member, "console": colleague}
    return Browsers(_gateway, world, stranger, gone, team, contents, world.digest())


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
    at_desk = isinstance(browser, Desk)
    who = sessions.staff_of(browser.cookies) if at_desk else sessions.principal_of(browser.cookies, browser.slug)
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
    """What the other test changes one thing of: each of its refusals would pass for a page that is broken anyhow."""
    signing_in = route.path.endswith("/sign-in")
    seen = ask(browsers.nobodys(route) if signing_in else browsers.ours(route), route, browsers.world.ours)
    browsers.put_back()
    if route.method == "GET":
        assert seen.status in (200, 303), seen.text
        assert "/sign-in" not in seen.headers.get("location", "")
    else:
        assert seen.status == FORMS[route.path].answers, seen.text


@pytest.mark.usefixtures("untouched")
@every_page
def test_who_must_not_is_refused_and_nothing_is_written(route, browsers):
    """What is refused before a page is asked, a foreign form and an address that names nothing, is tried in one way of
    several here: in another on the next page.
    """
    for tried in REFUSED:
        tried(route, browsers, PAGES.index(route))


@pytest.mark.verify
@pytest.mark.usefixtures("untouched")
def test_who_must_not_is_refused_in_each_way(browsers):
    assert len(ELSEWHERE) == len(MALFORMED)
    for route in PAGES:
        for turn in range(len(MALFORMED)):
            with_a_foreign_form(route, browsers, turn)
            for_ids_that_are_not_ours(route, browsers, turn)


def looking(route: PageRoute, browsers: Browsers, turn: int) -> None:
    """To look at a page changes nothing, but for the visit that is counted where a shared link is followed, and for a
    board that is counted when somebody looks and something has changed since.
    """
    if route.method == "GET" and route.path not in COUNTED:
        ask(browsers.ours(route), route, browsers.world.ours)
        ask(browsers.nobodys(route), route, browsers.world.ours)


def without_a_session(route: PageRoute, browsers: Browsers, turn: int) -> None:
    """Nobody is led to the sign-in, and so is who has signed out everywhere."""
    if route.allow.public:
        return
    assert_led_to_sign_in(ask(browsers.nobodys(route), route, browsers.world.ours), route)
    seen = ask(browsers.signed_out(route), route, browsers.world.ours)
    assert_led_to_sign_in(seen, route)
    assert [each for each in seen.set_cookies if each.startswith("session=;")]


def with_the_wrong_session(route: PageRoute, browsers: Browsers, turn: int) -> None:
    """Another shop's, at ours; a member's at the console, the team's at the shop."""
    if route.allow.public:
        return
    wrong = ask(browsers.of_the_wrong_kind(route), route, browsers.world.ours)
    if route.place == "console":
        assert_led_to_sign_in(wrong, route)
    else:
        assert wrong.status == 403
        assert_led_to_sign_in(ask(browsers.theirs(route), route, browsers.world.ours), route)


def in_the_wrong_role(route: PageRoute, browsers: Browsers, turn: int) -> None:
    """Of the team, who has none of the roles."""
    if route.place != "console" or route.allow.public:
        return
    for role in set(ROLES) - {"owner", *route.allow.roles}:
        assert ask(browsers.of(route, browsers.team[role]), route, browsers.world.ours).status == 403, role


def with_a_foreign_form(route: PageRoute, browsers: Browsers, turn: int) -> None:
    """Without the session's token, and with another session's, a visitor's, or one that is none; or from elsewhere."""
    if route.method == "GET":
        return
    ours, world = browsers.ours(route), browsers.world
    foreign = (token_of(browsers.theirs(route)), token_of(browsers.nobodys(route)), token_of(ours)[:-1], "é")
    for token in ("", foreign[turn % len(foreign)]):
        assert ask(ours, route, world.ours, _csrf=token).status == 403, token
    headers = ELSEWHERE[turn % len(ELSEWHERE)]
    assert ask(ours, route, world.ours, **headers).status == 403, headers


def for_ids_that_are_not_ours(route: PageRoute, browsers: Browsers, turn: int) -> None:
    """Another shop's ids look as if there were none, in addresses and in forms; so do another member's."""
    ours, theirs = browsers.world.ours, browsers.world.theirs
    if words(route) and route.path not in LEADS_ON:
        for name, word in words(route).items():
            given = "99" if word in PLACES else id_of(theirs, word, route.path)
            foreign, absent = (_at(browsers, route, name, each) for each in (given, ABSENT))
            assert (foreign.status, absent.status) == (404, 404)
            assert foreign.words("body") == absent.words("body")
            malformed = MALFORMED[turn % len(MALFORMED)]
            assert _at(browsers, route, name, malformed).status == 404, malformed
        if route.place == "shop" and not route.allow.public and OF_ONE_MEMBER & set(words(route).values()):
            assert ask(browsers.of(route, browsers.stranger), route, ours).status == 404
    names = {value: name for name, value in ours.ids.items()}
    for field, value in FORMS[route.path].fields(ours).items() if route.method == "POST" else ():
        if value in names:
            seen = ask(browsers.ours(route), route, ours, **{field: theirs.ids[names[value]]})
            assert seen.status in (403, 404, 409, 422), field


def _at(browsers: Browsers, route: PageRoute, name: str, value: str) -> Seen:
    return ask(browsers.ours(route), route, browsers.world.ours, at=path(route, browsers.world.ours, **{name: value}))


REFUSED = (
    looking, without_a_session, with_the_wrong_session, in_the_wrong_role, with_a_foreign_form,
    for_ids_that_are_not_ours,
)  # fmt: skip
ELSEWHERE: tuple[Mapping[str, str], ...] = (
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
)


def test_a_change_that_one_of_these_tests_should_see_is_seen(browsers):
    """What stands of the member is part of what is compared."""
    before = browsers.world.digest()
    with tenant_scope(browsers.world.ours.shop.tenant_id):
        sign_out(browsers.stranger, clock.now())
    after = browsers.world.digest()
    browsers.put_back()
    assert after != before == browsers.world.digest()
