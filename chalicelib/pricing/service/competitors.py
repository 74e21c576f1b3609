"""What competitors ask, as somebody of the team saw it: recorded once, listed, and looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.catalog.model.contents import Content
from chalicelib.catalog.records import SkuRecord
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import Page, Transaction, change, fetch_many
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.kernel.folding import fold
from chalicelib.kernel.ids import dated_id
from chalicelib.kernel.local_day import day_start, local_date
from chalicelib.kernel.money import Money
from chalicelib.kernel.principal import Principal
from chalicelib.pricing.errors import PriceInAnotherCurrency, SeenInFuture, TooManyPrices, UnknownSku
from chalicelib.pricing.records import COMPETITOR_SEEN, CompetitorKeyRecord, CompetitorPriceRecord
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

_UTC = ZoneInfo("UTC")
MOST_ROWS = 5_000
"""Prices in one table: well within what an answer may weigh."""

_AT_ONCE = 50
"""Prices that one transaction records."""

_MOST_HELD = 1_000
"""Prices of a product that are held against ours, the last by their ids: what is older says nothing of today."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A price of a competitor for what a SKU is, seen on a local day; ``content`` is what a pack of theirs holds."""

    sku_id: str
    competitor: str
    price: Money
    seen_on: date
    content: Content | None = None
    link: str | None = None


def record_price(
    tenant_id: str, seen: Sighting, key: str, body_hash: str, by: Principal, now: datetime
) -> CompetitorPriceRecord:
    """Records a price, once for each Idempotency-Key ``key``: the same key answers with the first for ever.

    Raises PriceInAnotherCurrency, SeenInFuture, UnknownSku, IdempotencyMismatch for another body under the key.
    """
    tenant = get_tenant(tenant_id)
    if seen.price.currency != tenant.currency:
        raise PriceInAnotherCurrency.at(
            "/price/currency",
            f"Your currency is {tenant.currency}; {seen.price.currency} cannot be compared with it.",
            f"您的币种为 {tenant.currency}，无法与 {seen.price.currency} 比较。",
        )
    today = local_date(now, zone(tenant.timezone))
    if seen.seen_on > today:
        raise SeenInFuture.at("/seen_on", *not_after(today))
    sku = get_skus(tenant_id, [seen.sku_id]).get(seen.sku_id)
    if sku is None:
        raise UnknownSku.at(
            "/sku_id", "There is no such SKU; read your products again.", "没有该规格，请重新读取商品。"
        )
    marker_at = CompetitorKeyRecord.address(tenant_id, key)

    def decide(marker: CompetitorKeyRecord | None, tx: Transaction) -> CompetitorPriceRecord:
        if marker is not None:
            return _first(marker, body_hash)
        made = as_record(tenant_id, sku, seen, dated_id(now, tenant_id, "competitor-price", key), by, now)
        tx.create("price", made)
        known = CompetitorKeyRecord(*marker_at, product_id=made.product_id, price_id=made.id, body_hash=body_hash)
        tx.create("key", known)
        told = {"competitor": made.competitor, "price_minor": int(made.price_minor), "seen_on": f"{made.seen_on}"}
        audit(tx, tenant_id, by, "competitor_price.recorded", f"product:{made.product_id}", now, told)
        return made

    return change(lambda: CompetitorKeyRecord.fetch(*marker_at, consistent=True), decide)


def not_after(today: date) -> tuple[str, str]:
    """What is said of a day to come, in English and in Chinese."""
    return f"The day must be {today} or earlier.", f"日期不能晚于 {today}。"


def take_in(tenant_id: str, several: Sequence[Sighting], by: Principal, now: datetime) -> int:
    """Records prices of SKUs that there are, in the brand's currency; those that were recorded before, with the same
    words, are left as they are. Answers how many were new. Safe to repeat: a price's id follows from what it says.
    """
    skus = get_skus(tenant_id, [each.sku_id for each in several])
    wanted = [(_id_of(tenant_id, each), each) for each in several if each.sku_id in skus]
    return sum(
        _take_in(tenant_id, skus, wanted[start : start + _AT_ONCE], by, now)
        for start in range(0, len(wanted), _AT_ONCE)
    )


def known_prices(tenant_id: str, several: Sequence[Sighting]) -> list[bool]:
    """Of each price whether it was recorded before by a list."""
    skus = get_skus(tenant_id, [each.sku_id for each in several])
    places = [_place(tenant_id, skus[each.sku_id], _id_of(tenant_id, each)) for each in several]
    return [found is not None for found in fetch_many([(CompetitorPriceRecord, *place) for place in places])]


def _take_in(
    tenant_id: str, skus: Mapping[str, SkuRecord], wanted: Sequence[tuple[str, Sighting]], by: Principal, now: datetime
) -> int:
    places = [_place(tenant_id, skus[each.sku_id], price_id) for price_id, each in wanted]

    def decide(found: Sequence[CompetitorPriceRecord | None], tx: Transaction) -> int:
        new = [each for each, known in zip(wanted, found, strict=True) if known is None]
        last = {skus[each.sku_id].product_id: price_id for price_id, each in new}
        for price_id, each in new:
            sku = skus[each.sku_id]
            tells = last[sku.product_id] == price_id
            tx.create(price_id, as_record(tenant_id, sku, each, price_id, by, now, tells=tells))
        return len(new)

    return change(lambda: fetch_many([(CompetitorPriceRecord, *place) for place in places], consistent=True), decide)


def _place(tenant_id: str, sku: SkuRecord, price_id: str) -> tuple[str, str]:
    return CompetitorPriceRecord.address(tenant_id, str(sku.product_id), price_id)


def _id_of(tenant_id: str, seen: Sighting) -> str:
    """What a list says is one price, however often it comes. It stands by the day on which it was seen."""
    content = f"{seen.content.quantity}{seen.content.unit}" if seen.content else ""
    said = (seen.sku_id, fold(seen.competitor), str(seen.price.amount_minor), f"{seen.seen_on}", content)
    return dated_id(day_start(seen.seen_on, _UTC), tenant_id, "competitor-price", *said)


def as_record(
    tenant_id: str,
    sku: SkuRecord,
    seen: Sighting,
    price_id: str,
    by: Principal,
    now: datetime,
    *,
    tells: bool = True,
) -> CompetitorPriceRecord:
    """The record of a price; it ``tells`` those who watch prices, or leaves that to another of the same write."""
    product_id, content = str(sku.product_id), seen.content
    made = CompetitorPriceRecord(
        *CompetitorPriceRecord.address(tenant_id, product_id, price_id),
        id=price_id, product_id=product_id, sku_id=seen.sku_id, title=sku.full_title, competitor=seen.competitor,
        price_minor=seen.price.amount_minor, currency=seen.price.currency, link=seen.link, seen_on=seen.seen_on,
        stored_content=[content.quantity, content.unit] if content else None, recorded_at=now, recorded_by=by.label,
    )  # fmt: skip
    if tells:
        made.emit(COMPETITOR_SEEN, now, product_id=product_id)
    return made


def list_prices(
    tenant_id: str, product_id: str | None, limit: int, cursor: dict[str, Any] | None
) -> Page[CompetitorPriceRecord]:
    """What was recorded, the last first; of one product, or of all."""
    partition, index = _list_of(tenant_id, product_id)
    return CompetitorPriceRecord.page(partition, index=index, newest_first=True, limit=limit, cursor=cursor)


def _list_of(tenant_id: str, product_id: str | None) -> tuple[str, str]:
    if product_id is None:
        return CompetitorPriceRecord.of_tenant(tenant_id), "gsi1"
    return CompetitorPriceRecord.of_product(tenant_id, product_id), "gsi2"


def prices_of(tenant_id: str, product_id: str, *, consistent: bool = False) -> list[CompetitorPriceRecord]:
    """What was recorded of a product, the last thousand; their ids begin with when they were seen or recorded."""
    partition = CompetitorPriceRecord.partition(tenant_id, product_id)
    every = CompetitorPriceRecord.every(partition, limit=_MOST_HELD, newest_first=True, consistent=consistent)
    return list(islice(every, _MOST_HELD))


def every_price(tenant_id: str, product_id: str | None) -> list[CompetitorPriceRecord]:
    """All that was recorded, the last first. Raises TooManyPrices."""
    partition, index = _list_of(tenant_id, product_id)
    found = list(islice(CompetitorPriceRecord.every(partition, index=index, newest_first=True), MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise TooManyPrices(
            f"One table holds {MOST_ROWS:,} prices, and there are more: ask for those of one product, or read the list "
            "page by page.",
            detail_zh=f"单次最多导出 {MOST_ROWS:,} 条价格记录，请按商品导出，或分页读取列表。",
            extra={"most": MOST_ROWS},
        )
    return found


def _first(marker: CompetitorKeyRecord, body_hash: str) -> CompetitorPriceRecord:
    found = CompetitorPriceRecord.fetch(
        *CompetitorPriceRecord.address(marker.tenant_id, marker.product_id, marker.price_id), consistent=True
    )
    if found is None or marker.body_hash != body_hash:
        raise IdempotencyMismatch(
            "This Idempotency-Key was used for another price; use a new key for a new one.",
            detail_zh="该幂等键已用于另一条价格记录，请使用新的键。",
        )
    return found
