"""What messages used and cost. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import Money

MOST_DAYS = 366


class PeriodTooLong(Invalid):
    """More days are asked for than one answer has."""

    code, title, title_zh = "period_too_long", "Period too long", "查询区间过长"


@dataclass(frozen=True, slots=True)
class Used:
    """Messages that left, and what they cost in parts.

    ``refused`` could not leave, for good; ``repeated`` may have left twice, of which ``messages`` counts one. ``cost``
    is exact, in units of the brand's currency, and that of the parts that had a price; ``unpriced`` had none.
    """

    messages: int = 0
    parts: int = 0
    refused: int = 0
    repeated: int = 0
    unpriced: int = 0
    cost: Decimal = Decimal(0)

    @classmethod
    def at(cls, price: Decimal | None, messages: int, parts: int, refused: int, repeated: int) -> "Used":
        """What was sent at one price a part."""
        if price is None:
            return cls(messages, parts, refused, repeated, unpriced=parts)
        return cls(messages, parts, refused, repeated, cost=price * parts)

    def __add__(self, other: "Used") -> "Used":
        return Used(
            self.messages + other.messages, self.parts + other.parts, self.refused + other.refused,
            self.repeated + other.repeated, self.unpriced + other.unpriced, self.cost + other.cost,
        )  # fmt: skip

    def money(self, currency: str) -> Money | None:
        """The cost in whole minor units, rounded once, a half up; None where no part had a price."""
        if self.parts and self.unpriced == self.parts:
            return None
        minor = (self.cost * 10 ** CURRENCIES[currency]).quantize(Decimal(1), ROUND_HALF_UP)
        return Money(int(minor), currency)


@dataclass(frozen=True, slots=True)
class DayOfMedium:
    """What left by one medium on one local day."""

    on: date
    channel: str
    used: Used


def total(parts: Iterable[Used]) -> Used:
    """All of them together; the cost is summed as it is, and rounded only where it is shown."""
    return sum(parts, Used())
