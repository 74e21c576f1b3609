"""Orders over HTTP: a member's own in the storefront, all of them for staff, and the handover."""

from dataclasses import replace
from datetime import datetime

from chalicelib.coupons.errors import (
    CouponBelowMinimum,
    CouponBudgetSpent,
    CouponExpired,
    CouponNotFound,
    CouponNotYetValid,
    CouponOutOfScope,
    CouponUsed,
    CouponUsedUp,
    CouponWithoutEffect,
    OnlyForNewMembers,
)
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound
from chalicelib.legal_texts.errors import TermsNotAccepted
from chalicelib.loyalty.points.errors import NotEnoughPoints, PointsPayNothing
from chalicelib.members.model.status import MemberBlocked
from chalicelib.orders.basket.service.pricing import quote_for
from chalicelib.orders.errors import (
    AlreadyPickedUp,
    BalanceUnpaid,
    CampaignClosed,
    CampaignNotLocked,
    CampaignNotOpen,
    CodeImpossible,
    CodeLocked,
    CodeMissing,
    CutoffPassed,
    DeliveryUnavailable,
    LimitReached,
    MoreThanOrdered,
    NotAPickupPoint,
    NotAtPickup,
    NotCancellable,
    NotCollectable,
    NotInAudience,
    NotInOrder,
    NotTheLeader,
    OnlyForPoints,
    OrderForfeited,
    PaymentMethodUnavailable,
    PriceChanged,
    RepeatedOffer,
    SoldOut,
    TooManyMembers,
    UnitsPickedUp,
    UnknownOffer,
    WrongCode,
    WrongPickupPoint,
)
from chalicelib.orders.export.errors import TooManyOrders
from chalicelib.orders.forms.orders import HandoverForm, OrderFilter, OrderForm, QuoteForm
from chalicelib.orders.placing import service as placing
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.refunds.views import RefundView, StaffRefundView
from chalicelib.orders.service import listing, reading
from chalicelib.orders.service.listing import Filter
from chalicelib.orders.service.surroundings import surroundings
from chalicelib.orders.teams.errors import (
    AlreadyInTeam,
    NotATeamCampaign,
    TeamClosed,
    TeamExpired,
    TeamFilled,
    TeamFull,
    UnknownTeam,
)
from chalicelib.orders.views.choices import ChoicesView
from chalicelib.orders.views.orders import FullOrderView, FullStaffOrderView, OrderView, StaffOrderView
from chalicelib.orders.views.quotes import QuoteView
from chalicelib.pricing.model import AmountTooLarge
from chalicelib.web import Answer, Call, Paged, Router, member, staff, staff_or_member

routes = Router(__name__)

_HANDS_OVER = ("manager", "service")
LOOKS = staff("manager", "planner", "service", "analyst")
TEAM = (AlreadyInTeam, NotATeamCampaign, TeamClosed, TeamExpired, TeamFull, UnknownTeam)
BASKET = (
    AmountTooLarge,
    CampaignClosed,
    CampaignNotOpen,
    DeliveryUnavailable,
    LimitReached,
    MemberBlocked,
    NotAPickupPoint,
    NotInAudience,
    NotFound,
    RepeatedOffer,
    UnknownOffer,
    CouponBelowMinimum,
    CouponExpired,
    CouponNotFound,
    CouponNotYetValid,
    CouponOutOfScope,
    CouponUsed,
    CouponWithoutEffect,
    NotEnoughPoints,
    OnlyForNewMembers,
    OnlyForPoints,
    PointsPayNothing,
)


@routes.post(
    "/v1/stores/{slug}/quotes", allow=member(checks_itself=True), body=QuoteForm, answer=QuoteView, tag="orders",
    errors=BASKET, summary="Price a basket",
)  # fmt: skip
def quote(call: Call[QuoteForm]) -> QuoteView:
    """With `choices`, what the member could use is held against the basket as well; the best coupon is named, and not
    used unless `coupon_id` names it."""
    return quoted(call.tenant_id, call.member_id, call.body, call.now, call.locale)


def quoted(tenant_id: str, member_id: str, form: QuoteForm, now: datetime, locale: str) -> QuoteView:
    """What a member's basket costs, with what they could use for it where that is asked."""
    if not form.choices:
        return QuoteView.of(quote_for(tenant_id, member_id, form.wish(), now))
    from chalicelib.orders.basket.service.choosing import quote_with_choices  # an order has no need of it

    basket, choices = quote_with_choices(tenant_id, member_id, form.wish(), now)
    return QuoteView.of(basket, ChoicesView.of(choices, basket.quote.currency, locale))


@routes.post(
    "/v1/stores/{slug}/orders", allow=member(checks_itself=True), body=OrderForm, answer=OrderView, status=201,
    tag="orders", idempotency=True, summary="Place an order, exactly once for each Idempotency-Key",
    errors=(
        *BASKET, *TEAM, CouponBudgetSpent, CouponUsedUp, IdempotencyMismatch, PaymentMethodUnavailable, PriceChanged,
        SoldOut, TermsNotAccepted,
    ),
)  # fmt: skip
def place_order(call: Call[OrderForm]) -> OrderView:
    order = placing.place(
        call.tenant_id, call.member_id, call.body.wish(), call.idempotency_key, call.body_hash, call.now
    )
    return OrderView.as_placed(order)


@routes.get(
    "/v1/stores/{slug}/orders", allow=member(), answer=FullOrderView, paged=True, tag="orders",
    summary="List my orders, newest first",
)  # fmt: skip
def list_own_orders(call: Call[None]) -> Paged:
    page = listing.list_own_orders(call.tenant_id, call.member_id, call.limit, call.cursor)
    around = surroundings(call.tenant_id, page.items)
    return Paged(FullOrderView.every(page.items, around, call.now), page.last_key)


@routes.get(
    "/v1/stores/{slug}/orders/{id}", allow=member(), answer=FullOrderView, tag="orders", errors=(NotFound,),
    summary="Read one of my orders",
)  # fmt: skip
def read_own_order(call: Call[None]) -> Answer:
    order = reading.get_own_order(call.tenant_id, call.member_id, call.path["id"], consistent=True)
    [view] = FullOrderView.every([order], surroundings(call.tenant_id, [order]), call.now)
    return Answer(view, etag=int(order.rev))


@routes.post(
    "/v1/stores/{slug}/orders/{id}/cancel", allow=member(), answer=OrderView, tag="orders",
    errors=(NotFound, CutoffPassed, NotCancellable, TeamFilled),
    summary="Cancel one of my orders, until the campaign closes",
)  # fmt: skip
def cancel_own_order(call: Call[None]) -> OrderView:
    # Imported here so that a first order does not pay for what comes after it.
    from chalicelib.orders.ending.service import cancelling

    return OrderView.of(cancelling.cancel(call.tenant_id, call.member_id, call.path["id"], call.now))


@routes.get(
    "/v1/stores/{slug}/orders/{id}/refunds", allow=member(), answer=RefundView, paged=True, tag="orders",
    errors=(NotFound,), summary="List the refunds of one of my orders",
)  # fmt: skip
def list_own_refunds(call: Call[None]) -> Paged:
    page = refunds.list_own_refunds(call.tenant_id, call.member_id, call.path["id"], call.limit, call.cursor)
    return Paged([RefundView.of(refund) for refund in page.items], page.last_key)


@routes.get(
    "/v1/orders", allow=LOOKS, query=OrderFilter, answer=FullStaffOrderView, paged=True, csv=True, xlsx=True,
    tag="orders", errors=(NotFound, TooManyMembers, TooManyOrders), summary="List orders, newest first",
)  # fmt: skip
def list_orders(call: Call[None]) -> Paged | Answer:
    """A page of them or, as CSV or a workbook, all of them: a row for each line, amounts of an order in its first, and
    the number of rows in the header `X-Row-Count`."""
    if call.wants_table:
        return _as_table(call)
    page = listing.list_orders(call.tenant_id, _filter(call), call.limit, call.cursor, call.now)
    with_code = call.principal.has(*_HANDS_OVER)
    around = surroundings(call.tenant_id, page.items, with_members=True)
    return Paged(FullStaffOrderView.every(page.items, around, call.now, with_code=with_code), page.last_key)


def _filter(call: Call[None]) -> Filter:
    wanted: Filter = call.query.filter(contacts=call.principal.sees_contacts)
    return wanted


def _as_table(call: Call[None]) -> Answer:
    # Imported here so that a first order does not pay for files.
    from chalicelib.media.service.downloads import hand_out
    from chalicelib.orders.export import service as export

    with_code = call.principal.has(*_HANDS_OVER)
    table = export.table(call.tenant_id, _filter(call), call.locale, call.now, with_code=with_code)
    count = {"X-Row-Count": str(len(list(table.rows)))}
    made = hand_out(call, table)
    return replace(made, headers=made.headers | count) if isinstance(made, Answer) else Answer(made, headers=count)


@routes.get(
    "/v1/orders/{id}", allow=LOOKS, answer=FullStaffOrderView, tag="orders", errors=(NotFound,),
    summary="Read an order",
)  # fmt: skip
def read_order(call: Call[None]) -> Answer:
    order = reading.get_order(call.tenant_id, call.path["id"], consistent=True)
    around = surroundings(call.tenant_id, [order], with_members=True)
    [view] = FullStaffOrderView.every([order], around, call.now, with_code=call.principal.has(*_HANDS_OVER))
    return Answer(view, etag=int(order.rev))


@routes.get(
    "/v1/orders/{id}/refunds", allow=staff_or_member(*LOOKS.roles), answer=StaffRefundView, paged=True, tag="orders",
    errors=(NotFound, NotTheLeader), summary="List the refunds of an order; its leader pays those in cash out",
)  # fmt: skip
def list_refunds(call: Call[None]) -> Paged:
    # Imported here so that a first order does not pay for what comes after it.
    from chalicelib.orders.handover.service import cash as paying_out

    page = paying_out.list_refunds(call.tenant_id, call.path["id"], call.principal, call.limit, call.cursor)
    return Paged([StaffRefundView.of(refund) for refund in page.items], page.last_key)


@routes.post(
    "/v1/orders/{id}/pickup", allow=staff_or_member(*_HANDS_OVER), body=HandoverForm, answer=StaffOrderView,
    tag="orders", summary="Hand an order over at its pickup point, or a part of it, against its code",
    errors=(
        AlreadyPickedUp, BalanceUnpaid, CampaignNotLocked, CodeLocked, CodeMissing, IdempotencyMismatch,
        MoreThanOrdered, NotAtPickup, NotCollectable, NotFound, NotInOrder, NotTheLeader, OrderForfeited,
        UnitsPickedUp, CodeImpossible, WrongCode, WrongPickupPoint,
    ),
)  # fmt: skip
def hand_over_order(call: Call[HandoverForm]) -> StaffOrderView:
    # Imported here so that a first order does not pay for what comes after it.
    from chalicelib.orders.handover.service import pickup

    order = pickup.hand_over(
        call.tenant_id,
        call.path["id"],
        call.body.code,
        call.body.pickup_point_id,
        call.principal,
        call.header("Idempotency-Key") or "",
        call.now,
        call.body.units(),
    )
    return StaffOrderView.for_staff(order, with_code=False)
