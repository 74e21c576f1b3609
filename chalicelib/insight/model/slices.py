"""What a local day came to by campaign, channel, pickup point, category and product. Pure. In minor units.

An order has one campaign, one channel and one point, so their orders add up to those of the day; it may have several
products. Units, sales and discounts add up in every dimension. Members never do: they are united.

A day is kept as compressed columns, a row for each value, and divided where it is large.
"""

import json
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import accumulate
from typing import Any

from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.figures import Activity, Rollup, Totals

UNKNOWN = ""
"""The value of what is not known: of an order, or of goods of which nothing more is said."""

NO_GOODS = "\x1eno_goods"
"""The value, which no file can have, of what was paid for no goods, among products and categories: delivery, and money
kept of an order of which nothing was handed over.
"""

ROW_MEMBERS = 2**16
"""Members in one stored row; a value with more has several."""

_CHUNK_BYTES = 512 * 1024
"""A chunk before compression: digits and ids shrink by half, and an item holds 400 KB."""


class Dimension(StrEnum):
    """By what orders are divided."""

    CAMPAIGN = "campaign"
    CHANNEL = "channel"
    PICKUP_POINT = "pickup_point"
    CATEGORY = "category"
    PRODUCT = "product"

    @property
    def of_goods(self) -> bool:
        """Whether an order may have several values: it counts in each, with its part of units and money."""
        return self in {Dimension.CATEGORY, Dimension.PRODUCT}


@dataclass(frozen=True, slots=True)
class Slice:
    """Figures of one value: sums, what discounts took off by currency, and the ordinals of who ordered, ascending."""

    totals: Totals = field(default_factory=Totals)
    discount_minor: Mapping[str, int] = field(default_factory=dict)
    ordinals: Sequence[int] = ()

    @property
    def members(self) -> int:
        """Who ordered, as bits by ordinal: 125 KB for a brand of a million, so not for thousands of values at once."""
        return bitmaps.of(self.ordinals)


Slices = Mapping[str, Slice]
"""A day's figures by value."""


@dataclass(slots=True)
class _Sum:
    """A value's figures while they are added up."""

    orders: int = 0
    quantity: int = 0
    sales: dict[str, list[int]] = field(default_factory=dict)
    discount: dict[str, int] = field(default_factory=dict)
    who: "array[int]" = field(default_factory=lambda: array("I"))

    def order(self, each: Activity, units: int, minor: int, off: int) -> None:
        """Adds an order, or its part."""
        self.add(1, units, {each.currency: (1, minor)}, {each.currency: off} if off else {})
        self.who.append(each.ordinal)

    def add(
        self, orders: int, units: int, sales: Mapping[str, Sequence[int]], discount: Mapping[str, int]
    ) -> None:  # fmt: skip
        self.orders += orders
        self.quantity += units
        for currency, (count, minor) in sales.items():
            known = self.sales.setdefault(currency, [0, 0])
            known[0] += count
            known[1] += minor
        for currency, minor in discount.items():
            self.discount[currency] = self.discount.get(currency, 0) + minor

    def done(self) -> Slice:
        sales = {currency: (count, minor) for currency, (count, minor) in self.sales.items()}
        return Slice(Totals(self.orders, self.quantity, sales), self.discount, array("I", sorted(set(self.who))))


def day_slices(activities: Iterable[Activity]) -> dict[Dimension, dict[str, Slice]]:
    """A day by each dimension, from all its orders in any order. A dimension of which no value is known has none."""
    sums: dict[Dimension, dict[str, _Sum]] = {each: defaultdict(_Sum) for each in Dimension}
    for each in activities:
        for dimension, value in each.values():
            sums[Dimension(dimension)][value].order(each, each.quantity, each.amount_minor, each.discount_minor)
        for dimension in (Dimension.CATEGORY, Dimension.PRODUCT):
            for value, share in _shares(each, dimension).items():
                sums[dimension][value].order(each, *share)
    return {
        dimension: {value: found.done() for value, found in by_value.items()}
        for dimension, by_value in sums.items()
        if by_value.keys() - {UNKNOWN, NO_GOODS} or any(found.discount for found in by_value.values())
    }


def _shares(each: Activity, dimension: Dimension) -> dict[str, tuple[int, int, int]]:
    """An order's units, sales and discount by value. What its parts do not say of these is unknown, unless all of its
    units are said: then the rest was paid for no goods.
    """
    shares: dict[str, tuple[int, int, int]] = {}
    for part in each.parts:
        value = part.product_id if dimension is Dimension.PRODUCT else part.category
        units, minor, off = shares.get(value, (0, 0, 0))
        shares[value] = units + part.units, minor + part.amount_minor, off + part.off_minor
    units, minor, off = (
        whole - sum(share[at] for share in shares.values())
        for at, whole in enumerate((each.quantity, each.amount_minor, each.discount_minor))
    )
    if units or minor or off or not shares:
        rest = NO_GOODS if each.itemised else UNKNOWN
        known = shares.get(rest, (0, 0, 0))
        shares[rest] = known[0] + units, known[1] + minor, known[2] + off
    return shares


def pack(slices: Slices) -> dict[int, bytes]:
    """Chunk number to columns; equal slices give equal bytes."""
    chunks: dict[int, bytes] = {}
    rows: list[str] = []
    size = 0
    for row in (json.dumps(each, separators=(",", ":"), ensure_ascii=False) for each in _rows(slices)):
        if rows and size + len(row) > _CHUNK_BYTES:
            chunks[len(chunks)] = _packed(rows)
            rows, size = [], 0
        rows.append(row)
        size += len(row.encode())
    if rows:
        chunks[len(chunks)] = _packed(rows)
    return chunks


def _packed(rows: Sequence[str]) -> bytes:
    return zlib.compress(f"[{','.join(rows)}]".encode(), 9)


def _rows(slices: Slices) -> Iterator[list[Any]]:
    """Value, sums, discounts and steps between ordinals; the sums of a value with several rows stand in the first."""
    for value in sorted(slices):
        found = slices[value]
        who, sums = found.ordinals, found.totals.json()
        discount = {currency: found.discount_minor[currency] for currency in sorted(found.discount_minor)}
        for start in range(0, max(1, len(who)), ROW_MEMBERS):
            some = who[start : start + ROW_MEMBERS]
            steps = [after - before for before, after in zip([0, *some], some, strict=False)]
            yield [value, sums, discount, steps]
            sums, discount = Totals().json(), {}


def unpack(chunks: Iterable[bytes]) -> dict[str, Slice]:
    """The slices that :func:`pack` wrote, from all chunks of a day."""
    return merge(_read(chunk) for chunk in chunks)


def _read(chunk: bytes) -> Iterator[tuple[str, Slice]]:
    for value, sums, discount, steps in json.loads(zlib.decompress(chunk)):
        yield value, Slice(Totals.parse(sums), discount, array("I", accumulate(steps)))


def of_range(divided: Iterable[tuple[date, Slices]], days: Mapping[date, Rollup]) -> dict[str, Slice]:
    """A range from its days as they are divided, one at a time, and their aggregates: of a day that is not divided
    everything is unknown. A day whose orders all went away has nothing.
    """
    seen: set[date] = set()

    def parts() -> Iterator[Iterable[tuple[str, Slice]]]:
        for on, each in divided:
            if on in days:
                seen.add(on)
                yield each.items()
        for on in [each for each in days if each not in seen and days[each].hours]:
            yield [(UNKNOWN, Slice(days[on].totals, {}, list(bitmaps.ordinals(days[on].members))))]

    return merge(parts())


def merge(parts: Iterable[Iterable[tuple[str, Slice]]]) -> dict[str, Slice]:
    """A longer period from its days' items: sums are added, members united."""
    sums: dict[str, _Sum] = defaultdict(_Sum)
    for part in parts:
        for value, each in part:
            found = sums[value]
            found.add(each.totals.orders, each.totals.quantity, each.totals.sales, each.discount_minor)
            found.who.extend(each.ordinals)
    return {value: found.done() for value, found in sums.items()}
