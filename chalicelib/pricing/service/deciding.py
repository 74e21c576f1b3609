"""What people decide of a product's prices: its floor, and the stage that it is in."""

from datetime import datetime
from typing import Any

from chalicelib.catalog.service.products import get_product
from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, Unset
from chalicelib.pricing.model.floors import Floor
from chalicelib.pricing.model.stages import Stage
from chalicelib.pricing.records import PRICING_CHANGED, ProductPricingRecord
from chalicelib.pricing.service.life import suggestion
from chalicelib.pricing.service.rules import put
from chalicelib.tenants.service.audit import audit


def decide_pricing(
    tenant_id: str,
    product_id: str,
    if_match: int | None,
    by: Principal,
    now: datetime,
    *,
    floor: Floor | Unset | None = UNSET,
    stage: Stage | Unset | None = UNSET,
) -> None:
    """Sets the product's own floor, None to follow the brand's, and the stage that it is in, None to leave that open.

    A stage is kept with what was suggested at that time. No price is changed. Raises NotFound, Stale.
    """
    get_product(tenant_id, product_id)
    suggested = None if stage is UNSET else suggestion(tenant_id, product_id, now).stage
    address = ProductPricingRecord.address(tenant_id, product_id)

    def decide(found: ProductPricingRecord | None, tx: Transaction) -> None:
        record = found or ProductPricingRecord.none_yet(tenant_id, product_id)
        check_revision(record, if_match)
        told: dict[str, Any] = {}
        if floor is not UNSET and floor != record.floor:
            told["floor"] = floor.as_json() if floor else None
            record.floor = floor
            record.emit(PRICING_CHANGED, now, product_id=product_id)
        if stage is not UNSET and (stage != record.stage or record.suggested != suggested):
            told |= {"stage": stage, "suggested": suggested}
            record.stored_stage, record.suggested = stage and stage.value, suggested and suggested.value
            record.stage_by, record.stage_at = (by.label, now) if stage else (None, None)
        if told:
            record.updated_at = now
            put(tx, "pricing", record)
            audit(tx, tenant_id, by, "product.pricing_changed", f"product:{product_id}", now, told)

    change(lambda: ProductPricingRecord.fetch(*address, consistent=True), decide)
