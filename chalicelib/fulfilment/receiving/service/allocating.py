"""The pass over a campaign's orders where less comes than was sold: the last come go short, and are refunded.

A step carries out the plan that the step before wrote down, then writes the next: so many orders, each with what is to
be done to it. What is in excess is not remembered but read from the stock buckets, which say exactly what is sold, so a
step that is repeated, or comes late, finds what is left to do and no more. An adjustment is done once for its cause.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.planning import get_campaign
from chalicelib.campaigns.stock import service as campaign_stock
from chalicelib.db import Refused, Transaction
from chalicelib.fulfilment.purchasing.records import (
    COUNTING,
    CUTTING,
    IDLE,
    LESS_CAME,
    NOT_BOUGHT,
    SUBSTITUTING,
    PurchaseListRecord,
    SupplyRecord,
)
from chalicelib.fulfilment.receiving.model.receipts import Tally, available
from chalicelib.fulfilment.receiving.model.shortage import (
    Open,
    Step,
    cut,
    give,
    handed_out,
    left_over,
    substituted,
    to_do,
    together,
)
from chalicelib.fulfilment.receiving.service import placed_orders
from chalicelib.kernel.errors import Conflict, Invalid
from chalicelib.kernel.principal import SYSTEM
from chalicelib.orders.adjustments.service import adjust, substitute
from chalicelib.orders.model import SOLD, Status
from chalicelib.orders.records import OrderRecord
from chalicelib.tenants.service.brand import get_tenant

ORDERS_AT_A_TIME = 100
"""Orders looked at for one message; as many are adjusted at most, which takes seconds."""

MOST_ROUNDS = 3
"""So often a stage goes over the orders again, because some were changed by others while it did."""

_ADJUSTABLE = frozenset({Status.PLACED, Status.READY})

_REASONS = {
    LESS_CAME: ("Less came from the supplier than was ordered.", "供应商到货不足。"),
    NOT_BOUGHT: ("The supplier's packs or minimum leave these units out.", "未达到供应商的包装数或起订要求。"),
}
"""What members and staff read in the order's history, in English and in Chinese: in the brand's language."""


def allocate_next(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Does the next step of a campaign's pass and asks for the one after, until there is none."""
    supply = SupplyRecord.fetch(*SupplyRecord.address(tenant_id, campaign_id), consistent=True)
    if supply is None or not supply.is_busy:
        return
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    if supply.plan:
        given = _carry_out(campaign, supply, now)
        if supply.stage != COUNTING:  # which counts them with those of all orders
            supply.given = together(supply.given, given)
    _plan_next(campaign, supply)
    supply.advance(now)
    tx = Transaction()
    tx.replace("supply", supply)
    with suppress(Refused):  # a receipt, or this message in another worker, came between and asks for the next itself
        tx.commit()


def _carry_out(campaign: CampaignRecord, supply: SupplyRecord, now: datetime) -> Open:
    """Does to the orders what is planned; the substitutes that they now have of it.

    All are read at once, and what is done is left out: where a worker died, the next one goes on.
    """
    steps = [Step.from_json(stored) for stored in supply.plan]
    reason = _REASONS[str(supply.reason)][get_tenant(supply.tenant_id).locale == "zh"]
    standing = placed_orders.standing(campaign, [step.order_id for step in steps])
    skus = placed_orders.offered(campaign)
    given: Open = {}
    for step in steps:
        order = standing.get(step.order_id)
        if order is None:
            continue
        for changed in _do(supply, to_do(step, order), reason, now):
            order = placed_orders.placed(changed, skus)
        given = together(given, handed_out(step, order))
    return given


def _do(supply: SupplyRecord, step: Step, reason: str, now: datetime) -> Iterator[OrderRecord]:
    """The order after each change; one that staff or its member changed in the meantime is left as it is.

    What that leaves in excess is found by the next plan.
    """
    cause = f"supply:{int(supply.plans)}"
    tenant_id = supply.tenant_id
    try:
        if step.quantities:
            yield adjust(tenant_id, step.order_id, step.quantities, cause=cause, reason=reason, by=SYSTEM, now=now)
        for offer_id, sku_id in step.substitutes.items():
            each = f"{cause}:{offer_id}"
            yield substitute(tenant_id, step.order_id, offer_id, sku_id, cause=each, reason=reason, by=SYSTEM, now=now)
    except (Conflict, Invalid):
        return


def _plan_next(campaign: CampaignRecord, supply: SupplyRecord) -> None:
    """Writes the next plan into the record, or the next stage where one has nothing left to do."""
    supply.plan, supply.plans = [], int(supply.plans) + 1
    excess = {} if supply.stage == COUNTING else _excess(campaign, supply)
    left = left_over(supply.substitutes, supply.given)
    if supply.stage == SUBSTITUTING and not excess.keys() & left.keys():
        supply.enter(CUTTING)
    if supply.stage == CUTTING and not excess:
        supply.enter(IDLE)
        return
    states = SOLD if supply.stage == COUNTING else _ADJUSTABLE
    orders, last = placed_orders.page(campaign, states, supply.after, ORDERS_AT_A_TIME)
    if supply.stage == COUNTING:
        supply.given = together(supply.given, substituted(orders))
    else:
        steps = give(orders, left, excess) if supply.stage == SUBSTITUTING else cut(orders, excess)
        supply.plan = [step.as_json() for step in steps]
    supply.after = last
    if last is None:
        supply.rounds = int(supply.rounds) + 1
        if not supply.plan or supply.rounds > MOST_ROUNDS:
            _end(supply, excess)


def _end(supply: SupplyRecord, excess: dict[str, int]) -> None:
    """No order is left to look at. What could not be taken out of any, such as units handed over, is kept on record."""
    if supply.stage == CUTTING:
        supply.left, supply.plan = excess, []
    supply.enter({COUNTING: SUBSTITUTING, SUBSTITUTING: CUTTING}.get(str(supply.stage), IDLE))


def _excess(campaign: CampaignRecord, supply: SupplyRecord) -> dict[str, int]:
    """Units by SKU that are sold, not substituted, and not there."""
    tenant_id, campaign_id = campaign.tenant_id, campaign.id
    address = PurchaseListRecord.address(tenant_id, campaign_id, int(supply.version))
    frozen = PurchaseListRecord.fetch(*address, consistent=True)
    sold: Counter[str] = Counter()
    buckets = campaign_stock.read([campaign], consistent=True)
    for offer in campaign.offers:
        sold[offer.sku_id] += sum(int(bucket.sold) for bucket in buckets[offer.offer_id])
    found = {}
    for line in frozen.lines if frozen is not None else ():
        tally = Tally(*supply.tallies.get(line.sku_id, ()))
        given = sum(supply.given.get(line.sku_id, {}).values())
        excess = sold[line.sku_id] - given - max(0, available(line, tally))
        if excess > 0:
            found[line.sku_id] = excess
    return found
