"""The price of a basket: one pipeline of rules, in whole minor units. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import MAX_MINOR, Money, allocate


class Step(IntEnum):
    """The order in which discounts stack: each one sees only what the earlier ones left to pay."""

    MEMBER_PRICE = 1
    TIMED_PRICE = 2
    FULL_REDUCTION = 3
    COUPON = 4
    POINTS = 5


class AmountTooLarge(Invalid):
    """The basket costs more than any amount of the product may be."""

    code, title, title_zh = "amount_too_large", "The amount is too large", "金额过大"


@dataclass(frozen=True, slots=True)
class Item:
    """A wanted quantity of an offer at the price of one unit."""

    offer_id: str
    sku_id: str
    quantity: int
    unit_price_minor: int

    @property
    def total_minor(self) -> int:
        """The line before any discount."""
        return self.quantity * self.unit_price_minor


@dataclass(frozen=True, slots=True)
class Rule:
    """A right to a discount. ``lower`` answers by how much each line falls, given what each still costs."""

    step: Step
    reason: str
    lower: Callable[[Sequence[Item], Sequence[int]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Discount:
    """A rule as it applied: its reason for the member, and the part of it that fell on each line."""

    step: Step
    reason: str
    shares_minor: tuple[int, ...]

    @property
    def amount_minor(self) -> int:
        return sum(self.shares_minor)


@dataclass(frozen=True, slots=True)
class Totals:
    """An order's money in minor units: ``total = goods - discount + delivery``; ``due`` is still to be paid.

    Refunds are of two kinds. Where the total fell (a line was taken out), the money given back no longer stands against
    it. What was given back while the total stands (an after-sale, goodwill) is not owed again.
    """

    goods: int
    discount: int
    delivery: int
    total: int
    paid: int
    refunded: int
    due: int

    @classmethod
    def of(
        cls, goods: int, discount: int = 0, delivery: int = 0, *,
        paid: int = 0, refunded: int = 0, returned: int = 0, owed: bool = True,
    ) -> "Totals":  # fmt: skip
        """``returned`` is the part of ``refunded`` that was given back while the total stands: it is not owed again.

        ``owed`` is False where nothing is to be paid any more: the order was cancelled, expired or refunded.
        """
        total = goods - discount + delivery
        due = max(0, total - (paid - (refunded - returned))) if owed else 0
        return cls(goods, discount, delivery, total, paid, refunded, due)


@dataclass(frozen=True, slots=True)
class Quote:
    """A priced basket. ``payable_minor`` is each line after its share of every discount."""

    items: tuple[Item, ...]
    discounts: tuple[Discount, ...]
    payable_minor: tuple[int, ...]
    totals: Totals
    currency: str


def quote(items: Sequence[Item], currency: str, rules: Iterable[Rule] = (), delivery_minor: int = 0) -> Quote:
    """Prices a basket: rules apply in the order of their steps, no line ever falls below zero.

    Raises AmountTooLarge.
    """
    left = [item.total_minor for item in items]
    goods = sum(left)
    most = goods + delivery_minor
    if most > MAX_MINOR:
        raise AmountTooLarge(
            f"The basket comes to {Money(most, currency):en}; {Money(MAX_MINOR, currency):en} is taken at most.",
            detail_zh=f"订单金额为 {Money(most, currency):zh}，超过上限 {Money(MAX_MINOR, currency):zh}，请减少数量。",
        )
    discounts = []
    for rule in sorted(rules, key=lambda each: each.step):
        shares = tuple(min(share, most) for share, most in zip(rule.lower(items, left), left, strict=True))
        if any(shares):
            discounts.append(Discount(rule.step, rule.reason, shares))
            left = [before - share for before, share in zip(left, shares, strict=True)]
    totals = Totals.of(goods, goods - sum(left), delivery_minor)
    return Quote(tuple(items), tuple(discounts), tuple(left), totals, currency)


def split_discount(amount_minor: int, left: Sequence[int]) -> list[int]:
    """Splits an order's discount over its lines by what each still costs (largest remainder), down to zero at most."""
    return allocate(min(amount_minor, sum(left)), left)
