"""Use cases of channels and of the links that lead to the shop."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pynamodb.exceptions import PynamoDBException

from chalicelib.channels.model import Brought, ChannelDetails, Via
from chalicelib.channels.records import (
    ChannelRecord,
    LinkTally,
    ShareLinkRecord,
    TalliedOrder,
    channel_list,
    code_of,
)
from chalicelib.db import Page, Transaction, change, check_revision, fetch_many
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.ids import is_id, new_id
from chalicelib.kernel.money import Money
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import fields_set
from chalicelib.telemetry import logger
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

_AT_ONCE = 45
"""Orders that one transaction counts: with a channel of its own for each it stays below its 100 operations."""


class CostInAnotherCurrency(Invalid):
    """What a channel costs is in the brand's own currency."""

    code, title, title_zh = "cost_in_another_currency", "The cost is in another currency", "费用币种不符"


def get_channel(tenant_id: str, channel_id: str, *, consistent: bool = False) -> ChannelRecord:
    """A channel. Raises NotFound."""
    found = ChannelRecord.fetch(*ChannelRecord.address(tenant_id, channel_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such channel.", detail_zh="该渠道不存在。")
    return found


def list_channels(tenant_id: str, *, limit: int = 20, cursor: dict[str, Any] | None = None) -> Page[ChannelRecord]:
    """The tenant's channels, newest first, those archived among them."""
    return ChannelRecord.page(channel_list(tenant_id), index="gsi1", limit=limit, cursor=cursor, newest_first=True)


def create_channel(tenant_id: str, details: ChannelDetails, by: Principal, now: datetime) -> ChannelRecord:
    """Adds a channel. Raises CostInAnotherCurrency."""
    channel_id = new_id(now)
    currency = get_tenant(tenant_id).currency
    channel = ChannelRecord(
        *ChannelRecord.address(tenant_id, channel_id), id=channel_id, currency=currency, created_at=now
    )
    _apply(channel, details)
    tx = Transaction()
    tx.create("channel", channel)
    audit(tx, tenant_id, by, "channel.created", f"channel:{channel_id}", now)
    tx.commit()
    return channel


def edit_channel(
    tenant_id: str, channel_id: str, details: ChannelDetails, if_match: int | None, by: Principal, now: datetime
) -> ChannelRecord:
    """Changes what is named; orders keep the channel that they came by. Raises NotFound, Stale, Invalid."""

    def decide(channel: ChannelRecord, tx: Transaction) -> ChannelRecord:
        check_revision(channel, if_match)
        _apply(channel, details)
        tx.replace("channel", channel)
        audit(tx, tenant_id, by, "channel.changed", f"channel:{channel_id}", now, _said(details))
        return channel

    return change(lambda: get_channel(tenant_id, channel_id, consistent=True), decide)


def own_link(tenant_id: str, member_id: str) -> str:
    """The code of a member's link, which works from now on; the same for ever."""
    tx = Transaction()
    tx.put("share_link", ShareLinkRecord.of(tenant_id, member_id))
    tx.commit()
    return code_of(tenant_id, member_id)


def known_link(tenant_id: str, member_id: str) -> str | None:
    """The code of a member's link; None for who has not asked for one."""
    code = code_of(tenant_id, member_id)
    return code if ShareLinkRecord.fetch(*ShareLinkRecord.address(tenant_id, code)) else None


def led_by(tenant_id: str, code: str) -> Via | None:
    """Whose link a code is; None for nobody's, and for that of a channel that is archived."""
    if not is_id(code):
        return None
    wanted = [(ChannelRecord, *ChannelRecord.address(tenant_id, code)),
              (ShareLinkRecord, *ShareLinkRecord.address(tenant_id, code))]  # fmt: skip
    found = next((each for each in fetch_many(wanted) if each is not None), None)
    return found.via if found else None


def _apply(channel: ChannelRecord, details: ChannelDetails) -> None:
    said = fields_set(details)
    if "cost" in said:
        cost: Money | None = said.pop("cost")
        if cost is not None and cost.currency != channel.currency:
            raise CostInAnotherCurrency.at(
                "/cost/currency", f"The brand's currency is {channel.currency}.", f"品牌币种为 {channel.currency}。"
            )
        channel.cost_minor = cost.amount_minor if cost else None
    for name, value in said.items():
        setattr(channel, name, value)


def _said(details: ChannelDetails) -> dict[str, Any]:
    said = fields_set(details)
    cost = said.get("cost")
    return said | ({"cost": cost and cost.amount_minor} if "cost" in said else {})


def note_visit(tenant_id: str, via: Via) -> None:
    """Counts that somebody followed a link. Nobody waits for it, and nobody is kept from the shop where it fails: a
    number of visits may be off by what was lost in a fault.
    """
    place = LinkTally.address(tenant_id, via)
    try:
        LinkTally(*place).update(actions=[LinkTally.visits.add(1)])
    except PynamoDBException:
        logger.warning("visit_not_counted", exc_info=True)


def tallies(tenant_id: str, vias: Sequence[Via]) -> list[LinkTally]:
    """What links have brought, in the order in which they are named."""
    places = [LinkTally.address(tenant_id, via) for via in vias]
    found = fetch_many([(LinkTally, *place) for place in places]) if places else []
    return [tally or LinkTally(*place) for tally, place in zip(found, places, strict=True)]


def count_orders(tenant_id: str, brought: Sequence[Brought]) -> None:
    """Brings the tallies of channels to what these orders are by now: each once, also where it is told of again, by
    several workers at once, or where an earlier try has landed. Raises Contended where others keep counting them.
    """
    latest = list({each.order_id: each for each in sorted(brought, key=lambda each: each.rev)}.values())
    for start in range(0, len(latest), _AT_ONCE):
        _count(tenant_id, latest[start : start + _AT_ONCE])


def _count(tenant_id: str, brought: Sequence[Brought]) -> None:
    """Adds the differences to what was counted before, to each channel once; nothing for an order of which that is of
    no earlier revision.
    """
    places = [(TalliedOrder, *TalliedOrder.address(tenant_id, each.order_id)) for each in brought]

    def decide(counted: Sequence[TalliedOrder | None], tx: Transaction) -> None:
        risen: dict[str, tuple[int, int]] = {}
        for order, before in zip(brought, counted, strict=True):
            if before is None or int(before.order_rev) < order.rev:
                _note(tx, tenant_id, order, before)
                had = before.counted_minor if before else None
                orders, minor = risen.get(order.channel_id, (0, 0))
                orders += (order.sold_minor is not None) - (had is not None)
                risen[order.channel_id] = orders, minor + (order.sold_minor or 0) - int(had or 0)
        for channel_id, (orders, minor) in risen.items():
            if orders or minor:
                place = LinkTally.address(tenant_id, Via(channel_id=channel_id))
                actions = [LinkTally.orders.add(orders), LinkTally.sold_minor.add(minor)]
                tx.update(f"tally:{channel_id}", LinkTally, *place, actions=actions)

    change(lambda: fetch_many(places, consistent=True), decide)


def _note(tx: Transaction, tenant_id: str, order: Brought, before: TalliedOrder | None) -> None:
    """Adds what of an order stands in the tally now, unless another worker has noted it since."""
    seen = TalliedOrder.order_rev == int(before.order_rev) if before else TalliedOrder.pk.does_not_exist()
    sold = TalliedOrder.counted_minor
    kept = sold.remove() if order.sold_minor is None else sold.set(order.sold_minor)
    tx.update(
        order.order_id, TalliedOrder, *TalliedOrder.address(tenant_id, order.order_id),
        actions=[TalliedOrder.order_rev.set(order.rev), kept], condition=seen,
    )  # fmt: skip
