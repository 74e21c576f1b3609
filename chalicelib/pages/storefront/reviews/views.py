"""What the pages of reviews show beyond the API's views."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.catalog.records import SkuRecord
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.orders.records import OrderRecord
from chalicelib.pages.shell import N_
from chalicelib.reviews.model.reviews import bought
from chalicelib.reviews.records import ReviewRecord
from chalicelib.reviews.service.buying import is_over, parts_of, reviews_of

SORTS: Mapping[str, str] = {
    "newest": N_("Newest"),
    "highest": N_("Most stars"),
    "lowest": N_("Fewest stars"),
    "photos": N_("With photos"),
}

WORDS = {1: N_("Bad"), 2: N_("Not so good"), 3: N_("All right"), 4: N_("Good"), 5: N_("Very good")}
"""What each number of stars says."""

ASPECTS = {"goods": N_("Goods"), "service": N_("Service"), "delivery": N_("Delivery or pickup")}


@dataclass(frozen=True, slots=True)
class Article:
    """What was bought, and its review; None where there is none yet."""

    sku_id: str
    title: str
    review: ReviewRecord | None


@dataclass(frozen=True, slots=True)
class Reviewable:
    """What of an order can be reviewed, and what was."""

    articles: Sequence[Article]
    over: bool

    @property
    def waiting(self) -> list[Article]:
        """What has no review yet, and can have one."""
        return [] if self.over else [each for each in self.articles if each.review is None]

    @property
    def written(self) -> list[Article]:
        """What was reviewed, and not taken back."""
        return [each for each in self.articles if each.review is not None and not each.review.is_deleted]

    def chosen(self, sku_id: str) -> Article | None:
        """The article that was named, or the first that waits."""
        waiting = self.waiting
        return next((each for each in waiting if each.sku_id == sku_id), waiting[0] if waiting else None)


def reviewable(order: OrderRecord, now: datetime) -> Reviewable:
    """What of an order its member can review now."""
    reviews = reviews_of(order, consistent=True)
    can = set(bought(parts_of(order)))
    named = [sku_id for sku_id, review in reviews.items() if sku_id in can or review is not None]
    skus: Mapping[str, SkuRecord] = get_skus(order.tenant_id, named) if named else {}
    return Reviewable(
        [Article(each, skus[each].full_title, reviews[each]) for each in named if each in skus], is_over(order, now)
    )  # fmt: skip
