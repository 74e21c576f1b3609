"""Lists of products, filtered and sorted, exact and bounded."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from chalicelib.catalog.model.listing import Wanted, facets, keeps
from chalicelib.catalog.records import CardRecord, ProductRecord, SkuRecord, stocked_skus
from chalicelib.db import Page, Refused, Transaction, fetch_many
from chalicelib.db.transaction import MOST_OPERATIONS
from chalicelib.kernel.folding import fold

MOST_CARDS = 5_000
"""Cards that one request looks at. Where a larger catalogue holds too few matches, a short page has a next cursor."""

_LARGEST_READ = 1_500  # cards of half a kilobyte: about the megabyte that one query returns
_ORDERS: dict[str, tuple[str | None, bool]] = {
    "newest": (None, True),
    "price_asc": ("gsi1", False),
    "price_desc": ("gsi1", True),
    "title": ("gsi2", False),
}


def list_products(
    tenant_id: str, wanted: Wanted, sort: str, limit: int, cursor: dict[str, Any] | None
) -> Page[CardRecord]:
    """Up to ``limit`` cards that pass the filter, in the order asked for: by creation, lowest price or title.

    Only ``newest`` lists archived products too. Each order is an index, so a page costs what it shows; under a filter
    the reads grow as long as little is found. The order of titles is that of their folded characters.
    """
    index, descending = _ORDERS[sort]
    partition = CardRecord.partition(tenant_id, index)
    found: list[CardRecord] = []
    seen, size = 0, limit
    while seen < MOST_CARDS:
        page = CardRecord.page(partition, index=index, newest_first=descending, limit=size, cursor=cursor)
        _complete(tenant_id, page.items)
        for position, record in enumerate(page.items):
            if keeps(wanted, record.card):
                found.append(record)
            if len(found) == limit:
                ended = page.last_key is None and position == len(page.items) - 1
                return Page(found, None if ended else record.key_in(index))
        cursor = page.last_key
        if cursor is None:
            break
        seen += len(page.items)
        size = min(size * 4, _LARGEST_READ)
    return Page(found, cursor)


def active_called(tenant_id: str, title: str) -> list[CardRecord]:
    """The cards of products in the shop that are called exactly so, whatever the width and case of letters."""
    partition, prefix = CardRecord.partition(tenant_id, "gsi2"), CardRecord.sorted_by(title)
    found = CardRecord.every(partition, index="gsi2", begins_with=prefix)
    return [card for card in found if fold(card.title) == fold(title)]


def count_facets(tenant_id: str, wanted: Wanted) -> tuple[dict[str, list[tuple[str, int]]], bool]:
    """How many active products that pass a filter have each value, and whether all were looked at: the newest 5,000
    are. It reads their cards, half a kilobyte each.
    """
    cards: list[CardRecord] = []
    cursor: dict[str, Any] | None = None
    while len(cards) < MOST_CARDS:
        page = CardRecord.page(
            CardRecord.partition(tenant_id, None), newest_first=True, limit=_LARGEST_READ, cursor=cursor
        )
        _complete(tenant_id, page.items)
        cards += page.items
        cursor = page.last_key
        if cursor is None:
            break
    return facets(record.card for record in cards if keeps(wanted, record.card)), cursor is None


def pictures_of(tenant_id: str, product_ids: Iterable[str]) -> dict[str, str]:
    """The first picture of each product that has one, by the product's id. One batch read for each hundred."""
    wanted = [each for each in dict.fromkeys(product_ids) if each]
    cards: Sequence[CardRecord | None] = fetch_many(
        [(CardRecord, *CardRecord.address(tenant_id, each)) for each in wanted]
    )
    return {card.product_id: card.image for card in cards if card is not None and card.image}


def skus_in_stock(tenant_id: str) -> frozenset[str]:
    """The SKUs of which units are free on the shelf, by id. It reads the SKUs whose stock is tracked."""
    free = SkuRecord.every(stocked_skus(tenant_id), index="gsi1", where=SkuRecord.free > 0, limit=_LARGEST_READ)
    return frozenset(sku.sku_id for sku in free)


def _complete(tenant_id: str, cards: Sequence[CardRecord]) -> None:
    """Gives cards the origin that were last written before they had one: read from their products, and kept, so that
    it costs something once.
    """
    without = [card for card in cards if card.origin is None]
    for start in range(0, len(without), MOST_OPERATIONS):
        _keep_origins(tenant_id, without[start : start + MOST_OPERATIONS])


def _keep_origins(tenant_id: str, cards: Sequence[CardRecord]) -> None:
    found = fetch_many([(ProductRecord, *ProductRecord.address(tenant_id, card.product_id)) for card in cards])
    tx = Transaction()
    for card, product in zip(cards, found, strict=True):
        card.origin = product.origin if product is not None else ""
        absent = CardRecord.pk.exists() & CardRecord.origin.does_not_exist()
        place = CardRecord.address(tenant_id, card.product_id)
        tx.update(card.product_id, CardRecord, *place, actions=[CardRecord.origin.set(card.origin)], condition=absent)
    with suppress(Refused):  # a product was changed meanwhile, and its card with it: the next reading keeps the others
        tx.commit()
