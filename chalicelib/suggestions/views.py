"""What the API shows of suggestions."""

from collections.abc import Sequence
from typing import Any, Literal, Self

from chalicelib.suggestions.forms import EffortName, StatusName, ValueName
from chalicelib.suggestions.model.suggestions import Status
from chalicelib.suggestions.records import SuggestionRecord
from chalicelib.web import Instant, LocalDate, UlidStr, View


class OwnSuggestionView(View):
    """A suggestion of mine, and what became of it: its ``plan`` and ``done_by`` once it is adopted, the ``reason`` why
    it was declined.
    """

    id: UlidStr
    status: Literal["open", "adopted", "declined", "done"]
    text: str
    opened_at: Instant
    decide_by: Instant | None
    plan: str | None
    done_by: LocalDate | None
    reason: str | None
    decided_at: Instant | None
    done_at: Instant | None

    @classmethod
    def of(cls, found: SuggestionRecord) -> Self:
        waits = found.status in (Status.OPEN, Status.GROUPED)
        names = ("id", "text", "opened_at", "plan", "done_by", "reason", "decided_at", "done_at")
        shown: dict[str, Any] = {name: getattr(found, name) for name in names}
        shown["status"] = Status.OPEN.value if waits else found.status
        return cls(**shown, decide_by=found.resolution_due_at if waits else None)


class AdoptedSuggestionView(View):
    """Something that members suggested and the brand does: in the brand's words, with how many members suggested
    it.
    """

    status: Literal["adopted", "done"]
    plan: str
    members: int
    adopted_at: Instant
    done_by: LocalDate | None
    done_at: Instant | None

    @classmethod
    def of(cls, found: SuggestionRecord) -> Self:
        names = ("status", "plan", "done_by", "done_at")
        shown: dict[str, Any] = {name: getattr(found, name) for name in names}
        return cls(**shown, members=found.members, adopted_at=found.decided_at or found.opened_at)


class SuggestionHistoryView(View):
    """One thing that happened: ``by`` is ``member:…``, ``staff:…``, ``api_key:…`` or ``system``."""

    type: Literal[
        "opened", "changed", "note", "grouped", "ungrouped", "escalated", "adopted", "declined", "done"
    ]  # fmt: skip
    at: Instant
    by: str
    field: str | None = None
    before: str | None = None
    after: str | None = None
    text: str | None = None


class SuggestionRewardView(View):
    """What whoever suggested it gets."""

    points: int | None
    coupon_batch_id: UlidStr | None


class SuggestionView(View):
    """A suggestion as the team sees it. ``others`` are those that are one with it."""

    id: UlidStr
    status: StatusName
    member_id: UlidStr
    text: str
    source: str | None
    value: ValueName | None
    effort: EffortName | None
    priority: Literal["p1", "p2", "p3", "p4"]
    owner: UlidStr
    same_as: UlidStr | None
    others: list[UlidStr]
    plan: str | None
    done_by: LocalDate | None
    reason: str | None
    reward: SuggestionRewardView | None
    opened_at: Instant
    first_response_due_at: Instant
    first_response_at: Instant | None
    resolution_due_at: Instant
    decided_at: Instant | None
    done_at: Instant | None
    history: list[SuggestionHistoryView]

    @classmethod
    def of(cls, found: SuggestionRecord) -> Self:
        return cls(**_fields(found))


class SimilarView(View):
    """Another suggestion that shares words with it."""

    id: UlidStr
    text: str
    status: StatusName


class FullSuggestionView(SuggestionView):
    """The same with suggestions that are like it: hints, which somebody groups or not."""

    similar: list[SimilarView]

    @classmethod
    def with_similar(cls, found: SuggestionRecord, similar: Sequence[SuggestionRecord]) -> Self:
        hints = [SimilarView.model_validate(each) for each in similar]
        return cls(**_fields(found), similar=hints)


def _fields(found: SuggestionRecord) -> dict[str, Any]:
    names = [name for name in SuggestionView.model_fields if name not in ("reward", "priority")]
    reward = found.reward
    shown = SuggestionRewardView(points=reward.points, coupon_batch_id=reward.batch_id) if reward else None
    return {name: getattr(found, name) for name in names} | {"reward": shown, "priority": found.priority.value}
