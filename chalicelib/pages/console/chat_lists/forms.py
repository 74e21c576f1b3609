"""What the pages of pasted lists take."""

from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.orders.chat_orders.model import MOST_CHARACTERS
from chalicelib.web import Body


class PastedForm(Body):
    """The list as it was copied out of the group."""

    text: Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)] = ""


class ChosenForm(PastedForm):
    """The entries as they were looked at: those with ``take`` are to be placed."""

    pickup_point_id: str = ""
    entries: list[dict[str, Any]] = []

    def taken(self) -> list[dict[str, Any]]:
        """As the API takes them: lines without goods or number are left out."""
        return [_taken(each) for each in self.entries if each.get("take") == "true"]


def _taken(entry: dict[str, Any]) -> dict[str, Any]:
    member, phone = entry.get("member_id", ""), entry.get("phone", "")
    whose = {"phone": phone} if phone and not member else {"member_id": member or None}
    units: dict[str, int] = {}
    for line in entry.get("lines", []):
        offer_id, quantity = line.get("offer_id"), str(line.get("quantity", ""))
        if offer_id and quantity.isdecimal():
            units[offer_id] = units.get(offer_id, 0) + int(quantity)
    lines = [{"offer_id": offer_id, "quantity": quantity} for offer_id, quantity in units.items() if quantity]
    return {"name": entry.get("name", ""), "nth": entry.get("nth", "1"), **whose, "lines": lines}
