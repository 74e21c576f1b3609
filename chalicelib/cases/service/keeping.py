"""What becomes of a member's case by itself: its owner is warned, somebody above gets it when it is late, it goes to
another when its owner can have it no more, and its due times follow the brand's calendar and targets.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from chalicelib.cases.model.clocks import BREACHES, Step, steps_due
from chalicelib.cases.model.routing import ABOVE, ANYBODY, FIRST, Wanted
from chalicelib.cases.records import MemberCase
from chalicelib.cases.service.owning import assign, may_keep
from chalicelib.db import Page, Transaction, change
from chalicelib.kernel.principal import SYSTEM

C = TypeVar("C", bound=MemberCase)


@dataclass(frozen=True, slots=True)
class Keeping(Generic[C]):
    """How cases of a kind are kept. ``timer`` gives, for a brand, what sets the due times of one; ``wanted`` is what
    one asks of who gets it from another, which is noted as ``handed_on``.

    ``ends`` closes one that has waited for its member for as long as the brand says; where it is absent, the owner is
    told, and before that one whose owner can have it no more goes to another.
    """

    record: type[C]
    timer: Callable[[str], Callable[[C], None]]
    wanted: Callable[[C], Wanted] = lambda _: ANYBODY
    handed_on: str = "assigned"
    ends: Callable[[C, datetime], None] | None = None

    @property
    def name(self) -> str:
        """The word that its events begin with."""
        return self.record.kind.value

    def fetch(self, tenant_id: str, case_id: str) -> C | None:
        """A case as it is stored."""
        return self.record.fetch(*self.record.address(tenant_id, case_id), consistent=True)

    def announce(self, case: C, what: str, now: datetime, **data: Any) -> None:
        """Has the next write of a case send an event of it."""
        case.emit(f"{self.name}.{what}", now, **{f"{self.name}_id": case.id}, **data)


def escalate(kept: Keeping[C], tenant_id: str, pk: str, sk: str, now: datetime) -> None:
    """Takes the steps of a case's ladder that are due: its owner is warned before a due time, a manager or owner gets
    it when it has passed, and one that has waited for long is ended or brought up. Each step once in a run, however
    often and late this is asked; where both due times have passed by now, it is handed up once for both.

    A case that was answered, ended, escalated, or given more time in the meantime is left alone. One of before there
    were calendars gets its due times here.
    """
    time = kept.timer(tenant_id)

    def decide(case: C | None, tx: Transaction) -> None:
        if case is None:
            return
        before = _times(case)
        if case.clock_runs:
            time(case)
        waited = _has_waited(case, now)
        if waited and kept.ends is not None:
            kept.ends(case, now)
            tx.replace("case", case)
            return
        steps = steps_due(case.promises, case.steps, now)
        if waited:
            steps.append(Step.FOLLOW_UP)
            if not case.with_team and not may_keep(tenant_id, case.owner):  # nobody hands over what has ended
                give_to_another(kept, case, now)
        _take(kept, case, steps, now)
        if steps or before != _times(case):
            tx.replace("case", case)

    change(lambda: kept.record.fetch(pk, sk, consistent=True), decide)


def _has_waited(case: MemberCase, now: datetime) -> bool:
    at = case.looked_at_again_at
    return at is not None and at <= now and Step.FOLLOW_UP not in case.steps


def _times(case: MemberCase) -> tuple[object, ...]:
    return case.promises, case.follow_up_at, case.answer_warn_at, case.solution_warn_at


def _take(kept: Keeping[C], case: C, steps: Sequence[Step], now: datetime) -> None:
    passed = [step for step in steps if step in BREACHES]
    said: dict[str, str] = {}
    if passed:
        before = case.owner
        case.owner = assign(case.tenant_id, case.id, ABOVE, now, but_not=before)
        said = case.note_breaches(passed, before, now)
    for step in steps:
        case.take(step.value)
        if step not in BREACHES:
            kept.announce(case, "due_soon", now, step=step.value)
    if passed:
        kept.announce(case, "escalated", now, **said)


def hand_over(kept: Keeping[C], tenant_id: str, case_id: str, staff_id: str, now: datetime) -> None:
    """Gives a case that the team has to see to to somebody on duty, if whoever has it can have it no more. A second
    time, or where they are back, it changes nothing.
    """

    def decide(case: C | None, tx: Transaction) -> None:
        if case is None or not case.with_team or case.owner != staff_id or may_keep(tenant_id, staff_id):
            return
        if give_to_another(kept, case, now):
            kept.announce(case, "assigned", now)
            tx.replace("case", case)

    change(lambda: kept.fetch(tenant_id, case_id), decide)


def give_to_another(kept: Keeping[C], case: C, now: datetime) -> bool:
    """Gives it to another of the team if there is one, and notes that."""
    before = case.owner
    found = assign(case.tenant_id, case.id, FIRST, now, wanted=kept.wanted(case), but_not=before)
    if found == before:
        return False
    case.note(kept.handed_on, now, SYSTEM, field="owner", before=before, after=found)
    case.owner = found
    return True


def retime(kept: Keeping[C], tenant_id: str, case_id: str) -> None:
    """Gives a case that the team has to see to its due times by the brand's present calendar and rules."""
    time = kept.timer(tenant_id)

    def decide(case: C | None, tx: Transaction) -> None:
        if case is None or not case.with_team:
            return
        before = _times(case)
        time(case)
        if before != _times(case):
            tx.replace("case", case)

    change(lambda: kept.fetch(tenant_id, case_id), decide)


def open_cases(kept: Keeping[C], tenant_id: str, cursor: dict[str, Any] | None, limit: int) -> Page[C]:
    """The cases that the team has to see to, in an order that their due times do not change."""
    partition = kept.record.of_tenant(tenant_id)
    return kept.record.page(partition, index="gsi1", begins_with="open#", limit=limit, cursor=cursor)
