"""The rules of a tenant's account: its slug, its day, its people's roles. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import digits
from typing import Any

from chalicelib.kernel import clock
from chalicelib.kernel.errors import Conflict, FieldError, Forbidden, Invalid, TooManyRequests
from chalicelib.kernel.local_day import day_bounds, local_date
from chalicelib.kernel.unset import UNSET, Unset, fields_set
from chalicelib.kernel.weekly_hours import WeeklyHours

EVERY_ROLE = "*"
"""The scope of an API key that may do what an owner may do."""

FIXED = {
    "slug": (
        "the storefront's address, which shoppers have saved, is made of it",
        "店铺地址由此而来，顾客已保存该地址",
    ),
    "timezone": ("every day of figures so far was a day in this zone", "至今的统计均按此时区的日期"),
    "currency": ("every amount already stored is in this currency", "已有金额均为此币种"),
}
"""What an edit of the brand cannot change, and why, in English and Chinese."""

BRAND_FIELDS = ("logo", "colours", "slogan", "story", "values")

DAY_GRACE = timedelta(minutes=10)
"""A local day is taken as ended this long after midnight, so that writes made at 23:59 have arrived."""

USE_NOTED_EVERY = timedelta(hours=1)
"""That an API key is used is written down at most this often."""

_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_SLUG_LENGTH = range(3, 41)
_SLUG_ZH = "3 到 40 个小写字母、数字或单个连字符，以字母开头"

RESERVED_SLUGS = frozenset(
    """
    about account accounts admin administrator api app apps assets auth billing cdn checkout console dashboard developer
    developers docs download email faq ftp healthz help home images img imap legal lintuan local localhost login logout
    mail mailbox me null oauth official openapi owner pay payment payments platform pricing privacy public register root
    sandbox secure security server service settings signin signup smtp ssl staff static status store storefront stores
    support system tenant tenants terms undefined update uploads v1 v2 web webhook webhooks webmail wiki www
    """.split()  # noqa: SIM905 - a hundred quoted words are harder to read
)
"""Names that mislead a shopper or that the platform's own addresses need."""

_LOOK = str.maketrans("0134579i", "oleastgl")
"""Letters and digits that are read as another: lintuan, l1ntuan and iintuan look alike."""


def _look(word: str) -> str:
    return word.translate(_LOOK)


def _looks(words: str) -> frozenset[str]:
    return frozenset(map(_look, words.split()))


_OURS = _look("lintuan")
_PROVIDERS = _looks("alipay paypal stripe tenpay unionpay wechat wechatpay weixin weixinpay yinlian zhifubao")
_AUTHORITIES = _looks(
    "abuse admin administrator billing hostmaster mailerdaemon noc noreply official payment payments postmaster "
    "security service support system usenet uucp webmaster"
)
"""With the mailboxes that RFC 2142 keeps for whoever runs a domain."""


SERVES = frozenset({"owner", "manager", "service"})
"""The roles whose holders work on cases of members."""


@dataclass(frozen=True, slots=True)
class Duty:
    """When somebody is there for cases: not at all while ``on`` is false, else in their weekly hours in the brand's
    zone; None is always.
    """

    on: bool = True
    hours: WeeklyHours | None = None

    def as_json(self) -> dict[str, Any]:
        """As records keep it."""
        return {"on": self.on, "hours": None if self.hours is None else self.hours.as_json()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Duty":
        hours = stored["hours"]
        return cls(stored["on"], None if hours is None else WeeklyHours.from_json(hours))


def duty_ends(before: tuple[Collection[str], Duty], after: tuple[Collection[str], Duty]) -> bool:
    """Whether somebody with these roles and this duty could have cases, and can have none any more."""
    return _takes_cases(*before) and not _takes_cases(*after)


def _takes_cases(roles: Collection[str], duty: Duty) -> bool:
    return duty.on and not SERVES.isdisjoint(roles)


class SlugInvalid(Invalid):
    """The slug cannot be part of a storefront's address."""

    code, title, title_zh = "slug_invalid", "The slug cannot be used", "该标识不可用"


class SlugReserved(Invalid):
    """The slug belongs to the platform."""

    code, title, title_zh = "slug_reserved", "The slug is reserved", "该标识为系统保留"


class TooManyBrands(TooManyRequests):
    """More brands were signed up in a day with an e-mail whose owner has not signed in to one yet."""

    code, title, title_zh = "too_many_brands", "Too many brands were signed up with this e-mail", "该邮箱注册的品牌过多"


class SlugTaken(Conflict):
    """Another tenant has the slug."""

    code, title, title_zh = "slug_taken", "The slug is taken", "该标识已被占用"


class FixedAtSignUp(Invalid):
    """The field was fixed at sign-up for good."""

    code, title, title_zh = "fixed_at_sign_up", "This is fixed at sign-up", "注册后不可更改"


class KeyWithoutKeeper(Forbidden):
    """A key that nobody on the staff answers for asked for what makes or hands over a key."""

    code, title, title_zh = "key_without_keeper", "Nobody answers for this key", "该密钥无人负责"


class KeyExpired(Conflict):
    """The API key's time is over: what ended is not made anew, another key is."""

    code, title, title_zh = "api_key_expired", "The API key has expired", "API 密钥已过期"


class CannotGrant(Forbidden):
    """Someone tried to give, change or take away a right that they do not hold themselves."""

    code, title, title_zh = "cannot_grant", "You cannot grant what you do not have", "不能授予自己没有的权限"


class LastOwner(Conflict):
    """The change would leave the tenant without an owner."""

    code, title, title_zh = "last_owner", "A tenant keeps at least one owner", "至少需要保留一位所有者"


class StaffExists(Conflict):
    """The e-mail already belongs to someone on the tenant's staff."""

    code, title, title_zh = "staff_exists", "This e-mail is already on the staff", "该邮箱已是团队成员"


@dataclass(frozen=True, slots=True)
class TenantChanges:
    """What a team changes of its brand. What is ``UNSET`` stays, None clears."""

    name: str | Unset = UNSET
    locale: str | Unset = UNSET
    country: str | Unset = UNSET
    logo: str | Unset | None = UNSET
    colours: Mapping[str, str] | Unset | None = UNSET
    slogan: str | Unset | None = UNSET
    story: str | Unset | None = UNSET
    values: Sequence[str] | Unset | None = UNSET
    tax_rate: str | Unset | None = UNSET
    delivery_tax_rate: str | Unset | None = UNSET


def is_slug(text: str) -> bool:
    """Whether the text has the form of a slug."""
    return len(text) in _SLUG_LENGTH and _SLUG.fullmatch(text) is not None


def check_slug(slug: str) -> None:
    """Refuses what cannot stand in ``/v1/stores/{slug}``, or would be mistaken for the platform.

    Raises SlugInvalid or SlugReserved, each naming the field ``/slug`` and what to choose instead.
    """
    if not is_slug(slug):
        raise SlugInvalid(
            f"'{slug}' cannot be a slug: use 3 to 40 lower-case letters, digits and single hyphens, a letter first.",
            detail_zh=f"“{slug}”不符合要求：请使用 3 到 40 个小写字母、数字或单个连字符，并以字母开头。",
            errors=(
                FieldError("/slug", "3 to 40 lower-case letters, digits and single hyphens, a letter first", _SLUG_ZH),
            ),
        )
    if slug in RESERVED_SLUGS or _passes_for_another(slug):
        raise SlugReserved(
            f"'{slug}' is reserved for the platform; choose another slug, such as your brand's name.",
            detail_zh=f"“{slug}”为平台保留，请换一个标识，例如品牌名称。",
            errors=(FieldError("/slug", "reserved for the platform", "平台保留"),),
        )


def _passes_for_another(slug: str) -> bool:
    """Whether a slug looks like the platform's name, anywhere in it, like a payment provider's, as one of its words, or
    as a whole like that of an authority; also with other digits for letters, and with a number behind it.
    """
    whole = slug.replace("-", "")
    words = {_look(form) for word in (whole, *slug.split("-")) for form in (word, word.rstrip(digits))}
    names = {_look(whole), _look(whole.rstrip(digits))}
    return _OURS in _look(whole) or bool(words & _PROVIDERS) or bool(names & _AUTHORITIES)


def check_editable(fields: Collection[str]) -> None:
    """Refuses an edit that names what is fixed at sign-up. Raises FixedAtSignUp."""
    fixed = sorted(set(fields) & FIXED.keys())
    if fixed:
        raise FixedAtSignUp(
            f"{', '.join(fixed)} cannot be changed after sign-up; sign up another brand for another one.",
            detail_zh=f"{'、'.join(fixed)} 注册后不可更改，如需更换请另行注册。",
            errors=tuple(FieldError(f"/{name}", *FIXED[name]) for name in fixed),
        )


def day_ended_at(now: datetime, timezone: str) -> datetime:
    """When (UTC) the local day that ``now`` is in is taken as ended: the next local midnight and the grace."""
    tz = clock.zone(timezone)
    _, midnight = day_bounds(local_date(now, tz), tz)
    return midnight + DAY_GRACE


def holds_everything(roles: Collection[str]) -> bool:
    """Whether these roles or scopes reach every route."""
    return "owner" in roles or EVERY_ROLE in roles


def check_may_grant(held: Collection[str], wanted: Iterable[str]) -> None:
    """Nobody gives away (or takes from another) a right that they do not hold. Raises CannotGrant naming the excess."""
    if holds_everything(held):
        return
    excess = sorted(set(wanted) - set(held))
    if excess:
        raise CannotGrant(
            f"Your own roles do not include {', '.join(excess)}; ask an owner.",
            detail_zh=f"您没有以下权限：{'、'.join(excess)}，请联系所有者。",
        )


def scopes_now(scopes: Collection[str], roles: Collection[str]) -> frozenset[str]:
    """What an API key may do: of its scopes those that its keeper's roles include. Empty where none is left."""
    if holds_everything(roles):
        return frozenset(scopes)
    return frozenset(roles) if holds_everything(scopes) else frozenset(scopes) & frozenset(roles)


def has_ended(ends_at: datetime | None, now: datetime) -> bool:
    """Whether an end that may be none has come."""
    return ends_at is not None and ends_at <= now


def secrets_now(secret_hash: str, old_hash: str | None, old_ends_at: datetime | None, now: datetime) -> tuple[str, ...]:
    """The hashes of the secrets that open a key: the present one and, while they overlap, the one before it."""
    if old_hash is None or old_ends_at is None or has_ended(old_ends_at, now):
        return (secret_hash,)
    return secret_hash, old_hash


def old_secret_ends_at(key_ends_at: datetime | None, overlap: timedelta, now: datetime) -> datetime:
    """Until when the secret that a rotation replaces counts: for the overlap, but never longer than the key."""
    return now + overlap if key_ends_at is None else min(now + overlap, key_ends_at)


def use_to_note(used_at: datetime | None, now: datetime) -> bool:
    """Whether the last use that was written down is so long ago that this one is written too."""
    return used_at is None or now - used_at >= USE_NOTED_EVERY


def check_expiry(ends_at: datetime | None, now: datetime) -> None:
    """Refuses an end for a new key that has passed already. Raises Invalid at ``/expires_at``."""
    if has_ended(ends_at, now):
        raise Invalid.at("/expires_at", "Name an instant in the future.", "请填写将来的时间。")


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What an audit entry keeps of an edit: each field that differs, with its old and new value."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: {"from": before.get(name), "to": after.get(name)} for name in names}


def merged(before: Mapping[str, Any], changes: TenantChanges) -> dict[str, Any]:
    """A brand's settings after a change; what was cleared is left out."""
    return {name: value for name, value in {**before, **fields_set(changes)}.items() if value is not None}
