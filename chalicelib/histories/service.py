"""Keeping purchases, and reading a member's history of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from chalicelib.db import InsightRecord, delete_many, put_many_at_once
from chalicelib.histories.model import History, Purchase
from chalicelib.histories.records import PurchaseRecord
from chalicelib.members.linking.service.sources import sources_of


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase, and the ordinal of whose it is; of no units and no amount where nothing of it ``stands``."""

    ordinal: int
    purchase: Purchase
    stands: bool = True


def keep(tenant_id: str, bought: Iterable[Bought], along: Iterable[InsightRecord] = ()) -> None:
    """Brings purchases to how they stand: each is written over what stood, or removed. To repeat it is harmless.
    ``along`` are records that are written with them, in the same requests; none of all comes twice.
    """
    known = list(bought)
    standing = (PurchaseRecord.of(tenant_id, each.ordinal, each.purchase) for each in known if each.stands)
    put_many_at_once(chain(along, standing))
    delete_many((PurchaseRecord, *_place(tenant_id, each)) for each in known if not each.stands)


def _place(tenant_id: str, bought: Bought) -> tuple[str, str]:
    what = bought.purchase
    return PurchaseRecord.address(tenant_id, bought.ordinal, what.on, what.source, imported=what.imported)


def purchases_of(
    tenant_id: str, ordinal: int, from_on: date | None = None, to_on: date | None = None
) -> list[Purchase]:
    """What a member bought in a period, both local days included, oldest first; also what was recorded under another
    ordinal whose history has become theirs.
    """
    return list(histories_of(tenant_id, [ordinal], from_on, to_on)[ordinal].purchases)


def history_of(tenant_id: str, ordinal: int) -> History:
    """All that a member bought."""
    return histories_of(tenant_id, [ordinal])[ordinal]


def histories_of(
    tenant_id: str, ordinals: Sequence[int], from_on: date | None = None, to_on: date | None = None
) -> dict[int, History]:
    """The histories of several members, by ordinal: one request for each, and one or two for who has become them."""
    sources = sources_of(tenant_id, ordinals)
    return {
        ordinal: History.of(
            record.purchase
            for source in (ordinal, *sources.get(ordinal, ()))
            for record in PurchaseRecord.of_member(tenant_id, source, from_on, to_on)
        )
        for ordinal in dict.fromkeys(ordinals)
    }


def first_and_last(tenant_id: str, ordinal: int) -> tuple[date, date] | None:
    """The first and the last local day with a purchase that stands; None without one. Two reads of one item each
    for every ordinal that it is recorded under.
    """
    ends: list[date] = []
    for source in (ordinal, *sources_of(tenant_id, [ordinal]).get(ordinal, ())):
        partition = PurchaseRecord.partition(tenant_id, source)
        for newest_first in (False, True):
            page = PurchaseRecord.page(partition, limit=1, newest_first=newest_first, consistent=True)
            ends += [each.on for each in page.items]
    return (min(ends), max(ends)) if ends else None
