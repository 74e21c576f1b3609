"""A shop whose orders are lowered by promotions, coupons and points, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.kernel import clock
from tests.aftersales.conftest import Returns
from tests.builders import in_time, made
from tests.customer_care import CustomerCare


class Lowered(Returns):
    """Its goods are pears and cups; returns are paid back when they are approved."""

    def __init__(self, care: CustomerCare) -> None:
        super().__init__(care)
        self.shop.filled(self, self._fill)

    def _fill(self) -> None:
        self.pay_on_approval()
        product = self.shop.product(
            skus=[{"code": code, "title": code.title(), "price": self.shop.money(5_000)} for code in ("PEARS", "CUPS")]
        )
        self.skus = [str(sku["id"]) for sku in product["skus"]]

    offers: list[str]
    """Of pears and cups, in the campaign that was published last."""

    def publish(self, *prices: int, **fields: Any) -> Any:
        """A campaign that offers pears and cups at these prices."""
        offers = [self.shop.offer(price=price, sku_id=sku) for price, sku in zip(prices, self.skus, strict=False)]
        campaign = self.shop.campaign(offers=offers, **fields)
        self.offers = [str(each["offer_id"]) for each in campaign["offers"]]
        return campaign

    def promote(self, kind: str, terms: dict[str, Any], **fields: Any) -> Any:
        """A promotion that runs from now on for a month."""
        now = clock.now()
        times = {"starts_at": in_time(now), "ends_at": in_time(now + timedelta(days=30))}
        wanted = {"title": "Harvest", "kind": kind, "terms": terms, **times, **fields}
        drafted = made(self.brand.post("/v1/promotions", wanted))
        return made(self.brand.post(f"/v1/promotions/{drafted['id']}/publish"), 200)

    def reduce(self, off: int, from_minor: int) -> Any:
        """So much off from so much on."""
        money = self.shop.money
        return self.promote("full_reduction", {"steps": [{"from": money(from_minor), "off": money(off)}]})

    def gift(self, from_minor: int) -> Any:
        """A cup with goods from so much on."""
        return self.promote("gift", {"from": self.shop.money(from_minor), "sku_id": self.skus[1], "quantity": 1})

    def placed(self, campaign: Any, *units: int, **fields: Any) -> Any:
        """An order of so many pears and cups."""
        lines = [{"offer_id": offer, "quantity": n} for offer, n in zip(self.offers, units, strict=False) if n]
        return made(self.shop.order(campaign=campaign, lines=lines, **fields))

    def handed_over(self, campaign: Any, *units: int, **fields: Any) -> Any:
        """The same, collected and paid for after the campaign's close."""
        order = self.placed(campaign, *units, **fields)
        self.care.clock.advance(days=8)
        self.care.sweep()
        self.care.hand_over(order)
        self.care.drain()
        return order

    def with_a_gift(self) -> Any:
        """An order of two pears at 50.00 that was handed over with a cup, worth 30.00, for 100.00."""

        def given() -> tuple[Any, list[str]]:
            self.gift(10_000)
            return self.handed_over(self.publish(5_000, 3_000), 2), self.offers

        order, self.offers = self.shop.once("with a gift", given)
        return order

    def lines(self, *units: int) -> list[dict[str, Any]]:
        """So many pears and cups, as requests name them."""
        return [{"offer_id": offer, "quantity": n} for offer, n in zip(self.offers, units, strict=False) if n]

    def quoted(self, order: Any, *units: int) -> tuple[int, int, int]:
        """What its member would get back for them: money, what is kept back for gifts, and points."""
        path = f"/orders/{order['id']}/after-sales/quote"
        body = {"lines": self.lines(*units)}
        found = made(self.care.store("POST", path, self.shop.shopper, json=body), 200)
        return found["refund"]["amount_minor"], found["gifts_kept"]["amount_minor"], found["points"]

    def returned(self, order: Any, *units: int) -> Any:
        """So many pears and cups come back, and that is approved."""
        case = made(self.ask(order, lines=self.lines(*units)))
        return made(self.decide(case), 200)

    def points_pay(self, worth: int, balance: int) -> None:
        """Each point pays so much, and the shopper has so many."""
        spend = {"points": 1, "worth": self.shop.money(worth)}
        made(self.brand.put("/v1/points-rules", {"rules": [], "spend": spend}), 200)
        path = f"/v1/members/{self.shop.shopper.id}/points"
        made(self.brand.post(path, {"delta": balance, "reason": "test"}, headers={"Idempotency-Key": "given"}), 201)

    @property
    def points(self) -> int:
        """Those that the shopper has."""
        return int(made(self.care.store("GET", "/me/points", self.shop.shopper), 200)["balance"])
