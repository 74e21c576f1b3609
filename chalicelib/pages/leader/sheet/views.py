"""A sorting list as people pack by it."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.fulfilment.sorting.views.sheets import MemberShareView, ParcelItemView, ParcelView
from chalicelib.orders.model import Status

MOST_MEMBERS = 60
"""Of a part: as many as a phone loads and scrolls through with ease."""


@dataclass(frozen=True, slots=True)
class Heap:
    """Units of a product, and for whom: each member with the parcel that it goes into."""

    title: str
    quantity: int
    parts: list[tuple[MemberShareView, ParcelView, ParcelItemView]]


def heaps(members: Sequence[MemberShareView]) -> list[Heap]:
    """The products of all parcels that are not handed over, each with who gets how many of it."""
    found: dict[tuple[str, str], list[tuple[MemberShareView, ParcelView, ParcelItemView]]] = {}
    for share in members:
        for parcel in share.orders:
            if not is_done(parcel):
                for item in parcel.items:
                    found.setdefault((item.sku_id, item.title), []).append((share, parcel, item))
    return [Heap(title, sum(item.quantity for *_, item in parts), parts) for (_, title), parts in found.items()]


def is_done(parcel: ParcelView) -> bool:
    """Whether all of it was handed over."""
    return parcel.status is Status.PICKED_UP


def parts_of(members: Sequence[MemberShareView]) -> list[Sequence[MemberShareView]]:
    """The members in parts that can be looked at, at least one."""
    return [members[start : start + MOST_MEMBERS] for start in range(0, len(members), MOST_MEMBERS)] or [members]
