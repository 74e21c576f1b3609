"""Who proves what before an identity is replaced. Pure."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

from chalicelib.kernel.counting import counted
from chalicelib.kernel.errors import Conflict, Invalid, TooManyRequests
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.masking import masked_phone
from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency
from chalicelib.rate_limits.model import Budget

LIFETIME = timedelta(minutes=10)
TRIES = 5
REQUESTS, WINDOW = 5, timedelta(minutes=15)
"""Five pairs of codes of five tries each in a quarter of an hour; where many were tried in a day, codes are longer."""

Kind = Literal["email", "phone"]
Side = Literal["own", "new"]


class CodesRefused(Invalid):
    """A code that was to prove an identity is wrong, used up, expired, or was never asked for. Never says which."""

    code, title, title_zh = "codes_refused", "A code is wrong or has expired", "验证码错误或已过期"


class IdentityTaken(Conflict):
    """The identity, which the caller has proved to be theirs, leads to somebody else in this store or team."""

    code, title, title_zh = (
        "identity_taken",
        "This already belongs to another account",
        "该邮箱或手机号已被其他账号使用",
    )


class IdentityUnchanged(Conflict):
    """The identity is the one that the person has already."""

    code, title, title_zh = "identity_unchanged", "This is already what you sign in with", "该邮箱或手机号已在使用中"


class TooManyIdentityCodes(TooManyRequests):
    """Somebody asked for more codes to change an identity than they may in a quarter of an hour."""

    code, title, title_zh = "too_many_identity_codes", "Too many codes were requested", "验证码请求过于频繁"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose identity is replaced: a member, or someone on the staff."""

    kind: Literal["member", "staff"]
    tenant_id: str
    id: str

    @property
    def guesses(self) -> Budget:
        """The tries of short codes. Beyond them only longer ones change anything, as at signing in."""
        return Budget.of("guesses_an_address", "identity change", self.kind, self.id)


@dataclass(frozen=True, slots=True)
class Asked:
    """How often codes were asked for in a window of time, and when it began (UTC)."""

    times: int
    since: datetime

    def once_more(self, now: datetime) -> "Asked":
        """With a request at ``now``, which begins a window where the last is over. Raises TooManyIdentityCodes."""
        if self.since + WINDOW <= now:
            return Asked(1, now)
        if self.times < REQUESTS:
            return Asked(self.times + 1, self.since)
        wait = ceil((self.since + WINDOW - now).total_seconds())
        raise TooManyIdentityCodes(
            f"{REQUESTS} changes were asked for; use the last codes, or ask again in {counted(wait, 'second')}.",
            detail_zh=f"已请求 {REQUESTS} 次更改，请使用最近的验证码，或在 {wait} 秒后重试。",
            retry_after=wait,
        )


def code_digest(key: bytes, holder: Holder, side: Side, wanted: Identity, code: str) -> str:
    """What is stored of a code: bound to the person, the side that it proves, and what is wanted.

    Keyed with the server's secret: a plain hash of six digits is undone by trying all million.
    """
    parts = ("identity change", holder.kind, holder.tenant_id, holder.id, side, wanted.kind, wanted.value, code)
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def proving(email: str | None, phone: str | None, wanted: Kind, chosen: Kind | None) -> Identity | None:
    """The person's own identity that proves who they are: the one chosen, else the one that is replaced, else the
    other. None where there is none such.
    """
    known: dict[Kind, str | None] = {"email": email, "phone": phone}
    order: tuple[Kind, ...] = (chosen,) if chosen else (wanted, "phone" if wanted == "email" else "email")
    return next((Identity(kind, value) for kind in order if (value := known[kind])), None)


def masked(identity: Identity) -> str:
    """An identity as the audit log and messages show it: ``a**@home.example``, ``****8000``."""
    if identity.kind == "phone":
        return masked_phone(identity.value) or ""
    name, _, domain = identity.value.rpartition("@")
    return f"{name[:1]}**@{domain}"


@dataclass(frozen=True, slots=True)
class IdentityCode(Notice):
    """A code that confirms an e-mail or a phone number as what somebody signs in with, valid for so many minutes."""

    template = "identity_code"
    telling = Telling(Category.ACCESS, Urgency.ACT)
    texts = {
        "en": (
            "Your code: {code}",
            (
                "{code} confirms {shown} as what you sign in with, valid once and for {minutes} minutes. If you did "
                "not ask for it, ignore it and give it to nobody."
            ),
        ),
        "zh": (
            "验证码：{code}",
            (
                "{code} 是将 {shown} 设为登录方式的验证码，{minutes} 分钟内有效，仅可使用一次。如非本人操作，请忽略，"
                "且勿告知他人。"
            ),
        ),
    }
    code: str
    shown: str
    minutes: int


@dataclass(frozen=True, slots=True)
class IdentityChanged(Notice):
    """To where somebody was reached so far: what they sign in with from now on, in part."""

    template = "identity_changed"
    telling = Telling(Category.ACCESS, Urgency.ACT)
    texts = {
        "en": (
            "How you sign in has changed",
            (
                "{brand}: you sign in with {shown} from now on; what it replaces no longer works. If this was not you, "
                "tell the store at once."
            ),
        ),
        "zh": (
            "您的登录方式已更改",
            "{brand}：您现在使用 {shown} 登录，被替换的登录方式已失效。如非本人操作，请立即联系商家。",
        ),
    }
    brand: str
    shown: str
