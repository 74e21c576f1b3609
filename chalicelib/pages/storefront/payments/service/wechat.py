"""Who pays inside WeChat: their openid, found out by WeChat's OAuth and kept by their own browser alone.

On the way there the browser keeps a word of ours, sealed with the member and the order. Only who comes back with the
same word, once and within ten minutes, is believed: a code that was slipped to somebody is not.
"""

import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from chalicelib.pages.shell import Cookie, Visit, seals
from chalicelib.payments.providers.wechat import WeChat

ASKED, PAYER = "wechat-asked", "wechat-payer"
_ASKED_SECONDS = 600
_PAYER_SECONDS = 30 * 24 * 3600
_WITHIN = "/orders"


def is_inside(headers: Mapping[str, str]) -> bool:
    """Whether the browser is WeChat's own; that of WeCom, which says so too, knows no payers."""
    agent = headers.get("user-agent", "").lower()
    return "micromessenger" in agent and "wxwork" not in agent


def asked(visit: Visit[Any], order_id: str) -> tuple[str, Cookie]:
    """A new word for the way to WeChat and back, and the cookie that the browser proves it by."""
    word = secrets.token_hex(32)
    ends_at = int(visit.now.timestamp()) + _ASKED_SECONDS
    sealed = seals.sealed(f"{word} {visit.member_id} {order_id} {ends_at}")
    return word, Cookie(ASKED, sealed, _ASKED_SECONDS, _WITHIN)


def was_asked(visit: Visit[Any], order_id: str, state: str) -> bool:
    """Whether this browser was sent to WeChat for this order with this word a moment ago."""
    word, *about = seals.unsealed(visit.cookies.get(ASKED, "")).split(" ")
    for_this = about[:2] == [visit.member_id, order_id] and visit.now.timestamp() <= int(about[2])
    return for_this and hmac.compare_digest(word.encode(), state.encode())


def no_longer_asked() -> Cookie:
    """Ends the word: it is good once."""
    return Cookie(ASKED, "", 0, _WITHIN)


def kept(visit: Visit[Any], account: WeChat, openid: str) -> Cookie:
    """The cookie by which the browser says who pays, to this account's app, for this member."""
    return Cookie(PAYER, seals.sealed(f"{account.app_id} {visit.member_id} {openid}"), _PAYER_SECONDS, _WITHIN)


def payer(visit: Visit[Any], account: WeChat) -> str:
    """The openid that the browser keeps for this account and member; empty where it keeps none."""
    app_id, _, rest = seals.unsealed(visit.cookies.get(PAYER, "")).partition(" ")
    member_id, _, openid = rest.partition(" ")
    return openid if (app_id, member_id) == (account.app_id, visit.member_id) else ""
