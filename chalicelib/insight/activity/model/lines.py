"""Rows become orders: neighbouring rows of one reference are the lines of one order. Pure.

Quantities and amounts of the lines add up. An order one of whose lines cannot be taken is left out whole: a part of it
would have a wrong amount, and would keep its reference from the corrected file.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.insight.activity.model.csv import Row
from chalicelib.insight.activity.model.fields import BadRow, clean
from chalicelib.insight.activity.model.reasons import Reason
from chalicelib.insight.activity.model.rows import OPTIONAL, OrderRow
from chalicelib.insight.model.figures import Sold

MOST_LINES = 200
"""Rows of one order."""

Parse = Callable[[Sequence[str], bool], OrderRow]
"""Makes an order of a row's values; the second says whether it follows another row of its order."""


@dataclass(slots=True)
class Orders:
    """What some rows come to: orders by the number of their first row, the numbers of all their rows, and what is
    wrong, by row.
    """

    good: list[tuple[int, OrderRow]] = field(default_factory=list)
    numbers: dict[int, list[int]] = field(default_factory=dict)
    bad: list[tuple[int, Reason]] = field(default_factory=list)


def slices(rows: Iterable[Row], size: int, ref_at: int) -> Iterator[list[Row]]:
    """The rows in parts of about this size, which begin at the same rows whenever they are read again. No order is
    divided between two, unless it has more rows than it may.
    """
    part: list[Row] = []
    for row in rows:
        if len(part) >= size and not (_goes_on(row, part, ref_at) and len(part) < size + MOST_LINES):
            yield part
            part = []
        part.append(row)
    if part:
        yield part


def last_ref(rows: Sequence[Row], ref_at: int) -> str | None:
    """The reference of the last row that has one."""
    return next((ref for row in reversed(rows) if (ref := _ref(row, ref_at))), None)


def orders(rows: Sequence[Row], ref_at: int, before: str | None, parse: Parse) -> Orders:
    """The rows of a slice as orders. ``before`` is the reference with which the slice before ended: rows that go on
    with it, at the beginning of this one, belong to an order of too many.
    """
    found = Orders()
    for run in _runs(rows, ref_at):
        goes_on = before is not None and _ref(run[0], ref_at) == before
        _take(run, found, parse, too_many=goes_on or len(run) > MOST_LINES)
        before = before if goes_on or run[0].problem else None
    return found


def _goes_on(row: Row, part: Sequence[Row], ref_at: int) -> bool:
    """Whether a row may belong to the order with which a part ends: one that cannot be read may."""
    return row.problem is not None or _ref(row, ref_at) == last_ref(part, ref_at)


def _ref(row: Row, ref_at: int) -> str:
    """The reference as the order has it, whatever is around it in the file."""
    try:
        return clean("order_ref", row.values[ref_at]) if row.values else ""
    except BadRow:
        return row.values[ref_at]


def _runs(rows: Sequence[Row], ref_at: int) -> Iterator[list[Row]]:
    """Neighbours of one reference. A row that cannot be read belongs to those that stand on both sides of it."""
    run: list[Row] = []
    torn: list[Row] = []
    for row in rows:
        if row.problem:
            torn.append(row)
        elif run and (ref := _ref(row, ref_at)) and ref == _ref(run[0], ref_at):
            run += [*torn, row]
            torn = []
        else:
            yield from ([run] if run else [])
            yield from ([each] for each in torn)
            run, torn = [row], []
    yield from ([run] if run else [])
    yield from ([each] for each in torn)


def _take(run: Sequence[Row], found: Orders, parse: Parse, *, too_many: bool) -> None:
    lines: list[OrderRow] = []
    wrong: dict[int, Reason] = {}
    for row in run:
        try:
            lines.append(_line(row, lines, parse))
        except BadRow as bad:
            wrong[row.number] = bad.reason
    if too_many:
        wrong = {row.number: wrong.get(row.number, _TOO_MANY) for row in run}
    if wrong:
        others = Reason(
            f"the order is left out, because its row {min(wrong)} is wrong",
            f"同一订单的第 {min(wrong)} 行有误，整单未导入",
        )
        found.bad += [(row.number, wrong.get(row.number, others)) for row in run]
        return
    first = run[0].number
    found.good.append((first, _united(lines)))
    found.numbers[first] = [row.number for row in run]


_TOO_MANY = Reason(f"the order has more than {MOST_LINES} rows", f"该订单超过 {MOST_LINES} 行")


def _line(row: Row, earlier: Sequence[OrderRow], parse: Parse) -> OrderRow:
    """A row as a line of its order. Raises BadRow where it contradicts the lines before it."""
    if row.problem:
        raise BadRow(*row.problem)
    line = parse(row.values, bool(earlier))
    for name in ("member", "ordered_on", "currency"):
        if earlier and getattr(line, name) != getattr(earlier[0], name):
            raise BadRow(
                f"{name} differs from that of the rows before it, which belong to the same order",
                f"{name} 与同一订单的前几行不一致",
            )
    return line


def _united(lines: Sequence[OrderRow]) -> OrderRow:
    """One order of all lines; what they say of their goods differently is said by the lines alone."""
    if len(lines) == 1:
        return lines[0]
    goods: Any = {
        name: getattr(lines[0], name) if len({getattr(line, name) for line in lines}) == 1 else "" for name in OPTIONAL
    }
    return replace(
        lines[0],
        quantity=sum(line.quantity for line in lines),
        amount_minor=sum(line.amount_minor for line in lines),
        discount_minor=sum(line.discount_minor for line in lines),
        lines=tuple(line.fingerprint for line in lines),
        parts=() if goods["product_code"] and goods["category"] else _parts(lines),
        **goods,
    )


def _parts(lines: Sequence[OrderRow]) -> tuple[Sold, ...]:
    """What was sold by product, where the lines name any. An amount that stands in the first line alone is the whole
    order's, and that of no product.
    """
    of_order = not any(line.amount_minor for line in lines[1:])
    found: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        if line.product_code or line.category:
            sums = found.setdefault((line.product_code, line.category), [0, 0, 0])
            for at, each in enumerate((line.quantity, 0 if of_order else line.amount_minor, line.discount_minor)):
                sums[at] += each
    return tuple(Sold(*goods, *sums) for goods, sums in found.items())
