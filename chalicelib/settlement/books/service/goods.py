"""Goods that came from a supplier: what they cost, and whom that is owed."""

from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import fetch_many
from chalicelib.fulfilment.receiving.records import ReceiptRecord
from chalicelib.pricing.model.tax import tax_of
from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.journals import summed
from chalicelib.settlement.books.model.parties import Party
from chalicelib.settlement.books.service.posting import Draft, book
from chalicelib.telemetry import logger


def received(tenant_id: str, campaign_id: str, receipt_id: str, now: datetime) -> None:
    """Books what a supplier is owed for a receipt, once: what came whole, at the cost agreed when it was ordered.

    What goes to the brand's own shelf, then or later, is no cost of the campaign. Costs include tax as prices do, at
    the rate of what was ordered: the supplier's statement shows it, and nothing is booked of it. One read, one
    transaction.
    """
    receipt: ReceiptRecord | None
    campaign: CampaignRecord | None
    receipt, campaign = fetch_many(
        [
            (ReceiptRecord, *ReceiptRecord.address(tenant_id, campaign_id, receipt_id)),
            (CampaignRecord, *CampaignRecord.address(tenant_id, campaign_id)),
        ],
        consistent=True,
    )
    if receipt is None:
        logger.warning("receipt_not_found", campaign_id=campaign_id, receipt_id=receipt_id)
        return
    if not (receipt.due_minor or receipt.shelf_minor):
        return
    supplier_id = str(receipt.supplier_id)
    moved = summed(
        {chart.GOODS: receipt.due_minor - receipt.shelf_minor},
        {chart.INVENTORY: receipt.shelf_minor},
        {chart.supplier_payable(supplier_id): -receipt.due_minor},
    )
    parties = ((Party.SUPPLIER, supplier_id),) if receipt.due_minor else ()
    cause = f"receipt:{receipt_id}"
    rates = {goods.sku_id: goods.tax_bps for goods in campaign.goods} if campaign else {}
    tax = tax_of((rates.get(line.sku_id), line.due_minor) for line in receipt.lines)
    draft = Draft(
        cause, moved, receipt.currency, receipt_id, campaign_id=campaign_id, parties=parties, tax=tax, taxed=supplier_id
    )
    book(tenant_id, draft, now)
