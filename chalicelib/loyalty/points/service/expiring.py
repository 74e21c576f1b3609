"""Points expire after their last day, and their owner hears of it before."""

from datetime import date, datetime

from chalicelib.db import Transaction, change
from chalicelib.loyalty.points.model.expiring import to_tell
from chalicelib.loyalty.points.model.notices import PointsExpire
from chalicelib.loyalty.points.records import POINTS_EXPIRING
from chalicelib.loyalty.points.service.ledger import Account, expire_due, read_account, write
from chalicelib.notices.telling.service import tell_member
from chalicelib.tenants.service.brand import get_tenant


def bring_up_to_date(tenant_id: str, member_id: str, now: datetime) -> None:
    """Books what has expired by now, and has the member told once of what will."""

    def decide(account: Account, tx: Transaction) -> None:
        head = account.head
        expire_due(account, now)
        told = to_tell(head.holding.lots, head.noticed_on, account.stand.today(now))
        if told:
            head.noticed_on = told.until_on
            first = told.first_on.isoformat()
            head.emit(POINTS_EXPIRING, now, member_id=account.member_id, points=told.points, last_day=first)
        if account.entries or told:
            write(tx, account)

    change(lambda: read_account(tenant_id, member_id), decide)


def tell_of_expiry(tenant_id: str, member_id: str, points: int, last_day: str, event_id: str, now: datetime) -> None:
    """Tells a member how many points expire soon, and the first day on which some do."""
    notice = PointsExpire(get_tenant(tenant_id).name, points, date.fromisoformat(last_day))
    tell_member(tenant_id, member_id, notice, ("points-expire", event_id), now, subject_id=member_id)
