"""What it moves that a complaint was made good otherwise than with money, by who bears it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.journals import Debits, summed
from chalicelib.settlement.books.model.parties import Party

PLATFORM = "platform"
LINE = "remedy"
"""How the cause of a journal begins that books what a remedy costs."""


@dataclass(frozen=True, slots=True)
class RemedyCost:
    """So much a remedy costs by now, in minor units, and who bears that: ``leader``, ``supplier:…`` or ``platform``;
    the brand where it is empty. ``goods`` says that it is the cost of goods from the shelf; else it is what a member
    pays with instead of money.
    """

    name: str
    amount_minor: int
    borne_by: str = ""
    goods: bool = False

    @property
    def supplier_id(self) -> str | None:
        """The supplier that bears it, if one does."""
        who, _, supplier_id = self.borne_by.partition(":")
        return supplier_id if who == Party.SUPPLIER else None

    @property
    def moved(self) -> Debits:
        """What it moves. What the leader bears is taken off the commission instead, as far as that goes."""
        amount = self.amount_minor
        borne: Debits = {}
        if self.supplier_id is not None:
            borne = {chart.supplier_payable(self.supplier_id): amount, chart.REMEDIES: -amount}
        elif self.borne_by == PLATFORM:
            borne = {chart.PLATFORM: amount, chart.REMEDIES: -amount}
        return summed({chart.REMEDIES: amount, chart.INVENTORY if self.goods else chart.IN_KIND: -amount}, borne)

    def as_json(self) -> list[Any]:
        """As a book keeps it, by its name."""
        return [self.amount_minor, self.borne_by, int(self.goods)]

    @classmethod
    def from_json(cls, name: str, stored: Sequence[Any]) -> Self:
        return cls(name, int(stored[0]), str(stored[1]), bool(stored[2]))


Booked = Mapping[str, Sequence[Any]]
"""What is booked of remedies, by their names, as a book keeps it."""


def brought_up_to(booked: Booked, cost: RemedyCost) -> tuple[dict[str, Sequence[Any]], Debits]:
    """What is booked once a remedy costs so much, and what that moves: nothing where it is booked so already."""
    before = booked.get(cost.name)
    after = {name: stored for name, stored in booked.items() if name != cost.name}
    if cost.amount_minor:
        after[cost.name] = cost.as_json()
    back = RemedyCost.from_json(cost.name, before).moved if before else {}
    return after, summed(cost.moved, {account: -amount for account, amount in back.items()})


def of_leader(booked: Booked) -> int:
    """What the leader is to bear of remedies, as far as the commission goes."""
    costs = [RemedyCost.from_json(name, stored) for name, stored in booked.items()]
    return sum(each.amount_minor for each in costs if each.borne_by == Party.LEADER)


def suppliers(*booked: Booked) -> list[str]:
    """The suppliers that bear anything of remedies."""
    costs = [RemedyCost.from_json(name, stored) for each in booked for name, stored in each.items()]
    return list(dict.fromkeys(each.supplier_id for each in costs if each.supplier_id is not None))
