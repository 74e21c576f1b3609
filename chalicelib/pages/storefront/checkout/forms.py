"""What the checkout takes."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from chalicelib.kernel.money import MAX_MINOR
from chalicelib.orders.forms.orders import OrderForm
from chalicelib.pages.shell.fields import nested
from chalicelib.pages.storefront.basket.forms import Towards
from chalicelib.web import Body, UlidStr

NONE = "none"
ALL = "all"
_Points = Annotated[int, Field(ge=0, le=MAX_MINOR)]


class CheckoutQuery(Towards):
    """What was chosen so far: besides the basket's choices a coupon or none, and points."""

    coupon: UlidStr | Literal["none"] | None = None
    points: Literal["all"] | _Points | None = None


class CheckoutForm(Body):
    """What becomes of the form: an order, a look at what it comes to, or a coupon by its ``code``; and which points are
    used. Whether the rest makes an order, the API's own form says.
    """

    model_config = ConfigDict(extra="ignore")

    step: Literal["order", "look", "code"] = "order"
    code: Annotated[str, StringConstraints(max_length=200)] = ""
    use_points: Literal["none", "all", "some"] = "none"
    points: _Points = 0
    points_all: _Points = 0

    def asked(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """The fields of the API's form, of what was sent."""
        points = {"none": 0, "all": self.points_all, "some": self.points}[self.use_points]
        sent = {name: each for name, each in nested(fields).items() if name in OrderForm.model_fields}
        return sent | {"points": points}
