"""What the pages of leaderboards and awards take."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.pages.shell.typed import Reading
from chalicelib.web import Body, Query

Text = Annotated[str, StringConstraints(max_length=300)]

_FIELDS = {
    "/title/zh": "/title_zh", "/title/en": "/title_en", "/reward/points": "/points",
    "/reward/coupon_batch_id": "/coupon_batch_id",
}  # fmt: skip


class BoardPage(Query):
    """Which board is looked at; what is empty is left to itself."""

    by: str = Field("", max_length=20)
    period: str = Field("", max_length=20)
    campaign_id: str = Field("", max_length=40)
    pickup_point_id: str = Field("", max_length=40)
    cursor: str = Field("", max_length=500)
    format: str = Field("", max_length=10)

    def asked(self) -> dict[str, str]:
        """As the API takes it, but for what is ranked by."""
        return {name: value for name, value in self.model_dump(exclude={"by"}).items() if value}


class PeriodPage(Query):
    """Of which period the winners are looked at, by its last local day."""

    to_on: str = Field("", max_length=10)


class AwardTyped(Body):
    """An award as it is typed."""

    title_zh: Text = ""
    title_en: Text = ""
    by: Text = ""
    every: Text = ""
    top: Text = ""
    at_least: Text = ""
    grace_days: Text = ""
    reward: Text = ""
    points: Text = ""
    coupon_batch_id: Text = ""

    def award(self, reading: Reading) -> Mapping[str, Any]:
        """What the API takes of a new one. Raises Invalid for what cannot be read."""
        return {"by": self.by, "every": self.every} | {
            name: value for name, value in self.changes(self.by, reading).items() if value is not None
        }

    def changes(self, by: str, reading: Reading) -> Mapping[str, Any]:
        """What the API takes of changes to one: an empty limit is none. Raises Invalid for what cannot be read."""
        least: Any = self.at_least.strip() or None
        if by == "spend" and least:
            amount = reading.amount(least, "/at_least")
            least = amount and amount["amount_minor"]
        reading.check()
        typed = {"zh": self.title_zh.strip(), "en": self.title_en.strip()}
        title = {language: said for language, said in typed.items() if said}
        reward = {"points": self.points.strip()} if self.reward == "points" else {}
        if self.reward == "coupon":
            reward = {"coupon_batch_id": self.coupon_batch_id.strip()}
        grace = {"grace_days": self.grace_days.strip()} if self.grace_days.strip() else {}
        return {"title": title, "top": self.top.strip() or None, "at_least": least, "reward": reward, **grace}


class Nothing(Body):
    """A form that is no more than its button."""


def named(pointer: str) -> str:
    """The form's field that the API speaks of."""
    return _FIELDS.get(pointer, pointer)
