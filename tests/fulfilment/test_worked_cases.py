"""The worked cases, through the services on the engine: orders, money, what is owed, and where every unit is."""

import re

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.fulfilment.purchasing import service as purchasing
from chalicelib.fulfilment.receiving.model.receipts import Arrival, balance
from chalicelib.fulfilment.receiving.records import ReceiptRecord
from chalicelib.fulfilment.receiving.service import allocating
from chalicelib.fulfilment.receiving.service import receipts as receiving
from chalicelib.kernel import clock
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.model import Line
from chalicelib.orders.records import OrderRecord
from tests.fulfilment.buying import agree, allocate, frozen, receive, supplier
from tests.fulfilment.worked_cases import CASES, Case
from tests.orders.states import write
from tests.orders.store import Store

PEARS, EGGS, OIL = range(3)


class Worked:
    """A case at work: a campaign of pears and oil, locked, its list frozen."""

    def __init__(self, store: Store, case: Case) -> None:
        self.store, self.case, self.receipts = store, case, 0
        self.orchard, self.farm = supplier(store), supplier(store, "Farm")
        agree(store, self.orchard, PEARS, cost_minor=400, pack_size=case.pack)
        agree(store, self.orchard, EGGS, cost_minor=300)
        agree(store, self.farm, OIL, cost_minor=200)
        terms = {"kind": "pre_order", "deposit_minor": 300} if case.paid == "deposit" else {}
        self.campaign = store.publish(100, 100, 100, **terms)
        self.orders = [self._ordered(n, *map(int, each.split("&"))) for n, each in enumerate(case.orders.split())]
        store.lock(self.campaign)
        frozen(store, self.campaign.id)
        if case.top_up:
            wanted = {store.skus[PEARS]: case.top_up}
            purchasing.top_up(store.tenant_id, self.campaign.id, wanted, store.staff, clock.now())

    def _ordered(self, n: int, pears: int, oil: int = 0) -> OrderRecord:
        quantities = (pears, 0, oil)
        if self.case.paid == "at pickup":
            return self.store.place(self.campaign, *quantities, member=n, key=f"k{n}")
        order = self.store.hold(self.campaign, *quantities, member=n, key=f"k{n}")
        if self.case.discount:
            order.discount_minor = self.case.discount
            write(order)
        assert self.store.pay(order)
        return order

    def happens(self, event: str) -> None:
        """An event, and all that follows of it."""
        if found := re.fullmatch(r"(\d) (takes|to) (\d+)", event):
            self._to_an_order(self.orders[int(found[1]) - 1], found[2], int(found[3]))
        elif event:
            self._comes(event)
        allocating.orders_lessened(self.store.tenant_id, [order.id for order in self.orders], clock.now())
        allocate(self.store, self.campaign.id)

    def _to_an_order(self, order: OrderRecord, what: str, units: int) -> None:
        units_of = {self.campaign.offers[PEARS].offer_id: units}
        if what == "takes":
            self.store.hand_over(order, lines=units_of)
        else:
            tenant_id, now = self.store.tenant_id, clock.now()
            adjust(tenant_id, order.id, units_of, cause="rang", reason="Rang", by="staff", now=now)

    def _comes(self, event: str) -> None:
        *farm, said = event.split("farm ")
        units = {word[0]: int(word[1:]) for word in said.split()}
        pears, eggs, oil = self.store.skus
        other = eggs if {"e", "E", "W"} & units.keys() else oil if "o" in units else None
        both = {"e", "o"} <= units.keys()
        arrivals = [
            Arrival(
                oil if farm else pears, units.get("r", 0), units.get("d", 0), units.get("s", 0), other,
                units.get("e", 0) if other == eggs else units.get("o", 0), units.get("t", 0),
                written_off=units.get("w", 0), substitutes_to_stock=units.get("E", 0),
                substitutes_written_off=units.get("W", 0),
            )
        ]  # fmt: skip
        self._receive(self.farm if farm else self.orchard, *arrivals)
        if both:  # a line names one SKU: what came as another is a receipt of its own
            self._receive(self.orchard, Arrival(pears, substitute=oil, substituted=units["o"]))

    def _receive(self, supplier_id: str, *arrivals: Arrival) -> None:
        self.receipts += 1
        receive(self.store, self.campaign.id, supplier_id, *arrivals, key=f"r-{self.receipts}")

    def gets(self) -> str:
        return " ".join(self._held(self.store.order(order)) for order in self.orders)

    def _held(self, order: OrderRecord) -> str:
        if not order.is_sold:
            return "-"
        lines = {line.offer_id: line for line in order.lines}
        pears, _, oil = (lines.get(offer.offer_id) for offer in self.campaign.offers)
        shown = self._pears(pears)
        return shown + f"&{oil.quantity if oil else 0}" if "&" in self.case.gets and self._has_oil(order) else shown

    def _has_oil(self, order: OrderRecord) -> bool:
        first = order.first or {"stored_lines": order.stored_lines}
        return any(
            Line.from_json(line).offer_id == self.campaign.offers[OIL].offer_id for line in first["stored_lines"]
        )

    def _pears(self, line: Line | None) -> str:
        given = line.given if line else {}
        pears, eggs, oil = (given.get(sku_id, 0) for sku_id in self.store.skus)
        return f"{pears}" + (f"+{eggs}e" if eggs else "") + (f"+{oil}o" if oil else "")

    def listed(self) -> list[ReceiptRecord]:
        return receiving.list_receipts(self.store.tenant_id, self.campaign.id, 100, None).items


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.orders} | {case.events} | {case.paid}{case.discount or ''}"
)
def test_a_worked_case(store: Store, case: Case) -> None:
    worked = Worked(store, case)
    for event in case.events.split(";"):
        worked.happens(event.strip())

    assert worked.gets() == case.gets, case.why
    assert tuple(sum(store.refunds(order).values()) for order in worked.orders) == case.back, case.why
    assert sum(receipt.due_minor for receipt in worked.listed()) == case.owed, case.why
    assert_every_unit_is_somewhere(store, worked.campaign, case)
    store.check_stock(worked.campaign)


def assert_every_unit_is_somewhere(store: Store, campaign: CampaignRecord, case: Case) -> None:
    """I13: the units that a supplier is owed for are in orders, on the shelf, written off, or waiting to be."""
    found = receiving.supply_of(store.tenant_id, campaign.id, clock.now())
    assert (found.record.stage, found.record.left) == ("idle", {})
    balances = [
        balance(line, found.tallies[sku_id], found.held[sku_id])
        for sku_id, line in found.lines.items()
        if sku_id in found.tallies
    ]
    for each in balances:
        assert each.holds, each
    assert sum(each.on_shelf for each in balances) == case.shelf, case.why
    assert sum(each.written_off for each in balances) == case.off, case.why
    assert sum(each.unassigned for each in balances) == case.left, case.why


def test_what_is_due_at_pickup_is_what_is_given(store: Store) -> None:
    worked = Worked(store, next(case for case in CASES if case.paid == "at pickup"))
    worked.happens("r2 s2 e2")
    assert [store.order(order).totals.due for order in worked.orders] == [3_750, 1_250]


def test_there_are_at_least_thirty() -> None:
    assert len(CASES) >= 30
