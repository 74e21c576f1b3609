"""Reviews as they are stored, with their keys: each with its place on its product's page, and counted by day."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.catalog.model.ratings import MOST_STARS, Marks, Ratings
from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import sortable
from chalicelib.reviews.model.reviews import ASKED_AFTER, Status

QUEUE = "service"
ASK_DUE = "review.ask_due"
PHOTOS_DUE = "review.photos_due"
WRITTEN, EDITED, DELETED = "review.written", "review.edited", "review.deleted"
REPLIED, HIDDEN, SHOWN = "review.replied", "review.hidden", "review.shown"


class ReviewRecord(TenantRecord):
    """A review: of a SKU of an order, by its member. ``photo_files`` are the names that its photos are kept under,
    below ``photos_at`` or, with a point in them, its member's.

    ``written_on`` is the brand's day on which it was written, under which it is counted. ``body_hash`` tells whether it
    is sent again. One that was taken back keeps its key alone, so that there is no second one; its photos are looked
    for once more at ``photos_due_at``, when no request that was adding one is under way.

    ``gsi1`` lists the tenant's reviews, ``gsi2`` a member's own, both by when they were written.
    """

    id = UnicodeAttribute()
    status = UnicodeAttribute()
    product_id = UnicodeAttribute()
    sku_id = UnicodeAttribute()
    goods = UnicodeAttribute()
    order_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    stars = NumberAttribute()
    aspects = JsonAttribute()
    text = UnicodeAttribute(default="")
    photos = JsonAttribute(default=list)
    photo_files = JsonAttribute(default=list)
    body_hash = UnicodeAttribute()
    written_at = InstantAttribute()
    written_on = DateAttribute()
    edited_at = optional(InstantAttribute(null=True))
    reply = optional(UnicodeAttribute(null=True))
    replied_at = optional(InstantAttribute(null=True))
    hidden_reason = optional(UnicodeAttribute(null=True))
    hidden_at = optional(InstantAttribute(null=True))
    photos_due_at = optional(InstantAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, review_id: str) -> tuple[str, str]:
        """Where a review is kept."""
        return key(tenant_id, "review", review_id), "review"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all reviews of the tenant."""
        return key(tenant_id, "reviews")

    @staticmethod
    def of_member(tenant_id: str, member_id: str) -> str:
        """The partition of ``gsi2`` with a member's reviews."""
        return key(tenant_id, "member-reviews", member_id)

    @property
    def is_shown(self) -> bool:
        return self.status == Status.SHOWN

    @property
    def is_deleted(self) -> bool:
        return self.status == Status.DELETED

    @property
    def photos_at(self) -> str:
        """What its photos are shown by: it says nothing of their author."""
        return photos_at(self.id)

    @property
    def marks(self) -> Marks:
        return Marks(int(self.stars), dict(self.aspects))

    @marks.setter
    def marks(self, marks: Marks) -> None:
        self.stars, self.aspects = marks.stars, dict(marks.aspects)

    @property
    def counted(self) -> Marks | None:
        """Its stars where they count: while it is shown."""
        return self.marks if self.is_shown else None

    def arrange(self) -> None:
        """Stands in both lists until it is taken back; then its photos are due."""
        self.gsi1pk = self.gsi1sk = self.gsi2pk = self.gsi2sk = None
        if not self.is_deleted:
            place = f"{sortable(self.written_at)}#{self.id}"
            self.gsi1pk, self.gsi1sk = self.of_tenant(self.tenant_id), place
            self.gsi2pk, self.gsi2sk = self.of_member(self.tenant_id, self.member_id), place
        self.schedule(self.photos_due_at, PHOTOS_DUE, QUEUE)


class ShownRecord(TenantRecord):
    """The place of a shown review on its product's page. The table sorts by when it was written, ``gsi1`` by stars,
    and ``gsi2`` has those with photos.
    """

    review_id = UnicodeAttribute()
    stars = NumberAttribute()
    with_photos = BooleanAttribute()

    @staticmethod
    def partition(tenant_id: str, product_id: str) -> str:
        """The partition of a product, alike in the table and the indexes."""
        return key(tenant_id, "product-reviews", product_id)

    @classmethod
    def address(cls, review: ReviewRecord) -> tuple[str, str]:
        """The key of a review's place."""
        return cls.partition(review.tenant_id, review.product_id), f"{sortable(review.written_at)}#{review.id}"

    @classmethod
    def of(cls, review: ReviewRecord) -> "ShownRecord":
        return cls(
            *cls.address(review), review_id=review.id, stars=int(review.stars), with_photos=bool(review.photos)
        )  # fmt: skip

    def arrange(self) -> None:
        self.gsi1pk, self.gsi1sk = str(self.pk), f"{int(self.stars)}#{self.sk}"
        self.gsi2pk, self.gsi2sk = (str(self.pk), str(self.sk)) if self.with_photos else (None, None)


class RatedRecord(TenantRecord):
    """How many shown reviews have so many stars: of a brand's day, or of all days. Changed in place, in the write of
    the review.
    """

    s1 = NumberAttribute(default=0)
    s2 = NumberAttribute(default=0)
    s3 = NumberAttribute(default=0)
    s4 = NumberAttribute(default=0)
    s5 = NumberAttribute(default=0)

    ALL = "all"

    @staticmethod
    def partition(tenant_id: str) -> str:
        """The partition with all days; what counts all of them sorts behind."""
        return key(tenant_id, "rated")

    @classmethod
    def address(cls, tenant_id: str, on: date | None) -> tuple[str, str]:
        """The key of a day; None is all of them."""
        return cls.partition(tenant_id), on.isoformat() if on else cls.ALL

    @classmethod
    def changes(cls, before: Marks | None, after: Marks | None) -> list[Action]:
        """The parts of an update in place where a review counts otherwise than before."""
        moved = [0] * (MOST_STARS + 1)
        for marks, by in ((before, -1), (after, 1)):
            if marks is not None:
                moved[marks.stars] += by
        return [getattr(cls, f"s{stars}").add(by) for stars, by in enumerate(moved) if by]

    @property
    def ratings(self) -> Ratings:
        return Ratings(tuple(int(getattr(self, f"s{stars}") or 0) for stars in range(1, MOST_STARS + 1)))

    @classmethod
    def in_days(cls, tenant_id: str, from_on: date, to_on: date) -> "Iterator[RatedRecord]":
        """The days from one to the other, both included, that have any."""
        between = (from_on.isoformat(), to_on.isoformat())
        return cls.every(cls.partition(tenant_id), between=between, consistent=True)


class ReviewRulesRecord(TenantRecord):
    """What a brand has set about reviews: whether buyers are asked for one."""

    asks = BooleanAttribute(default=False)
    updated_at = optional(InstantAttribute(null=True))

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "review-rules"), "review-rules"


class AskRecord(TenantRecord):
    """That the member of an order is to be asked what they think of it, or was: once for an order."""

    order_id = UnicodeAttribute()
    asks_at = optional(InstantAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, order_id: str) -> tuple[str, str]:
        """The key, one for each order."""
        return key(tenant_id, "review-ask", order_id), "ask"

    @classmethod
    def new(cls, tenant_id: str, order_id: str, now: datetime) -> "AskRecord":
        return cls(*cls.address(tenant_id, order_id), order_id=order_id, asks_at=now + ASKED_AFTER)

    def arrange(self) -> None:
        self.schedule(self.asks_at, ASK_DUE, QUEUE)


def photos_at(review_id: str) -> str:
    """What the photos of a review are shown by."""
    return f"reviews/{review_id}"


def addresses(tenant_id: str, review_ids: Sequence[str]) -> list[tuple[type[Any], str, str]]:
    """Where reviews are, for a batch of reads."""
    return [(ReviewRecord, *ReviewRecord.address(tenant_id, each)) for each in review_ids]
