"""The form of a report, made of what its query takes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from chalicelib.pages.shell.words import N_

_NOT_TYPED = frozenset({"format", "chart", "width", "limit", "cursor", "members"})

LABELS: Mapping[str, str] = {
    "from_on": N_("From"),
    "to_on": N_("Until"),
    "as_of": N_("As of the day"),
    "by": N_("Group by"),
    "compare": N_("Compare with"),
    "unit": N_("Period"),
    "mode": N_("How it is counted"),
    "periods": N_("Periods at most"),
    "brackets": N_("Days after the first order"),
    "of_class": N_("Classes"),
    "id": N_("Its id"),
}
"""What the fields of reports are called; one that is not here is called by its name."""

CHOICES: Mapping[str, str] = {
    "day": N_("Day"),
    "week": N_("Week"),
    "month": N_("Month"),
    "quarter": N_("Quarter"),
    "year": N_("A year before"),
    "weekday": N_("Day of the week"),
    "hour": N_("Hour of the day"),
    "previous": N_("The period before"),
    "on": N_("Came back in the period"),
    "on_or_after": N_("Came back in the period or later"),
    "bracket": N_("Came back within days"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: ``type`` as HTML has it, or ``choice``; ``needed`` where the report does nothing without."""

    name: str
    label: str
    type: Literal["date", "number", "text", "choice"]
    value: str
    choices: tuple[tuple[str, str], ...] = ()


def fields_of(query: type[BaseModel], asked: Mapping[str, str]) -> list[Field]:
    """The fields of a report, with what was asked for."""
    found = []
    for name, field in query.model_fields.items():
        if name in _NOT_TYPED:
            continue
        kinds = list(_kinds(field.annotation))
        label, value = LABELS.get(name, name.replace("_", " ").capitalize()), asked.get(name, "")
        choices = tuple(str(each) for each in kinds if isinstance(each, str | int))
        if choices:
            found.append(
                Field(name, label, "choice", value, tuple((each, CHOICES.get(each, each)) for each in choices))
            )
        else:
            type_ = "date" if date in kinds else "number" if int in kinds else "text"
            found.append(Field(name, label, type_, value))  # type: ignore[arg-type]
    return found


def _kinds(annotation: Any) -> list[Any]:
    """The types that a field may have, and the values of a choice."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    inner = get_args(annotation)
    if not inner:
        return [annotation]
    return [kind for each in inner for kind in _kinds(each)]
