"""Passwordless sign-in of staff and members by a code sent to their e-mail or phone.

Whether a person exists shows neither in the answer nor in the work done: known or not, the same requests go to the
database and the queue, and an unknown person's message is addressed to nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.db import Refused, Transaction, fetch_many, tenant_scope
from chalicelib.kernel.clock import zone
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.keys import Key
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET
from chalicelib.members.enrolment.service import WRITTEN_DOWN, Newcomer, join, next_ordinal
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.profiles import MemberChanges, ProfileChanges, consent_after, profile_after
from chalicelib.members.records import IdentityRecord, MemberRecord, OrdinalCounter
from chalicelib.members.service.members import edit_me
from chalicelib.members.sign_in.model import (
    CODE_LIFETIME,
    MEMBER_TOKEN_SECONDS,
    STAFF_TOKEN_SECONDS,
    Audience,
    sign_in_key,
)
from chalicelib.members.sign_in.service.codes import bad_code, draw_code, try_any, use_code
from chalicelib.notices.model.notices import Medium, Recipient, SignInCode
from chalicelib.notices.service.queueing import tell
from chalicelib.settings import secret
from chalicelib.tenants.records import StaffEmail, StaffRecord, Tenant
from chalicelib.tenants.service.directory import look_up_slug

_NO_TENANT = "0" * 26
"""Stands in for the tenant of an unknown slug, so that the same requests are made: its partitions are empty."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in request: as staff or as a member, to which store, by which address."""

    audience: Audience
    slug: str
    identity: Identity

    @property
    def key(self) -> str:
        """What the sign-in is named where its codes lie."""
        return self._named(secret("codes").current)

    @property
    def keys(self) -> Iterator[str]:
        """Its name, and the one under which a code lies that was sent before the secret was replaced."""
        return map(self._named, secret("codes").every())

    def _named(self, key: Key) -> str:
        return sign_in_key(key, self.audience, self.slug, self.identity)


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a new member says of themselves; not used for one who is a member already and has agreed to something, or
    has joined by themselves.
    """

    profile: ProfileChanges = field(default_factory=ProfileChanges)
    consent: Mapping[str, bool] = field(default_factory=dict)
    invite_code: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in as what, and for how many seconds an access token lets them."""

    audience: Audience
    principal: Principal
    seconds: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What one batch of reads finds for a sign-in."""

    tenant: Tenant | None
    identity: StaffEmail | IdentityRecord | None
    counter: OrdinalCounter | None


def send_code(sign_in: SignIn, locale: str | None, now: datetime) -> None:
    """Sends a code by the address's own channel, in ``locale`` or else the brand's language. Raises TooManyCodes."""
    tenant_id = look_up_slug(sign_in.slug) or _NO_TENANT
    with tenant_scope(tenant_id):
        known = _look_up(tenant_id, sign_in)
    code = draw_code(sign_in.key, now)
    reachable = known.tenant is not None and (sign_in.audience == "member" or known.identity is not None)
    medium: Medium = "email" if sign_in.identity.kind == "email" else "sms"
    brand_locale = known.tenant.locale if known.tenant else "en"
    to = Recipient(medium if reachable else "nobody", sign_in.identity.value, locale or brand_locale)
    notice = SignInCode(code, int(CODE_LIFETIME.total_seconds()) // 60)
    tell(tenant_id, to, notice, ("sign-in", new_id(now)), now)


def redeem(sign_in: SignIn, code: str, welcome: Welcome, now: datetime) -> SignedIn:
    """Signs in with the right code, once; a member who is new joins in the same transaction. Raises BadCode."""
    tenant_id = look_up_slug(sign_in.slug) or _NO_TENANT
    key = try_any(sign_in.keys, now)
    with tenant_scope(tenant_id):
        known = _look_up(tenant_id, sign_in)
        if sign_in.audience == "staff":
            principal = _staff_principal(known, key, code)
        else:
            principal = _member_principal(tenant_id, sign_in, known, key, code, welcome, now)
    seconds = STAFF_TOKEN_SECONDS if sign_in.audience == "staff" else MEMBER_TOKEN_SECONDS
    return SignedIn(sign_in.audience, principal, seconds)


def _look_up(tenant_id: str, sign_in: SignIn) -> _Known:
    """One batch of three reads, whoever it is."""
    staff = sign_in.audience == "staff"
    person = (
        (StaffEmail, *StaffEmail.address(tenant_id, sign_in.identity.value))
        if staff
        else (IdentityRecord, *IdentityRecord.address(tenant_id, sign_in.identity))
    )
    counter = (OrdinalCounter, *OrdinalCounter.address(tenant_id))
    return _Known(*fetch_many([(Tenant, *Tenant.address(tenant_id)), person, counter], consistent=True))


def _staff_principal(known: _Known, key: str, code: str) -> Principal:
    _use(key, code)
    if known.tenant is None or not isinstance(known.identity, StaffEmail):
        raise bad_code()
    tenant = known.tenant
    person = StaffRecord.at(tenant.id, known.identity.staff_id, consistent=True)
    if person is None:
        raise bad_code()
    name = person.name or person.email
    roles, outs = frozenset(person.roles), person.times_signed_out
    return Principal("staff", tenant.id, person.id, roles, name, tenant.slug, sign_outs=outs)


def _member_principal(
    tenant_id: str, sign_in: SignIn, known: _Known, key: str, code: str, welcome: Welcome, now: datetime
) -> Principal:
    """Uses the code and, for someone new, enrols in the same transaction."""
    if known.tenant is None:
        _use(key, code)
        raise bad_code()
    if isinstance(known.identity, IdentityRecord):
        _use(key, code)
        member = _welcomed(_member(tenant_id, int(known.identity.ordinal)), welcome, now)
    else:
        newcomer = _newcomer(sign_in.identity, known.tenant, welcome, now)
        member = _join(tenant_id, key, code, newcomer, next_ordinal(known.counter), now)
    outs = member.times_signed_out
    return Principal("member", tenant_id, member.id, name=member.name or "", slug=sign_in.slug, sign_outs=outs)


def _welcomed(member: MemberRecord, welcome: Welcome, now: datetime) -> MemberRecord:
    """Somebody whom the brand's people wrote down has said nothing yet: what they say at their first sign-in counts."""
    if member.origin != WRITTEN_DOWN or member.consent or not welcome.consent:
        return member
    return edit_me(member.tenant_id, member.id, MemberChanges(welcome.profile, welcome.consent), None, now)


def _join(tenant_id: str, key: str, code: str, newcomer: Newcomer, first: int, now: datetime) -> MemberRecord:
    """The new member; the one there is already, should an import have been faster."""

    def refuse_used_code(refusal: Refused) -> None:
        if "code" in refusal.names:
            raise bad_code() from refusal

    joined = join(
        tenant_id, [newcomer], now, first=first, along=lambda tx: use_code(tx, key, code), refused=refuse_used_code
    )
    member = joined.members.get(newcomer.identity)
    if member is None:
        _use(key, code)
        return _member(tenant_id, joined.ordinals[newcomer.identity])
    return member


def _use(key: str, code: str) -> None:
    tx = Transaction()
    use_code(tx, key, code)
    try:
        tx.commit()
    except Refused as refused:
        raise bad_code() from refused


def _member(tenant_id: str, ordinal: int) -> MemberRecord:
    member = MemberRecord.fetch(*MemberRecord.address_of_ordinal(tenant_id, ordinal), consistent=True)
    if member is None:
        raise bad_code()
    return member


def _newcomer(identity: Identity, tenant: Tenant, welcome: Welcome, now: datetime) -> Newcomer:
    return Newcomer(
        identity=identity,
        joined_on=local_date(now, zone(tenant.timezone)),
        origin=f"invite:{welcome.invite_code}" if welcome.invite_code else "sign_in",
        name=None if welcome.profile.name is UNSET else welcome.profile.name,
        profile=profile_after({}, welcome.profile),
        consent=consent_after({}, welcome.consent, now),
    )
