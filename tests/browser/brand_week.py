"""A brand in the middle of a week: something of everything that its team has to do waits for it.

It is noon on a Wednesday in Shanghai. A group buy of last month has been collected, and its cash and commission wait
to be seen to; of three that closed yesterday one waits to be bought, one to be sorted, one was collected; one is open.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.payments.model import RefundState
from chalicelib.payments.providers.test import TestProvider
from tests.builders import Caller, Member, Shop, made
from tests.payments.checkout import Checkout

if TYPE_CHECKING:
    from tests.conftest import Clock, Drain, Sweep

LAST_MONTH = datetime(2027, 2, 3, 4, tzinfo=UTC)
COMMISSION_IS_DUE = datetime(2027, 2, 22, 4, tzinfo=UTC)
A_WEEK_AGO = datetime(2027, 3, 3, 4, tzinfo=UTC)
YESTERDAY = datetime(2027, 3, 9, 4, tzinfo=UTC)
TODAY = datetime(2027, 3, 10, 4, tzinfo=UTC)

PEARS, EGGS, BREAD, MILK = (f"{goods} of the week" for goods in ("Pears", "Eggs", "Bread", "Milk"))
STRAWBERRIES = "Strawberries for the weekend"


class Week:
    """What the brand has: people by their names, group buys by their titles, and its API."""

    def __init__(self, caller: Caller, clock: Clock, drain: Drain, sweep: Sweep) -> None:
        self._clock, self._drain, self._sweep = clock, drain, sweep
        clock.set(LAST_MONTH)
        self.shop = Shop(caller)
        self.wang, self.chen, self.zhou = map(self._neighbour, ("Wang Li", "Chen Mei", "Zhou Hua"))
        self.liu, self.gao = map(self._neighbour, ("Liu Na", "Gao Wei"))
        self.east, self.west = (
            self.shop.pickup_point(name=f"{side} gate", leader_id=leader.id, commission_bps=750)["id"]
            for side, leader in (("East", self.liu), ("West", self.gao))
        )
        self.skus = {goods: self._sku(goods) for goods in ("Pears", "Eggs", "Bread", "Milk", "Strawberries", "Plums")}
        self._sku("Duck eggs")
        self._sold_last_month()
        clock.set(COMMISSION_IS_DUE)
        sweep(2)
        clock.set(A_WEEK_AGO)
        self._complain(self.chen, "The pears were bruised.")
        clock.set(YESTERDAY)
        self._sold_yesterday()
        clock.set(TODAY)
        self._begun_today()
        sweep(2)
        self.token = self.shop.team_token("owner")
        """Of an owner who signs in now."""

    def campaign(self, title: str) -> Any:
        """The newest group buy of this title, as it is now."""
        found = made(self.shop.brand.get("/v1/campaigns"), 200)["items"]
        return next(each for each in found if each["title"] == title)

    def orders(self, title: str) -> list[Any]:
        """The orders of the newest group buy of this title, the newest first."""
        query = f"?campaign_id={self.campaign(title)['id']}"
        return list(made(self.shop.brand.get(f"/v1/orders{query}"), 200)["items"])

    def order(self, title: str, member: Member) -> Any:
        """The member's newest order there."""
        return next(each for each in self.orders(title) if each["member_id"] == member.id)

    def items(self, path: str) -> list[Any]:
        """What a list of the API has on its first page."""
        return list(made(self.shop.brand.get(path), 200)["items"])

    def _sold_last_month(self) -> None:
        pears = self._open(PEARS, "Pears")
        first, second = (self._order(pears, who, 3, self.east) for who in (self.wang, self.chen))
        third = self._order(pears, self.zhou, 2, self.west)
        self._after_the_close()
        self.shop.arrived(pears["id"])
        self._hand_over(first, self.liu)
        self._hand_over(second, self.liu, 1)
        self._take_out(second, 2)
        self._hand_over(second, self.liu, 1)
        self._hand_over(third, self.gao)
        self._drain()
        handed_in = {"leader_id": self.gao.id, "pickup_point_id": self.west, "amount": third["totals"]["total"]}
        made(self.shop.brand.post("/v1/ledger/cash", handed_in, headers={"Idempotency-Key": "west"}))

    def _sold_yesterday(self) -> None:
        supplier = made(self.shop.brand.post("/v1/suppliers", {"name": "Hill farm"}))["id"]
        terms = {"cost": self.shop.money(400), "main": True}
        made(self.shop.brand.put(f"/v1/suppliers/{supplier}/skus/{self.skus['Eggs']}", terms), 200)
        eggs, bread, milk = (self._open(title, title.split()[0]) for title in (EGGS, BREAD, MILK))
        for campaign, units in ((eggs, 3), (bread, 1)):
            self._order(campaign, self.wang, units, self.east)
            self._order(campaign, self.chen, units + 1, self.west)
        drunk = [self._order(milk, who, 2, self.east) for who in (self.wang, self.zhou)]
        self._after_the_close()
        received = {"to": "received", "everything_arrived": True}
        made(self.shop.brand.post(f"/v1/campaigns/{bread['id']}/advance", received), 200)
        self.shop.arrived(milk["id"])
        for order in drunk:
            self._hand_over(order, self.liu)
        self._drain()
        self._return(drunk[-1], self.zhou)

    def _begun_today(self) -> None:
        self._complain(self.wang, "The milk came warm.")
        self._open(STRAWBERRIES, "Strawberries", timedelta(days=3))
        self._pay_and_cancel_in_vain()

    def _pay_and_cancel_in_vain(self) -> None:
        """Somebody's order was paid online and cancelled, and the provider declined to give the money back."""
        offers = [self.shop.offer(sku_id=self.skus["Plums"])]
        online = self.shop.campaign(
            title="Plums, paid online", offers=offers, pickup_point_ids=[self.east], payment_methods=["test"]
        )
        self.shop.shopper = self.zhou
        checkout = Checkout(self.shop, online)
        payment = made(checkout.start())["id"]
        checkout.pay(payment)
        checkout.notify(payment)
        with pytest.MonkeyPatch.context() as away:
            away.setattr(TestProvider, "refund", lambda *given: RefundState.FAILED)
            checkout.cancel()
            self._drain()

    def _neighbour(self, name: str) -> Member:
        member = self.shop.member()
        named = {"profile": {"name": name}}
        made(self.shop.caller.call("PATCH", f"{self.shop.path}/me", json=named, token=member.token), 200)
        return member

    def _sku(self, title: str) -> str:
        return str(self.shop.product(title=title)["skus"][0]["id"])

    def _open(self, title: str, goods: str, closes_in: timedelta = timedelta(hours=1)) -> Any:
        """A group buy of one product at both gates."""
        offers = [self.shop.offer(sku_id=self.skus[goods])]
        return self.shop.campaign(
            title=title, offers=offers, pickup_point_ids=[self.east, self.west], closes_in=closes_in
        )

    def _order(self, campaign: Any, who: Member, units: int, point: str) -> Any:
        return made(self.shop.order(who, campaign=campaign, quantity=units, pickup_point_id=point))

    def _after_the_close(self) -> None:
        self._clock.advance(hours=2)
        self._sweep(2)

    def _hand_over(self, order: Any, leader: Member, units: int = 0) -> None:
        """All of it, or so many units, against cash where it is not paid yet."""
        handed = {"code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}
        part = {"lines": [{"offer_id": order["lines"][0]["offer_id"], "quantity": units}]} if units else {}
        path = f"/v1/orders/{order['id']}/pickup"
        made(self.shop.caller.call("POST", path, json=handed | part, token=leader.token), 200)

    def _take_out(self, order: Any, units: int) -> None:
        """So many units stay in the order; what was paid for the others is owed in cash."""
        lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": units}]
        path, key = f"/v1/orders/{order['id']}/adjustments", {"Idempotency-Key": "bruised"}
        made(self.shop.brand.post(path, {"lines": lines, "reason": "Bruised"}, headers=key), 200)

    def _return(self, order: Any, who: Member) -> None:
        lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1}]
        asked = {"kind": "return", "lines": lines, "reason": "One was sour"}
        self._by(who, f"/orders/{order['id']}/after-sales", asked, headers={"Idempotency-Key": "return"})

    def _complain(self, who: Member, text: str) -> None:
        self._by(who, "/complaints", {"text": text})

    def _by(self, who: Member, path: str, body: Any, **options: Any) -> None:
        made(self.shop.caller.call("POST", self.shop.path + path, json=body, token=who.token, **options))
