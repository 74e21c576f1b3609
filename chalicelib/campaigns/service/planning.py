"""Use cases of staff: draft a campaign, change it, publish it, cancel it. ``closing`` has what it does by itself."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from chalicelib.campaigns.drafting.model.checks import check_close
from chalicelib.campaigns.drafting.model.completeness import check_complete, check_methods
from chalicelib.campaigns.drafting.model.editing import check_edit
from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.drafting.service.applying import apply_terms
from chalicelib.campaigns.drafting.service.kinds import default_methods
from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.campaign import ACCEPTING, FROM_LOCK, MoveRefused, Status
from chalicelib.campaigns.model.early import early_access
from chalicelib.campaigns.model.kinds import AT_PICKUP, Kind
from chalicelib.campaigns.progress.records import ProgressRecord
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.campaigns.stock import service as stock
from chalicelib.campaigns.stock.model import ORDERS_PER_BUCKET, with_set_aside
from chalicelib.catalog.model.stock import Source
from chalicelib.catalog.records import SkuRecord
from chalicelib.catalog.service import set_aside
from chalicelib.db import TenantRecord, Transaction, change, check_revision, fetch_many
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.kernel.ids import derived_id, new_id
from chalicelib.kernel.principal import Principal
from chalicelib.pickup_points.service import places
from chalicelib.tenants.records import Tenant
from chalicelib.tenants.service import payment_methods
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


def create_campaign(
    tenant_id: str,
    terms: CampaignTerms,
    by: Principal,
    now: datetime,
    *,
    campaign_id: str | None = None,
    series_id: str | None = None,
    copied_from: str | None = None,
) -> CampaignRecord:
    """Drafts a campaign; it may lack anything but its title until it is published. ``copied_from`` names, for the audit
    log, the campaign whose terms these are.

    Raises what ``drafting`` refuses, and Refused for a ``campaign_id`` that is taken.
    """
    campaign = _blank(tenant_id, campaign_id or new_id(now), now)
    campaign.series_id = series_id
    campaign.note("created", now, by.label)
    apply_terms(campaign, terms, now)
    tx = Transaction()
    tx.create("campaign", campaign)
    more = {"copied_from": copied_from} if copied_from else None
    audit(tx, tenant_id, by, "campaign.created", f"campaign:{campaign.id}", now, more)
    tx.commit()
    return campaign


def check_terms(tenant_id: str, terms: CampaignTerms, closes_at: datetime, now: datetime) -> None:
    """Raises what drafting and publishing a campaign of these terms would refuse now, but for stock; writes nothing."""
    campaign = _blank(tenant_id, new_id(now), now)
    apply_terms(campaign, terms, now)
    campaign.closes_at = closes_at
    check_complete(campaign)


def _blank(tenant_id: str, campaign_id: str, now: datetime) -> CampaignRecord:
    return CampaignRecord(
        *CampaignRecord.address(tenant_id, campaign_id),
        id=campaign_id,
        kind=Kind.GROUP_ORDER.value,
        status=Status.DRAFT.value,
        currency=get_tenant(tenant_id).currency,
        peak_orders_per_second=ORDERS_PER_BUCKET,
        stored_methods=list(default_methods()),
        stored_offers=[],
        stored_places=[],
        created_at=now,
    )


def edit_campaign(
    tenant_id: str,
    campaign_id: str,
    changes: CampaignTerms,
    by: Principal,
    now: datetime,
    if_match: int | None = None,
) -> CampaignRecord:
    """Changes what the campaign's state allows. Moved times hold for the buckets in the same transaction, so no order
    sees one without the other.

    Raises NotEditable, ClosesOnlyLater, Stale when ``if_match`` is not the stored revision, and what ``drafting`` does.
    """

    def decide(campaign: CampaignRecord, tx: Transaction) -> CampaignRecord:
        check_revision(campaign, if_match)
        if not changes.named:
            return campaign
        change_terms(tx, campaign, changes, by, now)
        audit(tx, tenant_id, by, "campaign.changed", f"campaign:{campaign_id}", now, {"fields": sorted(changes.named)})
        tx.replace("campaign", campaign)
        return campaign

    return change(partial(get_campaign, tenant_id, campaign_id, consistent=True), decide)


def change_terms(
    tx: Transaction, campaign: CampaignRecord, changes: CampaignTerms, by: Principal, now: datetime
) -> None:
    """Changes what the campaign's state allows, and adds to the transaction what its buckets have to know of it; the
    campaign itself is the caller's to write. Raises what :func:`edit_campaign` does.
    """
    status = campaign.status_for_first(now)
    check_edit(status, changes.named)
    before, expected_on = (campaign.opens_at, campaign.closes_at), campaign.arrives_on
    apply_terms(campaign, changes, now)
    campaign.updated_at = now
    if campaign.published_at is not None and (campaign.opens_at, campaign.closes_at) != before:
        stock.move_window(tx, campaign)
    if _closes_later(campaign, before, status):
        campaign.emit("campaign.extended", now, campaign_id=campaign.id)
    elif _took_orders(status) and campaign.arrives_on not in (None, expected_on):
        campaign.note("arrival_moved", now, by.label)
        campaign.emit("campaign.arrival_moved", now, campaign_id=campaign.id)


def _closes_later(campaign: CampaignRecord, before: tuple[datetime | None, datetime | None], status: Status) -> bool:
    """Whether a campaign that has taken orders takes them longer than was announced."""
    _, closed_at = before
    return (
        status in ACCEPTING
        and closed_at is not None
        and campaign.closes_at is not None
        and campaign.closes_at > closed_at
    )


def _took_orders(status: Status) -> bool:
    return status in {*ACCEPTING, Status.CLOSING, *FROM_LOCK}


def publish_campaign(
    tenant_id: str, campaign_id: str, by: Principal, now: datetime, if_match: int | None = None
) -> CampaignRecord:
    """Announces a complete draft: its buckets are laid out, its progress begun, and units set aside from the shelf.

    Without an opening, or with one that has come, it opens now. Raises CampaignIncomplete, MoveRefused, TimeInPast,
    InsufficientStock, Stale.
    """

    def decide(campaign: CampaignRecord, tx: Transaction) -> CampaignRecord:
        check_revision(campaign, if_match)
        _publish(tx, campaign, by, now)
        _fix_prices(campaign, now)
        audit(tx, tenant_id, by, "campaign.published", f"campaign:{campaign_id}", now)
        tx.replace("campaign", campaign)
        return campaign

    return change(partial(get_campaign, tenant_id, campaign_id, consistent=True), decide)


def announce_gift(
    tenant_id: str,
    terms: Callable[[], CampaignTerms],
    gift_points: int,
    key: str,
    body_hash: str,
    by: Principal,
    now: datetime,
) -> CampaignRecord:
    """Announces a campaign of one offer for points, in one transaction, once for each Idempotency-Key ``key`` of
    whoever asks: asked for again, it answers with the gift as it stands, without looking at the ``terms`` again. Raises
    what drafting and publishing refuse, and IdempotencyMismatch.
    """
    gift_id = derived_id(tenant_id, "gift", by.label, key)

    def found() -> CampaignRecord | None:
        return CampaignRecord.at(tenant_id, gift_id, consistent=True)

    def decide(there: CampaignRecord | None, tx: Transaction) -> CampaignRecord:
        if there is not None:
            return _same_gift(there, body_hash)
        campaign = _blank(tenant_id, gift_id, now)
        campaign.gift_points, campaign.body_hash = gift_points, body_hash
        campaign.note("created", now, by.label)
        apply_terms(campaign, terms(), now)
        _publish(tx, campaign, by, now)
        audit(tx, tenant_id, by, "gift.created", f"campaign:{campaign.id}", now, {"points": gift_points})
        tx.create("campaign", campaign)
        return campaign

    return change(found, decide)


def _same_gift(there: CampaignRecord, body_hash: str) -> CampaignRecord:
    if there.body_hash != body_hash:
        raise IdempotencyMismatch(
            "This Idempotency-Key already made another gift; use a new key for a new gift.",
            detail_zh="该幂等键已用于另一个礼品，请使用新的键。",
        )
    return there


def _publish(tx: Transaction, campaign: CampaignRecord, by: Principal, now: datetime) -> None:
    _announce(campaign, by, now)
    _fix_tax_rates(campaign)
    _set_aside(tx, campaign, by.label, now)
    stock.lay_out(tx, campaign)
    tx.create("progress", ProgressRecord(*ProgressRecord.address(campaign.tenant_id, campaign.id)))


def cancel_campaign(
    tenant_id: str,
    campaign_id: str,
    by: Principal,
    now: datetime,
    reason: str | None = None,
    if_match: int | None = None,
) -> CampaignRecord:
    """Cancels a campaign up to its close. Its orders are released afterwards, and its stock is given back.

    Between the close and the decision it is too late: raises MoveRefused.
    """

    def decide(campaign: CampaignRecord, tx: Transaction) -> CampaignRecord:
        check_revision(campaign, if_match)
        if campaign.shown_status(now) is Status.CLOSING:
            raise MoveRefused(
                "The campaign has closed and is being decided; it can no longer be cancelled.",
                detail_zh="活动已截止，正在结算目标，无法取消。",
            )
        closing.cancel(campaign, now, by.label)
        audit(tx, tenant_id, by, "campaign.cancelled", f"campaign:{campaign_id}", now, {"reason": reason})
        tx.replace("campaign", campaign)
        return campaign

    return change(partial(get_campaign, tenant_id, campaign_id, consistent=True), decide)


def _announce(campaign: CampaignRecord, by: Principal, now: datetime) -> None:
    campaign.move_to(Status.SCHEDULED, "published", now, by.label)
    campaign.emit("campaign.published", now, campaign_id=campaign.id)
    points = [point.id for point in campaign.pickup_points]
    closes_at = check_complete(campaign)
    online = set(campaign.payment_methods) - {AT_PICKUP}
    check_methods(campaign.payment_methods, payment_methods.accepted(campaign.tenant_id, online))
    if campaign.opens_at is None or campaign.opens_at <= now:
        campaign.opens_at = now
        campaign.move_to(Status.OPEN, "opened", now, by.label)
        campaign.emit("campaign.opened", now, campaign_id=campaign.id)
    check_close(campaign.opens_at, closes_at, now)
    _fix_commission_rates(campaign, points)
    _fix_early_access(campaign, now)
    campaign.published_at = now


def _fix_commission_rates(campaign: CampaignRecord, point_ids: Sequence[str]) -> None:
    """Copies the pickup points as they are now, each with its commission rate: what leaders are promised at publishing
    stays, whatever becomes of the rate of a pickup point later.
    """
    campaign.pickup_points = places(campaign.tenant_id, point_ids)


def _fix_early_access(campaign: CampaignRecord, now: datetime) -> None:
    """Copies the hours of early access of the brand's tiers as they are now, where it opens later than it is published.

    No order looks a tier up by that; whatever becomes of the privilege later is for campaigns announced after it.
    """
    if campaign.opens_at is None or campaign.opens_at <= now:
        campaign.early = {}
        return
    from chalicelib.loyalty.tiers.service.setting import get_tiers  # no order publishes a campaign

    tiers, _ = get_tiers(campaign.tenant_id)
    hours = [(tier.code, tier.privileges.early_access_hours) for tier in tiers.tiers]
    campaign.early = early_access(Kind(campaign.kind), hours, is_gift=campaign.gift_points is not None)


def _fix_tax_rates(campaign: CampaignRecord) -> None:
    """Copies the rates of tax as they are now: each SKU's own or else the brand's, and that of delivery. Orders of the
    campaign keep them, whatever becomes of a rate later.
    """
    tenant_id = campaign.tenant_id
    addresses: list[tuple[type[TenantRecord], str, str]] = [(Tenant, *Tenant.address(tenant_id))]
    sku_ids = dict.fromkeys(goods.sku_id for goods in campaign.goods)
    addresses += [(SkuRecord, *SkuRecord.address(tenant_id, sku_id)) for sku_id in sku_ids]
    tenant, *skus = fetch_many(addresses, consistent=True)
    own = {sku.sku_id: sku.tax_bps for sku in skus if sku is not None and sku.tax_bps is not None}
    rates = {sku_id: _whole(own.get(sku_id, tenant.tax_bps)) for sku_id in sku_ids}
    campaign.offers = [
        replace(
            offer,
            tax_bps=rates.get(offer.sku_id),
            parts=tuple(replace(part, tax_bps=rates[part.sku_id]) for part in offer.parts),
        )
        for offer in campaign.offers
    ]
    if campaign.delivery is not None:
        campaign.delivery = replace(campaign.delivery, tax_bps=_whole(tenant.delivery_tax_bps))


def _whole(bps: float | None) -> int | None:
    return None if bps is None else int(bps)


def _fix_prices(campaign: CampaignRecord, now: datetime) -> None:
    """Keeps in the offers what no order is to look up of prices."""
    from chalicelib.campaigns.lifecycle.service.prices import fix_prices  # no order publishes

    fix_prices(campaign, now)


def _set_aside(tx: Transaction, campaign: CampaignRecord, by: str, now: datetime) -> None:
    """Takes what each SKU's ``supply`` asks for from its shelf, and keeps in the offers how many those were."""
    wanted = Counter[str]()
    for goods in campaign.goods:
        wanted[goods.sku_id] += 0 if goods.draws_on else goods.quantity
    taken = set_aside.allocate(tx, campaign.tenant_id, wanted, Source(f"campaign:{campaign.id}", by, now))
    campaign.offers = with_set_aside(campaign.offers, taken)
