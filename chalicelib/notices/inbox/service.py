"""Puts messages into inboxes; lists, counts and marks them for whom they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.db import Page, Transaction, change
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import dated_id
from chalicelib.kernel.text import fit
from chalicelib.notices.inbox.model import KEPT, MOST_COUNTED, ReadMark, Unread, belongs_in_inbox
from chalicelib.notices.inbox.records import ALL_READ, READ, InboxRecord, ReadMarkRecord
from chalicelib.notices.model.catalogue import notice_of
from chalicelib.notices.model.letters import Letter
from chalicelib.notices.model.notices import Category, Told
from chalicelib.notices.model.people import Person

_LAST = "~"
"""Sorts after every id."""

_MOST_BYTES = 50_000
"""Of a text: an item of the table takes 400 KB, and a brand's own words may show a long fact over and over."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of an inbox, with what was read at once, and how many messages wait to be read."""

    page: Page[InboxRecord]
    mark: ReadMark | None
    unread: Unread


def entry(
    tenant_id: str, person: Person, letter: Letter, told: Told, message_id: str, now: datetime
) -> InboxRecord:  # fmt: skip
    """The entry of a message, to be created in the transaction that says that it was told. Its id follows from the
    message's.

    Raises ValueError for what stands in no inbox: see :func:`belongs_in_inbox`.
    """
    if not belongs_in_inbox(told.template):
        raise ValueError(f"{told.template!r} stands in no inbox")
    telling = notice_of(told.template).telling
    about = (telling.about, told.subject_id) if telling.about and told.subject_id else (None, None)
    return InboxRecord(
        *InboxRecord.address(tenant_id, person, dated_id(now, "inbox", message_id)),
        template=told.template,
        category=telling.category.value,
        subject=letter.subject,
        text=fit(letter.text, _MOST_BYTES),
        about_type=about[0],
        about_id=about[1],
        at=now,
        expires_at=int((now + KEPT).timestamp()),
    )


def read_inbox(
    tenant_id: str, person: Person, limit: int, cursor: dict[str, Any] | None, *, unread: bool = False,
    category: Category | None = None,
) -> Inbox:  # fmt: skip
    """A page of a person's messages, newest first: of all, or of those that wait to be read, and of one category."""
    mark = _mark(tenant_id, person)
    waiting = _count_unread(tenant_id, person, mark)
    where = InboxRecord.category == category.value if category else None
    if unread:
        partition = InboxRecord.unread_partition(tenant_id, person)
        page = InboxRecord.page(
            partition, index="gsi1", between=_after(mark), newest_first=True, where=where, limit=limit, cursor=cursor
        )
    else:
        partition = InboxRecord.partition(tenant_id, person)
        page = InboxRecord.page(partition, newest_first=True, where=where, limit=limit, cursor=cursor, consistent=True)
    return Inbox(page, mark, waiting)


def show(tenant_id: str, person: Person, entry_id: str) -> tuple[InboxRecord, ReadMark | None]:
    """One of a person's messages, and what was read at once. Raises NotFound."""
    return _entry(tenant_id, person, entry_id), _mark(tenant_id, person)


def mark_read(tenant_id: str, person: Person, entry_id: str, now: datetime) -> tuple[InboxRecord, ReadMark | None]:
    """Marks a message as read; one that was read stays as it was. Raises NotFound."""

    def decide(record: InboxRecord, tx: Transaction) -> InboxRecord:
        if record.read_at is None:
            record.read_at = now
            if person.kind == "member":
                record.emit(READ, now, member_id=person.id, entry_id=entry_id)
            tx.replace("entry", record)
        return record

    mark = _mark(tenant_id, person)
    if mark and mark.covers(entry_id):
        return _entry(tenant_id, person, entry_id), mark
    return change(lambda: _entry(tenant_id, person, entry_id), decide), mark


def mark_all_read(tenant_id: str, person: Person, now: datetime) -> Unread:
    """Marks all that stands in the inbox now as read, in one write however many there are; answers what came since."""
    partition = InboxRecord.partition(tenant_id, person)

    def read() -> tuple[ReadMarkRecord | None, Sequence[InboxRecord]]:
        newest = InboxRecord.page(partition, newest_first=True, limit=1, consistent=True).items
        return ReadMarkRecord.fetch(*ReadMarkRecord.address(tenant_id, person), consistent=True), newest

    def decide(found: tuple[ReadMarkRecord | None, Sequence[InboxRecord]], tx: Transaction) -> ReadMark | None:
        record, newest = found
        if not newest:
            return _as_mark(record)
        before, up_to = record.up_to if record else "", newest[0].id
        if record is None:
            record = ReadMarkRecord(*ReadMarkRecord.address(tenant_id, person), up_to=up_to, read_at=now)
            _emit_read(record, person, before, now)
            tx.create("mark", record)
        elif before < up_to:
            record.up_to, record.read_at = up_to, now
            _emit_read(record, person, before, now)
            tx.replace("mark", record)
        return _as_mark(record)

    return _count_unread(tenant_id, person, change(read, decide))


def _emit_read(mark: ReadMarkRecord, person: Person, before: str, now: datetime) -> None:
    """A member has read what came after what they had read at once ``before``."""
    if person.kind == "member":
        mark.emit(ALL_READ, now, member_id=person.id, after=before, up_to=mark.up_to, read_at=sortable(now))


def remove(tenant_id: str, person: Person, entry_id: str) -> None:
    """Takes a message out of the inbox for good. Raises NotFound."""
    record = _entry(tenant_id, person, entry_id)
    tx = Transaction()
    tx.delete("entry", InboxRecord, str(record.pk), str(record.sk))
    tx.commit()


def _entry(tenant_id: str, person: Person, entry_id: str) -> InboxRecord:
    found = InboxRecord.at_address(tenant_id, person, entry_id)
    if found is None:
        raise NotFound(
            "There is no such message in your inbox; it may have been deleted.",
            detail_zh="您的收件箱中没有这条消息，可能已被删除。",
        )
    return found


def _mark(tenant_id: str, person: Person) -> ReadMark | None:
    return _as_mark(ReadMarkRecord.fetch(*ReadMarkRecord.address(tenant_id, person), consistent=True))


def _as_mark(record: ReadMarkRecord | None) -> ReadMark | None:
    return ReadMark(record.up_to, record.read_at) if record else None


def _after(mark: ReadMark | None) -> tuple[str, str]:
    """The ids that the mark does not cover."""
    return (f"{mark.up_to}!" if mark else "0", _LAST)


def _count_unread(tenant_id: str, person: Person, mark: ReadMark | None) -> Unread:
    """How many messages wait to be read: exactly up to 99."""
    partition = InboxRecord.unread_partition(tenant_id, person)
    found = len(InboxRecord.page(partition, index="gsi1", between=_after(mark), limit=MOST_COUNTED + 1).items)
    return Unread(min(found, MOST_COUNTED), found > MOST_COUNTED)
