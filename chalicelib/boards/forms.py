"""What the API takes of leaderboards and awards."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.boards.model.awards import (
    GRACE_DAYS,
    MOST_GRACE_DAYS,
    MOST_REWARD,
    MOST_TOP,
    Award,
    Reward,
    Titled,
)
from chalicelib.boards.model.boards import By, Every
from chalicelib.boards.service.awards import AwardChanges
from chalicelib.kernel.cursor import SHAPE
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.web import Body, Query, Title, UlidStr

Top = Annotated[int, Field(ge=1, le=MOST_TOP)]
AtLeast = Annotated[int, Field(ge=1, le=MAX_MINOR)]
Grace = Annotated[int, Field(ge=0, le=MOST_GRACE_DAYS)]


class BoardQuery(Query):
    """Which board: of a month or a week, of the orders of one campaign or pickup point."""

    period: str | None = Field(
        None, max_length=20, examples=["2026-11", "2026-W48"],
        description="A month such as 2026-11, or a week such as 2026-W48: weeks begin on the brand's own weekday, and "
        "have the number of their Thursday. Without it the running month or, with `campaign_id`, all of the campaign.",
    )  # fmt: skip
    campaign_id: UlidStr | None = None
    pickup_point_id: UlidStr | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[str | None, Field(max_length=500, json_schema_extra={"pattern": SHAPE})] = None


class BoardTableQuery(BoardQuery):
    """The same, and in what form."""

    format: Literal["json", "csv", "xlsx"] | None = None


class TitleForm(Body):
    """What an award is called, in one language at least, which stands for the other then."""

    zh: Title | None = None
    en: Title | None = None

    def titled(self) -> Titled:
        """Raises Invalid for no title at all."""
        if not self.zh and not self.en:
            raise Invalid.at("/title/zh", "Say what the award is called.", "请填写奖项名称。")
        return Titled(self.zh, self.en)


class RewardForm(Body):
    """What each winner gets: points that do not expire, or a coupon of a batch; neither for the honour alone."""

    points: Annotated[int, Field(ge=1, le=MOST_REWARD)] | None = None
    coupon_batch_id: UlidStr | None = None

    def reward(self) -> Reward:
        """Raises Invalid for both at once."""
        if self.points is not None and self.coupon_batch_id is not None:
            raise Invalid.at(
                "/reward/coupon_batch_id", "Choose points or a coupon, not both.", "积分与优惠券只能选择一种。"
            )
        return Reward(self.points, self.coupon_batch_id)


_EXAMPLE: dict[str, Any] = {
    "title": {"zh": "月度购物达人", "en": "Shopper of the month"}, "by": "spend", "every": "month", "top": 3,
    "reward": {"points": 500},
}  # fmt: skip


class AwardForm(Body):
    """An award for members of the first ``top`` ranks of a board, for all who reached ``at_least`` so much (money in
    minor units), or for those of whom both is true. It is decided in the morning of the day ``grace_days`` after each
    period's end, first of all for the running one.
    """

    EXAMPLES = {
        "the first three of each month": _EXAMPLE,
        "everybody with five orders in a week": {
            "title": {"zh": "每周五单"}, "by": "orders", "every": "week", "at_least": 5,
        },
    }  # fmt: skip

    title: TitleForm
    by: By
    every: Every
    top: Top | None = None
    at_least: AtLeast | None = None
    reward: RewardForm = RewardForm()
    grace_days: Grace = GRACE_DAYS

    def award(self) -> Award:
        return Award(
            self.title.titled(), self.by, self.every, self.top, self.at_least, self.reward.reward(), self.grace_days
        )


class AwardEdit(Body):
    """Fields of an award; what is left out stays. It holds from the next decision on; what was decided stays."""

    EXAMPLES = {"the first five": {"top": 5}, "a coupon in place of points": {
        "reward": {"coupon_batch_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}}}  # fmt: skip

    title: TitleForm | None = None
    top: Top | None = Field(None, description="null takes it away.")
    at_least: AtLeast | None = Field(None, description="null takes it away.")
    reward: RewardForm | None = None
    grace_days: Grace | None = None

    def changes(self) -> AwardChanges:
        """What was sent."""
        sent = {name: getattr(self, name) for name in self.model_fields_set}
        if self.title is not None:
            sent["title"] = self.title.titled()
        if "reward" in sent:
            sent["reward"] = self.reward.reward() if self.reward else Reward()
        kept = ("title", "grace_days")
        return AwardChanges(**{name: value for name, value in sent.items() if value is not None or name not in kept})
