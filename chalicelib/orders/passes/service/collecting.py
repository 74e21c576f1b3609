"""When a campaign's goods wait at the pickup points: its orders are ready, and some are never collected."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.campaigns.model.campaign import FROM_PICKUP
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Transaction
from chalicelib.kernel.principal import SYSTEM
from chalicelib.orders.changes.model import lessen
from chalicelib.orders.changes.records import OrderChangeRecord
from chalicelib.orders.changes.service import recording
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.model import Line, Status
from chalicelib.orders.passes.records import PassRecord
from chalicelib.orders.passes.service.walking import Pass, begin_at, changing_pass
from chalicelib.orders.pickup_code.records import lead_to
from chalicelib.orders.records import OrderRecord, in_state
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.stock.service.moving import StockMoves

NO_SHOW = "no_show"
_UNCOLLECTED = frozenset({Status.PLACED, Status.READY})


def _wanted(campaign: CampaignRecord) -> bool:
    return campaign.status in FROM_PICKUP


def _make_ready(tx: Transaction, campaign: CampaignRecord, order: OrderRecord, now: datetime) -> None:
    order.move_to(Status.READY, now)
    lead_to(tx, order.tenant_id, order.pickup_code, order.id, now)
    tx.replace("order", order)


READY = changing_pass("ready", frozenset({Status.PLACED}), _wanted, _make_ready)
"""Every placed order may be collected."""


def _end_no_show(tx: Transaction, campaign: CampaignRecord, order: OrderRecord, now: datetime) -> None:
    """Ends an order that was not collected in time: cancelled where nothing was paid, otherwise refunded or forfeited,
    as the campaign said before it was ordered. Of an order collected in part, that is done with what was left behind.

    Nobody has to collect a delivery. One that is paid for has come, since its member did not object all the while; for
    one that is to be paid at the door, whoever brings it says whether it was.
    """
    if order.origin is not None:
        return
    if order.delivery_to is not None:
        if not order.totals.due:
            order.without_code = True
            pickup.hand_out(tx, order, None, SYSTEM, None, now)
        return
    ended = recording.start(order, NO_SHOW, cause=NO_SHOW, by=SYSTEM, now=now)
    forfeited = bool(order.kept_minor) and campaign.no_show.action == "forfeit"
    if order.picked:
        _end_in_part(tx, order, ended, forfeited=forfeited)
    else:
        _end(tx, order, now, forfeited=forfeited)
    if forfeited:
        order.forfeited_at = now
        order.emit("order.forfeited", now, order_id=order.id)
    recording.write(tx, order, ended)


def _end(tx: Transaction, order: OrderRecord, now: datetime, *, forfeited: bool) -> None:
    _give_back(tx, order, order.lines)
    order.cancelled_at, order.cancelled_by = now, NO_SHOW
    refunded = bool(order.refundable_minor) and not forfeited
    if refunded:
        refunds.request_all(tx, order, cause=NO_SHOW, by=SYSTEM, now=now)
    order.move_to(Status.REFUNDED if refunded else Status.CANCELLED, now)


def _end_in_part(tx: Transaction, order: OrderRecord, ended: OrderChangeRecord, *, forfeited: bool) -> None:
    """The order is what was collected of it; what is forfeited stays in it, since it stays paid."""
    if not forfeited:
        picked = order.picked or {}
        lessened = lessen(order.lines, {line.offer_id: picked.get(line.offer_id, 0) for line in order.lines})
        _give_back(tx, order, lessened.returned)
        recording.set_lines(order, lessened.kept)
        recording.refund_excess(tx, order, ended, NO_SHOW, of=order.total_minor)
        order.emit("order.changed", ended.at, order_id=order.id)
    order.picked_up_at, order.picked_up_by = ended.at, SYSTEM
    order.move_to(Status.PICKED_UP, ended.at)


def _give_back(tx: Transaction, order: OrderRecord, lines: Iterable[Line]) -> None:
    units = StockMoves(order.tenant_id, order.member_id)
    units.give_back(lines, None)
    units.add(tx)


NO_SHOWS = replace(changing_pass(NO_SHOW, _UNCOLLECTED, _wanted, _end_no_show), ended="orders.not_collected")
"""Every order that still waits when the time to collect is over is cancelled, refunded or forfeited."""


_A_DAY = timedelta(days=1)

COLLECT_SOON = Pass(
    "collect_soon", in_state({Status.READY}), lambda campaign: campaign.status == CampaignStatus.AT_PICKUP,
    tells="order.collect_soon",
)  # fmt: skip
"""A day before the time to collect is over, whoever has not collected is reminded. Where there is no more than a day to
collect, nobody is: that their order is ready, and until when it is kept, they have heard less than a day before."""


def collect_until(tenant_id: str, campaign_id: str) -> datetime | None:
    """When the time to collect a campaign's orders ends; None before they wait, and once it is over."""
    progress = PassRecord.of(tenant_id, campaign_id, NO_SHOWS.name)
    begun = progress.visited or progress.finished_at is not None or progress.shard or progress.after
    return None if begun else progress.due_at


def wait_for_members(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Notes when the time to collect ends, by the campaign's own terms; noted once, it stays."""
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    if not _wanted(campaign):
        return
    begin_at(NO_SHOWS, tenant_id, campaign_id, now + timedelta(hours=campaign.no_show.hours))
    until = collect_until(tenant_id, campaign_id)
    if until is not None and until - now > _A_DAY:
        begin_at(COLLECT_SOON, tenant_id, campaign_id, until - _A_DAY)
