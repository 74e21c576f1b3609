"""A campaign's result, and the end of it."""

from datetime import datetime

from chalicelib.campaigns.lifecycle.service.advancing import advance
from chalicelib.campaigns.model.after_sale import is_open
from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.model.campaign import in_words as campaign_in_words
from chalicelib.campaigns.progress.service import counted
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import TenantRecord, fetch_many
from chalicelib.kernel.principal import Principal
from chalicelib.pricing.model.tax import plus
from chalicelib.settlement.books.records import CAMPAIGN_SHARDS, CampaignBook, CampaignTax, OrderBook
from chalicelib.settlement.campaigns.model import CampaignResult
from chalicelib.settlement.errors import AfterSaleOpen, NotCompleted, StillOutstanding
from chalicelib.tenants.service.brand import wall_time

_PARTS = {
    "sales": "sales_minor", "delivery": "delivery_minor", "forfeited": "forfeited_minor", "returns": "returns_minor",
    "goods": "goods_minor", "commission": "commission_minor", "fees": "fees_minor", "remedies": "remedies_minor",
    "refunds": "refunds_minor", "frozen": "frozen_minor", "recognised": "recognised", "cases": "cases",
}  # fmt: skip

_WORDS = {
    "held": ("money of orders that are not handed over", "未取货订单的款项"),
    "refunds": ("refunds that have not arrived", "未到账的退款"),
    "commission_frozen": ("commission of orders that may still come back or are complained of", "售后或投诉期内的佣金"),
    "orders": ("orders that are not handed over", "未取货的订单"),
    "cases": ("after-sale cases that have not ended", "未结束的售后单"),
}


def result(tenant_id: str, campaign_id: str) -> CampaignResult:
    """What the books say of a campaign, in three reads. Raises NotFound."""
    addresses: list[tuple[type[TenantRecord], str, str]] = [
        (CampaignBook, *CampaignBook.address(tenant_id, campaign_id, n)) for n in range(CAMPAIGN_SHARDS)
    ]
    *books, campaign = fetch_many(
        [*addresses, (CampaignRecord, *CampaignRecord.address(tenant_id, campaign_id))], consistent=True
    )

    def total(*names: str) -> int:
        return sum(int(getattr(book, name)) for book in books if book is not None for name in names)

    parts = {name: total(attribute) for name, attribute in _PARTS.items()}
    held = total("funds_minor", "deposits_minor")
    partition, _ = CampaignRecord.address(tenant_id, campaign_id)
    taxes = [(each.entry,) for each in CampaignTax.every(partition, begins_with="tax#", consistent=True)]
    tax = tuple(each for each in plus(*taxes) if each.gross_minor)
    sold = counted(campaign or get_campaign(tenant_id, campaign_id)).orders
    return CampaignResult(**parts, held=held, sold=sold, tax=tax)


def outstanding(tenant_id: str, campaign_id: str) -> dict[str, int]:
    """What keeps a campaign from being settled, by name; empty where nothing does. Amounts are minor units."""
    return result(tenant_id, campaign_id).outstanding


def after_sale_ends(tenant_id: str, campaign_id: str) -> datetime | None:
    """The last instant at which a member may ask to return or exchange something that a campaign handed over; None
    where it has handed over nothing. Each part of the campaign's orders is asked for its last, and no order is read.
    """
    partitions = [OrderBook.of_campaign(tenant_id, campaign_id, part) for part in range(CAMPAIGN_SHARDS)]
    pages = [OrderBook.page(each, index="gsi2", newest_first=True, limit=1, cursor=None) for each in partitions]
    ends = [book.releases_at for page in pages for book in page.items if book.releases_at is not None]
    return max(ends, default=None)


def settle(tenant_id: str, campaign_id: str, by: Principal, now: datetime) -> CampaignRecord:
    """Settles a completed campaign; one that is settled stays so.

    Raises NotFound, NotCompleted, StillOutstanding, AfterSaleOpen, and what moving the campaign refuses.
    """
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    if campaign.status == Status.SETTLED:
        return campaign
    if campaign.status != Status.COMPLETED:
        raise NotCompleted(
            f"The campaign is {campaign_in_words(campaign.status)}; it is settled once it is completed.",
            detail_zh="活动完成后方可结算。",
            extra={"campaign_status": campaign.status},
        )
    if left := outstanding(tenant_id, campaign_id):
        raise StillOutstanding(
            f"Not settled yet: {', '.join(_WORDS[name][0] for name in left)}. Once that is done, send it again.",
            detail_zh=f"暂不能结算，尚有：{'、'.join(_WORDS[name][1] for name in left)}。处理完毕后请重试。",
            extra={"outstanding": left},
        )
    until = after_sale_ends(tenant_id, campaign_id)
    if until is not None and is_open(until, now):
        shown = wall_time(tenant_id, until)
        raise AfterSaleOpen(
            f"Members may return or exchange until {shown}; settle after that.",
            detail_zh=f"会员可在 {shown} 前申请退换货，请在此之后结算。",
            extra={"after_sale_ends_at": until},
        )
    return advance(tenant_id, campaign_id, Status.SETTLED, by, now)
