"""When somebody may review what they bought, and change what they said. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.ids import derived_id
from chalicelib.reviews.errors import NotBought, ReviewDeleted, ReviewedAlready, ReviewingOver, ReviewSettled

WRITTEN_WITHIN = timedelta(days=180)
"""How long after the handover something can be reviewed."""

CHANGED_WITHIN = timedelta(days=30)
"""How long after writing it its author may change a review; they may take it back at any time."""

ASKED_AFTER = timedelta(days=2)
"""How long after the handover a buyer is asked, where the brand has that switched on: they have tried it by then."""

PHOTOS_AGAIN_AFTER = timedelta(hours=1)
"""When photos of a deleted review are looked for once more: whoever was changing it at that moment has an answer."""

FEWEST_SHOWN = 5
"""Of fewer reviews no reputation is made: one voice is none."""

MAX_PHOTOS = 6


class Status(StrEnum):
    """A review is shown from the moment it is written; the brand may hide it, its author take it back for good."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Part:
    """What an order says of one of its lines: how many units of which SKUs are ``given``, how many were handed over and
    sent back, what it cost and what of that was given back, in minor units.
    """

    given: Mapping[str, int]
    handed_over: int
    sent_back: int
    cost_minor: int
    given_back_minor: int

    @property
    def kept(self) -> bool:
        """Whether something of it was handed over and stays paid for; what cost nothing is no less bought."""
        paid_back = 0 < self.cost_minor <= self.given_back_minor
        return self.handed_over > self.sent_back and not paid_back


def bought(parts: Iterable[Part]) -> list[str]:
    """The SKUs of an order that can be reviewed, each once, in the order of its lines."""
    return list(dict.fromkeys(sku_id for part in parts if part.kept for sku_id in part.given))


def id_of(tenant_id: str, order_id: str, sku_id: str) -> str:
    """The id of the one review that a SKU of an order may have."""
    return derived_id(tenant_id, "review", order_id, sku_id)


def check_bought(sku_id: str, parts: Iterable[Part]) -> None:
    """Raises NotBought."""
    if sku_id not in bought(parts):
        raise NotBought(
            "You can review what was handed over to you and not paid back.",
            detail_zh="仅可评价已取货且未退款的商品。",
        )


def last_day(handed_over_at: datetime) -> datetime:
    """Until when what was handed over then can be reviewed."""
    return handed_over_at + WRITTEN_WITHIN


def check_in_time(handed_over_at: datetime | None, now: datetime) -> None:
    """Raises ReviewingOver. What is being collected yet has no end."""
    if handed_over_at is not None and now >= last_day(handed_over_at):
        raise ReviewingOver(
            f"Goods can be reviewed until {WRITTEN_WITHIN.days} days after they were collected.",
            detail_zh=f"取货后 {WRITTEN_WITHIN.days} 天内可以评价。",
        )


def check_changeable(status: Status, written_at: datetime, now: datetime) -> None:
    """Raises ReviewDeleted or ReviewSettled where its author may change it no more."""
    if status is Status.DELETED:
        raise gone()
    if now >= written_at + CHANGED_WITHIN:
        raise ReviewSettled(
            f"A review can be changed for {CHANGED_WITHIN.days} days; you can still take it back.",
            detail_zh=f"评价发布后 {CHANGED_WITHIN.days} 天内可修改；您仍可将其删除。",
        )


def gone() -> ReviewDeleted:
    """The refusal of whatever is done with a review that was taken back."""
    return ReviewDeleted("Its author has taken this review back.", detail_zh="作者已删除该评价。")


def reviewed_before(review_id: str) -> ReviewedAlready:
    """The refusal of a second review."""
    return ReviewedAlready(
        "You have reviewed this purchase already; change that review instead. One that was taken back stays so.",
        detail_zh="您已评价过这次购买的该商品，请修改原评价；已删除的评价不能重写。",
        extra={"review_id": review_id},
    )
