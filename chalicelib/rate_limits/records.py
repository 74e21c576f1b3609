"""What is spent of budgets, with its keys."""

from datetime import datetime

from pynamodb.attributes import NumberAttribute

from chalicelib.db import PlatformRecord
from chalicelib.rate_limits.model import Budget


class SpentBudget(PlatformRecord):
    """How much of a budget is spent in one window. TTL removes it after the window."""

    used = NumberAttribute()

    @staticmethod
    def address(budget: Budget, now: datetime) -> tuple[str, str]:
        return f"budget#{budget.limit}#{budget.subject}", f"window#{budget.begins(now)}"
