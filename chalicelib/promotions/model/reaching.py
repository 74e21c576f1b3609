"""What is missing in a basket to the next step of full reductions. Pure. Amounts are minor units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.pricing.model import EVERYTHING, Discount, Item, Quote, Step, to_next
from chalicelib.promotions.model.promotion import Buyer, Promotion
from chalicelib.promotions.model.terms import ReductionTerms


@dataclass(frozen=True, slots=True)
class NextStep:
    """With ``missing_minor`` more of the goods that a promotion is for, it takes ``off_minor`` off in all. ``in_part``
    where it is not for all goods.
    """

    title: str
    missing_minor: int
    off_minor: int
    in_part: bool
    promotion_id: str = field(default="", compare=False)


NOBODY = Buyer()
"""Somebody of whom nothing is known."""


def next_steps(
    promotions: Iterable[Promotion], priced: Quote, bought: Sequence[Item], campaign_id: str, now: datetime,
    buyer: Buyer = NOBODY,
) -> list[NextStep]:  # fmt: skip
    """The next step of each full reduction that some of the goods ``bought`` count for, the nearest first.

    Promotions that another one of their group excludes at the moment are left out. Whether those with a budget or
    limits would pay is known only by asking them: see that before it is said of one.
    """
    applied = {each.promotion_id for each in priced.discounts}
    promotions = list(promotions)
    taken = {each.exclusive_group: each.id for each in promotions if each.exclusive_group and each.id in applied}
    found = []
    for each in promotions:
        terms = each.terms
        if not isinstance(terms, ReductionTerms):
            continue
        if taken.get(each.exclusive_group or "", each.id) != each.id:
            continue
        if each.rule(campaign_id, buyer, priced.currency, lambda _: None, now) is None:
            continue
        costs = [_left(n, item, priced.discounts, each) for n, item in enumerate(bought) if each.scope.covers(item)]
        step = to_next(sum(costs), terms.steps, repeat=terms.repeat) if sum(costs) else None
        if step is not None:
            found.append(NextStep(each.title, *step, each.scope != EVERYTHING, each.id))
    return sorted(found, key=lambda step: step.missing_minor)


def _left(line: int, item: Item, discounts: Iterable[Discount], promotion: Promotion) -> int:
    """What a line costs when the promotion looks at it: after what comes before it. Bought lines come first."""
    order = (Step.FULL_REDUCTION, promotion.id)
    before = [each for each in discounts if (each.step, each.promotion_id or "") < order]
    return item.total_minor - sum(each.shares_minor[line] for each in before)
