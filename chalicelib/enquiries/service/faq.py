"""A brand's FAQ: written, listed, shown to everybody, and made ready to be searched."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.complaints.model.words import plain
from chalicelib.db import Page, Refused, Transaction, change, check_revision
from chalicelib.enquiries.errors import FaqFull
from chalicelib.enquiries.model.matching import Index
from chalicelib.enquiries.records import FaqBook, FaqRecord
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound
from chalicelib.kernel.ids import derived_id, new_id
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit

MOST_FAQ = 400
"""Entries of one FAQ in all languages."""

_MOST_INDEXES = 50
_INDEXES: OrderedDict[str, tuple[str, Index]] = OrderedDict()
"""The FAQs that this process answered from last, each with the stamp that it had."""


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """An entry as it is written. Those with a lower ``position`` stand first."""

    question: str
    answer: str
    locale: str
    tags: tuple[str, ...] = ()
    published: bool = True
    position: int = 0


def add_entry(tenant_id: str, wanted: FaqEntry, key: str, by: Principal, now: datetime) -> FaqRecord:
    """Adds an entry; under one ``key`` there is one, however often it is sent.

    Raises FaqFull or IdempotencyMismatch.
    """
    entry_id = derived_id(tenant_id, "faq", by.label, key)
    entry = FaqRecord(
        *FaqRecord.address(tenant_id, entry_id), id=entry_id, created_at=now, updated_at=now, **_attributes(wanted)
    )
    tx = Transaction()
    tx.create("entry", entry)
    tx.update(
        "book", FaqBook, *FaqBook.address(tenant_id),
        actions=[FaqBook.stamp.set(new_id(now)), FaqBook.entries.add(1)],
        condition=FaqBook.entries.does_not_exist() | (FaqBook.entries < MOST_FAQ),
    )  # fmt: skip
    audit(tx, tenant_id, by, "faq.added", f"faq:{entry_id}", now, {"question": wanted.question})
    try:
        tx.commit()
    except Refused as refused:
        if (earlier := refused.item("entry", FaqRecord)) is not None:
            return _same(earlier, wanted)
        raise FaqFull(
            f"A FAQ has at most {MOST_FAQ} entries; delete what nobody asks any more.",
            detail_zh=f"常见问题最多 {MOST_FAQ} 条，请先删除不再需要的条目。",
        ) from refused
    return entry


def _same(earlier: FaqRecord, wanted: FaqEntry) -> FaqRecord:
    if _as_written(earlier) != wanted:
        raise IdempotencyMismatch(
            "This Idempotency-Key already added another entry; use a new key for a new one.",
            detail_zh="该幂等键已用于另一条目，请使用新的键。",
        )
    return earlier


def get_entry(tenant_id: str, entry_id: str, *, consistent: bool = False) -> FaqRecord:
    """An entry. Raises NotFound."""
    found = FaqRecord.fetch(*FaqRecord.address(tenant_id, entry_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such entry in the FAQ.", detail_zh="没有该常见问题。")
    return found


def edit_entry(
    tenant_id: str, entry_id: str, changes: Mapping[str, Any], if_match: int | None, by: Principal, now: datetime
) -> FaqRecord:
    """Sets the attributes that are given. Raises NotFound or Stale."""

    def decide(entry: FaqRecord, tx: Transaction) -> FaqRecord:
        check_revision(entry, if_match)
        set_now = {name: value for name, value in changes.items() if _value(entry, name) != value}
        if not set_now:
            return entry
        for name, value in set_now.items():
            setattr(entry, name, list(value) if name == "tags" else value)
        entry.updated_at = now
        tx.replace("entry", entry)
        tx.update("book", FaqBook, *FaqBook.address(tenant_id), actions=[FaqBook.stamp.set(new_id(now))])
        told = {name: list(value) if name == "tags" else value for name, value in set_now.items()}
        audit(tx, tenant_id, by, "faq.changed", f"faq:{entry_id}", now, told)
        return entry

    return change(lambda: get_entry(tenant_id, entry_id, consistent=True), decide)


def delete_entry(tenant_id: str, entry_id: str, if_match: int | None, by: Principal, now: datetime) -> None:
    """Deletes an entry; what was answered from it stays as it was. Raises NotFound or Stale."""

    def decide(entry: FaqRecord, tx: Transaction) -> None:
        check_revision(entry, if_match)
        tx.delete(
            "entry", FaqRecord, *FaqRecord.address(tenant_id, entry_id), condition=FaqRecord.rev == int(entry.rev)
        )
        tx.update(
            "book",
            FaqBook,
            *FaqBook.address(tenant_id),
            actions=[FaqBook.stamp.set(new_id(now)), FaqBook.entries.add(-1)],
        )
        audit(tx, tenant_id, by, "faq.deleted", f"faq:{entry_id}", now, {"question": entry.question})

    change(lambda: get_entry(tenant_id, entry_id, consistent=True), decide)


def list_entries(
    tenant_id: str,
    limit: int,
    cursor: dict[str, Any] | None,
    *,
    locale: str | None = None,
    q: str | None = None,
    published_only: bool = False,
) -> Page[FaqRecord]:
    """Entries by language and position; with ``q`` those that have each of its words in question, answer or tags."""
    words = plain(q or "").split()

    def fits(entry: FaqRecord) -> bool:
        if published_only and not entry.published:
            return False
        text = plain(" ".join((entry.question, entry.answer, *entry.tags)))
        return all(word in text for word in words)

    return FaqRecord.page(
        FaqRecord.of_tenant(tenant_id), index="gsi1", begins_with=f"{locale}#" if locale else None,
        keep=fits if words or published_only else None, limit=limit, cursor=cursor,
    )  # fmt: skip


def index_of(tenant_id: str) -> Index:
    """The published FAQ, ready to be searched; made again only where it has changed since."""
    book = FaqBook.fetch(*FaqBook.address(tenant_id), consistent=True)
    stamp = str(book.stamp) if book else ""
    kept = _INDEXES.get(tenant_id)
    if kept is None or kept[0] != stamp:
        entries = FaqRecord.every(FaqRecord.of_tenant(tenant_id), consistent=True) if stamp else ()
        kept = (stamp, Index([each.searched for each in entries if each.published]))
        _INDEXES[tenant_id] = kept
    _INDEXES.move_to_end(tenant_id)
    while len(_INDEXES) > _MOST_INDEXES:
        _INDEXES.popitem(last=False)
    return kept[1]


def _attributes(wanted: FaqEntry) -> dict[str, Any]:
    return {
        "question": wanted.question, "answer": wanted.answer, "locale": wanted.locale, "tags": list(wanted.tags),
        "published": wanted.published, "position": wanted.position,
    }  # fmt: skip


def _as_written(entry: FaqRecord) -> FaqEntry:
    return FaqEntry(
        entry.question, entry.answer, entry.locale, tuple(entry.tags), bool(entry.published), int(entry.position)
    )


def _value(entry: FaqRecord, name: str) -> Any:
    return getattr(_as_written(entry), name)
