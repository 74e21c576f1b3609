"""A request that came by a brand's own domain: the edge says at which, and leads to the place of the brand's shop.

The edge puts its key beside what it says; without that nothing of it counts, and the request is one like all others.
Which shop a host leads to is what was proved last, whatever the path says: a host shows one brand's shop or nothing.
"""

import hmac
import re
from collections.abc import Mapping
from typing import Any

from chalicelib.own_domains.service.hosts import shop_at
from chalicelib.routing.refusals import Event
from chalicelib.settings import secret
from chalicelib.tenancy import origin_of

HOST, VIEWER, KEY = "x-shop-host", "x-shop-viewer", "x-edge-key"
"""What the edge says: the host that a browser asked for, whose browser it is (an address), and its own key."""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_NOWHERE = {"resource": "/nowhere", "pathParameters": None}


def arrived(event: Event) -> Event:
    """The request with where it came in; one that leads nowhere, where the host is not that of the shop that it asks
    for.
    """
    headers = {name.lower(): str(value) for name, value in (event.get("headers") or {}).items()}
    if not _from_edge(headers):
        return event
    context = _seen_by_edge(event.get("requestContext") or {}, headers.get(VIEWER, ""))
    host = headers.get(HOST, "").partition(":")[0].rstrip(".").lower()
    path = _path(event)
    if path.startswith("/static/"):
        return {**event, "requestContext": context}
    found = shop_at(host) if _NAME.fullmatch(host) else None
    home = f"/s/{found.slug}" if found else ""
    if not home or not (path == home or path.startswith(f"{home}/")):
        return {**event, **_NOWHERE, "requestContext": context}
    context["own_origin"] = origin_of(host)
    if path == f"{home}/":
        # The edge writes the root of a domain so: it is the shop's own address, and no other way to write it.
        context["path"] = str(context.get("path", "")).removesuffix("/")
    return {**event, "requestContext": context}


def _from_edge(headers: Mapping[str, str]) -> bool:
    sent = headers.get(KEY, "").encode()
    return bool(sent) and any(hmac.compare_digest(sent, each) for each in secret("edge").secrets())


def _seen_by_edge(context: Mapping[str, Any], viewer: str) -> dict[str, Any]:
    """The gateway's words with the address that the edge saw, in place of the edge's own."""
    return {**context, "identity": {**(context.get("identity") or {}), "sourceIp": viewer}}


def _path(event: Event) -> str:
    rest = (event.get("pathParameters") or {}).get("proxy") or ""
    return str(event.get("resource") or "/").replace("{proxy+}", rest)
