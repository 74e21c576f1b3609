"""I8, for whatever is stored: every open case has an owner on the team and due times, stands on the desk as it is, and
took each step of its ladder once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.cases.model.clocks import Step
from chalicelib.cases.model.routing import may_serve
from chalicelib.cases.records import CaseEntry, CaseRecord
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.loyalty.points.model.entries import CauseType
from chalicelib.loyalty.points.records import PointsEntryRecord, PointsRecord
from chalicelib.suggestions.records import SuggestionRecord
from chalicelib.tenants.records import StaffRecord
from tests.invariants.care import Care, is_open
from tests.invariants.snapshot import Snapshot

if TYPE_CHECKING:
    from tests.invariants.queues import Queues

_BREACHES = (Step.ANSWER_BREACHED, Step.SOLUTION_BREACHED)
_RUN_BEGINS = {"reopened", "handed_over", "answered", "ungrouped"}
"""Entries of a history with which a run may begin, in which each breach is handed up once."""


def check_cases(stored: Snapshot, tenant_id: str, care: Care | None = None) -> None:
    """I8 for all complaints, after-sales, enquiries and suggestions of a brand."""
    team = {each.id for each in stored.every(StaffRecord, StaffRecord.partition(tenant_id)) if may_serve(each.roles)}
    complaints = stored.listed(ComplaintRecord, ComplaintRecord.of_tenant(tenant_id))
    after_sales = stored.listed(AfterSaleRecord, AfterSaleRecord.of_tenant(tenant_id))
    enquiries = stored.listed(EnquiryRecord, EnquiryRecord.of_tenant(tenant_id))
    suggestions = stored.listed(SuggestionRecord, SuggestionRecord.of_tenant(tenant_id))
    open_ones: list[CaseRecord] = [each for each in after_sales if not each.ended]
    open_ones += [each for each in (*complaints, *enquiries, *suggestions) if is_open(each)]
    for case in open_ones:
        assert case.owner in team, f"{case.pk}: {case.owner} cannot have it"
        _check_owner_and_times(case)
        if care is not None:
            _check_duty(case, care)
    desk = {_id(each): each for each in stored.listed(CaseEntry, CaseEntry.of_tenant(tenant_id))}
    assert desk.keys() == {_id(each) for each in open_ones}
    for case in open_ones:
        entry = desk[_id(case)]
        assert (entry.owner, entry.waiting_for) == (case.owner, case.waiting_for), f"{case.pk}: the desk differs"
    for talked in (*complaints, *enquiries, *suggestions):
        _check_escalated_once(talked)
    if care is not None:
        _check_people(stored, tenant_id, care, (*complaints, *enquiries, *suggestions))


def _check_people(stored: Snapshot, tenant_id: str, care: Care, cases: Iterable[Any]) -> None:
    """Nobody has a case who is another member by now, and what was promised for a suggestion was given once."""
    people = care.people()
    whose = {each.id: each for each in people}
    given = Counter[str]()
    for each in whose:
        pk, _ = PointsRecord.address(tenant_id, each)
        entries = stored.every(PointsEntryRecord, pk, f"points#{CauseType.SUGGESTION.value}:")
        given.update(entry.cause_id for entry in entries)
    for case in cases:
        assert whose[case.member_id].united_with is None, f"{case.pk}: its member is another by now"
        if isinstance(case, SuggestionRecord):
            points = case.reward is not None and case.reward.points is not None and case.rewarded_at is not None
            assert given[case.id] == points, f"{case.pk}: rewarded {given[case.id]} times"


def check_at_any_moment(care: Care) -> None:
    """Whatever waits to be worked off: every open case has an owner and due times, and is on the desk as it is."""
    for case, entry in care.read():
        assert (entry is not None) == is_open(case), f"{case.pk}: on the desk {entry is not None}"
        if entry is not None:
            assert case.owner in care.team, f"{case.pk}: {case.owner} is nobody's id"
            assert (entry.owner, entry.waiting_for) == (case.owner, case.waiting_for), f"{case.pk}: the desk differs"
            _check_owner_and_times(case)
        _check_escalated_once(case)


def check_when_worked_off(care: Care, queues: Queues, swept_at: datetime) -> None:
    """When nothing waits and all that is due was looked for: owners are there as far as anybody is, and each due time
    that has passed was handed up, by as many events as the history has of it.
    """
    told = Counter[str]()
    for message in {each.message.id: each.message for each in queues.delivered}.values():
        if message.type.endswith(".escalated"):
            told[str(next(value for name, value in message.data.items() if name.endswith("_id")))] += 1
    for case, _ in care.read():
        if is_open(case):
            _check_duty(case, care)
            for each in case.promises:
                late = not each.met and not each.stands and each.due_at <= swept_at
                assert not late or each.breached in case.steps, f"{case.pk}: {each.breached} was not handed up"
        handed_up = {each["at"] for each in _history(case) if each["type"] == "escalated"}
        assert told[_id(case)] == len(handed_up), f"{case.pk}: {told[_id(case)]} events of {len(handed_up)}"


def _check_owner_and_times(case: CaseRecord) -> None:
    assert case.owner, f"{case.pk}: nobody has it"
    assert case.promises, f"{case.pk}: nothing of it is due"
    assert all(each.due_at and each.warn_at <= each.due_at for each in case.promises), f"{case.pk}: {case.promises}"
    assert len(set(case.steps)) == len(case.steps), f"{case.pk}: took {case.steps}"


def _check_duty(case: CaseRecord, care: Care) -> None:
    escalated = any(step in case.steps for step in _BREACHES)
    assert care.presence.may_have(case.owner, escalated=escalated), f"{case.pk}: {case.owner} is off duty"


def _check_escalated_once(case: CaseRecord) -> None:
    for entries in _runs(_history(case)):
        breaches = Counter(each.get("field", each["at"]) for each in entries if each["type"] == "escalated")
        assert max(breaches.values(), default=0) <= 1, f"{case.pk}: escalated {breaches}"
        assert len(breaches) <= len(_BREACHES), f"{case.pk}: escalated {breaches}"


def _runs(history: Iterable[Any]) -> list[list[Any]]:
    runs: list[list[Any]] = [[]]
    for entry in history:
        if entry["type"] in _RUN_BEGINS:
            runs.append([])
        runs[-1].append(entry)
    return runs


def _history(case: Any) -> list[Any]:
    return list(case.history or ())


def _id(record: Any) -> str:
    return str(record.pk).rpartition("#")[2]
