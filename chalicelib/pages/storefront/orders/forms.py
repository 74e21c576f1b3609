"""What the pages of orders take."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.orders.forms.changes import Units
from chalicelib.orders.records import OrderRecord
from chalicelib.web import Body, UlidStr

DELIVERED = "delivery"
_Typed = Annotated[str, StringConstraints(max_length=2000)]


class Nothing(Body):
    """A form that is its button."""


class AddressTyped(Body):
    """An address as it was typed; the API's own form says what is wrong with it."""

    name: _Typed = ""
    phone: _Typed = ""
    address: _Typed = ""


class ChangeForm(Body):
    """New quantities by offer, and where the order is handed over: the id of a pickup point, or ``delivery``.

    Its ``step`` is to look at what the change comes to, or to make it, at the ``total`` that was shown; with ``adjust``
    the form is shown again.
    """

    step: Literal["look", "change"] = "look"
    adjust: bool = False
    units: Annotated[dict[UlidStr, Units], Field(max_length=200)] = {}
    place: UlidStr | Literal["delivery"] | None = None
    delivery: AddressTyped = AddressTyped()
    total: Annotated[int, Field(ge=0, le=MAX_MINOR)] | None = None

    def against(self, order: OrderRecord) -> "ChangeForm":
        """What of it differs from the order as it stands. Where nothing does and a change waits for its payment, the
        order itself, which drops that change. Raises Invalid where there is nothing to change.
        """
        had = {line.offer_id: line.quantity for line in order.lines}
        units = {each: wanted for each, wanted in self.units.items() if wanted != had.get(each, 0)}
        place = self.place if self._moves(order) else None
        if not units and place is None:
            if order.pending is None:
                raise Invalid.at("/units", "You have not changed anything yet.", "您还没有修改任何内容。")
            units = had
        return self.model_copy(update={"units": units, "place": place})

    def _moves(self, order: OrderRecord) -> bool:
        to = order.delivery_address
        if self.place == DELIVERED:
            typed = self.delivery.model_dump()
            return to is None or typed != {name: getattr(to, name) for name in typed}
        return self.place is not None and (to is not None or self.place != order.pickup_point_id)

    def asked(self) -> dict[str, Any]:
        """The fields of the API's form. They say the same whatever has become of the order, so that a form which is
        sent twice is one change.
        """
        found: dict[str, Any] = {}
        if self.units:
            found["lines"] = [{"offer_id": each, "quantity": units} for each, units in self.units.items()]
        if self.place == DELIVERED:
            found["delivery"] = self.delivery.model_dump()
        elif self.place is not None:
            found |= {"pickup_point_id": self.place, "delivery": None}
        return found if self.total is None else found | {"expected_total_minor": self.total}
