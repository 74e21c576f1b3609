"""What the product shows to each party of a brand's week, as rows of the tables of the sheet by hand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.db import tenant_scope
from chalicelib.payments.providers.test import TestProvider
from tests.builders import made
from tests.end_to_end.brands_week import DAYS, NEIGHBOURS, RATES, Week

Row = tuple[Any, ...]

NOTHING = "-"
WHY = {
    "aftersale": "return",
    "goodwill": "goodwill",
    "supply": "shortage",
    "campaign": "campaign cancelled",
    "no_show": "not collected",
}
"""What a refund was for, by how its cause begins."""


def yuan(amount: Mapping[str, Any]) -> str:
    """An amount as a bookkeeper writes it."""
    assert amount["currency"] == "CNY"
    minor = amount["amount_minor"]
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"


def figures(source: Mapping[str, Any], *names: str) -> Iterator[str]:
    """Fields of an answer, amounts among them."""
    for name in names:
        value = source[name]
        yield yuan(value) if isinstance(value, dict) else str(value)


class Shown:
    """What was shown so far, by the heading of the table in which it stands."""

    def __init__(self, week: Week) -> None:
        self.week = week
        self.tables: dict[str, list[Row]] = defaultdict(list)

    def _ask(self, path: str) -> Any:
        """What the brand is told."""
        return made(self.week.shop.brand.get(path), 200)

    def _store(self, path: str, who: str) -> Any:
        """What a member or leader is told."""
        path = f"{self.week.shop.path}{path}"
        return made(self.week.server.get(path, token=self.week.people[who].token), 200)

    def _of(self, day: str, what: str) -> Any:
        return self._ask(f"/v1/campaigns/{self.week.campaigns[day]['id']}/{what}")

    def _code(self, sku_id: str) -> str:
        return next(code for code, found in self.week.skus.items() if found == sku_id)

    def _supplier(self, supplier_id: str) -> str:
        return next(name for name, found in self.week.suppliers.items() if found == supplier_id)

    def _ordered(self, order_id: str) -> str:
        return next(name for name, order in self.week.orders.items() if order["id"] == order_id)

    # Campaigns.

    def at_six(self, day: str) -> None:
        """How the day's campaign and the day itself stand."""
        progress = self._of(day, "progress")
        told = figures(progress, "orders", "participants", "sold", "left", "ordered", "revenue")
        self.tables["Campaigns at 18:00 of their day"].append((day, *told, progress["target"]["value"]))
        skus = {offer["offer_id"]: offer["sku_id"] for offer in self.week.campaigns[day]["offers"]}
        self.tables["Offers at 18:00 of their day"] += [
            (day, self._code(skus[each["offer_id"]]), each["sold"], each["left"]) for each in progress["offers"]
        ]
        today = self._ask("/v1/reports/today")["totals"]
        told = figures(today, "orders", "quantity", "gmv", "active_members", "new_members", "members")
        self.tables["Figures of the running day, at 18:00"].append((day, *told))

    def purchase_list(self, day: str) -> None:
        bought = self._of(day, "purchase-list")
        names = ("quantity", "from_stock", "bought", "cost", "amount")
        self.tables["Purchase lists"] += [
            (day, self._code(line["sku_id"]), *figures(line, *names)) for line in bought["lines"]
        ]
        self.tables["Purchases by supplier"] += [
            (day, self._supplier(each["supplier_id"]), yuan(each["total"])) for each in bought["suppliers"]
        ]

    def goods(self) -> None:
        """Deliveries, and where every unit is."""
        for day in ("Monday", "Wednesday"):
            for receipt in self._of(day, "receipts")["items"]:
                self._receipt(day, receipt)
            names = (
                "sold", "from_stock", "ordered", "received", "short", "substituted", "to_stock", "written_off",
                "owed", "unassigned",
            )  # fmt: skip
            supply = self._of(day, "supply")
            assert supply["stage"] == "idle"
            self.tables["Where the units are"] += [
                (day, self._code(line["sku_id"]), *figures(line, *names)) for line in supply["lines"]
            ]
        for code, sku_id in self.week.skus.items():
            self.tables["The shelf at the end"].append((code, self._ask(f"/v1/skus/{sku_id}")["stock"]["free"]))
            moved = self._ask(f"/v1/skus/{sku_id}/movements")["items"]
            self.tables["Movements of the shelf"] += [(code, each["kind"], each["delta"]) for each in moved]

        self._inventory()

    def _inventory(self) -> None:
        stock = self._ask(f"/v1/inventory?from_on={self.week.on('Monday')}&to_on={self.week.on('Sunday')}")
        for row in stock["rows"]:
            units = figures(row, "opening", "adjusted", "sold", "wasted", "closing", "cost_of_goods")
            told = (self._code(row["sku_id"]), *units, yuan(stock["closing"]), row["turnover"])
            self.tables["The shelf over the week"].append(told)

    def _receipt(self, day: str, receipt: Any) -> None:
        supplier = self._supplier(receipt["supplier_id"])
        self.tables["Deliveries by supplier"].append((day, supplier, yuan(receipt["due"])))
        for line in receipt["lines"]:
            other = line["substitute"]
            instead = f"{other['quantity']} {self._code(other['sku_id'])}" if other else NOTHING
            told = (line["received"], line["short"], instead, yuan(line["due"]))
            self.tables["Deliveries"].append((day, supplier, self._code(line["sku_id"]), *told))

    # Orders and their money.

    def orders(self) -> None:
        """Each member's orders, as they were placed and as they are."""
        for name, placed in self.week.orders.items():
            point = next(each for each, found in self.week.points.items() if found == placed["pickup_point_id"])
            first = (point, placed["payment_method"], self._units(placed), yuan(placed["totals"]["total"]))
            self.tables["Orders as they were placed"].append((name, *first))
            order, staff = self.week.mine(name), self._ask(f"/v1/orders/{placed['id']}")
            assert (staff["totals"], staff["lines"]) == (order["totals"], order["lines"])
            took = self._units(order) if order["status"] == "picked_up" else NOTHING
            totals = figures(order["totals"], "total", "paid", "refunded", "due")
            self.tables["Orders at the end"].append((name, order["status"], staff["payment"], took, *totals))
            self._refunds(name, placed["id"])
        for who in NEIGHBOURS:
            told = re.findall(r"CN¥([\d.]+\d)", " ".join(self._messages(who)))
            self.tables["Amounts in messages"].append((who, ", ".join(told) or NOTHING))

    def _messages(self, who: str) -> Iterator[str]:
        """What somebody was sent, oldest first."""
        path = f"/local/mailbox?to={self.week.people[who].email}"
        sent = made(self.week.server.get(path, headers={"Accept": "application/json"}), 200)["items"]
        yield from (each["text"] for each in reversed(sent))

    def _units(self, order: Any) -> str:
        """What an order has of each SKU, those that are given instead of others among them."""
        units: dict[str, int] = defaultdict(int)
        for line in order["lines"]:
            units[line["sku_id"]] += line["quantity"] - sum(each["quantity"] for each in line["substitutes"])
            for each in line["substitutes"]:
                units[each["sku_id"]] += each["quantity"]
        return ", ".join(f"{count} {self._code(sku_id)}" for sku_id, count in units.items() if count)

    def _refunds(self, name: str, order_id: str) -> None:
        refunds = self._store(f"/orders/{order_id}/refunds", name.partition(",")[0])["items"]
        self.tables["Money that went back"] += [
            (name, WHY[each["cause"].partition(":")[0]], *figures(each, "method", "amount", "status"))
            for each in refunds
        ]

    def cash_to_pay_out(self, when: str) -> None:
        unpaid = self._ask("/v1/cash-refunds")["items"]
        amount = {"amount_minor": sum(each["amount"]["amount_minor"] for each in unpaid), "currency": "CNY"}
        self.tables["Cash still to pay out"].append((when, len(unpaid), yuan(amount)))

    # Leaders and suppliers.

    def commission(self, heading: str) -> None:
        for leader in RATES:
            for each in self._store("/leader/commissions", leader)["items"]:
                told = (yuan(each["base"]), f"{each['rate_bps'] // 100} %", yuan(each["commission"]), each["status"])
                self.tables[heading].append((leader, self._ordered(each["order_id"]), *told))

    def points(self, day: str) -> None:
        """What the leaders of the points find there before they hand it over."""
        for leader, (point, _) in RATES.items():
            asked = f"campaign_id={self.week.campaigns[day]['id']}&pickup_point_id={self.week.points[point]}"
            sheet = self._store(f"/leader/sorting-sheet?{asked}", leader)
            self.tables["What waits at the points"] += [
                (day, leader, self._code(each["sku_id"]), each["quantity"]) for each in sheet["items"]
            ]
            self.tables["What leaders collect at the counter"] += [
                (leader, self._ordered(parcel["order_id"]), yuan(parcel["due"]))
                for member in sheet["members"]
                for parcel in member["orders"]
            ]

    def leaders(self, when: str) -> None:
        for leader in RATES:
            balance = self._store("/leader/balance", leader)
            told = figures(balance, "payable", "cash", "due", "frozen")
            self.tables["What the leaders see"].append((when, leader, *told))

    def statements(self, heading: str, time: str) -> None:
        for name, each in self._statements(time):
            closing = figures(each["closing"], "payable", "cash", "frozen", "due")
            told = (each["version"], yuan(each["opening"]["due"]), *closing, *figures(each, "paid", "unpaid"))
            self.tables[heading].append((name, *told, each["line_count"]))

    def lines(self, heading: str, time: str) -> None:
        for name, statement in self._statements(time):
            self.tables[heading] += [
                (name, each["title"], *figures(each["moved"], "payable", "cash", "frozen"))
                for each in statement["lines"]
            ]

    def _statements(self, time: str) -> Iterator[tuple[str, Any]]:
        """Statements as the party reads them: leaders their own, a supplier's is sent by the brand."""
        for name, statement_id in self.week.statements[time].items():
            sent = self._ask(f"/v1/statements/{statement_id}")
            if name in RATES:
                assert self._store(f"/leader/statements/{statement_id}", name) == sent
            yield name, sent

    # The brand's books, and what the provider has.

    def money(self) -> None:
        for day in self.week.campaigns:
            earned = self._of(day, "settlement")
            names = ("status", "sales", "returns", "goods", "commission", "fees", "profit")
            self.tables["What the campaigns earned"].append((day, *figures(earned, *names)))
            left = earned["outstanding"]
            assert [each["amount_minor"] if isinstance(each, dict) else each for each in left.values()] == [0] * 5
        accounts = self._ask("/v1/ledger/accounts?limit=100")["items"]
        self.tables["The accounts at the end"] += [
            (self._account(each["account"]), yuan(each["balance"])) for each in accounts
        ]
        self.proof("the end")
        self._provider()

    def proof(self, when: str) -> None:
        proof = self._ask("/v1/ledger/summary")
        assert proof["holds"]
        told = figures(proof, "captured", "settled", "refunded", "held")
        self.tables["Where the customers' money is"].append((when, *told))

    def _account(self, account: str) -> str:
        """An account by the names of whose it is."""
        people = {member.id: name for name, member in self.week.people.items()}
        named = people | {found: name for name, found in (self.week.points | self.week.suppliers).items()}
        return ", ".join(named.get(part, part) for part in account.split(":"))

    def _provider(self) -> None:
        """What the provider took, gave back and kept, by its own records and by the brand's journals."""
        fees = dict(self._fees())
        total = [0, 0, 0]
        for name, order in self.week.orders.items():
            for payment in self._ask(f"/v1/orders/{order['id']}/payments")["items"]:
                found = [*self._charged(payment["id"]), fees[order["id"]]]
                total = [each + more for each, more in zip(total, found, strict=True)]
                self.tables["The provider"].append((name, *_minor(found)))
        self.tables["The provider"].append(("all", *_minor(total)))

    def _charged(self, payment_id: str) -> tuple[int, int]:
        tenant_id = self.week.shop.tenant_id
        with tenant_scope(tenant_id):
            charge = TestProvider(tenant_id).charge(payment_id)
        assert charge is not None
        return int(charge.amount_minor), int(sum(charge.refunds.values()))

    def _fees(self) -> Iterator[tuple[str, int]]:
        for journal in self._ask("/v1/ledger/journals?account=provider_fees&limit=100")["items"]:
            (entry,) = (each for each in journal["entries"] if each["account"] == "provider_fees")
            yield journal["order_id"], entry["amount"]["amount_minor"]

    # Reports.

    def reports(self) -> None:
        first, last = self.week.on("Monday"), self.week.on("Wednesday")
        span = f"from_on={first}&to_on={last}"
        summary = self._ask(f"/v1/reports/summary?{span}&by=day")
        names = ("orders", "quantity", "gmv", "aov", "active_members", "new_members", "members")
        parts = dict(zip(DAYS, summary["rows"], strict=False)) | {"all": summary["totals"]}
        for name, each in parts.items():
            shown = each | {"aov": each["aov"] or NOTHING}
            self.tables["Figures of the days, in the end"].append((name, *figures(shown, *names)))
        table = self._ask(f"/v1/reports/retention?unit=day&{span}")
        for row in table["rows"]:
            day = next(name for name in DAYS if self.week.on(name).isoformat() == row["cohort"])
            came_back = {cell["period"]: cell["count"] for cell in row["cells"]}
            self.tables["Who came back"].append((day, row["size"], *(came_back.get(each, NOTHING) for each in (1, 2))))


def _minor(amounts: Iterable[int]) -> list[str]:
    return [yuan({"amount_minor": each, "currency": "CNY"}) for each in amounts]
