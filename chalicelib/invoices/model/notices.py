"""What members are told of their invoices. Pure."""

from dataclasses import dataclass
from datetime import date

from chalicelib.kernel.money import Money
from chalicelib.notices.model.notices import Category, Notice, Telling


@dataclass(frozen=True, slots=True)
class InvoiceMadeOut(Notice):
    """The brand has issued an invoice."""

    template = "invoice_issued"
    telling = Telling(Category.MONEY, about="order")
    texts = {
        "en": (
            "Your invoice is issued: {amount}",
            (
                "{brand} has issued invoice {number} of {issued_on} over {amount}, made out to {title}. It goes to "
                "{email}; if it does not arrive within some days, tell us."
            ),
        ),
        "zh": (
            "发票已开具：{amount}",
            (
                "{brand}已为您开具发票，号码 {number}，日期 {issued_on}，金额 {amount}，抬头：{title}。"
                "发票将发送至 {email}；如数日内未收到，请联系我们。"
            ),
        ),
    }
    brand: str
    number: str
    issued_on: date
    amount: Money
    title: str
    email: str


@dataclass(frozen=True, slots=True)
class InvoiceVoided(Notice):
    """The brand has voided an invoice."""

    template = "invoice_voided"
    telling = Telling(Category.MONEY, about="order")
    texts = {
        "en": (
            "Your invoice {number} was voided",
            (
                "{brand} has voided invoice {number}: {reason} It counts no more. If you need one of what is left of "
                "the order, ask for it on the order's page."
            ),
        ),
        "zh": (
            "发票 {number} 已作废",
            "{brand}已将发票 {number} 作废：{reason} 该发票不再有效。如需就订单剩余金额开票，请在订单页面重新申请。",
        ),
    }
    brand: str
    number: str
    reason: str
