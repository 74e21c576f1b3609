"""A campaign moves on only with goods that are accounted for: what is neither there nor given up stops it by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.lifecycle.service import advancing
from chalicelib.campaigns.model.campaign import FROM_LOCK, Status
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Transaction
from chalicelib.fulfilment.purchasing.records import SupplyRecord
from chalicelib.fulfilment.purchasing.service import check_to_buy, refresh
from chalicelib.fulfilment.receiving.errors import GoodsUnaccounted, being_adjusted
from chalicelib.fulfilment.receiving.model.receipts import Unaccounted, unaccounted
from chalicelib.fulfilment.receiving.service.receipts import receive_rest, supply_of
from chalicelib.kernel.principal import Principal

_WITH_GOODS = frozenset({Status.RECEIVED, Status.SORTED, Status.AT_PICKUP})
_WITH_PARCELS = frozenset({Status.SORTED, Status.AT_PICKUP})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a campaign is to get; with ``everything_arrived`` all that is expected is first recorded as received."""

    to: Status
    everything_arrived: bool = False
    if_match: int | None = None


def advance(tenant_id: str, campaign_id: str, wanted: Wanted, by: Principal, now: datetime) -> CampaignRecord:
    """Moves a campaign on as far as is wanted, and answers with it as it stands.

    The receipts of what arrived are one transaction and the moves another, each done once: a request that died between
    them is sent again. Raises GoodsUnaccounted, OrdersBeingAdjusted, LicenceOver where goods are still to be bought,
    and what :func:`chalicelib.campaigns.lifecycle.service.advancing.advance` does.
    """
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    advancing.to_pass(campaign, wanted.to, now, wanted.if_match)  # what is refused leaves no receipt behind
    if campaign.status == Status.LOCKED:
        listed = refresh(tenant_id, campaign_id, now)  # what is bought is what orders hold now
        check_to_buy(tenant_id, listed, None, now)
    if wanted.everything_arrived and campaign.status in FROM_LOCK - {Status.COMPLETED, Status.SETTLED}:
        receive_rest(tenant_id, campaign_id, by, now)

    def guard(campaign: CampaignRecord, passed: Sequence[Status], tx: Transaction) -> None:
        if not _WITH_GOODS.isdisjoint(passed):
            _check_goods(tx, campaign, adjusted=not _WITH_PARCELS.isdisjoint(passed), now=now)

    return advancing.advance(tenant_id, campaign_id, wanted.to, by, now, wanted.if_match, guard)


def _check_goods(tx: Transaction, campaign: CampaignRecord, *, adjusted: bool, now: datetime) -> None:
    """Refuses goods that are unaccounted for, and adds that the supply still is as it was read."""
    found = supply_of(campaign.tenant_id, campaign.id, now)
    if missing := unaccounted(found.lines.values(), found.tallies):
        raise _unaccounted(missing)
    if adjusted and found.record.is_busy:
        raise being_adjusted()
    if found.record.rev:
        pk, sk = SupplyRecord.address(campaign.tenant_id, campaign.id)
        tx.check("supply", SupplyRecord, pk, sk, SupplyRecord.rev == found.record.rev)


def _unaccounted(missing: Sequence[Unaccounted]) -> GoodsUnaccounted:
    listed = ", ".join(f"{each.title}: {each.missing} of {each.expected}" for each in missing)
    listed_zh = "，".join(f"{each.title}：{each.expected} 件中 {each.missing} 件" for each in missing)
    return GoodsUnaccounted(
        f"Nobody has said yet whether these came: {listed}. Record them with a receipt as received, short or "
        "substituted; or, if all came, say with this request that everything arrived.",
        detail_zh=f"以下商品尚未登记到货情况：{listed_zh}。请在收货单中登记为到货、缺货或替代；"
        "若已全部到货，请在本请求中注明全部到货。",
        extra={"lines": [each.as_json() for each in missing]},
    )
