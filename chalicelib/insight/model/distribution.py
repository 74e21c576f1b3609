"""How whole numbers are distributed: moments, quantiles and a histogram, exactly. Pure. No value is left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from math import isqrt

QUANTILES = tuple(Fraction(percent, 100) for percent in (5, 10, 25, 50, 75, 90, 95, 99))

BINS = 20
"""About so many bins hold all but the greatest twentieth of values, unless a width is asked for."""

MOST_BINS = 500
_PLACES = 4


@dataclass(frozen=True, slots=True)
class Bin:
    """How many values are at least ``low`` and below ``high``; of the last bin ``high`` is None: up to the greatest."""

    low: int
    high: int | None
    count: int

    def holds(self, value: int) -> bool:
        """Whether a value is counted here."""
        return self.low <= value and (self.high is None or value < self.high)


class TooManyBins(ValueError):
    """Bins of the width asked for would be too many."""


class Distribution:
    """Of values, from how often there is each. Of none at all there are no moments."""

    def __init__(self, counts: Mapping[int, int]) -> None:
        self._values = sorted(value for value, many in counts.items() if many)
        self._counts = {value: counts[value] for value in self._values}
        self._upto = list(accumulate(self._counts.values()))
        self.count = self._upto[-1] if self._upto else 0
        self.sum = sum(value * many for value, many in self._counts.items())

    @property
    def least(self) -> int | None:
        return self._values[0] if self._values else None

    @property
    def most(self) -> int | None:
        return self._values[-1] if self._values else None

    @property
    def mean(self) -> Decimal | None:
        """With four decimals, as all that follow."""
        return rounded(Fraction(self.sum, self.count)) if self.count else None

    @property
    def _variance(self) -> Fraction | None:
        if self.count < 2:
            return None
        squares = sum(value * value * many for value, many in self._counts.items())
        return Fraction(self.count * squares - self.sum**2, self.count * (self.count - 1))

    @property
    def variance(self) -> Decimal | None:
        """Of a sample: the sum of squared differences from the mean over one less than the count."""
        found = self._variance
        return None if found is None else rounded(found)

    @property
    def deviation(self) -> Decimal | None:
        """The square root of that, from the exact one."""
        found = self._variance
        return None if found is None else _root(found)

    def quantile(self, p: Fraction) -> Decimal | None:
        """Type 7 of Hyndman and Fan, Sample Quantiles in Statistical Packages, The American Statistician 50(4), 1996:
        linear between the values around place (n - 1) p, counted from 0, as spreadsheets, R and NumPy have it.
        """
        if not self.count:
            return None
        place = (self.count - 1) * p
        below = place.numerator // place.denominator
        low, high = self._at(below), self._at(min(below + 1, self.count - 1))
        return rounded(low + (place - below) * (high - low))

    def _at(self, place: int) -> int:
        """The value at a place among all, ascending, from 0."""
        low, high = 0, len(self._upto) - 1
        while low < high:
            middle = (low + high) // 2
            if self._upto[middle] > place:
                high = middle
            else:
                low = middle + 1
        return self._values[low]

    def histogram(self, width: int | None = None) -> Sequence[Bin]:
        """Bins of equal width, each from a multiple of it, the last one open. Without a width asked for the last begins
        above 95 % of values. Raises TooManyBins.
        """
        if self.least is None or self.most is None:
            return []
        end = self._at((self.count - 1) * 95 // 100) if width is None else self.most
        size = width or round_width(end - self.least)
        first = self.least // size * size
        many = (end - first) // size + 1
        if many > MOST_BINS:
            raise TooManyBins(many)
        if first + many * size <= self.most:
            many += 1
        counts = [0] * many
        for value, times in self._counts.items():
            counts[min((value - first) // size, many - 1)] += times
        lows = [first + place * size for place in range(many)]
        return [Bin(low, high, count) for low, high, count in zip(lows, _highs(lows), counts, strict=True)]


def round_width(span: int) -> int:
    """The least of 1, 2, 5, 10, 20, 50, ... of which BINS cover a span."""
    return next(width for width in _round_numbers() if width * BINS >= span)


def _round_numbers() -> Iterator[int]:
    unit = 1
    while True:
        yield from (unit, 2 * unit, 5 * unit)
        unit *= 10


def _highs(lows: Sequence[int]) -> list[int | None]:
    return [*lows[1:], None]


def rounded(value: Fraction) -> Decimal:
    """With four decimals, half to even."""
    return Decimal(round(value * 10**_PLACES)).scaleb(-_PLACES)


def _root(value: Fraction) -> Decimal:
    """The square root, half up: exact whole roots of a number with enough further digits."""
    doubled = isqrt(value.numerator * 10 ** (2 * _PLACES) * 4 // value.denominator)
    return Decimal((doubled + 1) // 2).scaleb(-_PLACES)
