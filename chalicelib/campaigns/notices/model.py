"""What the team is told of campaigns and of their series. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.campaigns.model.target import CloseTotals, Measure, Target, measured
from chalicelib.kernel.counting import counted
from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords, said
from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency

_WHO = frozenset({"planner", "manager"})
"""Who plans campaigns."""

_OF_CAMPAIGN = Telling(Category.ORDER, Urgency.KNOW, "team", _WHO, "campaign")
_OF_SERIES = Telling(Category.ORDER, Urgency.KNOW, "team", _WHO, "series")
_DAYS = ZoneInfo("UTC")
"""A day is said alike in every zone."""


def how_far(target: Target, totals: CloseTotals, currency: str) -> InWords:
    """How far the orders came, in the target's measure: ``38 of 50 units``."""
    reached = measured(target, totals)
    if target.measure is Measure.AMOUNT:
        has, of = Money(reached, currency), Money(target.value, currency)
        return InWords(f"{has.said('en')} of {of.said('en')}", f"{has.said('zh')}，目标 {of.said('zh')}")
    one, unit_zh = ("unit", "件") if target.measure is Measure.QUANTITY else ("member", "人")
    wanted = counted(target.value, one)
    return InWords(f"{reached:,} of {wanted}", f"{reached:,} {unit_zh}，目标 {target.value:,} {unit_zh}")


def days(first: date, last: date) -> InWords:
    """A day, or the days from one to another."""
    if first == last:
        return InWords(said(first, "en", _DAYS), said(first, "zh", _DAYS))
    return InWords(
        f"{said(first, 'en', _DAYS)} to {said(last, 'en', _DAYS)}",
        f"{said(first, 'zh', _DAYS)}至{said(last, 'zh', _DAYS)}",
    )


@dataclass(frozen=True, slots=True)
class TargetMissedExtended(Notice):
    """A campaign missed its target and takes orders until a second close."""

    template = "target_missed_extended"
    telling = _OF_CAMPAIGN
    texts = {
        "en": (
            "Target missed, extended: {title}",
            (
                "“{title}” came to {reached}, so it takes orders until {until}. Share it once more; should it miss "
                "its target again, it is cancelled, and what was paid is paid back."
            ),
        ),
        "zh": (
            "未达目标，已延长：{title}",
            (
                "“{title}”目前为 {reached}，活动已延长至 {until}。请再次推广；若仍未达到目标，活动将取消，"
                "已付款项全额退还。"
            ),
        ),
    }
    title: str
    reached: InWords
    until: datetime


@dataclass(frozen=True, slots=True)
class TargetMissedCancelled(Notice):
    """A campaign missed its target and is cancelled."""

    template = "target_missed_cancelled"
    telling = _OF_CAMPAIGN
    texts = {
        "en": (
            "Target missed, cancelled: {title}",
            (
                "“{title}” came to {reached} and is cancelled. We tell whoever has ordered, and pay back what was "
                "paid; you have nothing to do, and may copy it for another try."
            ),
        ),
        "zh": (
            "未达目标，已取消：{title}",
            (
                "“{title}”为 {reached}，活动已取消。系统会通知参团会员，已付款项将自动退还，您无需操作；"
                "可复制该活动再次发起。"
            ),
        ),
    }
    title: str
    reached: InWords


@dataclass(frozen=True, slots=True)
class TargetMissedLocked(Notice):
    """A campaign missed its target and takes place all the same, as it was set to."""

    template = "target_missed_locked"
    telling = _OF_CAMPAIGN
    texts = {
        "en": (
            "Target missed, goes ahead: {title}",
            (
                "“{title}” came to {reached} and goes ahead, as you have set it to. Its purchase list is ready; see "
                "whether it reaches your suppliers' minimums."
            ),
        ),
        "zh": (
            "未达目标，照常进行：{title}",
            "“{title}”为 {reached}，按您的设置照常进行。采购单已生成，请确认是否达到供应商起订量。",
        ),
    }
    title: str
    reached: InWords


@dataclass(frozen=True, slots=True)
class SeriesMadeNothing(Notice):
    """A series could not make the campaign of a day; ``why`` is a sentence."""

    template = "series_made_nothing"
    telling = Telling(Category.ORDER, Urgency.ACT, "team", _WHO, "series")
    texts = {
        "en": (
            "No campaign was made: {title}",
            (
                "The series “{title}” made no campaign for {day}: {why} Put it right in the series, or the next one "
                "fails as well; the campaign of that day is to be made by hand."
            ),
        ),
        "zh": (
            "未生成活动：{title}",
            "系列“{title}”未能生成 {day} 的活动：{why}请修改系列设置，否则之后的活动也无法生成；当天的活动需手动创建。",
        ),
    }
    title: str
    day: date
    why: InWords


@dataclass(frozen=True, slots=True)
class SeriesNotPublished(SeriesMadeNothing):
    """A series made the campaign of a day, which could not be published and waits as a draft."""

    template = "series_not_published"
    texts = {
        "en": (
            "A campaign waits as a draft: {title}",
            (
                "The series “{title}” made its campaign for {day}, but it could not be published: {why} Put the "
                "draft right and publish it, and the series for the next ones."
            ),
        ),
        "zh": (
            "活动未能发布：{title}",
            "系列“{title}”已生成 {day} 的活动，但未能发布：{why}请修改草稿并发布，同时修改系列设置。",
        ),
    }


@dataclass(frozen=True, slots=True)
class SeriesMissed(Notice):
    """Campaigns of a series were not made in time, and their whole windows have passed."""

    template = "series_missed"
    telling = _OF_SERIES
    texts = {
        "en": (
            "A campaign was missed: {title}",
            (
                "The series “{title}” made no campaign for {days}: we were not there in time, for which we are "
                "sorry. The next one is made as planned."
            ),
        ),
        "zh": (
            "错过了活动：{title}",
            "系列“{title}”未生成 {days} 的活动：系统未能及时处理，非常抱歉。下一期活动将按计划生成。",
        ),
    }
    title: str
    days: InWords
