"""What buyers think of a product: their marks, counted by star and by aspect. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Final, Self

MOST_STARS: Final = 5
PRAISE_FROM: Final = 4
"""A review with so many stars praises."""

_SUPPOSED, _SUPPOSED_STARS = 5, 4
"""A list sorts a product as if it had so many reviews more, of so many stars: one enthusiast, or one grumbler, does not
outweigh the many.
"""


class Aspect(StrEnum):
    """What a review may mark beside the whole."""

    GOODS = "goods"
    SERVICE = "service"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class Marks:
    """The stars of one review, 1 to 5: of the whole, and of the aspects that it marks."""

    stars: int
    aspects: Mapping[str, int] = field(default_factory=dict)


NO_STARS = (0,) * MOST_STARS


@dataclass(frozen=True, slots=True)
class Ratings:
    """All reviews that are shown: how many have one star, two and so on; of each aspect the sum of its stars, and how
    many marked it.
    """

    by_star: tuple[int, ...] = NO_STARS
    aspects: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.by_star)

    @property
    def praising(self) -> int:
        """How many of them praise."""
        return sum(self.by_star[PRAISE_FROM - 1 :])

    @property
    def tenths(self) -> int | None:
        """The average in tenths of a star, rounded half up; None without a review."""
        return _tenths(self._sum, self.count)

    def tenths_of(self, aspect: Aspect) -> int | None:
        """The same of an aspect."""
        return _tenths(*self.aspects.get(aspect.value, (0, 0)))

    @property
    def weight(self) -> int:
        """Where a list sorts it, in ten thousandths of a star: with the reviews that are supposed beside the real."""
        total, many = self._sum + _SUPPOSED * _SUPPOSED_STARS, self.count + _SUPPOSED
        return total * 10_000 // many

    @property
    def _sum(self) -> int:
        return sum((n + 1) * many for n, many in enumerate(self.by_star))

    def changed(self, before: Marks | None, after: Marks | None) -> "Ratings":
        """With a review that has these marks now, and had others before; None for one that is not shown."""
        stars, aspects = list(self.by_star), dict(self.aspects)
        for marks, by in ((before, -1), (after, 1)):
            if marks is None:
                continue
            stars[marks.stars - 1] += by
            for aspect, given in marks.aspects.items():
                total, many = aspects.get(aspect, (0, 0))
                aspects[aspect] = total + by * given, many + by
        return Ratings(tuple(stars), {name: each for name, each in aspects.items() if each[1]})

    def as_json(self) -> list[Any]:
        """As the record stores it."""
        return [list(self.by_star), {name: list(each) for name, each in self.aspects.items()}]

    @classmethod
    def from_json(cls, stored: Sequence[Any] | None) -> Self:
        if stored is None:
            return cls()
        by_star, aspects = stored
        return cls(tuple(by_star), {name: (total, many) for name, (total, many) in aspects.items()})


def _tenths(total: int, many: int) -> int | None:
    return (20 * total + many) // (2 * many) if many else None


def share(part: int, whole: int) -> str:
    """A share with four decimals, rounded half up: ``0.9375``."""
    return str((Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def said(tenths: int | None) -> str | None:
    """An average as it is shown: ``4.6``."""
    return None if tenths is None else f"{tenths // 10}.{tenths % 10}"
