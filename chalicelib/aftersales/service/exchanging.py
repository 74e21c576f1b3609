"""An approved exchange becomes an order at no price, collected like any other."""

from datetime import datetime

from chalicelib.aftersales.model.cases import GRANTED, Kind
from chalicelib.aftersales.model.exchanges import without
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service.handling import get_case
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import Transaction, change
from chalicelib.kernel.principal import SYSTEM
from chalicelib.orders.exchanges.service import place_exchange
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order


def exchange(tenant_id: str, case_id: str, now: datetime) -> None:
    """Places the order that replaces an exchanged case's units, at zero price, once; and names it on the case, with
    what of it is not in stock and has to be bought.
    """

    def decide(case: AfterSaleRecord, tx: Transaction) -> None:
        granted = case.kind == Kind.EXCHANGE and case.status in GRANTED
        units = without(case.units, case.not_replaced)
        if not granted or not units or case.exchange_order_id is not None:
            return
        original = get_order(tenant_id, case.order_id, consistent=True)
        placed = place_exchange(tenant_id, original, units, case.id, case.decided_by, now)
        case.exchange_order_id = placed.id
        case.note("exchange_placed", now, SYSTEM, after=placed.id, text=_short(placed))
        tx.replace("case", case)

    change(lambda: get_case(tenant_id, case_id, consistent=True), decide)


def _short(placed: OrderRecord) -> str | None:
    """What is to be bought, by SKU code, in no language: ``TANG-5 × 2``."""
    if not placed.short:
        return None
    skus = get_skus(placed.tenant_id, placed.short)
    return ", ".join(f"{skus[sku_id].code} × {units}" for sku_id, units in placed.short.items() if sku_id in skus)
