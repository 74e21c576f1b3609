"""A complaint is opened: by a member, by the team for one, or by a low score; from its first moment it has all that it
needs.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.cases.model.clocks import Kind, Run
from chalicelib.cases.model.routing import FIRST, Wanted
from chalicelib.cases.service.owning import assign, tier_of
from chalicelib.cases.service.timing import Timing, timing
from chalicelib.complaints.errors import CauseUnknown
from chalicelib.complaints.model.cases import Category, Importance, Status
from chalicelib.complaints.model.judging import judge
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.rules import Judging, judging
from chalicelib.db import Refused, Transaction, change
from chalicelib.kernel.errors import IdempotencyMismatch, Invalid, NotFound
from chalicelib.kernel.ids import derived_id, new_id
from chalicelib.kernel.principal import Principal
from chalicelib.media.service import uploads
from chalicelib.members.service.members import get_member
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.settlement.commission.model import HeldFor
from chalicelib.settlement.commission.records import CommissionHolds
from chalicelib.tenants.service.audit import audit


def open_complaint(
    tenant_id: str,
    member_id: str,
    text: str,
    now: datetime,
    *,
    category: Category | None = None,
    cause: str | None = None,
    order_id: str | None = None,
    photos: Sequence[str] = (),
    key: str = "",
) -> ComplaintRecord:
    """A member's complaint, classified and given an owner; under one ``key`` there is one, however often it is sent.

    One about the leader of an order keeps the commission on it back, in the same write. ``photos`` are ids of uploads
    of the member's own. Raises Invalid for an order that is not the member's, CauseUnknown, what ``uploads.keep`` does
    for a photo, IdempotencyMismatch for another complaint under the same key.
    """
    order = _own_order(tenant_id, member_id, order_id) if order_id else None
    complaint_id = derived_id(tenant_id, "complaint", member_id, key) if key else new_id(now)
    files = keep_photos(tenant_id, member_id, photos)
    said = _Said(text, _hash(member_id, text, order_id, category, cause, *files))

    def asked(rules: Judging, known: str | None) -> ComplaintRecord:
        made = prepare(
            tenant_id, complaint_id, member_id, text, now, category=category, cause=known, order=order, rules=rules
        )
        made.photo_files = files or None
        return made

    return _open(tenant_id, complaint_id, said, cause, asked)


@dataclass(frozen=True, slots=True)
class Noted:
    """What somebody of the team notes for a member who complained by another way, such as on the phone (``source``).
    Without a member it is the order's.
    """

    text: str
    source: str
    member_id: str | None = None
    order_id: str | None = None
    category: Category | None = None
    cause: str | None = None


def note_complaint(tenant_id: str, noted: Noted, key: str, by: Principal, now: datetime) -> ComplaintRecord:
    """A complaint that the team opens for a member: one for each Idempotency-Key ``key`` of theirs. Raises Invalid for
    a member or an order that there is not, or an order of somebody else; CauseUnknown, IdempotencyMismatch.
    """
    member_id, order = _meant(tenant_id, noted)
    complaint_id = derived_id(tenant_id, "complaint", by.label, key)
    said = _Said(
        noted.text, _hash(member_id, noted.text, noted.order_id, noted.category, noted.cause, noted.source)
    )  # fmt: skip

    def asked(rules: Judging, known: str | None) -> ComplaintRecord:
        made = prepare(
            tenant_id, complaint_id, member_id, noted.text, now,
            category=noted.category, cause=known, order=order, by=by.label, rules=rules,
        )  # fmt: skip
        made.source = noted.source
        return made

    def audited(tx: Transaction) -> None:
        told = {"source": noted.source, "member_id": member_id, "order_id": noted.order_id}
        audit(tx, tenant_id, by, "complaint.opened", f"complaint:{complaint_id}", now, told)

    return _open(tenant_id, complaint_id, said, noted.cause, asked, audited)


def _meant(tenant_id: str, noted: Noted) -> tuple[str, OrderRecord | None]:
    if noted.order_id is None:
        try:
            return str(get_member(tenant_id, str(noted.member_id)).id), None
        except NotFound as absent:
            raise Invalid.at("/member_id", "There is no such member.", "没有该会员。") from absent
    try:
        order = get_order(tenant_id, noted.order_id)
    except NotFound as absent:
        raise Invalid.at("/order_id", "There is no such order.", "没有该订单。") from absent
    whose = _whose(order)
    if noted.member_id is not None and noted.member_id not in (order.member_id, whose):
        raise Invalid.at("/order_id", "The order is another member's.", "该订单属于其他会员。")
    return whose, order


def _whose(order: OrderRecord) -> str:
    """The member of an order; where their history is another's, the other."""
    try:
        return str(get_member(order.tenant_id, order.member_id).id)
    except NotFound:  # they were erased
        return str(order.member_id)


def keep_photos(tenant_id: str, member_id: str, photos: Sequence[str]) -> list[str]:
    """Keeps photos that were uploaded, each once; the names that they are kept under. Raises what ``uploads.keep``
    does, of each at its place in ``/photos``.
    """
    return [
        uploads.keep(tenant_id, member_id, each, f"/photos/{index}") for index, each in enumerate(dict.fromkeys(photos))
    ]


@dataclass(frozen=True, slots=True)
class _Said:
    """What tells whether a complaint is sent again: its words, and a hash of all that was said."""

    text: str
    hashed: str


def _open(
    tenant_id: str,
    complaint_id: str,
    said: _Said,
    cause: str | None,
    asked: Callable[[Judging, str | None], ComplaintRecord],
    also: Callable[[Transaction], None] | None = None,
) -> ComplaintRecord:
    """Opens what is asked for; what was opened under the same id before is answered where it is the same, though its
    cause cannot be chosen any more.
    """
    rules = judging(tenant_id)
    try:
        known = rules.causes.named(cause).code if cause else None
    except CauseUnknown:
        earlier = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
        if earlier is None:
            raise
        return _same(earlier, said)

    def decide(complaint: ComplaintRecord, tx: Transaction) -> ComplaintRecord:
        complaint.said_hash = said.hashed
        add_opened(tx, complaint)
        if also is not None:
            also(tx)
        return complaint

    try:
        return change(lambda: asked(rules, known), decide, refused=_opened_before)
    except _OpenedBefore as found:
        return _same(found.complaint, said)


def add_opened(tx: Transaction, complaint: ComplaintRecord) -> None:
    """Adds a new complaint to a transaction. One about a leader keeps the commission back, whether that was stated or
    follows from its words.
    """
    tx.create("complaint", complaint)
    if (earned_on := complaint.earned_on) is not None:
        holds = CommissionHolds.of(complaint.tenant_id, earned_on)
        holds.hold(complaint.id, HeldFor.COMPLAINT, complaint.opened_at)
        holds.write(tx)


class _OpenedBefore(Exception):
    """This key has opened a complaint already."""

    def __init__(self, complaint: ComplaintRecord) -> None:
        super().__init__(complaint.id)
        self.complaint = complaint


def _opened_before(refused: Refused) -> None:
    if earlier := refused.item("complaint", ComplaintRecord):
        raise _OpenedBefore(earlier)


def _hash(*said: str | None) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _same(earlier: ComplaintRecord, said: _Said) -> ComplaintRecord:
    # What it is about counts as much as its words: one about the leader keeps their commission back. That is what was
    # said, not how it was judged, which rules and the team may change; of before that was kept, the words alone.
    if (earlier.said_hash or said.hashed, earlier.text) != (said.hashed, said.text):
        raise IdempotencyMismatch(
            "You have sent this complaint already, in other words; open the page anew for another one.",
            detail_zh="这条投诉已经提交过，内容有所不同；如需另外投诉，请重新打开页面。",
        )
    return earlier


def _own_order(tenant_id: str, member_id: str, order_id: str) -> OrderRecord:
    try:
        order = get_order(tenant_id, order_id)
    except NotFound:
        order = None
    if order is None or order.member_id != member_id:
        raise Invalid.at("/order_id", "You have no such order.", "您没有该订单。")
    return order


@dataclass(frozen=True, slots=True)
class FromSurvey:
    """The answer to a survey that opens a complaint: its score from 1 to 5, how likely they are to recommend the brand
    from 0 to 10, and where it is kept. ``source`` is how it came, if not by an invitation.
    """

    score: int | None
    recommends: int | None = None
    invitation_id: str | None = None
    response_id: str | None = None
    source: str | None = None

    @property
    def judged(self) -> int:
        """The score by which it is judged; without one it is a low one, as a recommendation is that opens it."""
        return self.score if self.score is not None else 2


def prepare(
    tenant_id: str,
    complaint_id: str,
    member_id: str,
    text: str,
    now: datetime,
    *,
    category: Category | None = None,
    cause: str | None = None,
    order: OrderRecord | None = None,
    survey: FromSurvey | None = None,
    by: str = "",
    rules: Judging | None = None,
) -> ComplaintRecord:
    """A complaint complete in every part, for the caller's transaction. ``order`` is the one complained of, if any;
    ``cause`` the code of a cause of the brand's, which says the category where none is stated.
    """
    rules = rules or judging(tenant_id)
    weight = rules.weighs(int(order.total_minor), order.currency) if order else Importance.LOW
    known = rules.causes.get(cause) if cause else None
    by_now = timing(tenant_id)
    tier = tier_of(tenant_id, member_id, by_now.rules)
    verdict = judge(
        text, rules.book, category=category or (known.category if known else None), cause=cause,
        paused=rules.causes.paused, weight=weight, score=survey.judged if survey else None,
    )  # fmt: skip
    complaint = ComplaintRecord(
        *ComplaintRecord.address(tenant_id, complaint_id),
        id=complaint_id, status=Status.OPEN.value,
        owner=assign(tenant_id, complaint_id, FIRST, now, wanted=replace(
            about(verdict.category, verdict.cause, order), first=by_now.rules.of_tier(tier).staff
        )),
        tier=tier,
        category=verdict.category.value, cause=verdict.cause,
        urgency=verdict.urgency.value, importance=verdict.importance.value,
        member_id=member_id, text=text, opened_at=now,
        order_id=order.id if order else None,
    )  # fmt: skip
    if survey is not None:
        complaint.invitation_id, complaint.response_id = survey.invitation_id, survey.response_id
        complaint.score, complaint.recommends, complaint.source = survey.score, survey.recommends, survey.source
    complaint.note("opened", now, by or f"member:{member_id}")
    complaint.keep_run(Run(now))
    time_complaint(complaint, by_now)
    complaint.emit("complaint.opened", now, complaint_id=complaint_id)
    return complaint


def about(category: str, cause: str, order: OrderRecord | None) -> Wanted:
    """What a complaint asks of its owner."""
    return Wanted((str(category), cause), order.pickup_point_id if order else None)


def time_complaint(complaint: ComplaintRecord, by: Timing) -> None:
    """Sets when a complaint is due, from its run, by the brand's calendar and targets."""
    run, target = complaint.run, by.target(Kind.COMPLAINT, complaint.priority, complaint.tier)
    complaint.promise(
        by.answer(run, target, met=complaint.answered),
        by.solution(run, target, met=complaint.resolved),
        by.follow_up(run),
    )
