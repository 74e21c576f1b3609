"""Drafting promotions, and changing them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from chalicelib.catalog.records import ACTIVE, SkuRecord
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.money import Money
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, Unset, fields_set
from chalicelib.loyalty.tiers.records import TiersRecord
from chalicelib.members.model.classes import MemberClass
from chalicelib.pricing.model import Scope
from chalicelib.promotions.errors import (
    BudgetBelowOneUse,
    EndsBeforeItStarts,
    PromotionNotEditable,
    TermsDoNotFit,
    UnknownAudience,
    UnknownGift,
)
from chalicelib.promotions.model.asking import Asked, check_currency, terms_of
from chalicelib.promotions.model.promotion import IN_WORDS, Audience, Status
from chalicelib.promotions.model.terms import GiftTerms, Kind, PriceTerms
from chalicelib.promotions.records import PromotionRecord, promotion_list
from chalicelib.promotions.service.reading import get_promotion
from chalicelib.segments.model.uses import Use
from chalicelib.segments.service.reading import known_ids
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

_WHILE_PAUSED = frozenset({"title", "ends_at", "scope", "campaign_ids", "audience", "exclusive_group", "terms"})
"""What may change of a promotion that is paused: not its kind, nor what is counted already."""


@dataclass(frozen=True, slots=True)
class Details:
    """What staff ask for; what is ``UNSET`` stays as it is, None takes away. A new promotion has a title, a kind, times
    and terms.
    """

    title: str | Unset = UNSET
    kind: Kind | Unset = UNSET
    starts_at: datetime | Unset = UNSET
    ends_at: datetime | Unset = UNSET
    scope: Scope | Unset = UNSET
    campaign_ids: tuple[str, ...] | Unset = UNSET
    audience: Audience | Unset = UNSET
    exclusive_group: str | Unset | None = UNSET
    budget: Money | Unset | None = UNSET
    per_member: int | Unset | None = UNSET
    total: int | Unset | None = UNSET
    terms: Asked | Unset = UNSET


def create_promotion(tenant_id: str, details: Details, by: Principal, now: datetime) -> PromotionRecord:
    """Drafts a promotion; it lowers nothing until it is published.

    Raises TermsDoNotFit, StepsDoNotRise, OffAboveFrom, WrongCurrency, EndsBeforeItStarts, BudgetBelowOneUse,
    UnknownGift, UnknownAudience.
    """
    promotion_id = new_id(now)
    promotion = PromotionRecord(
        *PromotionRecord.address(tenant_id, promotion_id),
        id=promotion_id,
        status=Status.DRAFT.value,
        currency=get_tenant(tenant_id).currency,
        created_at=now,
        updated_at=now,
    )
    _apply(promotion, details, now)
    tx = Transaction()
    tx.create("promotion", promotion)
    audit(tx, tenant_id, by, "promotion.created", f"promotion:{promotion_id}", now)
    tx.commit()
    return promotion


def edit_promotion(
    tenant_id: str, promotion_id: str, details: Details, if_match: int | None, by: Principal, now: datetime
) -> PromotionRecord:
    """Changes a draft, or what may change of a promotion that is paused: orders that have it keep it as it was.

    Raises NotFound, Stale, PromotionNotEditable, and what :func:`create_promotion` does.
    """

    def decide(promotion: PromotionRecord, tx: Transaction) -> PromotionRecord:
        check_revision(promotion, if_match)
        named = fields_set(details)
        _check_editable(promotion, frozenset(named), now)
        if named:
            _apply(promotion, details, now)
            promotion.updated_at = now
            tx.replace("promotion", promotion)
            audit(tx, tenant_id, by, "promotion.changed", f"promotion:{promotion_id}", now, {"fields": sorted(named)})
        return promotion

    return change(partial(get_promotion, tenant_id, promotion_id, consistent=True), decide)


def _check_editable(promotion: PromotionRecord, named: frozenset[str], now: datetime) -> None:
    status = promotion.shown_status(now)
    if status is Status.DRAFT or (status is Status.PAUSED and named <= _WHILE_PAUSED):
        return
    is_now = IN_WORDS[status]
    if status is Status.PAUSED:
        message = "Orders have it already, so its kind, start, budget and limits stay; end it and draft another."
        message_zh = "已有订单计入该促销，类型、开始时间、预算与次数限制不可修改；请结束后另建促销。"
    else:
        message = f"The promotion is {is_now.en}; pause it to change it, or draft another where it is over."
        message_zh = f"该促销{is_now.zh}，请先暂停再修改；已结束的请另建促销。"
    raise PromotionNotEditable(message, detail_zh=message_zh, extra={"promotion_status": status.value})


def _apply(promotion: PromotionRecord, details: Details, now: datetime) -> None:
    given = fields_set(details)
    for name in ("title", "starts_at", "ends_at", "exclusive_group", "per_member", "total"):
        if name in given:
            setattr(promotion, name, given[name])
    if details.kind is not UNSET:
        _check_kind(promotion, details)
        promotion.kind = details.kind.value
    if details.terms is not UNSET:
        _set_terms(promotion, details.terms)
    if details.scope is not UNSET or details.campaign_ids is not UNSET:
        _set_scope(promotion, details)
    if details.audience is not UNSET:
        _set_audience(promotion, details.audience)
    if details.budget is not UNSET:
        if details.budget is not None:
            check_currency(details.budget, promotion.currency, "/budget")
        promotion.budget_minor = None if details.budget is None else details.budget.amount_minor
    check_window(promotion, now)
    _check_budget(promotion)


def _check_kind(promotion: PromotionRecord, details: Details) -> None:
    if details.terms is UNSET and promotion.kind not in (None, details.kind):
        message = f"A promotion of kind '{details.kind}' has other terms; send them with it."
        raise TermsDoNotFit.at("/terms", message, "更改促销类型时须同时提交相应条款。")


def _set_terms(promotion: PromotionRecord, asked: Asked) -> None:
    terms = terms_of(Kind(promotion.kind), asked, promotion.currency)
    if isinstance(terms, GiftTerms):
        sku = _gift(promotion.tenant_id, terms.sku_id)
        terms = replace(terms, title=sku.full_title, worth_minor=int(sku.price_minor) * terms.quantity)
    if isinstance(terms, PriceTerms) and terms.tier is not None:
        _check_tiers(promotion.tenant_id, [terms.tier], "/terms/tier")
    promotion.terms = terms


def _gift(tenant_id: str, sku_id: str) -> SkuRecord:
    sku = get_skus(tenant_id, [sku_id]).get(sku_id)
    if sku is None or sku.status != ACTIVE:
        raise UnknownGift.at("/terms/sku_id", "There is no such SKU on sale to give.", "该赠品规格不存在或已下架。")
    return sku


def _set_scope(promotion: PromotionRecord, details: Details) -> None:
    scope = promotion.scope if details.scope is UNSET else details.scope
    campaigns = promotion.campaign_ids if details.campaign_ids is UNSET else details.campaign_ids
    lists = {"products": scope.product_ids, "categories": scope.categories, "tags": scope.tags, "campaigns": campaigns}
    promotion.stored_scope = {name: sorted(values) for name, values in lists.items() if values}


def _set_audience(promotion: PromotionRecord, audience: Audience) -> None:
    if not set(MemberClass).issuperset(audience.classes):
        raise UnknownAudience.at(
            "/audience/classes",
            f"Members are of these classes: {', '.join(MemberClass)}.",
            f"会员分层只有：{'、'.join(MemberClass)}。",
        )
    _check_tiers(promotion.tenant_id, audience.tiers, "/audience/tiers")
    _check_segments(promotion.tenant_id, audience.segment_ids)
    whom = {"tiers": audience.tiers, "segments": audience.segment_ids, "classes": audience.classes}
    promotion.stored_audience = {name: list(values) for name, values in whom.items() if values}


def _check_segments(tenant_id: str, segment_ids: Sequence[str]) -> None:
    """Raises UnknownAudience for a segment that the brand does not have."""
    known = known_ids(tenant_id) if segment_ids else {}
    for at, each in enumerate(segment_ids):
        if each not in known:
            raise _unknown(f"/audience/segment_ids/{at}")


def uses_of_segment(tenant_id: str, segment_id: str, now: datetime) -> list[Use]:
    """The promotions for a segment that have not ended: without it they would be for nobody."""
    every = PromotionRecord.every(promotion_list(tenant_id), index="gsi1")
    using = [
        each for each in every if segment_id in each.audience.segment_ids and each.shown_status(now) is not Status.ENDED
    ]
    return [Use("the promotion", "促销", str(each.title)) for each in using]


def _check_tiers(tenant_id: str, codes: Sequence[str], pointer: str) -> None:
    """Raises UnknownAudience for a tier that the brand does not have."""
    if codes:
        found = TiersRecord.fetch(*TiersRecord.address(tenant_id))
        if found is None or any(found.tiers.place(code) < 0 for code in codes):
            raise _unknown(pointer)


def _unknown(pointer: str) -> UnknownAudience:
    message = "Members of this store have none of these, so nobody would have it; leave this out for all members."
    return UnknownAudience.at(pointer, message, "本店会员尚无此分组，无人可享受；请去掉此项，对全体会员生效。")


def check_window(promotion: PromotionRecord, now: datetime) -> None:
    """Raises EndsBeforeItStarts, also for a promotion that would be over already."""
    if promotion.ends_at <= max(promotion.starts_at, now):
        raise EndsBeforeItStarts.at(
            "/ends_at", "It must end after it starts, and later than now.", "结束时间须晚于开始时间，且晚于当前时间。"
        )


def _check_budget(promotion: PromotionRecord) -> None:
    least = Money(promotion.terms.least_use_minor, promotion.currency)
    if promotion.budget_minor is not None and promotion.budget_minor < least.amount_minor:
        budget = Money(int(promotion.budget_minor), promotion.currency)
        raise BudgetBelowOneUse.at(
            "/budget",
            f"A single use takes off {least:en}, and the budget is {budget:en}; give it as much at least.",
            f"单次优惠至少为 {least:zh}，而预算仅 {budget:zh}，请提高预算。",
        )
