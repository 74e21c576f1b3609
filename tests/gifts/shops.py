"""What a brand and its members do with gifts, through the interface."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from chalicelib.kernel import clock
from tests.builders import Member, Reply, Shop, in_time, made

_numbers = itertools.count(1)


def asked(shop: Shop, key: str = "", **fields: Any) -> Reply:
    """A gift that the brand asks for: five bags for 500 points each, for a week, unless fields say otherwise."""
    usual = {
        "title": "A linen bag", "points": 500, "sku_id": shop.sku_id, "quantity": 5,
        "closes_at": in_time(clock.now() + timedelta(days=7)), "pickup_point_ids": [shop.pickup_point_id],
    }  # fmt: skip
    body = {name: each for name, each in (usual | fields).items() if each is not None}
    return shop.brand.post("/v1/gifts", body, headers={"Idempotency-Key": key or f"new-{next(_numbers)}"})


def gift(shop: Shop, **fields: Any) -> Any:
    """The gift that came of it."""
    return made(asked(shop, **fields))


def shown(shop: Shop, of: Any) -> Any:
    """A gift as it is now, for the team."""
    return made(shop.brand.get(f"/v1/gifts/{of['id']}"), 200)


def redeem(shop: Shop, of: Any, member: Member | None = None, key: str = "", **fields: Any) -> Reply:
    """A member redeems points for one."""
    body = {"pickup_point_id": shop.pickup_point_id} | fields
    return shop.caller.post(
        f"{shop.path}/gifts/{of['id']}/redeem", body, token=(member or shop.shopper).token,
        headers={"Idempotency-Key": key or f"gift-{next(_numbers)}"},
    )  # fmt: skip


def book(shop: Shop, points: int, member: Member | None = None) -> None:
    """Gives a member points, or takes some."""
    path = f"/v1/members/{(member or shop.shopper).id}/points"
    sent = {"Idempotency-Key": f"book-{next(_numbers)}"}
    made(shop.brand.post(path, {"delta": points, "reason": "Thanks"}, headers=sent))


def balance(shop: Shop, member: Member | None = None) -> int:
    """The points of a member."""
    found = shop.caller.get(f"{shop.path}/me/points", token=(member or shop.shopper).token)
    return int(made(found, 200)["balance"])
