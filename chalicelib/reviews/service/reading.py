"""Reviews as they are read: a product's, a member's own, and the team's list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, Literal

from pynamodb.expressions.condition import Condition

from chalicelib.catalog.model.ratings import Ratings
from chalicelib.db import Page, fetch_many
from chalicelib.kernel.errors import NotFound
from chalicelib.members.records import MemberRecord
from chalicelib.reviews.model.reviews import FEWEST_SHOWN
from chalicelib.reviews.records import RatedRecord, ReviewRecord, ShownRecord, addresses

Sort = Literal["newest", "highest", "lowest", "photos"]
_INDEXES: Mapping[Sort, tuple[str | None, bool]] = {
    "newest": (None, True),
    "highest": ("gsi1", True),
    "lowest": ("gsi1", False),
    "photos": ("gsi2", True),
}


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What the team's list is narrowed to."""

    stars: int | None = None
    unanswered: bool | None = None
    status: str | None = None
    product_id: str | None = None
    member_id: str | None = None

    @property
    def condition(self) -> Condition | None:
        """As the database filters; None for all."""
        named = {name: getattr(self, name) for name in ("stars", "status", "product_id", "member_id")}
        parts = [getattr(ReviewRecord, name) == wanted for name, wanted in named.items() if wanted is not None]
        if self.unanswered is not None:
            answer = ReviewRecord.reply
            parts.append(answer.does_not_exist() if self.unanswered else answer.exists())
        return reduce(and_, parts) if parts else None


def get_review(tenant_id: str, review_id: str, *, deleted: bool = False, consistent: bool = False) -> ReviewRecord:
    """A review; one that was taken back only where it is asked for. Raises NotFound."""
    found = ReviewRecord.fetch(*ReviewRecord.address(tenant_id, review_id), consistent=consistent)
    if found is None or (found.is_deleted and not deleted):
        raise NotFound("There is no such review.", detail_zh="没有该评价。")
    return found


def get_own_review(
    tenant_id: str, member_id: str, review_id: str, *, deleted: bool = False, consistent: bool = False
) -> ReviewRecord:
    """A member's own; another's is not found. Raises NotFound."""
    found = get_review(tenant_id, review_id, deleted=deleted, consistent=consistent)
    if found.member_id != member_id:
        raise NotFound("There is no such review.", detail_zh="没有该评价。")
    return found


def list_reviews(
    tenant_id: str, limit: int, cursor: dict[str, Any] | None, wanted: ReviewFilter
) -> Page[ReviewRecord]:  # fmt: skip
    """The tenant's reviews, newest first."""
    partition = ReviewRecord.of_tenant(tenant_id)
    return ReviewRecord.page(
        partition, index="gsi1", newest_first=True, limit=limit, cursor=cursor, where=wanted.condition
    )


def list_own_reviews(
    tenant_id: str, member_id: str, limit: int, cursor: dict[str, Any] | None
) -> Page[ReviewRecord]:  # fmt: skip
    """A member's reviews, newest first."""
    partition = ReviewRecord.of_member(tenant_id, member_id)
    return ReviewRecord.page(partition, index="gsi2", newest_first=True, limit=limit, cursor=cursor)


def list_shown(
    tenant_id: str, product_id: str, sort: Sort, stars: int | None, limit: int, cursor: dict[str, Any] | None
) -> Page[ReviewRecord]:
    """The reviews that a product's page shows, in the order asked for; of one number of stars the newest first."""
    partition = ShownRecord.partition(tenant_id, product_id)
    index, newest_first = ("gsi1", True) if stars else _INDEXES[sort]
    page = ShownRecord.page(
        partition, index=index, newest_first=newest_first, limit=limit, cursor=cursor,
        begins_with=f"{stars}#" if stars else None,
    )  # fmt: skip
    found: Sequence[ReviewRecord | None] = fetch_many(addresses(tenant_id, [each.review_id for each in page.items]))
    return Page([each for each in found if each is not None and each.is_shown], page.last_key)


def authors(tenant_id: str, reviews: Sequence[ReviewRecord]) -> dict[str, MemberRecord]:
    """Who wrote reviews, by id."""
    ids = list(dict.fromkeys(each.member_id for each in reviews))
    found = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in ids])
    return {each: member for each, member in zip(ids, found, strict=True) if member is not None}


def reputation(tenant_id: str) -> Ratings | None:
    """What all shown reviews of a brand come to; None where there are too few to make one."""
    found = RatedRecord.fetch(*RatedRecord.address(tenant_id, None))
    return found.ratings if found is not None and found.ratings.count >= FEWEST_SHOWN else None
