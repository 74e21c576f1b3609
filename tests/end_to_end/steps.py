"""Steps that several runs over HTTP share: what people do, in their order, through the public interface."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from chalicelib.kernel import clock
from chalicelib.kernel.clock import parse_instant
from tests.builders import Member, Reply, Shop, made
from tests.conftest import Served

DAY = 24 * 3600
COMMISSION_BPS = 750
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def key(name: str) -> dict[str, str]:
    """The header that makes a request one that may be repeated."""
    return {"Idempotency-Key": name}


# --- people ----------------------------------------------------------------------------------------------------------


def now(server: Served) -> datetime:
    """What time the product says it is."""
    return parse_instant(made(server.get("/local/clock"), 200)["now"])


def code_sent_to(server: Served, email: str) -> str:
    """The sign-in code in the newest message to an address."""
    server.quiet()
    headers = {"Accept": "application/json"}
    newest = made(server.get(f"/local/mailbox?to={email}", headers=headers), 200)["items"][0]
    return str(re.findall(r"\b\d{6}\b", newest["text"])[0])


def sign_in(server: Served, audience: str, slug: str, email: str) -> Any:
    """Asks for a code, reads it in the mailbox, and exchanges it for a token."""
    who = {"audience": audience, "tenant": slug, "email": email}
    assert server.post("/v1/auth/code", who).status == 202
    return made(server.post("/v1/auth/token", who | {"code": code_sent_to(server, email)}), 200)


def led_point(shop: Shop) -> tuple[Member, str]:
    """A leader, who earns 7.5 %, and their pickup point."""
    leader = shop.member()
    return leader, shop.pickup_point(leader_id=leader.id, commission_bps=COMMISSION_BPS)["id"]


# --- orders and their money -----------------------------------------------------------------------------------------


def pay(shop: Shop, server: Served, member: Member, order: Any, *, part: str = "pay", silently: bool = False) -> Any:
    """The member opens the test provider's page and presses pay; answers what was asked for. `part` names a repeat. Of
    what is paid `silently` the provider's message is lost.
    """
    asked = server.post(f"{shop.path}/orders/{order['id']}/payments", {}, token=member.token, headers=key(part))
    page = urlsplit(made(asked)["client"]["page_url"]).path
    server.call("POST", page, body=b"press=pay_silently" if silently else b"press=pay", headers=_FORM)
    server.quiet()
    return asked.json


def mine(shop: Shop, server: Served, member: Member, order: Any) -> Any:
    """An order as its member sees it now."""
    return made(server.get(f"{shop.path}/orders/{order['id']}", token=member.token), 200)


# --- from the lock to the statement --------------------------------------------------------------------------------


def advance(shop: Shop, server: Served, campaign: Any, *states: str) -> None:
    """Staff move the campaign on, state by state; without any named, all that was bought came."""
    path, all_came = f"/v1/campaigns/{campaign['id']}/advance", {"everything_arrived": True}
    for state in states or ("purchasing", "received", "sorted", "at_pickup"):
        made(shop.brand.post(path, {"to": state} | ({} if states else all_came)), 200)
        server.quiet()


def hand_over(server: Served, leader: Member, order: Any, lines: dict[str, int] | None = None) -> Reply:
    """The leader hands over what is left of an order against its code, or so many units of some of its offers."""
    sent = {"code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}
    if lines is not None:
        sent["lines"] = [{"offer_id": offer, "quantity": units} for offer, units in lines.items()]
    reply = server.post(f"/v1/orders/{order['id']}/pickup", sent, token=leader.token)
    server.quiet()
    return reply


def statement(shop: Shop, party: str, party_id: str) -> Any:
    """Freezes a party's statement of the last weeks, until yesterday."""
    today = clock.now().date()
    period = {"from_on": (today - timedelta(days=40)).isoformat(), "to_on": (today - timedelta(days=1)).isoformat()}
    asked = {"party": party, "party_id": party_id, **period}
    return made(shop.brand.post("/v1/statements", asked, headers=key(f"freeze-{party}")))


def owed_to(shop: Shop, server: Served, leader: Member) -> Any:
    """What the brand owes the leader when the time for after-sales is over; the leader owes it where it is below zero.

    The leader reads the same statement, and nothing was left behind on the way.
    """
    server.advance(16 * DAY)
    server.advance(2 * DAY)
    frozen = statement(shop, "leader", leader.id)
    shown = made(server.get(f"{shop.path}/leader/statements/{frozen['id']}", token=leader.token), 200)
    assert shown["closing"] == frozen["closing"]
    nothing_left_behind(server)
    return frozen["closing"]["due"]


def nothing_left_behind(server: Served) -> None:
    """Everything that was set off is done, and nothing failed for good.

    The last request may have set something off itself, so what is under way is waited for.
    """
    server.quiet()
    health = made(server.get("/local/health"), 200)
    assert (health["ready"], health["pending"], health["dead_letters"]) == (True, {}, {})
