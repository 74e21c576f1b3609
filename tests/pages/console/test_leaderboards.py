"""Leaderboards at the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.builders import Shop, made
from tests.conftest import Clock, Drain
from tests.customer_care import CustomerCare
from tests.memory import Memory
from tests.pages.site import Desk


@pytest.fixture
def mid_month(clock: Clock, memory: Memory) -> None:
    """15 November 2028: what is ordered is collected in the same month."""
    clock.set(datetime(2028, 11, 15, 2, tzinfo=UTC))
    memory.begins_at("15 November 2028")


@pytest.mark.usefixtures("mid_month")
def test_a_board_is_handed_out_as_a_table_that_can_be_passed_on(
    care: CustomerCare, drain: Drain, new_desk: Callable[..., Desk]
) -> None:
    shop = care.shop
    desk = new_desk(shop)
    member = shop.member()
    made(shop.caller.call("PATCH", f"{shop.path}/me", json={"profile": {"name": "Yun"}}, token=member.token), 200)
    care.collected(member)
    drain()
    page = desk.get("/leaderboards")
    assert "Yun" in page.words("table")
    table = desk.get(page.link("As a CSV file"))
    assert table.headers["content-type"].startswith("text/csv")
    [_, row] = table.text.removeprefix("\ufeff").splitlines()
    assert row.split(",")[:3] == ["1", "Y**", member.id]
    assert desk.get("/leaderboards?period=2026-13&format=csv").status == 422


def test_an_award_names_its_coupon_with_what_it_gives(desk: Desk, shop: Shop) -> None:
    terms = {"title": "Thanks", "kind": "percent", "purpose": "holiday", "valid": {"days": 14}}
    ten, five = (made(shop.brand.post("/v1/coupon-batches", terms | {"percent_off": each})) for each in ("10", "5"))
    said = {f"Thanks · {each['worth']}" for each in (ten, five)}
    assert len(said) == 2
    choices = desk.get("/awards/new").soup.select("#f-coupon_batch_id option")
    assert said == {each.get_text() for each in choices if each["value"]}
    wanted = {"title": {"en": "Most orders"}, "by": "orders", "every": "month", "top": 3,
              "reward": {"coupon_batch_id": ten["id"]}}  # fmt: skip
    award = made(shop.brand.post("/v1/awards", wanted))
    for path in ("/awards", f"/awards/{award['id']}"):
        assert f"Thanks · {ten['worth']}" in desk.get(path).soup.select_one("main a[href*=coupons]").get_text()
