"""Column types beyond pynamodb's own."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Protocol, TypeVar, cast

from pynamodb.attributes import Attribute
from pynamodb.constants import STRING

from chalicelib.kernel.clock import parse_instant, sortable

T = TypeVar("T")


class JsonAttribute(Attribute[Any]):
    """Any JSON value as compact text: fewer bytes, and so fewer write units, than the same as a DynamoDB map."""

    attr_type = STRING

    def serialize(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    def deserialize(self, value: str) -> Any:
        return json.loads(value)


class InstantAttribute(Attribute[datetime]):
    """An aware instant as fixed-width RFC 3339 in UTC, so that conditions and sort keys compare as time does."""

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        return sortable(value)

    def deserialize(self, value: str) -> datetime:
        return parse_instant(value)


class DateAttribute(Attribute[date]):
    """A local calendar date as ``YYYY-MM-DD``."""

    attr_type = STRING

    def serialize(self, value: date) -> str:
        return value.isoformat()

    def deserialize(self, value: str) -> date:
        return date.fromisoformat(value)


class Terms(Protocol):
    """A value of the business that is stored as JSON."""

    def as_json(self) -> dict[str, Any]: ...


P = TypeVar("P", bound=Terms)


class _TermsAttribute(JsonAttribute):
    """A set of terms as compact JSON."""

    def __init__(self, read: Callable[[Mapping[str, Any]], Any], attr_name: str | None) -> None:
        super().__init__(null=True, attr_name=attr_name)
        self.read = read

    def serialize(self, value: Terms | None) -> str | None:
        return None if value is None else super().serialize(value.as_json())

    def deserialize(self, value: str) -> Any:
        return self.read(super().deserialize(value))


def terms(read: Callable[[Mapping[str, Any]], P], attr_name: str | None = None) -> Attribute[P | None]:
    """An attribute that holds a set of terms, or None."""
    return cast("Attribute[P | None]", _TermsAttribute(read, attr_name))


def optional(attribute: Attribute[T]) -> Attribute[T | None]:
    """An attribute with ``null=True``, typed as what it then gives."""
    return cast("Attribute[T | None]", attribute)
