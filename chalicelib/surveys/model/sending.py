"""The rules of who is asked, and when: sample, waves, and how seldom. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.wall_time import ANYHOW, to_instant
from chalicelib.surveys.model.questions import Trigger

QUIET_DAYS, MOST_QUIET_DAYS = 7, 90
"""So many days somebody who was asked is not asked again, where the brand has set nothing; and at most."""
REMIND_AFTER = timedelta(days=7)
"""Who has not answered by then is reminded, once."""
MOST_AFTER_DAYS = 365
WAVE_TIME = time(10)
"""When a periodic survey goes out, by the wall clock of the brand."""


class Every(StrEnum):
    """How often a periodic survey goes out: on Mondays, or on the first day of a month or of a quarter."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Plan:
    """When a survey goes out, and to how many: ``after_days`` days after what sends it; a periodic one ``every`` so
    often, to ``sample`` per cent of the members, drawn anew each time.
    """

    after_days: int = 0
    every: Every | None = None
    sample: int = 100


AT_ONCE = Plan()


def checked_plan(trigger: Trigger, plan: Plan) -> Plan:
    """The plan, when it fits what sends the survey. Raises Invalid naming each field that does not."""
    periodic = trigger is Trigger.PERIODIC
    faults = []
    if periodic and plan.every is None:
        faults.append(FieldError("/every", "Say how often a periodic survey goes out.", "请选择定期问卷的发送周期。"))
    if not periodic and plan.every is not None:
        faults.append(FieldError("/every", "Only a periodic survey has it.", "只有定期问卷才有发送周期。"))
    if not periodic and plan.sample != 100:
        words = "Only a periodic survey is sent to a sample.", "只有定期问卷才能抽样发送。"
        faults.append(FieldError("/sample", *words))
    if periodic and plan.after_days:
        words = "A periodic survey goes out on days of the calendar.", "定期问卷按日历发送，不能设置延后天数。"
        faults.append(FieldError("/after_days", *words))
    if faults:
        raise Invalid("The survey cannot be sent like this.", detail_zh="无法按此设置发送问卷。", errors=tuple(faults))
    return plan


def is_drawn(survey_id: str, wave: str, member_id: str, sample: int) -> bool:
    """Whether somebody is among the ``sample`` per cent of a wave: the same whenever it is asked, anew for each wave.

    A member is drawn by the SHA-256 of survey, wave and member, taken as a number modulo 10,000.
    """
    digest = hashlib.sha256(f"{survey_id}/{wave}/{member_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 10_000 < sample * 100


def next_wave(every: Every, after: datetime, tz: ZoneInfo) -> datetime:
    """When a periodic survey goes out next, later than ``after`` (UTC): at 10:00 by the brand's wall clock."""
    on = _first_day(every, after.astimezone(tz).date())
    while (at := to_instant(datetime.combine(on, WAVE_TIME), tz, ANYHOW, "")) <= after:
        on = _following(every, on)
    return at


def wave_name(at: datetime, tz: ZoneInfo) -> str:
    """What a wave is known by: the brand's day on which it goes out."""
    return at.astimezone(tz).date().isoformat()


def may_be_asked(asked_at: datetime | None, now: datetime, quiet_days: int) -> bool:
    """Whether enough days have passed since somebody was last asked."""
    return asked_at is None or asked_at <= now - timedelta(days=quiet_days)


def counts_as_asked(trigger: Trigger) -> bool:
    """Whether an invitation waits for the quiet days. One about a complaint does not: it belongs to what the member
    began, and is never heard twice for one complaint.
    """
    return trigger is not Trigger.COMPLAINT_CLOSED


def _first_day(every: Every, on: date) -> date:
    if every is Every.WEEK:
        return on - timedelta(days=on.weekday())
    if every is Every.MONTH:
        return on.replace(day=1)
    return on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)


def _following(every: Every, first: date) -> date:
    if every is Every.WEEK:
        return first + timedelta(days=7)
    months = 1 if every is Every.MONTH else 3
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)
