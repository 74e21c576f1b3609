"""Use cases of enquiries for the team: listed, given, closed, escalated once, handed over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.cases.model.clocks import Priority
from chalicelib.cases.model.routing import Wanted
from chalicelib.cases.service.keeping import Keeping
from chalicelib.cases.service.listing import condition, passed
from chalicelib.cases.service.owning import check_owner
from chalicelib.db import Page, Transaction, change, check_revision
from chalicelib.enquiries.errors import EnquiryClosed
from chalicelib.enquiries.model.conversation import Status, Topic, check_room
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.enquiries.service.timing import by_now
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import SYSTEM, Principal
from chalicelib.tenants.service.audit import audit


@dataclass(frozen=True, slots=True)
class EnquiryFilter:
    """Which enquiries to list; None narrows nothing. Overdue means that the team is late with its first answer or its
    end.
    """

    member_id: str | None = None
    status: str | None = None
    owner: str | None = None
    topic: str | None = None
    answered_by: str | None = None
    overdue: bool | None = None


@dataclass(frozen=True, slots=True)
class EnquiryChanges:
    """What the team sets; None stays as it is. ``owner`` is a staff id, ``note`` is for the team alone."""

    topic: Topic | None = None
    priority: Priority | None = None
    owner: str | None = None
    note: str | None = None

    @property
    def fields(self) -> dict[str, str]:
        """The attributes that are set, by the API's names."""
        given = {"topic": self.topic, "priority": self.priority, "owner": self.owner}
        return {name: str(value) for name, value in given.items() if value is not None}


def get_enquiry(tenant_id: str, enquiry_id: str, *, consistent: bool = False) -> EnquiryRecord:
    """The enquiry. Raises NotFound."""
    found = EnquiryRecord.fetch(*EnquiryRecord.address(tenant_id, enquiry_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such enquiry.", detail_zh="没有该咨询。")
    return found


def get_own_enquiry(tenant_id: str, member_id: str, enquiry_id: str, *, consistent: bool = False) -> EnquiryRecord:
    """The member's own enquiry; another's looks absent. Raises NotFound."""
    found = get_enquiry(tenant_id, enquiry_id, consistent=consistent)
    if found.member_id != member_id:
        raise NotFound("There is no such enquiry.", detail_zh="没有该咨询。")
    return found


def list_own_enquiries(
    tenant_id: str, member_id: str, limit: int, cursor: dict[str, Any] | None
) -> Page[EnquiryRecord]:
    """A member's enquiries: the open ones first, newest first."""
    partition = EnquiryRecord.of_member(tenant_id, member_id)
    return EnquiryRecord.page(partition, index="gsi2", newest_first=True, limit=limit, cursor=cursor)


def list_enquiries(
    tenant_id: str, now: datetime, limit: int, cursor: dict[str, Any] | None, wanted: EnquiryFilter
) -> Page[EnquiryRecord]:
    """The tenant's enquiries: those for the team, then those with an automatic answer, then the closed."""
    partition, index, prefix = EnquiryRecord.of_tenant(tenant_id), "gsi1", None
    if wanted.member_id is not None:
        partition, index = EnquiryRecord.of_member(tenant_id, wanted.member_id), "gsi2"
    elif wanted.status == Status.CLOSED:
        prefix = "done#"
    elif wanted.status == Status.ANSWERED:
        prefix = "faq#"
    elif wanted.status or wanted.overdue:
        prefix = "open#"
    with_team = EnquiryRecord.status.is_in(Status.OPEN.value, Status.IN_PROGRESS.value)
    late = with_team & passed(EnquiryRecord, now, waiting=False)
    where = condition(EnquiryRecord, wanted, ("status", "owner", "topic", "answered_by"), late)
    return EnquiryRecord.page(
        partition, index=index, newest_first=True, begins_with=prefix, where=where, limit=limit, cursor=cursor
    )


def edit_enquiry(
    tenant_id: str, enquiry_id: str, changes: EnquiryChanges, if_match: int | None, by: Principal, now: datetime
) -> EnquiryRecord:
    """Sets what is given, and adds the note. It is no answer: the member sees nothing of it.

    Raises EnquiryClosed, ConversationFull, Stale, or Invalid for an owner who is not on the staff, or cannot serve.
    """
    if changes.owner is not None:
        check_owner(tenant_id, changes.owner)
    by_rules = by_now(tenant_id)
    audited = changes.fields | ({"note": changes.note} if changes.note else {})

    def edit(enquiry: EnquiryRecord) -> None:
        check_room(len(enquiry.history))
        before = enquiry.owner
        _record_changes(enquiry, changes, by.label, now)
        by_rules.time(enquiry)
        if enquiry.owner not in (before, by.person):
            enquiry.emit("enquiry.assigned", now, enquiry_id=enquiry_id)

    return _write(tenant_id, enquiry_id, if_match, edit, "enquiry.changed", by, now, audited)


def _record_changes(enquiry: EnquiryRecord, changes: EnquiryChanges, by: str, now: datetime) -> None:
    for name, value in changes.fields.items():
        attribute = "priority_name" if name == "priority" else name
        before = getattr(enquiry, attribute)
        if before != value:
            enquiry.note("assigned" if name == "owner" else "changed", now, by, field=name, before=before, after=value)
            setattr(enquiry, attribute, value)
    if changes.note is not None:
        enquiry.note("note", now, by, text=changes.note)


def close_enquiry(tenant_id: str, enquiry_id: str, if_match: int | None, by: Principal, now: datetime) -> EnquiryRecord:
    """The team closes an enquiry, and the member is told. Raises NotFound, EnquiryClosed or Stale."""

    def close(enquiry: EnquiryRecord) -> None:
        end(enquiry, "team", by.label, now)

    return _write(tenant_id, enquiry_id, if_match, close, "enquiry.closed", by, now, {})


def end(enquiry: EnquiryRecord, closed_by: str, by: str, now: datetime) -> None:
    """Closes it: ``closed_by`` is ``team``, ``member``, ``helped`` or ``time``."""
    enquiry.keep_run(enquiry.run.resume(now))
    enquiry.status, enquiry.closed_at, enquiry.closed_by = Status.CLOSED.value, now, closed_by
    enquiry.note("closed", now, by)
    enquiry.emit("enquiry.closed", now, enquiry_id=enquiry.id, closed_by=closed_by)


def _write(
    tenant_id: str,
    enquiry_id: str,
    if_match: int | None,
    apply: Callable[[EnquiryRecord], None],
    action: str,
    by: Principal,
    now: datetime,
    audited: Mapping[str, Any],
) -> EnquiryRecord:
    def decide(enquiry: EnquiryRecord, tx: Transaction) -> EnquiryRecord:
        check_revision(enquiry, if_match)
        check_not_closed(enquiry)
        apply(enquiry)
        tx.replace("enquiry", enquiry)
        audit(tx, tenant_id, by, action, f"enquiry:{enquiry_id}", now, audited)
        return enquiry

    return change(lambda: get_enquiry(tenant_id, enquiry_id, consistent=True), decide)


def check_not_closed(enquiry: EnquiryRecord) -> None:
    """Raises EnquiryClosed for the team: only the member opens it again."""
    if enquiry.closed:
        raise EnquiryClosed(
            "This enquiry is closed; a message of the member opens it again.",
            detail_zh="该咨询已关闭；会员再次留言即可重新打开。",
        )


def _timer(tenant_id: str) -> Callable[[EnquiryRecord], None]:
    return by_now(tenant_id).time


def _wanted(enquiry: EnquiryRecord) -> Wanted:
    return Wanted((enquiry.topic,))


def _ends(enquiry: EnquiryRecord, now: datetime) -> None:
    end(enquiry, "time", SYSTEM, now)


KEPT = Keeping(EnquiryRecord, _timer, _wanted, ends=_ends)
