"""Purchase lists in the payload of events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import CAMPAIGN, LOCKED, OFFER, SKU, SUPPLIER, yuan
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import fetch_many
from chalicelib.fulfilment.purchasing.records import PurchaseListRecord
from chalicelib.fulfilment.purchasing.service import FIRST, Version
from chalicelib.fulfilment.purchasing.views.lists import PurchaseListView


class PublishedPurchaseListView(PurchaseListView):
    """A purchase list in an event. A campaign has one, so its ``id`` is the campaign's."""

    id: str

    @classmethod
    def published(cls, found: Version, currency: str) -> "PublishedPurchaseListView":
        shown = PurchaseListView.of(found, currency)
        return cls(**dict(shown), id=shown.campaign_id)


def _show(tenant_id: str, lists: Sequence[PurchaseListRecord], now: datetime) -> Sequence[PublishedPurchaseListView]:
    """Each as it was frozen: it is the latest version then, and is compared with the one before."""
    ids = [str(each.pk).rpartition("#")[2] for each in lists]
    earlier = {
        (campaign_id, int(each.version) - 1): None
        for campaign_id, each in zip(ids, lists, strict=True)
        if int(each.version) > FIRST
    }
    found = fetch_many(
        [
            *((CampaignRecord, *CampaignRecord.address(tenant_id, each)) for each in ids),
            *((PurchaseListRecord, *PurchaseListRecord.address(tenant_id, *place)) for place in earlier),
        ]
    )
    campaigns, before = found[: len(ids)], dict(zip(earlier, found[len(ids) :], strict=True))
    return [
        PublishedPurchaseListView.published(
            Version(each, before.get((campaign.id, int(each.version) - 1)), int(each.version)), campaign.currency
        )
        for campaign, each in zip(campaigns, lists, strict=True)
    ]


def _version(stored: PurchaseListRecord) -> int:
    # A version is never changed: of a campaign's list the next one is another record.
    return int(stored.version)


_EXAMPLE: Mapping[str, Any] = {
    "campaign_id": CAMPAIGN,
    "version": 1,
    "latest_version": 1,
    "frozen_at": LOCKED,
    "frozen_by": "system",
    "quantity": 57,
    "suppliers": [
        {
            "supplier_id": SUPPLIER,
            "name": "Hill Orchard",
            "minimum": yuan(50000),
            "total": yuan(108000),
            "outcome": "bought",
        }
    ],
    "lines": [
        {
            "sku_id": SKU,
            "code": "TANG-5",
            "title": "Tangerines · 5 kg",
            "quantity": 57,
            "offers": [{"offer_id": OFFER, "quantity": 57}],
            "supplier_id": SUPPLIER,
            "supplier_code": "TG5",
            "from_stock": 0,
            "pack_size": 6,
            "packs": 10,
            "bought": 60,
            "surplus": 3,
            "short": 0,
            "outcome": "bought",
            "lead_days": 2,
            "cost": yuan(1800),
            "amount": yuan(108000),
            "topped_up": 0,
        }
    ],
    "changes": [],
    "id": CAMPAIGN,
}

SHOWN = Shown(PurchaseListRecord, PublishedPurchaseListView, _show, _EXAMPLE, version=_version)
