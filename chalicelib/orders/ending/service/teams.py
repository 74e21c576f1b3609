"""The end of a team that did not fill: first its record says that it failed, then each of its orders is cancelled.

The record stays due until every order is, so a worker that dies anywhere is continued by the next minute's message. A
team that has given out all its places may have been paid in time without our knowing: payments ask the provider before
its end comes here.
"""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction, beginning_with, change, fetch_many
from chalicelib.orders.ending.service.cancelling import BY_TEAM, release
from chalicelib.orders.model import OWED
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.orders.teams.records import TeamRecord
from chalicelib.orders.teams.service.listing import get_team, unfinished

TEAMS_AT_A_TIME = 20
"""Teams that are ended for one message: a hundred orders or so, a few seconds."""


def expire(tenant_id: str, team_id: str, now: datetime) -> None:
    """Fails a team whose time is up, and cancels and refunds its orders; early, late or again it changes nothing.
    Whoever calls it has asked the provider about the payments of its last places.

    Raises Contended when the team or an order is changed by others all the time: the message then comes again.
    """
    _end(tenant_id, team_id, now, early=False)


def end_forming(campaign: CampaignRecord, now: datetime) -> bool:
    """Ends the next teams of a closed campaign which still form, whatever their hour; those that may still fill once
    the provider was asked have their hour end now.

    False when there were any: then another count of the campaign looks for more, asked for here or, of those that may
    still fill, by what becomes of their orders.
    """
    found = unfinished(campaign, TEAMS_AT_A_TIME)[:TEAMS_AT_A_TIME]
    undecided = [record for record in found if _ends_now(campaign.tenant_id, record, now)]
    ended = [
        record.id
        for record in found
        if record not in undecided and _end(campaign.tenant_id, record.id, now, early=True)
    ]
    if not ended:
        return not undecided

    def ask_again(record: TeamRecord, tx: Transaction) -> None:
        # The due lane brings the close back as well, a quarter of an hour later; this goes on at once.
        record.emit("orders.counting", now, campaign_id=campaign.id)
        tx.replace("team", record)

    change(lambda: get_team(campaign.tenant_id, ended[-1], consistent=True), ask_again)
    return False


def all_filled(tenant_id: str, team_ids: Iterable[str]) -> bool:
    """Whether every one of these teams has filled, as a consistent read tells; once filled, a team stays so."""
    wanted = [(TeamRecord, *TeamRecord.address(tenant_id, each)) for each in team_ids]
    found: list[TeamRecord | None] = fetch_many(wanted, consistent=True) if wanted else []
    return all(record is not None and record.status == TeamStatus.FILLED for record in found)


def _ends_now(tenant_id: str, record: TeamRecord, now: datetime) -> bool:
    """Whether a team may still fill, once the provider was asked: then its hour ends now, if it had not ended."""

    def decide(record: TeamRecord, tx: Transaction) -> bool:
        if record.team.may_fill and record.ends_at > now:
            record.end_at(now)
            tx.replace("team", record)
        return record.team.may_fill

    return record.team.may_fill and change(lambda: get_team(tenant_id, record.id, consistent=True), decide)


def _end(tenant_id: str, team_id: str, now: datetime, *, early: bool) -> bool:
    """Whether there was something to do."""
    record = _failed(tenant_id, team_id, now, early=early)
    if record is None:
        return False
    addresses = [(OrderRecord, *OrderRecord.address(tenant_id, seat.order_id)) for seat in record.team.seats]
    # Together: a worker that reads each order again on the way to the last one may die before it reaches that.
    for order in fetch_many(addresses, consistent=True):
        _let_go(order, now)
    change(beginning_with(record, lambda: get_team(tenant_id, team_id, consistent=True)), _finish)
    return True


def _failed(tenant_id: str, team_id: str, now: datetime, *, early: bool) -> TeamRecord | None:
    """The team, failed, with orders that may still stand; None where nothing is to be done."""

    def decide(record: TeamRecord | None, tx: Transaction) -> TeamRecord | None:
        if record is None or not record.is_unfinished:
            return None
        if record.status == TeamStatus.FAILED:
            return record
        if record.team.may_fill if early else now < record.ends_at:
            return None
        record.become(record.team.failed(), now)
        tx.replace("team", record)
        return record

    return change(lambda: TeamRecord.fetch(*TeamRecord.address(tenant_id, team_id), consistent=True), decide)


def _let_go(order: OrderRecord, now: datetime) -> None:
    def decide(order: OrderRecord, tx: Transaction) -> None:
        if order.status in OWED:
            release(tx, order, now, BY_TEAM)

    change(beginning_with(order, lambda: get_order(order.tenant_id, order.id, consistent=True)), decide)


def _finish(record: TeamRecord, tx: Transaction) -> None:
    if record.is_unfinished:
        record.finish()
        tx.replace("team", record)
