"""What the console's pages of orders take."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import DomainError, FieldError, Invalid
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.orders.bundles.model import named_as, part_named
from chalicelib.orders.forms.changes import Units
from chalicelib.orders.views.orders import FullStaffOrderView
from chalicelib.pages.shell.typed import amount
from chalicelib.web import Body, MoneyField, Query, UlidStr

DELIVERED = "delivery"
_Typed = Annotated[str, StringConstraints(max_length=2000)]
_Chosen = Annotated[str, StringConstraints(max_length=400)] | None
_UnitsByOffer = Annotated[dict[UlidStr, Units], Field(max_length=200)]
_Name = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJKMNP-TV-Z]{26}(_[0-9A-HJKMNP-TV-Z]{26})?$")]
_UnitsByName = Annotated[dict[_Name, Units], Field(max_length=200)]
"""Units of what an order holds, by offer, of a bundle by part (``bundles.part_named``)."""
Step = Literal["look", "do", "again"]
"""To look at what a form comes to, to do it, or to go back to it as it was filled in."""


class Nothing(Body):
    """A form that is its button."""


class Wanted(Query):
    """Which orders to list, as it was typed: the API's own filter says what is wrong with it."""

    q: _Chosen = None
    campaign_id: _Chosen = None
    pickup_point_id: _Chosen = None
    member_id: _Chosen = None
    status: _Chosen = None
    payment: _Chosen = None
    payment_method: _Chosen = None
    due: _Chosen = None
    from_on: _Chosen = None
    to_on: _Chosen = None

    def asked(self) -> dict[str, str]:
        """What is asked for, by the API's names."""
        return {name: value for name, value in self.model_dump().items() if value}


class AddressTyped(Body):
    """An address as it was typed; the API's own form says what is wrong with it."""

    name: _Typed = ""
    phone: _Typed = ""
    address: _Typed = ""


class ChangeForm(Body):
    """New quantities by offer, and where the order is handed over: the id of a pickup point, or ``delivery``. It is
    made at the ``total`` that was shown.
    """

    step: Step = "look"
    units: _UnitsByOffer = {}
    place: UlidStr | Literal["delivery"] | None = None
    delivery: AddressTyped = AddressTyped()
    total: Annotated[int, Field(ge=0, le=MAX_MINOR)] | None = None

    def against(self, order: FullStaffOrderView) -> "ChangeForm":
        """What of it differs from the order as it stands. Raises Invalid where nothing does."""
        had = {line.offer_id: line.quantity for line in order.lines}
        units = {each: wanted for each, wanted in self.units.items() if wanted != had.get(each, 0)}
        place = self.place if moves(order, self.place, self.delivery) else None
        if not units and place is None:
            raise Invalid.at("/units", "You have not changed anything yet.", "您还没有修改任何内容。")
        return self.model_copy(update={"units": units, "place": place})

    def asked(self) -> dict[str, Any]:
        """The fields of the API's form."""
        found: dict[str, Any] = {}
        if self.units:
            found["lines"] = lines(self.units)
        return found | placed_at(self.place, self.delivery) | _given(expected_total_minor=self.total)


class AdjustForm(Body):
    """Lower quantities by offer, of a bundle by part, and why."""

    step: Step = "look"
    units: _UnitsByName = {}
    reason: _Typed = ""

    def against(self, order: FullStaffOrderView) -> "AdjustForm":
        """What of it differs from the order as it stands. Raises Invalid where nothing does, or without a reason."""
        had = {each.name: each.quantity for each in held(order)}
        units = {each: wanted for each, wanted in self.units.items() if wanted != had.get(each)}
        if not units:
            raise Invalid.at("/units", "Lower at least one quantity.", "请至少减少一种商品的件数。")
        return self.model_copy(update={"units": units})

    def asked(self) -> dict[str, Any]:
        """The fields of the API's form."""
        return {"lines": lines(self.units), "reason": self.reason}


class MoveTyped(Body):
    """Where an order is handed over instead, and why."""

    place: UlidStr | Literal["delivery"] | None = None
    delivery: AddressTyped = AddressTyped()
    reason: _Typed = ""

    def asked(self, order: FullStaffOrderView) -> dict[str, Any]:
        """The fields of the API's form. Raises Invalid where it stays where it is."""
        if not moves(order, self.place, self.delivery):
            raise Invalid.at("/place", "It is there already: choose another place.", "订单已在此处，请选择其他地点。")
        return placed_at(self.place, self.delivery) | {"reason": self.reason}


class HandoverTyped(Body):
    """The code that the member says and, with ``units``, only so much of the order."""

    code: _Typed = ""
    pickup_point_id: UlidStr
    part: bool = False
    units: _UnitsByName = {}

    def asked(self) -> dict[str, Any]:
        """The fields of the API's form. Raises Invalid for a part that has nothing in it."""
        found: dict[str, Any] = {"pickup_point_id": self.pickup_point_id} | _given(code=self.code or None)
        if not self.part:
            return found
        chosen = {each: units for each, units in self.units.items() if units}
        if not chosen:
            raise Invalid.at("/units", "Say how many are handed over.", "请填写交付的件数。")
        return found | {"lines": lines(chosen)}


class GoodwillTyped(Body):
    """So much of an order goes back, or so much for each line by its offer, of a bundle for each part; and why."""

    step: Step = "look"
    amount: _Typed = ""
    amounts: Annotated[dict[_Name, _Typed], Field(max_length=200)] = {}
    reason: _Typed = ""

    def asked(self, currency: str) -> dict[str, Any]:
        """The fields of the API's form. Raises Invalid for what is no amount, or where there is none."""
        whole = amount(self.amount, currency, "/amount") if self.amount else None
        parts = {each: amount(typed, currency, f"/amounts/{each}") for each, typed in self.amounts.items()}
        named = [named_as(each) | {"amount": amount} for each, amount in parts.items() if amount["amount_minor"]]
        if whole is None and not named:
            raise Invalid.at("/amount", "Say how much goes back.", "请填写退款金额。")
        if whole is not None and named:
            message = "Give one amount for the whole order, or amounts for its goods."
            raise Invalid.at("/amount", message, "整单金额与商品金额请只填一种。")
        return _given(amount=whole, lines=named or None) | {"reason": self.reason}


class PaidOut(Body):
    """That a refund was paid out in cash; ``then`` is the page that goes on, of the pickup point that it was of."""

    then: Literal["order", "cash"] = "order"
    pickup_point_id: UlidStr | None = None

    def onward(self, order_id: str) -> str:
        """The path of that page."""
        if self.then == "order":
            return f"/orders/{order_id}"
        return f"/cash-refunds?pickup_point_id={self.pickup_point_id}" if self.pickup_point_id else "/cash-refunds"


class Choosing(Query):
    """Whose order it is to be, and of which group buy, as far as that was chosen; ``q`` looks for members."""

    q: _Chosen = None
    member_id: UlidStr | None = None
    new: Literal["1"] | None = None
    campaign_id: UlidStr | None = None


class NewOrder(Body):
    """An order for a caller: a member, or somebody new by their number; units by offer, and where it is handed over.
    It is placed at the ``total`` that was shown.
    """

    step: Step = "look"
    campaign_id: UlidStr
    member_id: UlidStr | None = None
    phone: _Typed = ""
    name: _Typed = ""
    units: _UnitsByOffer = {}
    place: UlidStr | None = None
    deliver: bool = False
    delivery: AddressTyped = AddressTyped()
    note: _Typed = ""
    total: Annotated[int, Field(ge=0, le=MAX_MINOR)] | None = None

    @property
    def chosen(self) -> dict[str, int]:
        """The units that are wanted of anything."""
        return {each: units for each, units in self.units.items() if units}

    def quote(self) -> dict[str, Any]:
        """The fields of the API's form for a quote. Raises Invalid where nothing was chosen."""
        if not self.chosen:
            raise Invalid.at("/units", "Choose how many of what.", "请选择商品和件数。")
        if self.place is None:
            raise Invalid.at("/place", "Choose where it is handed over.", "请选择自提点。")
        whose = _given(member_id=self.member_id, phone=self.phone or None)
        delivery = {"delivery": self.delivery.model_dump()} if self.deliver else {}
        basket = {"campaign_id": self.campaign_id, "pickup_point_id": self.place, "lines": lines(self.chosen)}
        return basket | whose | delivery

    def asked(self) -> dict[str, Any]:
        """The fields of the API's form for the order."""
        more = _given(name=self.name or None, note=self.note or None, expected_total_minor=self.total)
        return self.quote() | more


def lines(units: Mapping[str, int]) -> list[dict[str, Any]]:
    """Units by offer, of a bundle by part, as the API takes them."""
    return [named_as(each) | {"quantity": wanted} for each, wanted in units.items()]


@dataclass(frozen=True, slots=True)
class Held:
    """What an order holds, of a bundle each part: by which name, and how many."""

    name: str
    title: str
    quantity: int
    price: MoneyField


def held(order: FullStaffOrderView) -> list[Held]:
    """The order's lines, each bundle by its parts; of these the price is that of all units."""
    found = []
    for line in order.lines:
        if not line.parts:
            found.append(Held(line.offer_id, line.title, line.quantity, line.unit_price))
        for part in line.parts:
            title = f"{part.title} ({line.title})"
            found.append(Held(part_named(line.offer_id, part.sku_id), title, part.quantity, part.total))
    return found


def moves(order: FullStaffOrderView, place: str | None, typed: AddressTyped) -> bool:
    """Whether an order would be handed over elsewhere."""
    if place is None:
        return False
    if place == DELIVERED:
        return order.delivery is None or typed.model_dump() != order.delivery.model_dump()
    return order.delivery is not None or place != order.pickup_point_id


def placed_at(place: str | None, typed: AddressTyped) -> dict[str, Any]:
    """Where an order is handed over, as the API takes it; nothing where it stays."""
    if place is None:
        return {}
    if place == DELIVERED:
        return {"delivery": typed.model_dump()}
    return {"pickup_point_id": place, "delivery": None}


@contextmanager
def beside(offers: Sequence[str], *, into: str = "units", **names: str) -> Iterator[None]:
    """What the API says of a line, by its number, stands beside the field ``into`` of that offer; what it says of other
    fields beside those of the page, by ``names``.
    """
    try:
        yield
    except DomainError as refusal:
        refusal.errors = tuple(
            FieldError(_beside(each.pointer, offers, into, names), each.message, each.message_zh)
            for each in refusal.errors
        )
        raise


def _beside(pointer: str, offers: Sequence[str], into: str, names: Mapping[str, str]) -> str:
    first, *rest = pointer.removeprefix("/").split("/")
    if first == "lines":
        at = int(rest[0]) if rest and rest[0].isdecimal() else len(offers)
        return f"/{into}/{offers[at]}" if at < len(offers) else f"/{into}"
    return f"/{names[first]}" if first in names else pointer


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
