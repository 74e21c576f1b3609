"""What a basket comes to, and why: of every allowed combination of rules the best for the buyer. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import MAX_MINOR, Money
from chalicelib.pricing.model.choosing import choices
from chalicelib.pricing.model.rules import Item, Rule, Step, Words

_CAPPED = Words("limited: an item is at its lowest price", "已达商品最低限价")
_BELOW_FLOOR = frozenset({Step.GIFT, Step.POINTS})
"""Steps that no floor caps: what is given as a gift is given away, and points are the member's own."""


class AmountTooLarge(Invalid):
    """The basket costs more than any amount of the product may be."""

    code, title, title_zh = "amount_too_large", "The amount is too large", "金额过大"


@dataclass(frozen=True, slots=True)
class Discount:
    """A rule as it applied: its reason for the member, and the part of it that fell on each line and on the delivery
    fee, in minor units. ``gifts`` are the units that were given for nothing, by offer id, and ``earned_by`` the offers
    that earned them, where not all did.
    """

    step: Step
    reason: Words
    shares_minor: tuple[int, ...]
    delivery_minor: int = 0
    promotion_id: str | None = None
    coupon_id: str | None = None
    gifts: tuple[tuple[str, int], ...] = ()
    earned_by: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The name of its step, as the API says it."""
        return self.step.name.lower()

    @property
    def amount_minor(self) -> int:
        return sum(self.shares_minor) + self.delivery_minor


@dataclass(frozen=True, slots=True)
class Totals:
    """An order's money in minor units: ``total = goods - discount + delivery``; ``due`` is still to be paid.

    ``discount`` is what was taken off the goods; what was taken off the delivery fee has lowered ``delivery`` already.

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
    """A priced basket, gifts among its items. ``payable_minor`` is each line after its share of every discount."""

    items: tuple[Item, ...]
    discounts: tuple[Discount, ...]
    payable_minor: tuple[int, ...]
    totals: Totals
    currency: str

    def saved(self, last: Step = Step.POINTS) -> int:
        """What is taken off by the steps up to ``last``, in minor units."""
        return sum(each.amount_minor for each in self.discounts if each.step <= last)


def quote(items: Sequence[Item], currency: str, rules: Iterable[Rule] = (), delivery_minor: int = 0) -> Quote:
    """Prices a basket: rules apply in the order of their steps, no line falls below zero, none below its floor but by
    gifts and points, nor the delivery fee below zero.

    Of each exclusive group one rule applies at most. Of all combinations the buyer gets that which saves most before
    points, which are their own; of equal ones that which leaves most to promotions, since a coupon is used up; then
    the one of the fewest rules, of the lowest ids. Raises AmountTooLarge, TooManyChoices.
    """
    priced = []
    for chosen in choices(tuple(rules)):
        basket = _Basket(items, delivery_minor)
        for rule in chosen:
            basket.apply(rule)
        ids = sorted(rule.order[1] for rule in chosen)
        priced.append((basket.priced(currency), len(chosen), ids))
    best, *_ = min(priced, key=lambda each: (-each[0].saved(Step.COUPON), -each[0].saved(Step.GIFT), *each[1:]))
    _check_amount(best.totals.goods + delivery_minor, currency)
    return best


def _check_amount(most: int, currency: str) -> None:
    if most > MAX_MINOR:
        raise AmountTooLarge(
            f"The basket comes to {Money(most, currency):en}; {Money(MAX_MINOR, currency):en} is taken at most.",
            detail_zh=f"订单金额为 {Money(most, currency):zh}，超过上限 {Money(MAX_MINOR, currency):zh}，请减少数量。",
        )


class _Basket:
    """A basket while rules are applied to it: its items, what each of them still costs and costs at least. What earns a
    gift is what was ``bought``, no other gift.
    """

    __slots__ = ("_bought", "_delivery", "_discounts", "_items", "_left", "_lowest")

    def __init__(self, items: Sequence[Item], delivery_minor: int) -> None:
        self._bought = tuple(items)
        self._items = list(items)
        self._left = [item.total_minor for item in items]
        self._lowest = [item.lowest_minor for item in items]
        self._delivery = delivery_minor
        self._discounts: list[Discount] = []

    def apply(self, rule: Rule) -> None:
        """Lowers what is left by a rule; one that lowers nothing leaves no discount behind."""
        shares, reason = self._lower(rule)
        fee = min(rule.lower_delivery(self._delivery), self._delivery) if rule.lower_delivery else 0
        self._delivery -= fee
        gifts = rule.give(self._bought, self._left[: len(self._bought)]) if rule.give else ()
        for gift in gifts:
            number = self._add(gift)
            shares += [0] * (len(self._items) - len(shares))
            shares[number] += gift.quantity * self._items[number].unit_price_minor
        if fee or gifts or any(shares):
            given = tuple((gift.offer_id, gift.quantity) for gift in gifts)
            by = self._earning(rule) if gifts else ()
            self._discounts.append(
                Discount(rule.step, reason, tuple(shares), fee, rule.promotion_id, rule.coupon_id, given, by)
            )

    def _earning(self, rule: Rule) -> tuple[str, ...]:
        """The offers that earn what a rule gives; nothing where all do."""
        earning = [item.offer_id for item in self._bought if rule.earns is None or rule.earns(item)]
        return tuple(earning) if len(earning) < len(self._bought) else ()

    def _lower(self, rule: Rule) -> tuple[list[int], Words]:
        """What a rule takes off each line, and why: also why that is less than it says."""
        wanted = [min(each) for each in zip(rule.lower(self._items, self._left), self._left, strict=True)]
        shares, reason = wanted, rule.reason
        if rule.step not in _BELOW_FLOOR:
            rooms = [max(0, left - lowest) for left, lowest in zip(self._left, self._lowest, strict=True)]
            shares = [min(each) for each in zip(wanted, rooms, strict=True)]
            if shares != wanted:
                reason = Words(f"{reason.en} ({_CAPPED.en})", f"{reason.zh}（{_CAPPED.zh}）")
        self._left = [left - share for left, share in zip(self._left, shares, strict=True)]
        return shares, reason

    def _add(self, gift: Item) -> int:
        """Adds a gift to the line of its offer, or as a line. Answers with the line's number."""
        for number, item in enumerate(self._items):
            if item.offer_id == gift.offer_id:
                self._items[number] = replace(item, quantity=item.quantity + gift.quantity)
                return number
        self._items.append(gift)
        self._left.append(0)
        self._lowest.append(0)
        return len(self._items) - 1

    def priced(self, currency: str) -> Quote:
        """The basket as it stands, earlier discounts falling on no gift that came after them."""
        lines = len(self._items)
        discounts = [
            replace(each, shares_minor=(*each.shares_minor, *[0] * (lines - len(each.shares_minor))))
            for each in self._discounts
        ]
        goods = sum(item.total_minor for item in self._items)
        totals = Totals.of(goods, goods - sum(self._left), self._delivery)
        return Quote(tuple(self._items), tuple(discounts), tuple(self._left), totals, currency)
