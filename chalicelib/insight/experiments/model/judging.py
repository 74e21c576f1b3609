"""What may be said of arms: nothing of their difference before it is due, nor where they cannot be trusted. Pure.

With several arms each is compared with the first, and what is said of all together is as sure as of one (Bonferroni).
"""

from collections.abc import Callable, Sequence

from chalicelib.insight.experiments.model.findings import Comparison, Finding, Guard, Guarded, Judgement, Seen, Value
from chalicelib.insight.experiments.model.plan import Method, Metric, Plan
from chalicelib.insight.experiments.model.tallies import Tally
from chalicelib.trials.differences import LEVEL, MISMATCH_BELOW, Sample, Share, wilson
from chalicelib.trials.effects import Check, Effect, Estimate, effect, effect_of_shares, homogeneity, sample_ratio
from chalicelib.trials.sequential import always_valid

FEWEST = 100
"""Members that an arm has at least, before anything is said of it: the methods are those of large samples."""

FEWEST_EXPECTED = 5
"""How many are expected to have done it in each arm at least, and not to have (W. G. Cochran, Biometrics 10, 1954)."""


def judge(plan: Plan, seen: Seen) -> Judgement:
    """What may be said of an experiment as it was counted."""
    ratio = sample_ratio([each.exposed for each in seen.arms], plan.shares)
    guards = _guards(plan, seen)
    hidden = _withheld(plan, seen)
    if hidden is not None:
        return Judgement(hidden, ratio, guards)
    values = [_shown(plan.metric, each) for each in seen.compared]
    if ratio.p < MISMATCH_BELOW:
        return Judgement(Finding.MIXED_UP, ratio, guards, values)
    comparisons, overall = _comparisons(plan, seen), _overall(plan, seen)
    if seen.crossed:
        return Judgement(Finding.IN_TWO_ARMS, ratio, guards, values, comparisons, overall)
    if len(comparisons) < len(plan.arms) - 1:
        return Judgement(Finding.TOO_FEW, ratio, guards, values, comparisons, overall)
    told = [each for each in comparisons if each.finding.tells]
    best = min(told, key=lambda each: each.p, default=None)
    if best is None:
        return Judgement(Finding.UNCLEAR, ratio, guards, values, comparisons, overall)
    return Judgement(best.finding, ratio, guards, values, comparisons, overall, best.arm)


def _withheld(plan: Plan, seen: Seen) -> Finding | None:
    """Why not even figures are shown; None where they are."""
    if plan.method is Method.SEQUENTIAL or seen.due:
        return None
    return Finding.NOT_DUE if seen.running else Finding.STOPPED_EARLY


def _shown(metric: Metric, tally: Tally) -> Value | None:
    """The metric of an arm; None of so few people, or so few who ordered, that it would tell of one of them."""
    if tally.exposed < FEWEST or (metric.is_money and 0 < tally.buyers < FEWEST_EXPECTED):
        return None
    return _value(metric, tally)


def _value(metric: Metric, tally: Tally) -> Value:
    match metric:
        case Metric.CONVERSION | Metric.RETENTION:
            share = _share(metric, tally)
            return Value(share.rate, wilson(share))
        case _:
            estimate = _estimate(metric, tally)
            return Value(estimate.value, estimate.interval())


def _share(metric: Metric, tally: Tally) -> Share:
    return tally.conversion if metric is Metric.CONVERSION else tally.retention


def _estimate(metric: Metric, tally: Tally) -> Estimate:
    if metric is Metric.RATIO:
        return Estimate.of_ratio(tally.order_value)
    return Estimate.of_mean(tally.revenue)


def _comparisons(plan: Plan, seen: Seen) -> list[Comparison]:
    """Each arm beside the first, but for those of which too little is known."""
    times = len(plan.arms) - 1
    level = 1 - (1 - LEVEL) / times
    found = []
    for number in range(1, len(plan.arms)):
        one, first = seen.compared[number], seen.compared[0]
        between = _effect(plan.metric, one, first, level)
        if between is None:
            continue
        if plan.method is Method.FIXED:
            z, p, low, high = between.z, between.p, between.low, between.high
            found.append(Comparison(number, between.difference, z, min(1.0, p * times), low, high))
            continue
        # Whichever is larger of the variance under equality and of that as counted: with few hits the latter is small.
        variance = max(between.variance, (between.difference / between.z) ** 2 if between.z else 0.0)
        always = always_valid(between.difference, variance, *_come(plan, seen, seen.compared, number), level)
        found.append(Comparison(number, between.difference, None, min(1.0, always.p * times), always.low, always.high))
    return found


def _effect(metric: Metric, one: Tally, first: Tally, level: float) -> Effect | None:
    if min(one.exposed, first.exposed) < FEWEST:
        return None
    if metric.is_share:
        shares = _share(metric, one), _share(metric, first)
        return effect_of_shares(*shares, level) if _expected(shares) else None
    if min(one.buyers, first.buyers) < FEWEST_EXPECTED:
        return None
    return effect(_estimate(metric, one), _estimate(metric, first), level)


def _expected(shares: Sequence[Share]) -> bool:
    pooled = sum(each.hits for each in shares) / sum(each.n for each in shares)
    return all(each.n * min(pooled, 1 - pooled) >= FEWEST_EXPECTED for each in shares)


def _come(plan: Plan, seen: Seen, arms: Sequence[Tally], number: int) -> tuple[int, int]:
    """How many of an arm and the first one have come, and how many of them were planned; both at least 1."""
    share = plan.arms[number].share_bps + plan.arms[0].share_bps
    come = arms[number].exposed + arms[0].exposed
    return max(1, come), max(1, seen.planned * share // sum(plan.shares))


def _overall(plan: Plan, seen: Seen) -> Check | None:
    """Whether the shares of more than two arms may all be the same, where the horizon is fixed."""
    if len(plan.arms) < 3 or not plan.metric.is_share or plan.method is Method.SEQUENTIAL:
        return None
    return homogeneity([_share(plan.metric, each) for each in seen.compared])


def _guards(plan: Plan, seen: Seen) -> list[Guard]:
    """Complaints and refunds by member, of each arm beside the first, once there are enough of them."""
    level = 1 - (1 - LEVEL) / (len(plan.arms) - 1)
    found = []
    guarded: tuple[tuple[Guarded, Callable[[Tally], Sample]], ...] = (
        ("complaints", lambda tally: tally.complained), ("refunds", lambda tally: tally.refunds),
    )  # fmt: skip
    for name, sample in guarded:
        for number in range(1, len(plan.arms)):
            one, first = seen.arms[number], seen.arms[0]
            if min(one.exposed, first.exposed) < FEWEST:
                continue
            between = effect(Estimate.of_mean(sample(one)), Estimate.of_mean(sample(first)), level)
            if between is not None:
                always = always_valid(
                    between.difference, between.variance, *_come(plan, seen, seen.arms, number), level
                )
                found.append(Guard(name, number, between.difference, always.low, always.high))
    return found
