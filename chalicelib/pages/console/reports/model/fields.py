"""The form of a report, made of what its query takes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from chalicelib.pages.console.reports.model.wording import CHOICES, LABELS, NOTHING, UNCHOSEN

NOT_TYPED = frozenset({"format", "chart", "width", "limit", "cursor", "members"})
"""What is said otherwise than in the form: by a link, or not at all."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: ``type`` as HTML has it, or ``choice``. ``usual`` is what counts where nothing is typed,
    ``unchosen`` what it is called when nothing is chosen; empty where something always is. Choices that are ``titles``
    are said as they are.
    """

    name: str
    label: str
    type: Literal["date", "number", "text", "choice", "hidden"]
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    usual: str = ""
    unchosen: str = ""
    titles: bool = False


def fields_of(query: type[BaseModel], asked: Mapping[str, str]) -> list[Field]:
    """The fields of a report, with what was asked for."""
    typed = {name: each for name, each in query.model_fields.items() if name not in NOT_TYPED}
    return [_field(name, each, asked.get(name, "")) for name, each in typed.items()]


def _field(name: str, field: FieldInfo, value: str) -> Field:
    label, kinds, usual = LABELS.get(name, name), list(_kinds(field.annotation)), _said(field.default)
    choices = tuple(
        (each, CHOICES.get((name, each)) or CHOICES.get(("", each), each)) for each in kinds if isinstance(each, str)
    )
    if choices:
        unchosen = "" if usual else UNCHOSEN.get(name, NOTHING)
        return Field(name, label, "choice", value or usual, choices, unchosen=unchosen)
    if date in kinds:
        return Field(name, label, "date", value)
    return Field(name, label, "number" if int in kinds else "text", value, usual=usual)


def _said(usual: Any) -> str:
    """A default as an address has it."""
    if isinstance(usual, list):
        return ",".join(usual)
    return "" if usual is None else str(usual)


def _kinds(annotation: Any) -> list[Any]:
    """The types that a field may have, and the values of a choice."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [each.value for each in annotation]
    inner = get_args(annotation)
    if not inner:
        return [annotation]
    return [kind for each in inner for kind in _kinds(each)]
