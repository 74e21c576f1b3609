"""A suggestion has an owner and a clock: who is warned, who gets it when it is late, and when somebody leaves."""

from datetime import datetime

from chalicelib.cases.model.clocks import Step, steps_due
from chalicelib.cases.model.routing import ABOVE, FIRST
from chalicelib.cases.service.owning import assign, may_keep
from chalicelib.cases.service.timing import timing
from chalicelib.db import Transaction, change
from chalicelib.kernel.principal import SYSTEM
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.model.people import Person
from chalicelib.notices.telling.service import tell_person
from chalicelib.suggestions.model.notices import (
    ANSWERED,
    DECIDED,
    DONE,
    SuggestionDueSoon,
    SuggestionEscalated,
    SuggestionOpened,
)
from chalicelib.suggestions.model.suggestions import Status
from chalicelib.suggestions.records import ASSIGNED, DUE_SOON, ESCALATED, SuggestionRecord
from chalicelib.suggestions.service.following import shown
from chalicelib.suggestions.service.suggesting import time_suggestion

_BREACHES = (Step.ANSWER_BREACHED, Step.SOLUTION_BREACHED)


def escalate(tenant_id: str, pk: str, sk: str, now: datetime) -> None:
    """Takes the steps of its ladder that are due, each once: its owner is warned, a manager or owner gets it when it is
    late, and who promised to do it is reminded when the day is over.
    """
    by_now = timing(tenant_id)

    def decide(suggestion: SuggestionRecord | None, tx: Transaction) -> None:
        if suggestion is None:
            return
        before = suggestion.promises
        if suggestion.is_open:
            time_suggestion(suggestion, by_now)
        steps = steps_due(suggestion.promises, suggestion.steps, now)
        promised, at = suggestion.status == Status.ADOPTED, suggestion.follow_up_at
        if promised and at is not None and at <= now and Step.FOLLOW_UP not in suggestion.steps:
            steps.append(Step.FOLLOW_UP)
            if not may_keep(tenant_id, suggestion.owner):  # one that is decided is handed over when it is needed
                _give_to_somebody_there(suggestion, now)
        _take(suggestion, steps, now)
        if steps or before != suggestion.promises:
            tx.replace("suggestion", suggestion)

    change(lambda: SuggestionRecord.fetch(pk, sk, consistent=True), decide)


def _take(suggestion: SuggestionRecord, steps: list[Step], now: datetime) -> None:
    passed = [step for step in steps if step in _BREACHES]
    if passed:
        before = suggestion.owner
        suggestion.owner = assign(suggestion.tenant_id, suggestion.id, ABOVE, now, but_not=before)
        suggestion.note("escalated", now, SYSTEM, before=before, after=suggestion.owner)
        suggestion.emit(ESCALATED, now, suggestion_id=suggestion.id, step=passed[-1].value)
    for step in steps:
        suggestion.take(step.value)
        if step not in _BREACHES:
            suggestion.emit(DUE_SOON, now, suggestion_id=suggestion.id, step=step.value)


def hand_over(tenant_id: str, suggestion_id: str, staff_id: str, now: datetime) -> None:
    """Gives an open suggestion to somebody on duty, if whoever has it can have it no more; done again it changes
    nothing.
    """

    def decide(suggestion: SuggestionRecord | None, tx: Transaction) -> None:
        if suggestion is None or not suggestion.is_open or suggestion.owner != staff_id:
            return
        if may_keep(tenant_id, staff_id):
            return
        if _give_to_somebody_there(suggestion, now):
            suggestion.emit(ASSIGNED, now, suggestion_id=suggestion_id)
            tx.replace("suggestion", suggestion)

    address = SuggestionRecord.address(tenant_id, suggestion_id)
    change(lambda: SuggestionRecord.fetch(*address, consistent=True), decide)


def _give_to_somebody_there(suggestion: SuggestionRecord, now: datetime) -> bool:
    """Gives it to another of the team if there is one, and notes that."""
    before = suggestion.owner
    found = assign(suggestion.tenant_id, suggestion.id, FIRST, now, but_not=before)
    if found == before:
        return False
    suggestion.note("changed", now, SYSTEM, field="owner", before=before, after=found)
    suggestion.owner = found
    return True


def retime(tenant_id: str, suggestion_id: str) -> None:
    """Gives an open suggestion its due times by the brand's present calendar and targets."""
    by_now = timing(tenant_id)

    def decide(suggestion: SuggestionRecord | None, tx: Transaction) -> None:
        if suggestion is None or not suggestion.is_open:
            return
        before = suggestion.promises
        time_suggestion(suggestion, by_now)
        if before != suggestion.promises:
            tx.replace("suggestion", suggestion)

    address = SuggestionRecord.address(tenant_id, suggestion_id)
    change(lambda: SuggestionRecord.fetch(*address, consistent=True), decide)


def tell_owner(tenant_id: str, suggestion_id: str, event_id: str, now: datetime, step: Step | None = None) -> None:
    """Tells the present owner of a suggestion that is theirs or, with a step of its ladder, that it is due soon or
    late; not where that is over.
    """
    found = SuggestionRecord.fetch(*SuggestionRecord.address(tenant_id, suggestion_id), consistent=True)
    notice = None if found is None else _notice(found, step)
    if found is not None and notice is not None:
        person, cause = Person.staff(found.owner), (found.id, event_id)
        tell_person(tenant_id, person, notice, cause, now, subject_id=found.id)


def _notice(suggestion: SuggestionRecord, step: Step | None) -> Notice | None:
    text, late = shown(suggestion.text), step in _BREACHES
    if step is Step.FOLLOW_UP:
        promised = suggestion.status == Status.ADOPTED and suggestion.follow_up_at is not None
        return SuggestionDueSoon(text, DONE, suggestion.follow_up_at) if promised else None  # type: ignore[arg-type]
    if not suggestion.is_open:
        return None
    if step is None:
        return SuggestionOpened(text, suggestion.first_response_due_at, suggestion.resolution_due_at)
    answer = step in (Step.ANSWER_WARNED, Step.ANSWER_BREACHED)
    if answer and suggestion.answered:
        return None
    act, due_at = (ANSWERED, suggestion.first_response_due_at) if answer else (DECIDED, suggestion.resolution_due_at)
    return SuggestionEscalated(text, act, due_at) if late else SuggestionDueSoon(text, act, due_at)
