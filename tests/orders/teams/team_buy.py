"""Teams on the engine: a campaign in which three order together within two hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.campaigns.model.kinds import Kind
from chalicelib.campaigns.model.kinds import Team as TeamTerms
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction
from chalicelib.kernel import clock
from chalicelib.orders.payment.service import capture as payment
from chalicelib.orders.placing import service as placing
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.orders.teams.records import TeamRecord
from chalicelib.orders.teams.service.listing import get_team
from tests.orders.store import BODY_HASH, Store

ONLINE = "test"


@dataclass
class TeamBuy:
    """A team campaign, and what its members do."""

    store: Store
    campaign: CampaignRecord

    @classmethod
    def publish(cls, store: Store, *, size: int = 3, hours: int = 2, quantity: int = 50, **terms: Any) -> TeamBuy:
        """With 50 units at 12.50, paid at pickup or online; it closes in twelve hours."""
        team = TeamTerms(size, hours)
        methods = ("pickup", ONLINE)
        return cls(store, store.publish(quantity, kind=Kind.TEAM_BUY, team=team, payment_methods=methods, **terms))

    @property
    def tenant_id(self) -> str:
        return self.store.tenant_id

    def order(
        self, member: int, team: TeamRecord | None = None, *, method: str = "pickup", now: datetime | None = None
    ) -> OrderRecord:
        """One unit for a member, who joins the team or starts one."""
        wish = self.store.wish(self.campaign, 1, payment_method=method, team_id=team.id if team else None)
        key = f"{member} {team.id if team else 'new'}"
        return placing.place(self.tenant_id, self.store.member(member), wish, key, BODY_HASH, now or clock.now())

    def pay(self, order: OrderRecord, now: datetime | None = None) -> bool:
        """The order's online payment arrives; whether the order wanted it."""
        tx = Transaction()
        fresh = self.again(order)
        taken = payment.capture(tx, fresh, f"payment of {order.id}", fresh.total_minor, now or clock.now())
        if taken:
            tx.commit()
        return taken

    def team_of(self, order: OrderRecord) -> TeamRecord:
        """The order's team as it stands."""
        assert order.team_id is not None
        return get_team(self.tenant_id, order.team_id, consistent=True)

    def again(self, order: OrderRecord) -> OrderRecord:
        """The order as it stands."""
        return get_order(self.tenant_id, order.id, consistent=True)

    def statuses(self, *orders: OrderRecord) -> list[str]:
        """The orders' states as they stand."""
        return [self.again(order).status for order in orders]
