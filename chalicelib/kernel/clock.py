"""Time as the product sees it.

Business code receives ``now``; only the edges (web, messaging, jobs) ask this clock. The embedded stack and the tests
move it forward with :func:`set_offset`; in Lambda the offset stays zero.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from chalicelib.kernel.errors import Invalid

_offset = timedelta()


class UnknownZone(Invalid):
    """The name is not in the IANA time zone database."""

    code, title, title_zh = "unknown_timezone", "Unknown time zone", "未知时区"


def now() -> datetime:
    """The product's current instant, aware, in UTC, to the millisecond (as it is stored)."""
    moment = datetime.now(UTC) + _offset
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def set_offset(seconds: float) -> None:
    """Moves the product's clock against the machine's, in seconds; only the embedded stack and tests do so."""
    global _offset
    _offset = timedelta(seconds=seconds)


def offset() -> float:
    """How far the product's clock is ahead of the machine's, in seconds."""
    return _offset.total_seconds()


def sortable(moment: datetime) -> str:
    """Fixed-width RFC 3339 in UTC (``2026-11-22T08:00:00.000Z``): sorts as text in the order of time.

    Raises ValueError for a naive datetime: a local time without its zone names no instant.
    """
    if moment.tzinfo is None:
        raise ValueError("a naive datetime names no instant")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC as the API writes it: milliseconds only where there are any."""
    text = sortable(moment)
    return text[:-5] + "Z" if text.endswith(".000Z") else text


def parse_instant(text: str) -> datetime:
    """Reads RFC 3339 with an offset or ``Z`` into aware UTC.

    Raises ValueError when the text is no instant, or carries no offset.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("the instant needs an offset, such as Z or +08:00")
    try:
        return moment.astimezone(UTC)
    except OverflowError as far:
        raise ValueError("the instant is out of range") from far


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone of a name that was checked before, such as a tenant's. Raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as absent:
        raise UnknownZone(
            f"'{name}' is not an IANA time zone; use a name such as Asia/Shanghai.",
            detail_zh=f"“{name}”不是 IANA 时区，请使用如 Asia/Shanghai 的名称。",
        ) from absent


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """The names that a tenant may choose: IANA's, without the files that only look like zones. Takes 20 ms, once."""
    return frozenset(available_timezones())
