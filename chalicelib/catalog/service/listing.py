"""Lists of products, filtered and sorted, exact and bounded."""

from typing import Any

from chalicelib.catalog.model.listing import Wanted, keeps
from chalicelib.catalog.records import CardRecord
from chalicelib.db import Page

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
