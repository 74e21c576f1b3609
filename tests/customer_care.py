"""A shop whose orders have been collected, and whose team waits for complaints."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.builders import Member, Reply, Shop, made

if TYPE_CHECKING:
    from tests.conftest import Clock, Drain, Sweep


class CustomerCare:
    """A shop with what its team for customer care and its members do."""

    def __init__(self, shop: Shop, clock: Clock, drain: Drain, sweep: Sweep) -> None:
        self.shop, self.clock, self.drain, self.sweep = shop, clock, drain, sweep
        self.id, self.brand = shop.tenant_id, shop.brand

    def store(self, method: str, path: str, who: Member | None = None, **options: Any) -> Reply:
        """A call to the storefront, by a member or by anybody."""
        return self.shop.caller.call(method, self.shop.path + path, token=who.token if who else None, **options)

    def hire(self, *roles: str) -> str:
        """Takes somebody on; returns the staff id."""
        body = {"email": f"{'-'.join(roles)}@{self.shop.slug}.example", "name": roles[0], "roles": list(roles)}
        return str(made(self.brand.post("/v1/staff", body))["id"])

    def ordered(self, *members: Member, quantity: int = 1) -> list[Any]:
        """Orders of the members in one campaign, which is locked by now."""
        step = f"ordered {[member.id for member in members]} {quantity}"
        return self.shop.once(step, lambda: self._ordered(*members, quantity=quantity))

    def _ordered(self, *members: Member, quantity: int) -> list[Any]:
        campaign = self.shop.campaign(closes_in=timedelta(hours=1))
        placed = [made(self.shop.order(member, campaign=campaign, quantity=quantity)) for member in members]
        self.clock.advance(hours=2)
        self.sweep()
        return placed

    def hand_over(self, order: Any) -> None:
        """The order is collected."""
        body = {"code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}
        if made(self.brand.get(f"/v1/campaigns/{order['campaign_id']}"), 200)["status"] == "locked":
            self.shop.arrived(order["campaign_id"])
        made(self.brand.post(f"/v1/orders/{order['id']}/pickup", body), 200)

    def collected(self, *members: Member, quantity: int = 1) -> list[Any]:
        """Orders of the members, handed over, and all that follows worked off."""
        step = f"collected {[member.id for member in members]} {quantity}"
        return self.shop.once(step, lambda: self._collected(*members, quantity=quantity))

    def _collected(self, *members: Member, quantity: int) -> list[Any]:
        orders = self.ordered(*members, quantity=quantity)
        for order in orders:
            self.hand_over(order)
        self.drain()
        return orders

    def invitation(self, member: Member) -> str:
        """The token of the member's one open invitation."""
        (only,) = made(self.store("GET", "/invitations", member), 200)["items"]
        return str(only["token"])

    def answer(self, token: str, **body: Any) -> Reply:
        """Answers an invitation."""
        return self.store("POST", f"/invitations/{token}/answers", json=body)

    def survey_id(self) -> str:
        """The newest survey."""
        return str(made(self.brand.get("/v1/surveys"), 200)["items"][0]["id"])

    def results(self) -> Any:
        """The newest survey's figures."""
        return made(self.brand.get(f"/v1/surveys/{self.survey_id()}/results"), 200)

    def complaints(self, query: str = "") -> Any:
        """The team's list of complaints."""
        return made(self.brand.get(f"/v1/complaints{query}"), 200)["items"]
