"""What the API shows of how products are reviewed."""

from typing import Self

from chalicelib.catalog.model.ratings import MOST_STARS, Aspect, Ratings, said
from chalicelib.web import View


class StarsView(View):
    """How many reviewed it, and their average in stars, rounded half up to a tenth: ``"4.6"``."""

    count: int
    average: str

    @classmethod
    def of(cls, ratings: Ratings) -> Self | None:
        """None where there is no review."""
        average = said(ratings.tenths)
        return None if average is None else cls(count=ratings.count, average=average)


class StarCountView(View):
    """How many reviews have so many stars."""

    stars: int
    count: int


class AspectsView(View):
    """The average of each aspect; null where nobody has marked it."""

    goods: str | None
    service: str | None
    delivery: str | None


class RatingView(StarsView):
    """The same by stars, the most first, and by aspect."""

    by_star: list[StarCountView]
    aspects: AspectsView

    @classmethod
    def of(cls, ratings: Ratings) -> Self | None:
        average = said(ratings.tenths)
        if average is None:
            return None
        by_star = [StarCountView(stars=n, count=ratings.by_star[n - 1]) for n in range(MOST_STARS, 0, -1)]
        aspects = AspectsView(**{each.value: said(ratings.tenths_of(each)) for each in Aspect})
        return cls(count=ratings.count, average=average, by_star=by_star, aspects=aspects)
