"""What the API shows of orders and quotes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from chalicelib.campaigns.model.bundles import is_part, sold_as
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.model.struck import Struck
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.views.struck import PriorPriceView, struck_out
from chalicelib.kernel.percent import percent_text
from chalicelib.members.model.masking import masked_phone
from chalicelib.orders.basket.service.pricing import Basket
from chalicelib.orders.bundles.model import SoldLine, as_sold, by_offer
from chalicelib.orders.discounts.model import given
from chalicelib.orders.model import Line, PaymentState, Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.service import taxable
from chalicelib.orders.service.surroundings import Surroundings
from chalicelib.orders.tax.model import Taxable
from chalicelib.orders.views.choices import ChoicesView
from chalicelib.pricing.model import Discount, Item, Quote, Totals
from chalicelib.pricing.views import TaxView
from chalicelib.web import Contact, Instant, LocalDate, MoneyField, View


class SubstituteView(View):
    """Units of another SKU that are given instead of what was ordered, at the line's price."""

    sku_id: str
    quantity: int


class TitledSubstituteView(SubstituteView):
    """The same, with the title of what is given."""

    title: str


class LinePartView(View):
    """Units of a SKU that belong to a bundle, with their share of its price; less where some could not be supplied.

    ``substitutes`` are those of them that are given as another SKU. ``tax`` is as that of a line.
    """

    sku_id: str
    quantity: int
    total: MoneyField
    substitutes: list[SubstituteView] = []
    tax_rate: str | None = None
    tax: MoneyField | None = None


class LineView(View):
    """``total`` is quantity times unit price, before discounts.

    `substitutes` are those of its units that are given as another SKU; where one is given instead of all, it is the
    line's `sku_id`. `tax` is what the line's price after all discounts includes at `tax_rate` per cent; the taxes of
    lines and delivery sum to those of the document. Both are null where no rate is set, the rate also where the line
    has several. A bundle has no SKU of its own: `parts` are what it is made of.
    """

    offer_id: str
    sku_id: str | None
    quantity: int
    unit_price: MoneyField
    total: MoneyField
    substitutes: list[SubstituteView] = []
    tax_rate: str | None = None
    tax: MoneyField | None = None
    parts: list[LinePartView] = []


class PickedView(View):
    """Units of a line that were handed over so far; of a bundle, of the part with that SKU."""

    offer_id: str
    quantity: int
    sku_id: str | None = None


class QuotePartView(LinePartView):
    title: str


class QuoteLineView(LineView):
    """A line of a quote. ``list_price`` is what may be struck out beside the price of a unit, by the campaign's price
    or a promotion for everybody, and then ``prior_price`` stands beside it.
    """

    title: str
    list_price: MoneyField | None
    prior_price: PriorPriceView | None
    parts: list[QuotePartView] = []  # type: ignore[assignment]


class TotalsView(View):
    """``total = goods - discount + delivery``; ``due`` is what is still to be paid."""

    goods: MoneyField
    discount: MoneyField
    delivery: MoneyField
    total: MoneyField
    paid: MoneyField
    refunded: MoneyField
    due: MoneyField

    @classmethod
    def of(cls, totals: Totals, currency: str) -> Self:
        return cls(**{name: MoneyField.of(getattr(totals, name), currency) for name in cls.model_fields})


class DiscountedLineView(View):
    """What a discount takes off a line."""

    offer_id: str
    amount: MoneyField


class DiscountView(View):
    """A discount and why it applies, in English and in Chinese. Its ``lines`` sum to its ``amount``, except where it
    lowered the delivery fee: that part has lowered ``totals.delivery``.
    """

    kind: str
    reason: str
    reason_zh: str
    amount: MoneyField
    promotion_id: str | None
    coupon_id: str | None
    lines: list[DiscountedLineView]

    @classmethod
    def of(cls, discount: Discount, offer_ids: Sequence[str], currency: str) -> Self:
        shares = by_offer(dict(zip(offer_ids, discount.shares_minor, strict=True))).items()
        return cls(
            kind=discount.kind,
            reason=discount.reason.en,
            reason_zh=discount.reason.zh,
            amount=MoneyField.of(discount.amount_minor, currency),
            promotion_id=discount.promotion_id,
            coupon_id=discount.coupon_id,
            lines=[
                DiscountedLineView(offer_id=each, amount=MoneyField.of(share, currency))
                for each, share in shares
                if share
            ],
        )


def discounts_of(quote: Quote) -> list[DiscountView]:
    """Every discount of a quote."""
    offer_ids = [item.offer_id for item in quote.items]
    return [DiscountView.of(each, offer_ids, quote.currency) for each in quote.discounts]


def discounts_of_order(order: OrderRecord) -> list[DiscountView]:
    """Every discount of an order, as it stands."""
    lines, offer_ids = order.lines, [line.offer_id for line in order.lines]
    return [DiscountView.of(each.shown(lines), offer_ids, order.currency) for each in order.discounts]


class QuoteView(View):
    """What a basket costs now. Send ``total.amount_minor`` as ``expected_total_minor`` to order at no other price.

    A ``deposit`` is what a pre-order is paid first; the rest follows after the close. ``tax`` is included in the total.
    ``choices`` are there where they were asked for.
    """

    campaign_id: str
    lines: list[QuoteLineView]
    discounts: list[DiscountView]
    totals: TotalsView
    tax: list[TaxView]
    total: MoneyField
    deposit: MoneyField | None
    choices: ChoicesView | None = None

    @classmethod
    def of(cls, basket: Basket, choices: ChoicesView | None = None) -> Self:
        from chalicelib.orders.basket.service.struck import struck_lines  # no order needs it

        quote, currency = basket.quote, basket.quote.currency
        lines = zip(quote.items, basket.offers, struck_lines(basket), strict=True)
        included = basket.taxable
        taxes = _line_taxes(included, currency)
        return cls(
            campaign_id=basket.campaign.id,
            lines=[_quoted(item, offer, struck, taxes, currency) for item, offer, struck in lines],
            discounts=discounts_of(quote),
            totals=TotalsView.of(quote.totals, currency),
            tax=TaxView.each(included.document, currency),
            total=MoneyField.of(quote.totals.total, currency),
            deposit=MoneyField.of(basket.deposit_minor, currency) if basket.deposit_minor else None,
            choices=choices,
        )


class DeliveryView(View):
    """Where an order is delivered to the door."""

    name: Contact[str]
    phone: Contact[str]
    address: Contact[str]


class PendingView(View):
    """A dearer basket that becomes the order's when ``amount`` is paid until ``expires_at``; then it is dropped. It is
    handed over at the pickup point, or delivered to the address.
    """

    lines: list[LineView]
    pickup_point_id: str
    delivery: DeliveryView | None
    amount: MoneyField
    expires_at: Instant


class OrderView(View):
    """An order as its member sees it.

    A ``held`` order keeps its units until ``hold_expires_at``. Where there is a ``deposit``, it is charged first; the
    rest is due until ``balance_due_at``, or at the pickup point where that is null. While the
    payment provider does not say whether a deadline was met, ``awaiting_provider_since`` then, nothing is taken away.
    ``after_sale_id`` marks an order that replaces what was sent back, ``is_gift`` one that was had for points. ``tax``
    is included in its total as it stands, at the rates of when it was placed; what refunds reverse of it stands in
    them.
    """

    id: str
    status: Status
    campaign_id: str
    pickup_point_id: str
    lines: list[LineView]
    discounts: list[DiscountView]
    totals: TotalsView
    tax: list[TaxView]
    pending: PendingView | None
    payment_method: str
    deposit: MoneyField | None
    balance_due_at: Instant | None
    delivery: DeliveryView | None
    team_id: str | None
    after_sale_id: str | None
    is_gift: bool
    pickup_code: str | None
    hold_expires_at: Instant | None
    awaiting_provider_since: Instant | None
    placed_at: Instant
    cancelled_at: Instant | None
    cancelled_by: str | None
    forfeited_at: Instant | None
    picked: list[PickedView]
    picked_up_at: Instant | None

    @classmethod
    def of(cls, order: OrderRecord) -> Self:
        """The order as it stands."""
        return cls(**_order(order))

    @classmethod
    def as_placed(cls, order: OrderRecord) -> Self:
        """The first answer to its placing, byte by byte the same whatever has become of the order since."""
        return cls.of(order if order.rev == 1 else order.as_first())


class ViaView(View):
    """Whose link was followed last before an order, within thirty days: a channel's, or a member's who passed it on."""

    channel_id: str | None
    sharer_id: str | None


class StaffOrderView(OrderView):
    """An order as the brand's people see it; the code only where they may hand over. ``placed_by`` is who placed it in
    its member's stead, or decided on the exchange. ``payment`` is how far it is paid. ``via`` is whose link led to it.
    """

    member_id: str
    placed_by: str | None
    payment: PaymentState
    picked_up_by: str | None
    via: ViaView | None

    @classmethod
    def for_staff(cls, order: OrderRecord, *, with_code: bool) -> Self:
        return cls(**_staff_order(order, with_code=with_code))

    @classmethod
    def placed_for_member(cls, order: OrderRecord) -> Self:
        """The first answer to its placing, the same whatever has become of the order since."""
        return cls.for_staff(order if order.rev == 1 else order.as_first(), with_code=True)


class TitledPartView(LinePartView):
    """The same, with the title of the SKU that was sold."""

    title: str
    substitutes: list[TitledSubstituteView] = []  # type: ignore[assignment]


class TitledLineView(LineView):
    """Units of an offer under the title with which it was sold. Where another SKU is given instead, ``title`` is its
    own, and ``substitute_for`` says what was ordered. ``given`` is how many of them were given for nothing.
    """

    title: str
    substitute_for: str | None
    given: int = 0
    substitutes: list[TitledSubstituteView] = []  # type: ignore[assignment]
    parts: list[TitledPartView] = []  # type: ignore[assignment]


class HandedOverView(View):
    """Units of an offer, or of a bundle's part, in a parcel: ordered, and handed over so far. ``sku_id`` is what was
    ordered. Where another SKU is given instead, ``title`` is its own, and ``substitute_for`` says what was ordered;
    ``substitutes`` are units of the line given as another SKU. ``bundle`` is the title of the bundle it belongs to.
    """

    offer_id: str
    sku_id: str
    title: str
    bundle: str | None
    substitute_for: str | None
    substitutes: list[TitledSubstituteView]
    quantity: int
    picked: int


class OrderedInView(View):
    """The campaign that an order belongs to; ``arrives_on`` is the day on which its goods are expected at the pickup
    points.
    """

    id: str
    title: str
    kind: str
    status: CampaignStatus
    opens_at: Instant | None
    closes_at: Instant | None
    arrives_on: LocalDate | None


class CollectedAtView(View):
    """The pickup point of an order, as its campaign was published with it."""

    id: str
    name: str
    address: str
    opening_hours: str | None


class FullOrderView(OrderView):
    """An order with the words around it: what each line is called, its campaign, its pickup point."""

    lines: list[TitledLineView]  # type: ignore[assignment]
    campaign: OrderedInView
    pickup_point: CollectedAtView

    @classmethod
    def every(cls, orders: Iterable[OrderRecord], around: Surroundings, now: datetime) -> list[Self]:
        """A view of each order of a page."""
        return [cls(**_order(order) | _around(order, around, now)) for order in orders]


class FullStaffOrderView(StaffOrderView):
    """An order as the brand's people see it, with the words around it and the member's name; of their phone number the
    last digits are shown.
    """

    lines: list[TitledLineView]  # type: ignore[assignment]
    campaign: OrderedInView
    pickup_point: CollectedAtView
    member_name: Contact[str]
    member_phone: Contact[str]

    @classmethod
    def every(
        cls, orders: Iterable[OrderRecord], around: Surroundings, now: datetime, *, with_code: bool
    ) -> list[Self]:
        """A view of each order of a page."""
        return [cls._of(order, around, now, with_code=with_code) for order in orders]

    @classmethod
    def _of(cls, order: OrderRecord, around: Surroundings, now: datetime, *, with_code: bool) -> Self:
        member = around.members.get(order.member_id)
        shown = _staff_order(order, with_code=with_code) | _around(order, around, now)
        return cls(
            **shown,
            member_name=member.name if member else None,
            member_phone=masked_phone(member.phone) if member else None,
        )


def ordered_in(campaign: CampaignRecord, now: datetime) -> OrderedInView:
    """A campaign as its orders name it."""
    names = ("id", "title", "kind", "opens_at", "closes_at", "arrives_on")
    return OrderedInView(**{name: getattr(campaign, name) for name in names}, status=campaign.shown_status(now))


def titled(order: OrderRecord, around: Surroundings) -> list[TitledLineView]:
    """An order's lines under the titles with which they were sold."""
    campaign = around.campaigns[order.campaign_id]
    offers = {each.offer_id: each for each in campaign.offers}
    titles = {each.offer_id: each.title for each in campaign.goods}
    lines, taxes = [], _line_taxes(taxable(order), order.currency)
    gifts = given(order.discounts)
    for line in as_sold(order.lines):
        offer = offers[line.offer_id]
        own = line.sku_id in (None, offer.sku_id)
        title = offer.title if own else around.substitutes.get(str(line.sku_id), str(line.sku_id))
        shown = _line(line, order.currency) | {"substitutes": _titled(line, around)}
        shown["parts"] = [
            TitledPartView(
                **_part(part, order.currency) | {"substitutes": _titled(part, around)} | taxes.get(part.offer_id, {}),
                title=titles[part.offer_id],
            )
            for part in line.parts
            if line.is_bundle
        ]
        shown |= taxes.get(line.offer_id, {})
        shown |= {"title": title, "substitute_for": None if own else offer.title}
        lines.append(TitledLineView(**shown, given=gifts.get(line.offer_id, 0)))
    return lines


def as_handed_over(order: OrderRecord, around: Surroundings) -> list[dict[str, Any]]:
    """The fields of a :class:`HandedOverView` for each line: what is in a parcel, a bundle by its parts."""
    goods = {each.offer_id: each for each in around.campaigns[order.campaign_id].goods}
    lines, picked = [], order.picked_units
    for line in order.lines:
        offer = goods[line.offer_id]
        own = line.sku_id == offer.sku_id
        title = offer.title if own else around.substitutes.get(line.sku_id, line.sku_id)
        lines.append(
            {
                "offer_id": offer.sold_as,
                "sku_id": offer.sku_id,
                "title": title,
                "bundle": offer.bundle or None,
                "substitute_for": None if own else offer.title,
                "substitutes": _titled(line, around),
                "quantity": line.quantity,
                "picked": picked.get(line.offer_id, 0),
            }
        )
    return lines


def _titled(line: Line | SoldLine, around: Surroundings) -> list[TitledSubstituteView]:
    return [
        TitledSubstituteView(sku_id=sku_id, quantity=units, title=around.substitutes.get(sku_id, sku_id))
        for sku_id, units in line.instead
    ]


def _around(order: OrderRecord, around: Surroundings, now: datetime) -> dict[str, Any]:
    campaign = around.campaigns[order.campaign_id]
    place = next(point for point in campaign.pickup_points if point.id == order.pickup_point_id)
    return {
        "lines": titled(order, around),
        "campaign": ordered_in(campaign, now),
        "pickup_point": CollectedAtView.model_validate(place),
    }


Taxes = Mapping[str, dict[str, Any]]


def _quoted(item: Item, offer: Offer, struck: Struck | None, taxes: Taxes, currency: str) -> QuoteLineView:
    goods = offer.goods() if offer.parts else ()
    parts = [
        QuotePartView(
            sku_id=each.sku_id, quantity=item.quantity * each.per, title=each.title,
            total=MoneyField.of(each.price_minor * item.quantity, currency), **taxes.get(each.offer_id, {}),
        )
        for each in goods
    ]  # fmt: skip
    shown = _line(item, currency) | {"sku_id": item.sku_id or None} | taxes.get(item.offer_id, {})
    return QuoteLineView(**shown, title=offer.title, parts=parts, **struck_out(struck, currency))


def line_views(lines: Sequence[Line], currency: str, taxes: Taxes | None = None) -> list[LineView]:
    """The lines as they were sold, each bundle as one with its parts."""
    taxes = taxes or {}
    return [
        LineView(
            **_line(line, currency) | taxes.get(line.offer_id, {}),
            parts=[
                LinePartView(**_part(each, currency) | taxes.get(each.offer_id, {}))
                for each in line.parts
                if line.is_bundle
            ],
        )
        for line in as_sold(lines)
    ]


def _line(line: SoldLine | Item, currency: str) -> dict[str, Any]:
    """The fields of an order's line or of a quote's item, which share their names."""
    return {
        "offer_id": line.offer_id,
        "sku_id": line.sku_id,
        "quantity": line.quantity,
        "unit_price": MoneyField.of(line.unit_price_minor, currency),
        "total": MoneyField.of(line.total_minor, currency),
        "substitutes": substitutes(line),
    }


def _part(line: Line, currency: str) -> dict[str, Any]:
    return {
        "sku_id": line.sku_id,
        "quantity": line.quantity,
        "total": MoneyField.of(line.total_minor, currency),
        "substitutes": substitutes(line),
    }


def _picked(order: OrderRecord) -> list[PickedView]:
    skus = {line.offer_id: line.sku_id for line in order.lines if is_part(line.offer_id)}
    return [
        PickedView(offer_id=sold_as(name), sku_id=skus.get(name), quantity=units)
        for name, units in order.picked_units.items()
    ]


def _line_taxes(included: Taxable, currency: str) -> Taxes:
    """What lines say of their tax, by offer id, a bundle as well as its parts; of those without a rate nothing."""
    taxes: dict[str, int] = {}
    rates: dict[str, set[int]] = {}
    for name, tax in included.by_line.items():
        for each in {name, sold_as(name)}:
            taxes[each] = taxes.get(each, 0) + tax
            rates.setdefault(each, set()).update(bps for bps, _ in included.rates[name] if bps is not None)
    return {
        name: {
            "tax_rate": percent_text(min(rates[name])) if len(rates[name]) == 1 else None,
            "tax": MoneyField.of(tax, currency),
        }
        for name, tax in taxes.items()
    }


def unnamed(by: str) -> str:
    """Who did something, as a member is told: ``member``, ``staff``, or what did it by itself; never who exactly."""
    kind = by.partition(":")[0]
    return "staff" if kind == "api_key" else kind


def substitutes(line: Any) -> list[SubstituteView]:
    """What is given instead in an order's line; nothing of a quote's item."""
    return [SubstituteView(sku_id=sku_id, quantity=units) for sku_id, units in getattr(line, "instead", ())]


def _pending(order: OrderRecord) -> PendingView | None:
    waits = order.waiting_edit
    if waits is None:
        return None
    place = waits.place or order.place
    return PendingView(
        lines=line_views(waits.lines, order.currency),
        pickup_point_id=place.pickup_point_id,
        delivery=DeliveryView.model_validate(place.delivery) if place.delivery else None,
        amount=MoneyField.of(waits.amount_minor, order.currency),
        expires_at=waits.until,
    )


def _order(order: OrderRecord) -> dict[str, Any]:
    included = taxable(order)
    taxes = _line_taxes(included, order.currency)
    return {
        "id": order.id,
        "status": order.status,
        "campaign_id": order.campaign_id,
        "pickup_point_id": order.pickup_point_id,
        "lines": line_views(order.lines, order.currency, taxes),
        "discounts": discounts_of_order(order),
        "totals": TotalsView.of(order.totals, order.currency),
        "tax": TaxView.each(included.document, order.currency),
        "pending": _pending(order),
        "payment_method": order.method,
        "deposit": MoneyField.of(int(order.deposit_minor), order.currency) if order.deposit_minor else None,
        "balance_due_at": order.balance_due_at,
        "delivery": DeliveryView.model_validate(address) if (address := order.delivery_address) else None,
        "team_id": order.team_id,
        "after_sale_id": order.origin,
        "is_gift": bool(order.is_gift),
        "pickup_code": order.pickup_code,
        "hold_expires_at": order.hold_expires_at if order.status == Status.HELD else None,
        "awaiting_provider_since": order.wait.since if order.wait else None,
        "placed_at": order.placed_at,
        "cancelled_at": order.cancelled_at,
        "cancelled_by": order.cancelled_by and unnamed(order.cancelled_by),
        "forfeited_at": order.forfeited_at,
        "picked": _picked(order),
        "picked_up_at": order.picked_up_at,
    }


def _staff_order(order: OrderRecord, *, with_code: bool) -> dict[str, Any]:
    shown = _order(order) | {
        "member_id": order.member_id,
        "placed_by": order.placed_by,
        "payment": order.payment,
        "cancelled_by": order.cancelled_by,
        "picked_up_by": order.picked_up_by,
        "via": ViaView.model_validate(order.via) if order.via else None,
    }
    return shown if with_code else shown | {"pickup_code": None}
