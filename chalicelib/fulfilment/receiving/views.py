"""What the API shows of receipts and of a campaign's supply."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, Self

from chalicelib.fulfilment.purchasing.model import PurchaseLine
from chalicelib.fulfilment.receiving.model.receipts import Arrival, Held, Tally, available, balance, surplus
from chalicelib.fulfilment.receiving.model.shortage import left_over
from chalicelib.fulfilment.receiving.records import ReceiptRecord
from chalicelib.fulfilment.receiving.service.rates import Rate
from chalicelib.fulfilment.receiving.service.receipts import Supply
from chalicelib.web import Instant, LocalDate, MoneyField, UlidStr, View


class SubstituteView(View):
    sku_id: UlidStr
    quantity: int
    to_stock: int
    written_off: int
    cost: MoneyField


class ReceiptLineView(View):
    """One SKU that came, in units, with its cost as the list had frozen it; `due` is owed for what came whole."""

    sku_id: UlidStr
    received: int
    damaged: int
    short: int
    substitute: SubstituteView | None
    to_stock: int
    written_off: int
    cost: MoneyField
    due: MoneyField

    @classmethod
    def of(cls, line: Arrival, currency: str) -> Self:
        other = None
        if line.substitute:
            cost = MoneyField.of(line.substitute_cost_minor, currency)
            other = SubstituteView(
                sku_id=line.substitute, quantity=line.substituted, to_stock=line.substitutes_to_stock,
                written_off=line.substitutes_written_off, cost=cost,
            )  # fmt: skip
        return cls(
            sku_id=line.sku_id, received=line.received, damaged=line.damaged, short=line.short, substitute=other,
            to_stock=line.to_stock, written_off=line.written_off, cost=MoneyField.of(line.cost_minor, currency),
            due=MoneyField.of(line.due_minor, currency),
        )  # fmt: skip


class ReceiptView(View):
    """What came from a supplier, and what they are owed for it."""

    id: UlidStr
    campaign_id: UlidStr
    supplier_id: UlidStr | None
    purchase_list_version: int
    lines: list[ReceiptLineView]
    due: MoneyField
    note: str
    at: Instant
    by: str

    @classmethod
    def of(cls, receipt: ReceiptRecord) -> Self:
        currency = receipt.currency
        return cls(
            id=receipt.id, campaign_id=receipt.campaign_id, supplier_id=receipt.supplier_id,
            purchase_list_version=int(receipt.version), note=receipt.note, at=receipt.at, by=receipt.by,
            lines=[ReceiptLineView.of(line, currency) for line in receipt.lines],
            due=MoneyField.of(receipt.due_minor, currency),
        )  # fmt: skip


class LeftOverView(View):
    """Units of another SKU that are in no order."""

    sku_id: UlidStr
    quantity: int


class SupplyLineView(View):
    """A SKU on its way to the orders, in units; `available` is for them when all that is `expected` comes.

    `surplus` units are sold to nobody, since they were bought so or since orders ended: those that came are put on the
    shelf or written off with a receipt. `not_covered` units were sold and are not there, yet no order could be relieved
    of them, such as those handed over. `substitutes_left` came in its place and no order needed them; they are for
    orders that go short later, or are put on the shelf or written off with a receipt. All three are final at `idle`.
    Of what is `owed` to the supplier, in units, `unassigned` ones are neither in orders, nor on the shelf, nor written
    off.
    """

    sku_id: UlidStr
    title: str
    supplier_id: UlidStr | None
    sold: int
    from_stock: int
    ordered: int
    received: int
    damaged: int
    short: int
    substituted: int
    to_stock: int
    written_off: int
    expected: int
    available: int
    surplus: int
    not_covered: int
    substitutes_left: list[LeftOverView]
    owed: int
    unassigned: int


class CauseUnitsView(View):
    """So many units were complained of for a cause, by its code."""

    cause: str
    units: int


class SupplierRateView(View):
    """Units over local days, both included. `sold`: those that members had ordered and that receipts of these days
    account for, as delivered, given as another SKU, or short. `short` of them never came, or came damaged; `returned`
    are those of returns and exchanges that were granted, `complained` those of complaints resolved as this supplier's
    doing, by what was complained of in `complained_for`. `ratio` is all three over `sold`, rounded half up to four
    places; null where nothing was sold.
    """

    supplier_id: UlidStr
    from_on: LocalDate
    to_on: LocalDate
    sold: int
    short: int
    returned: int
    complained: int
    complained_for: list[CauseUnitsView]
    ratio: str | None

    @classmethod
    def of(cls, rate: Rate) -> Self:
        exact = Decimal(rate.faulty) / rate.sold if rate.sold else None
        ratio = None if exact is None else f"{exact.quantize(Decimal('0.0001'), ROUND_HALF_UP):f}"
        return cls(
            supplier_id=rate.supplier_id, from_on=rate.first, to_on=rate.last, sold=rate.sold, short=rate.short,
            returned=rate.returned, complained=rate.complained, ratio=ratio,
            complained_for=[CauseUnitsView(cause=cause, units=units) for cause, units in rate.by_cause.items()],
        )  # fmt: skip


class SupplyView(View):
    """How far the supply of a campaign has come; while `stage` is not `idle`, orders are being adjusted to it.

    `sold` is as it was when the purchase list of this version was frozen.
    """

    campaign_id: UlidStr
    purchase_list_version: int
    receipts: int
    stage: Literal["idle", "counting", "substituting", "cutting"]
    lines: list[SupplyLineView]

    @classmethod
    def of(cls, found: Supply) -> Self:
        supply = found.record
        return cls.model_validate(
            {
                "campaign_id": supply.campaign_id,
                "purchase_list_version": int(supply.version),
                "receipts": int(supply.receipts),
                "stage": supply.stage,
                "lines": [_line(found, line) for line in found.lines.values()],
            }
        )


def _line(found: Supply, line: PurchaseLine) -> SupplyLineView:
    supply, tally = found.record, found.tallies.get(line.sku_id, Tally())
    orders = found.held.get(line.sku_id, Held(0))
    where = balance(line, tally, orders)
    left = {} if supply.is_busy else left_over(supply.substitutes, supply.given).get(line.sku_id, {})
    return SupplyLineView(
        sku_id=line.sku_id, title=line.title, supplier_id=line.supplier_id, sold=line.quantity,
        from_stock=line.from_stock, ordered=line.bought, received=tally.received, damaged=tally.damaged,
        short=tally.short, substituted=tally.substituted, to_stock=where.on_shelf, written_off=where.written_off,
        expected=line.bought - tally.accounted, available=available(line, tally, orders.sold),
        surplus=surplus(line, tally, orders), owed=where.owed, unassigned=where.unassigned,
        not_covered=int(supply.left.get(line.sku_id, 0)),
        substitutes_left=[LeftOverView(sku_id=sku_id, quantity=units) for sku_id, units in left.items()],
    )  # fmt: skip
