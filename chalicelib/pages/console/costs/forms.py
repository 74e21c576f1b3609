"""What the pages of booked costs take."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.pages.shell.typed import Reading
from chalicelib.web import Body

Text = Annotated[str, StringConstraints(max_length=1_000)]


class CostForm(Body):
    """A cost as it is typed; without a last day it is of the first one."""

    kind: Text = ""
    title: Text = ""
    amount: Text = ""
    from_on: Text = ""
    to_on: Text = ""
    campaign_id: Text = ""
    product_id: Text = ""
    pickup_point_id: Text = ""
    channel_id: Text = ""

    def cost(self, reading: Reading) -> Mapping[str, Any]:
        """What the API takes. Raises Invalid for what is no amount, or no day."""
        amount = reading.amount(self.amount, "/amount")
        if amount is None and not reading.faults:
            reading.wrong("/amount", "Type the amount.", "请填写金额。")
        if not self.from_on.strip():
            reading.wrong("/from_on", "Choose the day, or the first of its days.", "请选择日期或起始日期。")
        reading.check()
        subjects = ("campaign_id", "product_id", "pickup_point_id", "channel_id")
        return {
            "kind": self.kind,
            "title": self.title,
            "amount": amount,
            "from_on": self.from_on.strip(),
            "to_on": self.to_on.strip() or self.from_on.strip(),
            **{name: getattr(self, name).strip() or None for name in subjects},
        }


class Nothing(Body):
    """A form that is no more than its button."""
