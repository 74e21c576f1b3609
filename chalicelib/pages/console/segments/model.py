"""A rule as a form shows it: conditions that all, or any, of must hold, some of them together in a group. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.pages.shell.words import N_
from chalicelib.segments.model.fields import FIELDS, Kind, Op
from chalicelib.segments.model.rules import AllOf, AnyOf, Condition, Rule, Scope
from chalicelib.segments.model.scores import NAMES as SCORES

MOST_ROWS = 12

OPS: Mapping[str, str] = {
    "any_of": N_("is one of"),
    "all_of": N_("has all of"),
    "none_of": N_("is none of"),
    "at_least": N_("at least"),
    "at_most": N_("at most"),
    "from": N_("on this day or later"),
    "until": N_("on this day or earlier"),
    "bought": N_("bought"),
    "not_bought": N_("has not bought"),
}
"""How a value is compared."""

TITLES: Mapping[str, str] = {
    "class": N_("Class: new, active, dormant, churned"),
    "recency": N_("Days since the last order"),
    "purchases": N_("Bought something, or not"),
    "orders": N_("Number of orders"),
    "units": N_("Units bought"),
    "monetary": N_("Money spent"),
    "frequency": N_("Days with an order"),
    "rfm_recency": N_("RFM score: how recently they ordered"),
    "rfm_frequency": N_("RFM score: how often they order"),
    "rfm_monetary": N_("RFM score: how much they spend"),
    "days_since_first_order": N_("Days since the first order"),
    "first_ordered_on": N_("Day of the first order"),
    "last_ordered_on": N_("Day of the last order"),
    "tier": N_("Tier"),
    "points": N_("Points"),
    "tags": N_("Tags"),
    "segments": N_("Other segments and lists"),
    "days_since_joined": N_("Days since they joined"),
    "joined_on": N_("Day they joined"),
    "last_active_on": N_("Last active day"),
    "origin": N_("How they came"),
    "language": N_("Language"),
    "consents": N_("What they agreed to"),
    "pickup_points": N_("Pickup points they have used"),
    "favourite_point": N_("Their favourite pickup point"),
    "age_band": N_("Age"),
    "gender": N_("Gender"),
    "occupation": N_("Occupation"),
    "income_band": N_("Income"),
    "household": N_("Household"),
    "interests": N_("Interests"),
}
"""Every field of a rule, in the order in which a form offers them."""


@dataclass(frozen=True, slots=True)
class Row:
    """A condition as a form shows it. ``group`` is the number of the group that it stands in, empty for none."""

    field: str
    op: str = ""
    picks: tuple[str, ...] = ()
    text: str = ""
    number: str = ""
    day: str = ""
    product_id: str = ""
    category: str = ""
    within_days: str = ""
    group: str = ""

    @property
    def kind(self) -> str:
        return FIELDS[self.field].kind.value

    @property
    def title(self) -> str:
        return TITLES[self.field]

    @property
    def scores(self) -> list[tuple[str, str]]:
        """The scores that there are, the best first; none where it does not ask for one."""
        field = FIELDS[self.field]
        return [(str(n), str(n)) for n in range(field.most, field.least - 1, -1)] if field.of_scores else []

    @property
    def ops(self) -> list[tuple[str, str]]:
        """The ways in which it is compared, in words."""
        return [(op.value, OPS[op.value]) for op in FIELDS[self.field].ops]


def conditions_of(scores: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """What a rule asks of who has just these RFM scores; a ``*`` asks nothing."""
    for name, score in zip(SCORES, scores, strict=True):
        field = FIELDS[name]
        if score.isdigit() and int(score) > field.least:
            yield {"field": name, "op": Op.AT_LEAST.value, "value": int(score)}
        if score.isdigit() and int(score) < field.most:
            yield {"field": name, "op": Op.AT_MOST.value, "value": int(score)}


def rows_of(rule: Rule, minor: "Minor") -> tuple[str, list[Row]] | None:
    """How a rule's conditions are joined (``all`` or ``any``), and its rows; None for one that a form cannot show."""
    if isinstance(rule, Condition):
        rule = AllOf((rule,))
    if not isinstance(rule, AllOf | AnyOf):
        return None
    rows: list[Row] = []
    for at, part in enumerate(rule.parts, 1):
        inner = (part,) if isinstance(part, Condition) else _inside(rule, part)
        if inner is None:
            return None
        shown = [_row(each, "" if isinstance(part, Condition) else str(min(at, 3)), minor) for each in inner]
        rows += [row for row in shown if row is not None]
        if None in shown:
            return None
    groups = sum(not isinstance(part, Condition) for part in rule.parts)
    if len(rows) > MOST_ROWS or groups > 1:
        return None
    join = "any" if isinstance(rule, AnyOf) else "all"
    return join, [_in_group(row) for row in rows]


def _in_group(row: Row) -> Row:
    return row if not row.group else Row(**{**_values(row), "group": "1"})


def _values(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Row.__dataclass_fields__}


def _inside(outer: AllOf | AnyOf, part: Rule) -> tuple[Condition, ...] | None:
    """The conditions of a group: joined in the other way than what is around it."""
    other = AnyOf if isinstance(outer, AllOf) else AllOf
    if not isinstance(part, other):
        return None
    inner = tuple(each for each in part.parts if isinstance(each, Condition))
    return inner if len(inner) == len(part.parts) else None


Minor = Any
"""What writes minor units of the brand's currency as they are typed."""


def _row(condition: Condition, group: str, minor: Minor) -> Row | None:
    scope = condition.scope or Scope()
    if len(scope.product_ids) > 1 or len(scope.categories) > 1 or scope.from_on or scope.to_on:
        return None
    number = ""
    if condition.of.kind in (Kind.NUMBER, Kind.SUM):
        number = minor(condition.number) if condition.field == "monetary" else str(condition.number)
    free = condition.of.kind in (Kind.CHOICE, Kind.SEVERAL) and not condition.of.values and not condition.of.named
    return Row(
        condition.field, condition.op.value,
        picks=() if free else condition.values, text=", ".join(condition.values) if free else "",
        number=number, day=condition.on.isoformat() if condition.on else "",
        product_id=next(iter(scope.product_ids), ""), category=next(iter(scope.categories), ""),
        within_days=str(scope.within_days or ""), group=group,
    )  # fmt: skip


def rule_of(join: str, parts: Sequence[tuple[str, dict[str, Any]]]) -> tuple[dict[str, Any], list[str]]:
    """The rule that rows come to, each given with its group, as the API takes it; and the pointer of each row in it."""
    other = "any" if join == "all" else "all"
    outer: list[dict[str, Any]] = []
    grouped = [condition for group, condition in parts if group]
    pointers: list[str] = []
    place = next((at for at, (group, _) in enumerate(parts) if group), None)
    inner = 0
    for at, (group, condition) in enumerate(parts):
        if not group:
            pointers.append(f"/rule/{join}/{len(outer)}")
            outer.append(condition)
            continue
        if at == place:
            outer.append({other: grouped})
        where = next(n for n, each in enumerate(outer) if other in each)
        pointers.append(f"/rule/{join}/{where}/{other}/{inner}")
        inner += 1
    return {join: outer}, pointers


def usual_op(field: str) -> str:
    """The comparison that a new row begins with."""
    first = FIELDS[field].ops[0]
    return (Op.NOT_BOUGHT if first is Op.BOUGHT else first).value
