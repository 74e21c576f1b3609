"""What stands on the accounts, and whether it is what the journals say."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from chalicelib.db import fetch_many
from chalicelib.settlement.books.model.accounts import balance_of
from chalicelib.settlement.books.model.journals import turnover
from chalicelib.settlement.books.model.proof import MoneyProof, differences, prove
from chalicelib.settlement.books.records import SHARDS, BalanceRecord, JournalRecord

_END = "~"
"""After every account's name."""


@dataclass(frozen=True, slots=True)
class Balance:
    """An account with all that was ever debited and credited to it, in minor units."""

    account: str
    debit_minor: int
    credit_minor: int
    entries: int

    @property
    def balance_minor(self) -> int:
        """Positive on the side on which accounts of its kind grow."""
        return balance_of(self.account, self.debit_minor, self.credit_minor)

    @property
    def turnover(self) -> tuple[int, int]:
        return self.debit_minor, self.credit_minor


@dataclass(frozen=True, slots=True)
class Recount:
    """Balances beside the sums of their entries: ``differences`` names the accounts that disagree, each with what is
    stored and what was counted; ``unbalanced`` the journals whose debits and credits differ. Both are empty, always.
    """

    journals: int
    differences: dict[str, tuple[tuple[int, int], tuple[int, int]]]
    unbalanced: list[str]


def page(tenant_id: str, after: str, limit: int) -> tuple[list[Balance], bool]:
    """Accounts by name, those after a name, and whether there are more; every one that was ever moved.

    An account may have a part in each of 16 shards, and no shard knows what another has: at most ``limit + 1`` parts of
    each are read, however many accounts there are.
    """
    parts: list[BalanceRecord] = []
    for shard in range(SHARDS):
        span = (f"{after}!" if after else "!", _END)
        found = BalanceRecord.page(
            BalanceRecord.partition(tenant_id, shard), between=span, limit=limit + 1, consistent=True
        )
        parts += found.items
    by_account = groupby(sorted(parts, key=attrgetter("sk")), key=attrgetter("sk"))
    # Within the first ``limit + 1`` names no shard was cut short, since each gave as many.
    summed = [_sum(account, list(of)) for account, of in by_account][: limit + 1]
    return summed[:limit], len(summed) > limit


def every(tenant_id: str) -> Iterator[Balance]:
    """Every account, by name."""
    after, more = "", True
    while more:
        found, more = page(tenant_id, after, 100)
        yield from found
        after = found[-1].account if found else ""


def balance(tenant_id: str, account: str) -> int:
    """An account's balance, read in one request; zero for one that was never moved."""
    addresses = [(BalanceRecord, *address) for address in BalanceRecord.addresses(tenant_id, account)]
    parts = [part for part in fetch_many(addresses, consistent=True) if part is not None]
    return _sum(account, parts).balance_minor


def proof(tenant_id: str) -> MoneyProof:
    """What became of all money that customers paid, from the accounts alone."""
    return prove({each.account: each.turnover for each in every(tenant_id)})


def recount(tenant_id: str) -> Recount:
    """Sums every entry of every journal again and compares. Reads all of the brand's journals: for checks, not routes.

    The list of journals is an index, which may lag behind for a moment: count while nothing is being booked.
    """
    counted: dict[str, tuple[int, int]] = {}
    unbalanced, journals = [], 0
    for journal in JournalRecord.every(JournalRecord.of_tenant(tenant_id), index="gsi1"):
        journals += 1
        if sum(entry.debit_minor for entry in journal.entries):
            unbalanced.append(journal.id)
        for account, (debit, credit) in turnover(journal.entries).items():
            before = counted.get(account, (0, 0))
            counted[account] = (before[0] + debit, before[1] + credit)
    stored = {each.account: each.turnover for each in every(tenant_id)}
    return Recount(journals, differences(stored, counted), unbalanced)


def _sum(account: str, parts: list[BalanceRecord]) -> Balance:
    names = ("debit_minor", "credit_minor", "entries")
    return Balance(account, *(sum(int(getattr(part, name)) for part in parts) for name in names))
