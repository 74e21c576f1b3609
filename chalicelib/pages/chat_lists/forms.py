"""What the pages of pasted lists take."""

from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.orders.chat_orders.model import MOST_CHARACTERS
from chalicelib.web import Body


class PastedForm(Body):
    """The list as it was copied out of the group."""

    text: Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)] = ""

    def pasted(self) -> str:
        """The text. Raises Invalid where there is none."""
        if not self.text.strip():
            raise Invalid.at("/text", "Paste the list of your group here.", "请在此粘贴群接龙。")
        return self.text


class ChosenForm(PastedForm):
    """The entries as they were looked at: those with ``take`` are to be placed."""

    pickup_point_id: str = ""
    entries: list[dict[str, Any]] = []

    def taken(self) -> list[dict[str, Any]]:
        """As the API takes them: lines without goods are left out. Raises Invalid where nothing is ticked."""
        found = [_taken(self.entries[at]) for at in self._ticked]
        if not found:
            raise Invalid.at("/entries", "Tick what is to be ordered.", "请勾选要下单的条目。")
        return found

    def named(self, pointer: str) -> str:
        """The form's field that the API means: it has the ticked entries alone, and each of their goods once."""
        match pointer.split("/"):
            case ["", "entries", n, "lines", k, *rest]:
                at = self._ticked[int(n)]
                offer_id = _taken(self.entries[at])["lines"][int(k)]["offer_id"]
                offers = [line.get("offer_id") for line in self.entries[at]["lines"]]
                return "/".join(["", "entries", str(at), "lines", str(offers.index(offer_id)), *rest])
            case ["", "entries", n, *rest]:
                return "/".join(["", "entries", str(self._ticked[int(n)]), *rest])
        return pointer

    @property
    def _ticked(self) -> list[int]:
        return [at for at, each in enumerate(self.entries) if each.get("take") == "true"]


def _taken(entry: dict[str, Any]) -> dict[str, Any]:
    member, phone = entry.get("member_id", ""), entry.get("phone", "")
    whose = {"phone": phone} if phone and not member else {"member_id": member or None}
    units: dict[str, int] = {}
    unread = []
    for line in entry.get("lines", []):
        offer_id, quantity = line.get("offer_id"), str(line.get("quantity", ""))
        if offer_id and quantity.isdecimal():
            units[offer_id] = units.get(offer_id, 0) + int(quantity)
        elif offer_id and quantity:  # is refused as what it is
            unread.append({"offer_id": offer_id, "quantity": quantity})
    lines = [{"offer_id": offer_id, "quantity": quantity} for offer_id, quantity in units.items() if quantity]
    return {"name": entry.get("name", ""), "nth": entry.get("nth", "1"), **whose, "lines": [*lines, *unread]}
