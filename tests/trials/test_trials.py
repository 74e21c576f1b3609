"""Arms by hash, and the figures that compare them. References: scipy 1.17.1 and statsmodels 0.15.0."""

import pytest

from chalicelib.trials.arms import Arm, arm_of
from chalicelib.trials.differences import Sample, Share, difference_of_means, difference_of_shares, mismatch
from chalicelib.trials.distributions import t_quantile

EXACT = 1e-9

# statsmodels confint_proportions_2indep(…, method="newcomb", compare="diff")
SHARES = [
    ((56, 70, 48, 80), 0.05243147240236498, 0.33387265403690614),  # also Newcombe 1998, table II, (a): .0524, .3339
    ((9, 10, 3, 10), 0.1705227239345029, 0.809017973535488),
    ((0, 40, 0, 60), -0.060171852142089886, 0.08762160119728668),
    ((31, 250, 4, 62), -0.03713546258784352, 0.12036664383518637),
    ((10, 10, 0, 20), 0.6790860371419145, 1.0),
    ((1200, 80000, 251, 20000), 0.0006175293028176827, 0.00414048917169429),
]

# scipy ttest_ind(…, equal_var=False).confidence_interval(0.95)
MEANS = [
    ([0, 0, 0, 1250, 990], [0, 0, 4100, 0], -577.0, -3723.767960904074, 2569.767960904074),
    ([5, 9, 12, 3], [1, 2, 1, 2, 1, 0, 3], 5.821428571428571, -0.4723411177715118, 12.115198260628654),
    ([0] * 48 + [100, 250], [0] * 18 + [90, 5], 2.25, -11.710452963566166, 16.210452963566166),
]


def sample(values: list[int]) -> Sample:
    return Sample(len(values), sum(values), sum(each * each for each in values))


@pytest.mark.parametrize(("counts", "low", "high"), SHARES)
def test_the_interval_of_two_shares_is_newcombes(counts: tuple[int, int, int, int], low: float, high: float) -> None:
    a, n, b, m = counts
    found = difference_of_shares(Share(a, n), Share(b, m))
    assert found is not None
    assert found.value == pytest.approx(a / n - b / m, abs=EXACT)
    assert (found.low, found.high) == (pytest.approx(low, abs=EXACT), pytest.approx(high, abs=EXACT))


@pytest.mark.parametrize(("one", "other", "value", "low", "high"), MEANS)
def test_the_interval_of_two_means_is_welchs(
    one: list[int], other: list[int], value: float, low: float, high: float
) -> None:
    found = difference_of_means(sample(one), sample(other))
    assert found is not None
    assert [found.value, found.low, found.high] == pytest.approx([value, low, high], rel=EXACT)


@pytest.mark.parametrize(
    ("p", "df", "t"),
    [
        (0.975, 1.3, 7.500529325562029), (0.975, 3, 3.1824463052837078), (0.995, 27.4, 2.7676454201953464),
        (0.975, 100_000, 1.9599877075346095), (0.9, 0.7, 5.009947959646406),
    ],
)  # fmt: skip
def test_quantiles_of_t_are_scipys(p: float, df: float, t: float) -> None:
    assert t_quantile(p, df) == pytest.approx(t, rel=EXACT)


@pytest.mark.parametrize(
    ("control", "n", "expected", "p"),
    [
        (230, 1000, 200, 0.017706065807366642), (62, 312, 62.4, 0.9548528001763662),
        (5100, 10000, 5000, 0.04550026389635857),
    ],
)  # fmt: skip
def test_how_unequal_arms_are_is_a_chi_square(control: int, n: int, expected: float, p: float) -> None:
    assert mismatch(control, n, expected) == pytest.approx(p, abs=EXACT)


def test_nothing_is_said_where_there_is_nobody_or_nothing_differs() -> None:
    assert difference_of_shares(Share(1, 2), Share(0, 0)) is None
    assert difference_of_means(Sample(1, 5, 25), Sample(3, 6, 20)) is None
    assert difference_of_means(Sample(3, 0, 0), Sample(3, 0, 0)) is None
    assert mismatch(0, 10, 0) == 1.0


def test_an_arm_follows_from_trial_and_subject_and_grows_with_its_share() -> None:
    people = [f"member{n}" for n in range(20_000)]
    fifth = {each for each in people if arm_of("winback", each, 2_000) is Arm.CONTROL}
    half = {each for each in people if arm_of("winback", each, 5_000) is Arm.CONTROL}
    other = {each for each in people if arm_of("welcome", each, 2_000) is Arm.CONTROL}
    assert fifth < half
    assert abs(len(fifth) - 4_000) < 250  # more than four standard deviations
    assert abs(len(fifth & other) - 800) < 130  # another trial draws anew
    assert not [each for each in people[:500] if arm_of("winback", each, 0) is Arm.CONTROL]


def test_by_the_same_arms_a_false_difference_is_found_as_seldom_as_is_said() -> None:
    """500 trials of nothing: of intervals at 95 per cent about 25 leave zero out."""
    found = 0
    for n in range(500):
        arms = {Arm.TREATED: [0, 0], Arm.CONTROL: [0, 0]}
        for member in range(400):
            counts = arms[arm_of(f"trial{n}", str(member), 5_000)]
            counts[0] += arm_of(f"buys{n}", str(member), 2_000) is Arm.CONTROL
            counts[1] += 1
        difference = difference_of_shares(Share(*arms[Arm.TREATED]), Share(*arms[Arm.CONTROL]))
        assert difference is not None
        found += difference.is_told
    assert 10 <= found <= 42
