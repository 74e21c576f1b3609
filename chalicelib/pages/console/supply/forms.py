"""What the pages of the supply take besides the forms of the API."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field

from chalicelib.campaigns.lifecycle.service.advancing import Later
from chalicelib.fulfilment.receiving.forms import NewReceipt, ReceivedLine
from chalicelib.kernel.errors import FieldError
from chalicelib.web import Body, Query, UlidStr

LINES = 40
"""Lines of one form: with all their fields fewer than a form may have."""

Part = Annotated[int, Field(ge=1, le=999)]


class AdvanceQuery(Query):
    """Where a group buy is to get."""

    to: Later | None = None


class ReceiveQuery(Query):
    """Whose delivery is recorded, and which part of a long list; without a supplier what is bought without one."""

    supplier_id: UlidStr | None = None
    part: Part = 1


class SupplierQuery(Query):
    """One supplier's part of a purchase list; without one what is bought without a supplier."""

    supplier_id: UlidStr | None = None


class SheetsQuery(Query):
    """The sheets as a table, or a part of the pickup points on screen."""

    format: str | None = Field(default=None, pattern="^(csv|xlsx)$")
    part: Part = 1


class PrintQuery(Query):
    """The sheets on paper: all, or one pickup point's; in parts."""

    pickup_point_id: UlidStr | None = None
    part: Part = 1


class FreezeForm(Body):
    """The version that was read."""

    version: int | None = None


def says_something(line: ReceivedLine) -> bool:
    """Whether a line has any units."""
    own = line.model_dump(exclude={"sku_id", "substitute"})
    other = line.substitute.model_dump(exclude={"sku_id"}) if line.substitute else {}
    return any(own.values()) or any(other.values())


def filled_lines(sent: NewReceipt) -> tuple[NewReceipt, list[int]]:
    """The receipt with the lines alone that say something, and which of the form's they are."""
    kept = [n for n, line in enumerate(sent.lines) if says_something(line)]
    return sent.model_copy(update={"lines": [_without_nothing(sent.lines[n]) for n in kept]}), kept


def _without_nothing(line: ReceivedLine) -> ReceivedLine:
    """Without a substitute of which nothing came: a choice that was taken back."""
    other = line.substitute
    if other is None or other.quantity or other.to_stock or other.written_off:
        return line
    return line.model_copy(update={"substitute": None})


def of_the_form(errors: Iterable[FieldError], kept: list[int]) -> tuple[FieldError, ...]:
    """What is refused of a receipt's lines, said of the form's own."""
    return tuple(FieldError(_moved(each.pointer, kept), each.message, each.message_zh) for each in errors)


def _moved(pointer: str, kept: list[int]) -> str:
    parts = pointer.split("/")
    if parts[1:2] == ["lines"] and len(parts) > 2 and parts[2].isdecimal() and int(parts[2]) < len(kept):
        parts[2] = str(kept[int(parts[2])])
    return "/".join(parts)


def carried(fields: Mapping[str, str]) -> dict[str, str]:
    """What a form sent, to be sent once more after a look at it."""
    return {name: value for name, value in fields.items() if name not in ("_csrf", "_key", "_step") and value}


def part_of(fields: Mapping[str, str]) -> int:
    """Which part of a long list a form was."""
    sent = fields.get("_part", "")
    return max(1, int(sent)) if sent.isdecimal() and len(sent) < 4 else 1
