"""Why tiers are not set, or a tier is not given."""

from chalicelib.kernel.errors import Conflict, Invalid


class ThresholdsMustRise(Invalid):
    """Each tier is reached with more than the one before it."""

    code, title, title_zh = "thresholds_must_rise", "Each tier needs more than the one before", "等级门槛须逐级提高"


class UnknownTier(Invalid):
    """The brand has no such tier."""

    code, title, title_zh = "unknown_tier", "There is no such tier", "没有该等级"


class LowerThanReached(Conflict):
    """The member has reached a higher tier by themselves."""

    code, title, title_zh = "lower_than_reached", "The member has a higher tier already", "会员已达到更高等级"
