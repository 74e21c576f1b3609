"""Use cases of members: read and change. ``enrolment`` makes them, ``sign_in`` signs them in, ``finding`` finds."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.db import Page, Refused, Transaction, change, check_revision, fetch_many
from chalicelib.db.transaction import MOST_OPERATIONS
from chalicelib.kernel.context import token_sign_outs
from chalicelib.kernel.errors import NotFound, Unavailable
from chalicelib.kernel.principal import Principal, signed_out
from chalicelib.kernel.unset import UNSET
from chalicelib.legal_texts.errors import TermsNotAccepted
from chalicelib.legal_texts.model import Accepted, InForce, accepted_after, check_in_force, latest, outstanding
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.model.profiles import MemberChanges, consent_after, profile_after
from chalicelib.members.model.status import MemberBlocked, Status
from chalicelib.members.records import MemberRecord
from chalicelib.members.search.service import index
from chalicelib.tenancy import in_force
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

_MOST_AT_ONCE, _MORE_LOOKS = 100, 4
"""Members that a page of one tier looks at beyond those that it may show: so many at a time, so many times."""


def get_member(tenant_id: str, member_id: str, *, consistent: bool = False) -> MemberRecord:
    """The member; of one whose history is another's, the other. Raises NotFound."""
    member = MemberRecord.at(tenant_id, member_id, consistent=consistent)
    while member is not None and member.united_with is not None:
        address = MemberRecord.address_of_ordinal(tenant_id, int(member.united_with))
        member = MemberRecord.fetch(*address, consistent=consistent)
    if member is None:
        raise NotFound("There is no such member.", detail_zh="没有该会员。")
    return member


def check_signed_in(member: MemberRecord) -> None:
    """Raises Unauthenticated where the request came with this member's token and they have signed out since it was
    issued, or their history has become another's. For routes that read the member anyway, see ``web.principal.Allow``.
    """
    of_token = token_sign_outs.get()
    # Fewer than the token knows of are those of a replica that lags behind.
    if of_token is not None and (member.times_signed_out > of_token or member.united_with is not None):
        raise signed_out()


def check_may_order(member: MemberRecord) -> None:
    """Raises MemberBlocked for someone whom the brand has blocked, Unavailable for some minutes while the import that
    made them is taken back: they stay if they sign in.
    """
    if member.leaving_with is not None:
        raise Unavailable(
            "The import that made this member is being undone. Try again in some minutes; if they are gone then, give "
            "their phone number, and they join anew.",
            detail_zh="导入该会员的记录正在撤销，请几分钟后重试；若会员已被移除，请填写其手机号，将重新加入。",
            retry_after=180,
        )
    if member.blocked:
        raise MemberBlocked(
            "The store has blocked this membership; it can be read but not used to order. Please ask the store.",
            detail_zh="该会员已被商家限制下单，请联系商家。",
        )


def members_by_ordinal(tenant_id: str, ordinals: Sequence[int]) -> list[MemberRecord]:
    """The members with these places in the tenant's bitmaps, in that order; one since erased is left out."""
    addresses = [(MemberRecord, *MemberRecord.address_of_ordinal(tenant_id, ordinal)) for ordinal in ordinals]
    return [member for member in fetch_many(addresses, consistent=True) if member is not None]


def standing_members(tenant_id: str, ordinals: Sequence[int]) -> list[MemberRecord]:
    """The same, of members who were found a moment ago. Raises Unavailable where one of them was removed meanwhile:
    whoever looks again finds nobody, or somebody new.
    """
    found = members_by_ordinal(tenant_id, ordinals)
    if len(found) < len(ordinals):
        raise _removed_meanwhile()
    return found


def _removed_meanwhile() -> Unavailable:
    return Unavailable("A member was removed at this moment; please try again.", detail_zh="会员刚被移除，请重试。")


def get_members(tenant_id: str, member_ids: Iterable[str]) -> list[MemberRecord]:
    """Those of these members whom there are, read together."""
    addresses = [(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in sorted(member_ids)]
    found: list[MemberRecord | None] = fetch_many(addresses) if addresses else []
    return [member for member in found if member is not None]


def list_of_tier(tenant_id: str, tier: str, limit: int, cursor: Mapping[str, Any] | None) -> Page[MemberRecord]:
    """Members of a tier, latest joined first. Nothing lists them, and nothing is written for it with each order: a page
    looks at no more than 400 members beside those that it may show. Where too few of them have the tier, a short page
    has a next cursor.
    """
    end = cursor["below"] if cursor else ordinals_given(tenant_id)
    found: list[MemberRecord] = []
    for most in (limit, *[_MOST_AT_ONCE] * _MORE_LOOKS):
        start = max(0, end - most)
        for member in members_by_ordinal(tenant_id, range(end - 1, start - 1, -1)):
            if member.tier == tier and member.united_with is None:
                found.append(member)
            if len(found) == limit:
                below = int(member.ordinal)
                return Page(found, {"below": below} if below else None)
        end = start
        if not end:
            break
    return Page(found, {"below": end} if end else None)


def list_members(tenant_id: str, limit: int, cursor: Mapping[str, Any] | None) -> Page[MemberRecord]:
    """Members, latest joined first. Ordinals have no gap, so a page is a range of them and needs no index."""
    end = cursor["below"] if cursor else ordinals_given(tenant_id)
    start = max(0, end - limit)
    members = members_by_ordinal(tenant_id, range(end - 1, start - 1, -1))
    return Page([member for member in members if member.united_with is None], {"below": start} if start else None)


def edit_me(
    tenant_id: str, member_id: str, changes: MemberChanges, if_match: int | None, now: datetime
) -> MemberRecord:
    """Changes what a member says of themselves. Raises Stale when ``if_match`` is not the stored revision."""

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        check_revision(member, if_match)
        if changes.profile.name is not UNSET:
            member.name = changes.profile.name
            index(tx, member)
        member.locale = changes.locale or member.locale
        member.profile = profile_after(member.profile, changes.profile)
        member.consent = consent_after(member.consent, changes.consent, now)
        tx.replace("member", member)
        return member

    return change(lambda: get_member(tenant_id, member_id, consistent=True), decide)


def accept(tenant_id: str, member_id: str, accepted: Sequence[Accepted]) -> MemberRecord:
    """Notes which versions of the brand's legal texts a member accepts. Raises TextChanged where one of them is not, or
    no longer, in force.
    """

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        # As it stands now: a version that was published a moment ago is the one that they were shown.
        standing = in_force(get_tenant(tenant_id, consistent=True).legal_texts)
        for each in accepted:
            check_in_force(each, standing)
        after = accepted_after(member.accepted, accepted)
        if after != member.accepted:
            member.accepted = after
            tx.replace("member", member)
        return member

    return change(lambda: get_member(tenant_id, member_id, consistent=True), decide)


def check_accepted_terms(member: MemberRecord, legal_texts: Mapping[str, InForce]) -> None:
    """Raises TermsNotAccepted where the brand takes orders only from who has accepted its terms as they stand;
    ``legal_texts`` are those in force.
    """
    if any(legal_texts[kind].must_accept for kind in outstanding(legal_texts, latest(member.accepted))):
        raise TermsNotAccepted(
            "The store takes your order as soon as you have accepted its terms. Read them, accept them, and order "
            "once more.",
            detail_zh="商家要求先同意服务条款才能下单。请阅读并同意后重新下单。",
        )


def name_unnamed(tenant_id: str, member_id: str, name: str, now: datetime) -> None:
    """Gives a name to a member who has none; who has one keeps it. Raises NotFound."""

    def decide(member: MemberRecord, tx: Transaction) -> None:
        if not member.name:
            member.name = name
            index(tx, member)
            tx.replace("member", member)

    change(lambda: get_member(tenant_id, member_id, consistent=True), decide)


def set_status(
    tenant_id: str,
    member_id: str,
    status: Status,
    reason: str,
    if_match: int | None,
    by: Principal,
    now: datetime,
) -> MemberRecord:
    """Blocks a member from ordering, or lifts it. Raises NotFound or Stale."""

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        check_revision(member, if_match)
        if member.status != status:
            member.status = status.value
            tx.replace("member", member)
            changes = {"status": status.value, "reason": reason}
            audit(tx, tenant_id, by, "member.changed", f"member:{member_id}", now, changes)
        return member

    return change(lambda: get_member(tenant_id, member_id, consistent=True), decide)


def note_activity(
    tenant_id: str, last_active_on: Mapping[int, date], first_on: Mapping[int, date] | None = None
) -> None:
    """Moves members' last active day forward, by ordinal, and their day of joining back to the ``first_on`` that was
    active; what lies within the known days changes nothing. Raises Unavailable where one of them was removed meanwhile.
    """
    note_active(standing_members(tenant_id, list(last_active_on)), last_active_on, first_on)


def note_active(
    members: Sequence[MemberRecord], last_active_on: Mapping[int, date], first_on: Mapping[int, date] | None = None
) -> None:
    """As ``note_activity``, of members who were just read; those without a day are left alone."""
    spans = {
        ordinal: _Span((first_on or {}).get(ordinal), last_active_on[ordinal])
        for ordinal in (int(member.ordinal) for member in members)
        if ordinal in last_active_on
    }
    wider = [member for member in members if (span := spans.get(int(member.ordinal))) and span.widens(member)]
    for start in range(0, len(wider), MOST_OPERATIONS):
        chunk = wider[start : start + MOST_OPERATIONS]
        try:
            _note(chunk, spans)
        except Refused:  # one of them was changed meanwhile, or is another's history by now
            for member in chunk:
                _note_alone(member, spans[int(member.ordinal)])


@dataclass(frozen=True, slots=True)
class _Span:
    """Local days on which a member was active; ``first_on`` only where it may be the day of joining."""

    first_on: date | None
    last_on: date

    def is_later(self, member: MemberRecord) -> bool:
        known: date | None = member.last_active_on
        return known is None or known < self.last_on

    def is_earlier(self, member: MemberRecord) -> bool:
        return self.first_on is not None and self.first_on < member.joined_on

    def widens(self, member: MemberRecord) -> bool:
        """Whether the member was not yet known to be active so late, or to have joined so early."""
        return self.is_later(member) or self.is_earlier(member)


def _note_alone(member: MemberRecord, span: _Span) -> None:
    """Of what is wider than is known by now; where the member's history is another's, on the other's record. Raises
    Unavailable where they were removed meanwhile.
    """
    standing: MemberRecord | None = member
    while standing is not None and span.widens(standing):
        with suppress(Refused):
            _note([standing], {int(standing.ordinal): span})
            return
        at = int(standing.ordinal if standing.united_with is None else standing.united_with)
        standing = MemberRecord.fetch(*MemberRecord.address_of_ordinal(member.tenant_id, at), consistent=True)
    if standing is None:
        raise _removed_meanwhile()


def _note(members: Sequence[MemberRecord], spans: Mapping[int, _Span]) -> None:
    tx = Transaction()
    for member in members:
        span = spans[int(member.ordinal)]
        # Without its earlier events, which the relay would be called for in vain.
        actions: list[Action] = [MemberRecord.rev.add(1), MemberRecord.outbox.remove()]
        condition: Condition = MemberRecord.pk.exists() & MemberRecord.united_with.does_not_exist()
        if span.is_later(member):
            known = MemberRecord.last_active_on
            actions.append(known.set(span.last_on))
            condition &= known.does_not_exist() | (known < span.last_on)
        if span.first_on is not None and span.is_earlier(member):
            actions.append(MemberRecord.joined_on.set(span.first_on))
            condition &= MemberRecord.joined_on > span.first_on
        tx.update(
            member.id,
            MemberRecord,
            *MemberRecord.address(member.tenant_id, member.id),
            actions=actions,
            condition=condition,
        )
    tx.commit()
