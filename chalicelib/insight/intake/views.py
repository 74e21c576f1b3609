"""What the API shows of events that were sent."""

from collections.abc import Sequence
from typing import Literal, Self

from chalicelib.insight.intake.forms import Unreadable
from chalicelib.insight.intake.service.taking_in import Outcome, Status
from chalicelib.kernel.language import Language
from chalicelib.web import View


class EventResult(View):
    """What became of an event, in the place in which it was sent: ``duplicate`` is one whose id is used already, with
    the reason where that was for another event; a ``refused`` one says why.
    """

    event_id: str | None
    status: Literal["accepted", "duplicate", "refused"]
    reason: str | None

    @classmethod
    def of(cls, outcome: Outcome | Unreadable, language: Language) -> Self:
        if isinstance(outcome, Unreadable):
            return cls(event_id=outcome.event_id, status=Status.REFUSED.value, reason=outcome.reason)
        reason = getattr(outcome.reason, language) if outcome.reason else None
        return cls(event_id=outcome.event_id, status=outcome.status.value, reason=reason)


class EventsView(View):
    """A result for each event, in their order."""

    results: list[EventResult]

    @classmethod
    def of(cls, outcomes: Sequence[Outcome | Unreadable], language: Language) -> Self:
        return cls(results=[EventResult.of(each, language) for each in outcomes])
