"""Who is paid what: leaders and suppliers, how things stand with them, and what a journal moves for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.pricing.model.tax import Tax, read_tax
from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.journals import Debits


class Party(StrEnum):
    """Who is paid what."""

    LEADER = "leader"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with a party, in minor units. ``payable``: owed to the party; ``cash``: the brand's money that a
    leader collected at pickup and still has; ``frozen``: commission whose after-sale window has not ended.
    """

    payable_minor: int = 0
    cash_minor: int = 0
    frozen_minor: int = 0

    @property
    def due_minor(self) -> int:
        """What is to be paid to the party now; below zero, what the leader is to hand over."""
        return self.payable_minor - self.cash_minor

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(
            self.payable_minor + other.payable_minor,
            self.cash_minor + other.cash_minor,
            self.frozen_minor + other.frozen_minor,
        )

    def as_json(self) -> list[int]:
        return [self.payable_minor, self.cash_minor, self.frozen_minor]


@dataclass(frozen=True, slots=True)
class Line:
    """A journal as it concerns one party. ``reference`` is the order, receipt or statement that it was made for;
    ``tax`` the tax in what it sold for a leader, took back, or bought of a supplier, by rate.
    """

    at: datetime
    journal_id: str
    cause: str
    reference: str
    moved: Standing
    tax: Tax = ()

    def as_json(self) -> list[Any]:
        """As a statement stores it; the tax only where there is some."""
        stored = [sortable(self.at), self.journal_id, self.cause, self.reference, *self.moved.as_json()]
        return [*stored, [each.as_json() for each in self.tax]] if self.tax else stored

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        at, journal, cause, reference, payable, cash, frozen, *tax = stored
        moved = Standing(payable, cash, frozen)
        return cls(parse_instant(at), journal, cause, reference, moved, read_tax(tax[0] if tax else None))


def party_movement(party: Party, party_id: str, moved: Debits) -> Standing:
    """What a journal's movements mean for one party; zero where it has no part in them."""
    if party is Party.SUPPLIER:
        return Standing(payable_minor=-moved.get(chart.supplier_payable(party_id), 0))
    cash = sum(amount for account, amount in moved.items() if account.startswith(chart.cash_of(party_id)))
    payable = -moved.get(chart.commission_payable(party_id), 0)
    return Standing(payable, cash, -moved.get(chart.commission_frozen(party_id), 0))
