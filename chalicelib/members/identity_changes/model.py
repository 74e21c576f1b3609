"""Who proves what before an identity is replaced. Pure."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal

from chalicelib.kernel.errors import Conflict, Invalid
from chalicelib.kernel.keys import Key
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.masking import masked_phone

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


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose identity is replaced: a member, or someone on the staff."""

    kind: Literal["member", "staff"]
    tenant_id: str
    id: str


def proof_name(key: Key, holder: Holder, side: Side, wanted: Identity) -> str:
    """Names a code in the PlatformTable without naming the person; it begins with the id of the key.

    The code to one's own identity has one name whatever is wanted: so its limit is that of all changes together.
    """
    parts = ["identity change", holder.kind, holder.tenant_id, holder.id, side]
    parts += [wanted.kind, wanted.value] if side == "new" else []
    return f"{key.id}.{hmac.digest(key.value, chr(0).join(parts).encode(), hashlib.sha256).hex()}"


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
