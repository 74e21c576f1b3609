"""The worker's side: a slice of members after the other, each committed with the place where the next begins."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib.announcements.model import News, Reader, Status, words_for
from chalicelib.announcements.records import AnnouncementRecord
from chalicelib.announcements.service.announcing import get_announcement
from chalicelib.db import Transaction, beginning_with, change, fetch_many
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.classes import classing
from chalicelib.members.service.members import members_by_ordinal
from chalicelib.notices.model.people import Person
from chalicelib.notices.telling.service import message_to, tell_all
from chalicelib.tenants.service.brand import get_tenant

SLICE = 100
"""Members that one message looks at: what is held of them in memory is the same for a brand of any size."""


def send_slice(tenant_id: str, announcement_id: str, now: datetime) -> None:
    """Tells the next members. A message that comes twice, late or after a crash tells nobody twice, since a notice's
    id follows from announcement and member.
    """
    found = AnnouncementRecord.at(tenant_id, announcement_id)
    if found is None or found.status != Status.SENDING:
        return
    start = int(found.next)
    end = min(start + SLICE, int(found.total))
    readers = [reader for reader in _readers(found, start, end, now) if found.audience.has(reader)]
    agreed = [reader for reader in readers if reader.agreed]
    _tell(found, agreed, now)

    def decide(record: AnnouncementRecord, tx: Transaction) -> None:
        if int(record.next) != start:
            return  # another worker has told the same members
        record.next = end
        record.told, record.declined = record.told + len(agreed), record.declined + len(readers) - len(agreed)
        if record.status == Status.SENDING:
            _move_on(record, now)
        tx.replace("announcement", record)

    change(beginning_with(found, lambda: get_announcement(tenant_id, announcement_id)), decide)


def _move_on(record: AnnouncementRecord, now: datetime) -> None:
    if record.next < record.total:
        record.go_on(now)
    else:
        record.status, record.finished_at = Status.SENT.value, now


def _tell(announcement: AnnouncementRecord, readers: Iterable[Reader], now: datetime) -> None:
    brand = get_tenant(announcement.tenant_id).name
    messages = []
    for reader in readers:
        words = words_for(announcement.texts, reader.locale)
        notice, to = News(brand, words.subject, words.text), Person.member(reader.id)
        messages.append(
            message_to(announcement.tenant_id, to, notice, (announcement.id,), now, subject_id=announcement.id)
        )
    tell_all(messages)


def _readers(announcement: AnnouncementRecord, start: int, end: int, now: datetime) -> list[Reader]:
    tenant_id, named = announcement.tenant_id, announcement.audience.member_ids
    members = _named(tenant_id, named[start:end]) if named else members_by_ordinal(tenant_id, range(start, end))
    locale, classed = get_tenant(tenant_id).locale, classing(tenant_id, now)
    return [
        _reader(member, locale, classed.of(member))
        for member in members
        if member.united_with is None and not member.blocked
    ]


def _named(tenant_id: str, member_ids: Sequence[str]) -> list[MemberRecord]:
    found = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in member_ids])
    return [member for member in found if member is not None]


def _reader(member: MemberRecord, locale: str, member_class: str | None) -> Reader:
    interests = member.usable("personalisation").get("interests") or ()
    return Reader(
        member.id, member.locale or locale, interests, member.joined_on, member.last_active_on,
        member.agrees_to_news,
        segment_ids=frozenset(member.segment_ids or ()), member_class=member_class,
    )  # fmt: skip
