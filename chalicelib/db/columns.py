"""How the attributes of a class of records are stored, found once a class."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from pynamodb.attributes import Attribute, NumberAttribute


@dataclass(frozen=True, slots=True)
class Column:
    """How an attribute is stored: under which name, as which of DynamoDB's types, and how its value is written."""

    attribute: Attribute[Any]
    name: str
    stored_name: str
    kind: str
    write: Callable[[Any], Any]

    @classmethod
    def of(cls, name: str, attribute: Attribute[Any]) -> Self:
        write = _number if type(attribute) is NumberAttribute else attribute.serialize
        return cls(attribute, name, attribute.attr_name, attribute.attr_type, write)

    def read(self, stored: dict[str, Any]) -> Any:
        return self.attribute.deserialize(self.attribute.get_value(stored))


@dataclass(frozen=True)
class Columns:
    """The attributes of a class of records."""

    by_name: dict[str, Column]

    @cached_property
    def by_stored_name(self) -> dict[str, Column]:
        return {column.stored_name: column for column in self.by_name.values()}

    @cached_property
    def required(self) -> frozenset[str]:
        """The names under which what a record must have is stored."""
        return frozenset(column.stored_name for column in self.by_name.values() if not column.attribute.null)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        known = {name: column.attribute.default for name, column in self.by_name.items()}
        return {name: default for name, default in known.items() if default is not None}


def _number(value: Any) -> str:
    return str(value) if type(value) is int else json.dumps(value)
