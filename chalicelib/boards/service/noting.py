"""What members do beside ordering is noted on its local day: what points say, answers, and whom they brought."""

from collections.abc import Iterable
from datetime import date, datetime

from chalicelib.boards.model.deeds import is_earned, undone
from chalicelib.boards.records import DeedRecord, NotedPointsRecord, ReferralNoteRecord
from chalicelib.db import Transaction, change, put_many
from chalicelib.insight.activity.service.dirty_days import mark_changed
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.local_day import local_date
from chalicelib.loyalty.points.model.entries import CauseType
from chalicelib.loyalty.points.records import PointsEntryRecord, PointsRecord, member_entries
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member
from chalicelib.surveys.service.invitations import get_invitation
from chalicelib.tenancy import brand_of

AT_ONCE = 100
"""Entries of a ledger that are noted in one go."""


def note_points(tenant_id: str, member_ids: Iterable[str]) -> None:
    """Notes what was booked in members' ledgers since they were noted last, each entry as a deed of its own: one that
    is noted twice stays the same. Raises Unavailable where the list of entries lags behind.
    """
    for member_id in dict.fromkeys(member_ids):
        while _note_entries(tenant_id, member_id):
            pass


def _note_entries(tenant_id: str, member_id: str) -> bool:
    """Notes the next entries; whether there may be more. Deeds and marks come first, then how far they go: a crash in
    between notes the same ones again.
    """
    known = NotedPointsRecord.fetch(*NotedPointsRecord.address(tenant_id, member_id), consistent=True)
    head = PointsRecord.fetch(*PointsRecord.address(tenant_id, member_id), consistent=True)
    through = int(known.through) if known else 0
    last = min(int(head.entries) if head else 0, through + AT_ONCE)
    if head is None or last <= through:
        return False
    between = (f"{through + 1:010d}", f"{last:010d}")
    entries = list(PointsEntryRecord.every(member_entries(tenant_id, member_id), index="gsi1", between=between))
    if [int(each.number) for each in entries] != list(range(through + 1, last + 1)):
        raise Unavailable("The list of entries lags behind the ledger; the message comes again.", retry_after=1)
    _write(tenant_id, [deed for each in entries if (deed := _deed_of(tenant_id, head, each)) is not None])
    _noted_through(tenant_id, member_id, last)
    return last < int(head.entries)


def _noted_through(tenant_id: str, member_id: str, last: int) -> None:
    address = NotedPointsRecord.address(tenant_id, member_id)

    def decide(known: NotedPointsRecord | None, tx: Transaction) -> None:
        if known is None:
            tx.create("noted", NotedPointsRecord(*address, through=last))
        elif int(known.through) < last:
            known.through = last
            tx.replace("noted", known)

    change(lambda: NotedPointsRecord.fetch(*address, consistent=True), decide)


def _deed_of(tenant_id: str, head: PointsRecord, entry: PointsEntryRecord) -> DeedRecord | None:
    """An entry as a deed of the day on which the points were earned; None for one that earns nothing and takes nothing
    of that back.
    """
    if not is_earned(entry.cause.type):
        return None
    on = _earned_on(tenant_id, head, entry)
    ordinal = _ordinal(tenant_id, head.member_id)
    address = DeedRecord.address(tenant_id, on, "points", f"{head.member_id}#{int(entry.number):010d}")
    took_part = entry.cause.type in (CauseType.CHECK_IN, CauseType.SURVEY)
    return DeedRecord(*address, ordinal=ordinal, points=int(entry.delta), took_part=took_part)


def _earned_on(tenant_id: str, head: PointsRecord, entry: PointsEntryRecord) -> date:
    """The local day of an entry; of one that takes back what another gave, that one's: 100 points that half an order
    brought and then lost are 50 of the day on which it was handed over.
    """
    tz, at = zone(head.timezone), entry.at
    given = undone(entry.cause, entry.order_id)
    if given is not None:
        first = PointsEntryRecord.fetch(*PointsEntryRecord.address(tenant_id, head.member_id, given))
        at = first.at if first else at
    return local_date(at, tz)


def note_answer(tenant_id: str, invitation_id: str) -> None:
    """Notes that a survey was answered. Raises NotFound."""
    invitation = get_invitation(tenant_id, invitation_id)
    if invitation.answered_at is None:
        return
    on = local_date(invitation.answered_at, zone(brand_of(tenant_id).timezone))
    address = DeedRecord.address(tenant_id, on, "answer", invitation_id)
    _write(tenant_id, [DeedRecord(*address, ordinal=_ordinal(tenant_id, invitation.member_id), took_part=True)])


def note_referral(tenant_id: str, referrer_id: str, order_id: str, at: datetime, *, taken_back: bool) -> None:
    """Notes that a member was rewarded for one whom they brought, by that one's order, on the local day of ``at``; or
    that this was taken back, whichever is heard of first. It counts on the day of the reward, and no more once it was
    taken back.
    """
    address = ReferralNoteRecord.address(tenant_id, order_id)
    on = local_date(at, zone(brand_of(tenant_id).timezone))

    def decide(known: ReferralNoteRecord | None, tx: Transaction) -> None:
        note = known or ReferralNoteRecord(*address)
        before = (note.ordinal, note.on, note.reversed)
        if taken_back:
            note.reversed = True
        elif note.on is None:
            note.ordinal, note.on = _ordinal(tenant_id, referrer_id), on
        if known is None:
            tx.create("note", note)
        elif before != (note.ordinal, note.on, note.reversed):
            tx.replace("note", note)

    change(lambda: ReferralNoteRecord.fetch(*address, consistent=True), decide)
    _bring_up_to_date(tenant_id, order_id)


def _bring_up_to_date(tenant_id: str, order_id: str) -> None:
    """Writes the deed as the note stands, then looks again: whoever writes last has seen it as it stands."""
    seen: ReferralNoteRecord | None = None
    while True:
        note = ReferralNoteRecord.fetch(*ReferralNoteRecord.address(tenant_id, order_id), consistent=True)
        if note is None or note.on is None or (seen is not None and note.rev == seen.rev):
            return
        address = DeedRecord.address(tenant_id, note.on, "referral", order_id)
        _write(tenant_id, [DeedRecord(*address, ordinal=note.ordinal, referrals=0 if note.reversed else 1)])
        seen = note


def _write(tenant_id: str, deeds: list[DeedRecord]) -> None:
    """The deeds, then the marks of their days."""
    put_many(deeds)
    mark_changed(tenant_id, {date.fromisoformat(str(each.pk).rpartition("#")[2]) for each in deeds})


def _ordinal(tenant_id: str, member_id: str) -> int:
    """A member's own ordinal, also where their history has become another's: boards see to that."""
    found = MemberRecord.at(tenant_id, member_id)
    return int((found or get_member(tenant_id, member_id)).ordinal)
