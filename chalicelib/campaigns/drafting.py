"""How the fields of a request become the terms of a campaign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.campaigns import pickup_points
from chalicelib.campaigns.editing import TEXTS, TIMES, check_prolonged
from chalicelib.campaigns.model import Offer, Status
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.terms import bucket_count, check_close, check_offers, check_target, check_window, order_shards
from chalicelib.catalog.model import WrongCurrency
from chalicelib.catalog.records import ACTIVE
from chalicelib.catalog.service import get_skus
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.money import Money


class UnknownSku(Invalid):
    """An offer names a SKU that does not exist, or whose product is archived."""

    code, title, title_zh = "unknown_sku", "There is no such SKU", "规格不存在"


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """An offer as staff ask for it."""

    sku_id: str
    price: Money
    quantity: int
    per_member_limit: int | None = None


def apply(campaign: CampaignRecord, terms: Mapping[str, Any], now: datetime) -> None:
    """Puts the named fields into the record; what is not named stays, None takes a field away.

    ``terms`` may hold the texts and times by their own names, ``kind``, ``goal`` and ``budget`` (Money), ``target``
    (Target), ``offers`` (OfferTerms), ``pickup_point_ids`` and ``peak_orders_per_second``. Raises the refusals of
    ``terms`` and ``editing``, WrongCurrency, UnknownSku, UnknownPickupPoint.
    """
    for name in (TEXTS | {"kind", "peak_orders_per_second"}) & terms.keys():
        setattr(campaign, name, terms[name])
    for name in {"goal", "budget"} & terms.keys():
        setattr(campaign, f"{name}_minor", _minor(terms[name], campaign.currency, f"/{name}"))
    if "target" in terms:
        campaign.target = terms["target"]
    if "pickup_point_ids" in terms:
        campaign.pickup_points = pickup_points.summaries(campaign.tenant_id, terms["pickup_point_ids"])
    if "offers" in terms:
        campaign.offers = _offers(campaign, terms["offers"], now)
    if terms.keys() & {"offers", "peak_orders_per_second"}:
        _spread(campaign)
    check_target(campaign.target, campaign.offers)
    if terms.keys() & TIMES:
        _set_times(campaign, terms, now)


def _set_times(campaign: CampaignRecord, terms: Mapping[str, Any], now: datetime) -> None:
    status = campaign.shown_status(now)
    closes_at = terms.get("closes_at", campaign.closes_at)
    if status is not Status.DRAFT:
        check_prolonged(status, campaign.closes_at, closes_at)
    if status is Status.OPEN:
        check_close(campaign.opens_at or now, closes_at, now)
    else:
        # A draft's opening may have gone by while the draft lay there: it then means "on publishing".
        known = campaign.opens_at if campaign.opens_at and campaign.opens_at > now else None
        check_window(terms.get("opens_at", known), closes_at, now)
        opens_at = terms.get("opens_at", campaign.opens_at)
        campaign.opens_at = opens_at if opens_at or status is Status.DRAFT else now
    campaign.closes_at = closes_at


def _offers(campaign: CampaignRecord, wanted: Sequence[OfferTerms], now: datetime) -> list[Offer]:
    """The new offers in the order given; one for a SKU that was offered before keeps its id."""
    skus = get_skus(campaign.tenant_id, [each.sku_id for each in wanted])
    errors = tuple(
        FieldError(f"/offers/{n}/sku_id", f"There is no SKU {each.sku_id} on sale.")
        for n, each in enumerate(wanted)
        if each.sku_id not in skus or skus[each.sku_id].status != ACTIVE
    )
    if errors:
        raise UnknownSku(errors[0].message, detail_zh="有规格不存在或已下架，详见 errors。", errors=errors)
    ids = {offer.sku_id: offer.offer_id for offer in campaign.offers}
    return [
        Offer(
            offer_id=ids.get(each.sku_id) or new_id(now),
            sku_id=each.sku_id,
            title=_title(skus[each.sku_id]),
            price_minor=_minor(each.price, campaign.currency, f"/offers/{n}/price") or 0,
            quantity=each.quantity,
            per_member_limit=each.per_member_limit,
            product_id=skus[each.sku_id].product_id,
        )
        for n, each in enumerate(wanted)
    ]


def _title(sku: Any) -> str:
    """The product and its variant; a product with one nameless variant is called by its own title."""
    return sku.product_title if sku.title in ("", sku.product_title) else f"{sku.product_title} · {sku.title}"


def _spread(campaign: CampaignRecord) -> None:
    peak = int(campaign.peak_orders_per_second)
    offers = [replace(offer, buckets=bucket_count(peak, offer.quantity)) for offer in campaign.offers]
    check_offers(offers)
    campaign.offers = offers
    campaign.shards = order_shards(offers)


def _minor(money: Money | None, currency: str, pointer: str) -> int | None:
    if money is None:
        return None
    if money.currency != currency:
        message = f"Amounts of this store are in {currency}, not {money.currency}."
        raise WrongCurrency.at(f"{pointer}/currency", message, f"本店金额须为 {currency}，而非 {money.currency}。")
    return money.amount_minor
