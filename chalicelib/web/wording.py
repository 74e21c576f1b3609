"""A JSON schema as a person reads it: a line a field, with its type in words."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_DEEPEST = 4
_FORMATS = {
    "date-time": "instant, such as 2026-11-22T08:00:00Z",
    "date": "date, such as 2026-11-22",
    "email": "e-mail address",
    "uri": "https address",
}
_ID = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
_KINDS = {"boolean": "true or false", "number": "number", "null": "null", "object": "object"}


@dataclass(frozen=True, slots=True)
class Line:
    """One field: ``lines[].quantity``, a whole number from 1 to 9999, needed."""

    name: str
    kind: str
    needed: bool
    note: str


class Wording:
    """Puts schemas of one API document into words."""

    def __init__(self, components: Mapping[str, Any]) -> None:
        self._components = components

    def lines(self, schema: Mapping[str, Any]) -> list[Line]:
        """The fields of an object, those of nested ones after their own: what is needed first, what is nested last."""
        return list(self._lines(self._whole(schema), "", 0))

    def kind(self, schema: Mapping[str, Any]) -> str:
        """The type in words."""
        whole = self._whole(schema)
        if "anyOf" in whole:
            return " or ".join(dict.fromkeys(self.kind(each) for each in whole["anyOf"]))
        if "enum" in whole or "const" in whole:
            return "one of " + ", ".join(map(str, whole.get("enum") or [whole["const"]]))
        kind = whole.get("type", "anything")
        if isinstance(kind, list):
            return " or ".join(kind)
        if kind == "array":
            return f"list of {self.kind(whole.get('items', {}))}{_between(whole, 'minItems', 'maxItems')}"
        if kind == "object" and set(whole.get("properties", ())) == {"amount_minor", "currency"}:
            return "money"
        if kind == "integer":
            return f"whole number{_between(whole, 'minimum', 'maximum')}"
        return _text(whole) if kind == "string" else _KINDS.get(kind, kind)

    def note(self, part: Mapping[str, Any]) -> str:
        """What is said of a field, and the value that it has when it is left out."""
        whole = self._whole(part)
        said = part.get("description") or ("" if "properties" in whole else whole.get("description", ""))
        return " ".join(each for each in (said, _default(part)) if each)

    def _lines(self, schema: Mapping[str, Any], before: str, depth: int) -> Iterator[Line]:
        needed = schema.get("required", ())

        def place(field: tuple[str, Any]) -> int:
            name, part = field
            return 0 if name in needed else 2 if self._is_nested(part) else 1

        for name, part in sorted(schema.get("properties", {}).items(), key=place):
            yield Line(before + name, self.kind(part), name in needed, self.note(part))
            if depth < _DEEPEST and self._is_nested(part):
                inner, sign = self._inside(self._whole(part))
                yield from self._lines(inner, f"{before}{name}{sign}.", depth + 1)

    def _is_nested(self, part: Mapping[str, Any]) -> bool:
        inner, _ = self._inside(self._whole(part))
        return "properties" in inner and self.kind(inner) != "money"

    def _inside(self, whole: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
        """The object that a field holds, itself or in a list, if it holds one."""
        for each in whole.get("anyOf", [whole]):
            found = self._whole(each)
            if found.get("type") == "array":
                return self._inside(self._whole(found.get("items", {})))[0], "[]"
            if "properties" in found:
                return found, ""
        return {}, ""

    def _whole(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            schema = self._components[schema["$ref"].rpartition("/")[2]]
        return schema


def _text(schema: Mapping[str, Any]) -> str:
    if schema.get("pattern") == _ID:
        return "id"
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    example = f", such as {schema['examples'][0]}" if schema.get("examples") else ""
    return f"text{_between(schema, 'minLength', 'maxLength', ' characters')}{example}"


def _default(part: Mapping[str, Any]) -> str:
    usual = part.get("default")
    if usual in (None, "", [], {}):
        return ""
    return f"Default: `{usual if isinstance(usual, str) else json.dumps(usual, ensure_ascii=False)}`."


def _between(schema: Mapping[str, Any], least: str, most: str, unit: str = "") -> str:
    low, high = schema.get(least), schema.get(most)
    if low is not None and high is not None:
        return f", {low:,} to {high:,}{unit}"
    if high is not None:
        return f", up to {high:,}{unit}"
    return f", at least {low:,}{unit}" if low is not None else ""
