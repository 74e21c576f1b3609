"""What the API shows of invoices."""

from collections.abc import Iterable, Iterator
from typing import Any, Self

from chalicelib.invoices.model.buyers import BuyerKind
from chalicelib.invoices.model.invoices import Status
from chalicelib.invoices.service.listing import Shown
from chalicelib.kernel.context import contact
from chalicelib.pricing.views import TaxView
from chalicelib.web import TRUTHS, Contact, Instant, LocalDate, MoneyField, View, columns


class CreditNoteView(View):
    """The credit note (红字发票) that voided an invoice."""

    number: str
    on: LocalDate | None


class InvoiceView(View):
    """An invoice of an order. ``amount`` and ``tax`` are what it was issued over or, before that, what it would come to
    now. ``refunded_since`` is what of the order went back after it was issued; null for nothing.
    """

    id: str
    order_id: str
    status: Status
    kind: BuyerKind
    title: Contact[str]
    tax_number: Contact[str]
    email: Contact[str]
    amount: MoneyField
    tax: list[TaxView]
    requested_at: Instant
    number: str | None
    issued_on: LocalDate | None
    refunded_since: MoneyField | None
    void_reason: str | None
    credit_note: CreditNoteView | None

    @classmethod
    def of(cls, shown: Shown) -> Self:
        return cls(**_invoice(shown))


class StaffInvoiceView(InvoiceView):
    """An invoice as the brand's people see it. ``due`` says that it waits for them: to be issued, or to be voided since
    money went back after that, or since it is ``overtaken``: its order was changed, and costs more, or has other tax.
    One that ``awaits_payment`` cannot be issued yet, and is not due: something of its order is still to be paid.
    """

    member_id: str
    due: bool
    overtaken: bool
    awaits_payment: bool
    issued_at: Instant | None
    issued_by: str | None
    voided_at: Instant | None
    voided_by: str | None

    @classmethod
    def of(cls, shown: Shown) -> Self:
        invoice = shown.invoice
        names = ("member_id", "issued_at", "issued_by", "voided_at", "voided_by")
        return cls(
            **_invoice(shown),
            **{name: getattr(invoice, name) for name in names},
            due=invoice.is_due,
            overtaken=bool(invoice.overtaken),
            awaits_payment=bool(invoice.awaits_payment),
        )


def _invoice(shown: Shown) -> dict[str, Any]:
    invoice, billed = shown.invoice, shown.billed
    buyer, currency = invoice.buyer, invoice.currency
    names = ("id", "order_id", "status", "requested_at", "number", "issued_on", "void_reason")
    credit = CreditNoteView(number=invoice.credit_number, on=invoice.credited_on) if invoice.credit_number else None
    back = int(invoice.refunded_minor)
    return {name: getattr(invoice, name) for name in names} | {
        "kind": buyer.kind,
        "title": buyer.title,
        "tax_number": buyer.tax_number,
        "email": buyer.email,
        "amount": MoneyField.of(billed.amount_minor, currency),
        "tax": TaxView.each(billed.tax, currency),
        "refunded_since": MoneyField.of(back, currency) if back else None,
        "credit_note": credit,
    }


_STATUSES = {
    Status.REQUESTED.value: ("to be issued", "待开具"),
    Status.ISSUED.value: ("issued", "已开具"),
    Status.VOIDED.value: ("voided", "已作废"),
    Status.WITHDRAWN.value: ("withdrawn", "已撤回"),
}
_KINDS = {BuyerKind.COMPANY.value: ("company", "企业"), BuyerKind.PERSON.value: ("person", "个人")}

INVOICE_HEADER = columns(
    id=("Invoice", "发票申请"), order_id=("Order", "订单号"), status=("Status", "状态", _STATUSES),
    due=("To do", "待处理", TRUTHS), awaits_payment=("Waits for payment", "待付款", TRUTHS),
    requested_at=("Asked for at", "申请时间"),
    kind=("Made out to", "抬头类型", _KINDS), title=("Title", "发票抬头"), tax_number=("Tax number", "税号"),
    email=("E-mail", "邮箱"), number=("Invoice number", "发票号码"), issued_on=("Issued on", "开票日期"),
    tax_rate=("Tax rate (%)", "税率（%）"), tax_base_minor=("Base", "不含税金额"), tax_minor=("Tax", "税额"),
    amount_minor=("Amount", "价税合计"), refunded_since_minor=("Refunded since", "开票后退款"),
    credit_number=("Credit note", "红字发票号码"), currency=("Currency", "币种"),
)  # fmt: skip

_TaxCells = tuple[str | None, int | None, int | None]


def invoice_rows(invoices: Iterable[Shown]) -> Iterator[tuple[Any, ...]]:
    """Invoices as a table: a row for each rate of tax, the amounts of the whole in the first, so that columns sum."""
    for shown in invoices:
        invoice, billed = shown.invoice, shown.billed
        about = _about(shown)
        taxes: list[_TaxCells] = [(each.rate, each.base_minor, each.tax_minor) for each in billed.tax]
        whole = (billed.amount_minor, int(invoice.refunded_minor) or None)
        first, *more = taxes or [(None, None, None)]
        yield (*about, *first, *whole, invoice.credit_number, invoice.currency)
        for tax in more:
            yield (*about, *tax, None, None, invoice.credit_number, invoice.currency)


def _about(shown: Shown) -> tuple[Any, ...]:
    invoice, buyer = shown.invoice, shown.invoice.buyer
    personal = (contact(buyer.title), contact(buyer.tax_number), contact(buyer.email))
    return (
        invoice.id, invoice.order_id, invoice.status, invoice.is_due, bool(invoice.awaits_payment),
        invoice.requested_at, buyer.kind.value, *personal,
        invoice.number, invoice.issued_on,
    )  # fmt: skip
