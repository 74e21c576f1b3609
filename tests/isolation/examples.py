"""Bodies made from their schemas: one generator a kind of value, so that a new route needs none of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from chalicelib.kernel import clock

_numbers = itertools.count(1)
_key = generate_private_key(65537, 2048)
PRIVATE_KEY = _key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC_KEY = _key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
Path = tuple[str | int, ...]

# Where the schema alone does not say what a text must look like.
TEXTS: Mapping[str, Callable[[], str]] = {
    "slug": lambda: f"brand-{next(_numbers)}",
    "code": lambda: f"CODE-{next(_numbers)}",
    "colours": lambda: "#aabbcc",
    "private_key": lambda: PRIVATE_KEY,
    "platform_key": lambda: PUBLIC_KEY,
    "csv": lambda: "order_ref,member,ordered_on,quantity,amount_minor,currency\n1,a,2026-01-02,1,100,CNY\n",
}
NOT_YET = {"segment_id"}
"""Ids of what cannot be named yet, and is refused by its name."""

_BY_PATTERN = {
    r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
    r"^#[0-9a-fA-F]{6}$": "#aabbcc",
    r"^[A-Z]{3}$": "CNY",
}


def example(schema: Mapping[str, Any], ids: Mapping[str, str], name: str = "") -> Any:
    """A value that the schema takes. ``ids`` holds ids by the singular name of what they are of."""
    if "examples" in schema:
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        return example(next(each for each in schema["anyOf"] if each.get("type") != "null"), ids, name)
    kind = schema.get("type")
    if kind == "object":
        return _object(schema, ids)
    if kind == "array":
        return [example(schema["items"], ids, name.removesuffix("s"))] if schema.get("minItems") or _ids(name) else []
    if kind == "integer":
        return max(1, schema.get("minimum", 1))
    if kind == "number":
        return min(1.5, schema.get("maximum", 1.5))
    if kind == "boolean":
        return True
    return _text(schema, ids, name) if kind == "string" else None


def _object(schema: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    required = schema.get("required", [])
    return {
        name: example(part, ids, name)
        for name, part in schema.get("properties", {}).items()
        if name in required or _ids(name) or not _nullable(part)
        if part.get("type") or part.get("anyOf") or part.get("enum") or part.get("const")
    }


def _ids(name: str) -> bool:
    return (name.endswith(("_id", "_ids")) and name not in NOT_YET) or name in ("owner", "offers", "price")


def _nullable(schema: Mapping[str, Any]) -> bool:
    return "default" in schema


def _text(schema: Mapping[str, Any], ids: Mapping[str, str], name: str) -> str:
    pattern = schema.get("pattern", "")
    if pattern == r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$":
        return ids.get(name.removesuffix("_id"), _BY_PATTERN[pattern])
    if schema.get("format") == "date-time":
        return clock.instant(clock.now() + timedelta(days=3))
    if schema.get("format") == "date":
        return clock.now().date().isoformat()
    if schema.get("format") in ("uri", "uri-reference"):
        return "https://pictures.example/1.jpg"
    if name in TEXTS:
        return TEXTS[name]()
    return _BY_PATTERN.get(pattern, "sample")


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value inside that holds no others, with its place."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def replaced(value: Any, path: Path, by: Any) -> Any:
    """A copy with the value at one place replaced."""
    if not path:
        return by
    head, *rest = path
    if isinstance(value, dict):
        return {name: replaced(inner, tuple(rest), by) if name == head else inner for name, inner in value.items()}
    return [replaced(inner, tuple(rest), by) if index == head else inner for index, inner in enumerate(value)]
