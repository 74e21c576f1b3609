"""A brand reads and sets its rules of prices; every product is looked at again then."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.catalog.records import SkuRecord
from chalicelib.db import Record, Transaction, change, check_revision, fetch_many
from chalicelib.kernel.principal import Principal
from chalicelib.pricing.model.floors import floor_of
from chalicelib.pricing.model.policies import PriceRules
from chalicelib.pricing.records import RULES_CHANGED, PriceRulesRecord, ProductPricingRecord
from chalicelib.tenants.service.audit import audit


def get_rules(tenant_id: str) -> tuple[PriceRules, int]:
    """The rules, and their revision, which is 0 until they are set."""
    found = PriceRulesRecord.fetch(*PriceRulesRecord.address(tenant_id))
    return (found.rules, int(found.rev)) if found else (PriceRules(), 0)


def set_rules(
    tenant_id: str, wanted: PriceRules, if_match: int | None, by: Principal, now: datetime
) -> tuple[PriceRules, int]:
    """Sets all rules. Drafts and campaigns to come follow them; what is published keeps its floors. Raises Stale."""

    def decide(found: PriceRulesRecord | None, tx: Transaction) -> tuple[PriceRules, int]:
        record = found or PriceRulesRecord(*PriceRulesRecord.address(tenant_id), rev=0)
        check_revision(record, if_match)
        before = record.rules
        if found is not None and before == wanted:
            return wanted, int(record.rev)
        record.stored_rules, record.updated_at = wanted, now
        record.emit(RULES_CHANGED, now, after="")
        put(tx, "rules", record)
        told: Mapping[str, Any] = {"from": before.as_json(), "to": wanted.as_json()}
        audit(tx, tenant_id, by, "price_rules.changed", f"tenant:{tenant_id}", now, told)
        return wanted, int(record.rev)

    return change(lambda: PriceRulesRecord.fetch(*PriceRulesRecord.address(tenant_id), consistent=True), decide)


def put(tx: Transaction, name: str, record: PriceRulesRecord | ProductPricingRecord) -> None:
    """Adds a record to a transaction: refused if another write came between. New at revision 0."""
    if record.rev == 0:
        record.rev = 1
        tx.create(name, record)
    else:
        tx.replace(name, record)


def floors(tenant_id: str, skus: Mapping[str, SkuRecord]) -> dict[str, int]:
    """The margin floor of each SKU in minor units, 0 where there is none; one request."""
    products = list(dict.fromkeys(str(sku.product_id) for sku in skus.values()))
    wanted: list[tuple[type[Record], str, str]] = [(PriceRulesRecord, *PriceRulesRecord.address(tenant_id))]
    wanted += [(ProductPricingRecord, *ProductPricingRecord.address(tenant_id, each)) for each in products]
    rules, *found = fetch_many(wanted)
    default = rules.rules.floor if rules else None
    own = {product_id: each.floor if each else None for product_id, each in zip(products, found, strict=True)}
    return {sku_id: floor_of(own[str(sku.product_id)], default, sku.cost) for sku_id, sku in skus.items()}
