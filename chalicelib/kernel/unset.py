"""What a change leaves out, told apart from what it takes away by None."""

from dataclasses import fields
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class _Marker(Enum):
    UNSET = "unset"


Unset = Literal[_Marker.UNSET]
UNSET: Final = _Marker.UNSET


def fields_set(change: "DataclassInstance") -> dict[str, Any]:
    """The fields of a change that are set, with their values, in the order of its class."""
    given = ((field.name, getattr(change, field.name)) for field in fields(change))
    return {name: value for name, value in given if value is not UNSET}
