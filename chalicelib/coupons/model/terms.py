"""What the coupons of a batch promise. Pure. Amounts are minor units of the brand's currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.kernel.local_day import day_start, local_date
from chalicelib.pricing.model import Item, Scope

Kind = Literal["amount", "percent", "delivery", "product"]
Purpose = Literal["new_member", "loyal", "holiday", "win_back", "remedy"]


@dataclass(frozen=True, slots=True)
class Goods:
    """What coupons are for: goods by product, category or tag (one match is enough), in any campaign or only those
    named. Nothing named narrows nothing.
    """

    campaign_ids: tuple[str, ...] = ()
    product_ids: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def scope(self) -> Scope:
        """The goods, without the campaigns."""
        return Scope(frozenset(self.product_ids), frozenset(self.categories), frozenset(self.tags))

    def in_campaign(self, campaign_id: str) -> bool:
        """Whether they are for a campaign's orders."""
        return not self.campaign_ids or campaign_id in self.campaign_ids

    def covers(self, item: Item) -> bool:
        """Whether an item is among the goods."""
        return self.scope.covers(item)

    def as_json(self) -> dict[str, list[str]]:
        """As it is stored: what narrows, and nothing else."""
        names = ("campaign_ids", "product_ids", "categories", "tags")
        return {name: list(named) for name in names if (named := getattr(self, name))}

    @classmethod
    def from_json(cls, stored: Mapping[str, list[str]]) -> Self:
        return cls(**{name: tuple(named) for name, named in stored.items()})


ALL_GOODS = Goods()


@dataclass(frozen=True, slots=True)
class Validity:
    """When coupons are good: from an instant on and until another, which is not in it any more (``None``: without
    end); or for so many ``days`` of the brand's calendar after the day on which a member got one.
    """

    from_at: datetime | None = None
    until_at: datetime | None = None
    days: int | None = None

    def window(self, got_at: datetime, tz: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """From when until when (exclusive) a coupon is good that a member gets at ``got_at``, in the brand's zone.

        ``days`` are whole local days after that day: 1 is good until the end of tomorrow.
        """
        if self.days is None:
            return self.from_at, self.until_at
        return got_at, day_start(local_date(got_at, tz) + timedelta(days=self.days + 1), tz)

    def over(self, now: datetime) -> bool:
        """Whether nobody can use such a coupon any more, even one they get now."""
        return self.until_at is not None and now >= self.until_at

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        ends = {"from_at": self.from_at, "until_at": self.until_at}
        said = {name: sortable(moment) for name, moment in ends.items() if moment is not None}
        return said | ({"days": self.days} if self.days is not None else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        ends = {name: parse_instant(stored[name]) for name in ("from_at", "until_at") if name in stored}
        return cls(**ends, days=stored.get("days"))


ALWAYS = Validity()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a coupon is worth and for what: every coupon carries those of its batch as they were when it was got.

    ``value_minor`` is what an ``amount`` takes off, and what a ``delivery`` or ``product`` coupon takes off at most;
    ``percent_bps`` is a share in basis points, ``cap_minor`` the most that a share comes to. A ``delivery`` coupon
    without a value takes the whole fee; a ``product`` coupon is for one unit, and without value and share that is
    free. ``minimum_minor`` is what the goods that it is for must still cost.
    """

    kind: Kind
    currency: str
    value_minor: int | None = None
    percent_bps: int | None = None
    cap_minor: int | None = None
    minimum_minor: int = 0
    goods: Goods = ALL_GOODS

    @property
    def most_minor(self) -> int | None:
        """The most that one use takes off, where that is known."""
        return self.cap_minor if self.percent_bps is not None else self.value_minor

    def as_json(self) -> dict[str, Any]:
        """As it is stored; what does not apply is left out."""
        numbers = ("value_minor", "percent_bps", "cap_minor", "minimum_minor")
        said: dict[str, Any] = {"kind": self.kind, "currency": self.currency}
        said |= {name: number for name in numbers if (number := getattr(self, name))}
        goods = self.goods.as_json()
        return said | ({"goods": goods} if goods else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        told = dict(stored)
        return cls(goods=Goods.from_json(told.pop("goods", {})), **told)
