"""The exact meaning of every figure, named and versioned. A change of meaning is a new version, never an edit."""

from dataclasses import dataclass

from chalicelib.insight.model.cohorts import Mode
from chalicelib.members.model.classes import Thresholds


@dataclass(frozen=True, slots=True)
class Definition:
    """How a figure is computed, in both languages."""

    name: str
    version: int
    en: str
    zh: str

    def text(self, locale: str) -> str:
        return self.zh if locale == "zh" else self.en


_ORDERS_EN = (
    "Orders count on the tenant's local day on which they were placed, whatever the payment method, while they stand "
    "and once anything of them was handed over. An order that ended with nothing handed over counts only while some of "
    "its money is kept: where everything went back, or nothing was paid, it is no sale. Exchanges are no orders of "
    "their own."
)
_ORDERS_ZH = (
    "订单按商家本地日期计入下单当日，与支付方式无关：有效订单及已交付（含部分交付）的订单均计入。未交付任何商品即终止的订单，"
    "仅在仍保留其款项时计入；款项已全部退回或从未付款的，不算成交。换货单不另计。"
)
_COHORT_EN = "Cohort: members whose first order that counts falls in the period."
_COHORT_ZH = "同期群：首个计入的订单落在该周期的会员。"
_UNITS_EN = (
    "Units as the order stands: what was taken out of it, such as a shortage, does not count; what was returned later "
    "does. An order that ended with nothing handed over has none."
)
_UNITS_ZH = "按订单现有件数计：已从订单减去的（如缺货）不计，交付后退回的仍计；未交付任何商品即终止的订单计 0 件。"
_AMOUNT_EN = (
    "An order's amount is its total as it stands, after price steps, edits and shortages; returns and goodwill paid "
    "back later do not lower it. Of an order that ended with nothing handed over it is the money that was kept."
)
_AMOUNT_ZH = (
    "订单金额为其现有总额（阶梯价、修改及缺货后）；其后的退货退款与补偿不冲减。"
    "未交付任何商品即终止的订单，金额为保留的款项。"
)

RETENTION: dict[Mode, Definition] = {
    Mode.ON: Definition(
        "retention.on",
        2,
        f"{_COHORT_EN} Cell k: members of the cohort with an order in the k-th following period. Eligible: the whole "
        "cohort. Complete: the period has ended and every day up to its end is rolled up. Average: sum of counts over "
        f"sum of eligible, complete cells only. {_ORDERS_EN}",
        f"{_COHORT_ZH}第 k 格：群内在其后第 k 个周期有订单的会员数。分母：整个同期群。完整：该周期已结束，"
        f"且截至周期末的每一天均已汇总。平均：仅完整格，计数之和除以分母之和。{_ORDERS_ZH}",
    ),
    Mode.ON_OR_AFTER: Definition(
        "retention.on_or_after",
        2,
        f"{_COHORT_EN} Cell k: members of the cohort with an order in the k-th following period or later, within "
        f"the window. Eligible: the whole cohort. Complete: as for retention.on. {_ORDERS_EN}",
        f"{_COHORT_ZH}第 k 格：群内在观察窗内、其后第 k 个周期或更晚仍有订单的会员数。"
        f"分母：整个同期群。完整：同 retention.on。{_ORDERS_ZH}",
    ),
    Mode.BRACKET: Definition(
        "retention.bracket",
        2,
        f"{_COHORT_EN} Cell lo-hi: eligible members with an order lo to hi days after their own first order, both "
        "included. Eligible: members whose first order is at least hi days before the window's end. Complete: the "
        f"whole cohort is eligible and those days are rolled up. {_ORDERS_EN}",
        f"{_COHORT_ZH}lo-hi 格：分母中在本人首单后第 lo 至 hi 天（含）有订单的会员数。"
        f"分母：首单距观察窗末不少于 hi 天的会员。完整：全群均计入分母，且相关日期均已汇总。{_ORDERS_ZH}",
    ),
}

SUMMARY: tuple[Definition, ...] = (
    Definition(
        "members",
        2,
        f"Members with an order on or before the last day of the period. {_ORDERS_EN}",
        f"截至周期最后一天有过订单的会员数。{_ORDERS_ZH}",
    ),
    Definition(
        "active_members",
        2,
        f"Distinct members with an order in the period, counted once however often they ordered. {_ORDERS_EN}",
        f"周期内有订单的去重会员数，每人只计一次。{_ORDERS_ZH}",
    ),
    Definition(
        "new_members",
        2,
        f"Members whose first order that counts falls in the period. {_ORDERS_EN}",
        f"首个计入的订单落在该周期的会员数。{_ORDERS_ZH}",
    ),
    Definition("orders", 2, f"Orders of the period. {_ORDERS_EN}", f"周期内的订单数。{_ORDERS_ZH}"),
    Definition(
        "quantity",
        2,
        f"Units in the orders of the period. {_UNITS_EN}",
        f"周期内订单的商品件数。{_UNITS_ZH}",
    ),
    Definition(
        "gmv",
        2,
        "Sum of the amounts of the orders of the period, in minor units of the tenant's currency. Other currencies are "
        f"never converted or added; they stand apart in sales. {_AMOUNT_EN}",
        f"周期内订单金额之和（最小货币单位，商家币种）；其他币种不换算、不相加，单列于 sales。{_AMOUNT_ZH}",
    ),
    Definition(
        "aov",
        2,
        "gmv divided by the number of orders in the same currency, rounded half to even to the minor unit; without "
        "orders it is null.",
        "gmv 除以同币种订单数，按银行家舍入到最小货币单位；无订单时为空。",
    ),
)

TODAY = Definition(
    "today",
    1,
    "Orders placed since the tenant's local midnight that had been recorded at as_of; an order is recorded within "
    "about half a minute. The day is running, so its figures are never complete. last_week: the same weekday a week "
    "before, up to the same time of the wall clock; of its orders, those known by their day alone are left out and "
    "counted as untimed_orders. The figures are defined as in the summary.",
    "商家本地零点以来下单、且截至 as_of 已记录的订单（通常半分钟内记录）。当日尚未结束，数据始终为未完整。"
    "last_week：上周同一星期几、截至同一本地时刻；仅知日期的订单不计入，单列于 untimed_orders。各指标口径同 summary。",
)

GROUPS: dict[str, Definition] = {
    "hour": Definition(
        "by_hour",
        1,
        "Hour of the tenant's wall clock, 0 to 23; orders known by their day alone stand under unknown. Members are "
        "not counted by hour.",
        "商家本地时钟的小时（0–23）；只知日期的订单归入 unknown。不按小时统计会员。",
    ),
    "weekday": Definition(
        "by_weekday", 1, "Weekday of the tenant's local day, 0 = Monday.", "商家本地日期的星期，0 为周一。"
    ),
}


_TAKING_PART_EN = "For quiet, a day on which they answered a survey or checked in counts as one with an order. "
_TAKING_PART_ZH = "计算沉默时，填写问卷或签到的当日视同有订单。"


def classes(thresholds: Thresholds) -> Definition:
    """What the classes are, by the days that the brand has set."""
    new, dormant, churned = thresholds.new_days, thresholds.dormant_days, thresholds.churned_days
    takes_part_en = _TAKING_PART_EN if thresholds.taking_part_counts else ""
    takes_part_zh = _TAKING_PART_ZH if thresholds.taking_part_counts else ""
    return Definition(
        "classes",
        2 if thresholds.taking_part_counts else 1,
        "As of the end of a local day, each member with an order by then is of one class. Tenure: days since their "
        f"first order; quiet: days since their last. {takes_part_en}New: tenure below {new}. Otherwise active: quiet "
        f"below {dormant}; "
        f"dormant: quiet below {churned}; churned: quiet of {churned} and more. Who has left the community by then is "
        f"churned at once. Other members who have never ordered are of none. {_ORDERS_EN}",
        "以本地日期日终为准，此前有过订单的每位会员属于且仅属于一层。入会时长：距首单天数；沉默：距最近一单天数。"
        f"{takes_part_zh}"
        f"新会员：入会时长小于 {new} 天；其余：沉默小于 {dormant} 天为活跃，小于 {churned} 天为沉睡，"
        f"达到 {churned} 天为流失。届时已退出社区的会员即为流失，其余从未下单的会员不分层。{_ORDERS_ZH}",
    )


RFM = Definition(
    "rfm",
    1,
    "Members with an order in these days, scored against each other. Recency: the last local day with an order. "
    "Frequency: the number of local days with one, however many there were on a day. Value: the sum of the amounts in "
    "the tenant's currency; other currencies are not converted and add nothing. Score of a value: "
    "min(5, floor(5 * w / n) + 1), where w of the n members are strictly worse; equal values have equal scores, so a "
    f"score may be had by nobody. {_AMOUNT_EN} {_ORDERS_EN}",
    "在所选日期内有订单的会员，相互比较评分。最近购买：最近有订单的本地日期。频次：有订单的本地天数（同日多单计一次）。"
    "金额：商家币种的订单金额之和，其他币种不换算、不计入。评分：min(5, ⌊5·w/n⌋+1)，w 为严格差于该值的会员数，"
    f"n 为会员总数；相同的值评分相同，因此某个评分可能无人。{_AMOUNT_ZH}{_ORDERS_ZH}",
)

EFFECT = Definition(
    "effect",
    1,
    "Orders that have a discount, by the tenant's local day on which they were placed, as they stand now: one that "
    "changes, ends or is returned changes the figures of its own day. orders: those that count as sales, as in the "
    "summary; reversed: those that came to nothing. discount: what stands of what was taken off; discount_back: what "
    "came back with orders that came to nothing and, in proportion, with goods that were returned. revenue: what the "
    "goods of these orders brought, after all discounts, without delivery and without what was given back for goods. "
    "margin: the revenue of goods whose cost is known, less their cost when the order was first counted; goods "
    "that came back cost nothing; uncosted: the revenue of which no margin can be said. It says what orders with the "
    "discount came to, not what they would have come to without it.",
    "享有该优惠的订单，按商家本地日期计入下单当日，以订单现状为准：订单变更、终止或退货时，其下单当日的数字随之变化。"
    "orders：计为成交的订单（同 summary）；reversed：未成交的订单。discount：现仍有效的优惠金额；"
    "discount_back：随未成交订单及（按比例）退货收回的金额。revenue：这些订单的商品收入，已扣全部优惠、不含配送费、"
    "已减商品退款。margin：已知成本商品的收入减其成本（按首次计入时的成本）；退回的商品不计成本；"
    "uncosted：成本未知、无法计算毛利的收入。本报表说明享有优惠的订单之结果，并非与无优惠时的对比。",
)

POINTS_EFFECT = Definition(
    "points_effect",
    1,
    "Entries of members' ledgers by the tenant's local day on which they were booked. points: what was given for an "
    "action, or taken for what was paid with them or expired; points_back: what went the other way again, such as with "
    "a refund. worth: what the points that stand pay by the present rule, rounded down; null where points pay nothing. "
    "gift: orders of gifts for points, with what the goods are worth (discount) and cost; their points are among "
    "spending. outstanding: all points that members can use now; owed: those of which members have less than none.",
    "会员积分流水，按商家本地日期计入入账当日。points：因某行为发放的积分，或抵扣、过期而扣减的积分；"
    "points_back：其后又反向的积分，如随退款收回。worth：现有积分按当前规则可抵扣的金额，向下取整；积分不可抵扣时为空。"
    "gift：积分换礼订单及其商品价值（discount）与成本；所用积分计入 spending。"
    "outstanding：会员目前可用的全部积分；owed：会员欠下的积分。",
)

LEAVING = Definition(
    "leaving",
    1,
    "Members who left the community, by the tenant's local day on which they said so or the team noted it, and by the "
    "reason that they gave; who leaves twice is counted twice. back: those of them who came back since, by a word or "
    "an order, whenever that was. Who merely stopped ordering has not left: that is in the classes.",
    "退出社群的会员，按其提出退出（或由团队登记）的商家本地日期及所选原因统计；多次退出则多次计入。"
    "back：其中此后以任何方式（本人操作、下单或由团队登记）回归的人数，不限时间。仅停止下单的会员不属退出，见会员分类。",
)

PRAISE = Definition(
    "praise_rate",
    1,
    "Reviews of four or five stars over all reviews, of those that were written on the tenant's local days asked for "
    "and are shown now; an edited review counts with its present stars, on the day of writing. Source: reviews.",
    "好评率：所选商家本地日期内发布且目前展示中的评价里，四星及五星所占比例；修改过的评价按现有星级、计入发布当日。来源：评价。",
)

COMPLAINT_RATE = Definition(
    "complaint_rate",
    2,
    "Orders that were complained about, each once, by the tenant's local day on which the complaint came in, over "
    "orders handed over on those days; an order may have been handed over on an earlier day. By cause an order counts "
    "once for each cause that it was complained about for, as the complaint has it now. Handovers are counted from the "
    "first one after this report came. Source: complaints, handovers.",
    "投诉率：按投诉提交的商家本地日期，被投诉的订单数（每单一次）与同期已交付订单数之比；订单可能在更早日期交付。"
    "按原因统计时，同一订单每个原因计一次，以投诉当前的原因为准。交付数自本报表上线后开始统计。来源：投诉、交付记录。",
)

SUGGESTIONS = Definition(
    "suggestion_rate",
    1,
    "Suggestions that came in on the tenant's local days asked for, those that the team noted for members among them, "
    "over the members who placed an order on those days, each once, as the summary counts them. Source: suggestions, "
    "orders.",
    "建议率：所选商家本地日期内收到的建议数（含团队代为登记的），与同期下单会员数（去重，口径同汇总报表）之比。来源：建议、订单。",
)

WANTED = Definition(
    "wanted",
    1,
    "Units waited for: what members in line for sold-out offers asked for, in campaigns that take orders or are being "
    "decided; a bundle counts with each of its products. Told: members who asked to hear when the product comes again. "
    "Kept: members who have it among their favourites. All as they stand at this moment.",
    "候补件数：会员对售罄商品登记的件数，仅计可下单或正在结算目标的团购；组合按其中每个商品分别计入。提醒：订阅再次开团提醒的会员数。"
    "收藏：收藏该商品的会员数。均为当前时点的数据。",
)
