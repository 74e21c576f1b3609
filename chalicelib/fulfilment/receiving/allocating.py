"""The pass over a campaign's orders where less comes than was sold: the last come go short, and are refunded.

A step carries out the plan that the step before wrote down, then writes the next: so many orders, each with what is to
be done to it. What is in excess is not remembered but read from the stock buckets, which say exactly what is sold, so a
step that is repeated, or comes late, finds what is left to do and no more. An adjustment is done once for its cause.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from itertools import islice

from chalicelib.campaigns import stock as campaign_stock
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import get_campaign
from chalicelib.db import Refused, Transaction, fetch_many
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
from chalicelib.fulfilment.receiving.model import Open, Placed, Step, Tally, Wanted, available, cut, give, substituted
from chalicelib.kernel.errors import Conflict, Invalid
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord, campaign_orders, in_state
from chalicelib.orders.service.adjusting import adjust, substitute
from chalicelib.tenants.service import get_tenant

ORDERS_AT_A_TIME = 100
"""Orders looked at for one message; as many are adjusted at most, which takes seconds."""

MOST_ROUNDS = 3
"""So often a stage goes over the orders again, because some were changed by others while it did."""

_ADJUSTABLE = frozenset({Status.PLACED, Status.READY})
SYSTEM = "system"

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
        reason = _REASONS[str(supply.reason)][get_tenant(tenant_id).locale == "zh"]
        for stored in supply.plan:
            _carry_out(supply, Step.from_json(stored), reason, now)
    _plan_next(campaign, supply)
    supply.go_on(now)
    tx = Transaction()
    tx.replace("supply", supply)
    try:
        tx.commit()
    except Refused:
        return  # a receipt, or the same message in another worker, came between and asks for the next step itself


def _carry_out(supply: SupplyRecord, step: Step, reason: str, now: datetime) -> None:
    """Does to an order what is planned; one that staff or its member changed in the meantime is left as it is.

    What that leaves in excess is found by the next plan.
    """
    cause = f"supply:{int(supply.plans)}"
    tenant_id = supply.tenant_id
    try:
        if step.quantities:
            adjust(tenant_id, step.order_id, step.quantities, cause=cause, reason=reason, by=SYSTEM, now=now)
        for offer_id, sku_id in step.substitutes.items():
            each = f"{cause}:{offer_id}"
            substitute(tenant_id, step.order_id, offer_id, sku_id, cause=each, reason=reason, by=SYSTEM, now=now)
    except (Conflict, Invalid):
        return


def _plan_next(campaign: CampaignRecord, supply: SupplyRecord) -> None:
    """Writes the next plan into the record, or the next stage where one has nothing left to do."""
    supply.plan, supply.plans = [], int(supply.plans) + 1
    excess = _excess(campaign, supply) if supply.stage == CUTTING else {}
    if supply.stage == CUTTING and not excess:
        supply.enter(IDLE)
        return
    if supply.stage == SUBSTITUTING and not _open(supply):
        supply.enter(CUTTING)
        return
    orders, last = _page(campaign, supply)
    if supply.stage == COUNTING:
        _add(supply, substituted(orders))
    elif supply.stage == SUBSTITUTING:
        _hand_out(supply, orders)
    else:
        supply.plan = [step.as_json() for step in cut(orders, excess)]
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


def _hand_out(supply: SupplyRecord, orders: list[Placed]) -> None:
    steps = give(orders, _open(supply))
    chosen = {step.order_id: step.substitutes for step in steps}
    lines = [(line, chosen.get(order.order_id, {}).get(line.offer_id)) for order in orders for line in order.lines]
    added: Open = {}
    for line, other in lines:
        if other is not None:
            by = added.setdefault(line.sku_id, {})
            by[other] = by.get(other, 0) + line.quantity
    _add(supply, added)
    supply.plan = [step.as_json() for step in steps]


def _add(supply: SupplyRecord, more: Open) -> None:
    given = {sku_id: dict(others) for sku_id, others in supply.given.items()}
    for sku_id, others in more.items():
        for other, units in others.items():
            given.setdefault(sku_id, {})[other] = given.get(sku_id, {}).get(other, 0) + units
    supply.given = given


def _open(supply: SupplyRecord) -> Open:
    """Substitutes that came and are in no order yet."""
    return {
        sku_id: left
        for sku_id, others in supply.substitutes.items()
        if (left := dict(Counter(others) - Counter(supply.given.get(sku_id, {}))))
    }


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


def _page(campaign: CampaignRecord, supply: SupplyRecord) -> tuple[list[Placed], str | None]:
    """The next orders, the last come first, and the index key to go on below; None at the end.

    The index tells which they are; the orders themselves are read as they stand.
    """
    keys = list(islice(_last_first(campaign, supply.after), ORDERS_AT_A_TIME))
    addresses = [(OrderRecord, pk, sk) for _, pk, sk in keys]
    orders = fetch_many(addresses, consistent=True) if addresses else []
    skus = {offer.offer_id: offer.sku_id for offer in campaign.offers}
    placed = [_placed(order, skus) for order in orders if order is not None and order.status in _ADJUSTABLE]
    return placed, keys[-1][0] if len(keys) == ORDERS_AT_A_TIME else None


def _placed(order: OrderRecord, skus: dict[str, str]) -> Placed:
    picked = order.picked or {}
    lines = tuple(
        Wanted(
            line.offer_id, skus.get(line.offer_id, line.sku_id), line.sku_id, line.quantity,
            int(picked.get(line.offer_id, 0)),
        )
        for line in order.lines
        if line.takes  # an exchange after pickup takes nothing from what was sold
    )  # fmt: skip
    return Placed(order.id, lines)


def _last_first(campaign: CampaignRecord, below: str | None) -> Iterator[tuple[str, str, str]]:
    """Index key, partition and sort key of every order that can be adjusted, from the last placed on."""
    shards = [_shard(campaign, shard, below) for shard in range(int(campaign.shards))]
    return merge(*shards, reverse=True)


def _shard(campaign: CampaignRecord, shard: int, below: str | None) -> Iterator[tuple[str, str, str]]:
    partition = campaign_orders(campaign.tenant_id, campaign.id, shard)
    found = OrderRecord.every(
        partition,
        index="gsi1", newest_first=True, limit=ORDERS_AT_A_TIME, where=in_state(_ADJUSTABLE),
        between=("0", below) if below else None,
    )  # fmt: skip
    for order in found:
        if below is None or str(order.gsi1sk) < below:
            yield str(order.gsi1sk), order.pk, order.sk
