"""What the supplier routes take."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.fulfilment.suppliers.model import (
    ACTIVE,
    MAX_PACK,
    MOST_LICENCES,
    BelowMinimum,
    Licence,
    Rounding,
    SupplierDetails,
    SupplierStatus,
    Terms,
)
from chalicelib.web import Body, CostField, EmailText, LocalDate, LongText, OneLine, PhoneText, PriceField, Query, Title

Contact = Annotated[str, StringConstraints(max_length=120), OneLine]
SupplierCode = Annotated[str, StringConstraints(min_length=1, max_length=64), OneLine]
MAX_UNITS = 1_000_000


class LicenceForm(Body):
    """A licence, and its last day."""

    name: Title
    number: Annotated[str, StringConstraints(min_length=1, max_length=80), OneLine]
    valid_until: LocalDate

    def licence(self) -> Licence:
        return Licence(self.name, self.number, self.valid_until)


Licences = Annotated[list[LicenceForm], Field(max_length=MOST_LICENCES)]


class NewSupplier(Body):
    """A supplier. ``minimum`` is what one purchase must come to; below it ``below_minimum`` decides. When a licence is
    over, nothing is bought there.
    """

    name: Title
    contact: Contact | None = None
    phone: PhoneText | None = None
    email: EmailText | None = None
    note: LongText = ""
    minimum: PriceField | None = None
    below_minimum: BelowMinimum = BelowMinimum.BUY
    licences: Licences = []

    def details(self) -> SupplierDetails:
        """As the use case takes them."""
        minimum = self.minimum.money() if self.minimum else None
        return SupplierDetails(
            self.name, self.contact, self.phone, self.email, self.note, minimum, self.below_minimum,
            licences=tuple(each.licence() for each in self.licences),
        )  # fmt: skip


class SupplierEdit(Body):
    """What is absent stays. ``status`` archives the supplier, or takes it back; ``minimum`` null ends it."""

    name: Title | None = None
    contact: Contact | None = None
    phone: PhoneText | None = None
    email: EmailText | None = None
    note: LongText | None = None
    minimum: PriceField | None = None
    below_minimum: BelowMinimum | None = None
    status: SupplierStatus | None = None
    licences: Licences | None = None

    @property
    def fields(self) -> frozenset[str]:
        """The names of what is to be changed; null for what a supplier always has means that it stays."""
        always = ("name", "note", "below_minimum", "status", "licences")
        return frozenset(
            name for name in self.model_fields_set if name not in always or getattr(self, name) is not None
        )

    def details(self) -> SupplierDetails:
        """As the use case takes them; what is not among the fields means nothing."""
        return SupplierDetails(
            self.name or "", self.contact, self.phone, self.email, self.note or "",
            minimum=self.minimum.money() if self.minimum else None,
            below_minimum=self.below_minimum or BelowMinimum.BUY, status=self.status or ACTIVE,
            licences=tuple(each.licence() for each in self.licences or ()),
        )  # fmt: skip


class SupplierFilter(Query):
    """Active or archived suppliers, or all."""

    status: SupplierStatus | None = None


class AgreedTerms(Body):
    """A supplier's terms for a SKU.

    ``cost`` is for one unit. ``pack_rounding`` says how units become packs; with ``floor``, up to ``tolerance`` units
    that fill no pack are left out, and their orders refunded. The minimum is in units or an amount; below it,
    ``below_minimum`` buys anyway or releases the lines. ``main`` makes it the SKU's main supplier, as its first one is.
    """

    EXAMPLES = {
        "packs of six, bought even below the minimum": {
            "cost": {"amount_minor": 2_000, "currency": "CNY"},
            "pack_size": 6,
            "minimum_quantity": 12,
            "lead_days": 1,
        },
        "whole packs only; up to two units are left out": {
            "cost": {"amount_minor": 2_000, "currency": "CNY"},
            "pack_size": 6,
            "pack_rounding": "floor",
            "tolerance": 2,
            "below_minimum": "release",
        },
    }

    cost: CostField
    pack_size: Annotated[int, Field(ge=1, le=MAX_PACK)] = 1
    pack_rounding: Rounding = Rounding.CEIL
    tolerance: Annotated[int, Field(ge=0, lt=MAX_PACK)] = 0
    minimum_quantity: Annotated[int, Field(ge=1, le=MAX_UNITS)] | None = None
    minimum_amount: PriceField | None = None
    below_minimum: BelowMinimum = BelowMinimum.BUY
    lead_days: Annotated[int, Field(ge=0, le=365)] = 0
    code: SupplierCode | None = None
    main: bool | None = None

    def terms(self) -> Terms:
        """As the rules take them."""
        return Terms(
            cost_minor=self.cost.amount_minor,
            pack_size=self.pack_size,
            rounding=self.pack_rounding,
            tolerance=self.tolerance,
            minimum_quantity=self.minimum_quantity or 0,
            minimum_minor=self.minimum_amount.amount_minor if self.minimum_amount else 0,
            below_minimum=self.below_minimum,
            lead_days=self.lead_days,
        )
