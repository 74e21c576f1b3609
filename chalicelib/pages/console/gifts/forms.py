"""What the pages of gifts take."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.pages.shell.typed import Reading
from chalicelib.web import Body

Text = Annotated[str, StringConstraints(max_length=300)]
LongText = Annotated[str, StringConstraints(max_length=6_000)]
Ticks = Annotated[dict[str, bool], Field(max_length=200)]


class GiftTyped(Body):
    """A gift as it is typed; ``places`` are ticks by the id of a pickup point."""

    title: Text = ""
    description: LongText = ""
    points: Text = ""
    sku_id: Text = ""
    quantity: Text = ""
    per_member_limit: Text = ""
    opens_at: Text = ""
    closes_at: Text = ""
    arrives_on: Text = ""
    places: Ticks = {}

    def gift(self, reading: Reading) -> Mapping[str, Any]:
        """What the API takes. Raises Invalid for what cannot be read."""
        times = {name: reading.moment(getattr(self, name), f"/{name}") for name in ("opens_at", "closes_at")}
        reading.check()
        names = ("title", "description", "points", "sku_id", "quantity", "per_member_limit", "arrives_on")
        typed = {name: getattr(self, name).strip() or None for name in names}
        chosen = [name for name, on in self.places.items() if on]
        return _given(typed | times) | {"pickup_point_ids": chosen}


class ChangeTyped(Body):
    """What of a gift may be changed, as it is typed; an empty limit is none."""

    title: Text = ""
    description: LongText = ""
    points: Text = ""
    quantity: Text = ""
    per_member_limit: Text = ""
    closes_at: Text = ""

    def changes(self, reading: Reading) -> Mapping[str, Any]:
        """What the API takes. Raises Invalid for what cannot be read."""
        closes_at = reading.moment(self.closes_at, "/closes_at")
        reading.check()
        names = ("title", "points", "quantity")
        kept = _given({name: getattr(self, name).strip() or None for name in names} | {"closes_at": closes_at})
        return kept | {name: getattr(self, name).strip() or None for name in ("description", "per_member_limit")}


def named(pointer: str) -> str:
    """The form's field that the API speaks of."""
    return re.sub(r"^/pickup_point_ids(/\d+)?$", "/places", pointer)


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
