"""Which stock buckets give an order's units. Pure."""

import zlib
from collections.abc import Sequence

from chalicelib.orders.model import Take


def first_bucket(order_id: str, offer_id: str, buckets: int) -> int:
    """The bucket that an order asks first; orders spread over all of them."""
    return zlib.crc32(f"{order_id}{offer_id}".encode()) % buckets


def take_units(free: Sequence[int], units: int, first: int) -> tuple[Take, ...] | None:
    """Where to take units when each bucket has so many free; None where all together have too few.

    The first bucket from ``first`` on that has enough gives all of them. Only where none has, the units are gathered,
    from the fullest bucket down, so that an order touches few.
    """
    for step in range(len(free)):
        bucket = (first + step) % len(free)
        if free[bucket] >= units:
            return (Take(bucket, units),)
    if sum(free) < units:
        return None
    takes = []
    for bucket in sorted(range(len(free)), key=lambda n: (-free[n], n)):
        taken = min(free[bucket], units)
        takes.append(Take(bucket, taken))
        units -= taken
        if units == 0:
            break
    return tuple(takes)
