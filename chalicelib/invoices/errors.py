"""Why an invoice was not asked for, issued or voided."""

from chalicelib.kernel.errors import Conflict, Invalid


class TaxNumberMissing(Invalid):
    """A company asks for an invoice without its tax number."""

    code, title, title_zh = "tax_number_missing", "A company needs its tax number", "企业抬头须填写税号"


class TaxNumberInvalid(Invalid):
    """The tax number is none: a character is wrong or missing."""

    code, title, title_zh = "tax_number_invalid", "The tax number is wrong", "税号不正确"


class TaxNumberOfPerson(Invalid):
    """A tax number was given for a person."""

    code, title, title_zh = "tax_number_of_person", "A person has no tax number here", "个人抬头无需税号"


class NoInvoiceForOrder(Conflict):
    """The order has ended, or nothing of it is to be paid: there is nothing to make an invoice of."""

    code, title, title_zh = "no_invoice_for_order", "There is nothing to invoice", "该订单无可开票金额"


class InvoiceRequested(Conflict):
    """The order's invoice was asked for already, in another way."""

    code, title, title_zh = "invoice_requested", "The invoice was asked for already", "已申请过发票"


class InvoiceIssued(Conflict):
    """The invoice was issued: what it says is fixed."""

    code, title, title_zh = "invoice_issued", "The invoice was issued already", "发票已开具"


class InvoiceNotIssued(Conflict):
    """What was not issued cannot be voided."""

    code, title, title_zh = "invoice_not_issued", "The invoice was not issued", "发票尚未开具"


class InvoiceEnded(Conflict):
    """The invoice was voided, or its order ended before it was issued."""

    code, title, title_zh = "invoice_ended", "The invoice has ended", "该发票申请已结束"


class OrderUnpaid(Conflict):
    """Something of the order is still to be paid; what it comes to may change until then."""

    code, title, title_zh = "order_unpaid", "The order is not paid in full", "订单尚未付清"


class InvoiceDayWrong(Invalid):
    """The day has not come yet, is before that of the invoice, or is that of a credit note without a number."""

    code, title, title_zh = "invoice_day_wrong", "The day cannot be right", "日期不正确"


class InvoiceNumberTaken(Conflict):
    """Another invoice of the brand has that number."""

    code, title, title_zh = "invoice_number_taken", "The invoice number is taken", "发票号码已被使用"


class TooManyInvoices(Invalid):
    """More invoices fit the filter than one table holds."""

    code, title, title_zh = "too_many_invoices", "Too many invoices for one table", "发票数量超出单次导出上限"
