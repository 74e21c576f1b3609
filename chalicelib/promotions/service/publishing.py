"""Publishing, pausing and ending promotions: what orders look at follows in the same write."""

import json
from collections.abc import Callable
from datetime import datetime

from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.counting import counted
from chalicelib.kernel.principal import Principal
from chalicelib.pricing.model import MOST_CHOICES, number_of_choices
from chalicelib.promotions.errors import GiftWithoutStock, PromotionMoveRefused, TooManyGroups, TooManyPromotions
from chalicelib.promotions.model.budget import divided, parts_for
from chalicelib.promotions.model.promotion import IN_WORDS, PUBLISHED, Promotion, Status
from chalicelib.promotions.model.terms import GiftTerms
from chalicelib.promotions.records import ActivePromotions, BudgetPart, PromotionRecord
from chalicelib.promotions.service import active
from chalicelib.promotions.service.planning import check_window
from chalicelib.promotions.service.reading import get_promotion
from chalicelib.tenants.service.audit import audit

MOST_ACTIVE = 200
MOST_BYTES = 64 * 1024
"""So much of one item every order reads at most."""


def publish_promotion(
    tenant_id: str, promotion_id: str, if_match: int | None, by: Principal, now: datetime
) -> PromotionRecord:
    """Has a draft, or one that was paused, lower prices from its start to its end. Its budget counts from the first
    time. Raises NotFound, Stale, PromotionMoveRefused, EndsBeforeItStarts for a draft whose end has passed,
    GiftWithoutStock, TooManyPromotions, TooManyGroups.
    """

    def move(promotion: PromotionRecord, tx: Transaction) -> None:
        check_window(promotion, now)
        _check_gift(promotion)
        promotion.status = PUBLISHED.value
        if promotion.published_at is None:
            promotion.published_at = now
            _divide(promotion, tx)
        promotion.begin_run(now)
        audit(tx, tenant_id, by, "promotion.published", f"promotion:{promotion_id}", now)

    return _move(tenant_id, promotion_id, {Status.DRAFT, Status.PAUSED}, move, if_match, now)


def pause_promotion(
    tenant_id: str, promotion_id: str, if_match: int | None, by: Principal, now: datetime
) -> PromotionRecord:
    """Has a promotion lower no new order's price until it is published again. Orders that have it keep it.

    Raises NotFound, Stale, PromotionMoveRefused.
    """

    def move(promotion: PromotionRecord, tx: Transaction) -> None:
        promotion.status = Status.PAUSED.value
        promotion.end_run(now)
        audit(tx, tenant_id, by, "promotion.paused", f"promotion:{promotion_id}", now)

    return _move(tenant_id, promotion_id, {Status.SCHEDULED, Status.RUNNING}, move, if_match, now)


def end_promotion(
    tenant_id: str, promotion_id: str, if_match: int | None, by: Principal, now: datetime
) -> PromotionRecord:
    """Ends a promotion for good, before its hour. Orders that have it keep it. Raises NotFound, Stale,
    PromotionMoveRefused.
    """

    def move(promotion: PromotionRecord, tx: Transaction) -> None:
        promotion.status = Status.ENDED.value
        promotion.ended_at = now
        promotion.end_run(now)
        audit(tx, tenant_id, by, "promotion.ended", f"promotion:{promotion_id}", now)

    may = {Status.SCHEDULED, Status.RUNNING, Status.PAUSED}
    return _move(tenant_id, promotion_id, may, move, if_match, now)


def _move(
    tenant_id: str,
    promotion_id: str,
    allowed: set[Status],
    move: Callable[[PromotionRecord, Transaction], None],
    if_match: int | None,
    now: datetime,
) -> PromotionRecord:
    def read() -> tuple[PromotionRecord, ActivePromotions]:
        found = get_promotion(tenant_id, promotion_id, consistent=True)
        listed = ActivePromotions.fetch(*ActivePromotions.address(tenant_id), consistent=True)
        return found, listed or ActivePromotions.none_yet(tenant_id)

    def decide(found: tuple[PromotionRecord, ActivePromotions], tx: Transaction) -> PromotionRecord:
        promotion, listed = found
        check_revision(promotion, if_match)
        _check_move(promotion, allowed, now)
        move(promotion, tx)
        tx.replace("promotion", promotion)
        _list(tx, listed, promotion, now)
        return promotion

    moved = change(read, decide)
    active.forget(tenant_id)
    return moved


def _check_move(promotion: PromotionRecord, allowed: set[Status], now: datetime) -> None:
    status = promotion.shown_status(now)
    if status not in allowed:
        states = [IN_WORDS[each] for each in Status if each in allowed]
        is_now, may, may_zh = IN_WORDS[status], " or ".join(each.en for each in states), "或".join(e.zh for e in states)
        raise PromotionMoveRefused(
            f"The promotion is {is_now.en}; this is for one that is {may}.",
            detail_zh=f"该促销{is_now.zh}；此操作仅适用于{may_zh}的促销。",
            extra={"promotion_status": status.value},
        )


def _check_gift(promotion: PromotionRecord) -> None:
    terms = promotion.terms
    if not isinstance(terms, GiftTerms):
        return
    sku = get_skus(promotion.tenant_id, [terms.sku_id], consistent=True).get(terms.sku_id)
    if sku is None or (sku.tracked and not sku.free and not sku.allocated):
        raise GiftWithoutStock(
            f"There is nothing of '{terms.title}' to give: put some on the shelf first.",
            detail_zh=f"赠品“{terms.title}”没有库存，请先补充库存。",
            extra={"sku_id": terms.sku_id},
        )


def _divide(promotion: PromotionRecord, tx: Transaction) -> None:
    """Adds the parts of a budget."""
    budget = None if promotion.budget_minor is None else int(promotion.budget_minor)
    total = None if promotion.total is None else int(promotion.total)
    promotion.parts = parts_for(budget, total, promotion.currency)
    for part, left in enumerate(divided(budget, total, int(promotion.parts))):
        address = BudgetPart.address(promotion.tenant_id, promotion.id, part)
        tx.create(f"part:{part}", BudgetPart(*address, left_minor=left.minor, left_uses=left.uses))


def _list(tx: Transaction, listed: ActivePromotions, promotion: PromotionRecord, now: datetime) -> None:
    """Has orders look at a promotion, or at it no more; what has ended by its hour drops out by the way."""
    others = [each for each in listed.promotions if each.id != promotion.id and each.ends_at > now]
    published = promotion.shown_status(now) in (Status.SCHEDULED, Status.RUNNING)
    listed.promotions = [*others, promotion.promotion] if published else others
    if published:
        _check_room(listed)
    if listed.rev:
        tx.replace("active", listed)
    else:
        listed.rev = 1
        tx.create("active", listed)


def _check_room(listed: ActivePromotions) -> None:
    size = len(json.dumps(listed.entries, separators=(",", ":"), ensure_ascii=False).encode())
    if len(listed.entries) > MOST_ACTIVE or size > MOST_BYTES:
        raise TooManyPromotions(
            f"With this one {counted(len(listed.entries), 'promotion')} would be active, of {size // 1024} KB; "
            f"at most {MOST_ACTIVE} of {MOST_BYTES // 1024} KB together may be. End or pause others first, or name "
            "fewer goods in each.",
            detail_zh=f"加上本促销，同时有效的促销为 {len(listed.entries)} 个、共 {size // 1024} KB；"
            f"最多 {MOST_ACTIVE} 个、共 {MOST_BYTES // 1024} KB。请先结束或暂停其他促销，或减少指定的商品。",
            extra={"active": len(listed.entries), "bytes": size},
        )
    choices = number_of_choices(_groups(listed.promotions))
    if choices > MOST_CHOICES:
        raise TooManyGroups(
            f"With this one {choices} combinations of exclusive promotions would be possible, and {MOST_CHOICES} are "
            "tried for an order; end or pause others, or put them into fewer groups.",
            detail_zh=f"互斥促销的组合将达 {choices} 种，最多 {MOST_CHOICES} 种；请结束或暂停其他促销，或减少互斥组。",
            extra={"combinations": choices},
        )


def _groups(promotions: list[Promotion]) -> list[int]:
    names = [each.exclusive_group for each in promotions if each.exclusive_group is not None]
    return [names.count(name) for name in set(names)]
