"""The codes that prove identities: sent, counted, used with the change."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from chalicelib.db import Refused, Transaction, change, fetch_many
from chalicelib.kernel.ids import digits_code, new_id
from chalicelib.members.identity_changes.model import (
    LIFETIME,
    TRIES,
    WINDOW,
    Asked,
    CodesRefused,
    Holder,
    IdentityCode,
    IdentityTaken,
    Side,
    code_digest,
)
from chalicelib.members.identity_changes.records import IdentityChange
from chalicelib.members.model.addresses import country_of_number
from chalicelib.members.model.identities import Identity, person_of
from chalicelib.members.sign_in.model import DIGITS, MORE_DIGITS, Store, of_newcomers
from chalicelib.notices.model.notices import Destination, Medium
from chalicelib.notices.records import ConfirmedBrand
from chalicelib.notices.telling.service import tell_address
from chalicelib.rate_limits.model import Budget
from chalicelib.rate_limits.service import is_spent, look_at, spend
from chalicelib.settings import secret
from chalicelib.tenants.records import Tenant

IDENTITY, CODES = "identity", "codes"
"""The operations of a change that make the new identity unique, and use the codes up."""


def send_codes(
    holder: Holder, proof: Identity | None, wanted: Identity, tenant: Tenant, locale: str, source: str, now: datetime
) -> None:
    """Sends a code to the new identity and, where there is one to prove, to the person's own; earlier ones no longer
    work. Whether the new one belongs to somebody is not looked at, so nothing tells. Raises TooManyIdentityCodes.
    """
    to: dict[Side, Identity] = {"own": proof, "new": wanted} if proof else {"new": wanted}
    guesses, confirmed = fetch_many(
        [look_at(holder.guesses, now), (ConfirmedBrand, *ConfirmedBrand.address(tenant.id))], consistent=True
    )
    digits = MORE_DIGITS if is_spent(holder.guesses, guesses) else DIGITS
    codes = {side: digits_code(digits) for side in to}
    change(partial(IdentityChange.of, holder), partial(_keep, holder, codes, wanted, now))
    store = Store(tenant.id, confirmed is not None, tenant.timezone, tenant.locale)
    for side, identity in to.items():
        notice = IdentityCode(codes[side], wanted.value, int(LIFETIME.total_seconds()) // 60)
        cause, ways = ("identity-code", new_id(now)), [_budgets(identity, store, source)]
        tell_address(holder.tenant_id, destination(identity, locale), notice, cause, now, ways)


def _budgets(identity: Identity, store: Store, source: str) -> list[Budget]:
    """Those of a code for a newcomer: whose an identity is that somebody names is not known, so the same is spent."""
    person = identity.kind, person_of(identity)
    country = country_of_number(identity.value) if identity.kind == "phone" else None
    return [
        *([Budget.of("texts_a_day", "newcomers")] if identity.kind == "phone" else []),
        Budget.of("messages_a_recipient", *person),
        Budget.of("messages_a_recipient_and_source", *person, source),
        *of_newcomers(identity, store, country),
    ]


def _keep(
    holder: Holder,
    codes: Mapping[Side, str],
    wanted: Identity,
    now: datetime,
    earlier: IdentityChange | None,
    tx: Transaction,
) -> None:
    asked = (earlier.asked if earlier else Asked(0, now)).once_more(now)
    key = secret("codes").current
    digests = {f"{side}_digest": code_digest(key.value, holder, side, wanted, code) for side, code in codes.items()}
    record = IdentityChange(
        *IdentityChange.address(holder),
        **digests,
        key_id=key.id,
        ends_at=now + LIFETIME,
        asked_times=asked.times,
        asked_since=asked.since,
        expires_at=int((now + WINDOW).timestamp()),
    )
    if earlier is None:
        tx.create("codes", record)
    else:
        record.rev = earlier.rev
        tx.replace("codes", record)


def destination(identity: Identity, locale: str) -> Destination:
    """How the holder of an identity is reached."""
    medium: Medium = "email" if identity.kind == "email" else "sms"
    return Destination(medium, identity.value, locale)


def tried(holder: Holder, codes: Mapping[Side, str], wanted: Identity, now: datetime) -> dict[Side, str]:
    """Counts a try at the codes, before they are looked at, and says what would be stored of them. Raises CodesRefused
    when no try is left, or none of the day with codes so short, or it is late: that is decided here, since the table's
    own expiry deletes hours later.
    """
    found = IdentityChange.of(holder)
    key = secret("codes").find(found.key_id) if found else None
    if key is None:
        raise _codes_refused()
    tx = Transaction()
    tx.update(
        "try",
        IdentityChange,
        *IdentityChange.address(holder),
        actions=[IdentityChange.tries.add(1)],
        condition=(IdentityChange.tries < TRIES) & (IdentityChange.ends_at > now),
    )
    if any(len(code) < MORE_DIGITS for code in codes.values()):
        spend(tx, [holder.guesses], now)
    try:
        tx.commit()
    except Refused as refused:
        raise _codes_refused() from refused
    return {side: code_digest(key.value, holder, side, wanted, code) for side, code in codes.items()}


def use(tx: Transaction, holder: Holder, digests: Mapping[Side, str]) -> None:
    """Adds the use of the codes to the transaction of the change: refused unless they are these, and still unused."""
    own, new = IdentityChange.own_digest, IdentityChange.new_digest
    proved = own == digests["own"] if "own" in digests else own.does_not_exist()
    tx.update(
        CODES,
        IdentityChange,
        *IdentityChange.address(holder),
        actions=[own.remove(), new.remove(), IdentityChange.rev.add(1)],
        condition=(new == digests["new"]) & proved,
    )


def refuse(refusal: Refused) -> None:
    """Raises CodesRefused, or IdentityTaken: only to who has proved that the identity is theirs."""
    if CODES in refusal.names:
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
