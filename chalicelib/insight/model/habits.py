"""What members prefer and how they pay, from the orders of some days. Pure. Amounts are minor units."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from chalicelib.insight.model.cohorts import rate
from chalicelib.insight.model.figures import Sold

UNKNOWN, OTHER = "unknown", "other"
"""The values of what is not known, and of all values beyond those that are shown."""

NOT_SHOWN = "small_groups"
"""Groups that would tell of a few people, united."""

AT_PICKUP, DELIVERED = "pickup_point", "delivery"

MOBILE = frozenset({"wechat", "alipay"})
"""Ways of paying that are wallets on a phone."""


@dataclass(frozen=True, slots=True)
class Bought:
    """One order that counts: whose it is, on which local day, and what is known of it. ``off_minor`` is what discounts
    took off, ``method`` how it is paid, ``delivered`` whether it is brought home; None where that is not known.
    """

    source: str
    own: bool
    ordinal: int
    on: date
    at: datetime | None
    amount_minor: int
    currency: str
    units: int
    parts: Sequence[Sold] = ()
    off_minor: int | None = None
    method: str | None = None
    delivered: bool | None = None
    channel: str = ""
    pickup_point: str = ""

    @property
    def place(self) -> tuple[bool, str]:
        """Tells it from any other: an order's id may be the reference of an imported one."""
        return self.own, self.source

    @property
    def discounted(self) -> bool | None:
        """Whether anything was taken off; None where that is not known."""
        return None if self.off_minor is None else self.off_minor > 0

    @property
    def categories(self) -> Sequence[str]:
        return _known(each.category for each in self.parts)

    @property
    def products(self) -> Sequence[str]:
        return _known(each.product_id for each in self.parts)


def with_file_discounts(orders: Sequence[Bought]) -> Sequence[Bought]:
    """Where a file named a discount of any order, the other imported ones had none: a file has no other way of saying
    so. Where no file did, nothing is known of theirs.
    """
    if not any(each.off_minor for each in orders if not each.own):
        return orders
    return [each if each.own or each.off_minor is not None else replace(each, off_minor=0) for each in orders]


def _known(values: Iterable[str]) -> Sequence[str]:
    return sorted({each for each in values if each}) or [UNKNOWN]


@dataclass(frozen=True, slots=True)
class Habit:
    """Orders of one value: how many, on how many occasions (distinct members and local days), and of whom. Of the
    orders whose discounts are known (``judged``) so many are ``discounted``.
    """

    value: str
    orders: int
    occasions: int
    members: frozenset[int]
    judged: int
    discounted: int

    @property
    def discounted_share(self) -> Decimal | None:
        """None where nothing is known of discounts."""
        return rate(self.discounted, self.judged) if self.judged else None


@dataclass(slots=True)
class _Sums:
    orders: int = 0
    days: set[tuple[int, date]] = field(default_factory=set)
    judged: int = 0
    discounted: int = 0

    def add(self, each: Bought) -> None:
        self.orders += 1
        self.days.add((each.ordinal, each.on))
        self.judged += each.discounted is not None
        self.discounted += each.discounted is True

    def done(self, value: str) -> Habit:
        members = frozenset(ordinal for ordinal, _ in self.days)
        return Habit(value, self.orders, len(self.days), members, self.judged, self.discounted)


def tally(orders: Iterable[Bought], values: Callable[[Bought], Iterable[str]]) -> list[Habit]:
    """Orders by value, the most occasions first. An order of several values counts in each."""
    found: dict[str, _Sums] = {}
    for each in orders:
        for value in values(each):
            found.setdefault(value, _Sums()).add(each)
    habits = [sums.done(value) for value, sums in found.items()]
    return sorted(habits, key=lambda each: (-each.occasions, -each.orders, each.value))


def shortened(
    orders: Sequence[Bought], values: Callable[[Bought], Iterable[str]], most: int
) -> list[Habit]:  # fmt: skip
    """The same with so many values at most; the further ones are one row, in which each order counts once. What is not
    known comes last, whatever its number.
    """
    habits = tally(orders, values)
    kept = {each.value for each in [each for each in habits if each.value != UNKNOWN][:most]} | {UNKNOWN}
    united = tally(orders, lambda each: sorted({value if value in kept else OTHER for value in values(each)}))
    return sorted(united, key=lambda each: (each.value == UNKNOWN, each.value == OTHER))


@dataclass(frozen=True, slots=True)
class PriceBand:
    """Orders of at least ``from_minor`` and less than ``below_minor``; the last has no upper end."""

    from_minor: int
    below_minor: int | None

    @property
    def name(self) -> str:
        return f"{self.from_minor}-{'' if self.below_minor is None else self.below_minor}"


def price_bands(amounts: Iterable[int]) -> list[PriceBand]:
    """Four bands with as equal numbers of orders as equal amounts allow: they begin at the quartiles (nearest rank), so
    that equal amounts are in the same. Fewer where quartiles are equal; none without orders.
    """
    ranked = sorted(amounts)
    if not ranked:
        return []
    starts = sorted({0, *(ranked[len(ranked) * quarter // 4] for quarter in (1, 2, 3))})
    return [PriceBand(start, below) for start, below in zip(starts, [*starts[1:], None], strict=True)]


def band_of(bands: Sequence[PriceBand], amount_minor: int) -> PriceBand:
    """The band of an amount. Raises ValueError where there are none."""
    fitting = [each for each in bands if each.from_minor <= amount_minor]
    return max(fitting, key=lambda each: each.from_minor, default=bands[0])


SHARES = ("never", "up_to_third", "up_to_two_thirds", "more", "always")
"""How much of what a member bought was discounted."""


def by_sensitivity(orders: Iterable[Bought]) -> Mapping[str, int]:
    """Members by the share of their purchases that were discounted, of those whose discounts are known."""
    known: dict[int, list[int]] = {}
    for each in orders:
        if each.discounted is not None:
            sums = known.setdefault(each.ordinal, [0, 0])
            sums[0] += each.discounted
            sums[1] += 1
    found = dict.fromkeys(SHARES, 0)
    for discounted, judged in known.values():
        found[_share(discounted, judged)] += 1
    return found


def _share(discounted: int, judged: int) -> str:
    if not discounted:
        return "never"
    if discounted == judged:
        return "always"
    return "up_to_third" if 3 * discounted <= judged else "up_to_two_thirds" if 3 * discounted <= 2 * judged else "more"


@dataclass(frozen=True, slots=True)
class MobileShare:
    """So many orders paid by phone, of those whose way of paying is known."""

    mobile: int
    known: int

    @property
    def rate(self) -> Decimal | None:
        """None where no way of paying is known."""
        return rate(self.mobile, self.known) if self.known else None


def mobile_share(orders: Iterable[Bought]) -> MobileShare:
    """By :data:`MOBILE`."""
    methods = [each.method for each in orders if each.method is not None]
    return MobileShare(sum(method in MOBILE for method in methods), len(methods))
