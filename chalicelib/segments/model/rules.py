"""Rules: conditions, joined by ``all``, ``any`` and ``not``. Read from JSON, checked, and written back. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from chalicelib.kernel.money import MAX_MINOR
from chalicelib.segments.errors import RuleRefused
from chalicelib.segments.model.fields import FIELDS, MOST_NUMBER, Field, Kind, Op

MOST_DEPTH, MOST_CONDITIONS, MOST_VALUES = 4, 30, 100
LONGEST_VALUE = 60
MOST_DAYS = 3_650
NO_LIST = "(none)"
"""What a message says of a list that is empty."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which purchases count: of any of these products or categories, or all; in the last ``within_days`` of the brand's
    days, today among them, or from one day to another, both included.
    """

    product_ids: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    within_days: int | None = None
    from_on: date | None = None
    to_on: date | None = None

    @property
    def of_some(self) -> bool:
        """Whether it names goods."""
        return bool(self.product_ids or self.categories)

    def as_json(self) -> dict[str, Any]:
        said = {
            "product_ids": list(self.product_ids), "categories": list(self.categories),
            "within_days": self.within_days,
            "from_on": self.from_on and self.from_on.isoformat(), "to_on": self.to_on and self.to_on.isoformat(),
        }  # fmt: skip
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Condition:
    """A field compared. ``values`` are words, ``number`` a number (money in minor units), ``on`` a day, ``scope`` the
    purchases that count.
    """

    field: str
    op: Op
    values: tuple[str, ...] = ()
    number: int = 0
    on: date | None = None
    scope: Scope | None = None

    @property
    def of(self) -> Field:
        return FIELDS[self.field]

    def as_json(self) -> dict[str, Any]:
        return {"field": self.field, "op": self.op.value, "value": self._value()}

    def _value(self) -> Any:
        if self.of.kind is Kind.DAY:
            return self.on.isoformat() if self.on else None
        if self.of.kind is Kind.NUMBER:
            return self.number
        if self.of.kind in (Kind.CHOICE, Kind.SEVERAL):
            return list(self.values)
        scope = self.scope.as_json() if self.scope else {}
        return scope if self.of.kind is Kind.PURCHASES else {"number": self.number, **scope}


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: "tuple[Rule, ...]"

    def as_json(self) -> dict[str, Any]:
        return {"all": [each.as_json() for each in self.parts]}


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: "tuple[Rule, ...]"

    def as_json(self) -> dict[str, Any]:
        return {"any": [each.as_json() for each in self.parts]}


@dataclass(frozen=True, slots=True)
class Not:
    part: "Rule"

    def as_json(self) -> dict[str, Any]:
        return {"not": self.part.as_json()}


Rule = Condition | AllOf | AnyOf | Not


def conditions(rule: Rule) -> Iterator[Condition]:
    """All conditions of a rule, in their order."""
    if isinstance(rule, Condition):
        yield rule
    else:
        for part in (rule.part,) if isinstance(rule, Not) else rule.parts:
            yield from conditions(part)


def located(rule: Rule, pointer: str = "/rule") -> Iterator[tuple[Condition, str]]:
    """All conditions of a rule with their pointers in its JSON."""
    if isinstance(rule, Condition):
        yield rule, pointer
    elif isinstance(rule, Not):
        yield from located(rule.part, f"{pointer}/not")
    else:
        name = "all" if isinstance(rule, AllOf) else "any"
        for at, part in enumerate(rule.parts):
            yield from located(part, f"{pointer}/{name}/{at}")


def asks_history(rule: Rule) -> bool:
    """Whether it needs a member's purchases read."""
    return any(each.of.of_history for each in conditions(rule))


def asks_scores(rule: Rule) -> bool:
    """Whether it needs what a member scores among all."""
    return any(each.of.of_scores for each in conditions(rule))


def read_rule(said: Any, pointer: str = "/rule") -> Rule:
    """The rule that JSON says. Raises RuleRefused with the pointer of the first fault, and what there is instead.

    Whether the brand has the tiers, tags, segments, products and pickup points that are named is asked elsewhere.
    """
    rule = _read(said, pointer, 1, count(1))
    values = sum(len(each.values) + _named(each.scope) for each in conditions(rule))
    if values > MOST_VALUES:
        raise RuleRefused.at(
            pointer, f"A rule names at most {MOST_VALUES} values; these are {values}. Make a list of members instead.",
            f"一条规则最多包含 {MOST_VALUES} 个取值，当前为 {values} 个；可改用名单。",
        )  # fmt: skip
    return rule


def _named(scope: Scope | None) -> int:
    return len(scope.product_ids) + len(scope.categories) if scope else 0


def _read(said: Any, pointer: str, depth: int, so_far: Iterator[int]) -> Rule:
    if not isinstance(said, Mapping):
        raise _no_rule(pointer)
    if depth > MOST_DEPTH:
        raise RuleRefused.at(
            pointer, f"A rule has at most {MOST_DEPTH} levels; put what stands deeper into a segment of its own.",
            f"规则最多嵌套 {MOST_DEPTH} 层；更深的条件请另建人群。",
        )  # fmt: skip
    if set(said) == {"field", "op", "value"}:
        if next(so_far) > MOST_CONDITIONS:
            raise RuleRefused.at(
                pointer, f"A rule has at most {MOST_CONDITIONS} conditions.", f"规则最多包含 {MOST_CONDITIONS} 个条件。"
            )
        return _condition(said, pointer)
    if set(said) == {"not"}:
        return Not(_read(said["not"], f"{pointer}/not", depth + 1, so_far))
    for name, made in (("all", AllOf), ("any", AnyOf)):
        if set(said) == {name}:
            return made(_parts(said[name], f"{pointer}/{name}", depth, so_far))
    raise _no_rule(pointer)


def _parts(said: Any, pointer: str, depth: int, so_far: Iterator[int]) -> tuple[Rule, ...]:
    if not isinstance(said, list) or not said:
        raise RuleRefused.at(pointer, "Name one condition at least.", "请至少填写一个条件。")
    return tuple(_read(each, f"{pointer}/{at}", depth + 1, so_far) for at, each in enumerate(said))


def _no_rule(pointer: str) -> RuleRefused:
    return RuleRefused.at(
        pointer,
        'This is no rule: write {"all": […]}, {"any": […]}, {"not": …} or {"field": …, "op": …, "value": …}.',
        '规则格式有误：应为 {"all": […]}、{"any": […]}、{"not": …} 或 {"field": …, "op": …, "value": …}。',
    )


def _condition(said: Mapping[str, Any], pointer: str) -> Condition:
    name, op = said["field"], said["op"]
    if not isinstance(name, str) or name not in FIELDS:
        raise unknown(f"{pointer}/field", "field", "字段", [name], FIELDS)
    field = FIELDS[name]
    if op not in [each.value for each in field.ops]:
        raise unknown(f"{pointer}/op", f"comparison of '{name}'", f"“{field.zh}”的比较方式", [op], field.ops)
    return _compared(name, field, Op(op), said["value"], f"{pointer}/value")


def unknown(pointer: str, what: str, what_zh: str, said: Sequence[Any], there_are: Any) -> RuleRefused:
    """The refusal of what there is not, with what there is."""
    named, known = str(said[0])[:LONGEST_VALUE], [str(each) for each in there_are]
    return RuleRefused.at(
        pointer, f"There is no {what} '{named}'; there are: {', '.join(known) or NO_LIST}.",
        f"没有{what_zh}“{named}”；可用的有：{'、'.join(known) or '（暂无）'}。",
    )  # fmt: skip


def _compared(name: str, field: Field, op: Op, value: Any, at: str) -> Condition:
    if field.kind in (Kind.CHOICE, Kind.SEVERAL):
        words = _words(value, at)
        if field.values and (wrong := [each for each in words if each not in field.values]):
            raise unknown(f"{at}/{words.index(wrong[0])}", f"{field.en} called", field.zh, wrong, field.values)
        return Condition(name, op, values=words)
    if field.kind is Kind.NUMBER:
        number = _score(value, at, field) if field.of_scores else _number(value, at, field.most)
        return Condition(name, op, number=number)
    if field.kind is Kind.DAY:
        return Condition(name, op, on=_day(value, at))
    if not isinstance(value, Mapping):
        raise RuleRefused.at(
            at, 'Say which purchases count, such as {"within_days": 30}; {} is all of them.',
            '请说明统计哪些购买，例如 {"within_days": 30}；{} 表示全部。',
        )  # fmt: skip
    if field.kind is Kind.PURCHASES:
        return Condition(name, op, scope=_scope(value, at))
    rest = {key: each for key, each in value.items() if key != "number"}
    most = MAX_MINOR if name == "monetary" else MOST_NUMBER
    return Condition(name, op, number=_number(value.get("number"), f"{at}/number", most), scope=_scope(rest, at))


_IN_SCOPE = ("product_ids", "categories", "within_days", "from_on", "to_on")


def _scope(said: Mapping[str, Any], at: str) -> Scope:
    if wrong := [each for each in said if each not in _IN_SCOPE]:
        raise unknown(f"{at}/{wrong[0]}", "part of this value called", "该取值的组成部分", wrong, _IN_SCOPE)
    within = said.get("within_days")
    scope = Scope(
        _words(said["product_ids"], f"{at}/product_ids") if said.get("product_ids") else (),
        _words(said["categories"], f"{at}/categories") if said.get("categories") else (),
        None if within is None else _number(within, f"{at}/within_days", MOST_DAYS, least=1),
        _day(said["from_on"], f"{at}/from_on") if said.get("from_on") else None,
        _day(said["to_on"], f"{at}/to_on") if said.get("to_on") else None,
    )
    if scope.within_days and (scope.from_on or scope.to_on):
        raise RuleRefused.at(
            f"{at}/within_days", "Give the last days, or days from and to, not both.",
            "“最近天数”与“起止日期”只能二选一。",
        )  # fmt: skip
    if scope.from_on and scope.to_on and scope.to_on < scope.from_on:
        raise RuleRefused.at(f"{at}/to_on", "The last day is before the first.", "结束日期早于开始日期。")
    return scope


def _words(value: Any, at: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise RuleRefused.at(at, 'Name one value at least, as a list: ["…"].', '请以列表形式至少填写一个取值：["…"]。')
    for place, each in enumerate(value):
        if not isinstance(each, str) or not each.strip() or len(each) > LONGEST_VALUE:
            raise RuleRefused.at(
                f"{at}/{place}", f"A value is a text of 1 to {LONGEST_VALUE} characters.",
                f"取值须为 1 至 {LONGEST_VALUE} 个字符的文本。",
            )  # fmt: skip
    return tuple(dict.fromkeys(value))


def _number(value: Any, at: str, most: int, *, least: int = 0) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise RuleRefused.at(
            at, f"Give a whole number from {least} to {most}.", f"请填写 {least} 至 {most} 之间的整数。"
        )
    return value


def _score(value: Any, at: str, field: Field) -> int:
    """Raises RuleRefused, which names the score."""
    if isinstance(value, bool) or not isinstance(value, int) or not field.least <= value <= field.most:
        raise RuleRefused.at(
            at, f"A {field.en} is a whole number from {field.least} to {field.most}; {field.most} is best.",
            f"“{field.zh}”须为 {field.least} 至 {field.most} 的整数，{field.most} 为最佳。",
        )  # fmt: skip
    return value


def _day(value: Any, at: str) -> date:
    with suppress(ValueError):
        if isinstance(value, str) and (day := date.fromisoformat(value)).isoformat() == value:
            return day
    raise RuleRefused.at(at, "Give a day as YYYY-MM-DD, such as 2026-11-30.", "请填写日期，格式如 2026-11-30。")
