"""Requests for sign-in codes.

Whether a person exists shows neither in the answer nor in the work done: known or not, the same requests go to the
database and the queue, and an unknown person's message is addressed to nobody. What holds a message back is decided
when it is sent, where the asker sees nothing of it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.db import Record, fetch_many, tenant_scope
from chalicelib.kernel.ids import new_id
from chalicelib.members.model.addresses import country_of_number
from chalicelib.members.records import IdentityRecord
from chalicelib.members.sign_in.model import (
    CODE_LIFETIME,
    Asking,
    SignInCode,
    Store,
    ways_of_code,
)
from chalicelib.members.sign_in.records import SignedInBefore
from chalicelib.members.sign_in.service.codes import draw_code
from chalicelib.members.sign_in.service.people import NO_TENANT, SignIn, destination
from chalicelib.notices.records import ConfirmedBrand
from chalicelib.notices.telling.service import tell_address
from chalicelib.rate_limits.model import Ways
from chalicelib.rate_limits.service import is_spent, look_at
from chalicelib.tenants.records import StaffEmail, Tenant
from chalicelib.tenants.service.directory import look_up_slug


@dataclass(frozen=True, slots=True)
class _KnownToAsk:
    """What one batch of reads finds for a request of a code."""

    tenant: Tenant | None
    identity: StaffEmail | IdentityRecord | None
    confirmed: ConfirmedBrand | None
    before: bool
    guessed: bool


def send_code(sign_in: SignIn, locale: str | None, now: datetime) -> str:
    """Sends a code by the address's own channel, in ``locale`` or else the brand's language; answers the handle to try
    it with.

    Where enough codes are alive, no further one is sent. Raises TooManyCodes or LimitReached.
    """
    asking = sign_in.asking
    tenant_id = look_up_slug(sign_in.slug) or NO_TENANT
    with tenant_scope(tenant_id):
        known = _look_up_to_ask(tenant_id, sign_in, asking, now)
    drawn = draw_code(asking, now, longer=known.guessed)
    to = destination(sign_in, known.tenant, known.identity, locale)
    if not drawn.alive:
        to = replace(to, medium="nobody")
    notice = SignInCode(drawn.code, int(CODE_LIFETIME.total_seconds()) // 60)
    tell_address(tenant_id, to, notice, ("sign-in", new_id(now)), now, _ways(tenant_id, asking, known))
    return drawn.handle


def _ways(tenant_id: str, asking: Asking, known: _KnownToAsk) -> Ways:
    timezone, locale = (known.tenant.timezone, known.tenant.locale) if known.tenant else ("", "")
    store = Store(tenant_id, known.confirmed is not None, timezone, locale)
    country = country_of_number(asking.identity.value) if asking.identity.kind == "phone" else None
    registered = known.identity is not None
    return ways_of_code(asking, store, country, known=known.before, registered=registered)


def _look_up_to_ask(tenant_id: str, sign_in: SignIn, asking: Asking, now: datetime) -> _KnownToAsk:
    """One batch of six reads, whoever it is; of one more while a secret is being replaced."""
    guesses = [look_at(budget, now) for budget in asking.guesses]
    wanted: list[tuple[type[Record], str, str]] = [
        (Tenant, *Tenant.address(tenant_id)),
        sign_in.person(tenant_id),
        (ConfirmedBrand, *ConfirmedBrand.address(tenant_id)),
        *guesses,
        *((SignedInBefore, *SignedInBefore.address(each.key)) for each in sign_in.askings),
    ]
    tenant, person, confirmed, *found = fetch_many(wanted, consistent=True)
    spent, before = found[: len(guesses)], any(found[len(guesses) :])
    guessed = any(is_spent(budget, found) for budget, found in zip(asking.guesses, spent, strict=True))
    return _KnownToAsk(tenant, person, confirmed, before, guessed)
