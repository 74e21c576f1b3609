"""Whether a rule holds of a member, why, and when that may change by the passing of days alone. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.histories.model import Purchase
from chalicelib.segments.model.facts import Facts
from chalicelib.segments.model.fields import FIELDS, IN_PROFILE, Kind, Op
from chalicelib.segments.model.rules import AllOf, AnyOf, Condition, Not, Rule, Scope, conditions
from chalicelib.segments.model.scores import NAMES

_NO_SCOPE = Scope()


@dataclass(frozen=True, slots=True)
class Met:
    """A condition, whether it holds of a member, and what was found of them: words, a number or a day; None where
    nothing is known.
    """

    condition: Condition
    holds: bool
    found: tuple[str, ...] | int | date | None


def holds(rule: Rule, facts: Facts) -> bool:
    """Whether a rule holds of a member on the day of the facts."""
    if isinstance(rule, Not):
        return not holds(rule.part, facts)
    if isinstance(rule, AllOf):
        return all(holds(part, facts) for part in rule.parts)
    if isinstance(rule, AnyOf):
        return any(holds(part, facts) for part in rule.parts)
    return met(rule, facts).holds


def explained(rule: Rule, facts: Facts) -> list[Met]:
    """Each condition of a rule, in order, with what was found."""
    return [met(each, facts) for each in conditions(rule)]


def met(condition: Condition, facts: Facts) -> Met:
    """Whether one condition holds, with the value that it met."""
    kind, op = condition.of.kind, condition.op
    if kind in (Kind.CHOICE, Kind.SEVERAL):
        words = _words(condition.field, facts)
        return Met(condition, _compares_words(op, words, condition.values), tuple(sorted(words)) or None)
    if kind is Kind.PURCHASES:
        found = _counted(condition, facts)
        return Met(condition, bool(found) is (op is Op.BOUGHT), len(found))
    if kind is Kind.DAY:
        day: date | None = getattr(facts, condition.field)
        return Met(condition, day is not None and condition.on is not None and _in_order(op, day, condition.on), day)
    number = _number(condition, facts)
    return Met(condition, number is not None and _enough(op, number, condition.number), number)


def _compares_words(op: Op, words: frozenset[str], values: Sequence[str]) -> bool:
    if op is Op.ALL_OF:
        return words.issuperset(values)
    return words.isdisjoint(values) is (op is Op.NONE_OF)


def _in_order(op: Op, day: date, bound: date) -> bool:
    return day >= bound if op is Op.FROM else day <= bound


def _enough(op: Op, number: int, bound: int) -> bool:
    return number >= bound if op is Op.AT_LEAST else number <= bound


def _words(name: str, facts: Facts) -> frozenset[str]:
    if name in IN_PROFILE:
        said = facts.profile.get(IN_PROFILE[name])
        several = said if isinstance(said, list | tuple) else [said] if said else []
        return frozenset(str(each) for each in several)
    return frozenset(each for each in _OF_MEMBER[name](facts) if each)


_OF_MEMBER: Mapping[str, Callable[[Facts], Iterable[str | None]]] = {
    "class": lambda facts: [facts.member_class.value if facts.member_class else None],
    "tier": lambda facts: [facts.tier],
    "tags": lambda facts: facts.tags,
    "segments": lambda facts: facts.segments,
    "origin": lambda facts: [facts.origin],
    "language": lambda facts: [facts.language],
    "consents": lambda facts: facts.consents,
    "pickup_points": lambda facts: [each.pickup_point_id for each in facts.bought],
}

_SINCE: Mapping[str, str] = {
    "days_since_joined": "joined_on", "days_since_first_order": "first_ordered_on", "recency": "last_ordered_on",
}  # fmt: skip
"""The day from which each of these counts."""


def _number(condition: Condition, facts: Facts) -> int | None:
    name = condition.field
    if name in _SINCE:
        day: date | None = getattr(facts, _SINCE[name])
        return None if day is None else (facts.today - day).days
    if name == "points":
        return facts.points
    if condition.of.of_scores:
        return None if facts.scores is None else facts.scores[NAMES.index(name)]
    found = _counted(condition, facts)
    if name == "frequency":
        return len({each.on for each in found})
    if name == "orders":
        return len(found)
    if name == "units":
        return sum(_units(each, condition.scope or _NO_SCOPE) for each in found)
    return sum(_amount(each, condition.scope or _NO_SCOPE) for each in found if each.currency == facts.currency)


def _counted(condition: Condition, facts: Facts) -> list[Purchase]:
    """The purchases that a condition counts."""
    scope = condition.scope or _NO_SCOPE
    first = facts.today - timedelta(scope.within_days - 1) if scope.within_days else scope.from_on or date.min
    last = facts.today if scope.within_days else scope.to_on or date.max
    return [each for each in facts.bought if first <= each.on <= last and _of_goods(each, scope)]


def _of_goods(purchase: Purchase, scope: Scope) -> bool:
    return not scope.of_some or any(_is_named(part.product_id, part.category, scope) for part in purchase.parts)


def _is_named(product_id: str, category: str, scope: Scope) -> bool:
    return product_id in scope.product_ids or category in scope.categories


def _units(purchase: Purchase, scope: Scope) -> int:
    if not scope.of_some:
        return purchase.units
    return sum(part.units for part in purchase.parts if _is_named(part.product_id, part.category, scope))


def _amount(purchase: Purchase, scope: Scope) -> int:
    if not scope.of_some:
        return purchase.amount_minor
    return sum(part.amount_minor for part in purchase.parts if _is_named(part.product_id, part.category, scope))


def next_look_on(rules: Iterable[Rule], facts: Facts) -> date | None:
    """The next day on which any of the rules may come to hold, or not to, though nothing is done; None where that is
    never. It may be earlier than the change, never later.
    """
    days = (day for rule in rules for each in conditions(rule) for day in _turns(each, facts))
    return min((day for day in days if day > facts.today), default=None)


def _turns(condition: Condition, facts: Facts) -> Iterable[date]:
    """Days on which a condition may turn, by what is known today."""
    if condition.field == "class":
        return _class_turns(facts)
    if condition.field in _SINCE:
        since: date | None = getattr(facts, _SINCE[condition.field])
        days = condition.number + (condition.op is Op.AT_MOST)
        return [] if since is None else _after(since, days)
    within = condition.scope.within_days if condition.scope else None
    if within:
        # Those of tomorrow count later as well: an import may know them.
        first = facts.today - timedelta(within - 1)
        goods = [each for each in facts.bought if each.on >= first and _of_goods(each, condition.scope or _NO_SCOPE)]
        return [day for each in goods for day in (*_after(each.on, within), each.on)]
    return []


def _class_turns(facts: Facts) -> Iterable[date]:
    at = facts.thresholds
    first, seen = facts.first_ordered_on, facts.seen_on or facts.first_ordered_on
    of_first = _after(first, at.new_days) if first else []
    return [*of_first, *(day for n in (at.dormant_days, at.churned_days) if seen for day in _after(seen, n))]


def _after(day: date, days: int) -> list[date]:
    """The day so many days later, where the calendar has one."""
    return [day + timedelta(days)] if days <= (date.max - day).days else []


def asks_for(rule: Rule, field: str) -> frozenset[str]:
    """The values that a rule names of a field."""
    return frozenset(value for each in conditions(rule) if each.field == field for value in each.values)


def is_personal(rule: Rule) -> bool:
    """Whether a rule asks for what members said of themselves."""
    return any(FIELDS[each.field].personal for each in conditions(rule))
