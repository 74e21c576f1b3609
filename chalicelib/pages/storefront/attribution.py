"""Whose link led a browser to the shop: kept in a cookie until the order, by the link that was followed last.

A cookie, so that an order costs no read and no write more for it, and so that it stands before and after signing in.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.channels.model import REMEMBERED, Via
from chalicelib.pages.shell import Cookie, Visit, seals

_NAME = "via"
_ROBOTS = re.compile(
    r"bot\b|crawl|spider|preview|facebookexternalhit|slurp|whatsapp|telegram|curl|wget|python", re.IGNORECASE
)


def remembered(via: Via, now: datetime) -> Cookie:
    """Keeps whose link was followed."""
    return Cookie(_NAME, seals.sealed(f"{via.written}.{int(now.timestamp())}"), int(REMEMBERED.total_seconds()))


def led_here(visit: Visit[Any]) -> Via | None:
    """Whose link was followed last, within the time that one is remembered for."""
    written, _, since = seals.unsealed(visit.cookies.get(_NAME, "")).rpartition(".")
    if not since.isdecimal() or visit.now.timestamp() - int(since) > REMEMBERED.total_seconds():
        return None
    return Via.read(written)


def is_person(headers: Mapping[str, str]) -> bool:
    """Whether somebody followed a link: not what looks at links for a chat, nor a browser ahead of its reader."""
    ahead = headers.get("sec-purpose", "") + headers.get("purpose", "") + headers.get("x-moz", "")
    return "prefetch" not in ahead and not _ROBOTS.search(headers.get("user-agent", "robot"))
