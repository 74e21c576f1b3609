"""What the books must say at any moment at which no message is under way (I1 and I4)."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.settlement.books.model import accounts as chart

Turnovers = Mapping[str, tuple[int, int]]
"""Debits and credits of each account, both positive, in minor units."""


@dataclass(frozen=True, slots=True)
class MoneyProof:
    """All money that customers paid, and what became of it, in minor units.

    ``captured``: everything that providers or pickup points took in. ``refunded``: what has arrived back at customers.
    ``settled``: the brand's own, less returns. ``held``: what still belongs to customers, refunds under way among it.
    """

    captured: int
    settled: int
    refunded: int
    held: int

    @property
    def holds(self) -> bool:
        """Whether no cent is missing or made up, and none was given back that had not come in."""
        return self.captured == self.settled + self.refunded + self.held and self.refunded <= self.captured


def prove(turnovers: Turnovers) -> MoneyProof:
    """The proof, from the accounts alone.

    Providers' clearing and cash are debited by nothing but customers' money, and refunds payable by nothing but
    refunds that arrived; the transfers to the bank, fees and netting are on their other sides. What leaders were paid
    back of cash that they had advanced has accounts of its own.
    """
    taken_in = [debit for account, (debit, _) in turnovers.items() if chart.is_from_customers(account)]
    settled = sum(_credit(turnovers, each) for each in (chart.SALES, chart.DELIVERY, chart.FORFEITED, chart.RETURNS))
    held = sum(_credit(turnovers, each) for each in (chart.FUNDS, chart.DEPOSITS, chart.REFUNDS))
    refunded = turnovers.get(chart.REFUNDS, (0, 0))[0]
    return MoneyProof(sum(taken_in), settled, refunded, held)


def _credit(turnovers: Turnovers, account: str) -> int:
    debit, credit = turnovers.get(account, (0, 0))
    return credit - debit


def differences(stored: Turnovers, counted: Turnovers) -> dict[str, tuple[tuple[int, int], tuple[int, int]]]:
    """The accounts whose stored turnover is not the sum of their entries; empty where all agree."""
    nothing = (0, 0)
    return {
        account: (stored.get(account, nothing), counted.get(account, nothing))
        for account in sorted({*stored, *counted})
        if stored.get(account, nothing) != counted.get(account, nothing)
    }
