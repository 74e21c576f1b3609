"""What a period did to the stock of every tracked SKU, and how often the stock turned over."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from chalicelib.catalog.model.stock import Flow, Movement, flow, turnover, wastage_rate
from chalicelib.catalog.records import SkuRecord, StockEntryRecord, stocked_skus
from chalicelib.kernel.clock import sortable, zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import day_start, local_date
from chalicelib.tenants.service.brand import get_tenant

MOST_DAYS = 366
USUAL_DAYS = 30
EARLIEST = date(2000, 1, 1)
"""Before it no stock of ours was kept."""


class PeriodReversed(Invalid):
    """The last day comes before the first."""

    code, title, title_zh = "period_reversed", "The period ends before it begins", "结束日期早于开始日期"


class PeriodTooLong(Invalid):
    """The period is longer than a year."""

    code, title, title_zh = "period_too_long", "The period is too long", "时间跨度过长"


class PeriodAhead(Invalid):
    """The period begins after today: nothing is known of it."""

    code, title, title_zh = "period_ahead", "The period has not begun", "所选时间尚未开始"


@dataclass(frozen=True, slots=True)
class StockedSku:
    """A SKU's flow, valued at its present cost; what needs a cost is None without one."""

    sku: SkuRecord
    flow: Flow

    @property
    def turnover(self) -> Decimal | None:
        """Of this SKU alone: its units' ratio, since one cost values all of them."""
        return turnover(self.flow.sold, self.flow.opening, self.flow.closing)

    @property
    def wastage_rate(self) -> Decimal | None:
        return wastage_rate(self.flow.wasted, self.flow.sold)

    def value(self, units: int) -> int | None:
        """Units in minor units of money at the SKU's present cost."""
        return None if self.sku.cost is None else units * self.sku.cost


@dataclass(frozen=True, slots=True)
class Inventory:
    """A period of local days, both included, and its SKUs in the order of their codes."""

    from_on: date
    to_on: date
    timezone: str
    currency: str
    as_of: datetime
    skus: list[StockedSku]

    def total(self, name: str) -> int:
        """The value of one figure of the flow over all SKUs that have a cost, in minor units."""
        return sum(each.value(getattr(each.flow, name)) or 0 for each in self.skus)

    @property
    def turnover(self) -> Decimal | None:
        return turnover(self.total("sold"), self.total("opening"), self.total("closing"))

    @property
    def wastage_rate(self) -> Decimal | None:
        return wastage_rate(self.total("wasted"), self.total("sold"))


def inventory(tenant_id: str, from_on: date | None, to_on: date | None, now: datetime) -> Inventory:
    """The stock's flow from the first instant of ``from_on`` to the last of ``to_on``, days in the tenant's zone.

    Without them it is about the thirty days up to today.
    Derived from what is free now and the ledger since, so it costs a query over the SKUs and one over the period's
    entries. Raises PeriodReversed, PeriodTooLong, PeriodAhead.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    from_on, to_on = _period(from_on, to_on, local_date(now, tz))
    start, end = sortable(day_start(from_on, tz)), sortable(day_start(to_on + timedelta(days=1), tz))
    during, since = _moved(tenant_id, start, end)
    skus = sorted(SkuRecord.every(stocked_skus(tenant_id), index="gsi1"), key=lambda sku: str(sku.code))
    flows = [
        StockedSku(sku, flow(int(sku.free), during.get(sku.sku_id, ()), since.get(sku.sku_id, ()))) for sku in skus
    ]
    return Inventory(from_on, to_on, tenant.timezone, tenant.currency, now, flows)


def _period(from_on: date | None, to_on: date | None, today: date) -> tuple[date, date]:
    to_on = to_on or today
    if min(to_on, from_on or to_on) < EARLIEST:
        raise PeriodTooLong.at("?from_on", f"Begin on {EARLIEST} or later.", f"请选择 {EARLIEST} 之后的日期。")
    from_on = from_on or to_on - timedelta(days=USUAL_DAYS - 1)
    if to_on < from_on:
        raise PeriodReversed.at("?to_on", f"{to_on} comes before {from_on}; swap them.", "请交换开始与结束日期。")
    if (to_on - from_on).days >= MOST_DAYS:
        raise PeriodTooLong.at("?to_on", f"Ask for at most {MOST_DAYS} days at once.", f"一次最多查询 {MOST_DAYS} 天。")
    if from_on > today:
        raise PeriodAhead.at("?from_on", f"It is {today} in your zone; begin no later.", f"当地日期为 {today}。")
    return from_on, to_on


Moved = dict[str, list[Movement]]


def _moved(tenant_id: str, start: str, end: str) -> tuple[Moved, Moved]:
    """The movements of every SKU during the period, and since."""
    during: Moved = {}
    since: Moved = {}
    for entry in StockEntryRecord.every(StockEntryRecord.journal(tenant_id), index="gsi2", between=(start, "~")):
        into = during if str(entry.gsi2sk) < end else since
        into.setdefault(str(entry.sku_id), []).append(entry.movement)
    return during, since
