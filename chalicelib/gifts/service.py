"""Use cases of gifts: the brand's people define and change them, members redeem them.

A gift is a campaign of one offer that is paid with points, so that stock, purchase, sorting, handover and whatever may
become of an order are those of every campaign.
"""

from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.drafting.service.applying import UnknownSku
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning, running
from chalicelib.catalog.records import ACTIVE
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import Transaction, change, check_revision
from chalicelib.gifts.model import GiftEdit, NewGift, as_gifts_say_it
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.money import Money
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, fields_set
from chalicelib.orders.basket.service.reading import Wish
from chalicelib.orders.model import PAY_AT_PICKUP
from chalicelib.orders.placing import service as placing
from chalicelib.orders.records import OrderRecord
from chalicelib.tenants.service.audit import audit


def get_gift(tenant_id: str, gift_id: str, *, consistent: bool = False) -> CampaignRecord:
    """A gift, whatever became of it. Raises NotFound, also for a campaign that sells for money."""
    found = CampaignRecord.at(tenant_id, gift_id, consistent=consistent)
    if found is None or found.gift_points is None:
        raise NotFound("There is no such gift.", detail_zh="该积分礼品不存在。")
    return found


def create_gift(
    tenant_id: str, gift: NewGift, key: str, body_hash: str, by: Principal, now: datetime
) -> CampaignRecord:
    """Announces a gift, once for each Idempotency-Key: it can be had at once, or from its opening on. Units come from
    the shelf, or are bought when it has ended, as the SKU's ``supply`` says.

    Raises UnknownSku, InsufficientStock, IdempotencyMismatch, and what drafting and publishing a campaign refuse.
    """

    def terms() -> CampaignTerms:
        return gift.terms(_worth(tenant_id, gift.sku_id))

    try:
        return planning.announce_gift(tenant_id, terms, gift.points, key, body_hash, by, now)
    except Invalid as refused:
        raise as_gifts_say_it(refused) from refused


def _worth(tenant_id: str, sku_id: str) -> Money:
    sku = get_skus(tenant_id, [sku_id]).get(sku_id)
    if sku is None or sku.status != ACTIVE:
        raise UnknownSku.at("/sku_id", "There is no such SKU on sale.", "该规格不存在或已下架。")
    return Money(int(sku.price_minor), str(sku.currency))


def edit_gift(
    tenant_id: str, gift_id: str, edit: GiftEdit, by: Principal, now: datetime, if_match: int | None = None
) -> CampaignRecord:
    """Changes a gift in one write: what it costs holds for who redeems it from now on. Raises NotFound, Stale,
    NotEditable, ClosesOnlyLater, OffersOnlyRise, LimitAboveQuantity, InsufficientStock.
    """

    def decide(gift: CampaignRecord, tx: Transaction) -> CampaignRecord:
        check_revision(gift, if_match)
        said = fields_set(edit)
        if not said:
            return gift
        if edit.terms.named:
            planning.change_terms(tx, gift, edit.terms, by, now)
        told: dict[str, Any] = {"fields": sorted(said)}
        if edit.points is not UNSET and edit.points != gift.gift_points:
            told["points"] = [int(gift.gift_points or 0), edit.points]
            gift.gift_points = edit.points
        if edit.raises:
            [offer] = gift.offers
            limit = edit.per_member_limit
            told |= running.raise_in(
                tx, gift, offer.offer_id, by, now, quantity=edit.quantity, per_member_limit=limit
            ) or {}  # fmt: skip
        gift.updated_at = now
        audit(tx, tenant_id, by, "gift.changed", f"campaign:{gift_id}", now, told)
        tx.replace("campaign", gift)
        return gift

    try:
        return change(partial(get_gift, tenant_id, gift_id, consistent=True), decide)
    except Invalid as refused:
        raise as_gifts_say_it(refused) from refused


def redeem(
    tenant_id: str, member_id: str, gift_id: str, pickup_point_id: str, quantity: int, expected_points: int | None,
    key: str, body_hash: str, now: datetime,
) -> OrderRecord:  # fmt: skip
    """Takes units of a gift for a member's points, exactly once for each Idempotency-Key: the points, the units and the
    order by which they are collected are one transaction. Raises NotFound, NotEnoughPoints, SoldOut, LimitReached,
    GiftPriceChanged, CampaignNotOpen, CampaignClosed, and what else placing an order does.
    """
    [offer] = get_gift(tenant_id, gift_id).offers
    wish = Wish(
        gift_id, ((offer.offer_id, quantity),), pickup_point_id, PAY_AT_PICKUP, gift=True,
        expected_points=expected_points,
    )  # fmt: skip
    return placing.place(tenant_id, member_id, wish, key, body_hash, now)
