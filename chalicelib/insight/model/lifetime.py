"""What members are expected to bring, by the models of orders and of amounts. Pure. Without a model that is to be
trusted there is no expectation, but the reason why.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chalicelib.insight.model import bgnbd, gamma_gamma
from chalicelib.insight.model.bgnbd import Bgnbd, History
from chalicelib.insight.model.buyers import Buyer, Buyers
from chalicelib.insight.model.gamma_gamma import GammaGamma, Spending
from chalicelib.insight.model.maximum import Doubt

LEAST_MEMBERS = 100
"""Members with an order, of fewer than which nothing is said."""

LEAST_REPEATERS = 30
"""Members who ordered on another day again; for amounts, those whose repeated orders were worth something."""

MOST_FITTED = 100_000
"""Members whom a model is fitted to; of more, a sample of about as many, always the same."""

_DAYS = 7
_HASH, _RANGE = 2_654_435_761, 2**32


class Reason(StrEnum):
    """Why there is no model."""

    TOO_FEW_MEMBERS = "too_few_members"
    TOO_FEW_REPEATERS = "too_few_repeaters"
    NO_MEAN = "no_mean"
    RUNS_AWAY = Doubt.RUNS_AWAY.value
    NOT_FLAT = Doubt.NOT_FLAT.value
    NO_PEAK = Doubt.NO_PEAK.value
    STARTS_DISAGREE = Doubt.STARTS_DISAGREE.value


@dataclass(frozen=True, slots=True)
class Fitted:
    """Both models, or why there is none; how many members there are, have repeats, and were fitted to; and how amounts
    and repeats correlate (Pearson), which the second model supposes they do not: None where that cannot be said.
    """

    members: int
    repeaters: int
    fitted_to: int
    orders: Bgnbd | Reason
    amounts: GammaGamma | Reason
    log_likelihood: float = 0.0
    correlation: float | None = None


def history_of(buyer: Buyer) -> History:
    """In weeks: days over seven."""
    return History(buyer.repeats, buyer.last_days / _DAYS, buyer.seen_days / _DAYS)


def fit(buyers: Buyers, on: date) -> Fitted:
    """Fits both models to what members did up to the end of a day."""
    members = sum(1 for _ in buyers.upto(on))
    sample = [buyer for buyer in buyers.upto(on) if _is_taken(buyer.ordinal, members)]
    repeaters = sum(1 for buyer in buyers.upto(on) if buyer.repeats)
    orders: Bgnbd | Reason
    likelihood = 0.0
    if members < LEAST_MEMBERS:
        orders = Reason.TOO_FEW_MEMBERS
    elif repeaters < LEAST_REPEATERS:
        orders = Reason.TOO_FEW_REPEATERS
    else:
        found = bgnbd.fit(Counter(map(history_of, sample)))
        orders, likelihood = Reason(found.doubt) if found.doubt else Bgnbd(*found.at), found.value * len(sample)
    amounts = _amounts(sample) if isinstance(orders, Bgnbd) else orders
    return Fitted(members, repeaters, len(sample), orders, amounts, likelihood, _correlation(sample))


def _is_taken(ordinal: int, members: int) -> bool:
    """Whether a member is in the sample: by a multiplicative hash of the ordinal (Knuth, The Art of Computer
    Programming 3, 6.4), which depends on nothing that they did.
    """
    return members <= MOST_FITTED or ordinal * _HASH % _RANGE * members < MOST_FITTED * _RANGE


def _amounts(sample: Sequence[Buyer]) -> GammaGamma | Reason:
    spendings = Counter(Spending(each.paid, each.spent_minor / each.paid) for each in sample if each.spent_minor > 0)
    if spendings.total() < LEAST_REPEATERS:
        return Reason.TOO_FEW_REPEATERS
    found = gamma_gamma.fit(spendings)
    if found.doubt:
        return Reason(found.doubt)
    model = GammaGamma(*found.at)
    return model if model.has_mean else Reason.NO_MEAN


def _correlation(sample: Sequence[Buyer]) -> float | None:
    pairs = [(float(each.paid), each.spent_minor / each.paid) for each in sample if each.spent_minor > 0]
    if len(pairs) < LEAST_REPEATERS:
        return None
    means = [math.fsum(column) / len(pairs) for column in zip(*pairs, strict=True)]
    x, y = ([value - mean for value in column] for column, mean in zip(zip(*pairs, strict=True), means, strict=True))
    spread = math.sqrt(math.fsum(v * v for v in x) * math.fsum(v * v for v in y))
    return math.fsum(a * b for a, b in zip(x, y, strict=True)) / spread if spread else None
