"""The verdict of an experiment in words of both languages. Pure."""

from chalicelib.insight.experiments.model.findings import Finding, Judgement, Seen
from chalicelib.insight.experiments.model.judging import FEWEST
from chalicelib.insight.experiments.model.plan import Method, Metric, Plan
from chalicelib.insight.model.charts import Words

METRICS = {
    Metric.CONVERSION: Words("share of people who order", "下单人数占比"),
    Metric.REVENUE: Words("sales by person", "人均销售额"),
    Metric.RATIO: Words("value of an order", "笔单价"),
    Metric.RETENTION: Words("share of people who come back", "回购人数占比"),
}
"""What is compared."""


def sentence(plan: Plan, seen: Seen, judgement: Judgement) -> Words:
    """What may be said, and until when nothing."""
    match judgement.finding:
        case Finding.NOT_DUE:
            return _not_due(plan, seen)
        case Finding.STOPPED_EARLY:
            return Words(
                "It was stopped before its verdict was due, so nothing is said of the difference.",
                "实验在到期前停止，因此不对差异下结论。",
            )
        case Finding.MIXED_UP:
            return Words(
                "No verdict: the variants are not as large as their shares say, and chance does not explain it. "
                "Look for what loses people on the way in one of them.",
                "不作结论：各方案人数与设定占比不符，且不能以偶然解释。请检查某一方案是否在途中流失了人员。",
            )
        case Finding.IN_TWO_ARMS:
            return Words(
                f"No verdict: people were in two variants, and are counted in none: {seen.crossed:,}.",
                f"不作结论：有 {seen.crossed:,} 人看到过两个方案，已全部剔除。",
            )
        case Finding.TOO_FEW:
            return Words(
                f"Too little is known: each variant needs {FEWEST} people at least, and some of them who order.",
                f"数据不足：每个方案至少需要 {FEWEST} 人，且其中须有下单者。",
            )
        case Finding.UNCLEAR:
            return _unclear(plan, seen)
        case _:
            return _told(plan, judgement)


def _not_due(plan: Plan, seen: Seen) -> Words:
    if plan.horizon.on is not None:
        return Words(f"Not due until {plan.horizon.on}. Looking earlier would find differences that are none.",
                     f"{plan.horizon.on} 前不出结论。提前查看会把偶然当成差异。")  # fmt: skip
    come, sample = sum(each.exposed for each in seen.compared) + seen.crossed, plan.horizon.sample or 0
    if plan.metric is Metric.RETENTION:
        return Words(
            f"Not due until {sample:,} people were exposed more than {plan.return_days} days ago; {come:,} were. "
            "Looking earlier would find differences that are none.",
            f"满 {sample:,} 人曝光超过 {plan.return_days} 天后才出结论，目前 {come:,} 人。提前查看会把偶然当成差异。",
        )
    return Words(
        f"Not due until {sample:,} people have been exposed; {come:,} have. "
        "Looking earlier would find differences that are none.",
        f"满 {sample:,} 人后才出结论，目前 {come:,} 人。提前查看会把偶然当成差异。",
    )


def _unclear(plan: Plan, seen: Seen) -> Words:
    if plan.method is Method.SEQUENTIAL and seen.running and not seen.due:
        return Words("No difference is shown yet. You may look whenever you like.", "目前尚未显示出差异，可随时查看。")
    return Words("Chance alone may explain the difference.", "差异可能只是偶然。")


def _told(plan: Plan, judgement: Judgement) -> Words:
    arm, first, metric = plan.arms[judgement.arm or 0].name, plan.arms[0].name, METRICS[plan.metric]
    way, way_zh = ("higher", "更高") if judgement.finding is Finding.HIGHER else ("lower", "更低")
    worse = [each for each in judgement.guards if each.is_worse and each.arm == judgement.arm]
    but = " But it also brings more complaints or refunds." if worse else ""
    but_zh = "但投诉或退款也更多。" if worse else ""
    return Words(
        f"The {metric.en} is {way} with {arm} than with {first}; chance does not explain it.{but}",
        f"{arm} 的{metric.zh}比 {first} {way_zh}，不能以偶然解释。{but_zh}",
    )
