"""What the API takes of suggestions."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.suggestions.model.suggestions import Reward
from chalicelib.suggestions.service.deciding import Edit
from chalicelib.suggestions.service.reading import SuggestionFilter
from chalicelib.web import Body, Harmless, Query, RecordedDate, ShortText, UlidStr

Words = Annotated[str, StringConstraints(min_length=1, max_length=2000), Harmless]
Note = Annotated[str, StringConstraints(min_length=1, max_length=500), Harmless]
ValueName = Literal["low", "normal", "high"]
EffortName = Literal["small", "medium", "large"]
StatusName = Literal["open", "grouped", "adopted", "declined", "done"]

_ID = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"


class NewSuggestion(Body):
    """What I suggest, in my own words."""

    EXAMPLES = {"a bag": {"text": "希望用可以回收的纸袋装蔬菜。"}}

    text: Words


class NotedSuggestion(NewSuggestion):
    """What a member suggested elsewhere, and where that was."""

    EXAMPLES = {"on the phone": {"member_id": _ID, "text": "晚上八点以后也能取货就好了。", "source": "电话"}}

    member_id: UlidStr
    source: ShortText


class SuggestionEdit(Body):
    """What is absent stays. ``value`` is how much it would bring, ``effort`` how much work it is, ``owner`` a staff id;
    ``note`` is seen by the team alone. ``same_as`` is the suggestion that it is one with, null where it is none.
    """

    EXAMPLES = {
        "assessed": {"value": "high", "effort": "small", "note": "纸袋供应商已报价。"},
        "the same": {"same_as": _ID},
    }

    value: ValueName | None = None
    effort: EffortName | None = None
    owner: UlidStr | None = None
    note: Note | None = None
    same_as: UlidStr | None = None

    def edit(self) -> Edit:
        return Edit(
            self.value, self.effort, self.note, self.owner, "same_as" in self.model_fields_set, self.same_as
        )  # fmt: skip


class RewardForm(Body):
    """What whoever suggested it gets, once: points that do not expire, or a coupon of a batch."""

    points: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    coupon_batch_id: UlidStr | None = None

    def reward(self) -> Reward | None:
        """Raises Invalid for both at once."""
        if self.points is not None and self.coupon_batch_id is not None:
            raise Invalid.at(
                "/reward/coupon_batch_id", "Choose points or a coupon, not both.", "积分与优惠券只能选择一种。"
            )
        found = Reward(self.points, self.coupon_batch_id)
        return None if found == Reward() else found


class Adoption(Body):
    """What will be done, which members read, by which day of the brand, and what whoever suggested it gets for it."""

    EXAMPLES = {"paper bags": {"plan": "下月起改用纸袋。", "done_by": "2030-06-30", "reward": {"points": 100}}}

    plan: Note
    done_by: RecordedDate
    reward: RewardForm = RewardForm()


class Declining(Body):
    """Why it is not done; whoever suggested it reads it."""

    EXAMPLES = {"too dear": {"reason": "纸袋遇水易破，暂时没有合适的替代品。"}}

    reason: Note


class Completion(Body):
    """What was done, where there are better words than the plan's."""

    EXAMPLES = {"as planned": {}, "in other words": {"plan": "全部蔬菜已改用纸袋。"}}

    plan: Note | None = None


class SuggestionQuery(Query):
    """Overdue: not assessed, or not decided, at its due time."""

    status: StatusName | None = None
    owner: UlidStr | None = None
    member_id: UlidStr | None = None
    overdue: bool | None = None

    def filter(self) -> SuggestionFilter:
        return SuggestionFilter(**self.model_dump())
