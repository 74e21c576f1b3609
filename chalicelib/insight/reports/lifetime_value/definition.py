"""What the figures of lifetime values mean, and why there may be none."""

from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.model.expectations import LONG_WEEKS, SHORT_WEEKS
from chalicelib.insight.model.lifetime import LEAST_MEMBERS, LEAST_REPEATERS, MOST_FITTED

DEFINITION = Definition(
    "lifetime_value",
    1,
    "As of the end of a local day, from the local days on which members ordered: how likely they are to be active "
    f"still, and how many days with an order, and which amount, are to be expected in the next {SHORT_WEEKS} and "
    f"{LONG_WEEKS} weeks. Orders: BG/NBD (Fader, Hardie, Lee 2005), time in weeks; amounts: Gamma-Gamma (Fader, Hardie "
    "2013) on the mean amount of days with an order after the first, in the tenant's currency; other currencies are "
    "not converted and add no amount. Amounts are orders times the amount expected of each; nothing is discounted. "
    f"Both are fitted by maximum likelihood from three starts, to all members, or of more than {MOST_FITTED:,} to a "
    "fixed sample of about as many. Where derivatives do not vanish, the curvature is not downward, the starts "
    "disagree or a parameter runs away, the model has not converged; then, or with fewer than "
    f"{LEAST_MEMBERS} members or {LEAST_REPEATERS} who ordered again, no value is shown. Alive: fifths of the "
    "probability of being active; members with a single day are apart, since the model counts them as active for "
    "certain. Value: fifths of members by what they would bring in the long time if they were active, equal values "
    "together. At risk: that amount times the probability that they are not active. Members who have left are counted "
    "apart and expected to bring nothing.",
    "以本地日期日终为准，依据会员下单的本地日期：仍活跃的概率，以及未来 "
    f"{SHORT_WEEKS} 周与 {LONG_WEEKS} 周的预期下单天数与金额。订单：BG/NBD 模型（Fader、Hardie、Lee 2005），"
    "时间以周计；金额：Gamma-Gamma 模型（Fader、Hardie 2013），取首个下单日之后各下单日的平均金额，商家币种，"
    "其他币种不换算、不计金额。预期金额为预期下单天数乘以每次预期金额，不折现。"
    "两个模型均以极大似然法从三个起点拟合，使用全部会员；"
    f"超过 {MOST_FITTED:,} 人时使用约同样人数的固定样本。导数不为零、曲率不向下、各起点结果不一致或参数发散时，"
    f"视为未收敛；未收敛，或会员不足 {LEAST_MEMBERS} 人、复购会员不足 {LEAST_REPEATERS} 人时，不显示任何数值。"
    "活跃分档：活跃概率的五等分；仅有一个下单日的会员单列，因模型视其必然活跃。"
    "价值分档：按假定活跃时长期预期金额将会员五等分，相同的值归同一档。风险金额：该金额乘以已不活跃的概率。"
    "已退出的会员单独计数，预期为零。",
)

REASONS = {
    "computing": (
        "It is being computed for the first time; ask again in a minute.", "正在首次计算，请稍后再查询。",
    ),
    "too_few_members": (
        f"There are fewer than {LEAST_MEMBERS} members with an order.", f"有订单的会员不足 {LEAST_MEMBERS} 人。",
    ),
    "too_few_repeaters": (
        f"Fewer than {LEAST_REPEATERS} members ordered again on another day, or for an amount.",
        f"在其他日期再次下单（或再次有金额）的会员不足 {LEAST_REPEATERS} 人。",
    ),
    "no_mean": (
        "Amounts differ so much that no mean amount can be expected.", "金额差异过大，无法得出预期均值。",
    ),
    "runs_away": (
        "The members' behaviour does not determine the model: a parameter grows or shrinks without end.",
        "会员行为不足以确定模型：有参数无限增大或减小。",
    ),
    "not_flat": ("The search for the best parameters did not come to an end.", "参数搜索未能结束。"),
    "no_peak": (
        "The best parameters are not unique: others are as likely.", "最优参数不唯一：其他取值同样可能。",
    ),
    "starts_disagree": (
        "The search came to another result from each start.", "从不同起点搜索得到不同结果。",
    ),
}  # fmt: skip
"""In both languages."""
