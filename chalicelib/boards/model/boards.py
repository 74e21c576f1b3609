"""What a leaderboard ranks members by, over which days, and where. Pure.

Days are local days of the brand, and both ends are included.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from chalicelib.kernel.errors import Invalid

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_THURSDAY = 4


class By(StrEnum):
    """What members are ranked by. ``spend`` is what the goods come to that they ordered and keep, after discounts, in
    minor units, paid for yet or not; ``quantity`` the units; ``orders`` those of which something was kept; ``points``
    what they earned; ``referrals`` whom they brought; ``activity`` the days on which they ordered, answered a survey
    or checked in.
    """

    SPEND = "spend"
    QUANTITY = "quantity"
    ORDERS = "orders"
    POINTS = "points"
    REFERRALS = "referrals"
    ACTIVITY = "activity"


OF_ORDERS = frozenset({By.SPEND, By.QUANTITY, By.ORDERS})
"""What a campaign or a pickup point has boards of: the others happen in no one place."""


class Every(StrEnum):
    """The length of a period that comes again."""

    WEEK = "week"
    MONTH = "month"


class NoSuchPeriod(Invalid):
    """What was asked for is neither a week nor a month."""

    code, title, title_zh = "no_such_period", "That is no week and no month", "不是有效的周或月"


@dataclass(frozen=True, slots=True)
class Period:
    """Days with a name: ``2026-11``, ``2026-W48``, or ``campaign`` for all days of one."""

    name: str
    from_on: date
    to_on: date


def period_named(name: str, week_begins: int) -> Period:
    """The month or week of a name. Weeks are numbered as in ISO 8601 and begin on the brand's own weekday, Monday being
    0: a week has the number of its Thursday. Raises NoSuchPeriod.
    """
    try:
        if found := _MONTH.fullmatch(name):
            return month_of(date(int(found[1]), int(found[2]), 1))
        if found := _WEEK.fullmatch(name):
            thursday = date.fromisocalendar(int(found[1]), int(found[2]), _THURSDAY)
            return week_of(thursday, week_begins)
    except (ValueError, OverflowError):
        pass
    raise NoSuchPeriod.at(
        "?period", f"'{name[:20]}' is no period; give a month such as 2026-11, or a week such as 2026-W48.",
        f"“{name[:20]}”不是有效的周期；请填写月份（如 2026-11）或周（如 2026-W48）。",
    )  # fmt: skip


def month_of(on: date) -> Period:
    """The month that a day belongs to."""
    first = on.replace(day=1)
    last = first.replace(day=28) if first.month == 2 else first.replace(day=30)
    while last < date.max and (last + timedelta(days=1)).month == first.month:
        last += timedelta(days=1)
    return Period(f"{first.year:04d}-{first.month:02d}", first, last)


def week_of(on: date, week_begins: int) -> Period:
    """The brand's week that a day belongs to. Raises OverflowError at either end of the calendar."""
    first = on - timedelta(days=(on.weekday() - week_begins) % 7)
    thursday = first + timedelta(days=(_THURSDAY - 1 - first.weekday()) % 7)
    year, week, _ = thursday.isocalendar()
    return Period(f"{year:04d}-W{week:02d}", first, first + timedelta(days=6))


def period_of(on: date, every: Every, week_begins: int) -> Period:
    """The period that a day belongs to."""
    return month_of(on) if every is Every.MONTH else week_of(on, week_begins)


@dataclass(frozen=True, slots=True)
class Board:
    """A leaderboard: of the whole brand, or of the orders of a campaign, of a pickup point, or of both."""

    by: By
    period: Period
    campaign_id: str | None = None
    pickup_point_id: str | None = None

    @property
    def name(self) -> str:
        """What tells it apart from others of the brand, also from itself where the days of its period are others."""
        days = f"{self.period.from_on.isoformat()}/{self.period.to_on.isoformat()}"
        return f"{self.by.value}/{self.campaign_id or '-'}/{self.pickup_point_id or '-'}/{days}"

    @classmethod
    def of(cls, by: By, period: Period, campaign_id: str | None, pickup_point_id: str | None) -> Self:
        """Raises Invalid where what it ranks by happens in no one place."""
        if by not in OF_ORDERS and (campaign_id or pickup_point_id):
            field = "?campaign_id" if campaign_id else "?pickup_point_id"
            raise Invalid.at(
                field,
                f"A board by {by.value} is of the whole brand; leave this out, or rank by spend, quantity or orders.",
                "该榜单仅按全品牌统计；请去掉此项，或改用消费额、件数、订单数榜。",
            )  # fmt: skip
        return cls(by, period, campaign_id, pickup_point_id)
