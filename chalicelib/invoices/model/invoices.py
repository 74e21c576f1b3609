"""What an invoice is, and what may become of it. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chalicelib.invoices.errors import InvoiceDayWrong, InvoiceEnded, InvoiceIssued, InvoiceNotIssued


class Status(StrEnum):
    """``requested`` by the member, ``issued`` by the brand, ``voided`` again, with a credit note; ``withdrawn`` where
    the order ended before it was issued.
    """

    REQUESTED = "requested"
    ISSUED = "issued"
    VOIDED = "voided"
    WITHDRAWN = "withdrawn"


LIVE = frozenset({Status.REQUESTED, Status.ISSUED})
"""An order has at most one invoice in one of these states."""


@dataclass(frozen=True, slots=True)
class Issue:
    """The invoice as it was made out elsewhere: its number, and the day that it bears."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class Voiding:
    """Why an issued invoice counts no more, and the credit note (红字发票) that says so, where there is one."""

    reason: str
    credit_number: str | None = None
    credited_on: date | None = None


def check_changeable(status: Status) -> None:
    """A request may be changed until it is issued. Raises InvoiceIssued, InvoiceEnded."""
    if status is Status.ISSUED:
        raise InvoiceIssued(
            "The invoice was issued; ask the store to void it if something in it is wrong.",
            detail_zh="发票已开具，如有错误请联系商家作废重开。",
        )
    check_stands(status)


def check_voidable(status: Status) -> None:
    """Only what was issued is voided. Raises InvoiceNotIssued, InvoiceEnded."""
    if status is Status.REQUESTED:
        raise InvoiceNotIssued(
            "The invoice was not issued yet, so there is nothing to void.", detail_zh="发票尚未开具，无需作废。"
        )
    check_stands(status)


def check_issue_day(issued: Issue, today: date) -> None:
    """What was noted stands for good, so its day is one that has come. Raises InvoiceDayWrong."""
    _check_came(issued.issued_on, today, "/issued_on")


def check_credit_day(voiding: Voiding, issued_on: date | None, today: date) -> None:
    """A credit note's day goes with its number, and comes no earlier than the invoice's. Raises InvoiceDayWrong."""
    day = voiding.credited_on
    if day is None:
        return
    if voiding.credit_number is None:
        raise InvoiceDayWrong.at(
            "/credit_number",
            "A credit note has a number beside its day; give it, or leave the day out.",
            "请同时填写红字发票号码，或去掉日期。",
        )
    _check_came(day, today, "/credited_on")
    if issued_on is not None and day < issued_on:
        raise InvoiceDayWrong.at(
            "/credited_on",
            f"The invoice is of {issued_on}; its credit note cannot be of an earlier day.",
            f"发票开具于 {issued_on}，红字发票日期不能更早。",
        )


def _check_came(day: date, today: date, pointer: str) -> None:
    if day > today:
        raise InvoiceDayWrong.at(
            pointer, f"Today is {today}; give the day that it bears.", f"今天是 {today}，请填写票面日期。"
        )


def check_stands(status: Status) -> None:
    """Raises InvoiceEnded."""
    if status not in LIVE:
        was = "was voided" if status is Status.VOIDED else "ended with its order"
        raise InvoiceEnded(
            f"The invoice {was}; what is left of the order needs a new one.",
            detail_zh="发票已作废，请重新申请。" if status is Status.VOIDED else "订单已结束，该发票申请已撤回。",
            extra={"invoice_status": status.value},
        )
