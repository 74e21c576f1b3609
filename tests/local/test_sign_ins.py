"""The way into the demo's storefront without a code, which nothing but the embedded stack has."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.web.tokens import verify
from infra.local.gateway import Gateway, Reply, Request
from infra.local.sign_ins import CONSOLE, LEADER, PATH, SignIns
from tests.builders import Shop
from tests.conftest import Clock, Served


def cookie_of(reply: Reply) -> str:
    """The session that an answer gives, as a browser sends it back; empty for none."""
    headers = {name.lower(): value for name, value in reply.headers}
    assert reply.status == 303
    return headers.get("set-cookie", "").partition(";")[0]


@pytest.fixture
def entrance(shop: Shop) -> SignIns:
    """A way in for the shop's shopper."""
    found = SignIns()
    found.name(shop.shopper.token)
    return found


@pytest.fixture
def answered(_gateway: Gateway) -> Callable[[Request], Reply]:
    """What the product answers."""
    return _gateway.answer


@pytest.fixture
def who(shop: Shop, _gateway: Gateway) -> Callable[[str], str]:
    """Whether a cookie is the shopper's session: by what the sign-in page answers."""

    def ask(cookie: str) -> str:
        asked = Request("GET", f"/s/{shop.slug}/sign-in", (("Host", "127.0.0.1:8000"), ("Cookie", cookie)))
        return {303: "the shopper", 200: "nobody"}[_gateway.answer(asked).status]

    return ask


def test_a_link_signs_in_once(entrance: SignIns, shop: Shop, who: Callable[[str], str]) -> None:
    link = Request("GET", entrance.link())

    first, second = entrance.follow(link), entrance.follow(link)

    assert ("Location", f"/s/{shop.slug}") in first.headers
    assert f"Path=/s/{shop.slug};" in str(first.headers)
    assert who(cookie_of(first)) == "the shopper"
    assert ("Location", "/") in second.headers
    assert cookie_of(second) == ""


@pytest.mark.parametrize("target", [PATH, f"{PATH}?code=", f"{PATH}?code=0"])
def test_nobody_comes_in_by_guessing(entrance: SignIns, target: str) -> None:
    entrance.link()
    assert cookie_of(entrance.follow(Request("GET", target))) == ""


def test_the_button_signs_in_also_after_signing_out_everywhere(entrance: SignIns, shop: Shop) -> None:
    assert shop.caller.call("POST", "/v1/auth/sign-out", token=shop.shopper.token).status == 204

    session = cookie_of(entrance.press(Request("POST", PATH))).removeprefix("session=")

    assert verify(session, "sessions").sign_outs == 1


def test_the_owner_comes_into_the_console_and_the_leader_to_their_page(
    entrance: SignIns, shop: Shop, answered: Callable[[Request], Reply]
) -> None:
    entrance.name(shop.team_token("owner"), CONSOLE)
    entrance.name(shop.shopper.token, LEADER)

    console = entrance.follow(Request("GET", entrance.link(CONSOLE)))
    leader = entrance.press(Request("POST", PATH, body=b"place=leader"))

    assert ("Location", "/console") in console.headers
    assert "Path=/console;" in str(console.headers)
    cookie = ("Cookie", cookie_of(console))
    assert answered(Request("GET", "/console", (("Host", "127.0.0.1:8000"), cookie))).status == 200
    assert ("Location", f"/s/{shop.slug}/leader") in leader.headers
    assert f"Path=/s/{shop.slug};" in str(leader.headers)


def test_the_owner_comes_in_also_months_later_and_after_signing_out_everywhere(
    entrance: SignIns, shop: Shop, answered: Callable[[Request], Reply], clock: Clock
) -> None:
    token = shop.team_token("owner")
    entrance.name(token, CONSOLE)
    assert shop.caller.call("POST", "/v1/auth/sign-out", token=token).status == 204
    clock.advance(days=60)

    console = entrance.press(Request("POST", PATH, body=b"place=console"))

    cookie = ("Cookie", cookie_of(console))
    assert answered(Request("GET", "/console", (("Host", "127.0.0.1:8000"), cookie))).status == 200


def test_without_a_demo_there_is_no_way_in(server: Served) -> None:
    assert "<form" not in server.get("/").text
    assert "set-cookie" not in server.post(PATH).headers


def test_no_page_of_another_origin_presses_the_button(server: Served) -> None:
    assert server.post(PATH, headers={"Origin": "https://evil.example"}).status == 403


def test_the_deployed_product_has_no_such_way(shop: Shop) -> None:
    assert {shop.caller.call(method, PATH).status for method in ("GET", "POST")} == {404}
