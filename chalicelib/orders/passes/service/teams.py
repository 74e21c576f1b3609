"""The end of a team that did not fill: first its record says that it failed, then each of its orders is let go.

The record stays due until every order is, so a worker that dies anywhere is continued by the next minute's message.
"""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Refused, Transaction, fetch_many
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.ending.service.cancelling import BY_TEAM, release
from chalicelib.orders.model import OWED
from chalicelib.orders.passes.records.passes import PassRecord
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service import get_order
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.orders.teams.records import TeamRecord
from chalicelib.orders.teams.service.listing import unsettled

TEAMS_AT_A_TIME = 20
"""Teams that are ended for one message: a hundred orders or so, a few seconds."""
_TRIES = 5


def expire(tenant_id: str, team_id: str, now: datetime) -> None:
    """Fails a team whose time is up, and cancels and refunds its orders; early, late or again it changes nothing.

    Raises Unavailable when the team or an order is changed by others all the time: the message then comes again.
    """
    _end(tenant_id, team_id, now, early=False)


def end_forming(campaign: CampaignRecord, now: datetime) -> bool:
    """Ends the next teams of a closed campaign which still form, whatever their hour.

    False when there were any: then it has asked for another count of the campaign, which looks for more.
    """
    found = unsettled(campaign, TEAMS_AT_A_TIME)[:TEAMS_AT_A_TIME]
    ended = [record for record in found if _end(campaign.tenant_id, record.id, now, early=True)]
    if not ended:
        return True
    # The due lane brings the close back as well, a quarter of an hour later; this goes on at once.
    carrier = PassRecord(*PassRecord.address(campaign.tenant_id, campaign.id, "teams"), visited=len(ended))
    carrier.emit("orders.counting", now, campaign_id=campaign.id)
    tx = Transaction()
    tx.put("carrier", carrier)
    tx.commit()
    return False


def all_filled(tenant_id: str, team_ids: Iterable[str]) -> bool:
    """Whether every one of these teams has filled, as a consistent read tells; once filled, a team stays so."""
    wanted = [(TeamRecord, *TeamRecord.address(tenant_id, each)) for each in team_ids]
    found: list[TeamRecord | None] = fetch_many(wanted, consistent=True) if wanted else []
    return all(record is not None and record.status == TeamStatus.FILLED for record in found)


def _end(tenant_id: str, team_id: str, now: datetime, *, early: bool) -> bool:
    """Whether there was something to do."""
    record = _failed(tenant_id, team_id, now, early=early)
    if record is None:
        return False
    addresses = [(OrderRecord, *OrderRecord.address(tenant_id, seat.order_id)) for seat in record.team.seats]
    # Together: who reads each order again on the way to the last one may never live to reach it.
    for order in fetch_many(addresses, consistent=True):
        _let_go(order, now)
    record.settle()
    tx = Transaction()
    tx.replace("team", record)
    try:
        tx.commit()
    except Refused:
        # Another worker was as far.
        return True
    return True


def _failed(tenant_id: str, team_id: str, now: datetime, *, early: bool) -> TeamRecord | None:
    """The team, failed, with orders that may still live; None where nothing is to be done."""
    for _ in range(_TRIES):
        record = TeamRecord.fetch(*TeamRecord.address(tenant_id, team_id), consistent=True)
        if record is None or not record.unsettled:
            return None
        if record.status == TeamStatus.FAILED:
            return record
        if now < record.ends_at and not early:
            return None
        record.become(record.team.failed(), now)
        tx = Transaction()
        tx.replace("team", record)
        try:
            tx.commit()
        except Refused:
            continue
        return record
    raise Unavailable("The team is being changed by others; the message will come again.")


def _let_go(order: OrderRecord, now: datetime) -> None:
    for _ in range(_TRIES):
        if order.status not in OWED or release(order, now, BY_TEAM):
            return
        order = get_order(order.tenant_id, order.id, consistent=True)
    raise Unavailable("An order is being changed by others; the message will come again.")
