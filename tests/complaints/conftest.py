"""A shop whose member complains of an order that its leader handed over."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import Member, Reply, made
from tests.customer_care import CustomerCare

_numbers = itertools.count(1)


class Complaining:
    """Orders of ¥9.00 a unit at a point whose leader earns 10 %, and what members and the team do about them."""

    def __init__(self, care: CustomerCare) -> None:
        self.care, self.shop, self.brand = care, care.shop, care.brand
        self.leader = care.shop.member("leader@people.example")
        self.member = care.shop.member("li@people.example")
        self.point = care.shop.pickup_point(leader_id=self.leader.id, commission_bps=1_000)

    def collected(self, quantity: int = 4, **fields: Any) -> Any:
        """An order of so many of each offer of a campaign, handed over by the leader and paid for in cash, and all of
        it booked.
        """
        campaign = self.shop.campaign(pickup_point_ids=[self.point["id"]], closes_in=timedelta(hours=1), **fields)
        lines = [{"offer_id": each["offer_id"], "quantity": quantity} for each in campaign["offers"]]
        order = made(self.shop.order(self.member, campaign=campaign, lines=lines))
        self.care.clock.advance(hours=2)
        self.care.sweep()
        self.shop.arrived(campaign["id"])
        handed = {"code": order["pickup_code"], "pickup_point_id": self.point["id"]}
        made(
            self.shop.caller.call("POST", f"/v1/orders/{order['id']}/pickup", json=handed, token=self.leader.token), 200
        )
        self.care.drain()
        return order

    def complain(self, order: Any = None, **body: Any) -> Any:
        """The member's complaint, of an order or of nothing in particular."""
        about = {"order_id": order["id"]} if order else {}
        return made(
            self.care.store(
                "POST", "/complaints", self.member, json={"text": "The apples are bruised", **about, **body}
            )
        )

    def resolve(self, complaint: Any, remedy: Any = None, *, key: str = "", **body: Any) -> Reply:
        """The team's answer, under an Idempotency-Key."""
        given = {"outcome": "We are sorry.", **({"remedy": remedy} if remedy is not None else {}), **body}
        headers = {"Idempotency-Key": key or f"answer-{next(_numbers)}"}
        return self.brand.post(f"/v1/complaints/{complaint['id']}/resolve", given, headers=headers)

    def read(self, complaint: Any) -> Any:
        """The complaint as the team sees it now."""
        return made(self.brand.get(f"/v1/complaints/{complaint['id']}"), 200)

    def own(self, complaint: Any) -> Any:
        """The complaint as its member sees it now."""
        return made(self.care.store("GET", f"/complaints/{complaint['id']}", self.member), 200)

    def verdict(
        self, complaint: Any, verdict: str, comment: str | None = None, who: Member | None = None,
        resolution: int | None = None,
    ) -> Reply:  # fmt: skip
        """What the member says of the answer, of the one of that number."""
        body: dict[str, Any] = {"verdict": verdict} | ({"comment": comment} if comment else {})
        body |= {"resolution": resolution} if resolution else {}
        return self.care.store("POST", f"/complaints/{complaint['id']}/verdict", who or self.member, json=body)

    def refunds(self, order: Any) -> list[int]:
        """What went back of an order, refund by refund."""
        items = made(self.brand.get(f"/v1/orders/{order['id']}/refunds"), 200)["items"]
        return [refund["amount"]["amount_minor"] for refund in items]

    def earned(self) -> list[tuple[int, int]]:
        """What the leader earns and bears, order by order, in minor units."""
        items = made(self.shop.caller.call("GET", f"{self.shop.path}/leader/commissions", token=self.leader.token), 200)
        return [(each["commission"]["amount_minor"], each["borne"]["amount_minor"]) for each in items["items"]]

    def accounts(self) -> dict[str, int]:
        """The balances of the brand's books, in minor units."""
        names = {self.leader.id: "leader", self.point["id"]: "point"}
        items = made(self.brand.get("/v1/ledger/accounts?limit=100"), 200)["items"]
        found = {each["account"]: each["balance"]["amount_minor"] for each in items}
        for value, name in names.items():
            found = {account.replace(value, name): amount for account, amount in found.items()}
        return found

    def money(self, amount_minor: int) -> Any:
        return self.shop.money(amount_minor)

    def coupons(self, **more: Any) -> str:
        """A batch of coupons."""
        wanted = {
            "title": "Sorry", "kind": "amount", "purpose": "remedy", "value": self.money(500),
            "codes": {"mode": "shared", "code": f"SORRY-{next(_numbers)}"}, "limits": {"per_member": 1}, **more,
        }  # fmt: skip
        return str(made(self.brand.post("/v1/coupon-batches", wanted))["id"])


@pytest.fixture
def complaining(care: CustomerCare) -> Complaining:
    return Complaining(care)
