"""What the API takes of invoices."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.invoices.model.buyers import BuyerKind
from chalicelib.invoices.model.invoices import Issue, Status, Voiding
from chalicelib.invoices.service.asking import Asked
from chalicelib.invoices.service.listing import Filter
from chalicelib.kernel.errors import Invalid
from chalicelib.web import Body, EmailText, Harmless, LocalDate, OneLine, Query, RecordedDate, UlidStr

Number = Annotated[str, StringConstraints(min_length=1, max_length=40), OneLine]


class InvoiceForm(Body):
    """Whom the invoice is made out to, and where it is sent. A ``company`` gives its tax number: in China the unified
    social credit code of 18 characters, which checks itself, or the 15 of a number of before 2015; elsewhere its VAT
    number. A ``person`` gives none.
    """

    EXAMPLES = {
        "a company": {
            "kind": "company", "title": "深圳市邻里科技有限公司", "tax_number": "91350100M000100Y43",
            "email": "finance@example.com",
        },
        "a person": {"kind": "person", "title": "王小明", "email": "wang@example.com"},
    }  # fmt: skip

    kind: Annotated[BuyerKind, Field(strict=False)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=100), OneLine]
    tax_number: Annotated[str, StringConstraints(max_length=40), OneLine] | None = None
    email: EmailText

    def asked(self) -> Asked:
        return Asked(self.kind, self.title, self.email, self.tax_number or None)


class IssueForm(Body):
    """The number of the invoice as it was made out, and the day that it bears."""

    EXAMPLES = {
        "a digital invoice": {"number": "24952000000123456789", "issued_on": "2025-11-30"},
    }

    number: Number
    issued_on: LocalDate

    def issue(self) -> Issue:
        return Issue(self.number, self.issued_on)


class VoidForm(Body):
    """Why the invoice counts no more, which the member is told; and the credit note (红字发票), where there is one."""

    EXAMPLES = {
        "after a refund": {
            "reason": "部分退款，重新开票", "credit_number": "24952000000123456790", "credited_on": "2025-12-02",
        },
    }  # fmt: skip

    reason: Annotated[str, StringConstraints(min_length=1, max_length=200), Harmless]
    credit_number: Number | None = None
    credited_on: LocalDate | None = None

    def voiding(self) -> Voiding:
        return Voiding(self.reason, self.credit_number, self.credited_on)


class InvoiceFilter(Query):
    """Those that wait for you (``due``), in one state, of one member or order, asked for on these local days."""

    due: bool = False
    status: Status | None = None
    member_id: UlidStr | None = None
    order_id: UlidStr | None = None
    from_on: RecordedDate | None = None
    to_on: RecordedDate | None = None
    format: Literal["json", "csv", "xlsx"] | None = None

    def wanted(self) -> Filter:
        """Raises Invalid where the days run backwards."""
        if self.from_on and self.to_on and self.to_on < self.from_on:
            raise Invalid.at(
                "?to_on",
                f"The last day, {self.to_on}, is before the first, {self.from_on}.",
                f"结束日期 {self.to_on} 早于开始日期 {self.from_on}。",
            )
        return Filter(self.due, self.status, self.member_id, self.order_id, self.from_on, self.to_on)
