"""What is known before an experiment begins: how many people it needs, and for how many days. Pure."""

import math
from dataclasses import dataclass

from chalicelib.insight.experiments.model.judging import FEWEST
from chalicelib.insight.experiments.model.plan import Method, Plan
from chalicelib.trials.arms import WHOLE_BPS
from chalicelib.trials.differences import LEVEL
from chalicelib.trials.distributions import normal_quantile
from chalicelib.trials.power import found_by, members_for_means, members_for_shares
from chalicelib.trials.sequential import critical


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the metric comes to today, and how much it ``varies`` between members (of a share p: p (1 - p)), from
    ``members`` of the brand; ``a_day`` of them ordered on a day of the last four weeks.
    """

    value: float
    varies: float
    members: int
    a_day: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many people each arm ``needs``, and ``sample`` of all; ``finds`` is the difference that these find, in the
    metric's unit, four times of five; None where no baseline is known. ``days`` is how long it takes for so many to
    come; None where nobody comes. ``per_arm`` is of the smallest arm.
    """

    needs: tuple[int, ...]
    sample: int
    finds: float | None
    days: int | None


def forecast(plan: Plan, baseline: Baseline | None) -> Forecast:
    """What an experiment needs to find the smallest effect worth finding; where none is named, what so many members
    find as its horizon asks for, or as few as anything is said of.
    """
    needs = _needs(plan, baseline)
    sample = max(
        enough(plan),
        *(math.ceil(need * WHOLE_BPS / share) for need, share in zip(needs, plan.shares, strict=True)),
    )
    asked = max(sample, plan.horizon.sample or 0)
    a_day = baseline.a_day if baseline else 0.0
    return Forecast(needs, sample, _finds(plan, baseline, asked), math.ceil(asked / a_day) if a_day > 0 else None)


def _needs(plan: Plan, baseline: Baseline | None) -> tuple[int, ...]:
    """By arm: so many as the effect asks for, and never fewer than anything is said of."""
    fewest = tuple(FEWEST for _ in plan.arms)
    if plan.smallest_bps is None or baseline is None or baseline.value <= 0 or baseline.varies <= 0:
        return fewest
    difference = baseline.value * plan.smallest_bps / WHOLE_BPS
    if plan.metric.is_share:
        difference = min(difference, (1 - baseline.value) * 0.999)
    pairs = []
    for share in plan.shares[1:]:
        parts = (plan.shares[0] / WHOLE_BPS, share / WHOLE_BPS)
        if plan.metric.is_share:
            pairs.append(members_for_shares(baseline.value, difference, parts, critical_of(plan)))
        else:
            pairs.append(members_for_means(baseline.varies, difference, parts, critical_of(plan)))
    found = (max(first for first, _ in pairs), *(other for _, other in pairs))
    return tuple(max(FEWEST, each) for each in found)


def enough(plan: Plan) -> int:
    """Of how many people each arm has as many as anything is said of, all but surely: the draw leaves an arm short by
    more than three standard errors once in 700 times.
    """
    found = 0
    for share in plan.shares:
        p = share / WHOLE_BPS
        spread = 3 * math.sqrt(1 - p)
        root = (spread + math.sqrt(spread * spread + 4 * FEWEST)) / 2
        found = max(found, math.ceil(root * root / p))
    return found


def _finds(plan: Plan, baseline: Baseline | None, sample: int) -> float | None:
    if baseline is None or baseline.varies <= 0:
        return None
    sizes = [sample * share // WHOLE_BPS for share in plan.shares]
    return found_by(baseline.varies, max(1, sizes[0]), max(1, min(sizes[1:])), critical_of(plan))


def critical_of(plan: Plan) -> float:
    """How many standard errors a difference exceeds that is told at the end."""
    level = 1 - (1 - LEVEL) / (len(plan.arms) - 1)
    return critical(level) if plan.method is Method.SEQUENTIAL else normal_quantile((1 + level) / 2)
