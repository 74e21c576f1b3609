"""What the API shows of the stock of all SKUs over a period."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Self

from chalicelib.catalog.service.inventory import Inventory, StockedSku
from chalicelib.web import Instant, LocalDate, MoneyField, UlidStr, View, columns

DEFINITION = (
    "turnover = cost of goods ÷ average stock. Cost of goods: units that campaigns set aside and did not give back, "
    "less those that members returned, at each SKU's present cost. Average stock: the mean of what was free at the "
    "first and at the last instant of the period, at the same cost; days_of_stock = days ÷ turnover. "
    "wastage_rate = written off ÷ (written off + goods). SKUs without a cost are in no total. "
    "Source: the inventory turnover ratio of financial accounting."
)


class StockFlowView(View):
    """A SKU over the period, in units of free stock; ``turnover`` and ``wastage_rate`` are exact decimals."""

    sku_id: UlidStr
    code: str
    title: str
    opening: int
    sold: int
    wasted: int
    adjusted: int
    surplus: int
    closing: int
    cost: MoneyField | None
    cost_of_goods: MoneyField | None
    wastage_cost: MoneyField | None
    turnover: str | None
    wastage_rate: str | None

    @classmethod
    def of(cls, each: StockedSku) -> Self:
        flow, money = each.flow, _money(each.sku.currency)
        return cls(
            sku_id=each.sku.sku_id, code=each.sku.code, title=f"{each.sku.product_title} {each.sku.title}",
            opening=flow.opening, sold=flow.sold, wasted=flow.wasted, adjusted=flow.adjusted, surplus=flow.surplus,
            closing=flow.closing, cost=money(each.sku.cost), cost_of_goods=money(each.value(flow.sold)),
            wastage_cost=money(each.value(flow.wasted)), turnover=_text(each.turnover),
            wastage_rate=_text(each.wastage_rate),
        )  # fmt: skip


class InventoryView(View):
    """Turnover and wastage of a period of local days, both included; ``definition`` is the exact formula."""

    definition: str
    timezone: str
    from_on: LocalDate
    to_on: LocalDate
    as_of: Instant
    cost_of_goods: MoneyField
    opening: MoneyField
    closing: MoneyField
    wastage_cost: MoneyField
    turnover: str | None
    days_of_stock: str | None
    wastage_rate: str | None
    skus_without_cost: int
    rows: list[StockFlowView]

    @classmethod
    def of(cls, found: Inventory) -> Self:
        def money(name: str) -> MoneyField:
            return MoneyField.of(found.total(name), found.currency)

        days = (found.to_on - found.from_on).days + 1
        return cls(
            definition=DEFINITION, timezone=found.timezone, from_on=found.from_on, to_on=found.to_on, as_of=found.as_of,
            cost_of_goods=money("sold"), opening=money("opening"), closing=money("closing"),
            wastage_cost=money("wasted"), turnover=_text(found.turnover), wastage_rate=_text(found.wastage_rate),
            days_of_stock=_days(days, found.turnover),
            skus_without_cost=sum(each.sku.cost is None for each in found.skus),
            rows=[StockFlowView.of(each) for each in found.skus],
        )  # fmt: skip


INVENTORY_HEADER = columns(
    sku_id=("SKU", "规格编号"), code=("Code", "编码"), title=("Title", "商品"), opening=("Opening stock", "期初库存"),
    sold=("Sold", "售出"), wasted=("Wasted", "损耗"), adjusted=("Adjusted", "调整"), surplus=("Surplus", "盈余"),
    closing=("Closing stock", "期末库存"), cost_minor=("Cost", "成本"),
    cost_of_goods_minor=("Cost of goods sold", "销货成本"), wastage_cost_minor=("Cost of wastage", "损耗成本"),
    currency=("Currency", "币种"), turnover=("Turnover", "周转率"), wastage_rate=("Wastage rate", "损耗率"),
)  # fmt: skip


def inventory_rows(found: Inventory) -> Iterator[tuple[Any, ...]]:
    """The figures as a table, a row for each SKU."""
    for each in found.skus:
        flow = each.flow
        yield (
            each.sku.sku_id, each.sku.code, f"{each.sku.product_title} {each.sku.title}",
            flow.opening, flow.sold, flow.wasted, flow.adjusted, flow.surplus, flow.closing,
            each.sku.cost, each.value(flow.sold), each.value(flow.wasted), found.currency,
            each.turnover, each.wastage_rate,
        )  # fmt: skip


def _text(ratio: Decimal | None) -> str | None:
    return None if ratio is None else str(ratio)


def _days(days: int, ratio: Decimal | None) -> str | None:
    return None if not ratio or ratio < 0 else str((Decimal(days) / ratio).quantize(Decimal("0.1")))


def _money(currency: str) -> Any:
    return lambda amount: None if amount is None else MoneyField.of(amount, currency)
