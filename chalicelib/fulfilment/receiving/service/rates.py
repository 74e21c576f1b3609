"""How a supplier does over a period: units that came short, came back, or were complained of, over those ordered."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from chalicelib.fulfilment.receiving.records import ReceiptRecord, supplier_receipts
from chalicelib.fulfilment.suppliers.records import SupplierUnits
from chalicelib.fulfilment.suppliers.service import get_supplier, today_of
from chalicelib.kernel.clock import sortable, zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import day_start
from chalicelib.tenants.service.brand import get_tenant

USUAL_DAYS = 90
MOST_DAYS = 400
_UNKNOWN = "unspecified"
"""Where units were counted before causes were."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Counts of units over local days, both included. ``sold`` are those that receipts of these days account for, which
    members had ordered: delivered, given as another SKU, or short; ``short`` of them never came, or came damaged.
    ``returned`` are those of returns and exchanges that were granted, and ``complained`` those of complaints about the
    supplier, by the day of each; ``by_cause`` are these by what was complained of, most first.
    """

    supplier_id: str
    first: date
    last: date
    sold: int = 0
    short: int = 0
    returned: int = 0
    complained: int = 0
    by_cause: Mapping[str, int] = field(default_factory=dict)

    @property
    def faulty(self) -> int:
        return self.short + self.returned + self.complained


def rate_of(tenant_id: str, supplier_id: str, first: date | None, last: date | None, now: datetime) -> Rate:
    """Over the last 90 days, unless others are named. Raises NotFound, or Invalid for a period that cannot be."""
    get_supplier(tenant_id, supplier_id)
    last = last or today_of(tenant_id, now)
    first = first or last - timedelta(days=USUAL_DAYS - 1)
    if not 0 <= (last - first).days < MOST_DAYS:
        message = f"Give a last day that is not before the first, and at most {MOST_DAYS} days."
        raise Invalid.at("?to_on", message, f"结束日期不得早于开始日期，且最多 {MOST_DAYS} 天。")
    tz = zone(get_tenant(tenant_id).timezone)
    span = sortable(day_start(first, tz)), sortable(day_start(last + timedelta(days=1), tz))
    receipts = ReceiptRecord.every(supplier_receipts(tenant_id, supplier_id), index="gsi2", between=span)
    arrivals = [line for receipt in receipts for line in receipt.lines]
    units = list(
        SupplierUnits.every(SupplierUnits.partition(tenant_id, supplier_id), between=SupplierUnits.between(first, last))
    )
    by_cause = Counter[str]()
    for each in units:
        by_cause[each.about or _UNKNOWN] += int(each.complained)
    return Rate(
        supplier_id, first, last,
        sold=sum(line.accounted for line in arrivals),
        short=sum(line.short + line.damaged for line in arrivals),
        returned=sum(int(each.returned) for each in units),
        complained=sum(int(each.complained) for each in units),
        by_cause={cause: count for cause, count in by_cause.most_common() if count},
    )  # fmt: skip
