"""What the pages of API keys take."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.kernel.clock import instant, zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import day_bounds
from chalicelib.web import Body

Words = Annotated[str, StringConstraints(max_length=300)]


class Nothing(Body):
    """A form that is no more than its button."""


class KeyForm(Body):
    """A key as it is asked for: ``last_on`` is the last day on which it works, by the brand's clocks."""

    name: Words = ""
    scopes: dict[str, bool] = {}
    last_on: Words = ""

    def key(self, timezone: str) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what is no day."""
        every = self.scopes.get("every", False)
        ticked = ["*"] if every else [name for name, on in self.scopes.items() if on]
        return {"name": self.name, "scopes": ticked, "expires_at": _end_of(self.last_on, timezone)}


class RotationForm(Body):
    """For how many hours the present secret goes on working."""

    overlap_hours: Words = "24"


def _end_of(day: str, timezone: str) -> str | None:
    if not day:
        return None
    try:
        last = date.fromisoformat(day)
        end: datetime = day_bounds(last, zone(timezone))[1]
    except (ValueError, OverflowError) as fault:
        raise Invalid.at("/last_on", "Write a date such as 2027-01-31.", "请填写日期，例如 2027-01-31。") from fault
    return instant(end)
