"""Goods receipts, with their keys."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.fulfilment.receiving.model.receipts import Arrival
from chalicelib.kernel.clock import sortable


class ReceiptRecord(TenantRecord):
    """What came from a supplier for a campaign, never changed. Its id comes from the request's Idempotency-Key.

    ``supplier_id`` is None for what is bought without one; then nobody is owed. ``version`` is the purchase list's.
    """

    id = UnicodeAttribute()
    campaign_id = UnicodeAttribute()
    supplier_id = UnicodeAttribute(null=True)
    version = NumberAttribute()
    stored_lines = JsonAttribute(attr_name="lines")
    note = UnicodeAttribute()
    currency = UnicodeAttribute()
    at = InstantAttribute()
    by = UnicodeAttribute()
    body_hash = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, campaign_id: str, receipt_id: str) -> tuple[str, str]:
        """The key of a receipt, in the campaign's partition."""
        return key(tenant_id, "campaign", campaign_id), f"receipt#{receipt_id}"

    def arrange(self) -> None:
        """Lists it among the campaign's receipts and the supplier's, by time."""
        self.gsi1pk = campaign_receipts(self.tenant_id, self.campaign_id)
        self.gsi2pk = supplier_receipts(self.tenant_id, self.supplier_id) if self.supplier_id else None
        self.gsi1sk = f"{sortable(self.at)}#{self.id}"
        self.gsi2sk = self.gsi1sk if self.supplier_id else None

    @property
    def lines(self) -> list[Arrival]:
        """What came, a line for each SKU."""
        return [Arrival(*line) for line in self.stored_lines]

    @property
    def due_minor(self) -> int:
        """What the supplier is owed for it."""
        return sum(line.due_minor for line in self.lines) if self.supplier_id else 0

    @property
    def shelf_minor(self) -> int:
        """What of the cost that a supplier is owed goes to the brand's own shelf with it."""
        return sum(line.shelf_minor for line in self.lines) if self.supplier_id else 0


def campaign_receipts(tenant_id: str, campaign_id: str) -> str:
    """The gsi1 partition of a campaign's receipts, by time."""
    return key(tenant_id, "receipts", campaign_id)


def supplier_receipts(tenant_id: str, supplier_id: str) -> str:
    """The gsi2 partition of a supplier's receipts, by time."""
    return key(tenant_id, "supplier-receipts", supplier_id)
