"""People who have agreed to it are invited, by list, and the brand sees what came of it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.coupons.service.batches import get_batch
from chalicelib.db import Page, Transaction, change, fetch_many
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.typed_codes import ALPHABET
from chalicelib.members.model.identities import Identity, person_of
from chalicelib.members.records import IdentityRecord, MemberRecord
from chalicelib.notices.model.notices import Category
from chalicelib.notices.recipients.model import Channel
from chalicelib.notices.suppression import service as suppression
from chalicelib.notices.suppression.records import SuppressedAddress
from chalicelib.recruitment.model.codes import LENGTHS, folded
from chalicelib.recruitment.prospects.model import KEPT, OPEN, Outcome, State
from chalicelib.recruitment.prospects.records import ProspectCode, ProspectRecord
from chalicelib.tenants.service.audit import audit

_CHUNK = 45
"""Two items each, and the audit log's: within the 100 of a transaction."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be invited, with where and on which local day they agreed to it."""

    identity: Identity
    source: str
    agreed_on: date
    name: str | None = None

    @property
    def mailbox(self) -> tuple[str, str]:
        """What they are invited once by: their addresses in one mailbox are the same."""
        return self.identity.kind, person_of(self.identity)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an invitation says: until when it is good (UTC, exclusive), which coupon comes with it, in which language it
    is written (BCP 47; None is the brand's).
    """

    until_at: datetime
    batch_id: str | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of one who was to be invited; ``prospect`` is the invitation, where there is one."""

    person: Person
    outcome: Outcome
    prospect: ProspectRecord | None = None


@dataclass(slots=True)
class _Known:
    """What is known of an address: to whom it leads, whether its mailbox or, by an earlier edition, the address itself
    was invited, and whether mail to it has stopped.
    """

    identity: IdentityRecord | None
    mail: SuppressedAddress | None
    by_mailbox: ProspectRecord | None
    by_address: ProspectRecord | None
    member: MemberRecord | None = None

    @property
    def is_member(self) -> bool:
        return self.identity is not None and not may_come(self.member)

    def prospect(self, now: datetime) -> ProspectRecord | None:
        """The invitation that counts: one that was declined, or else one that stands."""
        both = [each for each in (self.by_mailbox, self.by_address) if each is not None]
        declined = [each for each in both if each.state == State.DECLINED]
        stands = [each for each in both if each.state_at(now) in OPEN]
        return next(iter((*declined, *stands)), self.by_mailbox)

    def reaches(self, now: datetime) -> bool:
        return self.mail is None or not self.mail.reachability.stops(now, Category.NEWS)


def invite(tenant_id: str, people: Sequence[Person], terms: Terms, by: Principal, now: datetime) -> list[Invited]:
    """Invites people, each once, and says of each what became of it. Sent again it invites nobody twice: who has an
    invitation keeps it. Nobody is invited who is a member, has declined, or whose address takes no mail; somebody whom
    the brand wrote down or imported, and who has not come yet, is.

    Raises Invalid for an unknown batch of coupons.
    """
    _check(tenant_id, terms)
    first = {each.mailbox: each for each in reversed(people)}
    once = [each for each in people if first[each.mailbox] is each]
    outcomes: dict[tuple[str, str], Invited] = {}
    for at in range(0, len(once), _CHUNK):
        found = _invite(tenant_id, once[at : at + _CHUNK], terms, by, now)
        outcomes |= {each.person.mailbox: each for each in found}
    return [outcomes[each.mailbox] if first[each.mailbox] is each else Invited(each, "repeated") for each in people]


def _invite(tenant_id: str, people: Sequence[Person], terms: Terms, by: Principal, now: datetime) -> list[Invited]:
    def decide(known: Sequence[_Known], tx: Transaction) -> list[Invited]:
        outcomes = [_decided(tx, tenant_id, who, each, terms, by, now)
                    for who, each in zip(people, known, strict=True)]  # fmt: skip
        if invited := sum(each.outcome == "invited" for each in outcomes):
            told = {"people": invited, "until": terms.until_at.isoformat()}
            audit(tx, tenant_id, by, "prospects.invited", f"tenant:{tenant_id}", now, told)
        return outcomes

    return change(lambda: _look_up(tenant_id, people), decide)


def _decided(
    tx: Transaction, tenant_id: str, person: Person, known: _Known, terms: Terms, by: Principal, now: datetime
) -> Invited:  # fmt: skip
    prospect = known.prospect(now)
    if known.is_member:
        return Invited(person, "member")
    if prospect is not None and prospect.state == State.DECLINED:
        return Invited(person, "declined")
    if prospect is not None and prospect.state_at(now) in OPEN:
        return Invited(person, "invited_before", prospect)
    if not known.reaches(now):
        return Invited(person, "unreachable")
    return Invited(person, "invited", _begin(tx, tenant_id, person, known.by_mailbox, terms, by, now))


def _begin(
    tx: Transaction, tenant_id: str, person: Person, known: ProspectRecord | None, terms: Terms, by: Principal,
    now: datetime,
) -> ProspectRecord:  # fmt: skip
    prospect_id = ProspectRecord.id_of(tenant_id, person.identity)
    prospect = known or ProspectRecord(
        *ProspectRecord.address(tenant_id, prospect_id), id=prospect_id, kind=person.identity.kind
    )
    prospect.value, prospect.name, prospect.locale = person.identity.value, person.name, terms.locale
    prospect.source, prospect.agreed_on = person.source, person.agreed_on
    prospect.code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTHS["long"]))
    prospect.batch_id, prospect.until_at = terms.batch_id, terms.until_at
    prospect.invited_at, prospect.invited_by = now, by.label
    prospect.state, prospect.next_at = State.WAITING.value, now
    prospect.told_at = prospect.reminded_at = prospect.ended_at = prospect.member_id = prospect.expires_at = None
    if known is None:
        tx.create(f"prospect:{prospect_id}", prospect)
    else:
        tx.replace(f"prospect:{prospect_id}", prospect)
    leads = ProspectCode(*ProspectCode.address(tenant_id, folded(prospect.code)), prospect_id=prospect_id)
    leads.expires_at = int((terms.until_at + KEPT).timestamp())
    tx.create(f"code:{prospect_id}", leads)
    return prospect


def get_prospect(tenant_id: str, prospect_id: str) -> ProspectRecord:
    """Somebody invited. Raises NotFound."""
    found = find_prospect(tenant_id, prospect_id)
    if found is None:
        raise NotFound("There is no such invitation.", detail_zh="没有该邀请。")
    return found


def list_prospects(
    tenant_id: str, state: State | None, limit: int, cursor: dict[str, Any] | None, now: datetime
) -> Page[ProspectRecord]:
    """Who was invited, the latest first; those of a state alone where it is named."""
    if state is None:
        partition, index = ProspectRecord.of_tenant(tenant_id), "gsi1"
    else:
        partition, index = ProspectRecord.of_state(tenant_id, state.value), "gsi2"
    return ProspectRecord.page(
        partition, index=index, limit=limit, cursor=cursor, newest_first=True,
        keep=None if state is None else lambda each: each.state_at(now) is state,
    )  # fmt: skip


def by_code(tenant_id: str, code: str) -> ProspectRecord | None:
    """Whom a code, as it is read, was sent to, in whatever state; it may be that of an earlier invitation."""
    leads = ProspectCode.fetch(*ProspectCode.address(tenant_id, code), consistent=True)
    if leads is None:
        return None
    return find_prospect(tenant_id, leads.prospect_id)


def find_prospect(tenant_id: str, prospect_id: str) -> ProspectRecord | None:
    """Somebody invited; None where there is none."""
    return ProspectRecord.fetch(*ProspectRecord.address(tenant_id, prospect_id), consistent=True)


def _look_up(tenant_id: str, people: Sequence[Person]) -> list[_Known]:
    wanted = [place for each in people for place in (*places(tenant_id, each.identity), *_invited(tenant_id, each))]
    found = fetch_many(wanted, consistent=True)
    known = [_Known(*found[at : at + 4]) for at in range(0, len(found), 4)]
    led = [(each, int(each.identity.ordinal)) for each in known if each.identity is not None]
    members = [(MemberRecord, *MemberRecord.address_of_ordinal(tenant_id, ordinal)) for _, ordinal in led]
    for (each, _), member in zip(led, fetch_many(members, consistent=True), strict=True):
        each.member = member
    return known


def _invited(tenant_id: str, person: Person) -> list[Any]:
    ids = ProspectRecord.ids_of(tenant_id, person.identity)
    return [(ProspectRecord, *ProspectRecord.address(tenant_id, each)) for each in ids]


def places(tenant_id: str, identity: Identity) -> list[Any]:
    """Where to read who has an address, and whether mail to it has stopped."""
    channel: Channel = "email" if identity.kind == "email" else "sms"
    return [
        (IdentityRecord, *IdentityRecord.address(tenant_id, identity)),
        suppression.look_at(tenant_id, channel, identity.value),
    ]


def may_come(member: MemberRecord | None) -> bool:
    """Whether somebody may still come by an invitation to whom an address leads: there is no such member any more, or
    the brand alone has named them, and they are neither blocked nor have left.
    """
    return member is None or (member.unclaimed and not member.blocked and member.left_at is None)


def _check(tenant_id: str, terms: Terms) -> None:
    try:
        if terms.batch_id is not None:
            get_batch(tenant_id, terms.batch_id)
    except NotFound as unknown:
        raise Invalid.at("/coupon_batch_id", unknown.detail, unknown.detail_zh) from unknown
