"""Members hear why money comes back to them, how much and which way, where they did not ask for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Notice
from chalicelib.orders.changes.service import recording
from chalicelib.orders.ending.service.cancelling import BY_CAMPAIGN
from chalicelib.orders.model import PAY_AT_PICKUP, SOLD, Status
from chalicelib.orders.notices.model import phrases
from chalicelib.orders.notices.model.refunds import (
    ComesBack,
    PaymentTooLate,
    PaymentTwice,
    RefundByBrand,
    RefundOfAllShort,
    RefundOfCampaign,
    RefundOfGoodwill,
    RefundOfGoodwillInCash,
    RefundOfLadder,
    RefundOfLeftBehind,
    RefundOfMissed,
    RefundOfShort,
    RefundOfUncollected,
    RefundOfUnpaid,
)
from chalicelib.orders.notices.service.changing import took_all
from chalicelib.orders.notices.service.ending import missed_target
from chalicelib.orders.notices.service.saying import Story
from chalicelib.orders.passes.service.collecting import NO_SHOW
from chalicelib.orders.payment.service.balance import BALANCE
from chalicelib.orders.payment.service.returning import AT_PROVIDER, TOO_LATE, TWICE
from chalicelib.orders.refunds.records import RefundRecord

_PLAIN: Mapping[str, type[ComesBack]] = {
    "ladder": RefundOfLadder, TOO_LATE: PaymentTooLate, TWICE: PaymentTwice,
}  # fmt: skip
"""The notice of a refund by the first word of its cause, where that says all."""

_IN_OTHER_WORDS = frozenset({"cancel", "edit", "move", "team", "aftersale"})
"""Causes of which a member hears otherwise, with the amount or not: they asked for it, or it is part of other news."""

_OWN = frozenset({*_PLAIN, AT_PROVIDER, "goodwill", BY_CAMPAIGN, NO_SHOW, BALANCE, "supply", "adjustment"})


def is_announced(cause: str) -> bool:
    """Whether a member hears of a refund for this cause when it is asked for."""
    return cause.partition(":")[0] in _OWN | _IN_OTHER_WORDS


def tell_refund(tenant_id: str, order_id: str, refund_id: str, now: datetime) -> None:
    """Tells a member of money that comes back without having been asked for, how much and why: once for its cause,
    where a part comes by the provider and a part in cash.
    """
    refund = RefundRecord.fetch(*RefundRecord.address(tenant_id, order_id, refund_id), consistent=True)
    if refund is None:
        return
    story = Story.of(tenant_id, order_id, now)
    parts = story.refunds_for(refund.cause)
    notice = _notice(story, refund, parts) if parts[0].id == refund_id else None
    if notice is not None:
        story.tell(notice, refund_id)


def _notice(story: Story, refund: RefundRecord, parts: Sequence[RefundRecord]) -> Notice | None:
    cause, note = str(refund.cause).partition(":")[0], phrases.sentence(refund.reason)
    amount, way = story.amount_and_way(parts)
    back = (*story.about, amount, way)
    match cause:
        case "goodwill" if refund.method == PAY_AT_PICKUP:
            return RefundOfGoodwillInCash(*story.about, amount, note)
        case "goodwill":
            return RefundOfGoodwill(*back, note)
        case "refunded_at_provider":
            return RefundByBrand(*story.about, amount)
        case "supply" | "adjustment":
            return _of_short(story, refund, back, note if cause == "adjustment" else "")
    kind = _kind(story, cause)
    return kind(*back) if kind else None


def _of_short(story: Story, refund: RefundRecord, back: tuple[str, str, Money, InWords], note: str) -> Notice | None:
    change = recording.find(story.order, refund.cause)
    if change is not None and change.told_later:
        return None
    if took_all(change):
        return RefundOfAllShort(*back, note)
    rest = phrases.what_is_left(story.items) if story.order.status in SOLD else phrases.NOTHING
    return RefundOfShort(*back, note, rest)


def _kind(story: Story, cause: str) -> type[ComesBack] | None:
    if cause == BY_CAMPAIGN:
        return RefundOfMissed if missed_target(story.campaign) else RefundOfCampaign
    if cause == NO_SHOW:
        return RefundOfLeftBehind if story.order.status == Status.PICKED_UP else RefundOfUncollected
    return RefundOfUnpaid if cause == BALANCE else _PLAIN.get(cause)
