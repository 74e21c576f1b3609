"""Who is told of a case: its owner, and its member."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.aftersales.model.arrivals import still_expected, units_of
from chalicelib.aftersales.model.cases import Kind, Status
from chalicelib.aftersales.notices.model import (
    AfterSaleApproved,
    AfterSaleDueSoon,
    AfterSaleEscalated,
    AfterSaleKept,
    AfterSaleOpened,
    AfterSaleRefunded,
    AfterSaleRejected,
    AfterSaleWaits,
    RepairReady,
    ReturnApproved,
    ReturnArrived,
    ReturnArrivedInPart,
    ReturnClosed,
    ReturnKept,
    ReturnPaid,
    besides,
)
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.cases.model.clocks import Step
from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords, Listed
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.model.people import Person
from chalicelib.notices.telling.service import tell_member, tell_person
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.tenants.service.brand import get_tenant

_KINDS = {
    Kind.RETURN: InWords("a return", "退货"), Kind.EXCHANGE: InWords("an exchange", "换货"),
    Kind.REPAIR: InWords("a repair", "维修"),
}  # fmt: skip

_MOVED = frozenset({"assigned", "escalated"})


def tell_owner(tenant_id: str, case_id: str, now: datetime, *, escalated: bool = False, of: str = "") -> None:
    """Tells the present owner of a new case, of one that was handed to them (``of`` that event), or of an escalated
    one. Of one that has ended by now nobody, and of a new one that was handed on whoever has it hears otherwise.
    """
    case = _case(tenant_id, case_id)
    if case is None or not case.owner:
        return
    kind, goods = _KINDS[Kind(case.kind)], _goods(case, case.units)
    due: datetime | None = case.act_by
    notice: Notice
    if escalated:
        notice = AfterSaleEscalated(kind, goods)
    elif due is not None and (of or not _MOVED.intersection(entry["type"] for entry in case.history)):
        notice = AfterSaleOpened(kind, goods, due)
    else:
        return
    cause = (case.id, notice.template, *filter(None, (of,)))
    tell_person(tenant_id, Person.staff(case.owner), notice, cause, now, subject_id=case.id)


_DECIDED, _FINISHED = InWords("decided", "处理"), InWords("finished", "完结")


def warn_owner(tenant_id: str, case_id: str, step: Step, now: datetime, *, of: str) -> None:
    """Tells the owner that a due time is near, or that goods were not brought for long; not where that is over. ``of``
    is the event that says so.
    """
    case = _case(tenant_id, case_id)
    if case is None or case.ended:
        return
    kind, goods = _KINDS[Kind(case.kind)], _goods(case, case.still_expected or case.units)
    decides = case.status == Status.REQUESTED
    notice: Notice = AfterSaleWaits(kind, goods)
    if step is Step.FOLLOW_UP and not case.waiting_for:
        return
    if step is not Step.FOLLOW_UP:
        if case.waiting_for or decides != (step is Step.ANSWER_WARNED):
            return
        notice = AfterSaleDueSoon(kind, goods, _DECIDED if decides else _FINISHED, case.act_by)
    cause = (case.id, step.value, of)
    tell_person(tenant_id, Person.staff(case.owner), notice, cause, now, subject_id=case.id)


def tell_decision(tenant_id: str, case_id: str, now: datetime) -> None:
    """Tells the member whether the request was granted, what happens next and when their money comes, with the team's
    words; or of the last units of an exchange that were paid back instead.
    """
    case = _case(tenant_id, case_id)
    if case is None or case.decided_at is None:
        return
    cause, notice = "decided", _decided(case)
    if case.instead:
        last = case.instead[-1]
        cause = f"instead-{len(case.instead)}"
        notice = AfterSaleRefunded(_brand(case), _money(case, last.refund_minor), last.reason)
    _tell_member(case, notice, cause, now)


def tell_arrival(tenant_id: str, case_id: str, part: int, now: datetime) -> None:
    """Tells the member which goods of a return have arrived, what goes back for them, and what is still to come."""
    case = _case(tenant_id, case_id)
    if case is None or case.kind != Kind.RETURN or not case.pays_on_receipt or part > len(case.parts):
        return
    came = case.parts[part - 1]
    if not came.refund_minor:
        return
    about = (_brand(case), _goods(case, units_of(came.lines)), _money(case, came.refund_minor))
    so_far = units_of(line for each in case.parts[:part] for line in each.lines)
    rest = still_expected(case.units, so_far)
    notice = ReturnArrivedInPart(*about, _goods(case, rest)) if rest else ReturnArrived(*about)
    _tell_member(case, notice, f"arrived-{part}", now)


def tell_closed(tenant_id: str, case_id: str, now: datetime) -> None:
    """Tells the member of a return that was closed with what came, where something did not and is not paid for; and of
    a repair that is done, where it may be fetched.
    """
    case = _case(tenant_id, case_id)
    if case is None or case.status != Status.COMPLETED:
        return
    notice: Notice | None = None
    if case.kind == Kind.REPAIR:
        notice = RepairReady(_brand(case), _goods(case, case.units), *_place(case))
    elif case.kind == Kind.RETURN and case.pays_on_receipt and (rest := still_expected(case.units, case.arrived)):
        notice = ReturnClosed(_brand(case), _goods(case, rest))
    if notice is not None:
        _tell_member(case, notice, "closed", now)


def _tell_member(case: AfterSaleRecord, notice: Notice, cause: str, now: datetime) -> None:
    tell_member(case.tenant_id, case.member_id, notice, (case.id, cause), now, subject_id=case.id)


def _decided(case: AfterSaleRecord) -> Notice:
    brand, note = _brand(case), case.decision_reason or ""
    if not any(entry["type"] == Status.APPROVED for entry in case.history):
        return AfterSaleRejected(brand, note)
    goods, amount = _goods(case, case.units), _money(case, int(case.refund_minor or 0))
    pays = case.kind == Kind.RETURN and case.refund_minor
    kept = _money(case, int(case.gifts_kept_minor)) if case.gifts_kept_minor else None
    more = besides(int(case.points or 0), kept)
    if case.goods == "not_needed":
        return ReturnKept(brand, goods, amount, more, note) if pays else AfterSaleKept(brand, goods, more, note)
    place = _place(case)
    if not pays:
        return AfterSaleApproved(brand, goods, *place, more, note)
    return (ReturnApproved if case.pays_on_receipt else ReturnPaid)(brand, goods, *place, amount, more, note)


def _case(tenant_id: str, case_id: str) -> AfterSaleRecord | None:
    return AfterSaleRecord.fetch(*AfterSaleRecord.address(tenant_id, case_id), consistent=True)


def _brand(case: AfterSaleRecord) -> str:
    return str(get_tenant(case.tenant_id).name)


def _place(case: AfterSaleRecord) -> tuple[str, str]:
    """The name and address of the pickup point that handed the goods over."""
    point = PickupPointRecord.fetch(*PickupPointRecord.address(case.tenant_id, case.pickup_point_id))
    return (point.name, point.address_text) if point else ("", "")


def _goods(case: AfterSaleRecord, units: Mapping[str, int]) -> Listed:
    """Units as people read them, each ``Pears × 2``."""
    return tuple(f"{line.title} × {units[line.offer_id]}" for line in case.lines if units.get(line.offer_id))


def _money(case: AfterSaleRecord, amount_minor: int) -> Money:
    return Money(amount_minor, case.currency)
