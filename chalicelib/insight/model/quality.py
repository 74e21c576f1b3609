"""Rules that find what is doubtful in a brand's data. Pure. Amounts are minor units."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from chalicelib.insight.model.habits import Bought

DOUBLED_WITHIN = timedelta(minutes=2)

FEWEST_JUDGED = 20
"""Orders of a currency without which no amount is called an outlier."""

FENCE = 3
"""Interquartile ranges beyond the quartiles from which on an amount is *far out* (Tukey, Exploratory Data Analysis,
Addison-Wesley 1977, chapter 2).
"""

BUSY = 5
"""Orders on the same weekday, by the median of the four weeks before and after, from which on a day without any is a
gap.
"""

MOST_MEMBERS = 2000
"""Members of a range's orders, those who joined last first, who are compared with each other."""

_WEEKS = 4


class Rule(StrEnum):
    """What is looked for."""

    DOUBLE_MEMBERS = "double_members"
    DOUBLE_ORDERS = "double_orders"
    NEAR_REFERENCES = "near_references"
    GAPS = "gaps"
    NOT_ROLLED_UP = "not_rolled_up"
    NO_HOUR = "no_hour"
    OUTLIERS = "outliers"
    NO_CHANNEL = "no_channel"
    NO_POINT = "no_pickup_point"
    NO_PRODUCT = "no_product"
    NO_CATEGORY = "no_category"
    NO_COST = "no_cost"
    UNKNOWN_PRODUCT = "unknown_product"
    NO_CONTACT = "no_contact"
    UNKNOWN_MEMBER = "unknown_member"


@dataclass(frozen=True, slots=True)
class Fences:
    """Amounts below ``low`` or above ``high`` are far out; from so many orders."""

    low: Fraction
    high: Fraction
    orders: int

    def outside(self, amount_minor: int) -> bool:
        """Whether an amount is far out."""
        return not self.low <= amount_minor <= self.high


def fences(amounts: Iterable[int]) -> Fences | None:
    """Tukey's outer fences, from quartiles by linear interpolation (type 7 of Hyndman and Fan 1996), exactly. None of
    fewer than twenty amounts, and where half of them are equal: then every other one would be far out.
    """
    ranked = sorted(amounts)
    if len(ranked) < FEWEST_JUDGED:
        return None
    lower, upper = _quantile(ranked, 1), _quantile(ranked, 3)
    spread = upper - lower
    return Fences(lower - FENCE * spread, upper + FENCE * spread, len(ranked)) if spread else None


def _quantile(ranked: Sequence[int], quarters: int) -> Fraction:
    place = Fraction((len(ranked) - 1) * quarters, 4)
    below = int(place)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (place - below) * (ranked[above] - ranked[below])


def outliers(orders: Sequence[Bought]) -> list[Bought]:
    """Orders whose amounts are far out, of their currency, the greatest first."""
    amounts: dict[str, list[int]] = defaultdict(list)
    for each in orders:
        amounts[each.currency].append(each.amount_minor)
    limits = {currency: fences(found) for currency, found in amounts.items()}
    far = [each for each in orders if (limit := limits[each.currency]) and limit.outside(each.amount_minor)]
    return sorted(far, key=lambda each: (-each.amount_minor, each.source))


def doubled(orders: Sequence[Bought]) -> list[Bought]:
    """Orders that look like the one before once more: of the same member, amount and units, within two minutes. The
    first of each row of them is not among these. Orders whose instant is unknown are not judged.
    """
    alike: dict[tuple[int, int, str, int], list[Bought]] = defaultdict(list)
    for each in orders:
        if each.at is not None:
            alike[each.ordinal, each.amount_minor, each.currency, each.units].append(each)
    found = []
    for some in alike.values():
        timed = sorted(((each.at, each.source, each) for each in some if each.at is not None), key=lambda it: it[:2])
        found += [after for (before_at, *_), (at, _, after) in pairwise(timed) if at - before_at <= DOUBLED_WITHIN]
    return sorted(found, key=lambda each: (each.on, each.source))


def near_references(orders: Sequence[Bought]) -> list[Bought]:
    """Imported orders whose references differ in case, signs between, or leading zeros alone from that of another one
    of the same member and amount; the first of them, by day, is not among these.
    """
    alike: dict[tuple[str, int, int, str], list[Bought]] = defaultdict(list)
    for each in orders:
        if not each.own:
            alike[_plain(each.source), each.ordinal, each.amount_minor, each.currency].append(each)
    found = [each for some in alike.values() for each in sorted(some, key=lambda it: (it.on, it.source))[1:]]
    return sorted(found, key=lambda each: (each.on, each.source))


def _plain(reference: str) -> str:
    letters = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", reference).casefold())
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", letters)


def gaps(counts: Mapping[date, int], from_on: date, to_on: date) -> list[date]:
    """Days of a range without an order, though the same weekday of the weeks around has enough of them. ``counts`` has
    the orders of the days with any, four weeks before and after the range included.
    """
    days = (from_on + timedelta(days=at) for at in range((to_on - from_on).days + 1))
    return [on for on in days if not counts.get(on) and _usual(counts, on, to_on) >= BUSY]


def _usual(counts: Mapping[date, int], on: date, to_on: date) -> int:
    """The lower median of the same weekday in the weeks around a day, as far as they have been; 0 without four."""
    weeks = [on + timedelta(weeks=at) for at in range(-_WEEKS, _WEEKS + 1) if at]
    known = sorted(counts.get(each, 0) for each in weeks if min(counts, default=on) <= each <= to_on)
    return known[(len(known) - 1) // 2] if len(known) >= _WEEKS else 0


@dataclass(frozen=True, slots=True)
class Someone:
    """What of a member may show that they are another's double; what is not known is empty."""

    ordinal: int
    name: str = ""
    email: str = ""
    phone: str = ""
    birthday: str = ""


def double_members(people: Iterable[Someone]) -> list[tuple[Someone, Someone]]:
    """Pairs who may be one person: with the same last eight digits of a phone number, the same e-mail address but for
    dots and what follows a plus, or the same name but for case and spaces and the same birthday. Each is paired with
    the first whom they resemble.
    """
    first: dict[tuple[str, ...], Someone] = {}
    found: dict[int, tuple[Someone, Someone]] = {}
    for each in sorted(people, key=lambda one: one.ordinal):
        for sign in _signs(each):
            earlier = first.setdefault(sign, each)
            if earlier is not each and each.ordinal not in found:
                found[each.ordinal] = earlier, each
    return list(found.values())


def _signs(each: Someone) -> Iterator[tuple[str, ...]]:
    digits = re.sub(r"\D", "", each.phone)[-8:]
    local, _, host = each.email.casefold().partition("@")
    if len(digits) == 8:
        yield "phone", digits
    if host:
        yield "email", local.partition("+")[0].replace(".", ""), host
    name = re.sub(r"\s+", "", unicodedata.normalize("NFKC", each.name).casefold())
    if name and each.birthday:
        yield "birthday", name, each.birthday


EXCLUDABLE: Mapping[Rule, Callable[[Sequence[Bought]], list[Bought]]] = {
    Rule.OUTLIERS: outliers,
    Rule.DOUBLE_ORDERS: doubled,
}
"""The rules by which figures may leave orders out, where they are asked to."""
