"""Why rules of points are not saved, and why points are neither given nor taken."""

from chalicelib.kernel.errors import Conflict, Invalid


class ActionNotOffered(Invalid):
    """Points would be given for something that nobody can do here yet."""

    code, title, title_zh = "action_not_offered", "This action is not offered yet", "暂不支持该积分行为"


class TwoRulesForOneAction(Invalid):
    """An action has one rule."""

    code, title, title_zh = "two_rules_for_one_action", "The action has two rules", "同一行为有两条规则"


class NoPointsForThis(Conflict):
    """The brand gives no points for it, or no more to this member."""

    code, title, title_zh = "no_points_for_this", "There are no points for this", "该行为暂无积分"


class PointsPayNothing(Invalid):
    """The brand takes no points for its goods."""

    code, title, title_zh = "points_pay_nothing", "Points pay nothing here", "暂不支持积分抵扣"


class NotEnoughPoints(Conflict):
    """The member has fewer points than they want to spend; ``points`` of ``extra`` says how many there are."""

    code, title, title_zh = "not_enough_points", "There are not enough points", "积分不足"
