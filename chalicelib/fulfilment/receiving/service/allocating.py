"""The pass over a campaign's orders where less comes than was sold: the last come go short, and are refunded.

A step carries out the plan that the step before wrote down, then writes the next: so many orders, each with what is to
be done to it. What is in excess is not remembered but read from the stock buckets, which say exactly what is sold, so a
step that is repeated, or comes late, finds what is left to do and no more. An adjustment is done once for its cause.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from chalicelib.campaigns.model.campaign import FROM_PICKUP
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.campaigns.stock import service as campaign_stock
from chalicelib.db import Refused, Transaction, change, fetch_many
from chalicelib.fulfilment.purchasing.records import (
    COUNTING,
    CUTTING,
    FREED,
    IDLE,
    LESS_CAME,
    NOT_BOUGHT,
    SUBSTITUTING,
    TELLING,
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
    substituted,
    to_cut,
    to_do,
    to_give,
    together,
)
from chalicelib.fulfilment.receiving.service import placed_orders
from chalicelib.kernel.errors import Conflict, Invalid
from chalicelib.kernel.principal import SYSTEM
from chalicelib.orders.adjustments.service import adjust, settle_shortage, substitute
from chalicelib.orders.changes.records import OrderChangeRecord, change_address
from chalicelib.orders.model import SOLD, Line, Status
from chalicelib.orders.records import OrderRecord
from chalicelib.tenants.service.brand import get_tenant

ORDERS_AT_A_TIME = 100
"""Orders looked at for one message; as many are adjusted at most, which takes seconds."""

MOST_ROUNDS = 3
"""So often a stage goes over the orders again, because some were changed by others while it did."""

_FIRST = "0"
"""Below every key of the index: no order is left."""

_ADJUSTABLE = frozenset({Status.PLACED, Status.READY})

REASONS = {
    LESS_CAME: ("Less came from the supplier than was ordered.", "供应商到货不足。"),
    FREED: ("Other orders have ended, so there is more of what was ordered.", "有其他订单结束，原订商品有货了。"),
    NOT_BOUGHT: ("The supplier's packs or minimum leave these units out.", "未达到供应商的包装数或起订要求。"),
}
"""What members and staff read in the order's history, in English and in Chinese: in the brand's language."""


_PACKED = FROM_PICKUP | {CampaignStatus.SORTED}


def orders_lessened(tenant_id: str, order_ids: Collection[str], now: datetime) -> None:
    """Orders have ended, or hold less: who gets a substitute of their campaigns is looked at again. Repeated, or where
    no order has one, it does nothing.
    """
    wanted = [(OrderRecord, *OrderRecord.address(tenant_id, each)) for each in dict.fromkeys(order_ids)]
    for campaign_id in dict.fromkeys(order.campaign_id for order in fetch_many(wanted) if order is not None):
        look_again(tenant_id, campaign_id, now)


def look_again(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Begins a pass where orders have ended since substitutes were counted; one that goes on sees to it itself."""

    def decide(supply: SupplyRecord | None, tx: Transaction) -> None:
        if supply is None or supply.is_busy or not supply.given:
            return
        campaign = get_campaign(tenant_id, campaign_id, consistent=True)
        if _is_outdated(campaign, supply):
            supply.begin(COUNTING, FREED, now)
            _count(campaign, supply)
            tx.replace("supply", supply)

    address = SupplyRecord.address(tenant_id, campaign_id)
    change(partial(SupplyRecord.fetch, *address, consistent=True), decide)


def allocate_next(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Does the next step of a campaign's pass and asks for the one after, until there is none."""
    supply = SupplyRecord.fetch(*SupplyRecord.address(tenant_id, campaign_id), consistent=True)
    if supply is None or not supply.is_busy:
        return
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    if supply.uncounted:
        plans, stored = supply.uncounted
        _note_cut(campaign, supply, plans, [Step.from_json(each) for each in stored])
        supply.uncounted = None
    if supply.plan:
        supply.given = together(supply.given, _carry_out(campaign, supply, now))
    if supply.stage == TELLING:
        _tell(campaign, supply, now)
    else:
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
    reason = REASONS[str(supply.reason)][get_tenant(supply.tenant_id).locale == "zh"]
    standing = placed_orders.standing(campaign, [step.order_id for step in steps])
    skus = placed_orders.offered(campaign)
    given: Open = {}
    for step in steps:
        order = standing.get(step.order_id)
        if order is None:
            continue
        for changed in _do(supply, to_do(step, order), skus, reason, now):
            order = placed_orders.placed(changed, skus)
        given = together(given, handed_out(step, order))
    _note_cut(campaign, supply, int(supply.plans), steps)
    return given


def _note_cut(campaign: CampaignRecord, supply: SupplyRecord, plans: int, steps: Sequence[Step]) -> None:
    """Notes what the steps of a plan have taken out of orders, by the records of these changes: so it does not matter
    which worker carried them out.
    """
    lowering = [step for step in steps if step.quantities]
    addresses = [change_address(supply.tenant_id, step.order_id, f"supply:{plans}") for step in lowering]
    made = fetch_many([(OrderChangeRecord, *each) for each in addresses], consistent=True)
    skus, units = placed_orders.offered(campaign), Counter[str]()
    for step, change_made in zip(lowering, made, strict=True):
        if change_made is not None:
            for line in map(Line.from_json, change_made.before["stored_lines"]):
                lowered_to = step.quantities.get(line.offer_id, line.quantity)
                units[skus.get(line.offer_id, line.sku_id)] += line.quantity - lowered_to
    supply.note_cut(+units, sum(each is not None for each in made))


def _do(supply: SupplyRecord, step: Step, skus: Mapping[str, str], reason: str, now: datetime) -> Iterator[OrderRecord]:
    """The order after each change; one that staff or its member changed in the meantime is left as it is.

    What that leaves in excess is found by the next plan.
    """
    cause = f"supply:{int(supply.plans)}"
    tenant_id = supply.tenant_id
    try:
        if step.quantities:
            yield adjust(
                tenant_id, step.order_id, step.quantities,
                cause=cause, reason=reason, by=SYSTEM, now=now, tell_later=bool(supply.substitutes),
            )  # fmt: skip
        for offer_id, instead in step.substitutes.items():
            yield substitute(
                tenant_id, step.order_id, offer_id, skus[offer_id], instead,
                cause=f"{cause}:{offer_id}", reason=reason, by=SYSTEM, now=now,
            )  # fmt: skip
    except (Conflict, Invalid):
        return


def _plan_next(campaign: CampaignRecord, supply: SupplyRecord) -> None:
    """Writes the next plan into the record, or the next stage where one has nothing left to do."""
    supply.plan, supply.plans = [], int(supply.plans) + 1
    if supply.stage == CUTTING:
        _plan_cuts(campaign, supply)
    elif supply.stage == COUNTING:
        _count_fixed(campaign, supply)
    else:
        _plan_substitutes(campaign, supply)
    if supply.plan and supply.substitutes:
        supply.untold = True


def _plan_cuts(campaign: CampaignRecord, supply: SupplyRecord) -> None:
    """Lines are lowered by what is missing and no substitute makes good."""
    missing = _missing(campaign, supply)
    excess = to_cut(missing, supply.substitutes)
    if excess:
        orders, supply.after = placed_orders.page(campaign, _ADJUSTABLE, supply.after, ORDERS_AT_A_TIME)
        supply.plan = [step.as_json() for step in cut(orders, excess)]
    ended = not excess or (supply.after is None and _is_over(supply))
    if ended and supply.substitutes:
        _count(campaign, supply)
    elif ended:
        _end(campaign, supply, missing)


def _count(campaign: CampaignRecord, supply: SupplyRecord) -> None:
    """Has the substitutes in orders counted, of what is sold now."""
    supply.enter(COUNTING)
    sold = campaign_stock.sold_by_sku(campaign)
    supply.sold = {sku_id: sold[sku_id] for sku_id in supply.substitutes}


def _count_fixed(campaign: CampaignRecord, supply: SupplyRecord) -> None:
    """Which substitutes stay where they are, and how far back there are any: those handed over, and where nothing more
    is missing also those that are packed.
    """
    all_stay = supply.reason == FREED and campaign.status in _PACKED
    orders, supply.after = placed_orders.page(campaign, SOLD, supply.after, ORDERS_AT_A_TIME)
    supply.given = together(supply.given, substituted(orders, fixed_only=not all_stay))
    if substituted(orders):
        supply.oldest = supply.after or _FIRST
    if supply.after is None and all_stay:
        _end(campaign, supply, _missing(campaign, supply))
    elif supply.after is None:
        supply.stage = SUBSTITUTING


def _plan_substitutes(campaign: CampaignRecord, supply: SupplyRecord) -> None:
    """The lines that are short get what came in place, those before them what they ordered."""
    missing = _missing(campaign, supply)
    left = to_give(missing, supply.substitutes, supply.given)
    if supply.after == _FIRST and left:  # a changed order did not take what was planned for it
        _count(campaign, supply)
        return
    if not left and _has_no_more(supply):
        _end(campaign, supply, missing)
        return
    orders, supply.after = placed_orders.page(campaign, _ADJUSTABLE, supply.after, ORDERS_AT_A_TIME)
    steps, standing = give(orders, left)
    supply.plan = [step.as_json() for step in steps]
    supply.given = together(supply.given, standing)
    if supply.after is None:
        supply.after = _FIRST
        if _is_over(supply):
            _end(campaign, supply, missing)


def _has_no_more(supply: SupplyRecord) -> bool:
    """Whether no order that was not looked at yet has a substitute."""
    if supply.oldest is None or supply.after == _FIRST:
        return True
    after: str | None = supply.after
    return after is not None and after <= supply.oldest


def _is_over(supply: SupplyRecord) -> bool:
    """After a round over the orders: whether nothing was left to do, or was tried often enough."""
    supply.rounds = int(supply.rounds) + 1
    return not supply.plan or supply.rounds > MOST_ROUNDS


def _is_outdated(campaign: CampaignRecord, supply: SupplyRecord) -> bool:
    sold = campaign_stock.sold_by_sku(campaign) if supply.given else {}
    return any(supply.is_outdated(sku_id, sold[sku_id]) for sku_id in supply.given)


def _end(campaign: CampaignRecord, supply: SupplyRecord, missing: Mapping[str, int]) -> None:
    """What could not be taken out of any order, such as units handed over, is kept on record. Where orders have ended
    meanwhile, the substitutes in orders are counted again instead.
    """
    if _is_outdated(campaign, supply):
        supply.plan = []
        _count(campaign, supply)
        return
    not_covered = {sku_id: units - sum(supply.given.get(sku_id, {}).values()) for sku_id, units in missing.items()}
    supply.left, supply.plan = {sku_id: units for sku_id, units in not_covered.items() if units > 0}, []
    supply.enter(TELLING if supply.untold else IDLE)


def _tell(campaign: CampaignRecord, supply: SupplyRecord, now: datetime) -> None:
    """Members of the next orders hear what was done to them. Where orders have ended meanwhile, the substitutes in
    orders are counted again afterwards.
    """
    orders, supply.after = placed_orders.records(campaign, SOLD, supply.after, ORDERS_AT_A_TIME)
    for order in orders:
        if order.untold is not None:
            settle_shortage(campaign.tenant_id, order.id, now)
    if supply.after is not None:
        return
    supply.untold = None
    if _is_outdated(campaign, supply):
        _count(campaign, supply)
    else:
        supply.enter(IDLE)


def _missing(campaign: CampaignRecord, supply: SupplyRecord) -> dict[str, int]:
    """Units by SKU that are sold and not there as what was ordered."""
    tenant_id, campaign_id = campaign.tenant_id, campaign.id
    address = PurchaseListRecord.address(tenant_id, campaign_id, int(supply.version))
    frozen = PurchaseListRecord.fetch(*address, consistent=True)
    sold = campaign_stock.sold_by_sku(campaign)
    found = {}
    for line in frozen.lines if frozen is not None else ():
        tally = Tally(*supply.tallies.get(line.sku_id, ()))
        missing = sold[line.sku_id] - max(0, available(line, tally, sold[line.sku_id]))
        if missing > 0:
            found[line.sku_id] = missing
    return found
