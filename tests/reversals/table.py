"""Reads `reversals.md`: what goes back of orders, as people write it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

COLUMNS = 12


@dataclass(frozen=True)
class Goods:
    """Units of an offer at a price in minor units; where it has a ``final`` price, that is reached by these units."""

    name: str
    units: int
    price_minor: int
    final_minor: int | None = None


@dataclass(frozen=True)
class Row:
    """An order of the table, what happens to it, and what is expected of it afterwards; amounts in minor units."""

    number: str
    given: str
    basket: list[Goods]
    lowered: list[str]
    steps: list[str]
    back: list[int]
    """The money that goes back at each step at which any does."""
    kept: dict[str, int]
    """What each line is paid with still, by its goods; ``delivery`` among them."""
    points: tuple[int, int]
    """Points that pay for it still, and points that it has earned."""
    coupon: str
    budget: list[int]
    """What the order holds of each budget, in the order of what lowers its price; the coupon's last."""
    commission: int
    told: str
    """Words of a message to its member."""


def rows(page: Path) -> Iterator[Row]:
    """Every order of the page."""
    for text in page.read_text().splitlines():
        cells = [cell.strip() for cell in text.split("|")[1:-1]]
        if cells and cells[0].isdecimal():
            assert len(cells) == COLUMNS, text
            yield _row(cells)


def _row(cells: list[str]) -> Row:
    number, given, basket, lowered, steps, back, kept, points, coupon, budget, commission, told = cells
    spent, _, earned = points.partition(" + ")
    return Row(
        number,
        given,
        [_goods(part) for part in basket.split(", ")],
        [part for part in lowered.split("; ") if part],
        steps.split("; "),
        [minor(part) for part in back.split(", ") if part],
        {name: minor(amount) for name, amount in re.findall(r"(\w+) ([\d.]+)", kept)},
        (int(spent or 0), int(earned or 0)),
        coupon,
        [minor(part) for part in budget.split(", ") if part],
        minor(commission or "0"),
        told,
    )


def _goods(text: str) -> Goods:
    name, amount, *final = text.split()
    units, price = amount.split("x")
    return Goods(name, int(units), minor(price), minor(final[1]) if final else None)


def minor(text: str) -> int:
    """An amount in yuan, in fen."""
    return int(Decimal(text) * 100)
