"""The team writes news, holds it, lets it go on, or takes back what was not told yet."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from chalicelib.announcements.errors import AnnouncementOver
from chalicelib.announcements.model import Audience, Status, Words
from chalicelib.announcements.records import AnnouncedRecord, AnnouncementRecord
from chalicelib.db import Page, Transaction, change, check_revision, fetch_many
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.language import Language
from chalicelib.kernel.principal import Principal
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.records import MemberRecord
from chalicelib.notices.templates.model.checking import check_plain
from chalicelib.segments.model.uses import Use
from chalicelib.segments.service.reading import known_ids
from chalicelib.tenants.service.audit import audit

_SAME_WITHIN = timedelta(hours=1)
_LATEST = timedelta(days=365)
_ENDS = frozenset({Status.SENT, Status.CANCELLED})


def announce(
    tenant_id: str,
    texts: Mapping[Language, Words],
    audience: Audience,
    send_at: datetime | None,
    by: Principal,
    now: datetime,
) -> AnnouncementRecord:
    """News that begins to go out now, or at ``send_at``. The same one asked for twice within an hour is one, unless it
    was cancelled in between: then it is news again.

    Raises WordsRefused, and Invalid for an audience that nobody is in, a member who does not exist, or a time that has
    passed or is more than a year away.
    """
    check_plain({f"/texts/{at}/{name}": said for at, words in texts.items() for name, said in asdict(words).items()})
    audience.check()
    _check_known(tenant_id, audience)
    if send_at is not None and not now <= send_at <= now + _LATEST:
        raise Invalid.at("/send_at", "Choose a time from now on, within a year.", "请选择一年之内的未来时间。")
    stored = {language: asdict(words) for language, words in texts.items()}
    place = AnnouncedRecord.address(tenant_id, _digest(stored, audience, send_at))
    announcement_id = new_id(now)

    def decide(said: AnnouncedRecord | None, tx: Transaction) -> AnnouncementRecord:
        if said is not None and said.until > now:
            earlier = get_announcement(tenant_id, said.announcement_id)
            if earlier.status != Status.CANCELLED:
                return earlier
        made = AnnouncementRecord(
            *AnnouncementRecord.address(tenant_id, announcement_id),
            id=announcement_id, status=Status.SCHEDULED.value, created_at=now, created_by=by.label, send_at=send_at,
            stored_texts=stored, stored_audience=audience.as_json(),
        )  # fmt: skip
        if send_at is None:
            _begin(made, now)
        tx.create("announcement", made)
        _note(tx, said, place, announcement_id, now)
        audited = {"languages": sorted(texts), "audience": audience.as_json()}
        audit(tx, tenant_id, by, "announcement.created", f"announcement:{announcement_id}", now, audited)
        return made

    return change(lambda: AnnouncedRecord.fetch(*place, consistent=True), decide)


def _check_known(tenant_id: str, audience: Audience) -> None:
    found = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in audience.member_ids])
    if unknown := [place for place, member in enumerate(found) if member is None]:
        pointer = f"/audience/member_ids/{unknown[0]}"
        raise Invalid.at(
            pointer, "There is no such member; choose from the list of members.", "没有该会员，请从会员列表中选择。"
        )
    segments = known_ids(tenant_id) if audience.segment_ids else {}
    for place, each in enumerate(audience.segment_ids):
        if each not in segments:
            raise Invalid.at(
                f"/audience/segment_ids/{place}", "There is no such segment; choose from your segments.",
                "没有该人群，请从人群列表中选择。",
            )  # fmt: skip


def uses_of_segment(tenant_id: str, segment_id: str, now: datetime) -> list[Use]:
    """The announcements to a segment that are not over."""
    partition = AnnouncementRecord.of_tenant(tenant_id)
    every = AnnouncementRecord.every(partition, index="gsi1", where=~AnnouncementRecord.status.is_in(*_ENDS))
    using = [each for each in every if segment_id in each.audience.segment_ids]
    return [Use("the announcement", "公告", next(iter(each.texts.values())).subject) for each in using]


def _note(
    tx: Transaction, said: AnnouncedRecord | None, place: tuple[str, str], announcement_id: str, now: datetime
) -> None:
    """Notes which announcement says this, so that the same request finds it within the hour."""
    until = now + _SAME_WITHIN
    fresh = AnnouncedRecord(*place, announcement_id=announcement_id, until=until, expires_at=int(until.timestamp()))
    if said is None:
        tx.create("said", fresh)
    else:
        fresh.rev = said.rev
        tx.replace("said", fresh)


def get_announcement(tenant_id: str, announcement_id: str) -> AnnouncementRecord:
    """The announcement. Raises NotFound."""
    found = AnnouncementRecord.at(tenant_id, announcement_id)
    if found is None:
        raise NotFound("There is no such announcement.", detail_zh="没有该公告。")
    return found


def list_announcements(
    tenant_id: str, status: Status | None, limit: int, cursor: dict[str, Any] | None
) -> Page[AnnouncementRecord]:
    """All announcements, or those of a status, newest first."""
    where = AnnouncementRecord.status == status.value if status else None
    partition = AnnouncementRecord.of_tenant(tenant_id)
    return AnnouncementRecord.page(partition, index="gsi1", newest_first=True, limit=limit, cursor=cursor, where=where)


def pause(
    tenant_id: str, announcement_id: str, if_match: int | None, by: Principal, now: datetime
) -> AnnouncementRecord:
    """Tells nobody further until it is resumed; whoever was told already gets it. Raises NotFound, AnnouncementOver,
    Stale.
    """
    return _turn(tenant_id, announcement_id, Status.PAUSED, if_match, by, now)


def resume(
    tenant_id: str, announcement_id: str, if_match: int | None, by: Principal, now: datetime
) -> AnnouncementRecord:
    """Goes on where it was paused, at once; one that has never begun, at its time. Raises as :func:`pause`."""
    return _turn(tenant_id, announcement_id, Status.SENDING, if_match, by, now)


def cancel(
    tenant_id: str, announcement_id: str, if_match: int | None, by: Principal, now: datetime
) -> AnnouncementRecord:
    """Ends it: who was told already keeps it, nobody else hears of it. Raises as :func:`pause`."""
    return _turn(tenant_id, announcement_id, Status.CANCELLED, if_match, by, now)


def begin_or_revive(tenant_id: str, announcement_id: str, now: datetime) -> None:
    """What the sweep asks for: one whose time has come begins; one that has not moved for long goes on."""

    def decide(found: AnnouncementRecord | None, tx: Transaction) -> None:
        due: datetime | None = found.due_at if found else None
        if found is None or due is None or due > now:
            return
        _begin(found, now)
        tx.replace("announcement", found)

    change(lambda: AnnouncementRecord.at(tenant_id, announcement_id), decide)


_DONE: Mapping[Status, str] = {Status.PAUSED: "paused", Status.SENDING: "resumed", Status.CANCELLED: "cancelled"}
_HAS_NO_NEED: Mapping[Status, frozenset[str]] = {
    Status.PAUSED: frozenset({Status.PAUSED}),
    Status.SENDING: frozenset({Status.SENDING, Status.SCHEDULED}),
    Status.CANCELLED: frozenset({Status.CANCELLED}),
}
"""Where a request has nothing to do: it came twice."""


def _turn(
    tenant_id: str, announcement_id: str, to: Status, if_match: int | None, by: Principal, now: datetime
) -> AnnouncementRecord:
    def decide(found: AnnouncementRecord, tx: Transaction) -> AnnouncementRecord:
        check_revision(found, if_match)
        if found.status in _HAS_NO_NEED[to]:
            return found
        if found.status in _ENDS:
            raise AnnouncementOver(
                "The announcement was sent or cancelled already; write a new one.",
                detail_zh="公告已发送完毕或已取消，请新建公告。",
            )
        if to is Status.SENDING:
            _go_on(found, now)
        else:
            found.status = to.value
        if to is Status.CANCELLED:
            found.finished_at = now
        tx.replace("announcement", found)
        audit(tx, tenant_id, by, f"announcement.{_DONE[to]}", f"announcement:{announcement_id}", now)
        return found

    return change(lambda: get_announcement(tenant_id, announcement_id), decide)


def _go_on(paused: AnnouncementRecord, now: datetime) -> None:
    if paused.started_at is None and paused.send_at is not None and paused.send_at > now:
        paused.status = Status.SCHEDULED.value
    else:
        _begin(paused, now)


def _begin(record: AnnouncementRecord, now: datetime) -> None:
    record.status = Status.SENDING.value
    if record.started_at is None:
        record.started_at = now
        record.total = len(record.audience.member_ids) or ordinals_given(record.tenant_id)
    record.go_on(now)


def _digest(texts: Mapping[Language, Any], audience: Audience, send_at: datetime | None) -> str:
    said = [texts, audience.as_json(), None if send_at is None else sortable(send_at)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]
