"""The definitions of every way of counting who came back, and of the groups that they are counted by."""

from collections.abc import Mapping

from chalicelib.insight.model.cohorts import Mode
from chalicelib.insight.model.definitions import RETENTION, Definition

_COHORT_EN = "Cohorts and orders: as for retention.on. Days are counted from each member's own first order, day 0."
_COHORT_ZH = "同期群与订单口径同 retention.on。天数自每位会员本人首单当日（第 0 天）起计。"
_COMPLETE_EN = (
    "Complete: the whole cohort is eligible and those days are rolled up. Average: sum of counts over sum of eligible, "
    "of all cohorts in which anybody is eligible."
)
_COMPLETE_ZH = "完整：全群均计入分母，且相关日期均已汇总。平均：凡有会员计入分母的同期群，计数之和除以分母之和。"

DEFINITIONS: Mapping[Mode, Definition] = {
    **RETENTION,
    Mode.ON_DAY: Definition(
        "retention.on_day_n",
        1,
        f"{_COHORT_EN} Cell n: eligible members with an order exactly n days after their first. Eligible: members "
        f"whose first order is at least n days before the window's end. {_COMPLETE_EN}",
        f"{_COHORT_ZH}第 n 格：分母中恰在首单后第 n 天有订单的会员数。"
        f"分母：首单距观察窗末不少于 n 天的会员。{_COMPLETE_ZH}",
    ),
    Mode.ON_OR_AFTER_DAY: Definition(
        "retention.on_or_after_day_n",
        1,
        f"{_COHORT_EN} Cell n: eligible members with an order n days after their first or later, within the window. "
        f"Eligible: members whose first order is at least n days before the window's end. {_COMPLETE_EN}",
        f"{_COHORT_ZH}第 n 格：分母中在首单后第 n 天或更晚（观察窗内）有订单的会员数。"
        f"分母：首单距观察窗末不少于 n 天的会员。{_COMPLETE_ZH}",
    ),
    Mode.WITHIN_DAYS: Definition(
        "retention.within_n_days",
        1,
        f"{_COHORT_EN} Cell n: eligible members with an order 1 to n days after their first. Eligible: members whose "
        f"first order is at least n days before the window's end. {_COMPLETE_EN}",
        f"{_COHORT_ZH}第 n 格：分母中在首单后第 1 至 n 天有订单的会员数。"
        f"分母：首单距观察窗末不少于 n 天的会员。{_COMPLETE_ZH}",
    ),
    Mode.ROLLING: Definition(
        "retention.rolling",
        1,
        f"{_COHORT_EN} Window k of width w (30 unless asked otherwise): days w·k to w·k + w - 1. Cell k: eligible "
        f"members with an order in window k. Eligible: members for whom it has wholly elapsed. {_COMPLETE_EN}",
        f"{_COHORT_ZH}宽度为 w（默认 30）的第 k 窗：第 w·k 至 w·k + w - 1 天。"
        f"第 k 格：分母中在第 k 窗内有订单的会员数。"
        f"分母：该窗已全部经过的会员。{_COMPLETE_ZH}",
    ),
    Mode.ROLLING_OR_AFTER: Definition(
        "retention.rolling_on_or_after",
        1,
        f"{_COHORT_EN} Windows and eligible: as for retention.rolling. Cell k: eligible members with an order on the "
        f"first day of window k or later, within the observed days. {_COMPLETE_EN}",
        f"{_COHORT_ZH}滚动窗与分母同 retention.rolling。第 k 格：分母中在第 k 窗首日或更晚（观察期内）有订单的会员数。"
        f"{_COMPLETE_ZH}",
    ),
}

REVENUE = Definition(
    "retention.revenue",
    1,
    "Cohorts, counts and orders: as for retention.on. Revenue of cell k: sum of the amounts, as gmv has them, of the "
    "orders that the cohort's members placed in the k-th following period, in the tenant's currency; amounts in other "
    "currencies are left out.",
    "同期群、计数与订单口径同 retention.on。第 k 格收入：群内会员在其后第 k 个周期所下订单金额之和（口径同 gmv），"
    "以商家币种计；其他币种不计入。",
)

GROUPS: Mapping[str, Definition] = {
    "tier": Definition(
        "retention.by_tier",
        1,
        "Members by the tier that they have now; none: those without one. Each member is in one group.",
        "按会员当前等级分组；none 为无等级者。每位会员仅属一组。",
    ),
    "class": Definition(
        "retention.by_class",
        1,
        "Members by their class at the end of the last day of the range; see classes. Each member is in one group.",
        "按会员在范围最后一天结束时的分层分组，口径见 classes。每位会员仅属一组。",
    ),
    "segment": Definition(
        "retention.by_segment",
        1,
        "Members by the segments that they are in now. A member may be in several, or in none: groups do not add up.",
        "按会员当前所属人群分组。一位会员可属多个人群或不属任何人群，各组不可相加。",
    ),
    "channel": Definition(
        "retention.by_channel",
        1,
        "Members by the channel through which their first order came; unknown: those of whose first order none is "
        "known. Who ordered through two on that day is in both groups.",
        "按会员首单的来源渠道分组；unknown 为首单渠道未知者。首单当日经两个渠道下单者同属两组。",
    ),
    "pickup_point": Definition(
        "retention.by_pickup_point",
        1,
        "Members by the pickup point of their first order; unknown: those of whose first order none is known. Who "
        "ordered for two on that day is in both groups.",
        "按会员首单的自提点分组；unknown 为首单自提点未知者。首单当日有两个自提点者同属两组。",
    ),
}
