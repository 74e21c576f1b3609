"""The tenant's day: which one an instant belongs to, and when a day begins and ends in its zone. Pure."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def local_date(moment: datetime, tz: ZoneInfo) -> date:
    """The calendar day of an instant in a zone: the tenant's day in any report."""
    return moment.astimezone(tz).date()


def day_start(on: date, tz: ZoneInfo) -> datetime:
    """The first instant (UTC) of a local day, right across daylight-saving changes, also where midnight is skipped."""
    return datetime(on.year, on.month, on.day, tzinfo=tz).astimezone(UTC)


def day_bounds(on: date, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """A local day as the half-open UTC range ``[start, end)``; 23 or 25 hours long on the days clocks change."""
    return day_start(on, tz), day_start(on + timedelta(days=1), tz)
