"""What the pages of gifts take."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.web import Body

_Text = Annotated[str, StringConstraints(max_length=40)]


class RedeemPage(Body):
    """How many of a gift, where they are collected, and at how many points each was shown."""

    quantity: _Text = "1"
    pickup_point_id: _Text = ""
    points: Annotated[int, Field(ge=0)] = 0

    def asked(self) -> dict[str, Any]:
        """The fields of the API's form."""
        units = self.quantity.strip() or "1"
        expected = {"expected_points": self.points * int(units)} if self.points and _is_number(units) else {}
        point = {"pickup_point_id": self.pickup_point_id} if self.pickup_point_id else {}
        return {"quantity": units, **point, **expected}


def _is_number(text: str) -> bool:
    return text.isdecimal() and 0 < len(text) < 8 and int(text) > 0
