"""Product standings: how products stand with those who buy them, and lists sorted and narrowed by that."""

from collections.abc import Collection, Sequence
from typing import Any

from chalicelib.catalog.model.listing import Wanted, keeps
from chalicelib.catalog.records import ACTIVE, CardRecord, StandingRecord
from chalicelib.db import Page, fetch_many

MOST_LOOKED_AT = 5_000
"""Products that one request looks at. Where few of them fit, a short page has a next cursor."""

_LARGEST_READ = 400
SORTS = {"rating": "gsi1", "sales": "gsi2"}
"""The orders of a list that follow from standings, and the index of each."""


def standings(tenant_id: str, product_ids: Collection[str]) -> dict[str, StandingRecord]:
    """How products stand, by id, as far as anything is known. One batch read for each hundred."""
    wanted = list(dict.fromkeys(product_ids))
    found = fetch_many([(StandingRecord, *StandingRecord.address(tenant_id, each)) for each in wanted])
    return {each: standing for each, standing in zip(wanted, found, strict=True) if standing is not None}


def standing_so(tenant_id: str, min_rating: int | None, min_sold: int | None) -> frozenset[str] | None:
    """The products that have so many stars on average, and of which so many units were sold lately, by id; None where
    neither is asked. It reads the standings of all that have any, a third of a kilobyte each.
    """
    found: frozenset[str] | None = None
    if min_rating is not None:
        rated = StandingRecord.every(StandingRecord.partition(tenant_id, "gsi1"), index="gsi1", limit=_LARGEST_READ)
        found = frozenset(each.product_id for each in rated if (each.ratings.tenths or 0) >= 10 * min_rating)
    if min_sold is not None:
        least = (f"{min_sold:016d}", "~")
        partition = StandingRecord.partition(tenant_id, "gsi2")
        sold = frozenset(
            each.product_id
            for each in StandingRecord.every(partition, index="gsi2", between=least, limit=_LARGEST_READ)
        )
        found = sold if found is None else found & sold
    return found


def list_by_standing(
    tenant_id: str, wanted: Wanted, sort: str, limit: int, cursor: dict[str, Any] | None
) -> Page[CardRecord]:
    """Up to ``limit`` active products that pass a filter, the best first; behind those of which something is known the
    others, the newest first.
    """
    found: list[CardRecord] = []
    index, seen, size = SORTS[sort], 0, limit
    others, key = ("rest" in cursor, cursor.get("rest") or cursor.get("known")) if cursor else (False, None)
    while seen < MOST_LOOKED_AT:
        cards, keys, last = (_others if others else _known)(tenant_id, index, size, key)
        for n, card in enumerate(cards):
            if card is not None and card.status == ACTIVE and keeps(wanted, card.card):
                found.append(card)
            if len(found) == limit:
                if n < len(cards) - 1 or last is not None:
                    return Page(found, _cursor(others, keys[n]))
                return Page(found, None if others else _cursor(True, None))
        seen += len(cards)
        key = last
        if key is None and others:
            return Page(found, None)
        others = others or key is None
        size = min(size * 4, _LARGEST_READ)
    return Page(found, _cursor(others, key))


def _cursor(others: bool, key: dict[str, Any] | None) -> dict[str, Any]:
    return {"rest": key} if others else {"known": key}


_Read = tuple[Sequence[CardRecord | None], Sequence[dict[str, Any]], dict[str, Any] | None]
"""Cards, the key of each as the list goes on behind it, and that of the last where it does go on."""


def _known(tenant_id: str, index: str, limit: int, key: dict[str, Any] | None) -> _Read:
    partition = StandingRecord.partition(tenant_id, index)
    page = StandingRecord.page(partition, index=index, newest_first=True, limit=limit, cursor=key)
    cards = fetch_many([(CardRecord, *CardRecord.address(tenant_id, each.product_id)) for each in page.items])
    return cards, [each.key_in(index) for each in page.items], page.last_key


def _others(tenant_id: str, index: str, limit: int, key: dict[str, Any] | None) -> _Read:
    page = CardRecord.page(CardRecord.partition(tenant_id, None), newest_first=True, limit=limit, cursor=key)
    known = standings(tenant_id, [card.product_id for card in page.items])
    cards = [
        None if (standing := known.get(card.product_id)) is not None and standing.stands_in(index) else card
        for card in page.items
    ]
    return cards, [card.key_in() for card in page.items], page.last_key
