"""What the API shows of purchase lists."""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from chalicelib.fulfilment.purchasing.model import Difference, Outcome, Purchase, PurchaseLine, differences
from chalicelib.fulfilment.purchasing.records import PurchaseListRecord
from chalicelib.fulfilment.purchasing.service import Version
from chalicelib.orders.bundles.model import by_offer
from chalicelib.web import Instant, MoneyField, UlidStr, View, columns


class OfferUnitsView(View):
    """Units of a SKU that an offer sold; of a bundle, those in all its bundles."""

    offer_id: str
    quantity: int


class PurchaseLineView(View):
    """Units of a SKU that were sold, the offers that sold them, and how they are bought.

    `from_stock` units are on the brand's own shelf; the rest is `bought` in `packs`. Nobody ordered the `surplus`,
    which is for that shelf: packs bring it, or a minimum, or the brand asked for `topped_up` units more. `short` units
    are not bought, and their orders are released, last come first.
    """

    sku_id: str
    code: str
    title: str
    quantity: int
    offers: list[OfferUnitsView]
    supplier_id: UlidStr | None
    supplier_code: str | None
    from_stock: int
    pack_size: int
    packs: int
    bought: int
    surplus: int
    short: int
    outcome: Outcome
    lead_days: int
    cost: MoneyField | None
    amount: MoneyField | None
    topped_up: int

    @classmethod
    def of(cls, line: PurchaseLine, currency: str) -> Self:
        cost = line.cost_minor
        return cls(
            sku_id=line.sku_id, code=line.code, title=line.title, quantity=line.quantity,
            offers=[OfferUnitsView(offer_id=offer, quantity=units) for offer, units in by_offer(line.offers).items()],
            supplier_id=line.supplier_id, supplier_code=line.supplier_code, from_stock=line.from_stock,
            pack_size=line.pack_size, packs=line.packs, bought=line.bought, surplus=line.surplus, short=line.short,
            outcome=Outcome(line.outcome), lead_days=line.lead_days,
            cost=None if cost is None else MoneyField.of(cost, currency),
            amount=None if cost is None else MoneyField.of(line.amount_minor, currency), topped_up=line.topped_up,
        )  # fmt: skip


class PurchaseView(View):
    """What is bought from one supplier, against what one purchase from it must come to."""

    supplier_id: UlidStr
    name: str
    minimum: MoneyField | None
    total: MoneyField
    outcome: Outcome

    @classmethod
    def of(cls, purchase: Purchase, currency: str) -> Self:
        minimum = MoneyField.of(purchase.minimum_minor, currency) if purchase.minimum_minor else None
        return cls(
            supplier_id=purchase.supplier_id, name=purchase.name, minimum=minimum,
            total=MoneyField.of(purchase.total_minor, currency), outcome=Outcome(purchase.outcome),
        )  # fmt: skip


class DifferenceView(View):
    """A SKU whose figures differ from the version before."""

    sku_id: str
    quantity_before: int
    quantity: int
    bought_before: int
    bought: int

    @classmethod
    def of(cls, each: Difference) -> Self:
        return cls(
            sku_id=each.sku_id, quantity_before=each.quantity[0], quantity=each.quantity[1],
            bought_before=each.bought[0], bought=each.bought[1],
        )  # fmt: skip


class PurchaseListView(View):
    """What has to be bought for a campaign, as it was at ``frozen_at``.

    `changes` compares it with the version before; `quantity` are the units sold.
    """

    campaign_id: str
    version: int
    latest_version: int
    frozen_at: Instant
    frozen_by: str
    quantity: int
    suppliers: list[PurchaseView]
    lines: list[PurchaseLineView]
    changes: list[DifferenceView]

    @classmethod
    def of(cls, found: Version, currency: str) -> Self:
        record, lines = found.record, found.record.lines
        changes = differences(found.before.lines, lines) if found.before is not None else []
        return cls(
            campaign_id=str(record.pk).rpartition("#")[2], version=int(record.version), latest_version=found.latest,
            frozen_at=record.frozen_at, frozen_by=record.frozen_by, quantity=sum(line.quantity for line in lines),
            suppliers=[PurchaseView.of(each, currency) for each in record.purchases],
            lines=[PurchaseLineView.of(line, currency) for line in lines],
            changes=[DifferenceView.of(each) for each in changes],
        )  # fmt: skip


class WantedMoreView(View):
    """Units of a SKU that members wait for beyond what was sold, or waited for when the campaign closed; of a bundle,
    those in all its bundles.
    """

    sku_id: str
    units: int


class WantedListView(PurchaseListView):
    """What has to be bought for a campaign, as it was at ``frozen_at``, and what is wanted beyond it as of now.

    `changes` compares it with the version before; `quantity` are the units sold.
    """

    wanted_more: list[WantedMoreView]

    @classmethod
    def with_wanted(cls, found: Version, currency: str, wanted: Mapping[str, int]) -> Self:
        more = [WantedMoreView(sku_id=sku_id, units=units) for sku_id, units in wanted.items()]
        return cls(**dict(PurchaseListView.of(found, currency)), wanted_more=more)


OUTCOMES = {
    Outcome.BOUGHT.value: ("bought", "采购"),
    Outcome.WITHIN_TOLERANCE.value: ("left out within the tolerance", "在容差内舍去"),
    Outcome.BELOW_MINIMUM.value: ("bought below the minimum", "低于起订量仍采购"),
    Outcome.RELEASED.value: ("released below the minimum", "未达起订量，已释放"),
    Outcome.TOPPED_UP.value: ("topped up to the minimum", "已补足起订量"),
}

HEADER = columns(
    supplier=("Supplier", "供应商"), sku_id=("SKU", "规格编号"), code=("Code", "编码"),
    supplier_code=("Supplier code", "供应商编码"), title=("Title", "商品"), quantity=("Sold", "售出"),
    from_stock=("From stock", "用库存"), pack_size=("Units a pack", "每件数量"), packs=("Packs", "件数"),
    bought=("Bought", "采购数量"), surplus=("Surplus", "盈余"), short=("Short", "短缺"),
    outcome=("Outcome", "结果", OUTCOMES),
    lead_days=("Lead days", "备货天数"), cost_minor=("Cost", "单价"), amount_minor=("Amount", "金额"),
    currency=("Currency", "币种"), wanted_more=("More wanted", "候补数量"),
)  # fmt: skip


def rows(
    record: PurchaseListRecord, supplier_id: str | None, currency: str, wanted: Mapping[str, int]
) -> Iterator[tuple[Any, ...]]:
    """The purchase list, or one supplier's part of it, as a table: a row for each SKU. ``wanted`` are the units that
    are wanted beyond it, by SKU.
    """
    names = {purchase.supplier_id: purchase.name for purchase in record.purchases}
    for line in record.lines:
        if supplier_id is None or line.supplier_id == supplier_id:
            yield (
                names.get(line.supplier_id or "", ""), line.sku_id, line.code, line.supplier_code, line.title,
                line.quantity, line.from_stock, line.pack_size, line.packs, line.bought, line.surplus, line.short,
                line.outcome, line.lead_days, line.cost_minor,
                None if line.cost_minor is None else line.amount_minor, currency,
                wanted.get(line.sku_id, 0),
            )  # fmt: skip
