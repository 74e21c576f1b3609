"""The days that are usually asked for, and where a line of a statement leads. Pure."""

from datetime import date, timedelta

from chalicelib.settlement.books.model.movements import Movement

LINES = 50
"""Lines of a statement on one page."""

_OF_AN_ORDER = frozenset(
    {
        Movement.HANDED_OVER, Movement.CASH_TAKEN, Movement.REFUND_PAID, Movement.COMMISSION_EARNED,
        Movement.COMMISSION_RELEASED, Movement.COMMISSION_REVERSED, Movement.CORRECTED,
    }
)  # fmt: skip


def last_month(today: date) -> tuple[date, date]:
    """The first and the last day of the month before."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def leads_to(kind: Movement, reference: str) -> str:
    """The page of what a line was booked for, within the console; empty where there is none."""
    if kind in _OF_AN_ORDER:
        return f"/orders/{reference}"
    return f"/statements/{reference}" if kind is Movement.PAID else ""
