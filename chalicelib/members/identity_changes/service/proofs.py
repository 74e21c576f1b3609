"""The codes that prove identities: sent, counted, used with the change."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.ids import new_id
from chalicelib.members.identity_changes.model import CodesRefused, Holder, IdentityTaken, Side, proof_name
from chalicelib.members.model.identities import Identity
from chalicelib.members.sign_in.model import CODE_LIFETIME, BadCode
from chalicelib.members.sign_in.service.codes import draw_code, try_any, use_code
from chalicelib.notices.model.notices import IdentityCode, Medium, Recipient
from chalicelib.notices.service.queueing import tell
from chalicelib.settings import secret
from chalicelib.tenants.records import Tenant

IDENTITY = "identity"
"""The operation that makes the new identity unique, in the transaction of the change."""


def send_codes(
    holder: Holder, proof: Identity | None, wanted: Identity, tenant: Tenant, locale: str, now: datetime
) -> None:
    """Sends a code to the new identity and, where there is one to prove, to the person's own. Whether the new one
    belongs to somebody is not looked at, so nothing tells. Raises TooManyCodes.
    """
    to: dict[Side, Identity] = {"own": proof, "new": wanted} if proof else {"new": wanted}
    for side, identity in to.items():
        code = draw_code(proof_name(secret("codes").current, holder, side, wanted), now)
        notice = IdentityCode(tenant.name, code, wanted.value, int(CODE_LIFETIME.total_seconds()) // 60)
        tell(holder.tenant_id, recipient(identity, locale), notice, ("identity-code", new_id(now)), now)


def recipient(identity: Identity, locale: str) -> Recipient:
    """How the holder of an identity is reached."""
    medium: Medium = "email" if identity.kind == "email" else "sms"
    return Recipient(medium, identity.value, locale)


def tried(holder: Holder, codes: Mapping[Side, str], wanted: Identity, now: datetime) -> dict[Side, str]:
    """Counts a try at each code, before any is looked at; the names under which they lie. Raises CodesRefused."""
    try:
        return {
            side: try_any((proof_name(key, holder, side, wanted) for key in secret("codes").every()), now)
            for side in codes
        }
    except BadCode as refused:
        raise _codes_refused() from refused


def use(tx: Transaction, names: Mapping[Side, str], codes: Mapping[Side, str]) -> None:
    """Adds the use of the codes to the transaction of the change."""
    for side, code in codes.items():
        use_code(tx, names[side], code, f"{side}-code")


def refuse(refusal: Refused) -> None:
    """Raises CodesRefused, or IdentityTaken: only to who has proved that the identity is theirs."""
    if {"own-code", "new-code"} & refusal.names:
        raise _codes_refused() from refusal
    if IDENTITY in refusal.names:
        raise IdentityTaken(
            "You have proved that this is yours, but another account here signs in with it. Sign in with it instead, "
            "or ask the store to help.",
            detail_zh="您已证明其归您所有，但本店另一账号正在使用它登录。请直接用它登录，或联系商家协助。",
        ) from refusal


def _codes_refused() -> CodesRefused:
    return CodesRefused(
        "A code is wrong, used, or older than ten minutes; check them, or ask for new ones.",
        detail_zh="验证码错误、已使用或已超过十分钟，请核对或重新获取。",
    )
