"""What the page of a complaint takes."""

from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=8000)]
LEADER = "leader"
"""What a member may complain about besides the categories of the API: a cause, which keeps the commission back."""


class ComplaintForm(Body):
    """What it is about, and what went wrong."""

    about: Typed | None = None
    text: Typed | None = None

    def asked(self, order_id: str) -> dict[str, Any]:
        """As the API takes it."""
        chosen = {"category": "service", "cause": LEADER} if self.about == LEADER else {"category": self.about}
        given = {"order_id": order_id, "text": self.text, **chosen}
        return {name: value for name, value in given.items() if value is not None}
