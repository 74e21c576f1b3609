"""What the routes of pasted lists take."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.orders.chat_orders.model import MOST_CHARACTERS
from chalicelib.orders.chat_orders.service.placing import Confirmed
from chalicelib.orders.forms.orders import LineForm, one_of_two
from chalicelib.orders.placing.service import Whose
from chalicelib.web import Body, PhoneText, Title, UlidStr

_LINES = [{"offer_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "quantity": 2}]
MOST_AT_ONCE = 100


class ChatListForm(Body):
    """The list as it was copied out of the group, with the campaign's own text above it or without."""

    EXAMPLES = {"two neighbours": {"text": "1. Wang, pears 2, eggs 1\n2. 李四 13800138000 秋梨3"}}

    text: Annotated[str, StringConstraints(min_length=1, max_length=MOST_CHARACTERS)]


class ConfirmedForm(Body):
    """An entry, by the name and count that reading the list gave it; for a member, or for whoever has the number."""

    name: Title
    nth: Annotated[int, Field(ge=1, le=1_000)] = 1
    member_id: UlidStr | None = None
    phone: PhoneText | None = None
    lines: list[LineForm] = Field(min_length=1, max_length=50)

    def confirmed(self, pickup_point_id: str, at: str) -> Confirmed:
        """Raises Invalid unless a member or a number is given, the one or the other; ``at`` points to the entry."""
        one_of_two(self.member_id, self.phone, at)
        whose = Whose(self.member_id, self.phone, self.name if self.phone else None)
        lines = tuple((line.offer_id, line.quantity) for line in self.lines)
        return Confirmed(self.name, self.nth, whose, lines, pickup_point_id)


class ChatOrdersForm(Body):
    """Entries that somebody has confirmed, all collected at one pickup point."""

    EXAMPLES = {
        "one of them": {
            "pickup_point_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
            "entries": [{"name": "Wang", "member_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "lines": _LINES}],
        }
    }

    pickup_point_id: UlidStr
    entries: list[ConfirmedForm] = Field(min_length=1, max_length=MOST_AT_ONCE)

    def confirmed(self) -> list[Confirmed]:
        return self.confirmed_at(self.pickup_point_id)

    def confirmed_at(self, pickup_point_id: str) -> list[Confirmed]:
        return [each.confirmed(pickup_point_id, f"/entries/{n}") for n, each in enumerate(self.entries)]


class LedChatOrdersForm(ChatOrdersForm):
    """The same; who leads one pickup point need not name it. A member is taken by id only where the entry's name means
    them, as reading the list found; anybody else is given by phone number.
    """

    EXAMPLES = {"one of them": {"entries": [{"name": "Wang", "phone": "+8613800138000", "lines": _LINES}]}}

    pickup_point_id: UlidStr | None = None  # type: ignore[assignment]
