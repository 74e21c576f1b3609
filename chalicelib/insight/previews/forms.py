"""What a preview is asked for."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints

from chalicelib.coupons.forms import NewBatch
from chalicelib.insight.model.periods import Unit, label, number
from chalicelib.kernel.local_day import local_date
from chalicelib.web import Body

Month = Annotated[
    str,
    StringConstraints(pattern=r"^(19|20)\d\d-(0[1-9]|1[0-2])$"),
    Field(
        description="A month of the brand's calendar, such as `2026-10`. Left out, it is the last one or, if that had "
        "no orders, the running one."
    ),
]


class MonthPreviewForm(Body):
    """On the orders of which month it is tried."""

    EXAMPLES = {"on last month's orders": {}, "on those of October": {"month": "2026-10"}}

    month: Month | None = None


class BatchPreviewForm(NewBatch):
    """A batch as it would be made, and on the orders of which month it is tried."""

    month: Month | None = None


_MONTHS = 13


def latest_months(now: datetime, tz: ZoneInfo) -> list[str]:
    """The running month of the brand's calendar and the twelve before it, the latest first."""
    running = number(local_date(now, tz), Unit.MONTH)
    return [label(running - back, Unit.MONTH) for back in range(_MONTHS)]
