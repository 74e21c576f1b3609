"""Use cases of members: read and change. ``enrolment`` makes them, ``sign_in`` signs them in, ``finding`` finds."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.db import Page, Refused, Transaction, change, check_revision, fetch_many
from chalicelib.db.transaction import MOST_OPERATIONS
from chalicelib.kernel.clock import zone
from chalicelib.kernel.context import token_sign_outs
from chalicelib.kernel.errors import Invalid, NotFound, Unavailable
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import Principal, signed_out
from chalicelib.kernel.unset import UNSET
from chalicelib.legal_texts.errors import TermsNotAccepted
from chalicelib.legal_texts.model import Accepted, InForce, accepted_after, check_in_force, latest, outstanding
from chalicelib.loading import provided
from chalicelib.members.birthdays.service import standing as birthdays
from chalicelib.members.consents import service as consents
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.model.asking import QuestionName
from chalicelib.members.model.classes import MemberClass, Thresholds
from chalicelib.members.model.profiles import MemberChanges, ProfileChanges, consent_after, profile_after
from chalicelib.members.model.status import MemberBlocked, Status
from chalicelib.members.records import PROFILE_CHANGED, MemberRecord
from chalicelib.members.search.service import index
from chalicelib.tenancy import in_force
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

CLASS_CHANGED = "members.class_changed"
"""Members, by ordinal, are of another class since the local day ``on``: ``to``."""

_MOST_AT_ONCE, _MORE_LOOKS = 100, 4
"""Members that such a page looks at beyond those that it may show: so many at a time, so many times."""


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


def list_where(
    tenant_id: str, meant: Callable[[MemberRecord], bool], limit: int, cursor: Mapping[str, Any] | None
) -> Page[MemberRecord]:
    """Members who are ``meant``, such as those of a tier or class, latest joined first. Nothing lists them, and nothing
    is written for it with each order: a page looks at no more than 400 members beside those that it may show. Where too
    few of them are meant, a short page has a next cursor.
    """
    end = cursor["below"] if cursor else ordinals_given(tenant_id)
    found: list[MemberRecord] = []
    for most in (limit, *[_MOST_AT_ONCE] * _MORE_LOOKS):
        start = max(0, end - most)
        for member in members_by_ordinal(tenant_id, range(end - 1, start - 1, -1)):
            if member.united_with is None and meant(member):
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
    """Changes what a member says of themselves. Raises Stale when ``if_match`` is not the stored revision, and Invalid
    for a pickup point that there is not.
    """

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        check_revision(member, if_match)
        check_favourite(tenant_id, changes.profile)
        said = _say(tx, member, changes.profile, now)
        consent = member.consent
        member.consent = consent_after(consent, changes.consent, now, changes.words)
        answered = consents.note(tx, member, consent)
        if said:
            member.asking = member.asking.answered(now)
        if said or answered or member.locale != (changes.locale or member.locale):
            member.locale = changes.locale or member.locale
            member.emit(PROFILE_CHANGED, now, member_id=member.id)
        tx.replace("member", member)
        return member

    return change(lambda: get_member(tenant_id, member_id, consistent=True), decide)


def write_profile(
    tenant_id: str, member_id: str, changes: ProfileChanges, if_match: int | None, by: Principal, now: datetime
) -> MemberRecord:
    """The same by the brand's people, of what somebody has told them. It says nothing of what the member agrees to, so
    none of it is used for anything before they agree. Raises NotFound, Stale, Invalid.
    """

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        check_revision(member, if_match)
        check_favourite(tenant_id, changes)
        before = {**(member.profile or {}), "name": member.name}
        unclaimed = member.unclaimed
        if _say(tx, member, changes, now):
            if unclaimed:
                member.profile_by = "staff"
            after = {**member.profile, "name": member.name}
            named = sorted(name for name in before | after if before.get(name) != after.get(name))
            member.emit(PROFILE_CHANGED, now, member_id=member.id)
            tx.replace("member", member)
            # Which answers, not what they are: the log outlives what people have taken back.
            audit(tx, tenant_id, by, "member.profile_changed", f"member:{member_id}", now, {"fields": named})
        return member

    return change(lambda: get_member(tenant_id, member_id, consistent=True), decide)


def withdraw_consent(
    tenant_id: str, member_id: str, purpose: str, reason: str, if_match: int | None, by: Principal, now: datetime
) -> MemberRecord:
    """Ends a consent of a member who has asked the brand's people to; nobody but members themselves gives one. Where
    they do not agree anyway, nothing changes. Raises NotFound, Stale.
    """

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        check_revision(member, if_match)
        before = member.consent
        if (before or {}).get(purpose, {}).get("granted") is True:
            member.consent = consent_after(before, {purpose: False}, now)
            consents.note(tx, member, before, consents.BY_STAFF)
            member.emit(PROFILE_CHANGED, now, member_id=member.id)
            tx.replace("member", member)
            said = {"purpose": purpose, "reason": reason}
            audit(tx, tenant_id, by, "member.consent_withdrawn", f"member:{member.id}", now, said)
        return member

    return change(lambda: get_member(tenant_id, member_id, consistent=True), decide)


def _say(tx: Transaction, member: MemberRecord, changes: ProfileChanges, now: datetime) -> bool:
    """Puts answers on a record, with all that leads to it by them; whether any of them is another."""
    before, birthday, name = member.profile, member.birthday, member.name
    if changes.name is not UNSET:
        member.name = changes.name
        index(tx, member)
    member.profile = profile_after(before, changes)
    birthdays.keep(tx, member, birthday, now)
    return bool((member.profile, member.name) != (before, name))


def check_favourite(tenant_id: str, changes: ProfileChanges) -> None:
    """Raises Invalid for a favourite pickup point that there is not."""
    wanted = changes.favourite_point_id
    if not isinstance(wanted, str):
        return
    try:
        provided("pickup_point")(tenant_id, wanted)
    except NotFound as absent:
        raise Invalid.at(
            "/profile/favourite_point_id",
            "There is no such pickup point; choose one of the store's.",
            "该自提点不存在，请选择商家的自提点。",
        ) from absent


def dismiss_question(tenant_id: str, member_id: str, name: QuestionName, now: datetime) -> MemberRecord:
    """Puts away what the shop asked: nothing is asked for months, and the same not for a year. Repeated within that
    time, it changes nothing. Raises NotFound.
    """

    def decide(member: MemberRecord, tx: Transaction) -> MemberRecord:
        if member.asking.question(member.profile, now) is not None:
            member.asking = member.asking.dismiss(name, now)
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


@dataclass(frozen=True, slots=True)
class OrderDays:
    """The first and the last of some local days on which a member ordered. ``joins`` where the first may be the day of
    joining, of which nobody knew before.
    """

    first_on: date
    last_on: date
    joins: bool = False

    def widens(self, member: MemberRecord) -> bool:
        """Whether the member was not yet known to order, or be active, so late or so early."""
        return bool(self.moves(member))

    def moves(self, member: MemberRecord) -> list[tuple[Action, Condition]]:
        """What is to be set on the member, each with the condition that it is wider than what stands by then."""
        found: list[tuple[Action, Condition]] = []
        for name in ("first_ordered_on", *(("joined_on",) if self.joins else ())):
            known, attribute = getattr(member, name), getattr(MemberRecord, name)
            if known is None or self.first_on < known:
                wider = attribute.does_not_exist() | (attribute > self.first_on)
                found.append((attribute.set(self.first_on), wider))
        for name in ("last_ordered_on", "last_active_on"):
            known, attribute = getattr(member, name), getattr(MemberRecord, name)
            if known is None or known < self.last_on:
                found.append((attribute.set(self.last_on), attribute.does_not_exist() | (attribute < self.last_on)))
        return found


@dataclass(frozen=True, slots=True)
class Telling:
    """How a change of class is told of: at an instant, on a local day, by the brand's thresholds."""

    now: datetime
    today: date
    thresholds: Thresholds

    def emissions(self, members: Sequence[MemberRecord], days: Mapping[int, OrderDays]) -> dict[str, Action]:
        """The events of orders that change their members' class, for one transaction of updates in place: one for each
        class, by the id of the member whose update carries it.
        """
        into: dict[MemberClass, list[MemberRecord]] = defaultdict(list)
        for member in members:
            span = days[int(member.ordinal)]
            first_on = min(span.first_on, member.first_ordered_on or span.first_on)
            last_on = max(span.last_on, member.last_ordered_on or span.last_on)
            if (to := self._changed(member, first_on, last_on)) is not None:
                into[to].append(member)
        return {
            changed[0].id: MemberRecord.emission(
                CLASS_CHANGED, self.now, **self.said(to, [int(each.ordinal) for each in changed])
            )
            for to, changed in into.items()
        }

    def tell_of(self, member: MemberRecord, first_on: date | None, last_on: date | None) -> None:
        """Adds the event to the coming write of a member, where the class changes with these days of orders."""
        to = self._changed(member, first_on, last_on)
        if to is not None:
            member.emit(CLASS_CHANGED, self.now, **self.said(to, [int(member.ordinal)]))

    def said(self, to: MemberClass, ordinals: Sequence[int]) -> dict[str, Any]:
        """What the event says."""
        return {"to": to.value, "ordinals": list(ordinals), "on": self.today.isoformat()}

    def _changed(self, member: MemberRecord, first_on: date | None, last_on: date | None) -> MemberClass | None:
        to = member.class_with(first_on, last_on, self.today, self.thresholds)
        return None if to is member.class_on(self.today, self.thresholds) else to


def note_activity(tenant_id: str, days: Mapping[int, OrderDays]) -> None:
    """Moves members' first and last days with an order, by ordinal; what lies within the known days changes nothing.
    Raises Unavailable where one of them was removed meanwhile.
    """
    note_active(standing_members(tenant_id, list(days)), days)


def note_active(members: Sequence[MemberRecord], days: Mapping[int, OrderDays], telling: Telling | None = None) -> None:
    """As ``note_activity``, of members who were just read; those without a day are left alone. With ``telling`` an
    event rides on the write that changes a class.
    """
    wider = [each for each in members if int(each.ordinal) in days and days[int(each.ordinal)].widens(each)]
    for start in range(0, len(wider), MOST_OPERATIONS):
        chunk = wider[start : start + MOST_OPERATIONS]
        try:
            _note(chunk, days, telling)
        except Refused:  # one of them was changed meanwhile, or is another's history by now
            for member in chunk:
                _note_alone(member, days[int(member.ordinal)], telling)


def _note_alone(member: MemberRecord, days: OrderDays, telling: Telling | None) -> None:
    """Of what is wider than is known by now; where the member's history is another's, on the other's record. Raises
    Unavailable where they were removed meanwhile.
    """
    standing: MemberRecord | None = member
    while standing is not None and days.widens(standing):
        with suppress(Refused):
            _note([standing], {int(standing.ordinal): days}, telling)
            return
        at = int(standing.ordinal if standing.united_with is None else standing.united_with)
        standing = MemberRecord.fetch(*MemberRecord.address_of_ordinal(member.tenant_id, at), consistent=True)
    if standing is None:
        raise _removed_meanwhile()


def _note(members: Sequence[MemberRecord], days: Mapping[int, OrderDays], telling: Telling | None) -> None:
    tx = Transaction()
    told = telling.emissions(members, days) if telling else {}
    for member in members:
        span = days[int(member.ordinal)]
        # Without its earlier events, which the relay would be called for in vain.
        actions: list[Action] = [MemberRecord.rev.add(1), told.get(member.id) or MemberRecord.outbox.remove()]
        condition: Condition = MemberRecord.pk.exists() & MemberRecord.united_with.does_not_exist()
        for action, wider in span.moves(member):
            actions.append(action)
            condition &= wider
        tx.update(
            member.id,
            MemberRecord,
            *MemberRecord.address(member.tenant_id, member.id),
            actions=actions,
            condition=condition,
        )
    tx.commit()


def note_took_part(tenant_id: str, ordinal: int, on: date, now: datetime) -> None:
    """Moves the last local day on which a member took part; where the brand counts it and their class changes by it, an
    event says so. Where their history is another's it is the other's. Raises Unavailable where they were removed.
    """

    def decide(member: MemberRecord, tx: Transaction) -> None:
        if member.took_part_on is not None and member.took_part_on >= on:
            return
        tenant = get_tenant(tenant_id)
        today, thresholds = local_date(now, zone(tenant.timezone)), Thresholds.from_json(tenant.class_thresholds)
        before = member.class_on(today, thresholds)
        member.took_part_on = on
        to = member.class_on(today, thresholds)
        if to is not None and to is not before:
            told = Telling(now, today, thresholds).said(to, [int(member.ordinal)])
            member.emit(CLASS_CHANGED, now, **told)
        tx.replace("member", member)

    change(lambda: _standing(tenant_id, ordinal), decide)


def _standing(tenant_id: str, ordinal: int) -> MemberRecord:
    """A member; where their history has become another's, the other."""
    [member] = standing_members(tenant_id, [ordinal])
    return member if member.united_with is None else _standing(tenant_id, int(member.united_with))


def take_back_days(
    tenant_id: str,
    member_id: str,
    undone_on: date,
    standing: Callable[[MemberRecord], tuple[date, date] | None],
    telling: Telling | None = None,
) -> None:
    """After an order of the local day ``undone_on`` came to nothing: the member's first and last days with an order are
    those that are left, as ``standing`` reads them. It is asked only where that day is one of the two. With ``telling``
    an event says so where it changes the class. Raises NotFound.
    """

    def decide(member: MemberRecord, tx: Transaction) -> None:
        if undone_on not in (member.first_ordered_on, member.last_ordered_on):
            return
        first_on, last_on = standing(member) or (None, None)
        if (first_on, last_on) == (member.first_ordered_on, member.last_ordered_on):
            return
        if telling is not None:
            telling.tell_of(member, first_on, last_on)
        member.first_ordered_on, member.last_ordered_on = first_on, last_on
        tx.replace("member", member)

    change(lambda: get_member(tenant_id, member_id, consistent=True), decide)
