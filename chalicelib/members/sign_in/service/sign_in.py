"""Signing in with a code: staff and members, known and new.

Whether a person exists shows neither in the answer nor in the work done.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.db import Record, Refused, Transaction, fetch_many, tenant_scope
from chalicelib.kernel.clock import zone
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET
from chalicelib.legal_texts.errors import TextChanged
from chalicelib.legal_texts.model import Accepted
from chalicelib.members.enrolment.model import Arrival
from chalicelib.members.enrolment.service import Newcomer, admitted, join, next_ordinal
from chalicelib.members.linking.service.claiming import claim, remember
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.profiles import ProfileChanges, consent_after, profile_after
from chalicelib.members.records import IdentityRecord, MemberRecord, OrdinalCounter
from chalicelib.members.service.members import accept, check_favourite
from chalicelib.members.sign_in.model import (
    MEMBER_TOKEN_SECONDS,
    STAFF_TOKEN_SECONDS,
    Asking,
    Audience,
    SignInGuessed,
    ways_of_warning,
)
from chalicelib.members.sign_in.records import SignInCode
from chalicelib.members.sign_in.service.codes import bad_code, count_try_of_any, is_alive, place_of, use_code
from chalicelib.members.sign_in.service.letting_in import Invite, LettingIn
from chalicelib.members.sign_in.service.people import NO_TENANT, SignIn, destination
from chalicelib.notices.suppression.records import SuppressedAddress
from chalicelib.notices.suppression.service import lift, look_at
from chalicelib.notices.telling.service import tell_address
from chalicelib.rate_limits.model import LimitReached
from chalicelib.rate_limits.service import take
from chalicelib.telemetry import logger
from chalicelib.tenants.records import StaffEmail, StaffRecord, Tenant
from chalicelib.tenants.service.confirming import confirm_owner
from chalicelib.tenants.service.directory import look_up_slug


@dataclass(frozen=True, slots=True)
class Welcome:
    """What a new member says of themselves; not used for one who has signed in before, but for the legal texts that
    they have ``accepted``.

    ``locale`` is the language that they joined in, None where they named none: they then read the brand's. ``link`` is
    the code of the link that led them to the shop.
    """

    profile: ProfileChanges = field(default_factory=ProfileChanges)
    consent: Mapping[str, bool] = field(default_factory=dict)
    invite_code: str | None = None
    link: str | None = None
    locale: str | None = None
    accepted: Sequence[Accepted] = ()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in as what, and for how many seconds an access token lets them. ``invite`` is what became of the
    invite code: it brought a new member, or somebody invited whom the brand had written down, or ``not_new`` where
    they were one before, which changes nothing. ``joined`` is whether they became a member by it.
    """

    audience: Audience
    principal: Principal
    seconds: int
    invite: Invite = None
    joined: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What one batch of reads finds for a sign-in; ``reference`` is of a member whom a file of earlier days named by
    the address, ``address`` says whether mail to it has stopped, and ``code`` whether the code is right.
    """

    tenant: Tenant | None
    identity: StaffEmail | IdentityRecord | None
    counter: OrdinalCounter | None
    reference: IdentityRecord | None
    address: SuppressedAddress | None
    code: SignInCode | None = None


def redeem(sign_in: SignIn, code: str, handle: str | None, welcome: Welcome, now: datetime) -> SignedIn:
    """Signs in with the right code, once; a member who is new joins in the same transaction, if the store lets them.

    Raises BadCode, and of who is new what ``members.enrolment.errors`` names: the code is not used up by that.
    """
    tenant_id = look_up_slug(sign_in.slug) or NO_TENANT
    with tenant_scope(tenant_id):
        check_favourite(tenant_id, welcome.profile)
    asking = try_code(tenant_id, sign_in, code, handle, now)
    with tenant_scope(tenant_id):
        known = _look_up(tenant_id, sign_in, place_of(asking, code))
        invite: Invite = None
        if sign_in.audience == "staff":
            principal = _staff_principal(known, asking, code, now)
        else:
            principal, invite = _member_principal(tenant_id, sign_in, known, asking, code, welcome, now)
            if welcome.accepted:
                with suppress(TextChanged):  # they are asked once more
                    accept(tenant_id, principal.id, welcome.accepted)
        _lift(known.address, now)
    seconds = STAFF_TOKEN_SECONDS if sign_in.audience == "staff" else MEMBER_TOKEN_SECONDS
    joined = sign_in.audience == "member" and known.identity is None and known.reference is None
    return SignedIn(sign_in.audience, principal, seconds, invite, joined)


def try_code(tenant_id: str, sign_in: SignIn, code: str, handle: str | None, now: datetime) -> Asking:
    """Counts a try of a code; ``use_code`` uses it. Raises BadCode, and warns whoever it was sent to of many wrong
    ones.
    """
    try:
        return count_try_of_any(sign_in.askings_to_try, handle, code, now)
    except LimitReached as reached:
        if reached.limit == sign_in.asking.guesses[0].limit:
            _warn(tenant_id, sign_in, now)
        raise bad_code() from reached


def _lift(known: SuppressedAddress | None, now: datetime) -> None:
    """Has mail go to the address again. The code is used up by now, so that this fails keeps nobody out: the next
    sign-in does it.
    """
    try:
        lift(known, now)
    except Exception:  # noqa: BLE001 - see above
        logger.exception("suppression_not_lifted")


def _warn(tenant_id: str, sign_in: SignIn, now: datetime) -> None:
    """Tells the person at the address that codes are guessed there, once a day."""
    asking = sign_in.asking
    try:
        take([asking.warning], now)
    except LimitReached:
        return
    with tenant_scope(tenant_id):
        known = _look_up(tenant_id, sign_in)
    to = destination(sign_in, known.tenant, known.identity, None)
    if known.identity is None:
        to = replace(to, medium="nobody")
    brand = known.tenant.name if known.tenant else ""
    tell_address(tenant_id, to, SignInGuessed(brand), ("sign-in-guessed", new_id(now)), now, ways_of_warning(asking))


def _look_up(tenant_id: str, sign_in: SignIn, *code: tuple[type[Record], str, str]) -> _Known:
    """One batch of reads, the same whoever it is."""
    counter = (OrdinalCounter, *OrdinalCounter.address(tenant_id))
    reference = (IdentityRecord, *IdentityRecord.address(tenant_id, Identity("ref", sign_in.identity.value)))
    wanted: list[tuple[type[Record], str, str]] = [
        (Tenant, *Tenant.address(tenant_id)),
        sign_in.person(tenant_id),
        counter,
        reference,
        look_at(tenant_id, "email" if sign_in.identity.kind == "email" else "sms", sign_in.identity.value),
        *code,
    ]
    return _Known(*fetch_many(wanted, consistent=True))


def _staff_principal(known: _Known, asking: Asking, code: str, now: datetime) -> Principal:
    _use(asking, code, now)
    if known.tenant is None or not isinstance(known.identity, StaffEmail):
        raise bad_code()
    tenant = known.tenant
    person = StaffRecord.at(tenant.id, known.identity.staff_id, consistent=True)
    if person is None:
        raise bad_code()
    if "owner" in person.roles:
        confirm_owner(tenant.id, person.email, now)
    name = person.name or person.email
    roles, outs = frozenset(person.roles), person.times_signed_out
    return Principal("staff", tenant.id, person.id, roles, name, tenant.slug, sign_outs=outs)


def _member_principal(
    tenant_id: str, sign_in: SignIn, known: _Known, asking: Asking, code: str, welcome: Welcome, now: datetime
) -> tuple[Principal, Invite]:
    """Uses the code and, for someone new, enrols in the same transaction."""
    if known.tenant is None:
        _use(asking, code, now)
        raise bad_code()
    newcomer = _newcomer(sign_in.identity, known.tenant, welcome, now)
    letting_in = LettingIn(tenant_id, Arrival(sign_in.identity, sign_in.source, welcome.invite_code, welcome.link), now)
    admit, redeem = letting_in.admit, letting_in.redeem
    if isinstance(known.identity, IdentityRecord):
        _use(asking, code, now)
        member = claim(tenant_id, newcomer, now, known.identity, admit=admit, redeem=redeem)
    elif known.reference is not None:
        _use(asking, code, now)
        remember(tenant_id, sign_in.identity)
        member = claim(tenant_id, newcomer, now, admit=admit, redeem=redeem)
    else:
        if not is_alive(known.code, now):
            _use(asking, code, now)  # which is refused: what the store says of who is new is for them alone
        member = _join(tenant_id, asking, code, newcomer, letting_in, next_ordinal(known.counter), now)
    outs = member.times_signed_out
    principal = Principal("member", tenant_id, member.id, name=member.name or "", slug=sign_in.slug, sign_outs=outs)
    return principal, letting_in.invite(member)


def _join(
    tenant_id: str, asking: Asking, code: str, newcomer: Newcomer, letting_in: LettingIn, first: int, now: datetime
) -> MemberRecord:
    """The new member; the one there is already, should an import have been faster."""
    admission = letting_in.admit()

    def refuse_used_code(refusal: Refused) -> None:
        if "code" in refusal.names:
            raise bad_code() from refusal
        admission.refused(refusal)

    def use(tx: Transaction) -> None:
        use_code(tx, asking, code, now)
        admission.along(tx)

    newcomer = admitted(newcomer, admission)
    joined = join(tenant_id, [newcomer], now, first=first, along=use, refused=refuse_used_code)
    member = joined.members.get(newcomer.identity)
    if member is None:
        _use(asking, code, now)
        return claim(tenant_id, newcomer, now, redeem=letting_in.redeem)
    return member


def _use(asking: Asking, code: str, now: datetime) -> None:
    tx = Transaction()
    use_code(tx, asking, code, now)
    try:
        tx.commit()
    except Refused as refused:
        raise bad_code() from refused


def _newcomer(identity: Identity, tenant: Tenant, welcome: Welcome, now: datetime) -> Newcomer:
    return Newcomer(
        identity=identity,
        joined_on=local_date(now, zone(tenant.timezone)),
        origin="sign_in",
        name=None if welcome.profile.name is UNSET else welcome.profile.name,
        profile=profile_after({}, welcome.profile),
        consent=consent_after({}, welcome.consent, now),
        locale=welcome.locale,
    )
