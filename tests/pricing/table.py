"""Reads `baskets.md`: priced baskets as people write them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from chalicelib.kernel.money import Money
from chalicelib.pricing.model import (
    MEMBER_PRICES,
    Item,
    Lower,
    Reduction,
    Rule,
    Scope,
    Step,
    Words,
    amount_off,
    amount_off_each,
    by_amount,
    by_quantity,
    delivery_words,
    full_reduction,
    gift,
    gift_words,
    nothing,
    off_each_words,
    off_words,
    percent_of,
    percent_off,
    percent_words,
    price_each,
    price_words,
    reduction_words,
    split_discount,
)
from chalicelib.pricing.model.gifts import Earned

STEPS = {
    "member": Step.MEMBER_PRICE,
    "timed": Step.TIMED_PRICE,
    "full": Step.FULL_REDUCTION,
    "gift": Step.GIFT,
    "coupon": Step.COUPON,
    "points": Step.POINTS,
}


@dataclass(frozen=True)
class Row:
    """A basket of the table, and what is expected of it; amounts in minor units."""

    given: str
    currency: str
    items: list[Item]
    delivery: int
    rules: list[Rule]
    discounts: list[tuple[Step, int, str, bool]]
    lines: list[int]
    total: int


def rows(page: Path) -> Iterator[Row]:
    """Every basket of the page."""
    currency = "CNY"
    for text in page.read_text().splitlines():
        if text.startswith("## "):
            currency = "JPY" if "Yen" in text else "CNY"
        cells = [cell.strip() for cell in text.split("|")[1:-1]]
        if cells and cells[0] != "given" and not cells[0].startswith("---"):
            yield _row(cells, currency)


def _row(cells: Sequence[str], currency: str) -> Row:
    given, basket, rules, discounts, lines, total, _ = cells
    goods = basket.split(", ")
    fees = [_minor(part.removeprefix("delivery "), currency) for part in goods if part.startswith("delivery ")]
    return Row(
        given,
        currency,
        [_item(part, currency) for part in goods if not part.startswith("delivery ")],
        sum(fees),
        [_rule(part, f"p{n}", currency) for n, part in enumerate(filter(None, rules.split("; ")), 1)],
        [
            (STEPS[step], _minor(amount, currency), why, bool(capped))
            for step, amount, why, capped in re.findall(r"(\w+) ([\d.]+) \((.+?)\)( capped)?(?:, |$)", discounts)
        ],
        [_minor(part, currency) for part in lines.split(", ")],
        _minor(total, currency),
    )


def _item(text: str, currency: str) -> Item:
    name, amount, *more = text.split()
    quantity, price = amount.split("x")
    return Item(
        name,
        name,
        int(quantity),
        _minor(price, currency),
        product_id=name,
        category=next((each[1:] for each in more if each.startswith("@")), ""),
        tags=tuple(each[1:] for each in more if each.startswith("#")),
        floor_minor=next((_minor(each[6:], currency) for each in more if each.startswith("floor=")), 0),
    )


def _rule(text: str, number: str, currency: str) -> Rule:
    kind, *words = text.split()
    parts: dict[str, list[str]] = {"": [], "on": [], "in": [], "as": []}
    at = ""
    for word in words:
        at = word if word in parts else at
        if word != at:
            parts[at].append(word)
    rule_id = "".join(parts["as"]) or number
    group = parts["in"][0] if parts["in"] else None
    step, terms, scope = STEPS[kind], parts[""], _scope(parts["on"])
    if step is Step.GIFT:
        given, earned, words_of_it = _gift(terms, scope, currency)
        return Rule(step, words_of_it, nothing, group, rule_id, give=gift(given, earned))
    if terms[0] == "delivery":
        most = Money(_minor(terms[1], currency), currency) if terms[1:] else None
        off = most.amount_minor if most else None
        fee = (lambda fee: fee) if off is None else (lambda _: off)
        return Rule(step, delivery_words(most), nothing, group, coupon_id=rule_id, lower_delivery=fee)
    lower, reason = _lowering(step, terms, scope, currency)
    return Rule(step, reason, lower, group, rule_id)


def _lowering(step: Step, terms: list[str], scope: Scope, currency: str) -> tuple[Lower, Words]:
    def money(text: str) -> Money:
        return Money(_minor(text, currency), currency)

    if step is Step.FULL_REDUCTION:
        repeat = terms[0] == "every"
        pairs = [term.split("/") for term in terms if term != "every"]
        steps = [Reduction(_minor(amount, currency), _minor(off, currency)) for off, amount in pairs]
        return full_reduction(steps, repeat=repeat, scope=scope), reduction_words(steps, currency, repeat=repeat)
    if terms[0].endswith("%"):
        bps = int(Decimal(terms[0][:-1]) * 100)
        lower = _at_most(bps, money(terms[2]).amount_minor) if terms[1:] else percent_off(bps, scope)
        return lower, percent_words(bps)
    if "=" in terms[0]:
        prices = dict(term.split("=") for term in terms)
        of = {name: _minor(price, currency) for name, price in prices.items()}
        return price_each(lambda item: of.get(item.sku_id), scope), MEMBER_PRICES
    if terms[-1] == "each":
        off = money(terms[0].removeprefix("-"))
        if terms[0].startswith("-"):
            return amount_off_each(off.amount_minor, scope), off_each_words(off)
        return price_each(lambda _: off.amount_minor, scope), price_words(off)
    off = money(terms[0])
    return amount_off(off.amount_minor, scope), Words("points", "积分") if step is Step.POINTS else off_words(off)


def _at_most(bps: int, most: int) -> Lower:
    return lambda _, left: split_discount(min(most, percent_of(sum(left), bps)), left)


def _gift(terms: list[str], scope: Scope, currency: str) -> tuple[Item, Earned, Words]:
    quantity, name, price, _, reached, *units = terms
    item = Item(name, name, int(quantity), _minor(price, currency))
    if units:
        return item, by_quantity(int(reached), scope), gift_words(name, item.quantity, None, int(reached))
    amount = Money(_minor(reached, currency), currency)
    return item, by_amount(amount.amount_minor, scope), gift_words(name, item.quantity, amount)


def _scope(names: list[str]) -> Scope:
    return Scope(
        frozenset(name for name in names if name[0] not in "@#"),
        frozenset(name[1:] for name in names if name[0] == "@"),
        frozenset(name[1:] for name in names if name[0] == "#"),
    )


def _minor(text: str, currency: str) -> int:
    return int(Decimal(text) * (1 if currency == "JPY" else 100))
