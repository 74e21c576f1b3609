"""The entries of the audit log as their page tells them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.kernel.language import Language
from chalicelib.kernel.money import Money
from chalicelib.pages.console.audit.model import DEEDS, DOERS, FIELDS, place_of
from chalicelib.tenants.views import AuditView

_MOST_CHARACTERS = 200
_MOST_CHANGES = 12


@dataclass(frozen=True, slots=True)
class Change:
    """What of a field was set; ``before`` is empty where that is not known. The name is said in words where
    ``known``.
    """

    field: str
    known: bool
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A deed: when, by whom, what, to what, and what was set. ``deed`` is a sentence without its subject, ``by_itself``
    marks what the product did without anybody's asking.
    """

    at: datetime
    who: str
    by_program: bool
    by_itself: bool
    deed: str
    target: str
    place: str
    changes: tuple[Change, ...]


def entry(found: AuditView, language: Language) -> Entry:
    """The entry as it is told."""
    kind, _, name = found.by.partition(":")
    by_itself = not (found.by_name or name)
    return Entry(
        found.at, found.by_name or name or DOERS.get(kind, kind), kind == "api_key", by_itself,
        DEEDS.get(found.action, found.action), found.target, place_of(found.target),
        tuple(_changes(found.changes or {}, language))[:_MOST_CHANGES],
    )  # fmt: skip


def _changes(changes: Mapping[str, Any], language: Language) -> Iterator[Change]:
    for name, value in changes.items():
        known = name in FIELDS
        field = FIELDS.get(name, name.replace("_", " "))
        if isinstance(value, dict) and value.keys() == {"orders", "revision"}:
            before, after = value["orders"]
            yield Change(name, False, str(before), f"{after} (r{value['revision']})")
        elif isinstance(value, dict) and value.keys() == {"from", "to"}:
            yield Change(field, known, _said(value["from"], language), _said(value["to"], language))
        else:
            yield Change(field, known, "", _said(value, language))


def _said(value: Any, language: Language) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, dict) and value.keys() == {"amount_minor", "currency"}:
        return Money(value["amount_minor"], value["currency"]).said(language)
    if isinstance(value, dict):
        text = ", ".join(f"{name}: {_said(each, language)}" for name, each in value.items())
    elif isinstance(value, list):
        text = ", ".join(_said(each, language) for each in value)
    else:
        text = str(value)
    return text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + "…"
