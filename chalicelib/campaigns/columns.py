"""Column types of campaigns."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar, cast

from pynamodb.attributes import Attribute

from chalicelib.db import JsonAttribute

T = TypeVar("T")


class Terms(Protocol):
    """Terms of a campaign which are stored as JSON."""

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
