"""How many members a trial needs, and which difference so many would find. Pure.

Of shares: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd edition, equation 4.14, without
the correction for continuity. Of means: the usual normal formula, with the same spread in both arms.
"""

import math

from chalicelib.trials.differences import LEVEL
from chalicelib.trials.distributions import normal_quantile

POWER = 0.8
"""How often a trial of that size finds the difference, where there is one."""

CRITICAL = normal_quantile((1 + LEVEL) / 2)
"""How many standard errors a difference exceeds that is told after a fixed horizon."""


def members_for_shares(
    baseline: float, difference: float, arms: tuple[float, float] = (0.5, 0.5), critical: float = CRITICAL,
    power: float = POWER,
) -> tuple[int, int]:  # fmt: skip
    """How many members the control and the other arm need to tell a share of ``baseline`` from one that is higher by
    ``difference``, where they get so large a part of all each. Both shares are between 0 and 1, the difference not 0.
    """
    other, k = baseline + difference, arms[1] / arms[0]
    pooled = (baseline + k * other) / (1 + k)
    by_chance = critical * math.sqrt(pooled * (1 - pooled) * (1 + 1 / k))
    by_power = normal_quantile(power) * math.sqrt(baseline * (1 - baseline) + other * (1 - other) / k)
    control = ((by_chance + by_power) / difference) ** 2
    return math.ceil(control), math.ceil(k * control)


def members_for_means(
    variance: float, difference: float, arms: tuple[float, float] = (0.5, 0.5), critical: float = CRITICAL,
    power: float = POWER,
) -> tuple[int, int]:  # fmt: skip
    """The same for means whose values vary so much."""
    k = arms[1] / arms[0]
    control = (critical + normal_quantile(power)) ** 2 * variance * (1 + 1 / k) / difference**2
    return math.ceil(control), math.ceil(k * control)


def found_by(
    variance: float, control: int, other: int, critical: float = CRITICAL, power: float = POWER
) -> float:  # fmt: skip
    """The difference that arms of these sizes find, of values that vary so much: of a share p it is p (1 - p)."""
    return (critical + normal_quantile(power)) * math.sqrt(variance * (1 / control + 1 / other))
