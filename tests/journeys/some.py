"""Journeys of a brand through the interface, and what happens that begins them."""

from __future__ import annotations

import itertools
from typing import Any

from chalicelib.db import tenant_scope
from chalicelib.journeys.events import consumer
from chalicelib.journeys.records import WayRecord
from chalicelib.kernel import clock
from chalicelib.kernel.ids import new_id
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import name_unnamed
from chalicelib.messaging import Message
from tests.builders import Member, Reply, Shop, made

_numbers = itertools.count(1)
HELLO = {"zh": {"subject": "您好", "text": "{name}，{brand} 想念您：{shop}"},
         "en": {"subject": "Hello from {brand}", "text": "{name}, come back: {shop}"}}  # fmt: skip
TELL = {"kind": "message", "texts": HELLO}


def says(subject: str) -> dict[str, Any]:
    """A message of that subject."""
    return {"kind": "message", "texts": {"en": {"subject": subject, "text": "See {shop}"}}}


def asked(shop: Shop, **fields: Any) -> Reply:
    """A journey that the brand asks for: a message to who has been quiet for 30 days, unless fields say otherwise."""
    usual = {"title": f"Journey {next(_numbers)}", "trigger": {"kind": "quiet", "days": 30}, "steps": [TELL]}
    return shop.brand.post("/v1/journeys", usual | fields)


def drafted(shop: Shop, **fields: Any) -> Any:
    """The draft that came of it."""
    return made(asked(shop, **fields))


def journey(shop: Shop, **fields: Any) -> Any:
    """One that is published."""
    return turned(shop, drafted(shop, **fields), "publish")


def turned(shop: Shop, of: Any, how: str) -> Any:
    """A journey after it was published, paused, resumed or ended."""
    return made(shop.brand.post(f"/v1/journeys/{of['id']}/{how}"), 200)


def results(shop: Shop, of: Any) -> Any:
    """What it has brought so far."""
    return made(shop.brand.get(f"/v1/journeys/{of['id']}/results"), 200)


def arms(shop: Shop, of: Any) -> dict[str, Any]:
    """The same by arm."""
    return {each["arm"]: each for each in results(shop, of)["arms"]}


def ways(shop: Shop, of: Any, query: str = "") -> list[Any]:
    """Its members, the latest first."""
    found: list[Any] = made(shop.brand.get(f"/v1/journeys/{of['id']}/members?limit=100{query}"), 200)["items"]
    return found


def agreed(shop: Shop, locale: str = "en", name: str = "") -> Member:
    """Somebody who wants news."""
    member = shop.member()
    body = {"consent": {"marketing": True}, "locale": locale}
    made(shop.caller.call("PATCH", f"{shop.path}/me", json=body, token=member.token), 200)
    if name:
        with tenant_scope(shop.tenant_id):
            name_unnamed(shop.tenant_id, member.id, name, clock.now())
    return member


def ordinal(shop: Shop, member: Member) -> int:
    with tenant_scope(shop.tenant_id):
        found = MemberRecord.at(shop.tenant_id, member.id)
    assert found is not None
    return int(found.ordinal)


def happens(shop: Shop, kind: str, event_id: str = "", **data: Any) -> str:
    """What other packages tell of; its id."""
    message_id = event_id or new_id(clock.now())
    consumer.handle(Message(message_id, kind, shop.tenant_id, clock.now(), data), clock.now())
    return message_id


def go_quiet(shop: Shop, *members: Member, days: int = 30, event_id: str = "") -> str:
    """Members have not ordered for so many days."""
    return happens(shop, "members.quiet", event_id, days=days, ordinals=[ordinal(shop, each) for each in members])


def way(shop: Shop, member: Member, of: Any) -> WayRecord:
    """A member's latest way through a journey."""
    with tenant_scope(shop.tenant_id):
        found = WayRecord.fetch(*WayRecord.address(shop.tenant_id, member.id, of["id"]), consistent=True)
    assert found is not None
    return found
