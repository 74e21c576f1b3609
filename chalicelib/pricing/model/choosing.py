"""Which of the rules that exclude each other may apply together. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import prod

from chalicelib.pricing.model.rules import Rule

MOST_CHOICES = 64
"""So many combinations are priced for a basket at most: six groups of one, three of three, one of sixty-three."""


class TooManyChoices(ValueError):
    """More combinations than are priced were handed over: whoever publishes promotions lets no more come about."""


def number_of_choices(groups: Iterable[int]) -> int:
    """The combinations of exclusive groups of such sizes: of each group one rule, or none."""
    return prod(size + 1 for size in groups)


def choices(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Every combination of rules that may apply together, each in the order of its steps.

    Rules without a group are in all of them; of each group there is one or none: none, where its reduction would cost
    the buyer a greater one. Raises TooManyChoices.
    """
    groups: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.exclusive_group is not None:
            groups[rule.exclusive_group].append(rule)
    number = number_of_choices(len(group) for group in groups.values())
    if number > MOST_CHOICES:
        raise TooManyChoices(f"{number} combinations of {len(groups)} groups; at most {MOST_CHOICES} are priced")
    always = [rule for rule in rules if rule.exclusive_group is None]
    for chosen in product(*([None, *group] for group in groups.values())):
        yield sorted([*always, *(rule for rule in chosen if rule is not None)], key=lambda each: each.order)
