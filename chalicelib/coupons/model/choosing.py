"""Which of a member's coupons can be used for a basket, what each of them saves, and which is best. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from chalicelib.coupons.model.rules import Basket, Coupon, refusal_of, rule_of
from chalicelib.kernel.errors import DomainError
from chalicelib.pricing.model import Item, Quote, Rule, Step, quote

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A coupon held against a basket: what the basket costs less with it, in minor units; or why it cannot be used."""

    coupon: Coupon
    saves_minor: int = 0
    refusal: DomainError | None = None

    @property
    def fits(self) -> bool:
        """Whether it lowers the price of the basket."""
        return self.refusal is None and self.saves_minor > 0


@dataclass(frozen=True)
class Weighing:
    """What a member's coupons are held against: the items of a campaign with every other right to a discount but
    points, which are their own; the delivery fee in minor units; and whether they have ordered, asked of nobody unless
    a coupon is for a first order.
    """

    items: Sequence[Item]
    rules: Sequence[Rule]
    currency: str
    campaign_id: str
    delivery_minor: int
    has_ordered: Callable[[], bool]
    now: datetime

    @cached_property
    def _without_minor(self) -> int:
        return quote(self.items, self.currency, self.rules, self.delivery_minor).totals.total

    @cached_property
    def _ordered(self) -> bool:
        return self.has_ordered()

    def weigh(self, coupons: Sequence[Coupon]) -> list[Weighed]:
        """Every coupon: those that can be used, the best first, then the others, those of which least is missing first.

        The best one saves most; of equal ones that which ends first, so that no other is lost; then the lower id.
        """
        return sorted((self._weighed(each) for each in coupons), key=_place)

    def _weighed(self, coupon: Coupon) -> Weighed:
        priced = quote(
            self.items, self.currency, [*self.rules, rule_of(coupon, self.campaign_id)], self.delivery_minor
        )  # fmt: skip
        ordered = coupon.first_order_only and self._ordered
        against = basket_of(priced, self.campaign_id, self.delivery_minor, has_ordered=ordered)
        refusal = refusal_of(coupon, against, self.now)
        if refusal is not None:
            return Weighed(coupon, refusal=refusal)
        return Weighed(coupon, self._without_minor - priced.totals.total)


def basket_of(priced: Quote, campaign_id: str, delivery_minor: int, *, has_ordered: bool) -> Basket:
    """What a coupon is held against, of a price with it: what the steps before it left."""
    left = [item.total_minor for item in priced.items]
    for each in priced.discounts:
        if each.step < Step.COUPON:
            left = [cost - share for cost, share in zip(left, each.shares_minor, strict=True)]
            delivery_minor -= each.delivery_minor
    return Basket(priced.items, campaign_id, left, delivery_minor, has_ordered)


def _place(weighed: Weighed) -> tuple[bool, bool, int, datetime, str]:
    coupon = weighed.coupon
    missing = weighed.refusal.extra.get("missing") if weighed.refusal else None
    by = int(missing["amount_minor"]) if missing else -weighed.saves_minor
    return not weighed.fits, missing is None, by, coupon.until_at or _NEVER, coupon.id
