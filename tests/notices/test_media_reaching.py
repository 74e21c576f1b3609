"""From an order to the official account: told there who follows it, by mail who no longer does, and counted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib import settings
from chalicelib.notices.media.service import official_account
from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Drain
from tests.notices.fake_wechat import APP_ID, FOLLOWER, SECRET, STRANGER, TEMPLATE_ID, FakeWeChat, fake_wechat

DATA = {"thing1": "title", "amount2": "total", "character_string3": "code"}
TEMPLATE = {"notice": "order_placed", "template_id": TEMPLATE_ID, "data": DATA}


@pytest.fixture
def wechat(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWeChat]:
    official_account.forget()
    with fake_wechat() as played, monkeypatch.context() as patched:
        patched.setenv("WECHAT_API", played.url)
        settings.forget()
        yield played
    settings.forget()
    official_account.forget()


def reached(shop: Shop, open_id: str) -> None:
    path = f"/v1/members/{shop.shopper.id}/official-account"
    assert shop.brand.put(path, {"open_id": open_id}).status == 204


def mail_to(engine: Engine, shop: Shop) -> list[str]:
    """How mail to others than the team has left."""
    return [each["channel"] for each in engine.mail() if not each["to"].startswith("owner@")]


def used(shop: Shop) -> dict[str, tuple[int, int, str | None]]:
    sums = made(shop.brand.get("/v1/message-usage"), 200)["sums"]
    return {each["channel"]: (each["messages"], each["refused"], each["cost_exact"]) for each in sums}


def test_an_order_is_told_where_its_member_follows(
    shop: Shop, engine: Engine, drain: Drain, wechat: FakeWeChat
) -> None:
    account = {"app_id": APP_ID, "secret": SECRET, "templates": [TEMPLATE]}
    made(shop.brand.put("/v1/message-settings", {"official_account": account, "prices": {"email": "0.0007"}}), 200)

    reached(shop, FOLLOWER)
    order = made(shop.order())
    drain()
    (message,) = wechat.sent.values()
    assert (message["touser"], message["template_id"]) == (FOLLOWER, TEMPLATE_ID)
    assert message["data"]["character_string3"] == {"value": order["pickup_code"]}
    assert message["data"]["amount2"]["value"].endswith("9.00")
    assert mail_to(engine, shop) == []

    reached(shop, STRANGER)
    made(shop.order())
    drain()
    assert mail_to(engine, shop) == ["email"]
    assert len(wechat.sent) == 1
    with_the_owners = {1: "0.0007", 2: "0.0014"}[len(engine.mail())]
    assert used(shop) == {"email": (len(engine.mail()), 0, with_the_owners), "official_account": (1, 1, None)}
