"""What the pages of reports take in their addresses."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.insight.report_jobs.model import FileFormat
from chalicelib.insight.report_schedules.model.rhythm import Every
from chalicelib.insight.reports.report import RangeQuery
from chalicelib.web import Body, Query

USUAL_BRACKETS = "1-7,8-30,31-90"


class SummaryPage(RangeQuery):
    """The days, and how they are grouped."""

    by: Literal[
        "day", "week", "month", "weekday", "hour", "campaign", "channel", "pickup_point", "category", "product"
    ] = "day"  # fmt: skip
    compare: Literal["previous", "year"] | None = None

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


_Asked = Annotated[str, StringConstraints(max_length=4000)]
_Addresses = Annotated[str, StringConstraints(max_length=2000)]


class ReportFileForm(Body):
    """A report's parameters as its address has them, and the form of the file."""

    parameters: _Asked = ""
    format: FileFormat = "xlsx"


class SchedulePage(Query):
    """A report that is to be sent, as its page has it."""

    name: Annotated[str, StringConstraints(max_length=60)] = ""
    parameters: _Asked = ""


class ScheduleForm(Body):
    """A report that is to be sent, with its parameters as its address has them."""

    name: Annotated[str, StringConstraints(max_length=60)]
    parameters: _Asked = ""
    every: Every
    at: str
    weekday: Annotated[int, Field(ge=0, le=6)] = 0
    day: Annotated[int, Field(ge=1, le=31)] = 1
    format: FileFormat = "xlsx"
    recipients: _Addresses

    @property
    def addresses(self) -> list[str]:
        """Each of the e-mails."""
        return _each(self.recipients)


class StandardForm(Body):
    """To whom the usual reviews go."""

    reviewers: _Addresses

    @property
    def addresses(self) -> list[str]:
        """Each of the e-mails."""
        return _each(self.reviewers)


def _each(addresses: str) -> list[str]:
    return addresses.replace("，", ",").replace("、", ",").replace(",", " ").split()


def _said(query: RangeQuery) -> dict[str, str]:
    given = query.model_dump(mode="json", exclude_none=True)
    return {name: str(value) for name, value in given.items() if value != ""}
