"""Which groups of answers may be shown, so that no two figures tell what a few people answered. Pure.

A group is shown when at least five answered in it, and when neither a comparison with another group nor what a
breakdown leaves over isolates one to four people:

- of two groups of which one lies within the other, what is between them is nobody or at least five people; else the
  smaller is not shown;
- what a breakdown (such as by campaign) leaves over of all answers, or of a group of another breakdown, is nobody or at
  least five people; else the smallest group of that breakdown is not shown, until it holds.

Statistical offices call these threshold and secondary suppression (Hundepool and others, Statistical Disclosure
Control, Wiley 2012, chapter 4). What may be worked out from three and more groups of different breakdowns, from figures
of different days, or because all of a group gave the same answer, is not looked at.

People are places in a bit mask: bit n is set where the n-th answer belongs to the group.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

FEWEST = 5
"""So many people a figure is of at least."""

Group = tuple[str, str]
"""A breakdown and the value in it: ``("campaign", id)``."""


def shown_groups(groups: Mapping[Group, int], everyone: int, disjoint: Sequence[str]) -> frozenset[Group]:
    """The groups whose figures may be shown beside those of all answers. ``disjoint`` are the breakdowns of which
    everybody is in one group at most. Where fewer than five answered at all, it is none.
    """
    if everyone.bit_count() < FEWEST:
        return frozenset()
    people = {group: mask & everyone for group, mask in groups.items()}
    large = {group: mask for group, mask in people.items() if mask.bit_count() >= FEWEST}
    shown = {group for group, mask in large.items() if not _is_told(mask, [everyone, *large.values()])}
    while told := _left_over(large, shown, everyone, disjoint):
        shown.discard(told)
    return frozenset(shown)


def leaving_enough(people: Mapping[str, int], shown: Collection[str]) -> frozenset[str]:
    """Of the groups of one breakdown that may be shown those beside which the others, as one row, are nobody or at
    least five people: else the smallest of them is among the others too.
    """
    kept = sorted(shown, key=lambda name: (-people[name].bit_count(), name))
    while kept and 0 < _union(mask for name, mask in people.items() if name not in kept).bit_count() < FEWEST:
        kept.pop()
    return frozenset(kept)


def shown_beside(
    groups: Mapping[Group, int], before: Mapping[Group, int], everyone: int, disjoint: Sequence[str]
) -> frozenset[Group]:
    """Those of further groups, which may overlap, that may be shown beside all answers and the groups ``before``, which
    are shown whether or not these are.
    """
    people = {group: mask & everyone for group, mask in groups.items()}
    large = {group: mask for group, mask in people.items() if mask.bit_count() >= FEWEST}
    shown = {group for group, mask in large.items() if not _is_told(mask, [everyone, *large.values()])}
    for group in sorted(shown):
        kept = {other: mask & everyone for other, mask in before.items()} | {group: large[group]}
        isolates = any(0 < (mask ^ large[group]).bit_count() < FEWEST and _is_one_sided(mask, large[group])
                       for mask in kept.values())  # fmt: skip
        if isolates or _left_over(kept, set(kept), everyone, disjoint):
            shown.discard(group)
    return frozenset(shown)


def _is_told(mask: int, others: Sequence[int]) -> bool:
    """Whether a larger group around it leaves a few people between them."""
    return any(mask & other == mask and 0 < (other ^ mask).bit_count() < FEWEST for other in others)


def _left_over(people: Mapping[Group, int], shown: set[Group], everyone: int, disjoint: Sequence[str]) -> Group | None:
    """A group that cannot be shown, since what its breakdown leaves over of something else is a few people."""
    for breakdown in disjoint:
        parts = {group: people[group] for group in shown if group[0] == breakdown}
        wholes = [everyone, *(people[group] for group in shown if group[0] != breakdown)]
        for whole in wholes:
            within = {group: mask for group, mask in parts.items() if mask & whole == mask}
            touching = {group: mask for group, mask in parts.items() if mask & whole}
            for some in (within, touching):
                left = whole ^ _union(some.values())
                if some and 0 < left.bit_count() < FEWEST and _is_one_sided(whole, _union(some.values())):
                    return min(some, key=lambda group: (some[group].bit_count(), group))
    return None


def _is_one_sided(whole: int, union: int) -> bool:
    """Whether one lies within the other, so that a difference of their figures is one of the people between them."""
    return whole & union in (whole, union)


def _union(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def merged(sizes: Sequence[tuple[str, int]], fewest: int = FEWEST) -> list[tuple[str, str]]:
    """Spans of months, in order, of so many answers each at least: (first, last). Months with fewer are joined to those
    after them, the last ones to the span before.
    """
    spans: list[tuple[str, str]] = []
    first, number = "", 0
    for month, size in sizes:
        first, number = first or month, number + size
        if number >= fewest:
            spans.append((first, month))
            first, number = "", 0
    if first and spans:
        spans[-1] = spans[-1][0], sizes[-1][0]
    elif first:
        spans.append((first, sizes[-1][0]))
    return spans


def tells_of_few(groups: Iterable[int]) -> bool:
    """Whether figures over all these groups may be worked out, by adding and taking off as often as one likes, into
    some over fewer than five people alone: of groups that are published for good, whatever there are of them.

    Who is in the very same groups weighs the same in whatever is worked out. What holds nobody of a set of five and
    more such people is of small sets only; there is such a thing exactly where the groups are less independent without
    the small sets. It is on the safe side: several small sets that make five people together count too.
    """
    masks = list(dict.fromkeys(mask for mask in groups if mask))
    sets = _same_groups(masks)
    large = [people for people in sets if people.bit_count() >= FEWEST]
    return _independent(masks, sets) != _independent(masks, large)


def _same_groups(masks: Sequence[int]) -> list[int]:
    """People by which groups they are in; who is in none is left out."""
    sets = [_union(masks)]
    for mask in masks:
        sets = [part for people in sets for part in (people & mask, people & ~mask) if part]
    return sets


_PRIME = (1 << 61) - 1


def _independent(masks: Sequence[int], sets: Sequence[int]) -> int:
    """How many of the groups do not follow from the others, by these sets of people: the rank of the matrix that says
    which set is in which group, modulo a large prime.
    """
    rows = [[1 if people & mask else 0 for people in sets] for mask in masks]
    found = 0
    for column in range(len(sets)):
        pivot = next((place for place in range(found, len(rows)) if rows[place][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        lead = rows[found]
        inverse = pow(lead[column], -1, _PRIME)
        for place in range(found + 1, len(rows)):
            if factor := rows[place][column] * inverse % _PRIME:
                row = rows[place]
                rows[place] = [(one - factor * other) % _PRIME for one, other in zip(row, lead, strict=True)]
        found += 1
    return found
