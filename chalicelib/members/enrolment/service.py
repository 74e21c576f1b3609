"""How members come into being: an identity nobody else has, and the next ordinal, in one transaction.

The counter of ordinals is written together with the members that take them, on the condition that nobody drew in
between. So ordinals have no gap and no double, and an attempt that loses the race writes nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from chalicelib.db import Refused, Transaction, fetch_many
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.local_day import local_date
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.records import IdentityRecord, MemberRecord, OrdinalCounter
from chalicelib.tenants.service.brand import get_tenant

MOST_AT_ONCE = 49
"""Two items a member and the counter: 99 of the 100 operations that a transaction takes."""

WRITTEN_DOWN = "staff"
"""The origin of a member whom the brand's people wrote down."""

MOST_SETBACKS = 50
"""How often in a row someone else may draw first. Each time is one request; among sixteen at once it is a dozen."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Someone about to become a member. ``origin`` says how: ``sign_in``, ``import``, ``staff``, ``invite:<code>``."""

    identity: Identity
    joined_on: date
    origin: str
    name: str | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)
    consent: Mapping[str, Any] = field(default_factory=dict)


def next_ordinal(counter: OrdinalCounter | None) -> int:
    """The ordinal that the counter gives out next."""
    return int(counter.next) if counter else 0


def ordinals_given(tenant_id: str) -> int:
    """How many ordinals the tenant has given out: 0 up to this number, without a gap."""
    return next_ordinal(OrdinalCounter.fetch(*OrdinalCounter.address(tenant_id), consistent=True))


def add_members(
    tx: Transaction, tenant_id: str, first: int, newcomers: Sequence[Newcomer], now: datetime
) -> list[MemberRecord]:
    """Adds members with the ordinals from ``first`` on. The commit is refused at ``ordinals`` when ``first`` is taken,
    and at ``identity:<i>`` when the i-th newcomer's identity is."""
    counter = OrdinalCounter.next
    tx.update(
        "ordinals",
        OrdinalCounter,
        *OrdinalCounter.address(tenant_id),
        actions=[counter.set(first + len(newcomers))],
        condition=(counter == first) if first else counter.does_not_exist(),
    )
    members = [_drafted(tenant_id, first + i, newcomer, now) for i, newcomer in enumerate(newcomers)]
    for i, (newcomer, member) in enumerate(zip(newcomers, members, strict=True)):
        tx.create(f"member:{i}", member)
        identity = IdentityRecord(*IdentityRecord.address(tenant_id, newcomer.identity), ordinal=first + i)
        tx.create(f"identity:{i}", identity)
    return members


def _drafted(tenant_id: str, ordinal: int, newcomer: Newcomer, now: datetime) -> MemberRecord:
    identifier = member_id(tenant_id, ordinal)
    member = MemberRecord(
        *MemberRecord.address(tenant_id, identifier),
        ordinal=ordinal,
        name=newcomer.name,
        joined_on=newcomer.joined_on,
        profile=dict(newcomer.profile),
        consent=dict(newcomer.consent),
        origin=newcomer.origin,
    )
    attribute = "external_ref" if newcomer.identity.kind == "ref" else newcomer.identity.kind
    setattr(member, attribute, newcomer.identity.value)
    member.emit("member.joined", now, member_id=identifier, ordinal=ordinal)
    return member


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
        newcomers = [Newcomer(who, dates.get(who.value, today), "import") for who in missing]
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

    Who turns out to be a member already keeps their ordinal. ``first`` is the next ordinal where it is known;
    ``along`` adds to each transaction what is to happen with it, ``refused`` sees each refusal first and raises where
    it means something to the caller. Raises Unavailable when others keep drawing ordinals first.
    """
    waiting, done, setbacks = list(newcomers), Joined(), 0
    first = ordinals_given(tenant_id) if first is None else first
    # No ``change``: a refusal brings the counter along, so the next draw needs no read, and where many join at once a
    # dozen refusals of one draw are ordinary.
    while waiting:
        batch = waiting[:MOST_AT_ONCE]
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
        else:
            taken = {newcomer.identity: first + i for i, newcomer in enumerate(batch)}
            done.members.update(zip(taken, members, strict=True))
            first += len(batch)
        done.ordinals.update(taken)
        waiting = [newcomer for newcomer in waiting if newcomer.identity not in taken]
    return done


def next_draw(refused: Refused, first: int) -> int:
    """The ordinal to try after a refusal, which brought the counter along; no further read is needed."""
    counter = refused.item("ordinals", OrdinalCounter)
    return next_ordinal(counter) if counter else first


def taken_meanwhile(refused: Refused, batch: Sequence[Newcomer]) -> dict[Identity, int]:
    """The newcomers whom somebody else enrolled in the meantime, with their ordinals."""
    found = [(newcomer, refused.item(f"identity:{i}", IdentityRecord)) for i, newcomer in enumerate(batch)]
    return {newcomer.identity: int(record.ordinal) for newcomer, record in found if record is not None}
