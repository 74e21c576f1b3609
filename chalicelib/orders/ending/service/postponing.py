"""A deadline that waits, since the provider cannot be asked whether it was met: nothing is taken away meanwhile."""

from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.orders.deadlines.model import postponed
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.orders.teams.records import TeamRecord
from chalicelib.orders.teams.service.listing import get_team


def postpone(tenant_id: str, order_id: str, now: datetime) -> None:
    """Has an order's deadline looked at again later, each time after a longer pause; of an order that was paid or has
    ended meanwhile nothing is due any more. Raises NotFound.
    """

    def decide(order: OrderRecord, tx: Transaction) -> None:
        if order.deadline is not None and order.deadline <= now:
            order.wait = postponed(order.deadline, order.wait, now)
            tx.replace("order", order)

    change(lambda: get_order(tenant_id, order_id, consistent=True), decide)


def postpone_team(tenant_id: str, team_id: str, now: datetime) -> None:
    """Has the end of a team that may still fill looked at again later. Raises NotFound."""

    def decide(record: TeamRecord, tx: Transaction) -> None:
        if record.team.may_fill and record.ends_at <= now:
            record.wait(postponed(record.ends_at, record.waits, now))
            tx.replace("team", record)

    change(lambda: get_team(tenant_id, team_id, consistent=True), decide)
