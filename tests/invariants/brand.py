"""A brand, its neighbours and their provider, as the random runs drive them: through the public interface.

Every request is sent as a careful client sends it: under an Idempotency-Key, and again, unchanged, until it is
answered. What the product acknowledged is kept, so that it can be held to it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.payments.providers.test import TestProvider
from tests.builders import Member, Shop, in_time, made
from tests.calls import Api, Reply
from tests.faults import Faults, Killed, Kind
from tests.invariants.care import Care
from tests.invariants.growth import Growth
from tests.invariants.provider import Provider

Fault = tuple[Kind, int] | None
"""A fault, and at which of the request's own requests it strikes."""

CampaignKind = Literal["group_order", "ladder", "team_buy", "flash_sale", "pre_order"]
PRICE = 1_050
CODES = ("MOON", "STAR")
Receipt = tuple[int, int, int, int, int]
"""Units of a receipt: received, damaged of them, short, come as another SKU, put on the shelf."""

_MOST_TRIES = 4


@dataclass(frozen=True)
class Placed:
    """An order that the product has acknowledged, and with which words."""

    id: str
    campaign_id: str
    member: Member
    key: str
    body: dict[str, Any]
    text: str


@dataclass
class Brand:
    """One brand in a store of data that is otherwise empty."""

    api: Api
    faults: Faults
    shop: Shop = field(init=False)
    members: list[Member] = field(default_factory=list)
    campaigns: list[Any] = field(default_factory=list)
    placed: dict[str, Placed] = field(default_factory=dict)
    payments: list[tuple[str, str]] = field(default_factory=list)
    """Payment and order ids of every payment that was started."""
    closed: set[str] = field(default_factory=set)
    """Campaigns that are known to take no orders any more, and of these the ones that are locked."""
    locked: set[str] = field(default_factory=set)
    collected: list[Placed] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    """After-sale cases."""
    batches: list[str] = field(default_factory=list)
    """Of coupons: any number of them, and one for all who know its code."""
    answers: dict[str, int] = field(default_factory=dict)
    """How often each answer came, by method, last part of the path and status or code: what a run has tried."""
    asked: int = 0
    """How many requests may have changed something."""
    provider: Provider = field(init=False)
    growth: Growth = field(init=False)
    care: Care = field(init=False)
    _keys: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.provider = Provider(self)
        self.shop = Shop(self.api, slug="fruit")
        self.members = [self.shop.member() for _ in range(3)]
        self.leader = self.shop.member()
        self.point = self.shop.pickup_point(leader_id=self.leader.id, commission_bps=750)
        skus = [self._sku(code) for code in ("PEAR", "PLUM", "NASHI")]
        product = self.shop.product(skus=skus, after_sale={"repair_days": 30})
        self.skus, self.product_id = [sku["id"] for sku in product["skus"]], product["id"]
        made(self.ask("POST", f"/v1/skus/{self.skus[1]}/adjustments", {"delta": 5, "reason": "stock-taking"}), 201)
        self.promotions = [self._promotion(each) for each in (
            {"kind": "timed_price", "terms": {"percent_off": "10"}, "budget": self.shop.money(500),
             "limits": {"per_member": 2, "total": 7}},
            {"kind": "full_reduction", "budget": self.shop.money(700),
             "terms": {"steps": [{"from": self.shop.money(2_000), "off": self.shop.money(300)}]}},
            {"kind": "gift", "budget": self.shop.money(2 * PRICE),
             "terms": {"from": self.shop.money(1_800), "sku_id": self.skus[1], "quantity": 1}},
        )]  # fmt: skip
        per = {"amount": self.shop.money(100), "points": 1}
        rules = [
            {"action": "order", "per_amount": per, "valid_days": 9},
            {"action": "participation", "points": 5, "cap": {"per_member": 8}},
            {"action": "check_in", "points": 3, "valid_days": 1},
            {"action": "referral", "points": 7},
        ]
        spend = {"points": 1, "worth": self.shop.money(7), "most_share": "80"}
        made(self.ask("PUT", "/v1/points-rules", {"rules": rules, "spend": spend}), 200)
        tiers = [{"code": "gold", "title": "Gold", "from": 4 * PRICE, "privileges": {"points_factor": "1.5"}}]
        made(self.ask("PUT", "/v1/tiers", {"tiers": tiers, "window_months": 1, "grace_days": 0}), 200)
        money, a_day = self.shop.money, {"days": 1}
        for fields in (
            {"kind": "amount", "value": money(250), "limits": {"per_member": 2, "total": 5}, "budget": money(1_100)},
            {"kind": "percent", "percent_off": "30", "minimum": money(1_000), "budget": money(900), "valid": a_day},
        ):
            code = {"mode": "shared", "code": CODES[len(self.batches)]}
            batch = {"title": code["code"], "purpose": "holiday", "codes": code, **fields}
            self.batches.append(made(self.ask("POST", "/v1/coupon-batches", batch))["id"])
        for n, member in enumerate(self.members):
            self.enter(member, CODES[n % 2])
            self.give_points(member, 60)
        self.supplier_id = made(self.ask("POST", "/v1/suppliers", {"name": "Orchard"}))["id"]
        for sku, pack_size in zip(self.skus, (2, 1, 1), strict=True):
            terms = {"cost": self.shop.money(600), "pack_size": pack_size}
            made(self.shop.brand.put(f"/v1/suppliers/{self.supplier_id}/skus/{sku}", terms), 200)
        self.growth = Growth(self)
        self.care = Care(self)

    def _sku(self, code: str) -> dict[str, Any]:
        rates = {"PEAR": "13", "PLUM": "9"}
        money = {"price": self.shop.money(PRICE), "cost": self.shop.money(600)}
        return {"code": code, "title": code.title(), "tax_rate": rates.get(code), **money}

    def _promotion(self, fields: dict[str, Any]) -> str:
        """A promotion of two months, published."""
        now = clock.now()
        times = {"starts_at": in_time(now), "ends_at": in_time(now + timedelta(days=60))}
        drafted = made(self.ask("POST", "/v1/promotions", {"title": "Harvest"} | times | fields))
        return str(made(self.ask("POST", f"/v1/promotions/{drafted['id']}/publish"), 200)["id"])

    @property
    def tenant_id(self) -> str:
        return self.shop.tenant_id

    def key(self) -> str:
        """A new Idempotency-Key."""
        return f"run-{next(self._keys)}"

    def ask(
        self, method: str, path: str, json: Any = None, *, token: str = "", key: str = "", fault: Fault = None
    ) -> Reply:
        """Sends a request until there is an answer. Only a fault excuses an answer of 500 or above."""
        headers = {"Idempotency-Key": key or self.key()} if method in {"POST", "PATCH"} else {}
        self.asked += method != "GET"
        for attempt in range(_MOST_TRIES):
            self.faults.arm(*(fault if fault and attempt == 0 else (None,)))
            try:
                reply = self.api.call(method, path, json=json, token=token or self.shop.api_key, headers=headers)
            except Killed:
                continue
            finally:
                self.faults.arm(None)
            if reply.status < 500:
                said = reply.json.get("code", reply.status) if reply.status >= 400 else reply.status
                words = [word for word in path.partition("?")[0].split("/")[2:] if len(word) < 26]
                name = f"{method} {'/'.join(words).removeprefix('stores/fruit/')} {said}"
                self.answers[name] = self.answers.get(name, 0) + 1
                return reply
            assert fault, f"{method} {path}: {reply.status} {reply.text}"
        raise AssertionError(f"{method} {path} was not answered")

    # --- the brand ----------------------------------------------------------------------------------------------------

    def publish(
        self, kind: CampaignKind, quantity: int, buckets: int, target: dict[str, Any] | None, limit: int | None
    ) -> None:
        """A campaign of two hours with two offers, open at once: the second is, every other time, a bundle of both
        SKUs, which takes the first from the stock of the first offer.
        """
        offers = [self._offer(kind, sku, quantity, limit) for sku in self.skus[:2]]
        if (len(self.campaigns) + quantity) % 2:
            parts = [{"sku_id": sku, "quantity": units} for sku, units in zip(self.skus, (1, 2), strict=False)]
            offers[1] = offers[1] | {"sku_id": None, "title": "Both", "parts": parts}
        wanted: dict[str, Any] = {
            "title": f"{kind} {len(self.campaigns)}", "kind": kind, "offers": offers, "target": target,
            "closes_at": in_time(clock.now() + timedelta(hours=2)), "pickup_point_ids": [self.point["id"]],
            "peak_orders_per_second": 250 * buckets, "payment_methods": ["pickup", "test"],
            "no_show": {"hours": 48, "action": "refund"},
        }  # fmt: skip
        if kind == "team_buy":
            wanted["team"] = {"size": 2, "hours": 1}
        if kind == "pre_order":
            wanted |= {"payment_methods": ["test"], "balance": {"hours_after_close": 24, "on_default": "forfeit"}}
        drafted = made(self.ask("POST", "/v1/campaigns", wanted))
        made(self.ask("POST", f"/v1/campaigns/{drafted['id']}/publish"), 200)
        self.campaigns.append(made(self.ask("GET", f"/v1/campaigns/{drafted['id']}"), 200))

    def fresh(self, campaign: Any) -> Any:
        """A campaign as it stands."""
        return made(self.ask("GET", f"/v1/campaigns/{campaign['id']}"), 200)

    def look(self, campaign: Any) -> None:
        """Learns what has become of a campaign."""
        status = self.fresh(campaign)["status"]
        if status not in ("scheduled", "open", "extended"):
            self.closed.add(campaign["id"])
        if status in ("locked", "purchasing", "received", "sorted", "at_pickup"):
            self.locked.add(campaign["id"])

    def bought(self, campaign: Any) -> int:
        """Units of the first SKU that are bought for a campaign."""
        listed = self.ask("GET", f"/v1/campaigns/{campaign['id']}/purchase-list")
        lines = listed.json["lines"] if listed.status == 200 else []
        return sum(line["bought"] for line in lines if line["sku_id"] == self.skus[0])

    def receive(self, campaign: Any, sku: int, units: Receipt, fault: Fault) -> Reply:
        """Goods of a SKU, which is bought for the campaign, arrive, or something else does, or they never will."""
        received, damaged, short, instead, to_stock = units
        line: dict[str, Any] = {
            "sku_id": self.skus[sku], "received": received, "damaged": min(damaged, received), "short": short,
            "to_stock": to_stock,
        }  # fmt: skip
        if instead:
            line["substitute"] = {"sku_id": self.skus[2], "quantity": instead}
        body = {"supplier_id": self.supplier_id, "lines": [line]}
        return self.ask("POST", f"/v1/campaigns/{campaign['id']}/receipts", body, fault=fault)

    def _offer(self, kind: CampaignKind, sku_id: str, quantity: int, limit: int | None) -> dict[str, Any]:
        offer: dict[str, Any] = {"sku_id": sku_id, "quantity": quantity, "price": self.shop.money(PRICE)}
        if limit:
            offer["per_member_limit"] = min(limit, quantity)
        if kind == "ladder":
            del offer["price"]
            prices = ((1, PRICE), (2, 951), (3, 707))[:quantity]
            offer["ladder"] = [{"from_quantity": n, "price": self.shop.money(price)} for n, price in prices]
        if kind == "pre_order":
            offer["deposit"] = self.shop.money(333)
        return offer

    def move(self, campaign: Any, to: str, fault: Fault = None, *, all_came: bool = False) -> Reply:
        """Staff move a campaign on, or cancel it; with ``all_came`` they say so of all that is still expected."""
        if to == "cancelled":
            return self.ask("POST", f"/v1/campaigns/{campaign['id']}/cancel", {"reason": "frost"}, fault=fault)
        body = {"to": to, "everything_arrived": all_came}
        return self.ask("POST", f"/v1/campaigns/{campaign['id']}/advance", body, fault=fault)

    # --- members and leaders ------------------------------------------------------------------------------------------

    def enter(self, member: Member, code: str, fault: Fault = None) -> Reply:
        """A member enters a coupon's code."""
        return self.ask("POST", f"{self.shop.path}/me/coupons", {"code": code}, token=member.token, fault=fault)

    def give_points(self, member: Member, points: int, fault: Fault = None) -> Reply:
        """Staff give a member points, or take some."""
        body = {"delta": points, "reason": "sorry"}
        return self.ask("POST", f"/v1/members/{member.id}/points", body, fault=fault)

    def coupon_of(self, member: Member, which: int) -> str | None:
        """One of those that a member may use; now and then one that they used already."""
        show = "used" if which % 5 == 0 else "usable"
        listed = self.ask("GET", f"{self.shop.path}/me/coupons?show={show}", token=member.token)
        found = [each["id"] for each in made(listed, 200)["items"]]
        return found[which % len(found)] if found else None

    def order(
        self,
        campaign: Any,
        member: Member,
        units: tuple[int, int],
        online: bool,
        team_id: str | None,
        fault: Fault,
        coupon_id: str | None = None,
        points: int = 0,
    ) -> None:
        """Orders so many units of each offer; zero leaves one out."""
        lines = [
            {"offer_id": offer["offer_id"], "quantity": quantity}
            for offer, quantity in zip(campaign["offers"], units, strict=True)
            if quantity
        ]
        body: dict[str, Any] = {
            "campaign_id": campaign["id"], "pickup_point_id": self.point["id"], "lines": lines,
            "payment_method": "test" if online else "pickup",
        }  # fmt: skip
        own = {"team_id": team_id, "coupon_id": coupon_id, "points": points}
        body |= {name: value for name, value in own.items() if value}
        key = self.key()
        self.growth.may_be_back(member)
        reply = self.ask("POST", f"{self.shop.path}/orders", body, token=member.token, key=key, fault=fault)
        if reply.status == 201:
            self.placed[reply.json["id"]] = Placed(reply.json["id"], campaign["id"], member, key, body, reply.text)

    def order_again(self, placed: Placed) -> Reply:
        """The very request that placed an order."""
        return self.ask("POST", f"{self.shop.path}/orders", placed.body, token=placed.member.token, key=placed.key)

    def teams(self, campaign: Any) -> list[str]:
        """The teams that still form."""
        listed = made(self.ask("GET", f"{self.shop.path}/campaigns/{campaign['id']}/teams"), 200)
        return [team["id"] for team in listed["items"]]

    def of_order(self, placed: Placed, deed: str, body: Any = None, fault: Fault = None) -> Reply:
        """A member's own POST on an order: `cancel`, `payments`, `after-sales`."""
        path = f"{self.shop.path}/orders/{placed.id}/{deed}"
        reply = self.ask("POST", path, body, token=placed.member.token, fault=fault)
        if deed == "payments" and reply.status == 201:
            self.payments.append((reply.json["id"], placed.id))
        if deed == "cancel" and reply.status == 200:
            self.provider.person_changed(placed.id)
        return reply

    def edit(self, placed: Placed, units: tuple[int, int], fault: Fault) -> Reply:
        """A member changes the quantities of an order."""
        campaign = next(each for each in self.campaigns if each["id"] == placed.campaign_id)
        lines = [
            {"offer_id": offer["offer_id"], "quantity": quantity}
            for offer, quantity in zip(campaign["offers"], units, strict=True)
        ]
        path = f"{self.shop.path}/orders/{placed.id}"
        reply = self.ask("PATCH", path, {"lines": lines}, token=placed.member.token, fault=fault)
        if reply.status == 200:
            self.provider.person_changed(placed.id)
        return reply

    def give(self, placed: Placed, minor: int, fault: Fault) -> Reply:
        """The brand gives money back because it wants to."""
        body = {"amount": self.shop.money(minor), "reason": "sorry"}
        return self.ask("POST", f"/v1/orders/{placed.id}/refunds", body, fault=fault)

    def adjust(self, placed: Placed, lines: list[dict[str, Any]], fault: Fault) -> Reply:
        """Staff lower the quantities of an order."""
        body = {"lines": lines, "reason": "bruised"}
        reply = self.ask("POST", f"/v1/orders/{placed.id}/adjustments", body, fault=fault)
        if reply.status == 200:
            self.provider.person_changed(placed.id)
        return reply

    def read(self, placed: Placed) -> Any:
        """An order as its member sees it."""
        return made(self.ask("GET", f"{self.shop.path}/orders/{placed.id}", token=placed.member.token), 200)

    # --- the provider -------------------------------------------------------------------------------------------------

    def tell(self, payment_id: str, fault: Fault) -> None:
        """The provider's signed message arrives, as often as this is called; from one that is away none does."""
        if self.provider.is_away:
            return
        with tenant_scope(self.tenant_id):
            headers, body = TestProvider(self.tenant_id).message(payment_id, "succeeded", clock.now())
        path = f"/v1/webhooks/test/{self.tenant_id}"
        for attempt in range(_MOST_TRIES):
            self.faults.arm(*(fault if fault and attempt == 0 else (None,)))
            try:
                reply = self.api.call("POST", path, body=body, headers=headers)
            except Killed:
                continue
            finally:
                self.faults.arm(None)
            if reply.status < 500:
                assert reply.status == 204, reply.text
                return
            assert fault, reply.text
        raise AssertionError("the message was not taken")
