"""What is priced, and what may lower its price. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Step(IntEnum):
    """The order in which discounts stack: each one sees only what the earlier ones left to pay."""

    MEMBER_PRICE = 1
    TIMED_PRICE = 2
    FULL_REDUCTION = 3
    GIFT = 4
    COUPON = 5
    POINTS = 6


@dataclass(frozen=True, slots=True)
class Words:
    """The same said in English and in Chinese."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Item:
    """A wanted quantity of an offer at the price of one unit, with what a scope may ask of it.

    ``floor_minor`` is the lowest price of one unit; 0 where there is none. A bundle is one item, with what is in one of
    it as its ``parts``.
    """

    offer_id: str
    sku_id: str
    quantity: int
    unit_price_minor: int
    product_id: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    floor_minor: int = 0
    parts: "tuple[Item, ...]" = ()

    @property
    def total_minor(self) -> int:
        """The line before any discount."""
        return self.quantity * self.unit_price_minor

    @property
    def lowest_minor(self) -> int:
        """What the line costs at least; its own price where that is below the floor already."""
        return self.quantity * min(self.floor_minor, self.unit_price_minor)


Lower = Callable[[Sequence[Item], Sequence[int]], Sequence[int]]
"""By how much each line falls, in minor units, never negative: of the items, given what each of them still costs."""

Give = Callable[[Sequence[Item], Sequence[int]], Sequence[Item]]
"""The goods that are given for nothing, in their quantity, given what each of the items still costs."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A right to a discount: of lines by ``lower``, of the delivery fee as it stands by ``lower_delivery``, or goods
    for nothing by ``give``.

    ``earns`` tells which goods earn what is given; all do where it is None. Of the rules that share an
    ``exclusive_group`` one applies at most. ``promotion_id`` or ``coupon_id`` says where it
    comes from; rules of one step apply in the order of these ids.
    """

    step: Step
    reason: Words
    lower: Lower
    exclusive_group: str | None = None
    promotion_id: str | None = None
    coupon_id: str | None = None
    lower_delivery: Callable[[int], int] | None = None
    give: Give | None = None
    earns: Callable[[Item], bool] | None = None

    @property
    def order(self) -> tuple[int, str, str]:
        """Its place among the rules, however these are stored."""
        return self.step, self.promotion_id or self.coupon_id or "", self.reason.en
