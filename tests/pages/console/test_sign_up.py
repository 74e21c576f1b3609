"""A brand signs up in the console: from a name to a shop that is live, with its owner signed in."""

from __future__ import annotations

import pytest

from chalicelib.pages.console.sign_up.model import addresses, home_of
from tests.pages.site import Desk

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def stranger(_gateway) -> Desk:
    """A browser at the console that nobody is signed in with."""
    return Desk(_gateway, "")


def looked_over(browser, name="Green Valley", email="ada@green-valley.example", **more):
    begun = browser.get(browser.get("/sign-in").link("Open your shop"))
    return browser.send(begun, "Go on", name=name, owner_email=email, **more)


def test_a_shop_is_live_and_its_owner_signed_in(stranger, shop):
    seen = looked_over(stranger, name="Hill Farm", country="CN")
    assert seen.soup.select_one("#f-slug")["value"] == "hill-farm"
    assert seen.soup.select_one("#f-timezone option[selected]")["value"] == "Asia/Shanghai"
    assert seen.soup.select_one("#f-currency option[selected]")["value"] == "CNY"
    live = stranger.send(seen, "Open my shop")
    assert live.heading == "Your shop is live"
    assert live.headers["cache-control"] == "no-store"
    secret = live.words("#secret")
    assert shop.caller.call("GET", "/v1/tenant", token=secret).json["slug"] == "hill-farm"
    setup = stranger.get(live.link("I have kept it"))
    assert setup.heading == "Set up your shop"
    assert stranger.get("/staff").status == 200  # an owner
    assert stranger.get("/s/hill-farm").status == 200


def test_an_address_that_is_taken_is_not_proposed_and_is_refused_beside_its_field(stranger, shop):
    seen = looked_over(stranger, name=shop.slug)
    assert seen.soup.select_one("#f-slug")["value"] == f"{shop.slug}-shop"
    refused = stranger.send(seen, "Open my shop", slug=shop.slug)
    assert refused.status == 409
    assert refused.words("#f-slug-fault")
    assert refused.soup.select_one("#f-owner_email")["value"] == "ada@green-valley.example"


def test_what_is_missing_stands_beside_its_field(stranger):
    refused = looked_over(stranger, name="", email="nobody")
    assert refused.status == 422
    assert refused.words("#f-name-fault")
    assert refused.words("#f-owner_email-fault")


def test_it_is_said_in_chinese(stranger):
    stranger.language = "zh-CN"
    begun = stranger.get("/sign-up")
    assert begun.heading == "开设店铺"
    assert begun.words("header") == "邻团"
    assert begun.soup.select_one("#f-country option[selected]")["value"] == "CN"


@pytest.mark.parametrize(
    ("name", "email", "first"),
    [
        ("Green Valley", "a@b.example", "green-valley"),
        ("Café Zoë's", "a@b.example", "cafe-zoes"),
        ("绿谷", "lin@lvgu.cn", "lvgu"),
        ("绿谷", "lin.chen@qq.com", "lin-chen"),
        ("24/7 Fruit", "a@b.example", "fruit"),
        ("admin", "barn@farm-shop.example", "farm-shop"),
        ("绿谷", "info@163.com", ""),
    ],
)
def test_an_address_is_proposed_by_the_name_or_else_by_the_mailbox(name, email, first):
    assert next(addresses(name, email, "CN"), "") == first


@pytest.mark.parametrize(
    ("accepted", "language", "home"),
    [
        ("en-GB,en;q=0.8", "en", "GB"),
        ("zh-CN", "zh", "CN"),
        ("zh", "zh", "CN"),
        ("de-AQ, de-CH", "en", "CH"),
        ("", "en", "US"),
    ],
)
def test_the_country_is_the_browsers(accepted, language, home):
    assert home_of(accepted, language) == home
