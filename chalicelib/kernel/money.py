"""Money: integer minor units and a currency, never a float."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

CURRENCIES: dict[str, int] = {
    "AED": 2, "AUD": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CNY": 2, "DKK": 2, "EUR": 2, "GBP": 2, "HKD": 2, "IDR": 2,
    "INR": 2, "JPY": 0, "KRW": 0, "KWD": 3, "MOP": 2, "MXN": 2, "MYR": 2, "NOK": 2, "NZD": 2, "PHP": 2, "PLN": 2,
    "SAR": 2, "SEK": 2, "SGD": 2, "THB": 2, "TRY": 2, "TWD": 2, "USD": 2, "VND": 0, "ZAR": 2,
}  # fmt: skip
"""Currencies taken, with the number of their minor digits (source: ISO 4217)."""

MAX_MINOR = 10**15
"""No single amount of the product is larger: sums of 100 million such orders still fit DynamoDB's 38 digits."""


_WORTH = {"CNY": (5_000, 20_000), "HKD": (5_000, 20_000), "TWD": (20_000, 80_000), "JPY": (1_000, 4_000),
          "KRW": (10_000, 40_000), "USD": (1_000, 5_000), "EUR": (1_000, 5_000), "GBP": (1_000, 5_000)}  # fmt: skip


def worth(currency: str) -> tuple[int, int]:
    """From which amounts in minor units something is worth some, and much: ¥50.00 and ¥200.00, €10.00 and €50.00."""
    scale = 10 ** CURRENCIES.get(currency, 2)
    return _WORTH.get(currency, (10 * scale, 50 * scale))


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added or compared: a defect of the caller, never bad input."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (fen, cents) of an ISO 4217 currency."""

    amount_minor: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    def as_json(self) -> dict[str, Any]:
        """As the API shows it, and records keep it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> Self | None:
        return None if stored is None else cls(**stored)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount_minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount_minor - self._same(other), self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount_minor * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount_minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount_minor <= self._same(other)

    def __str__(self) -> str:
        """As people read it: ``CNY 12.50``, ``JPY 1250``."""
        digits = CURRENCIES[self.currency]
        whole, part = divmod(abs(self.amount_minor), 10**digits)
        sign = "-" if self.amount_minor < 0 else ""
        return f"{self.currency} {sign}{whole}" + (f".{part:0{digits}d}" if digits else "")

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.amount_minor


def allocate(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Splits an amount by weights so that the shares sum to it exactly (largest remainder, Hamilton's method).

    Shares go by ``total * weight / sum(weights)`` rounded down; the units left over go to the largest remainders, the
    earlier share first on a tie. All-zero weights count as equal. Raises ValueError for no or negative weights.
    """
    if not weights or any(weight < 0 for weight in weights):
        raise ValueError("weights must be present and not negative")
    if total_minor < 0:
        return [-share for share in allocate(-total_minor, weights)]
    parts = list(weights) if sum(weights) else [1] * len(weights)
    whole = sum(parts)
    shares = [total_minor * part // whole for part in parts]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(total_minor * parts[i] % whole), i))
    for index in by_remainder[: total_minor - sum(shares)]:
        shares[index] += 1
    return shares
