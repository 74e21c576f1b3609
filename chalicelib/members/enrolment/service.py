"""How members come into being: an identity nobody else has, and the next ordinal, in one transaction.

The counter of ordinals is written together with the members that take them, on the condition that nobody drew in
between. So ordinals have no gap and no double, and an attempt that loses the race writes nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from pynamodb.expressions.update import Action

from chalicelib.db import Refused, Transaction, fetch_many
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.local_day import local_date
from chalicelib.members.birthdays.service import standing as birthdays
from chalicelib.members.consents import service as consents
from chalicelib.members.enrolment.model import Admission
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.model.searching import Called, entries_of
from chalicelib.members.model.status import IMPORTED, UNPROVED, WRITTEN_DOWN
from chalicelib.members.records import IdentityRecord, MemberRecord, OrdinalCounter
from chalicelib.members.search.service import index
from chalicelib.tenants.service.brand import get_tenant

MOST_AT_ONCE = 49
"""Two items a member and the counter: 99 of the 100 operations that a transaction takes. Fewer where members are found
by a name or an address, which are items of their own."""

MOST_SETBACKS = 50
"""How often in a row someone else may draw first. Each time is one request; among sixteen at once it is a dozen."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Someone about to become a member. ``origin`` says how: ``sign_in``, ``import``, ``staff``, ``invite:<code>``;
    ``locale`` is the language that they chose, where they did, and ``others`` are further identities that lead to them.
    ``brought_by`` names the import and its row, ``consent_note`` is what that row says of their consent. ``joined_by``,
    ``referred_by`` and ``channel_id`` are what is kept of how somebody was let in, see ``Admission``. ``ordered`` are
    the first and the last local day of their orders, of whom an import brings those.
    """

    identity: Identity
    joined_on: date
    origin: str
    name: str | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)
    consent: Mapping[str, Any] = field(default_factory=dict)
    locale: str | None = None
    others: tuple[Identity, ...] = ()
    brought_by: str | None = None
    consent_note: str | None = None
    joined_by: str | None = None
    referred_by: str | None = None
    channel_id: str | None = None
    ordered: tuple[date, date] | None = None

    @property
    def identities(self) -> tuple[Identity, ...]:
        return (self.identity, *self.others)

    @property
    def items(self) -> int:
        """So many items are written for them."""
        values = {each.kind: each.value for each in self.identities}
        email, phone = values.get("email"), values.get("phone")
        recipient = 1 if email or phone else 0
        said = len(self.consent) + (2 if "birthday" in self.profile else 0)
        return 1 + recipient + said + len(self.identities) + len(entries_of(Called(self.name, email, phone)))


def admitted(newcomer: Newcomer, admission: Admission) -> Newcomer:
    """Somebody new with what is kept of how they were let in."""
    return replace(
        newcomer, origin=admission.origin, joined_by=admission.joined_by, referred_by=admission.referred_by,
        channel_id=admission.channel_id,
    )  # fmt: skip


def next_ordinal(counter: OrdinalCounter | None) -> int:
    """The ordinal that the counter gives out next."""
    return int(counter.next) if counter else 0


def ordinals_given(tenant_id: str) -> int:
    """How many ordinals the tenant has given out: 0 up to this number, without a gap."""
    return next_ordinal(OrdinalCounter.fetch(*OrdinalCounter.address(tenant_id), consistent=True))


@dataclass(frozen=True, slots=True)
class OfBefore:
    """What a tenant has of earlier editions: so many ordinals, from 0 on, were given out before members were found by
    name and address; ``orders`` where members were there before histories of orders were kept.
    """

    ordinals: int
    orders: bool


def of_before(tenant_id: str) -> OfBefore:
    """Of a tenant, as its counter of ordinals says."""
    counter = OrdinalCounter.fetch(*OrdinalCounter.address(tenant_id), consistent=True)
    known = counter.known_from if counter else None
    orders = counter is not None and not counter.histories
    return OfBefore(next_ordinal(counter) if known is None else int(known), orders)


_FROM_THE_FIRST: list[Action] = [OrdinalCounter.known_from.set(0), OrdinalCounter.histories.set(True)]
"""What a tenant whose first member joins now has of all its members."""


def add_members(
    tx: Transaction, tenant_id: str, first: int, newcomers: Sequence[Newcomer], now: datetime
) -> list[MemberRecord]:
    """Adds members with the ordinals from ``first`` on. The commit is refused at ``ordinals`` when ``first`` is taken,
    at ``identity:<i>`` when the i-th newcomer's identity is, and at ``other:<i>:<n>`` when another of theirs is."""
    counter = OrdinalCounter.next
    tx.update(
        "ordinals",
        OrdinalCounter,
        *OrdinalCounter.address(tenant_id),
        actions=[counter.set(first + len(newcomers)), *([] if first else _FROM_THE_FIRST)],
        condition=(counter == first) if first else counter.does_not_exist(),
    )
    members = [_drafted(tenant_id, first + i, newcomer, now) for i, newcomer in enumerate(newcomers)]
    for i, (newcomer, member) in enumerate(zip(newcomers, members, strict=True)):
        index(tx, member)
        birthdays.keep(tx, member, None, now)
        consents.note(tx, member, None)
        tx.create(f"member:{i}", member)
        for n, identity in enumerate(newcomer.identities):
            name = f"other:{i}:{n}" if n else f"identity:{i}"
            tx.create(name, identity_record(tenant_id, identity, first + i, named=newcomer.origin in UNPROVED))
    return members


def identity_record(tenant_id: str, identity: Identity, ordinal: int, *, named: bool) -> IdentityRecord:
    """What leads from an identity to a member; ``named`` where it is an address that nobody has proved."""
    unproved = True if named and identity.kind != "ref" else None
    return IdentityRecord(*IdentityRecord.address(tenant_id, identity), ordinal=ordinal, named=unproved)


def _drafted(tenant_id: str, ordinal: int, newcomer: Newcomer, now: datetime) -> MemberRecord:
    identifier = member_id(tenant_id, ordinal)
    member = MemberRecord(
        *MemberRecord.address(tenant_id, identifier),
        ordinal=ordinal,
        name=newcomer.name,
        locale=newcomer.locale,
        joined_on=newcomer.joined_on,
        profile=dict(newcomer.profile),
        consent=dict(newcomer.consent),
        origin=newcomer.origin,
        brought_by=newcomer.brought_by,
        consent_note=newcomer.consent_note,
        joined_by=newcomer.joined_by,
        referred_by=newcomer.referred_by,
        channel_id=newcomer.channel_id,
    )
    if newcomer.ordered is not None:
        member.first_ordered_on, member.last_ordered_on = newcomer.ordered
        member.last_active_on = member.last_ordered_on
    for identity in newcomer.identities:
        setattr(member, attribute_of(identity), identity.value)
    names = ("joined_by", "referred_by")
    known: dict[str, Any] = {name: value for name in names if (value := getattr(newcomer, name)) is not None}
    if member.email is None:
        known["email"] = False
    member.emit("member.joined", now, member_id=identifier, ordinal=ordinal, **known)
    return member


def attribute_of(identity: Identity) -> str:
    """Where an identity stands on its member's record."""
    return "external_ref" if identity.kind == "ref" else identity.kind


def find_or_create_by_ref(
    tenant_id: str, refs: Sequence[str], now: datetime, joined_on: Mapping[str, date] | None = None
) -> dict[str, MemberRecord]:
    """The members with these external references, by reference; those the tenant did not have join.

    See :func:`ordinals_by_ref`, which reads half as much for those who need no more than the ordinals.
    """
    ordinals = ordinals_by_ref(tenant_id, refs, now, joined_on)
    addresses = [(MemberRecord, *MemberRecord.address_of_ordinal(tenant_id, n)) for n in ordinals.values()]
    return dict(zip(ordinals, fetch_many(addresses, consistent=True), strict=True))


def ordinals_by_ref(
    tenant_id: str, refs: Sequence[str], now: datetime, joined_on: Mapping[str, date] | None = None
) -> dict[str, int]:
    """The ordinals of the members with these external references, by reference; those the tenant did not have join.

    Safe to repeat and to run at the same time. ``joined_on`` (local dates, by reference) is kept for those who join
    here; without one it is today in the tenant's zone. Raises Unavailable when others keep drawing ordinals first.
    """
    identities = [Identity("ref", ref) for ref in dict.fromkeys(refs)]
    ordinals = find_ordinals(tenant_id, identities)
    missing = [identity for identity in identities if identity not in ordinals]
    if missing:
        today = local_date(now, zone(get_tenant(tenant_id).timezone))
        dates = joined_on or {}
        newcomers = [Newcomer(who, dates.get(who.value, today), IMPORTED) for who in missing]
        ordinals |= enrol(tenant_id, newcomers, now)
    return {identity.value: ordinals[identity] for identity in identities}


def find_ordinals(tenant_id: str, identities: Sequence[Identity]) -> dict[Identity, int]:
    """The ordinals behind identities; unknown ones are left out."""
    records = fetch_many([(IdentityRecord, *IdentityRecord.address(tenant_id, who)) for who in identities])
    return {who: int(record.ordinal) for who, record in zip(identities, records, strict=True) if record}


def find_by_phone(tenant_id: str, phone: str) -> str | None:
    """The id of the member with a phone number (E.164); None where there is none."""
    who = Identity("phone", phone)
    known = find_ordinals(tenant_id, [who])
    return member_id(tenant_id, known[who]) if who in known else None


def find_or_enrol_by_phone(tenant_id: str, phone: str, name: str | None, now: datetime) -> str:
    """The id of the member with a phone number (E.164). Somebody new whom the brand's people write down joins, has
    agreed to nothing, and signs in with that number whenever they like.

    Safe to repeat and to run at the same time. Raises Unavailable when others keep drawing ordinals first.
    """
    known = find_by_phone(tenant_id, phone)
    if known is not None:
        return known
    who, today = Identity("phone", phone), local_date(now, zone(get_tenant(tenant_id).timezone))
    return member_id(tenant_id, enrol(tenant_id, [Newcomer(who, today, WRITTEN_DOWN, name=name)], now)[who])


@dataclass(frozen=True, slots=True)
class Joined:
    """The ordinals behind identities, and the members of those that were made just now."""

    ordinals: dict[Identity, int] = field(default_factory=dict)
    members: dict[Identity, MemberRecord] = field(default_factory=dict)


def enrol(tenant_id: str, newcomers: Iterable[Newcomer], now: datetime) -> dict[Identity, int]:
    """Makes members of people with distinct identities and returns their ordinals. See :func:`join`."""
    return join(tenant_id, newcomers, now).ordinals


def join(
    tenant_id: str,
    newcomers: Iterable[Newcomer],
    now: datetime,
    *,
    first: int | None = None,
    along: Callable[[Transaction], None] = lambda tx: None,
    refused: Callable[[Refused], None] = lambda refusal: None,
) -> Joined:
    """Makes members of people with distinct identities.

    Who turns out to be a member already keeps their ordinal; who has another identity that is somebody's already is
    left out. ``first`` is the next ordinal where it is known;
    ``along`` adds to each transaction what is to happen with it, ``refused`` sees each refusal first and raises where
    it means something to the caller. Raises Unavailable when others keep drawing ordinals first.
    """
    waiting, done, setbacks = list(newcomers), Joined(), 0
    first = ordinals_given(tenant_id) if first is None else first
    # No ``change``: a refusal brings the counter along, so the next draw needs no read, and where many join at once a
    # dozen refusals of one draw are ordinary.
    while waiting:
        batch = _first_of(waiting)
        tx = Transaction()
        along(tx)
        members = add_members(tx, tenant_id, first, batch, now)
        try:
            tx.commit()
        except Refused as refusal:
            refused(refusal)
            setbacks += 1
            if setbacks > MOST_SETBACKS:
                raise Unavailable("Too many people join at once; please try again.", retry_after=1) from refusal
            first, taken = next_draw(refusal, first), taken_meanwhile(refusal, batch)
            waiting = [newcomer for newcomer in waiting if newcomer not in _entangled(refusal, batch)]
        else:
            taken = {newcomer.identity: first + i for i, newcomer in enumerate(batch)}
            done.members.update(zip(taken, members, strict=True))
            first += len(batch)
        done.ordinals.update(taken)
        waiting = [newcomer for newcomer in waiting if newcomer.identity not in taken]
    return done


def _first_of(waiting: Sequence[Newcomer]) -> list[Newcomer]:
    """As many as one transaction takes, one at least."""
    room, batch = 2 * MOST_AT_ONCE, list[Newcomer]()
    for newcomer in waiting:
        room -= newcomer.items
        if batch and room < 0:
            break
        batch.append(newcomer)
    return batch


def _entangled(refused: Refused, batch: Sequence[Newcomer]) -> list[Newcomer]:
    """The newcomers of whose further identities one is somebody else's."""
    taken = {int(name.split(":")[1]) for name in refused.names if name.startswith("other:")}
    return [newcomer for i, newcomer in enumerate(batch) if i in taken]


def next_draw(refused: Refused, first: int) -> int:
    """The ordinal to try after a refusal, which brought the counter along; no further read is needed."""
    counter = refused.item("ordinals", OrdinalCounter)
    return next_ordinal(counter) if counter else first


def taken_meanwhile(refused: Refused, batch: Sequence[Newcomer]) -> dict[Identity, int]:
    """The newcomers whom somebody else enrolled in the meantime, with their ordinals."""
    found = [(newcomer, refused.item(f"identity:{i}", IdentityRecord)) for i, newcomer in enumerate(batch)]
    return {newcomer.identity: int(record.ordinal) for newcomer, record in found if record is not None}
