"""The orders of a campaign as the allocation sees them, the last placed first."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import merge
from itertools import islice

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import fetch_many
from chalicelib.fulfilment.receiving.model.shortage import Placed, Wanted
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord, campaign_orders, in_state


def page(
    campaign: CampaignRecord, states: Collection[Status], below: str | None, most: int
) -> tuple[list[Placed], str | None]:
    """The next ``most`` orders in these states, and the index key to go on ``below``; None at the end."""
    orders, after = records(campaign, states, below, most)
    skus = offered(campaign)
    return [placed(order, skus) for order in orders], after


def records(
    campaign: CampaignRecord, states: Collection[Status], below: str | None, most: int
) -> tuple[list[OrderRecord], str | None]:
    """The records of :func:`page`. The index names them; the orders themselves are read as they stand."""
    keys = list(islice(_listed(campaign, states, below, most), most))
    orders = fetch_many([(OrderRecord, pk, sk) for _, pk, sk in keys], consistent=True)
    found = [order for order in orders if order is not None and order.status in states]
    return found, keys[-1][0] if len(keys) == most else None


def standing(campaign: CampaignRecord, order_ids: Sequence[str]) -> dict[str, Placed]:
    """Those of these orders that are sold, as they stand."""
    addresses = [(OrderRecord, *OrderRecord.address(campaign.tenant_id, each)) for each in order_ids]
    orders = fetch_many(addresses, consistent=True)
    skus = offered(campaign)
    return {order.id: placed(order, skus) for order in orders if order is not None and order.is_sold}


def offered(campaign: CampaignRecord) -> dict[str, str]:
    """The SKU of everything that a campaign hands over, by offer id."""
    return {goods.offer_id: goods.sku_id for goods in campaign.goods}


def placed(order: OrderRecord, skus: Mapping[str, str]) -> Placed:
    """An order as the allocation sees it; ``skus`` is by offer."""
    picked = order.picked_units
    lines = []
    for line in order.lines:
        if not line.takes:
            continue  # an exchange after pickup takes nothing from what was sold
        ordered = skus.get(line.offer_id, line.sku_id)
        instead = {sku_id: units for sku_id, units in line.given.items() if sku_id != ordered}
        lines.append(Wanted(line.offer_id, ordered, line.quantity, int(picked.get(line.offer_id, 0)), instead))
    return Placed(order.id, tuple(lines))


def _listed(
    campaign: CampaignRecord, states: Collection[Status], below: str | None, most: int
) -> Iterator[tuple[str, str, str]]:
    """Index key, partition and sort key of every order in these states, from the last placed on."""
    shards = [_shard(campaign, shard, states, below, most) for shard in range(int(campaign.shards))]
    return merge(*shards, reverse=True)


def _shard(
    campaign: CampaignRecord, shard: int, states: Collection[Status], below: str | None, most: int
) -> Iterator[tuple[str, str, str]]:
    partition = campaign_orders(campaign.tenant_id, campaign.id, shard)
    found = OrderRecord.every(
        partition,
        index="gsi1", newest_first=True, limit=most + 1, where=in_state(states),  # one is the order that was last
        between=("0", below) if below else None,
    )  # fmt: skip
    for order in found:
        if below is None or str(order.gsi1sk) < below:
            yield str(order.gsi1sk), order.pk, order.sk
