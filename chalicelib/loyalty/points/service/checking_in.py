"""A member checks in, once a local day of the brand."""

from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.loyalty.points.errors import NoPointsForThis
from chalicelib.loyalty.points.model.entries import Cause
from chalicelib.loyalty.points.model.rules import Action
from chalicelib.loyalty.points.records import CHECKED_IN, PointsEntryRecord
from chalicelib.loyalty.points.service.ledger import Account, earn, read_account, write
from chalicelib.tenants.service.brand import get_tenant


def check_in(tenant_id: str, member_id: str, now: datetime) -> PointsEntryRecord:
    """The entry of today's check-in, however often it is asked for. Raises NoPointsForThis where the brand gives none
    for it, or the member has earned all that it gives.
    """
    today = local_date(now, zone(get_tenant(tenant_id).timezone))
    cause = Cause.of(Action.CHECK_IN, today.isoformat())

    def decide(account: Account, tx: Transaction) -> PointsEntryRecord:
        if done := account.booked.get(cause):
            return done
        if Action.CHECK_IN not in account.rules.earning:
            raise NoPointsForThis("This store gives no points for checking in.", detail_zh="本店暂无签到积分。")
        if not earn(account, Action.CHECK_IN, today.isoformat(), today, now):
            raise NoPointsForThis(
                "You have earned all the points that checking in gives here.", detail_zh="您的签到积分已达上限。"
            )
        entry = next(entry for entry in account.entries if entry.cause == cause)
        entry.emit(CHECKED_IN, now, member_id=member_id, on=today.isoformat())
        write(tx, account)
        return entry

    return change(lambda: read_account(tenant_id, member_id, (cause,)), decide)


def checked_in(tenant_id: str, member_id: str, now: datetime) -> bool:
    """Whether a member has checked in today."""
    today = local_date(now, zone(get_tenant(tenant_id).timezone)).isoformat()
    address = PointsEntryRecord.address(tenant_id, member_id, Cause.of(Action.CHECK_IN, today))
    return PointsEntryRecord.fetch(*address) is not None
