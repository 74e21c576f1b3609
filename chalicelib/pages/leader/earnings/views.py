"""A statement as a leader reads it: order by order."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.settlement.books.model.movements import Movement
from chalicelib.settlement.statements.views import LineView

_OF_NO_ORDER = {Movement.CASH_HANDED_IN, Movement.PAID, Movement.GOODS_RECEIVED}


@dataclass(frozen=True, slots=True)
class Entry:
    """An ``order`` with all that it moved, or with no order a single movement; what it changed in minor units."""

    order: str
    lines: list[LineView]

    @property
    def cash_minor(self) -> int:
        return sum(line.moved.cash.amount_minor for line in self.lines)

    @property
    def payable_minor(self) -> int:
        return sum(line.moved.payable.amount_minor for line in self.lines)

    @property
    def frozen_minor(self) -> int:
        return sum(line.moved.frozen.amount_minor for line in self.lines)


def entries(lines: Sequence[LineView]) -> list[Entry]:
    """The lines by the orders that they are about, each where its first stands."""
    found: dict[str, Entry] = {}
    for line in lines:
        own = line.kind in _OF_NO_ORDER
        entry = Entry("" if own else line.reference, [])
        found.setdefault(line.journal_id if own else line.reference, entry).lines.append(line)
    return list(found.values())
