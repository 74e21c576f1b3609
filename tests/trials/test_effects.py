"""Tests of a fixed horizon, ratios, sample ratios, power, and a difference that may be looked at again and again.

Tables: quantiles of chi-square and Student's t as printed everywhere. Counts of two courses' pages: Udacity's course on
A/B testing, whose z and p were computed with statsmodels. Smokers: R's help on prop.test, X-squared 12.6, p .005585.
"""

import math
import random
from statistics import fmean, variance

import pytest

from chalicelib.trials.arms import drawn_arm, place_of
from chalicelib.trials.differences import Sample, Share
from chalicelib.trials.distributions import chi_square_tail_of, t_tails
from chalicelib.trials.effects import (
    Effect,
    Estimate,
    Pairs,
    effect,
    effect_of_shares,
    homogeneity,
    sample_ratio,
)
from chalicelib.trials.power import found_by, members_for_means, members_for_shares
from chalicelib.trials.sequential import always_valid, critical

EXACT = 1e-9


@pytest.mark.parametrize(
    ("df", "value"),
    [(1, 3.841458820694124), (2, 5.991464547107979), (3, 7.814727903251179), (4, 9.487729036781154),
     (5, 11.070497693516351), (9, 16.918977604620448), (10, 18.307038053275146)],
)  # fmt: skip
def test_a_twentieth_of_a_chi_square_lies_above_the_printed_value(df: int, value: float) -> None:
    assert chi_square_tail_of(value, df) == pytest.approx(0.05, abs=EXACT)
    assert chi_square_tail_of(0, df) == 1


@pytest.mark.parametrize(("df", "value"), [(1, 12.706204736432095), (10, 2.2281388519649385), (100, 1.983971518449634)])
def test_a_twentieth_of_students_t_lies_outside_the_printed_value(df: int, value: float) -> None:
    assert t_tails(value, df) == pytest.approx(0.05, abs=EXACT)
    assert t_tails(-value, df) == pytest.approx(0.05, abs=EXACT)


def test_two_shares_are_compared_by_a_pooled_test_and_an_interval_that_is_not() -> None:
    found = effect_of_shares(Share(3_423, 17_260), Share(3_785, 17_293))
    assert found is not None
    assert (found.difference, found.z) == (pytest.approx(-0.020554874580361565, abs=EXACT),
                                           pytest.approx(-4.701830023753982, abs=EXACT))  # fmt: skip
    assert found.p == pytest.approx(2.5784010337206023e-06, abs=EXACT)
    assert (found.low, found.high) == (pytest.approx(-0.029120162415982465, abs=EXACT),
                                       pytest.approx(-0.011989586744740665, abs=EXACT))  # fmt: skip
    assert effect_of_shares(Share(0, 10), Share(0, 10)) is None
    assert effect_of_shares(Share(0, 0), Share(3, 10)) is None


def test_several_shares_are_compared_together() -> None:
    smokers = [Share(83, 86), Share(90, 93), Share(129, 136), Share(70, 82)]
    found = homogeneity(smokers)
    assert found is not None
    assert (found.chi_square, found.p) == (pytest.approx(12.600411297127632, abs=EXACT),
                                           pytest.approx(0.005585476661627042, abs=EXACT))  # fmt: skip
    assert homogeneity([Share(0, 5), Share(0, 7)]) is None


def test_arms_are_as_large_as_their_shares_say_or_not() -> None:
    assert sample_ratio([9_500, 500], [9_500, 500]).p == 1
    assert sample_ratio([5_300, 4_700], [5_000, 5_000]).chi_square == pytest.approx(36)
    assert sample_ratio([5_300, 4_700], [5_000, 5_000]).p < 1e-8
    assert sample_ratio([345_543, 344_660], [5_000, 5_000]).p == pytest.approx(0.2878496417065972, abs=EXACT)
    assert sample_ratio([0, 0], [5_000, 5_000]).p == 1


def pairs(values: list[tuple[int, int]]) -> Pairs:
    x, y = [each[0] for each in values], [each[1] for each in values]
    return Pairs(
        len(values), sum(x), sum(y), sum(a * a for a in x), sum(b * b for b in y), sum(a * b for a, b in values)
    )


def test_a_ratio_varies_as_its_members_do_and_not_as_its_orders() -> None:
    values = [(1_200, 2), (0, 0), (4_700, 5), (300, 1), (0, 0), (990, 1)]
    found = pairs(values)
    ratio = 7_190 / 9
    assert found.ratio == pytest.approx(ratio)
    by_member = [x - ratio * y for x, y in values]
    assert found.variance == pytest.approx(variance(by_member) / len(values) / fmean([y for _, y in values]) ** 2)
    assert pairs([(0, 0), (0, 0)]).variance == 0


def test_how_many_people_a_test_needs() -> None:
    assert members_for_shares(0.05, 0.005) == (31_234, 31_234)
    assert members_for_means(100.0, 2.0) == (393, 393)
    few, many = members_for_shares(0.05, 0.005, (0.2, 0.8))
    assert many == pytest.approx(4 * few, abs=4)
    assert found_by(100.0, 393, 393) == pytest.approx(2.0, abs=0.01)


def test_places_are_spread_evenly_and_shares_are_exact_to_a_ten_thousandth() -> None:
    assert drawn_arm("one", "somebody", [1, 9_999]) == drawn_arm("one", "somebody", [1, 9_999])
    counts = [0] * 10
    for number in range(5_000):
        counts[place_of("one", str(number)) // 1_000] += 1
    assert sample_ratio(counts, [1_000] * 10).p > 0.001
    for place in range(200):
        who = next(name for name in map(str, range(10**6)) if place_of("two", name) // 50 == place)
        assert drawn_arm("two", who, [place_of("two", who), 10_000 - place_of("two", who)]) == 1
        assert drawn_arm("two", who, [place_of("two", who) + 1, 9_999 - place_of("two", who)]) == 0
    with pytest.raises(ValueError, match="whole"):
        drawn_arm("one", "somebody", [0, 0])


def test_an_always_valid_interval_excludes_nothing_exactly_where_its_p_does() -> None:
    for n in (100, 1_000, 10_000):
        half = always_valid(0, 1.0, n, 1_000).high
        for z in (half * 0.999, half * 1.001):
            found = always_valid(z, 1.0, n, 1_000)
            assert (found.p < 0.05) == (found.low > 0) == (z > half)
    assert always_valid(0, 1.0, 1_000, 1_000).high == pytest.approx(critical())
    assert critical() == pytest.approx(3.03, abs=0.01)
    assert always_valid(0.01, 1.0, 5, 1_000).p == 1


def hits(rng: random.Random, n: int, p: float) -> int:
    """A binomial number, by the gaps between its hits."""
    found, at, scale = 0, 0, math.log1p(-p)
    while (at := at + 1 + int(math.log(1 - rng.random()) / scale)) <= n:
        found += 1
    return found


def false_winners(runs: int, seed: int) -> tuple[int, int]:
    """Of so many tests of equal arms of 500 people more at each of 20 looks, five per cent of whom convert: in how many
    some look finds a winner, by the test of a fixed horizon and by the one that may be looked at.
    """
    rng, fixed, sequential = random.Random(seed), 0, 0
    for _ in range(runs):
        a = b = 0
        peeked = looked = False
        for look in range(1, 21):
            a, b = a + hits(rng, 500, 0.05), b + hits(rng, 500, 0.05)
            found = effect_of_shares(Share(b, 500 * look), Share(a, 500 * look))
            assert found is not None
            spread = max(found.variance, (found.difference / found.z) ** 2 if found.z else 0.0)
            peeked |= found.p < 0.05
            looked |= always_valid(found.difference, spread, 1_000 * look, 20_000).p <= 0.05
        fixed, sequential = fixed + peeked, sequential + looked
    return fixed, sequential


def test_looking_again_and_again_finds_winners_only_by_the_test_of_a_fixed_horizon() -> None:
    fixed, sequential = false_winners(150, 7)
    assert fixed > 0.12 * 150
    assert sequential <= 0.05 * 150


@pytest.mark.verify
def test_of_two_thousand_equal_arms_at_most_a_twentieth_win_by_looking() -> None:
    fixed, sequential = false_winners(2_000, 11)
    assert 0.15 < fixed / 2_000 < 0.35
    assert sequential / 2_000 <= 0.05


def covered(runs: int, members: int, seed: int) -> tuple[float, float]:
    """How often the interval of a difference of means, and of ratios, holds the true one: with so many members an
    arm, who order geometrically often, at amounts of their own.
    """
    rng, means, ratios = random.Random(seed), 0, 0
    for _ in range(runs):
        found = [_drawn(rng, members, factor) for factor in (1.0, 1.1)]
        first, other = (Sample(each.n, each.x, each.xx) for each in found)
        of_means = effect(Estimate.of_mean(other), Estimate.of_mean(first))
        of_ratios = effect(Estimate.of_ratio(found[1]), Estimate.of_ratio(found[0]))
        means += _holds(of_means, 100 * 1.0)
        ratios += _holds(of_ratios, 100.0)
    return means / runs, ratios / runs


def _holds(found: Effect | None, true: float) -> bool:
    return found is not None and found.low <= true <= found.high


def _drawn(rng: random.Random, n: int, factor: float) -> Pairs:
    """Members with as many orders as a geometric number of mean 1, of a usual amount each of its own around 1,000."""
    values = []
    for _ in range(n):
        orders = int(math.log(1 - rng.random()) / math.log(0.5))
        usual = rng.uniform(500, 1_500) * factor
        values.append((round(usual * orders), orders))
    return pairs(values)


def test_intervals_hold_the_true_difference_of_means_and_of_ratios_mostly() -> None:
    means, ratios = covered(100, 150, 3)
    assert means >= 0.88
    assert ratios >= 0.88


@pytest.mark.verify
def test_of_two_thousand_intervals_94_to_96_per_cent_hold_the_true_difference() -> None:
    means, ratios = covered(2_000, 300, 5)
    assert 0.94 <= means <= 0.96
    assert 0.94 <= ratios <= 0.96
