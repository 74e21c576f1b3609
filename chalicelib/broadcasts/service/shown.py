"""How the payload shows what an event is about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.db import TenantRecord
    from chalicelib.web import View


def revision(record: "TenantRecord") -> int:
    """The number of a record's writes: of two states the one with the higher is the later."""
    return int(record.rev)


@dataclass(frozen=True, slots=True)
class Shown:
    """The record of an entity, its view as the API shows it, and how views are made of several records of a tenant
    at once. ``example`` is a view as its JSON, for the API document, and ``examples`` in what it differs there by the
    event that tells of it; ``version`` orders the states of one entity.
    """

    record: type[Any]
    view: "type[View]"
    show: "Callable[[str, Sequence[Any], datetime], Sequence[View]]"
    example: Mapping[str, Any]
    examples: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    version: Callable[[Any], int] = revision
