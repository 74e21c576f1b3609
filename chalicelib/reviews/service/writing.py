"""A member reviews what they bought, changes what they said, and takes it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.catalog.model.ratings import Marks
from chalicelib.catalog.records import SkuRecord, StandingRecord
from chalicelib.db import Refused, Transaction, change, check_revision
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import DomainError, Invalid
from chalicelib.kernel.local_day import local_date
from chalicelib.media.service import uploads
from chalicelib.members.service.members import check_may_order, get_member
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_own_order
from chalicelib.reviews.model.reviews import (
    PHOTOS_AGAIN_AFTER,
    Status,
    check_bought,
    check_changeable,
    check_in_time,
    id_of,
    reviewed_before,
)
from chalicelib.reviews.records import DELETED, EDITED, WRITTEN, ReviewRecord, photos_at
from chalicelib.reviews.service.buying import parts_of
from chalicelib.reviews.service.counting import count, standing_of
from chalicelib.reviews.service.reading import get_own_review
from chalicelib.tenancy import brand_of


@dataclass(frozen=True, slots=True)
class Said:
    """What a review says; ``photos`` are the ids of uploads of its author's."""

    marks: Marks
    text: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bought:
    """An order of the member's with the SKU that is reviewed, and how its product stands."""

    order: OrderRecord
    sku: SkuRecord
    standing: StandingRecord | None


def write(
    tenant_id: str, member_id: str, order_id: str, sku_id: str, said: Said, body_hash: str, now: datetime
) -> ReviewRecord:
    """A member's review of a SKU of their own order, which was handed over and not paid back: that is looked at in the
    same write. There is one, however often it is sent.

    Raises NotFound, NotBought, ReviewingOver, ReviewedAlready, MemberBlocked, and the refusals of ``uploads.keep``.
    """
    new_id = id_of(tenant_id, order_id, sku_id)
    check_may_order(get_member(tenant_id, member_id))
    on = local_date(now, zone(brand_of(tenant_id).timezone))
    photos = _Photos(tenant_id, member_id, new_id, now)

    def read() -> _Bought:
        if said.photos and (earlier := ReviewRecord.fetch(*ReviewRecord.address(tenant_id, new_id), consistent=True)):
            raise _Reviewed(earlier)  # before a photo is kept for nothing
        order = get_own_order(tenant_id, member_id, order_id, consistent=True)
        check_bought(sku_id, parts_of(order))
        sku = SkuRecord.fetch(*SkuRecord.address(tenant_id, sku_id))
        if sku is None:
            raise Invalid.at("/sku_id", "There is no such article any more.", "该商品已不存在。")
        return _Bought(order, sku, standing_of(tenant_id, str(sku.product_id)))

    def decide(found: _Bought, tx: Transaction) -> ReviewRecord:
        check_in_time(found.order.picked_up_at, now)
        review = ReviewRecord(
            *ReviewRecord.address(tenant_id, new_id),
            id=new_id, status=Status.SHOWN.value, product_id=found.sku.product_id, sku_id=sku_id,
            goods=found.sku.full_title, order_id=order_id, member_id=member_id, stars=0, aspects={}, text=said.text,
            photos=list(said.photos), photo_files=photos.kept(said.photos), body_hash=body_hash,
            written_at=now, written_on=on,
        )  # fmt: skip
        review.marks = said.marks
        review.emit(WRITTEN, now, review_id=new_id, order_id=order_id)
        tx.create("review", review)
        order = found.order
        # Only as the order was read: what is paid back commits before, and is seen, or after, and follows.
        tx.check("order", OrderRecord, str(order.pk), str(order.sk), OrderRecord.rev == int(order.rev))
        count(tx, review, None, found.standing)
        return review

    try:
        return change(read, decide, refused=_reviewed)
    except _Reviewed as found:
        return _same(found.review, member_id, body_hash)
    except DomainError:
        # A refusal counts only while there is no review: its first answer may have been lost.
        stored = ReviewRecord.fetch(*ReviewRecord.address(tenant_id, new_id), consistent=True)
        if stored is None or stored.member_id != member_id:
            raise
        return _same(stored, member_id, body_hash)


class _Reviewed(Exception):
    """There is a review of it already."""

    def __init__(self, review: ReviewRecord) -> None:
        super().__init__(review.id)
        self.review = review


def _reviewed(refused: Refused) -> None:
    if earlier := refused.item("review", ReviewRecord):
        raise _Reviewed(earlier)


def _same(earlier: ReviewRecord, member_id: str, body_hash: str) -> ReviewRecord:
    if earlier.body_hash != body_hash or earlier.is_deleted:
        raise reviewed_before(earlier.id)
    return earlier


class _Photos:
    """Keeps the photos of a review, each once however often its write is tried."""

    def __init__(self, tenant_id: str, member_id: str, review_id: str, now: datetime) -> None:
        self._whose, self._shown_by, self._now = (tenant_id, member_id), photos_at(review_id), now
        self._names: dict[str, str] = {}

    def kept(self, photos: Sequence[str], had: Mapping[str, str] | None = None) -> list[str]:
        """The names that uploads are kept under; of one that the review ``had``, as it was kept."""
        return [(had or {}).get(each) or self._keep(each, f"/photos/{at}") for at, each in enumerate(photos)]

    def _keep(self, upload_id: str, pointer: str) -> str:
        if upload_id not in self._names:
            name = uploads.keep_for_all(*self._whose, upload_id, self._shown_by, pointer, self._now)
            self._names[upload_id] = name
        return self._names[upload_id]


def edit(
    tenant_id: str, member_id: str, review_id: str, said: Said, if_match: int | None, now: datetime
) -> ReviewRecord:  # fmt: skip
    """Sets what a member's own review says, for some weeks after it was written. One that is hidden stays so. Photos
    that it had stay as they were kept; those that it has no more are deleted.

    Raises NotFound, Stale, ReviewSettled, ReviewDeleted, and the refusals of ``uploads.keep``.
    """

    photos = _Photos(tenant_id, member_id, review_id, now)

    def decide(found: tuple[ReviewRecord, StandingRecord | None], tx: Transaction) -> ReviewRecord:
        review, standing = found
        check_revision(review, if_match)
        check_changeable(Status(review.status), review.written_at, now)
        if (review.marks, review.text, tuple(review.photos)) == (said.marks, said.text, said.photos):
            return review
        had, before = dict(zip(review.photos, review.photo_files, strict=True)), review.counted
        files = photos.kept(said.photos, had)
        review.marks, review.text = said.marks, said.text
        review.photos, review.photo_files = list(said.photos), files
        review.edited_at = now
        dropped = [each for each in had.values() if each not in files]
        review.emit(EDITED, now, review_id=review_id, dropped=dropped)
        tx.replace("review", review)
        count(tx, review, before, standing)
        return review

    return change(lambda: _own(tenant_id, member_id, review_id), decide)


def take_back(tenant_id: str, member_id: str, review_id: str, now: datetime) -> None:
    """Deletes a member's own review, with its words and photos, for good; done again, nothing changes. Raises
    NotFound.
    """

    def decide(found: tuple[ReviewRecord, StandingRecord | None], tx: Transaction) -> None:
        review, standing = found
        if review.is_deleted:
            return
        before = review.counted
        review.status = Status.DELETED.value
        review.text, review.photos, review.photo_files, review.reply = "", [], [], None
        review.photos_due_at = now + PHOTOS_AGAIN_AFTER
        review.emit(DELETED, now, review_id=review_id, order_id=review.order_id)
        tx.replace("review", review)
        count(tx, review, before, standing)

    change(lambda: _own(tenant_id, member_id, review_id), decide)


def _own(tenant_id: str, member_id: str, review_id: str) -> tuple[ReviewRecord, StandingRecord | None]:
    review = get_own_review(tenant_id, member_id, review_id, deleted=True, consistent=True)
    return review, standing_of(tenant_id, review.product_id)
