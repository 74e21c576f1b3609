"""Who is told that a suggestion is theirs, due soon, or late."""

from datetime import datetime

from chalicelib.cases.model.clocks import BREACHES, Step
from chalicelib.cases.model.words import one_line
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
from chalicelib.suggestions.records import SuggestionRecord


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
    text, late = one_line(suggestion.text), step in BREACHES
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
