"""What the pages of reports take in their addresses."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.insight.reports.report import RangeQuery

USUAL_BRACKETS = "1-7,8-30,31-90"


class SummaryPage(RangeQuery):
    """The days, and how they are grouped."""

    by: Literal["day", "week", "month", "weekday", "hour"] = "day"

    def asked(self) -> dict[str, str]:
        """As the API takes it."""
        return _said(self)


class RetentionPage(RangeQuery):
    """Which cohorts, and what counts as coming back."""

    unit: Literal["day", "week", "month"] = "month"
    mode: Literal["on", "on_or_after", "bracket"] = "on"
    brackets: Annotated[str, StringConstraints(max_length=200)] = ""
    periods: Annotated[int | None, Field(ge=1, le=400)] = None

    def asked(self) -> dict[str, str]:
        """As the API takes it: days after the first order belong to one way of counting, periods to the others."""
        said = _said(self)
        if self.mode == "bracket":
            said.pop("periods", None)
            return {**said, "brackets": self.brackets or USUAL_BRACKETS}
        said.pop("brackets", None)
        return said


class MembersPage(RetentionPage):
    """The cell whose members are listed, such as ``2026-01:1``."""

    members: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    cursor: Annotated[str | None, StringConstraints(max_length=500)] = None


class LeavingPage(RangeQuery):
    """The days on which members left."""

    def asked(self) -> dict[str, str]:
        """As the API takes it."""
        return _said(self)


class RatesPage(RangeQuery):
    """The days of which praise and complaints are counted."""

    def asked(self) -> dict[str, str]:
        """As the API takes it."""
        return _said(self)


class LeftPage(LeavingPage):
    """The cell whose members are listed, such as ``2026-11:prices``."""

    members: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    cursor: Annotated[str | None, StringConstraints(max_length=500)] = None


def _said(query: RangeQuery) -> dict[str, str]:
    given = query.model_dump(mode="json", exclude_none=True)
    return {name: str(value) for name, value in given.items() if value != ""}
