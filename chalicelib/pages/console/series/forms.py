"""What the pages of recurring group buys take."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.campaigns.series.forms import DAYS
from chalicelib.kernel.errors import Invalid
from chalicelib.web import Body, Query, UlidStr

Text = Annotated[str, StringConstraints(max_length=1_000)]
_HOURS = re.compile(r"\d{1,4}(?:\.\d{1,3})?")


class Like(Query):
    """The group buy whose goods and terms the new ones have."""

    campaign: UlidStr | None = None


class LikeForm(Body):
    """The group buy whose goods and terms the next ones have."""

    campaign: Text = ""


class RuleTyped(Body):
    """A rule as it is typed."""

    every: Text = "week"
    interval: Text = "1"
    weekdays: dict[str, Text] = {}
    month_day: Text = ""
    opens: Text = ""
    starts_on: Text = ""
    ends_on: Text = ""

    def rule(self, open_minutes: int) -> Mapping[str, Any]:
        """The rule as the API takes it; what clocks skip is moved forward, of what comes twice the first is meant."""
        made = {name: getattr(self, name) for name in ("every", "interval", "opens", "starts_on", "ends_on")}
        if self.every == "week":
            made["weekdays"] = [day for day in DAYS if self.weekdays.get(day) == "true"]
        if self.every == "month":
            made["month_day"] = self.month_day
        said = {name: value for name, value in made.items() if value != ""}
        return {**said, "open_minutes": open_minutes, "on_gap": "forward", "fold": "earlier"}


class SeriesForm(Body):
    """A recurring group buy as it is typed."""

    campaign: Text = ""
    title: Text = ""
    rule: RuleTyped = RuleTyped()
    open_hours: Text = ""
    hours_ahead: Text = "24"
    arrives_after_days: Text = ""
    publish: bool = False

    def details(self) -> Mapping[str, Any]:
        """What the API takes, but for goods and terms. Raises Invalid for hours that cannot be read."""
        if not _HOURS.fullmatch(self.open_hours):
            message = "Type for how many hours it is open, such as 48."
            raise Invalid.at("/open_hours", message, "请填写开放的小时数，例如 48。")
        return {
            "title": self.title,
            "rule": self.rule.rule(round(float(self.open_hours) * 60)),
            "hours_ahead": self.hours_ahead,
            "arrives_after_days": self.arrives_after_days or None,
            "publish": self.publish,
        }


def named(pointer: str) -> str:
    """The field that the API speaks of."""
    pointer = re.sub(r"^(/rule/weekdays)/\d+$", r"\1", pointer)
    return "/open_hours" if pointer == "/rule/open_minutes" else pointer
