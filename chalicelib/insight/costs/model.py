"""What a booked cost is, and what of it falls on which local day. Pure. Amounts are minor units."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import allocate

MOST_DAYS = 366
"""A cost is spread over a year at most: so those that touch some days are found by when they begin."""


class CostKind(StrEnum):
    """What a cost is for."""

    GOODS = "goods"
    LABOUR = "labour"
    MARKETING = "marketing"
    LOGISTICS = "logistics"
    OTHER = "other"


class RangeInvalid(Invalid):
    """The days of a cost end before they begin, or are too many."""

    code, title, title_zh = "cost_days_invalid", "The days of the cost do not fit", "费用日期区间无效"


class UnknownSubject(Invalid):
    """A cost names a campaign, a product, a pickup point or a channel that the brand does not have."""

    code, title, title_zh = "cost_subject_unknown", "What the cost is for is not known", "费用对象不存在"


class CostInAnotherCurrency(Invalid):
    """Costs are booked in the brand's own currency."""

    code, title, title_zh = "booked_cost_currency", "The cost is in another currency", "费用币种不符"


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost of local days, both included: so much in all, and what it is for in particular, if anything."""

    kind: CostKind
    title: str
    amount_minor: int
    from_on: date
    to_on: date
    campaign_id: str | None = None
    product_id: str | None = None
    pickup_point_id: str | None = None
    channel_id: str | None = None

    def changed(self, changes: Mapping[str, Any]) -> "Cost":
        """The same with other values. A cost of one day that gets another first day stays one of one day, unless its
        last day is named as well.
        """
        if "from_on" in changes and "to_on" not in changes and self.from_on == self.to_on:
            changes = {**changes, "to_on": changes["from_on"]}
        return replace(self, **changes)

    def check(self) -> None:
        """Raises RangeInvalid for days that run backwards, or are more than a year."""
        if self.to_on < self.from_on:
            raise RangeInvalid.at(
                "/to_on",
                f"The last day, {self.to_on}, is before the first, {self.from_on}; swap them.",
                f"结束日期 {self.to_on} 早于开始日期 {self.from_on}，请调换。",
            )
        if self.days > MOST_DAYS:
            raise RangeInvalid.at(
                "/to_on",
                f"A cost is spread over at most {MOST_DAYS} days, and these are {self.days}; book it year by year.",
                f"一笔费用最多分摊 {MOST_DAYS} 天，当前为 {self.days} 天，请按年分别登记。",
            )

    @property
    def days(self) -> int:
        """Over how many days it is spread."""
        return (self.to_on - self.from_on).days + 1

    def by_day(self, from_on: date, to_on: date) -> dict[date, int]:
        """What of it falls on each of these days: evenly, the minor units that are left over on its first days, so that
        all days sum to the amount.
        """
        shares = allocate(self.amount_minor, [1] * self.days)
        fallen = ((self.from_on + timedelta(days=n), share) for n, share in enumerate(shares))
        return {on: share for on, share in fallen if from_on <= on <= to_on and share}
