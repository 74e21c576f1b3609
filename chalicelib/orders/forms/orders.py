"""What the API takes of orders."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.kernel.errors import Invalid, InvalidField
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.kernel.typed_codes import read_code
from chalicelib.orders.basket.service.reading import Wish
from chalicelib.orders.bundles.model import named_once, part_named
from chalicelib.orders.model import MAX_LINES, MAX_PARCEL_LINES, PAY_AT_PICKUP, DeliveryAddress, PaymentState, Status
from chalicelib.orders.pickup_code.model import CODE_LENGTH
from chalicelib.orders.placing.service import Whose
from chalicelib.orders.service.listing import Filter
from chalicelib.web import (
    Body,
    Harmless,
    PhoneAsked,
    PhoneText,
    Quantity,
    Query,
    RecordedDate,
    ShortText,
    Title,
    UlidStr,
)

Method = Literal["pickup", "test", "stripe", "wechat"]

_OFFER = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"
_BASKET = {
    "campaign_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
    "pickup_point_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
    "lines": [{"offer_id": _OFFER, "quantity": 2}],
}


class LineForm(Body):
    """So many units of an offer."""

    offer_id: UlidStr
    quantity: Quantity


class PartLineForm(LineForm):
    """So many units of an offer or, of a bundle, of its part with this SKU; without it, so many bundles."""

    sku_id: UlidStr | None = None

    @property
    def name(self) -> str:
        """What is meant, as ``bundles`` reads it."""
        return part_named(self.offer_id, self.sku_id)


class DeliveryForm(Body):
    """Where an order is to be delivered, instead of being collected."""

    name: Title
    phone: PhoneText
    address: ShortText

    def address_to(self) -> DeliveryAddress:
        return DeliveryAddress(**self.model_dump())


class _Basket(Body):
    campaign_id: UlidStr
    lines: list[LineForm] = Field(min_length=1, max_length=MAX_LINES)
    pickup_point_id: UlidStr | None = None
    delivery: DeliveryForm | None = None
    coupon_id: UlidStr | None = Field(default=None, description="A coupon of the member's, see `/me/coupons`.")
    points: int = Field(
        default=0, ge=0, le=MAX_MINOR, description="So many points are used at most: no more than the goods cost."
    )

    def wish(self) -> Wish:
        lines = tuple((line.offer_id, line.quantity) for line in self.lines)
        return Wish(
            self.campaign_id, lines, self.pickup_point_id, payment_method=None, delivery=self.delivery_to(),
            coupon_id=self.coupon_id, points=self.points,
        )  # fmt: skip

    def delivery_to(self) -> DeliveryAddress | None:
        return self.delivery.address_to() if self.delivery else None


class QuoteForm(_Basket):
    """A basket to be priced."""

    EXAMPLES = {"two of an offer": _BASKET, "with what could be used for it": _BASKET | {"choices": True}}

    choices: bool = Field(
        default=False,
        description="The answer also says which of the member's coupons can be used and what each saves, and how many "
        "points.",
    )


class OrderForm(_Basket):
    """An order; with ``expected_total_minor`` it is placed at that total or not at all. In a team buy it joins the team
    with ``team_id``, or without it starts one.
    """

    EXAMPLES = {
        "paid when it is collected": _BASKET | {"payment_method": "pickup"},
        "paid online, at this total or not at all": _BASKET
        | {"payment_method": "wechat", "expected_total_minor": 5_980},
        "joining a team": _BASKET | {"payment_method": "pickup", "team_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"},
        "delivered to the door": _BASKET
        | {"delivery": {"name": "王小明", "phone": "+8613800138000", "address": "花园路 8 号 2 单元 301"}},
    }

    pickup_point_id: UlidStr
    payment_method: Method = "pickup"
    expected_total_minor: int | None = Field(default=None, ge=0, le=MAX_MINOR)
    team_id: UlidStr | None = None

    def wish(self) -> Wish:
        lines = tuple((line.offer_id, line.quantity) for line in self.lines)
        return Wish(
            self.campaign_id,
            lines,
            self.pickup_point_id,
            self.payment_method,
            self.expected_total_minor,
            self.team_id,
            self.delivery_to(),
            coupon_id=self.coupon_id,
            points=self.points,
        )


def one_of_two(member_id: str | None, phone: str | None, at: str = "") -> None:
    """Raises Invalid unless a member or a number is given, the one or the other; ``at`` points to what has them."""
    if (member_id is None) == (phone is None):
        raise Invalid.at(
            f"{at}/member_id",
            "Say whose it is: the member, or a phone number; one of the two.",
            "请指明会员：会员编号或手机号，二选一。",
        )


class CallersQuoteForm(QuoteForm):
    """A basket to be priced for a member who calls."""

    EXAMPLES = {"two of an offer": _BASKET | {"phone": "+8613800138000"}}

    member_id: UlidStr | None = None
    phone: PhoneText | None = None

    def whose(self) -> Whose:
        """Raises Invalid unless one of the two is given."""
        one_of_two(self.member_id, self.phone)
        return Whose(self.member_id, self.phone)


def _paid_at_pickup(method: str) -> str:
    if method != PAY_AT_PICKUP:
        raise InvalidField(
            "an order for a member who calls is paid when it is handed over, by 'pickup'; only members can pay online",
            "代会员下单仅支持取货时支付（pickup）；在线支付须由会员本人完成",
        )
    return method


class CallersOrderForm(OrderForm):
    """An order for a member who calls, by ``member_id`` or ``phone``; who is no member yet becomes one with that
    number and the ``name``. It is paid when it is handed over. A ``note`` stands in the order's history, which the
    member can read too.
    """

    EXAMPLES = {
        "for somebody new": _BASKET | {"phone": "+8613800138000", "name": "王小明"},
        "for a member": _BASKET | {"member_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "note": "Called at noon"},
    }

    payment_method: Annotated[Method, AfterValidator(_paid_at_pickup)] = "pickup"
    member_id: UlidStr | None = None
    phone: PhoneText | None = None
    name: Title | None = None
    note: ShortText | None = None

    def whose(self) -> Whose:
        """Raises Invalid unless a member or a number is given, the one or the other."""
        one_of_two(self.member_id, self.phone)
        return Whose(self.member_id, self.phone, self.name)


def _once(lines: list[PartLineForm]) -> list[PartLineForm]:
    if not named_once(lines):
        raise InvalidField("name each offer once, with all its units", "每个商品只写一次，并填写全部件数")
    return lines


ParcelLines = Annotated[list[PartLineForm], Field(min_length=1, max_length=MAX_PARCEL_LINES), AfterValidator(_once)]


class HandoverForm(Body):
    """The code that the member shows, and where the parcel is handed over; with ``lines``, only so much of it.

    The code may be left out of an order that is brought to the member's door, where nobody may be at home.
    """

    EXAMPLES = {
        "the whole parcel": {"code": "BG6ZXVSZ2B", "pickup_point_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"},
        "a part of it": {
            "code": "BG6ZXVSZ2B",
            "pickup_point_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
            "lines": [{"offer_id": _OFFER, "quantity": 1}],
        },
        "left at the member's door": {"pickup_point_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"},
    }

    code: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = Field(
        default=None,
        description="The pickup code as the member says it, or the text of the QR code as it was scanned "
        "(`orderid:code`). To be left out only of an order that is brought to the member's door.",
    )
    pickup_point_id: UlidStr = Field(description="Where the parcel is handed over; for a delivery, the order's own.")
    lines: ParcelLines | None = Field(
        default=None, description="What is handed over now; without it, all that is left."
    )

    def units(self) -> dict[str, int] | None:
        return {line.name: line.quantity for line in self.lines} if self.lines is not None else None


def _code(typed: str) -> str:
    code = read_code(typed.rpartition(":")[2])
    if len(code) != CODE_LENGTH:
        raise InvalidField(
            f"a pickup code has {CODE_LENGTH} letters and digits; write all of them",
            f"取货码共 {CODE_LENGTH} 位字母和数字，请完整填写",
        )
    return code


class OrderFilter(Query):
    """Which orders to list."""

    campaign_id: UlidStr | None = None
    member_id: UlidStr | None = None
    pickup_point_id: UlidStr | None = None
    status: Status | None = None
    payment: PaymentState | None = Field(
        default=None,
        description="unpaid, part_paid: something is due, and nothing or a part was paid. paid, part_refunded, "
        "refunded: nothing is due any more, by what of it went back. nothing_due: nothing was or is to be paid.",
    )
    payment_method: Literal["pickup", "test", "stripe", "wechat"] | None = None
    due: bool | None = Field(default=None, description="Whether something is still to be paid.")
    from_on: RecordedDate | None = Field(
        default=None, description="The first local day of placing. An exchange, which nobody placed, is left out."
    )
    to_on: RecordedDate | None = Field(default=None, description="The last local day of placing.")
    phone: PhoneAsked | None = Field(
        default=None,
        description="The whole phone number of the member; without country code, one of the store's own country.",
    )
    pickup_code: Annotated[str, StringConstraints(max_length=80), AfterValidator(_code)] | None = Field(
        default=None,
        examples=["BG6ZXVSZ2B"],
        description="The whole pickup code, in any spelling, of an order whose goods wait at the pickup point.",
    )
    q: Annotated[str, StringConstraints(min_length=1, max_length=254), Harmless] | None = Field(
        default=None,
        examples=["小明", "8000"],
        description="A part of the member's name, the beginning of their e-mail address, the last four or more digits "
        "of their number, or their reference; or the whole id or pickup code of an order.",
    )
    format: Literal["json", "csv", "xlsx"] | None = None

    def filter(self, *, contacts: bool = True) -> Filter:
        """Without ``contacts`` no search leads to members by number or address. Raises Invalid where the days run
        backwards.
        """
        if self.from_on and self.to_on and self.to_on < self.from_on:
            raise Invalid.at(
                "?to_on",
                f"The last day, {self.to_on}, is before the first, {self.from_on}.",
                f"结束日期 {self.to_on} 早于开始日期 {self.from_on}。",
            )
        return Filter(
            self.campaign_id,
            self.member_id,
            self.pickup_point_id,
            self.status,
            self.payment,
            self.payment_method,
            self.due,
            self.from_on,
            self.to_on,
            self.phone,
            self.pickup_code,
            self.q,
            contacts,
        )
