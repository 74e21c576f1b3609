"""What the API takes of changes to orders."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.kernel.errors import Invalid, InvalidField
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET
from chalicelib.orders.bundles.model import named_once, part_named
from chalicelib.orders.changes.service.editing import Edit
from chalicelib.orders.forms.orders import DeliveryForm
from chalicelib.orders.handover.service.moving import Move
from chalicelib.orders.model import MAX_LINES, MAX_PARCEL_LINES
from chalicelib.web import Body, Call, ShortText, UlidStr, hash_of

Units = Annotated[int, Field(ge=0, le=9999)]


class UnitsForm(Body):
    """The new quantity of an offer, not a difference; 0 takes it out."""

    offer_id: UlidStr
    quantity: Units


class PartUnitsForm(UnitsForm):
    """The new quantity of an offer or, of a bundle, of its part with this SKU; without it, that of bundles."""

    sku_id: UlidStr | None = None


def _each_once(lines: list[PartUnitsForm]) -> list[PartUnitsForm]:
    if not named_once(lines):
        raise InvalidField("name each offer once, with its new quantity", "每个商品只写一次，并填写新的数量")
    return lines


def _once(lines: list[UnitsForm]) -> list[UnitsForm]:
    if len({line.offer_id for line in lines}) < len(lines):
        raise InvalidField("name each offer once, with its new quantity", "每个商品只写一次，并填写新的数量")
    return lines


NewUnits = Annotated[list[UnitsForm], Field(min_length=1, max_length=MAX_LINES), AfterValidator(_once)]


class EditForm(Body):
    """New quantities; offers that are not named stay as they are, offers of the campaign may be added. Another pickup
    point of the campaign, another address to deliver to, or null in its place to collect the order instead. What is
    absent stays.
    """

    EXAMPLES = {
        "three of an offer": {"lines": [{"offer_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "quantity": 3}]},
        "collected at another point": {"pickup_point_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"},
        "delivered instead": {"delivery": {"name": "王小明", "phone": "+8613800138000", "address": "花园路 8 号"}},
        "collected instead": {"delivery": None},
    }

    lines: NewUnits | None = None
    pickup_point_id: UlidStr | None = None
    delivery: DeliveryForm | None = None
    expected_total_minor: int | None = Field(default=None, ge=0, le=MAX_MINOR)

    def edit(self, key: str, revision: int | None, by: Principal | None = None) -> Edit:
        """As the use case takes it under an Idempotency-Key. Raises Invalid where nothing is to be changed."""
        moved = "delivery" in self.model_fields_set
        if self.lines is None and self.pickup_point_id is None and not moved:
            raise Invalid.at(
                "/lines",
                "Say what is to change: the goods, the pickup point or the delivery.",
                "请说明要修改的内容：商品数量、自提点或配送地址。",
            )
        return Edit(
            tuple((line.offer_id, line.quantity) for line in self.lines or ()),
            key,
            _told_apart(hash_of(self), collected=moved and self.delivery is None),
            self.expected_total_minor,
            revision,
            self.pickup_point_id,
            (self.delivery.address_to() if self.delivery else None) if moved else UNSET,
            by,
        )


class MoveForm(Body):
    """Where an order is handed over instead, and why: the member is told. Another pickup point of the campaign, another
    address, or null in its place to have it collected; what is absent stays.
    """

    EXAMPLES = {
        "to another point": {"pickup_point_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "reason": "The east gate is closed"},
        "collected instead": {"delivery": None, "reason": "Nobody was at home"},
    }

    pickup_point_id: UlidStr | None = None
    delivery: DeliveryForm | None = None
    reason: ShortText

    def move(self, call: Call["MoveForm"]) -> Move:
        """As the use case takes it. Raises Invalid where it stays where it is."""
        moved = "delivery" in self.model_fields_set
        if self.pickup_point_id is None and not moved:
            message = "Say where it goes: to a pickup point, or by delivery."
            raise Invalid.at("/pickup_point_id", message, "请说明新的自提点或配送地址。")
        return Move(
            self.pickup_point_id,
            (self.delivery.address_to() if self.delivery else None) if moved else UNSET,
            self.reason,
            call.idempotency_key,
            _told_apart(call.body_hash, collected=moved and self.delivery is None),
        )


def _told_apart(body_hash: str, *, collected: bool) -> str:
    """A null and nothing at all are told apart, also under one Idempotency-Key."""
    return derived_id(body_hash, "collected") if collected else body_hash


class AdjustmentForm(Body):
    """Lower quantities, and why: the member is told."""

    EXAMPLES = {
        "one unit less": {
            "lines": [{"offer_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "quantity": 1}],
            "reason": "One was bruised",
        },
    }

    lines: Annotated[list[PartUnitsForm], Field(min_length=1, max_length=MAX_PARCEL_LINES), AfterValidator(_each_once)]
    reason: ShortText

    def quantities(self) -> dict[str, int]:
        return {part_named(line.offer_id, line.sku_id): line.quantity for line in self.lines}
