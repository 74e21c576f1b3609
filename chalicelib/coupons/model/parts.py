"""How the number of uses and the budget of a batch are divided, so that no item is written too often. Pure.

A use takes from one part: one of its uses, and the amount from its budget. What is left over in the parts is united
before a use is refused, so that a budget is spent to the last use that it pays for.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

MOST_PARTS = 20
"""At 5,000 orders a second 250 for each part: half of the about 500 transactional writes that DynamoDB takes."""

_USES_A_PART = 100
UNLIMITED = 10**15
"""What a part has of a number that nobody has limited: more than anything of the product comes to."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a part has left: uses, and minor units of the budget."""

    uses: int
    budget_minor: int

    def pays(self, amount_minor: int) -> bool:
        """Whether it has one more use, of so much."""
        return self.uses >= 1 and self.budget_minor >= amount_minor


def number_of_parts(total: int | None, budget_minor: int | None, one_use_minor: int | None) -> int:
    """Into how many parts a batch is divided: by how many uses there can be, 20 at most, and where nothing says so."""
    by_budget = None if budget_minor is None or not one_use_minor else budget_minor // one_use_minor
    uses = min((each for each in (total, by_budget) if each is not None), default=None)
    return MOST_PARTS if uses is None else min(MOST_PARTS, max(1, uses // _USES_A_PART))


def divided(amount: int | None, parts: int) -> list[int]:
    """A number over parts as evenly as it goes, the first ones taking what is left over; None is without limit."""
    if amount is None:
        return [UNLIMITED] * parts
    each, over = divmod(amount, parts)
    return [each + (1 if n < over else 0) for n in range(parts)]


def raised_by(before: float | None, after: float | None) -> int | None:
    """By how much a number was raised, 0 where it stays; None where it was lowered, or limits no more, or does now."""
    if before == after:
        return 0
    if before is None or after is None or after < before:
        return None
    return int(after - before)


def first_part(seed: str, parts: int) -> int:
    """The part that is asked first; orders spread over all of them."""
    return zlib.crc32(seed.encode()) % parts


def part_that_pays(left: Sequence[Left], amount_minor: int, first: int) -> int | None:
    """The first part from ``first`` on that has enough for a use; None where no single one has."""
    for step in range(len(left)):
        part = (first + step) % len(left)
        if left[part].pays(amount_minor):
            return part
    return None


def together(left: Sequence[Left]) -> Left:
    """What all parts have left; no more than without limit."""
    uses, budget = sum(each.uses for each in left), sum(each.budget_minor for each in left)
    return Left(min(uses, UNLIMITED), min(budget, UNLIMITED))
