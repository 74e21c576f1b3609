"""Who takes part in a brand's week, and what they do, through the public interface."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.builders import Member, Shop, made
from tests.conftest import Served
from tests.end_to_end.steps import hand_over, key, mine, now, pay

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "next Monday")
NEIGHBOURS = ("An", "Bo", "Chen", "Du", "Er", "Fay", "Gu")
RATES = {"Lin": ("North", 1_000), "Wei": ("South", 500)}
SOLD_AT = {"PEAR": 1_000, "PLUM": 800, "JAM": 1_500, "QUINCE": 1_000}
BOUGHT_AT = {
    "Orchard": {"PEAR": 600, "PLUM": 500, "QUINCE": 550},
    "Kitchen": {"JAM": 900},
}
OFFERED = {"PEAR": 20, "PLUM": 20, "JAM": 10}
ON_THE_SHELF = 5
WINDOWS = {"return_days": 2, "exchange_days": 2, "repair_days": 30}


@dataclass
class Week:
    """A brand, its people and its campaigns, from Monday morning on. Orders and campaigns go by their day."""

    shop: Shop
    server: Served
    monday: date = field(init=False)
    people: dict[str, Member] = field(default_factory=dict)
    points: dict[str, str] = field(default_factory=dict)
    suppliers: dict[str, str] = field(default_factory=dict)
    skus: dict[str, str] = field(default_factory=dict)
    campaigns: dict[str, Any] = field(default_factory=dict)
    orders: dict[str, Any] = field(default_factory=dict)
    """As they were placed, by who and day."""
    statements: dict[str, dict[str, str]] = field(default_factory=dict)
    """By when they were drawn up and for whom."""
    series: Any = None

    def __post_init__(self) -> None:
        today = now(self.server).astimezone(SHANGHAI).date()
        self.monday = today + timedelta(days=7 - today.weekday())

    # Time.

    def on(self, day: str) -> date:
        """A day of the week."""
        return self.monday + timedelta(days=DAYS.index(day))

    def until(self, day: str, at: str) -> None:
        """It becomes that time, by the brand's clock."""
        moment = datetime.combine(self.on(day), time.fromisoformat(at), SHANGHAI)
        self.server.advance((moment - now(self.server)).total_seconds())

    # Before the week.

    def prepare(self) -> None:
        """The brand's goods, suppliers and places; five jars are counted on the shelf."""
        brand = self.shop.brand
        made(brand.put("/v1/payment-settings/test", {"fee_bps": 60}), 200)
        for code, price in SOLD_AT.items():
            self._product(code, price)
        for name, costs in BOUGHT_AT.items():
            self._supplier(name, costs)
        for leader, (point, rate) in RATES.items():
            self.people[leader] = self.shop.member()
            place = self.shop.pickup_point(name=point, leader_id=self.people[leader].id, commission_bps=rate)
            self.points[point] = place["id"]
        self.people |= {name: self.shop.member() for name in NEIGHBOURS}
        counted = {"delta": ON_THE_SHELF, "reason": "Counted"}
        made(brand.post(f"/v1/skus/{self.skus['JAM']}/adjustments", counted, headers=key("counted")))
        self.server.quiet()

    def _product(self, code: str, price: int) -> None:
        (cost,) = (costs[code] for costs in BOUGHT_AT.values() if code in costs)
        money = self.shop.money
        sku = {"code": code, "title": code, "price": money(price), "cost": money(cost), "supply": "both"}
        product = self.shop.product(skus=[sku], after_sale=WINDOWS)
        self.skus[code] = product["skus"][0]["id"]

    def _supplier(self, name: str, costs: dict[str, int]) -> None:
        self.suppliers[name] = made(self.shop.brand.post("/v1/suppliers", {"name": name}))["id"]
        for code, cost in costs.items():
            terms = f"/v1/suppliers/{self.suppliers[name]}/skus/{self.skus[code]}"
            made(self.shop.brand.put(terms, {"cost": self.shop.money(cost)}), 200)

    def plan(self) -> None:
        """One template for the campaigns of three days."""
        days = {"starts_on": self.on("Monday").isoformat(), "ends_on": self.on("Wednesday").isoformat()}
        template = {
            "title": "Fruit and jam", "pickup_point_ids": list(self.points.values()),
            "offers": [
                self.shop.offer(sku_id=self.skus[code], price=SOLD_AT[code], quantity=units)
                for code, units in OFFERED.items()
            ],
            "target": {"measure": "quantity", "value": 5, "on_miss": "cancel"},
            "no_show": {"hours": 48, "action": "refund"}, "payment_methods": ["pickup", "test"],
            "rule": {"every": "day", "opens": "08:00", "open_minutes": 720, **days}, "hours_ahead": 1,
        }  # fmt: skip
        self.series = made(self.shop.brand.post("/v1/campaign-series", template))

    def opens(self, day: str) -> None:
        """The series makes the day's campaign at seven, and it opens at eight."""
        self.until(day, "07:01")
        self.until(day, "08:01")
        (campaign,) = (
            each
            for each in made(self.shop.brand.get("/v1/campaigns?status=open"), 200)["items"]
            if each["series_id"] == self.series["id"]
        )
        self.campaigns[day] = campaign

    # Neighbours.

    def order(self, who: str, day: str, point: str, method: str, **units: int) -> Any:
        """An order, and where it is paid online, its payment."""
        placed = self.place(who, day, point, method, **units)
        if method == "test":
            pay(self.shop, self.server, self.people[who], placed)
        return placed

    def place(self, who: str, day: str, point: str, method: str, **units: int) -> Any:
        """An order, not paid yet."""
        offers = {each["sku_id"]: each["offer_id"] for each in self.campaigns[day]["offers"]}
        lines = [{"offer_id": offers[self.skus[code]], "quantity": count} for code, count in units.items()]
        reply = self.shop.order(
            self.people[who], campaign=self.campaigns[day], key=f"{who}-{day}",
            pickup_point_id=self.points[point], payment_method=method, lines=lines,
        )  # fmt: skip
        self.orders[f"{who}, {day}"] = made(reply)
        self.server.quiet()
        return reply.json

    def owner(self, name: str) -> Member:
        """Who placed an order."""
        return self.people[name.partition(",")[0]]

    def collect(self, *names: str) -> None:
        """Neighbours take their orders home; the leader of the point hands them over."""
        for name in names:
            order = self.orders[name]
            made(hand_over(self.server, self.leader_of(order), order), 200)

    def leader_of(self, order: Any) -> Member:
        """Who leads an order's pickup point."""
        point = {place: name for name, place in self.points.items()}[order["pickup_point_id"]]
        return next(self.people[leader] for leader, (led, _) in RATES.items() if led == point)

    def ask_for(self, kind: str, name: str, code: str) -> str:
        """A neighbour asks for after-sale of one unit, and the brand agrees; answers with the case's id."""
        offers = {line["sku_id"]: line["offer_id"] for line in self.orders[name]["lines"]}
        line = {"offer_id": offers[self.skus[code]], "quantity": 1}
        wanted = {"kind": kind, "reason": "The lid is loose", "lines": [line]}
        order_id = self.orders[name]["id"]
        path = f"{self.shop.path}/orders/{order_id}/after-sales"
        case = made(self.server.post(path, wanted, token=self.owner(name).token, headers=key(f"{kind}-{order_id}")))
        decided = self.shop.brand.post(
            f"/v1/after-sales/{case['id']}/decision", {"outcome": "approve"}, headers=key(f"agreed-{case['id']}")
        )
        made(decided, 200)
        self.server.quiet()
        return str(case["id"])

    def comes_back(self, case_id: str) -> None:
        """The unit of a case arrives, in good order, and the case is closed."""
        case = f"/v1/after-sales/{case_id}"
        (line,) = made(self.shop.brand.get(case), 200)["lines"]
        back = {"offer_id": line["offer_id"], "quantity": 1, "disposition": "restock"}
        made(self.shop.brand.post(f"{case}/receive", {"lines": [back]}), 200)
        made(self.shop.brand.post(f"{case}/complete", {}), 200)
        self.server.quiet()

    def pays_back_in_cash(self, name: str) -> None:
        """The leader of the point gives a member the one refund of their order in cash, and confirms it."""
        order, leader = self.orders[name], self.leader_of(self.orders[name])
        listed = f"/v1/pickup-points/{order['pickup_point_id']}/cash-refunds"
        (refund,) = made(self.server.get(listed, token=leader.token), 200)["items"]
        assert refund["order_id"] == order["id"]
        confirmed = f"/v1/orders/{order['id']}/refunds/{refund['id']}/confirm"
        made(self.server.post(confirmed, token=leader.token), 200)
        self.server.quiet()

    def mine(self, name: str) -> Any:
        """An order as its member sees it now."""
        return mine(self.shop, self.server, self.owner(name), self.orders[name])

    # The brand.

    def status(self, day: str) -> str:
        """The state of the day's campaign."""
        return str(made(self.shop.brand.get(f"/v1/campaigns/{self.campaigns[day]['id']}"), 200)["status"])

    def advance(self, day: str, to: str, **options: Any) -> None:
        """The day's campaign is moved on."""
        made(self.shop.brand.post(f"/v1/campaigns/{self.campaigns[day]['id']}/advance", {"to": to, **options}), 200)
        self.server.quiet()

    def made_by_the_series(self) -> list[Any]:
        """What the series says of the campaigns that it has made."""
        series = made(self.shop.brand.get(f"/v1/campaign-series/{self.series['id']}"), 200)
        return [entry for entry in series["history"] if entry["type"] == "made"]

    def receive(self, day: str, supplier: str, *lines: dict[str, Any]) -> None:
        """A delivery is booked."""
        sent = {"supplier_id": self.suppliers[supplier], "lines": list(lines)}
        path = f"/v1/campaigns/{self.campaigns[day]['id']}/receipts"
        made(self.shop.brand.post(path, sent, headers=key(f"{supplier}-{day}")))
        self.server.quiet()

    def give(self, name: str, amount: int, reason: str) -> None:
        """Something is given back of an order by goodwill."""
        sent = {"amount": self.shop.money(amount), "reason": reason}
        path = f"/v1/orders/{self.orders[name]['id']}/refunds"
        made(self.shop.brand.post(path, sent, headers=key("gift")))
        self.server.quiet()

    def hand_in(self, leader: str, amount: int) -> None:
        """A leader hands cash in."""
        sent = {
            "leader_id": self.people[leader].id, "pickup_point_id": self.points[RATES[leader][0]],
            "amount": self.shop.money(amount),
        }  # fmt: skip
        made(self.shop.brand.post("/v1/ledger/cash", sent, headers=key(f"cash-{leader}")))
        self.server.quiet()

    def parties(self) -> Iterable[tuple[str, str, str]]:
        """Who gets statements: name, kind and id."""
        yield from ((name, "leader", self.people[name].id) for name in RATES)
        yield from ((name, "supplier", found) for name, found in self.suppliers.items())

    def freeze(self, time: str, first: str, last: str) -> None:
        """Draws up everybody's statement of some days."""
        period = {"from_on": self.on(first).isoformat(), "to_on": self.on(last).isoformat()}
        self.statements[time] = {}
        for name, kind, party_id in self.parties():
            asked = {"party": kind, "party_id": party_id, **period}
            reply = self.shop.brand.post("/v1/statements", asked, headers=key(f"{time}-{name}"))
            self.statements[time][name] = made(reply)["id"]

    def pay_out(self, time: str, **amounts: int) -> None:
        """The brand pays what its statements leave to pay."""
        for name, amount in amounts.items():
            path = f"/v1/statements/{self.statements[time][name]}/pay"
            made(self.shop.brand.post(path, {"amount": self.shop.money(amount)}, headers=key(f"paid-{name}")), 200)
        self.server.quiet()

    def settle(self, day: str) -> None:
        """The day's campaign is closed in the books."""
        made(self.shop.brand.post(f"/v1/campaigns/{self.campaigns[day]['id']}/settle"), 200)
        self.server.quiet()
