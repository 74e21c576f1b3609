"""What is said of a journey's effect, in both languages. No verdict before it is due."""

from datetime import date

from chalicelib.journeys.model.results import Effect, Finding, effect_of
from chalicelib.journeys.service.results import Results
from chalicelib.kernel.clock import zone
from chalicelib.kernel.language import Language
from chalicelib.notices.model.facts import said as say
from chalicelib.trials.arms import Arm


def finding_of(found: Results) -> Finding:
    """What is found by now."""
    if found.verdict is not None:
        return found.verdict.finding
    return Finding.NOT_DUE if found.version.definition.control_bps else Finding.NO_CONTROL


def sentences(found: Results) -> tuple[str, str]:
    """A plain sentence, in English and in Chinese."""
    finding = finding_of(found)
    if finding is Finding.NOT_DUE:
        return _not_due(found)
    if found.verdict is None or finding is Finding.NO_CONTROL:
        return (
            "Nobody is left alone for comparison, so nothing can be said of what the journey itself brings.",
            "没有设置对照组，无法判断旅程本身的效果。",
        )
    if finding is Finding.MIXED_UP:
        return (
            "The two groups are not as large as they should be; until it is known why, nothing is said of the effect.",
            "两组人数与设定比例不符，原因查明前不作结论。",
        )
    return _told(finding, effect_of(found.verdict.arms), found)


def _not_due(found: Results) -> tuple[str, str]:
    needed, ended, days = found.version.definition.horizon.members, found.ended, found.version.definition.goal.days
    if found.today >= found.due_on:
        return _still_not(found, needed, days)
    on = _day(found.due_on, "en")
    en = f"No verdict yet: it is due on {on} at the earliest, once {needed:,} members have had their {days} days; "
    return (
        f"{en}so far it is {ended:,}.",
        f"暂无结论：最早于 {_day(found.due_on, 'zh')} 给出，且须有 {needed:,} 位会员满 {days} 天，目前 {ended:,} 位。",
    )


def _still_not(found: Results, needed: int, days: int) -> tuple[str, str]:
    """What a verdict lacks behind the earliest day on which it can be found, and when it is looked for next."""
    if found.ended < needed:
        en = f"only {found.ended:,} of {needed:,} members have had their {days} days"
        zh = f"满 {days} 天的会员目前 {found.ended:,} 位，未达到所需的 {needed:,} 位"
    else:
        en = f"enough members have been in it for {days} days ({found.ended:,})"
        zh = f"满 {days} 天的会员已足够（{found.ended:,} 位）"
    if found.looks_on is None:
        return f"No verdict: {en}. It is looked for no more.", f"没有结论：{zh}，不再检查。"
    return (
        f"No verdict yet: {en}. It is looked for next on {_day(found.looks_on, 'en')}.",
        f"暂无结论：{zh}。下次检查：{_day(found.looks_on, 'zh')}。",
    )


def _told(finding: Finding, effect: Effect, found: Results) -> tuple[str, str]:
    found_arms = found.verdict.arms if found.verdict else found.arms
    treated, control = found_arms[Arm.TREATED], found_arms[Arm.CONTROL]
    one, other = _percent(treated.conversion), _percent(control.conversion)
    difference = effect.conversion
    if difference is None:
        raise ValueError("a verdict compares two arms")
    low, high = f"{100 * difference.low:+.1f}", f"{100 * difference.high:+.1f}"
    ends = {
        Finding.MORE: ("The journey brings more buyers", "旅程带来了更多下单会员"),
        Finding.FEWER: ("The journey costs buyers", "旅程使下单会员减少"),
        Finding.UNCLEAR: (
            "The interval holds zero, so chance alone may explain the difference",
            "区间包含零，差异可能只是偶然",
        ),
    }[finding]
    return (
        f"Of those it was for {one} ordered, of those left alone {other}. {ends[0]}: between {low} and {high} points.",
        f"参与旅程的会员有 {one} 下单，对照组为 {other}。{ends[1]}：差异在 {low} 至 {high} 个百分点之间。",
    )


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{100 * rate:.1f}%"


def _day(on: date, language: Language) -> str:
    return say(on, language, zone("UTC"))
