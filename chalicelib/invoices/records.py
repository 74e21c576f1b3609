"""Invoices as they are stored, with their keys."""

from typing import Any, Self

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.invoices.model.buyers import Buyer
from chalicelib.invoices.model.invoices import Status
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.folding import fold
from chalicelib.kernel.ids import derived_id
from chalicelib.pricing.model.tax import Tax, read_tax


class InvoiceRecord(TenantRecord):
    """An invoice of an order. Amounts in minor units; ``amount_minor`` and ``stored_tax`` are those of when it was
    issued, and absent before. ``refunded_minor`` is what of the order went back since then, as far as we have heard:
    while there is some, it waits for somebody to void it; so does one that is ``overtaken``: its order was changed
    since, and costs more, or has other tax in it. One that ``awaits_payment`` is of an order of which something is
    still due: nobody can issue it yet, so it waits apart. ``by`` names who asked, ``issued_by`` and ``voided_by`` who
    recorded the rest. ``gsi1`` lists all of a tenant by the time of asking, ``gsi2`` those that wait for the brand.

    ``stored_buyer`` is personal: whose it is follows from ``member_id``.
    """

    id = UnicodeAttribute()
    order_id = UnicodeAttribute(attr_name="order")
    member_id = UnicodeAttribute(attr_name="member")
    currency = UnicodeAttribute(attr_name="cur")
    status = UnicodeAttribute()
    stored_buyer = JsonAttribute(attr_name="buyer")
    requested_at = InstantAttribute(attr_name="at")
    by = UnicodeAttribute()
    number = optional(UnicodeAttribute(null=True))
    issued_on = optional(DateAttribute(null=True))
    issued_at = optional(InstantAttribute(null=True))
    issued_by = optional(UnicodeAttribute(null=True))
    amount_minor = optional(NumberAttribute(attr_name="amount", null=True))
    stored_tax = optional(JsonAttribute(attr_name="tax", null=True))
    refunded_minor = NumberAttribute(attr_name="back", default=0)
    overtaken = optional(BooleanAttribute(null=True))
    awaits_payment = optional(BooleanAttribute(attr_name="unpaid", null=True))
    voided_at = optional(InstantAttribute(null=True))
    voided_by = optional(UnicodeAttribute(null=True))
    void_reason = optional(UnicodeAttribute(null=True))
    credit_number = optional(UnicodeAttribute(null=True))
    credited_on = optional(DateAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, invoice_id: str) -> tuple[str, str]:
        """The key of an invoice."""
        return key(tenant_id, "invoice", invoice_id), "invoice"

    @property
    def state(self) -> Status:
        return Status(self.status)

    @property
    def buyer(self) -> Buyer:
        """Whom it is made out to."""
        return Buyer.from_json(self.stored_buyer)

    @buyer.setter
    def buyer(self, buyer: Buyer) -> None:
        self.stored_buyer = buyer.as_json()

    @property
    def tax(self) -> Tax:
        """The tax in it by rate, once it is issued."""
        return read_tax(self.stored_tax)

    @property
    def is_due(self) -> bool:
        """Whether it waits for the brand: to be issued, or to be voided since it is no longer what its order is."""
        if self.state is Status.REQUESTED:
            return not self.awaits_payment
        return self.state is Status.ISSUED and bool(self.refunded_minor or self.overtaken)

    def move_to(self, status: Status, now: Any) -> None:
        """Takes a state, and emits the event of it."""
        self.status = status.value
        if status is not Status.REQUESTED:
            self.awaits_payment = None
        self.emit(f"invoice.{status.value}", now, invoice_id=self.id)

    def arrange(self) -> None:
        """Lists it by the time of asking: among all and, while it waits for the brand, among those that do."""
        self.gsi1pk = all_invoices(self.tenant_id)
        self.gsi2pk = due_invoices(self.tenant_id) if self.is_due else None
        self.gsi1sk = f"{sortable(self.requested_at)}#{self.id}"
        self.gsi2sk = self.gsi1sk if self.is_due else None


class OrderInvoices(TenantRecord):
    """The invoices of an order by id, oldest first: the last is the one that counts. It lies with the order, and each
    asking replaces it, so that an order never has two.
    """

    ids = JsonAttribute()

    @staticmethod
    def address(tenant_id: str, order_id: str) -> tuple[str, str]:
        """The key, in the order's partition."""
        return key(tenant_id, "order", order_id), "invoices"

    @classmethod
    def fresh(cls, tenant_id: str, order_id: str) -> Self:
        """Of an order whose invoice nobody has asked for."""
        return cls(*cls.address(tenant_id, order_id), ids=[])

    @property
    def last(self) -> str | None:
        """The invoice that counts."""
        return self.ids[-1] if self.ids else None

    def next_id(self, order_id: str) -> str:
        """The id of the next one; it follows from the order and the number of those before it."""
        return derived_id(self.tenant_id, "invoice", order_id, str(len(self.ids)))


class InvoiceNumber(TenantRecord):
    """That an invoice has a number: no other of the brand takes it."""

    invoice_id = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, number: str) -> tuple[str, str]:
        """The key of a number, whatever its letter case."""
        return key(tenant_id, "invoice-number", fold(number)), "claim"


def all_invoices(tenant_id: str) -> str:
    """The gsi1 partition of a tenant's invoices, by the time of asking."""
    return key(tenant_id, "invoices")


def due_invoices(tenant_id: str) -> str:
    """The gsi2 partition of those that wait for the brand."""
    return key(tenant_id, "invoices-due")
