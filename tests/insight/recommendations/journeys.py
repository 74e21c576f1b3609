"""Baskets that are held out: what is known of Complete Journey's households before their last ones, and who is right.

240 households of 2017 (84.51°/dunnhumby). What is told of a household is made of what came before its held-out basket.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chalicelib.insight.model.associations import Baskets, Rule, find_sets, rules
from chalicelib.insight.recommendations.model import (
    WEIGHTS,
    Bought,
    Candidate,
    Group,
    Source,
    blend,
    by_tag,
    due_again,
    of_group,
    together,
)
from tests.insight.figures import data_file

MOST = 10
_KEPT = 50


@dataclass(frozen=True)
class Basket:
    member: str
    on: date
    at: str
    products: frozenset[str]


def baskets() -> dict[str, list[Basket]]:
    """The baskets of each household, the first one first."""
    lines: dict[str, tuple[str, str, set[str]]] = {}
    with gzip.open(data_file("completejourney/order_lines.csv.gz"), "rt") as file:
        for line in csv.DictReader(file):
            _, _, products = lines.setdefault(line["order_ref"], (line["member"], line["ordered_at"], set()))
            products.add(line["product_id"])
    found: dict[str, list[Basket]] = defaultdict(list)
    for member, at, products in sorted(lines.values(), key=lambda each: each[:2]):
        found[member].append(Basket(member, date.fromisoformat(at[:10]), at, frozenset(products)))
    return found


class Known:
    """What is known where the last ``back`` baskets of each household are held out."""

    def __init__(self, every: Mapping[str, Sequence[Basket]], back: int) -> None:
        self.before = {member: each[:-back] for member, each in every.items() if len(each) > back}
        self.wanted = {member: each[-back] for member, each in every.items() if len(each) > back}
        with data_file("completejourney/members.csv").open() as file:
            self.age = {row["member"]: row["age"] for row in csv.DictReader(file)}
        with gzip.open(data_file("completejourney/products.csv.gz"), "rt") as file:
            self.tag = {row["product_id"]: row["product_category"] for row in csv.DictReader(file)}
        self.shop = group(self.before.values())
        self.groups = {
            age: group(each for member, each in self.before.items() if self.age.get(member) == age)
            for age in set(self.age.values())
        }
        self.tags = self._tags()
        self.rules = self._rules()
        self.told = {member: self.candidates(member) for member in self.wanted}

    def _rules(self) -> Mapping[str, list[Rule]]:
        """Those of one product on the left side, by it."""
        sold = Baskets()
        for at, each in enumerate(self.before.values()):
            for basket in each:
                sold.add(at, sorted(basket.products))
        found: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules(find_sets(sold, 2), 0, Decimal(0), 2):
            found[rule.a[0]].append(rule)
        return found

    def _tags(self) -> Mapping[str, Group]:
        """The orders that have each tag."""
        bought: dict[str, dict[str, list[Basket]]] = defaultdict(lambda: defaultdict(list))
        for member, each in self.before.items():
            for basket in each:
                for tag in {self.tag[product] for product in basket.products}:
                    bought[tag][member].append(basket)
        return {
            tag: group(some.values(), lambda product, tag=tag: self.tag[product] == tag)  # type: ignore[misc]
            for tag, some in bought.items()
        }

    def candidates(self, member: str) -> list[Candidate]:
        """Of every source but the pickup point, of which the data know nothing."""
        own, today = self.before[member], self.wanted[member].on
        days: dict[str, list[date]] = defaultdict(list)
        tags = Counter[str]()
        for basket in own:
            tags.update({self.tag[each] for each in basket.products})
            for product in basket.products:
                days[product].append(basket.on)
        last = own[-1].products
        return [
            *due_again(days, len({each.on for each in own}), today),
            *together([rule for each in last for rule in self.rules.get(each, ())], last),
            *by_tag({tag: number / len(own) for tag, number in tags.items()}, self.tags),
            *of_group(Source.PERSONA, self.groups[self.age[member]]),
            *of_group(Source.POPULAR, self.shop),
        ]

    def hits(self, proposed: Callable[[str], Iterable[str]]) -> tuple[int, int]:
        """In how many households any of what is proposed was bought, and how much of it in all."""
        right = [len(basket.products & set(proposed(member))) for member, basket in self.wanted.items()]
        return sum(each > 0 for each in right), sum(right)

    def blended(self, weights: Mapping[Source, float] = WEIGHTS) -> tuple[int, int]:
        return self.hits(
            lambda member: [each.product_id for each in blend(self.told[member], lambda _: True, MOST, weights)]
        )

    def popular(self) -> tuple[int, int]:
        """What is in the most baskets, for all."""
        ranked = sorted(self.shop.bought, key=lambda each: (-self.shop.bought[each].orders, each))[:MOST]
        return self.hits(lambda _: ranked)


def group(households: Iterable[Sequence[Basket]], counts: Callable[[str], bool] = lambda _: True) -> Group:
    """What some households bought most."""
    orders, members = Counter[str](), Counter[str]()
    number = size = 0
    for each in households:
        number, size = number + len(each), size + 1
        bought = [product for basket in each for product in basket.products if counts(product)]
        orders.update(bought)
        members.update(set(bought))
    first = sorted(orders, key=lambda product: (-orders[product], product))[:_KEPT]
    return Group(number, size, {product: Bought(orders[product], members[product]) for product in first})
