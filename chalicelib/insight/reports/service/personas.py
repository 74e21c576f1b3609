"""Members by what they said of themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.insight.model.conversion import Conversion, conversion
from chalicelib.insight.personas.model import ANSWERS, NOT_AGREED, SEVERAL, SMALL, UNKNOWN, Field, PersonaBits
from chalicelib.insight.personas.service.reading import known_members
from chalicelib.insight.reports.service.conversion import customers
from chalicelib.insight.reports.service.window import Horizon, history, horizon
from chalicelib.kernel.clock import zone
from chalicelib.members.model.profiles import AgeBand, Gender, Household
from chalicelib.surveys.model.disclosure import leaving_enough, shown_groups
from chalicelib.tenants.service.brand import get_tenant

MOST_ROWS = 30
"""Values of one field that are shown; further ones are united with what is not told apart."""

_ORDER = {
    Field.AGE: [each.value for each in AgeBand],
    Field.GENDER: [each.value for each in Gender],
    Field.HOUSEHOLD: [each.value for each in Household],
}


@dataclass(frozen=True, slots=True)
class Row:
    """Members of one value of one field, as bits, and how many of them are customers."""

    field: Field
    value: str
    members: int
    conversion: Conversion


@dataclass(frozen=True, slots=True)
class Personas:
    """The answer. ``waiting`` members joined so lately that they are not counted yet."""

    timezone: str
    horizon: Horizon
    from_on: date
    on: date
    revision: int
    whole: Conversion
    rows: Sequence[Row]
    waiting: int


def personas(tenant_id: str, to_on: date | None, now: datetime, *, hides: bool) -> Personas:
    """The members of the end of a local day, by default of the last one that is complete, by their answers of now.

    ``hides`` leaves out groups that would tell of fewer than five people, also by comparison.
    """
    tz = zone(get_tenant(tenant_id).timezone)
    seen = horizon(tenant_id, tz, now, to_on)
    on = seen.window.ends_on
    past = history(tenant_id, on)
    known = known_members(tenant_id)
    everyone, ordered, persona_bits = known.members(on), customers(past, on), known.persona_bits
    groups = _groups(persona_bits, everyone)
    shown = _shown(groups, everyone) if hides else None
    rows = [
        row
        for name in Field
        for row in _rows(name, groups[name], everyone, persona_bits.agreed & everyone, ordered, shown)
    ]
    return Personas(
        tz.key, seen, past.begins_on, on, past.revision + known.changes, conversion(everyone, ordered), rows,
        known.waiting,
    )  # fmt: skip


def _groups(persona_bits: PersonaBits, everyone: int) -> Mapping[Field, Mapping[str, int]]:
    """The values of each field with their members, those of the most first, or in the order of the answers."""
    found: dict[Field, dict[str, int]] = {}
    for name in Field:
        values = {value: people & everyone for value, people in persona_bits.groups.get(name, {}).items()}
        order = _ORDER.get(name, [])
        ranked = sorted(
            (value for value in values if values[value]),
            key=lambda value: (order.index(value) if value in order else -values[value].bit_count(), value),
        )
        found[name] = {value: values[value] for value in ranked}
    return found


def _shown(groups: Mapping[Field, Mapping[str, int]], everyone: int) -> frozenset[tuple[str, str]]:
    parts = {(str(name), value): people for name, values in groups.items() for value, people in values.items()}
    return shown_groups(parts, everyone, [name.value for name in Field if name not in SEVERAL])


def _rows(
    name: Field, values: Mapping[str, int], everyone: int, agreed: int, ordered: int,
    shown: frozenset[tuple[str, str]] | None,
) -> list[Row]:  # fmt: skip
    apart = None if shown is None else leaving_enough(values, [each for each in values if (str(name), each) in shown])
    counted = agreed if name in ANSWERS else everyone
    rows: list[tuple[str, int]] = []
    few = answered = 0
    for value, people in values.items():
        answered |= people
        if len(rows) < MOST_ROWS and (apart is None or value in apart):
            rows.append((value, people))
        else:
            few |= people
    further = [(SMALL, few), (UNKNOWN, counted & ~answered), (NOT_AGREED, everyone & ~counted)]
    rows += [(value, people) for value, people in further if people or value == UNKNOWN]
    return [Row(name, value, people, conversion(people, ordered)) for value, people in rows]
