"""What members do with what they want, through the interface."""

from __future__ import annotations

from collections import Counter
from typing import Any

from infra.local.engine import Engine
from tests.builders import Member, Reply, Shop, made

AVAILABLE, AGAIN = "You can order it now", "It is here again"


def product_of(shop: Shop, campaign: Any = None) -> str:
    """The product of a campaign's first offer."""
    return str((campaign or shop.open_campaign)["offers"][0]["product_id"])


def keep(shop: Shop, product_id: str, member: Member | None = None, kind: str = "favourites") -> Reply:
    """A member keeps a product, or asks to be told of it."""
    return shop.caller.call("PUT", f"{shop.path}/me/{kind}/{product_id}", token=(member or shop.shopper).token)


def drop(shop: Shop, product_id: str, member: Member | None = None, kind: str = "favourites") -> Reply:
    """And does so no more."""
    return shop.caller.call("DELETE", f"{shop.path}/me/{kind}/{product_id}", token=(member or shop.shopper).token)


def listed(shop: Shop, kind: str, member: Member | None = None, query: str = "") -> Any:
    """One of a member's lists."""
    return made(shop.caller.get(f"{shop.path}/me/{kind}{query}", token=(member or shop.shopper).token), 200)


def wait(shop: Shop, campaign: Any, member: Member, quantity: int = 1, offer: int = 0) -> Reply:
    """A member waits for an offer of a campaign."""
    path = f"{shop.path}/me/waiting/{campaign['id']}/{campaign['offers'][offer]['offer_id']}"
    return shop.caller.call("PUT", path, json={"quantity": quantity}, token=member.token)


def leave(shop: Shop, campaign: Any, member: Member) -> Reply:
    """A member waits no more."""
    path = f"{shop.path}/me/waiting/{campaign['id']}/{campaign['offers'][0]['offer_id']}"
    return shop.caller.call("DELETE", path, token=member.token)


def cancel(shop: Shop, order: Any, member: Member) -> None:
    """A member cancels an order."""
    made(shop.caller.post(f"{shop.path}/orders/{order['id']}/cancel", token=member.token), 200)


def wanted(shop: Shop) -> dict[str, tuple[int, int, int, int]]:
    """By product: units waited for, by how many members, reminders, favourites."""
    rows = made(shop.brand.get("/v1/reports/wanted"), 200)["rows"]
    return {row["product_id"]: (row["units"], row["waiting"], row["reminders"], row["favourites"]) for row in rows}


def told(engine: Engine, subject: str = AVAILABLE) -> Counter[str]:
    """To whom messages went of which the subject begins so, and how often."""
    return Counter(mail["to"] for mail in engine.mail() if (mail["subject"] or "").startswith(subject))
