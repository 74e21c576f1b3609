"""What the page of exports takes."""

from typing import Literal

from chalicelib.web import Body


class ExportForm(Body):
    """The filter of the list of orders, as it was typed, and the kind of the file."""

    campaign_id: str = ""
    member_id: str = ""
    pickup_point_id: str = ""
    status: str = ""
    payment: str = ""
    payment_method: str = ""
    due: str = ""
    from_on: str = ""
    to_on: str = ""
    phone: str = ""
    pickup_code: str = ""
    q: str = ""
    format: Literal["csv", "xlsx"] = "xlsx"

    def asked(self) -> dict[str, str]:
        """As the API takes it: nothing of what is empty."""
        return {name: value for name, value in self.model_dump().items() if value}
