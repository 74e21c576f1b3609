"""Suppliers, their terms for SKUs, and which of them is a SKU's main one, with their keys."""

from collections.abc import Sequence
from datetime import date

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.fulfilment.suppliers.model import BelowMinimum, Licence, Rounding, Terms

_SKU = "sku#"


class SupplierRecord(TenantRecord):
    """A supplier. ``minimum_minor`` is what one purchase from it must come to, 0 where it may be anything."""

    id = UnicodeAttribute()
    name = UnicodeAttribute()
    contact = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    note = UnicodeAttribute()
    status = UnicodeAttribute()
    currency = UnicodeAttribute()
    minimum_minor = NumberAttribute(default=0)
    below_minimum = UnicodeAttribute(default=BelowMinimum.BUY.value)
    created_at = InstantAttribute()
    stored_licences = optional(JsonAttribute(attr_name="licences", null=True))

    @property
    def licences(self) -> tuple[Licence, ...]:
        """What it is allowed to deal in, and until when."""
        return tuple(Licence.from_json(each) for each in self.stored_licences or ())

    @licences.setter
    def licences(self, licences: Sequence[Licence]) -> None:
        self.stored_licences = [each.as_json() for each in licences] or None

    @staticmethod
    def partition(tenant_id: str, supplier_id: str) -> str:
        """A supplier's partition, where its terms are as well."""
        return key(tenant_id, "supplier", supplier_id)

    @classmethod
    def address(cls, tenant_id: str, supplier_id: str) -> tuple[str, str]:
        """The key of a supplier."""
        return cls.partition(tenant_id, supplier_id), "supplier"

    def arrange(self) -> None:
        """Lists it among the tenant's suppliers, by creation."""
        self.gsi1pk, self.gsi1sk = supplier_list(self.tenant_id), self.id


class TermsRecord(TenantRecord):
    """What a supplier and the brand agreed for a SKU. Purchase lists copy it, so a change is for later campaigns."""

    supplier_id = UnicodeAttribute()
    sku_id = UnicodeAttribute()
    code = UnicodeAttribute(null=True)
    cost_minor = NumberAttribute()
    currency = UnicodeAttribute()
    pack_size = NumberAttribute()
    rounding = UnicodeAttribute()
    tolerance = NumberAttribute()
    minimum_quantity = NumberAttribute()
    minimum_minor = NumberAttribute()
    below_minimum = UnicodeAttribute()
    lead_days = NumberAttribute()
    updated_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, supplier_id: str, sku_id: str) -> tuple[str, str]:
        """The key of the terms for a SKU, in the supplier's partition."""
        return SupplierRecord.partition(tenant_id, supplier_id), f"{_SKU}{sku_id}"

    @staticmethod
    def prefix() -> str:
        """What the sort keys of a supplier's terms begin with."""
        return _SKU

    @property
    def terms(self) -> Terms:
        """As the rules take them."""
        return Terms(
            cost_minor=int(self.cost_minor),
            pack_size=int(self.pack_size),
            rounding=Rounding(self.rounding),
            tolerance=int(self.tolerance),
            minimum_quantity=int(self.minimum_quantity),
            minimum_minor=int(self.minimum_minor),
            below_minimum=BelowMinimum(self.below_minimum),
            lead_days=int(self.lead_days),
        )

    @terms.setter
    def terms(self, terms: Terms) -> None:
        self.cost_minor, self.pack_size, self.rounding = terms.cost_minor, terms.pack_size, terms.rounding.value
        self.tolerance, self.lead_days = terms.tolerance, terms.lead_days
        self.minimum_quantity, self.minimum_minor = terms.minimum_quantity, terms.minimum_minor
        self.below_minimum = terms.below_minimum.value


class MainSupplierRecord(TenantRecord):
    """From whom a SKU is bought. One item a SKU, so there is never a second main supplier."""

    supplier_id = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, sku_id: str) -> tuple[str, str]:
        """The key of a SKU's main supplier."""
        return key(tenant_id, "sku-supplier", sku_id), "main"


class SupplierUnits(TenantRecord):
    """Units of a supplier's goods that came back, or that were complained of, for one cause: written once for each, in
    the order of local days, so that any period is a sum. ``about`` is the cause of the complaint.
    """

    returned = NumberAttribute(default=0)
    complained = NumberAttribute(default=0)
    about = optional(UnicodeAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, supplier_id: str, on: date, cause: str) -> tuple[str, str]:
        """The key of what a cause counts for."""
        return SupplierUnits.partition(tenant_id, supplier_id), f"{on.isoformat()}#{cause}"

    @staticmethod
    def partition(tenant_id: str, supplier_id: str) -> str:
        """Where a supplier's lie, by day."""
        return key(tenant_id, "supplier-units", supplier_id)

    @staticmethod
    def between(first: date, last: date) -> tuple[str, str]:
        """The range of sort keys of local days, both included."""
        return first.isoformat(), f"{last.isoformat()}#~"


def supplier_list(tenant_id: str) -> str:
    """The gsi1 partition of a tenant's suppliers, by creation."""
    return key(tenant_id, "suppliers")
