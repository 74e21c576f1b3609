"""What an invoice of an order comes to."""

from dataclasses import dataclass

from chalicelib.db import Transaction
from chalicelib.invoices.errors import NoInvoiceForOrder, OrderUnpaid
from chalicelib.kernel.money import Money
from chalicelib.orders.model import SOLD
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.refunds.model import left_of
from chalicelib.pricing.model.tax import Tax, tax_of_lines


@dataclass(frozen=True, slots=True)
class Billed:
    """What an invoice comes to, in minor units, and the tax in that by rate."""

    amount_minor: int
    tax: Tax


def billed(order: OrderRecord) -> Billed:
    """What an order's invoice would come to now: what is paid for it and has not gone back, and what is still due."""
    if order.status not in SOLD:
        return Billed(0, ())
    taxable = refunds.taxable(order)
    if order.totals.due:
        left = left_of(taxable.costs, order.refunded_lines or {})
        return Billed(sum(left.values()), tax_of_lines(left, taxable.rates))
    rests = refunds.stands_for(order).rests(taxable.costs)
    return Billed(sum(rests.values()), taxable.kept)


def check_billable(order: OrderRecord) -> None:
    """Raises NoInvoiceForOrder for an order that waits for its payment, has ended, or costs nothing."""
    if not billed(order).amount_minor:
        raise NoInvoiceForOrder(
            "An invoice is made out for an order that stands and costs something; this one does not.",
            detail_zh="仅未结束且有实付金额的订单可申请发票。",
            extra={"order_status": order.status},
        )


def is_unpaid(order: OrderRecord) -> bool:
    """Whether something of the order is still to be paid, so that its invoice cannot be issued yet."""
    return order.totals.due > 0


def check_order(tx: Transaction, order: OrderRecord) -> None:
    """Adds that the order is still as it was read: what its invoice says follows from that."""
    tx.check("order", OrderRecord, order.pk, order.sk, OrderRecord.rev == int(order.rev))


def check_paid(order: OrderRecord) -> None:
    """Raises OrderUnpaid, with what is due."""
    if due := order.totals.due:
        money = Money(due, order.currency)
        raise OrderUnpaid(
            f"Of the order {money:en} is still to be paid; issue the invoice once it is.",
            detail_zh=f"订单尚有 {money:zh} 未付，请在付清后开票。",
            extra={"due_minor": due},
        )
