"""Who is calling, and whom a route lets in."""

import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from chalicelib.kernel.errors import Forbidden, Unauthenticated
from chalicelib.kernel.ids import secret_hash
from chalicelib.kernel.principal import ANONYMOUS, ROLES, Kind, Principal, signed_out


@dataclass(frozen=True, slots=True)
class ApiKeyIdentity:
    """An API key: the SHA-256 (hex) of each secret that counts now, never a secret, and what it may do now.

    The newest secret is the first; ``fresh`` says that it was not used yet. ``keeper`` is the staff member who answers
    for the key, empty where nobody does; ``used_at`` the last use known.
    """

    key_id: str
    tenant_id: str
    secret_hashes: tuple[str, ...]
    scopes: frozenset[str]
    name: str
    slug: str = ""
    keeper: str = ""
    used_at: datetime | None = None
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class StaffIdentity:
    """An active staff member: the roles held now, which may be fewer than when the token was issued, and how often
    they have signed out everywhere.
    """

    staff_id: str
    roles: frozenset[str]
    name: str
    sign_outs: int = 0


class Directory(Protocol):
    """What the web layer asks the tenants domain; the composition root connects the two."""

    def tenant_of_slug(self, slug: str) -> str | None:
        """The id of the active tenant with this slug."""

    def country(self, tenant_id: str) -> str | None:
        """Where the tenant is at home (ISO 3166)."""

    def api_key(self, key_id: str, now: datetime) -> ApiKeyIdentity | None:
        """A key that is neither revoked nor expired, and whose keeper is on the staff."""

    def key_used(self, key: ApiKeyIdentity, now: datetime, *, newest: bool) -> None:
        """Notes that a key was used, with its newest secret or the one before; asked at each request."""

    def staff(self, tenant_id: str, staff_id: str) -> StaffIdentity | None:
        """A staff member who is still active."""


SignOuts = Callable[[str, str], int | None]
"""How often a member (tenant's id, member's id) has signed out everywhere; None where there is no such member."""

_CREDENTIALS: dict[Kind, tuple[str, str]] = {
    "api_key": ("an API key", "API 密钥"),
    "staff": ("a staff token", "员工令牌"),
    "member": ("a member token", "会员令牌"),
    "anonymous": ("no credential", "无凭证"),
}


def _named(kinds: Collection[Kind]) -> str:
    return " or ".join(words for kind, (words, _) in _CREDENTIALS.items() if kind in kinds)


def _named_zh(kinds: Collection[Kind]) -> str:
    return "或".join(words for kind, (_, words) in _CREDENTIALS.items() if kind in kinds)


@dataclass(frozen=True, slots=True)
class Allow:
    """The callers that a route lets in: kinds of principal and, for staff and keys, the roles.

    ``checks_itself``: the use case reads the member anyway, and looks itself whether they have signed out since.
    """

    kinds: frozenset[Kind]
    roles: tuple[str, ...] = ()
    checks_itself: bool = False

    @property
    def public(self) -> bool:
        return "anonymous" in self.kinds

    @property
    def knows(self) -> bool:
        """Whether a credential is looked at."""
        return bool(self.kinds - {"anonymous"})

    def require(self, principal: Principal) -> None:
        """Raises Forbidden unless this principal may pass."""
        if self.public and (principal.kind == "anonymous" or not self.knows):
            return
        if principal.kind not in self.kinds:
            raise Forbidden(
                f"This takes {_named(self.kinds)}, not {_named((principal.kind,))}.",
                detail_zh=f"该接口需要{_named_zh(self.kinds)}，而不是{_named_zh((principal.kind,))}。",
            )
        if principal.kind == "api_key" and not principal.roles:
            raise Forbidden(
                "Whoever answers for this API key holds none of its scopes any more; who does can take it over.",
                detail_zh="该 API 密钥的负责人已不具备其任何权限，请由具备权限的同事接管。",
            )
        if principal.kind != "member" and not principal.has(*self.roles):
            needed = ", ".join(dict.fromkeys(("owner", *self.roles)))
            raise Forbidden(
                f"One of these roles is needed: {needed}.",
                detail_zh=f"需要以下角色之一：{needed}。",
            )

    def describe(self) -> str:
        """One sentence for the API document."""
        if self.public and not self.knows:
            return "Anyone; no credential is needed."
        roles = " or ".join(dict.fromkeys(("owner", *self.roles)))
        parts = [f"API key or staff token with role {roles}"] if "api_key" in self.kinds else []
        parts += ["staff token"] if self.kinds & {"staff", "api_key"} == {"staff"} else []
        parts += ["member token of this store"] if "member" in self.kinds else []
        parts += ["no credential"] if self.public else []
        return "; or ".join(parts) + "."

    def describe_zh(self) -> str:
        """The same in Chinese."""
        if self.public and not self.knows:
            return "无需凭证。"
        roles = "、".join(dict.fromkeys(("owner", *self.roles)))
        parts = [f"API 密钥或员工令牌，角色为 {roles} 之一"] if "api_key" in self.kinds else []
        parts += ["员工令牌"] if self.kinds & {"staff", "api_key"} == {"staff"} else []
        parts += ["本店会员令牌"] if "member" in self.kinds else []
        parts += ["无需凭证"] if self.public else []
        return "；或".join(parts) + "。"


def anyone() -> Allow:
    """No credential is needed."""
    return Allow(frozenset({"anonymous"}))


def known_or_not(*roles: str) -> Allow:
    """Anyone; but who sends a credential is taken for whom it names: members, and staff or API keys with a role."""
    _known(roles)
    return Allow(frozenset({"anonymous", "member", "staff", "api_key"}), roles)


def staff(*roles: str) -> Allow:
    """Staff or API keys of the tenant with one of these roles; owners always."""
    _known(roles)
    return Allow(frozenset({"staff", "api_key"}), roles)


def member(*, checks_itself: bool = False) -> Allow:
    """Signed-in members of the store; see Allow for ``checks_itself``."""
    return Allow(frozenset({"member"}), checks_itself=checks_itself)


def signed_in(*kinds: Literal["staff", "member"]) -> Allow:
    """People who came with a token of their own, in whatever role: no API key."""
    return Allow(frozenset(kinds), ROLES)


def staff_or_member(*roles: str) -> Allow:
    """Staff with one of the roles, or a member whom the use case then examines (a leader at the pickup point)."""
    _known(roles)
    return Allow(frozenset({"staff", "api_key", "member"}), roles)


def _known(roles: tuple[str, ...]) -> None:
    if unknown := set(roles) - set(ROLES):
        raise ValueError(f"unknown roles: {unknown}")


def authenticate(
    header: str | None, directory: Directory, verify_token: Callable[[str], Principal], now: datetime
) -> Principal:
    """The principal behind an ``Authorization`` header; ANONYMOUS without one. Raises Unauthenticated."""
    if not header:
        return ANONYMOUS
    scheme, _, credential = header.partition(" ")
    credential = credential.strip()
    if scheme.lower() != "bearer" or not credential:
        raise Unauthenticated(
            "Send the header Authorization: Bearer <API key or token>.",
            detail_zh="请在请求头 Authorization 中填写 Bearer <API 密钥或令牌>。",
        )
    if credential.startswith("lt_"):
        return _api_key(credential, directory, now)
    principal = verify_token(credential)
    return as_of_now(principal, directory) if principal.kind == "staff" else principal


def as_of_now(principal: Principal, directory: Directory) -> Principal:
    """A staff member by their token, with the roles that they have now. Raises Unauthenticated for who has left, or has
    signed out everywhere since.
    """
    found = directory.staff(principal.tenant_id, principal.id)
    if found is None or found.sign_outs > principal.sign_outs:
        raise signed_out()
    return replace(principal, roles=found.roles, name=found.name, person=found.staff_id)


def check_signed_in(principal: Principal, sign_outs: SignOuts) -> None:
    """Raises Unauthenticated for a member who has signed out everywhere since the token was issued, or is no more."""
    found = sign_outs(principal.tenant_id, principal.id)
    if found is None or found > principal.sign_outs:
        raise signed_out()


def _api_key(credential: str, directory: Directory, now: datetime) -> Principal:
    key_id, _, secret = credential.removeprefix("lt_").partition(".")
    key = directory.api_key(key_id, now) if key_id.isalnum() and len(key_id) <= 64 else None
    # Compared even when there is no such key, and with every secret that counts, so that the time tells nothing.
    expected = key.secret_hashes if key else (secret_hash(""),)
    given = secret_hash(secret)
    matches = [hmac.compare_digest(each, given) for each in expected]
    if key is None or not any(matches):
        raise Unauthenticated("The credential is not valid.", detail_zh="凭证无效。")
    directory.key_used(key, now, newest=matches[0])
    return Principal("api_key", key.tenant_id, key.key_id, key.scopes, key.name, key.slug, key.keeper)
