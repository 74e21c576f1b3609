"""What the console's pages of cash take."""

from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import read_amount
from chalicelib.web import Body, Query, UlidStr

_Typed = Annotated[str, StringConstraints(max_length=200)]


class AtPoint(Query):
    """The pickup point whose refunds are listed; without it, all."""

    pickup_point_id: UlidStr | None = None


class HandedIn(Body):
    """That a leader handed in so much of what they collected at a pickup point."""

    leader_id: UlidStr
    pickup_point_id: UlidStr
    amount: _Typed = ""

    def asked(self, currency: str) -> dict[str, Any]:
        """The fields of the API's form. Raises Invalid for what is no amount."""
        minor = read_amount(self.amount, currency)
        if not minor:
            raise Invalid.at("/amount", "Write an amount such as 12.50.", "请填写金额，例如 12.50。")
        amount = {"amount_minor": minor, "currency": currency}
        return {"leader_id": self.leader_id, "pickup_point_id": self.pickup_point_id, "amount": amount}
