"""Spending budgets: counted by conditions inside the writes, so that of many at once no more pass than may."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pynamodb.expressions.condition import Condition

from chalicelib.db import Record, Refused, Transaction
from chalicelib.rate_limits.model import LIMITS, Budget, LimitReached, Ways
from chalicelib.rate_limits.records import SpentBudget
from chalicelib.settings import settings


class UnknownLimit(LookupError):
    """The setting LIMITS names a limit that does not exist: it would be left out without a word."""


def most(limit: str) -> int:
    """How many a limit allows: by the setting LIMITS, else its usual number."""
    given = settings().limits
    if unknown := given.keys() - LIMITS.keys():
        raise UnknownLimit(f"LIMITS names {', '.join(sorted(unknown))}; there are {', '.join(LIMITS)}")
    return given.get(limit, LIMITS[limit].most)


def take(budgets: Sequence[Budget], now: datetime) -> None:
    """Takes one of each budget, or nothing. Raises LimitReached for the first that is spent, with the time to wait."""
    tx = Transaction()
    spend(tx, budgets, now)
    try:
        tx.commit()
    except Refused as refused:
        raise spent_of(refused, budgets, now) or refused from refused


def let_through(ways: Ways, now: datetime) -> LimitReached | None:
    """Takes the first of several sets of budgets that are all left; else answers which budget of the last was spent."""
    reached: LimitReached | None = None
    for budgets in ways:
        if not budgets:
            return None
        try:
            take(budgets, now)
        except LimitReached as spent:
            reached = spent
        else:
            return None
    return reached


def spend(tx: Transaction, budgets: Iterable[Budget], now: datetime) -> None:
    """Adds the taking of one of each budget to a transaction; :func:`spent_of` reads its refusal."""
    for budget in budgets:
        tx.update(
            _named(budget),
            SpentBudget,
            *SpentBudget.address(budget, now),
            actions=[SpentBudget.used.add(1), SpentBudget.expires_at.set(budget.ends(now))],
            condition=_has_left(most(budget.limit)),
        )


def give_back(tx: Transaction, budgets: Iterable[Budget], now: datetime) -> None:
    """Adds to a transaction that one of each budget, taken a moment ago, was not used after all."""
    for budget in budgets:
        tx.update(
            _named(budget),
            SpentBudget,
            *SpentBudget.address(budget, now),
            actions=[SpentBudget.used.add(-1), SpentBudget.expires_at.set(budget.ends(now))],
        )


def spent_of(refused: Refused, budgets: Iterable[Budget], now: datetime) -> LimitReached | None:
    """What a refused transaction met: the first budget of these that is spent, or None."""
    return next((budget.reached(now) for budget in budgets if _named(budget) in refused.names), None)


def look_at(budget: Budget, now: datetime) -> tuple[type[Record], str, str]:
    """Where to read what is spent of a budget, for a batch of reads."""
    return (SpentBudget, *SpentBudget.address(budget, now))


def is_spent(budget: Budget, found: SpentBudget | None) -> bool:
    """Whether nothing is left of a budget, by what was read of it."""
    return (int(found.used) if found is not None else 0) >= most(budget.limit)


def _has_left(allowed: int) -> Condition:
    left: Condition = SpentBudget.used < allowed
    return SpentBudget.used.does_not_exist() | left if allowed > 0 else left


def _named(budget: Budget) -> str:
    return f"budget:{budget.limit}"
