"""Goods bought together: sets of items that enough baskets and enough members share, and the rules that follow.

Exact. Items are numbered; the baskets of an item are bits of a number, so that those of a set are their intersection
(Zaki, 2000: Eclat), inside the baskets of its rarest item.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import chain, groupby

FEWEST_MEMBERS = 5
"""Nothing is told of goods that fewer distinct members bought together."""

MOST_ITEMS = 10
"""Items of a rule, both sides together."""

MOST_SETS = 30_000
"""Sets that are kept; where there are more, they begin at a greater number of baskets."""

_RARE, _OFTEN = 5, 20
_TELLING = 100

ItemSet = tuple[int, ...]


@dataclass(slots=True)
class Baskets:
    """Orders as sets of items. ``total`` are those of which goods are known, ``unknown`` the others. Of baskets with
    one item alone no more than their number is kept, since they are in no set of two.
    """

    total: int = 0
    unknown: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)
    several: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)

    def add(self, member: int, items: Iterable[str] | None) -> None:
        """One order of a member; None where nothing is known of its goods. An item that it has twice counts once, one
        without a name not at all.
        """
        if items is None:
            self.unknown += 1
            return
        self.total += 1
        found = tuple(self._number(each) for each in dict.fromkeys(items) if each)
        for each in found:
            self.counts[each] += 1
        if len(found) > 1:
            self.several.append((member, found))

    def _number(self, item: str) -> int:
        number = self.numbers.setdefault(item, len(self.counts))
        if number == len(self.counts):
            self.counts.append(0)
        return number


@dataclass(frozen=True, slots=True)
class Sets:
    """What was found in ``total`` baskets: sets of item names' places, ascending, with the number of baskets that have
    all of it; every set of two and more of at least ``least_count`` baskets and ``FEWEST_MEMBERS`` members, and the
    single items that are in them.
    """

    total: int
    unknown: int
    least_count: int
    names: Sequence[str]
    counts: Mapping[ItemSet, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who buys all of ``a`` buys ``b`` too: in ``together`` of ``count_a`` baskets; ``count_b`` have b at all."""

    a: tuple[str, ...]
    b: str
    together: int
    count_a: int
    count_b: int
    total: int

    @property
    def support(self) -> Fraction:
        return Fraction(self.together, self.total)

    @property
    def confidence(self) -> Fraction:
        return Fraction(self.together, self.count_a)

    @property
    def lift(self) -> Fraction:
        """How many times as often as if they were bought regardless of each other."""
        return Fraction(self.together * self.total, self.count_a * self.count_b)


def usual_least(total: int) -> int:
    """The number of baskets from which on sets are kept: a thousandth of all, at least 5, and at most 20, since that
    is enough of any number.
    """
    return max(_RARE, min(_OFTEN, -(-total // 1000)))


def find_sets(baskets: Baskets, most_items: int = MOST_ITEMS, most_sets: int = MOST_SETS) -> Sets:
    """All sets of so many items at most, from the usual number of baskets on; from a greater one where there would be
    more than ``most_sets``.
    """
    search = _Search(baskets, usual_least(baskets.total), most_items, most_sets)
    found = search.run()
    return _told(baskets, search.least, found)


def rules(found: Sets, min_count: int, min_confidence: Decimal, max_items: int) -> Iterator[Rule]:
    """The rules of these sets with one item on their right side, in no order. ``min_count`` is none below the sets'."""
    least = Fraction(min_confidence)
    for items, together in found.counts.items():
        if 2 <= len(items) <= max_items and together >= min_count:
            for at, right in enumerate(items):
                left = items[:at] + items[at + 1 :]
                if together * least.denominator >= least.numerator * found.counts[left]:
                    a = tuple(sorted(found.names[each] for each in left))
                    yield Rule(
                        a, found.names[right], together, found.counts[left], found.counts[right,], found.total
                    )  # fmt: skip


def telling_count(found: Sets, max_items: int) -> int:
    """The number of baskets that leaves the hundred most frequent sets, and no part of those that are as frequent as
    the next one, unless all are.
    """
    ranked = sorted((count for items, count in found.counts.items() if 2 <= len(items) <= max_items), reverse=True)
    return min(ranked[0], ranked[_TELLING] + 1) if len(ranked) > _TELLING else found.least_count


def by_lift(some: Iterable[Rule]) -> list[Rule]:
    """The greatest lift first; equal ones by the names of their left side, then of the right."""
    return sorted(some, key=lambda each: (-each.lift, " + ".join(each.a), each.b))


def _told(baskets: Baskets, least: int, found: Mapping[ItemSet, int]) -> Sets:
    """The sets by the names of items alone that are in any: of the others nothing is kept."""
    names = list(baskets.numbers)
    used = sorted({each for items in found for each in items}, key=names.__getitem__)
    place = {item: at for at, item in enumerate(used)}
    counts: dict[ItemSet, int] = {(place[item],): baskets.counts[item] for item in used}
    counts |= {tuple(sorted(place[each] for each in items)): count for items, count in found.items()}
    return Sets(baskets.total, baskets.unknown, least, [names[item] for item in used], counts)


class _Search:
    """One search for sets of at least ``least`` baskets, which rises as more are found than are kept: whatever has that
    many in the end was found, since it had no fewer before.
    """

    def __init__(self, baskets: Baskets, least: int, most_items: int, most_sets: int) -> None:
        self.least, self._most_items, self._most = least, most_items, most_sets
        self._found: dict[ItemSet, int] = {}
        often = [item for item, count in enumerate(baskets.counts) if count >= least]
        often.sort(key=lambda item: (baskets.counts[item], item))
        self._items = often
        rank = {item: at for at, item in enumerate(often)}
        ranked = (
            (member, sorted((rank[each] for each in items if each in rank), reverse=True))
            for member, items in sorted(baskets.several)
        )
        kept = [(member, items) for member, items in ranked if len(items) > 1]
        self._members = [member for member, _ in kept]
        self._rows = [items for _, items in kept]

    def run(self) -> dict[ItemSet, int]:
        """The sets of two and more, by the items' numbers."""
        having: list[list[int]] = [[] for _ in self._items]
        for row, items in enumerate(self._rows):
            for each in items:
                having[each].append(row)
        for item in range(len(self._items)):
            rows, having[item] = having[item], []
            self._with(item, rows)
        return {tuple(self._items[each] for each in items): count for items, count in self._found.items()}

    def _with(self, item: int, rows: Sequence[int]) -> None:
        """The sets whose rarest item this is: what rows have beside it is what comes after it."""
        for row in rows:
            self._rows[row].pop()
        beside = Counter(chain.from_iterable(self._rows[row] for row in rows))
        often = {other for other, count in beside.items() if count >= self.least}
        if not often:
            return
        places: dict[int, list[int]] = defaultdict(list)
        for place, row in enumerate(rows):
            for other in often.intersection(self._rows[row]):
                places[other].append(place)
        people = _People([self._members[row] for row in rows])
        following = [(other, _bits(places[other], len(rows))) for other in sorted(places)]
        self._deeper((item,), [each for each in following if people.are_enough(each[1])], people)

    def _deeper(self, items: ItemSet, following: Sequence[tuple[int, int]], people: "_People") -> None:
        for at, (other, bits) in enumerate(following):
            wider, count = (*items, other), bits.bit_count()
            if count < self.least:
                continue
            self._found[wider] = count
            if len(self._found) > self._most:
                self._rise()
            if len(wider) < self._most_items:
                self._deeper(wider, list(self._both(bits, following[at + 1 :], people)), people)

    def _rise(self) -> None:
        """Keeps the more frequent of what was found, three quarters of what there is room for."""
        ranked = sorted(self._found.values(), reverse=True)
        self.least = max(self.least, ranked[self._most * 3 // 4]) + 1
        self._found = {items: count for items, count in self._found.items() if count >= self.least}

    def _both(self, bits: int, others: Sequence[tuple[int, int]], people: "_People") -> Iterator[tuple[int, int]]:
        for other, theirs in others:
            both = bits & theirs
            if both.bit_count() >= self.least and people.are_enough(both):
                yield other, both


class _People:
    """Whose the baskets at some places are, which stand together by member."""

    def __init__(self, members: Sequence[int]) -> None:
        self._after: list[int] = []
        for _, own in groupby(members):
            number = sum(1 for _ in own)
            self._after += [len(self._after) + number] * number
        self._most = max(Counter(members).values())

    def are_enough(self, bits: int) -> bool:
        """Whether the baskets are of at least ``FEWEST_MEMBERS``."""
        if bits.bit_count() > self._most * (FEWEST_MEMBERS - 1):
            return True
        for _ in range(FEWEST_MEMBERS):
            if not bits:
                return False
            after = self._after[(bits & -bits).bit_length() - 1]
            bits = bits >> after << after
        return True


def _bits(places: Iterable[int], size: int) -> int:
    raw = bytearray(size // 8 + 1)
    for place in places:
        raw[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(raw, "little")
