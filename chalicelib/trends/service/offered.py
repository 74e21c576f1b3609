"""Campaigns leave behind for what their goods were to be had, and when."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction, change, fetch_many
from chalicelib.kernel.clock import parse_instant
from chalicelib.pricing.records import OfferedPriceRecord
from chalicelib.pricing.service.watching import look_at

_AT_ONCE = 50
"""Offers that one transaction notes."""


def note_prices(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Notes the prices of a campaign as it stands, whichever event told of it, then looks at its products: what is
    asked now, or is asked no more, may need a look. Of one that is for some members alone nothing is noted: its prices
    were not everybody's. Nor of a gift for points, which is to be had for no money.

    A message that comes twice, or late, writes nothing over what a later one has seen.
    """
    campaign = CampaignRecord.at(tenant_id, campaign_id, consistent=True)
    if campaign is None or campaign.audience is not None or campaign.gift_points is not None:
        return
    if Status(campaign.status) in (Status.DRAFT, Status.SCHEDULED):
        return
    opens_at, until_at = campaign.window[0], _until(campaign)
    if until_at <= opens_at:  # cancelled before it opened
        return
    offers = [offer for offer in campaign.offers if offer.product_id]
    for start in range(0, len(offers), _AT_ONCE):
        _note(campaign, offers[start : start + _AT_ONCE], until_at)
    for product_id in dict.fromkeys(offer.product_id for offer in offers):
        look_at(tenant_id, product_id, now)


def _until(campaign: CampaignRecord) -> datetime:
    """When it closes, or has ended before: by a cap, by hand, or since it was cancelled."""
    _, closes_at = campaign.window
    cancelled = [parse_instant(entry["at"]) for entry in campaign.history if entry["type"] == "cancelled"]
    early = [campaign.closed_early_at] if campaign.closed_early_at else []
    return min([closes_at, *cancelled, *early])


def _note(campaign: CampaignRecord, offers: Sequence[Offer], until_at: datetime) -> None:
    places = {
        offer.offer_id: OfferedPriceRecord.address(campaign.tenant_id, offer.product_id, campaign.id, offer.offer_id)
        for offer in offers
    }

    def read() -> Mapping[str, OfferedPriceRecord | None]:
        found = fetch_many([(OfferedPriceRecord, *place) for place in places.values()], consistent=True)
        return dict(zip(places, found, strict=True))

    def decide(found: Mapping[str, OfferedPriceRecord | None], tx: Transaction) -> None:
        for offer in offers:
            known = found[offer.offer_id]
            record = known or OfferedPriceRecord(*places[offer.offer_id], campaign_rev=0)
            if int(record.campaign_rev) >= int(campaign.rev):
                continue
            record.campaign_id, record.campaign_rev = campaign.id, int(campaign.rev)
            record.title, record.sku_id = campaign.title, offer.sku_id
            record.from_at, record.until_at = campaign.window[0], until_at
            record.price_minor, record.final_minor = offer.price_minor, offer.final_price_minor
            record.reduced = offer.price_minor < offer.list_minor
            if known is None:
                tx.create(offer.offer_id, record)
            else:
                tx.replace(offer.offer_id, record)

    change(read, decide)
