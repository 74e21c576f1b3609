"""Journals: what one cause moved between accounts. Balanced, and never changed afterwards."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from chalicelib.kernel.ids import derived_id
from chalicelib.settlement.books.model.accounts import kind_of

Side = Literal["debit", "credit"]
Debits = Mapping[str, int]
"""Movements by account in minor units: a debit is positive, a credit negative."""


class Unbalanced(ValueError):
    """Debits and credits differ: a defect of ours, since rules make journals and people do not. Nothing is written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount above zero, in minor units, on one side of an account."""

    account: str
    side: Side
    amount_minor: int

    @property
    def debit_minor(self) -> int:
        """As a movement: debits are positive, credits negative."""
        return self.amount_minor if self.side == "debit" else -self.amount_minor

    def as_json(self) -> list[Any]:
        return [self.account, self.side[0], self.amount_minor]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        account, side, amount_minor = stored
        return cls(account, "debit" if side == "d" else "credit", amount_minor)


def journal_id(tenant_id: str, cause: str) -> str:
    """A cause has one journal: its id follows from it."""
    return derived_id(tenant_id, "journal", cause)


def summed(*movements: Debits) -> dict[str, int]:
    """Movements of one journal together; what cancels out is gone."""
    total: Counter[str] = Counter()
    for each in movements:
        total.update(each)
    return {account: amount for account, amount in total.items() if amount}


def entries_of(movements: Debits) -> tuple[Entry, ...]:
    """The entries of a journal, debits first. Raises Unbalanced, and KeyError for an account outside the chart."""
    moved = {account: amount for account, amount in movements.items() if amount}
    if sum(moved.values()) != 0:
        raise Unbalanced(f"debits and credits differ by {sum(moved.values())}: {moved}")
    for account in moved:
        kind_of(account)
    by_side = sorted(moved.items(), key=lambda each: (each[1] < 0, each[0]))
    return tuple(Entry(account, "debit" if amount > 0 else "credit", abs(amount)) for account, amount in by_side)


def turnover(entries: Iterable[Entry]) -> dict[str, tuple[int, int]]:
    """What entries add to each account: debits and credits, both as positive amounts."""
    totals: dict[str, tuple[int, int]] = {}
    for entry in entries:
        debit, credit = totals.get(entry.account, (0, 0))
        moved = entry.debit_minor
        totals[entry.account] = (debit + max(0, moved), credit + max(0, -moved))
    return totals
