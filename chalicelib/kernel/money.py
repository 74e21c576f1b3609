"""Money: integer minor units and a currency, never a float."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from chalicelib.kernel.currencies import CURRENCIES, sign
from chalicelib.kernel.language import Language

MAX_MINOR = 10**15
"""No single amount of the product is larger: sums of 100 million such orders still fit DynamoDB's 38 digits."""

_BESIDE_DIGITS = dict.fromkeys(map(ord, " ¥$€£元"))
"""What people write around an amount: blanks, a sign, 元."""
_TYPED = r"([0-9]{1,13}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:[.]([0-9]+))?"


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
        """As tables and people of any language read it: ``CNY 12.50``, ``JPY 1250``."""
        return f"{self.currency} {self._digits('')}"

    def said(self, language: Language) -> str:
        """As a message says it to a reader of the language: ``CN¥1,250.00`` in English, ``¥1,250.00`` in Chinese."""
        digits = self._digits(",")
        minus = "-" if digits.startswith("-") else ""
        return f"{minus}{sign(self.currency, language)}{digits.removeprefix('-')}"

    def __format__(self, language: str) -> str:
        """As :meth:`said` in a text of that language, ``{amount:zh}``; without one as :meth:`__str__`."""
        return self.said("zh" if language == "zh" else "en") if language else str(self)

    def _digits(self, between_thousands: str) -> str:
        digits = CURRENCIES[self.currency]
        whole, part = divmod(abs(self.amount_minor), 10**digits)
        shown = f"{whole:,}".replace(",", between_thousands)
        return ("-" if self.amount_minor < 0 else "") + shown + (f".{part:0{digits}d}" if digits else "")

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.amount_minor


def read_amount(typed: str, currency: str) -> int | None:
    """Minor units of an amount as people type it: ``12.5``, ``1,250``, ``￥12.50``. None for what is none or has
    a sign, or more decimals than the currency; a comma stands between thousands alone.
    """
    found = re.fullmatch(_TYPED, unicodedata.normalize("NFKC", typed).translate(_BESIDE_DIGITS))
    digits = CURRENCIES[currency]
    if found is None or len(part := (found[2] or "").rstrip("0")) > digits:
        return None
    minor = int(found[1].replace(",", "")) * 10**digits + int(part.ljust(digits, "0") or 0)
    return minor if minor <= MAX_MINOR else None


def write_amount(minor: int, currency: str) -> str:
    """An amount as people type it, which :func:`read_amount` reads: ``12.50``, ``1250`` of a currency without minor
    units.
    """
    digits = CURRENCIES[currency]
    whole, part = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}" + (f".{part:0{digits}d}" if digits else "")


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
