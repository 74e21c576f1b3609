"""A shop whose members earn points and rise."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import day_start, local_date
from tests.builders import Member, Reply, Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.customer_care import CustomerCare

A_POINT_A_YUAN = {"action": "order", "per_amount": {"amount": {"amount_minor": 100, "currency": "CNY"}, "points": 1}}
CHECK_IN = {"action": "check_in", "points": 5}
SILVER = {"code": "silver", "title": "Silver", "from": 1_000}
GOLD = {"code": "gold", "title": "Gold", "from": 3_000, "privileges": {"points_factor": "1.5"}}
_numbers = itertools.count(1)


class Loyalty:
    """A shop in which each unit of an order costs 9.00, with what its members have."""

    def __init__(self, care: CustomerCare) -> None:
        self.care, self.shop, self.brand = care, care.shop, care.brand
        self.clock, self.drain, self.sweep = care.clock, care.drain, care.sweep

    @property
    def today(self) -> date:
        """The brand's day."""
        return local_date(product_clock.now(), zone(self.shop.timezone))

    def rules(self, *rules: dict[str, Any], **more: Any) -> Any:
        return made(self.brand.put("/v1/points-rules", {"rules": list(rules), **more}), 200)

    def tiers(self, *tiers: dict[str, Any], **more: Any) -> Any:
        answer = made(self.brand.put("/v1/tiers", {"tiers": list(tiers or (SILVER, GOLD)), **more}), 200)
        self.drain()
        return answer

    def points(self, member: Member | None = None) -> Any:
        """A member's points and newest entries as they see them."""
        return made(self.care.store("GET", "/me/points?limit=100", member or self.shop.shopper), 200)

    def deltas(self, member: Member | None = None) -> list[tuple[str, int]]:
        """What each entry of a ledger gave or took, oldest first, after a look at the sums."""
        found = self.points(member)
        entries = found["items"][::-1]
        assert list(itertools.accumulate(each["delta"] for each in entries)) == [each["balance"] for each in entries]
        assert found["balance"] == (entries[-1]["balance"] if entries else 0)
        shown = made(self.brand.get(f"/v1/members/{(member or self.shop.shopper).id}"), 200)["points"]
        assert (shown or 0) == found["balance"]
        return [(each["cause"]["type"], each["delta"]) for each in entries]

    def book(self, delta: int, member: Member | None = None, *, key: str = "", reason: str = "Thanks") -> Reply:
        path = f"/v1/members/{(member or self.shop.shopper).id}/points"
        sent = {"Idempotency-Key": key or f"by-hand-{next(_numbers)}"}
        return self.brand.post(path, {"delta": delta, "reason": reason}, headers=sent)

    def check_in(self, member: Member | None = None) -> Reply:
        return self.care.store("POST", "/check-ins", member or self.shop.shopper)

    def standing(self, member: Member | None = None) -> Any:
        return made(self.care.store("GET", "/me/tier", member or self.shop.shopper), 200)

    def tier(self, member: Member | None = None) -> str | None:
        """The tier, as the member and the team see it."""
        who = member or self.shop.shopper
        standing = self.standing(who)["tier"]
        code = standing and standing["code"]
        assert made(self.brand.get(f"/v1/members/{who.id}"), 200)["tier"] == code
        return code

    def collected(self, units: int, member: Member | None = None) -> Any:
        """An order of so many units at 9.00, collected and paid."""
        (order,) = self.care.collected(member or self.shop.shopper, quantity=units)
        return order

    def give_back(self, order: Any, minor: int) -> None:
        """So much of an order goes back by goodwill, and all that follows."""
        self.refund(order, minor)
        self.drain()

    def refund(self, order: Any, minor: int) -> None:
        """So much of an order goes back by goodwill."""
        body = {"amount": self.shop.money(minor), "reason": "Late"}
        sent = {"Idempotency-Key": f"back-{next(_numbers)}"}
        made(self.brand.post(f"/v1/orders/{order['id']}/refunds", body, headers=sent))

    def wait_until(self, day: date, hour: int = 0) -> None:
        """To an hour of a local day, with everything that became due."""
        start = day_start(day, zone(self.shop.timezone)) + timedelta(hours=hour, minutes=1)
        self.clock.advance(seconds=(start - product_clock.now()).total_seconds())
        self.sweep()


@pytest.fixture
def loyalty(care: CustomerCare) -> Loyalty:
    return Loyalty(care)


@pytest.fixture
def new_loyalty(new_shop: Callable[..., Shop], clock: Clock, drain: Drain, sweep: Sweep) -> Callable[..., Loyalty]:
    return lambda **options: Loyalty(CustomerCare(new_shop(**options), clock, drain, sweep))
