"""A flash sale over HTTP: hot stock in ten buckets, one unit a member, many more buyers than units.

`make verify` sends 2,000 buyers for 300 units; `make test` 160 for 24, in as many buckets and threads.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.orders.model import HOLD
from tests.builders import Member, Shop, made
from tests.conftest import Served
from tests.races.test_last_units import members_of
from tests.races.threads import all_at_once

THREADS, PRICE = 32, 900


def flash_sale(shop: Shop, units: int, **fields: Any) -> Any:
    """An open flash sale of so many units, laid out as it is where nobody says what rush is expected."""
    campaign = shop.campaign(kind="flash_sale", offers=[shop.offer(quantity=units)], **fields)
    assert campaign["offers"][0]["per_member_limit"] == 1
    return campaign


def progress(shop: Shop, campaign: Any) -> Any:
    return made(shop.brand.get(f"/v1/campaigns/{campaign['id']}/progress"), 200)


def units_of(seen: Any) -> tuple[int, int, int]:
    """Units sold, held and left."""
    (offer,) = seen["offers"]
    assert (seen["sold"], seen["left"]) == (offer["sold"], offer["left"])
    return offer["sold"], offer["held"], offer["left"]


def answers(shop: Shop, campaign: Any, members: Sequence[Member], **fields: Any) -> Counter[tuple[int, str | None]]:
    """What so many buyers at once are told: status and code."""
    replies = all_at_once(lambda member: shop.order(member, campaign=campaign, **fields), members, THREADS)
    return Counter((reply.status, reply.json.get("code")) for reply in replies)


def pay(shop: Shop, member: Member, order: Any) -> None:
    """The member opens the test provider's page and presses pay; the provider tells the shop."""
    path = f"{shop.path}/orders/{order['id']}/payments"
    asked = shop.caller.call("POST", path, json={}, token=member.token, headers={"Idempotency-Key": "pay"})
    page = urlsplit(made(asked)["client"]["page_url"]).path
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert shop.caller.call("POST", page, body=b"press=pay", headers=form).status < 400


@pytest.mark.parametrize(
    ("buyers", "units"), [(160, 24), pytest.param(2_000, 300, marks=pytest.mark.verify)], ids=["some", "many"]
)
def test_many_members_want_hot_stock_at_once(server: Served, served_shop: Shop, buyers: int, units: int) -> None:
    shop = served_shop
    campaign = flash_sale(shop, units)
    assert campaign["peak_orders_per_second"] == 2_500, "ten buckets"
    members = members_of(shop, buyers)
    assert answers(shop, campaign, members) == {(201, None): units, (409, "sold_out"): buyers - units}
    assert units_of(progress(shop, campaign)) == (units, 0, 0)
    server.quiet()
    seen = progress(shop, campaign)
    assert (seen["orders"], seen["participants"]) == (units, units)
    assert units_of(seen) == (units, 0, 0)
    assert seen["revenue"] == shop.money(PRICE * units)


def test_whoever_got_one_gets_no_second(server: Served, served_shop: Shop) -> None:
    """Thirty members ask four times each, under keys of their own, for stock that would do for all."""
    shop = served_shop
    campaign = flash_sale(shop, 120)
    asking = members_of(shop, 30) * 4
    assert answers(shop, campaign, asking) == {(201, None): 30, (409, "limit_reached"): 90}
    assert progress(shop, campaign)["left"] == 90


def test_units_that_are_not_paid_for_go_to_those_who_were_refused(server: Served, served_shop: Shop) -> None:
    """100 buyers hold 30 units, 12 pay; a quarter of an hour later the other 18 are there for those who come again."""
    shop = served_shop
    buyers, units, paying = 100, 30, 12
    campaign = flash_sale(shop, units, payment_methods=["test"], peak_orders_per_second=1_250)
    members = members_of(shop, buyers)
    replies = all_at_once(lambda member: shop.order(member, campaign=campaign, payment_method="test"), members, THREADS)
    assert Counter(reply.status for reply in replies) == {201: units, 409: buyers - units}
    assert units_of(progress(shop, campaign)) == (0, units, 0)

    holders = [(member, reply.json) for member, reply in zip(members, replies, strict=True) if reply.status == 201]
    all_at_once(lambda held: pay(shop, *held), holders[:paying], THREADS)
    server.advance(HOLD.total_seconds() + 60)
    assert units_of(progress(shop, campaign)) == (paying, 0, units - paying)

    refused = [member for member, reply in zip(members, replies, strict=True) if reply.status == 409]
    again = answers(shop, campaign, refused, payment_method="test")
    assert again == {(201, None): units - paying, (409, "sold_out"): buyers - units - (units - paying)}
    server.quiet()
    seen = progress(shop, campaign)
    assert units_of(seen) == (paying, units - paying, 0)
    assert seen["orders"] == paying
    assert seen["revenue"] == shop.money(PRICE * paying)
