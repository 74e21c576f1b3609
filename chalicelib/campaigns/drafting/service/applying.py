"""How the terms that staff ask for come into a campaign's record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.campaigns.drafting.model.bundles import check_bundles, sharing_stock
from chalicelib.campaigns.drafting.model.checks import (
    check_arrival,
    check_close,
    check_offers,
    check_target,
    check_team,
    check_window,
)
from chalicelib.campaigns.drafting.model.copying import offer_terms
from chalicelib.campaigns.drafting.model.editing import PLANS, TEXTS, TIMES, check_prolonged
from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.drafting.service.kinds import apply_kind_terms, make_flash_sale, minor
from chalicelib.campaigns.model.bundles import Part
from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.model.kinds import AT_PICKUP, Kind
from chalicelib.campaigns.model.offer_terms import BundleTerms, OfferTerms, PartTerms, check_amounts, check_fit
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.stock.model import bucket_count, order_shards
from chalicelib.catalog.records import ACTIVE, CardRecord, SkuRecord
from chalicelib.catalog.service.listing import get_cards
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.unset import UNSET, fields_set
from chalicelib.pickup_points import service as pickup_points
from chalicelib.tenancy import brand_of

_MAX_TITLE = 120


class UnknownSku(Invalid):
    """An offer, or a part of a bundle, names a SKU that does not exist, or whose product is archived."""

    code, title, title_zh = "unknown_sku", "There is no such SKU", "规格不存在"


def apply_terms(campaign: CampaignRecord, terms: CampaignTerms, now: datetime) -> None:
    """Puts what the terms name into the record.

    Raises the refusals of ``bundles``, ``checks``, ``offer_terms``, ``ladder`` and ``editing``, WrongCurrency,
    UnknownSku, UnknownMember, UnknownTier, UnknownPickupPoint.
    """
    given = fields_set(terms)
    for name in (TEXTS | {"kind", "peak_orders_per_second", "target"}) & given.keys():
        setattr(campaign, name, given[name])
    for name in PLANS & given.keys():
        setattr(campaign, f"{name}_minor", minor(given[name], campaign.currency, f"/{name}"))
    if terms.pickup_point_ids is not UNSET:
        campaign.pickup_points = pickup_points.places(campaign.tenant_id, terms.pickup_point_ids)
    apply_kind_terms(campaign, terms)
    if terms.offers is not UNSET:
        campaign.offers = _offers(campaign, terms.offers, now)
    if given.keys() & {"offers", "peak_orders_per_second", "kind", "payment_methods"}:
        make_flash_sale(campaign, terms)
        _spread(campaign)
    _check(campaign)
    if given.keys() & TIMES:
        _set_times(campaign, terms, now)
    if given.keys() & {"arrives_on", "closes_at"}:
        _set_arrival(campaign, terms, now)


def _check(campaign: CampaignRecord) -> None:
    """Checks what the terms say together. Raises MisplacedTerms, TargetOutOfReach, TeamOutOfReach."""
    offers, team = campaign.offers, campaign.team
    at_pickup = campaign.published_at is None and AT_PICKUP in campaign.payment_methods
    has_team, has_balance = team is not None, campaign.balance is not None
    check_fit(Kind(campaign.kind), offers, has_team=has_team, has_balance=has_balance, at_pickup=at_pickup)
    check_target(campaign.target, offers, campaign.caps, campaign.currency)
    check_team(team, offers)


def _set_times(campaign: CampaignRecord, terms: CampaignTerms, now: datetime) -> None:
    status = campaign.status_for_first(now)
    closes_at = campaign.closes_at if terms.closes_at is UNSET else terms.closes_at
    if status is not Status.DRAFT:
        closes_at = check_prolonged(status, campaign.closes_at, closes_at)
    if status is Status.OPEN and closes_at is not None:
        check_close(campaign.opens_at or now, closes_at, now)
    else:
        # A draft's opening may have gone by meanwhile: it then means "on publishing".
        known = campaign.opens_at if campaign.opens_at and campaign.opens_at > now else None
        check_window(known if terms.opens_at is UNSET else terms.opens_at, closes_at, now)
        opens_at = campaign.opens_at if terms.opens_at is UNSET else terms.opens_at
        campaign.opens_at = opens_at if opens_at or status is Status.DRAFT else now
    campaign.closes_at = closes_at


def _set_arrival(campaign: CampaignRecord, terms: CampaignTerms, now: datetime) -> None:
    arrives_on = campaign.arrives_on if terms.arrives_on is UNSET else terms.arrives_on
    if arrives_on is not None:
        tz = zone(brand_of(campaign.tenant_id).timezone)
        closes_on = local_date(campaign.closes_at, tz) if campaign.closes_at else None
        check_arrival(arrives_on, closes_on, None if terms.arrives_on is UNSET else local_date(now, tz))
    campaign.arrives_on = arrives_on


def _offers(campaign: CampaignRecord, wanted: Sequence[OfferTerms], now: datetime) -> list[Offer]:
    """The new offers in the order given; one for a SKU, or a bundle, that was offered before keeps its id."""
    before = campaign.offers
    check_bundles(wanted, {offer.offer_id for offer in before if offer.parts})
    check_amounts(wanted)
    skus = get_skus(campaign.tenant_id, [sku_id for each in wanted for sku_id in each.sku_ids])
    errors = tuple(
        FieldError(pointer, "There is no such SKU on sale.", "该规格不存在或已下架。")
        for pointer, sku_id in _named(wanted)
        if sku_id not in skus or skus[sku_id].status != ACTIVE
    )
    if errors:
        raise UnknownSku(errors[0].message, detail_zh="有规格不存在或已下架，详见 errors。", errors=errors)
    cards = get_cards(campaign.tenant_id, [sku.product_id for sku in skus.values()])
    known = {_content(offer_terms(offer, campaign.currency)): offer.offer_id for offer in before}
    from chalicelib.pricing.service.rules import floors  # no order drafts a campaign

    least = floors(campaign.tenant_id, skus)
    offers = []
    for n, each in enumerate(wanted):
        parts = [_part(part, skus[part.sku_id], cards) for part in each.bundle.parts] if each.bundle else []
        of_sku = _of_bundle(each.bundle, parts) if each.bundle else _of_sku(skus[each.sku_id], cards)
        offer_id = known.get(_content(each)) or new_id(now)
        offer = _offer(campaign.currency, f"/offers/{n}", each, of_sku | {"offer_id": offer_id})
        offers.append(offer.with_floor(least))
    return sharing_stock(offers)


def _content(terms: OfferTerms) -> object:
    return terms.bundle.content if terms.bundle else terms.sku_id


def _named(wanted: Sequence[OfferTerms]) -> Iterator[tuple[str, str]]:
    """Every SKU that the offers name, with where it stands."""
    for n, each in enumerate(wanted):
        if each.bundle is None:
            yield f"/offers/{n}/sku_id", each.sku_id
        else:
            yield from ((f"/offers/{n}/parts/{m}/sku_id", part.sku_id) for m, part in enumerate(each.bundle.parts))


def _offer(currency: str, pointer: str, asked: OfferTerms, of_goods: Mapping[str, Any]) -> Offer:
    for place, money in asked.amounts():
        minor(money, currency, f"{pointer}/{place}")
    price = asked.price or asked.ladder[0][1]
    return Offer(
        price_minor=price.amount_minor,
        quantity=asked.quantity,
        per_member_limit=asked.per_member_limit,
        ladder=asked.steps(),
        deposit_minor=asked.deposit.amount_minor if asked.deposit else 0,
        **of_goods,
    )


def _part(asked: PartTerms, sku: SkuRecord, cards: Mapping[str, CardRecord]) -> Part:
    return Part(quantity=asked.quantity, list_minor=int(sku.price_minor), **_of_sku(sku, cards))


def _of_sku(sku: SkuRecord, cards: Mapping[str, CardRecord]) -> dict[str, Any]:
    """What an offer, or a part of one, has of its SKU."""
    card = cards.get(sku.product_id)
    return {
        "sku_id": sku.sku_id,
        "title": sku.full_title,
        "product_id": sku.product_id,
        "return_days": int(sku.return_days),
        "exchange_days": int(sku.exchange_days),
        "repair_days": int(sku.repair_days),
        "category": card.category if card else "",
        "tags": tuple(card.tags) if card else (),
    }


def _of_bundle(bundle: BundleTerms, parts: Sequence[Part]) -> dict[str, Any]:
    """What a bundle has of its parts; it can come back for as long as all of them can, a part for as long as it can."""
    days = {
        name: min(getattr(part, name) for part in parts) for name in ("return_days", "exchange_days", "repair_days")
    }
    title = bundle.title or " + ".join(part.title for part in parts)[:_MAX_TITLE]
    return {"sku_id": "", "title": title, "parts": tuple(parts), "bundle_kind": bundle.kind.value, **days}


def _spread(campaign: CampaignRecord) -> None:
    peak = int(campaign.peak_orders_per_second)
    online = any(method != AT_PICKUP for method in campaign.payment_methods)
    offers = [replace(offer, buckets=bucket_count(peak, offer.quantity, online=online)) for offer in campaign.offers]
    check_offers(offers)
    campaign.offers = offers
    campaign.shards = order_shards(offers)
