"""What the API shows of suppliers. Costs are the team's alone."""

from typing import Self

from chalicelib.fulfilment.suppliers.model import BelowMinimum, Licence, Rounding
from chalicelib.fulfilment.suppliers.records import SupplierRecord, TermsRecord
from chalicelib.web import Contact, Instant, LocalDate, MoneyField, UlidStr, View


class LicenceView(View):
    """A licence of a supplier and its last day. When it is over, nothing is bought there."""

    name: str
    number: str
    valid_until: LocalDate

    @classmethod
    def of(cls, licence: Licence) -> Self:
        return cls(name=licence.name, number=licence.number, valid_until=licence.valid_until)


class SupplierView(View):
    """A supplier; ``minimum`` is what one purchase must come to."""

    id: UlidStr
    name: str
    contact: Contact[str]
    phone: Contact[str]
    email: Contact[str]
    note: str
    status: str
    minimum: MoneyField | None
    below_minimum: BelowMinimum
    created_at: Instant
    licences: list[LicenceView]

    @classmethod
    def of(cls, supplier: SupplierRecord) -> Self:
        return cls(
            id=supplier.id, name=supplier.name, contact=supplier.contact, phone=supplier.phone, email=supplier.email,
            note=supplier.note, status=supplier.status, minimum=_amount(int(supplier.minimum_minor), supplier.currency),
            below_minimum=BelowMinimum(supplier.below_minimum), created_at=supplier.created_at,
            licences=[LicenceView.of(each) for each in supplier.licences],
        )  # fmt: skip


class TermsView(View):
    """A supplier's terms for a SKU; ``main`` says whether the SKU is bought here."""

    supplier_id: UlidStr
    sku_id: UlidStr
    code: str | None
    main: bool
    cost: MoneyField
    pack_size: int
    pack_rounding: Rounding
    tolerance: int
    minimum_quantity: int | None
    minimum_amount: MoneyField | None
    below_minimum: BelowMinimum
    lead_days: int
    updated_at: Instant

    @classmethod
    def of(cls, record: TermsRecord, *, main: bool) -> Self:
        terms = record.terms
        return cls(
            supplier_id=record.supplier_id, sku_id=record.sku_id, code=record.code, main=main,
            cost=MoneyField.of(terms.cost_minor, record.currency), pack_size=terms.pack_size,
            pack_rounding=terms.rounding, tolerance=terms.tolerance,
            minimum_quantity=terms.minimum_quantity or None, below_minimum=terms.below_minimum,
            minimum_amount=_amount(terms.minimum_minor, record.currency), lead_days=terms.lead_days,
            updated_at=record.updated_at,
        )  # fmt: skip


def _amount(amount_minor: int, currency: str) -> MoneyField | None:
    return MoneyField.of(amount_minor, currency) if amount_minor else None
