"""Changing an order until the cutoff: more or less of its lines, or where it is handed over; priced anew, at its first
place in the queue.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.model.campaign import ON_SHOW
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Refused, Transaction, change, check_revision
from chalicelib.kernel.errors import IdempotencyMismatch, Invalid, Unavailable
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, Unset
from chalicelib.orders.basket.service.pricing import Basket, price
from chalicelib.orders.basket.service.reading import Wish
from chalicelib.orders.budgets import service as budgets
from chalicelib.orders.budgets.service import PricedAnew
from chalicelib.orders.changes.model import Lessened, bought, extend, lessen, priced, wanted
from chalicelib.orders.changes.records import OrderChangeRecord, as_of
from chalicelib.orders.changes.service import recording, waiting
from chalicelib.orders.discounts.model import Applied, given
from chalicelib.orders.errors import NotEditable, NothingLeft, SoldOut
from chalicelib.orders.model import HOLD, MAX_LINES, DeliveryAddress, Line, Place, Status, WaitingEdit
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order, get_own_order
from chalicelib.orders.spending import service as spending
from chalicelib.orders.stock.service.cutoff import is_closed
from chalicelib.orders.stock.service.drawing import draw, first_picks
from chalicelib.orders.stock.service.moving import Pick, StockMoves, lines_of
from chalicelib.pricing.model import Totals
from chalicelib.promotions.service.using import Funding
from chalicelib.tenants.service.audit import audit

_PRICINGS = 20
"""So often an order is priced anew, where others take the last of a promotion's budget first."""
_EDITABLE = frozenset({Status.HELD, Status.PLACED})


@dataclass(frozen=True, slots=True)
class Edit:
    """A change as a member asks for it: new quantities by offer, 0 to leave an offer out, offers not named as they are.

    ``key`` is the Idempotency-Key with the hash of its body; ``revision`` the one that the member has seen, or None. A
    ``pickup_point_id`` of None stays as it is; a ``delivery`` of None is one that is collected instead. ``by`` is who
    of the brand's people asks in the member's stead.
    """

    lines: tuple[tuple[str, int], ...]
    key: str
    body_hash: str
    expected_total_minor: int | None = None
    revision: int | None = None
    pickup_point_id: str | None = None
    delivery: DeliveryAddress | Unset | None = UNSET
    by: Principal | None = None

    def place(self, order: OrderRecord) -> Place:
        """Where the order is to be handed over."""
        delivery = order.delivery_address if self.delivery is UNSET else self.delivery
        return Place(self.pickup_point_id or order.pickup_point_id, delivery)


@dataclass(slots=True)
class _Plan:
    """What an edit comes to: the units that go, the units that come, the place, the lines and the price in the end."""

    basket: Basket
    lessened: Lessened
    picks: list[Pick]
    place: Place
    funding: Funding

    @property
    def moves_units(self) -> bool:
        return bool(self.picks or self.lessened.returned)

    @property
    def added(self) -> tuple[Line, ...]:
        return lines_of(self.picks)

    @property
    def lines(self) -> tuple[Line, ...]:
        prices = {goods.offer_id: goods.price_minor for goods, _ in self.basket.goods}
        return priced(extend(self.lessened.kept, self.added), prices)

    @property
    def totals(self) -> Totals:
        return self.basket.quote.totals


def edit(tenant_id: str, member_id: str, order_id: str, wanted_edit: Edit, now: datetime) -> OrderRecord:
    """Changes a member's own order while the campaign takes orders; the same key answers with the same order again.
    An order that stands is changed before the opening, too: whoever placed it then has had early access.
    Where it is handed over changes without a charge but for the delivery's fee, which is part of the price.

    The stock buckets decide whether it is in time and whether enough is left. What an online payment brought too much
    is refunded in the same write. Where the basket becomes dearer, the order stays as it is and the new basket waits
    for the payment of the difference, its added units held for 15 minutes; a later edit takes its place, and its units,
    in one write, so that one which is refused leaves it waiting. What was due before, after a payment that was accepted
    with less, is no part of the difference. Raises
    NotFound, Stale, IdempotencyMismatch, NotEditable, NothingLeft, CutoffPassed, SoldOut, and the refusals of
    ``basket.price``.
    """

    return _change(lambda: get_own_order(tenant_id, member_id, order_id, consistent=True), wanted_edit, now)


def edit_for_member(tenant_id: str, order_id: str, wanted_edit: Edit, now: datetime) -> OrderRecord:
    """What :func:`edit` does, by the brand's people for a member who asks them to; the member is told."""
    return _change(lambda: get_order(tenant_id, order_id, consistent=True), wanted_edit, now)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an order comes to by a change, in minor units: its totals, what more is charged online first, what comes
    back, and what then is still to be paid; ``discounts`` are what lowers it then, with the reasons.
    """

    totals: Totals
    charged: int
    comes_back: int
    due_later: int
    discounts: tuple[Applied, ...] = ()


def preview(tenant_id: str, member_id: str, order_id: str, wanted_edit: Edit, now: datetime) -> Outlook:
    """What :func:`edit` would do at ``now``: the very change, of which nothing is written. Whether enough is left is
    decided by the write alone. Raises what :func:`edit` does, but for SoldOut.
    """
    order = get_own_order(tenant_id, member_id, order_id, consistent=True)
    _check(order, wanted_edit.revision, now)
    plan = _plan(order, wanted_edit, Funding(order.held), now)
    if plan.basket.campaign.shown_status(now) not in ON_SHOW:
        raise waiting.cutoff_passed()
    edited = OrderRecord.from_raw_data(order.serialize())
    edited.waiting_edit = None
    if plan.moves_units or plan.place != order.place:
        edited.waiting_edit = order.waiting_edit
        _edit(Transaction(), edited, plan, wanted_edit, now)
    waits = edited.waiting_edit
    charged = edited.first_charge_minor if edited.status == Status.HELD else waits.amount_minor if waits else 0
    return Outlook(
        plan.totals,
        charged,
        comes_back=int(edited.refunded_minor) - int(order.refunded_minor),
        due_later=max(0, plan.totals.total - edited.kept_minor - charged),
        discounts=plan.basket.discounts,
    )


def may_edit(order: OrderRecord, campaign: CampaignRecord, now: datetime) -> bool:
    """Whether a member's change would be looked at now; what becomes of it the write decides."""
    return not order.is_gift and _state_against(order, now) is None and campaign.shown_status(now) in ON_SHOW


def _change(read: Callable[[], OrderRecord], wanted_edit: Edit, now: datetime) -> OrderRecord:
    def decide(order: OrderRecord, tx: Transaction) -> OrderRecord:
        if done := recording.find(order, _cause(wanted_edit)):
            return _again(order, done, wanted_edit)
        _check(order, wanted_edit.revision, now)
        funding = Funding(order.held)
        for _ in range(_PRICINGS):
            plan = _plan(order, wanted_edit, funding, now)
            waiting.check_replaceable(order, now)
            if not plan.moves_units and plan.place == order.place:
                _keep(tx, order, wanted_edit, now)
                return order
            with suppress(PricedAnew):
                return _commit(order, plan, wanted_edit, now)
        raise Unavailable("Many orders want the same discount at once; send the same request again.", retry_after=1)

    return change(read, decide)


def _keep(tx: Transaction, order: OrderRecord, wanted_edit: Edit, now: datetime) -> None:
    """Adds that the order stands as was asked for, so that the request, when it comes again after another change, does
    not undo that.
    """
    units = StockMoves(order.tenant_id, order.member_id)
    dropped = waiting.withdraw(tx, units, order, now)
    units.add(tx)
    noted = _started(order, "edited", wanted_edit, now)
    if dropped:
        order.emit("order.changed", now, order_id=order.id)
        recording.write(tx, order, noted)
    else:
        noted.after = noted.before
        tx.create("change", noted)
        tx.check("order", OrderRecord, order.pk, order.sk, OrderRecord.rev == int(order.rev))


def _commit(order: OrderRecord, plan: _Plan, wanted_edit: Edit, now: datetime) -> OrderRecord:
    """Raises Refused where the order was changed by others, and is to be read again, PricedAnew where a promotion does
    not pay, or has nothing left to give.
    """

    def add(tx: Transaction) -> OrderRecord:
        edited = OrderRecord.from_raw_data(order.serialize())
        _edit(tx, edited, plan, wanted_edit, now)
        return edited

    def refused(refusal: Refused) -> None:
        if refusal.names & {"order", "change", "dropped"}:
            raise refusal
        if is_closed(refusal, now):
            raise waiting.cutoff_passed() from refusal
        if "coupon part" in refusal.names:
            _find_more(order, plan)
            raise PricedAnew
        if plan.funding.learn(order.tenant_id, refusal, plan.basket.wanted(plan.funding), now):
            raise PricedAnew

    try:
        return draw(order.tenant_id, plan.picks, now, add, refused)
    except SoldOut as short:
        if not (gifts := plan.basket.given_by(short.extra["offer_id"])):
            raise
        plan.funding.without |= gifts
        raise PricedAnew from short


def _find_more(order: OrderRecord, plan: _Plan) -> None:
    """Raises CouponBudgetSpent where the coupon cannot take as much off the order as it would."""
    if order.coupon is not None and plan.basket.coupon is not None:
        from chalicelib.coupons.service.using import look_for_more

        look_for_more(plan.basket.coupon, order.coupon, plan.basket.coupon_minor)


def _plan(order: OrderRecord, wanted_edit: Edit, funding: Funding, now: datetime) -> _Plan:
    quantities = bought(wanted(order.lines, wanted_edit.lines), given(order.discounts))
    if not quantities:
        raise NothingLeft.at(
            "/lines", "Nothing would be left; cancel the order instead.", "订单将为空，请改为取消订单。"
        )
    if len(quantities) > MAX_LINES:
        message = f"The order would have {len(quantities)} lines, of at most {MAX_LINES}; place another for the rest."
        raise Invalid.at("/lines", message, f"每单最多 {MAX_LINES} 种商品，其余请另下一单。")
    place = wanted_edit.place(order)
    wish = Wish(
        order.campaign_id,
        tuple(quantities.items()),
        place.pickup_point_id,
        payment_method=None,
        expected_total_minor=wanted_edit.expected_total_minor,
        delivery=place.delivery,
        coupon_id=spending.coupon_of(order),
        points=order.points_needed,
        order_id=order.id,
    )
    basket = price(order.tenant_id, order.member_id, wish, now, funding)
    wanted_units = {goods.offer_id: units for goods, units in basket.goods}
    had = {line.offer_id: line.quantity for line in order.lines}
    more = [(goods, units - had.get(goods.offer_id, 0)) for goods, units in basket.goods]
    picks = first_picks(order.id, [each for each in more if each[1] > 0], basket.stocked)
    _give_back_first(picks, order.waiting_edit.added if order.waiting_edit else ())
    lessened = lessen(order.lines, {line.offer_id: wanted_units.get(line.offer_id, 0) for line in order.lines})
    return _Plan(basket, lessened, picks, place, funding)


def _give_back_first(picks: Iterable[Pick], held: Iterable[Line]) -> None:
    """What a change that is replaced holds may be taken again in the same write."""
    back: dict[str, Counter[int]] = {}
    own: dict[str, int] = {}
    for line in held:
        own[line.offer_id] = line.quantity
        for stock, takes in line.sources:
            back.setdefault(stock, Counter()).update({take.bucket: take.units for take in takes})
    for pick in picks:
        pick.back, pick.own_back = back.get(pick.offer.offer_id, {}), own.get(pick.offer.offer_id, 0)


def _edit(tx: Transaction, order: OrderRecord, plan: _Plan, wanted_edit: Edit, now: datetime) -> None:
    """Makes the change on the order as read, or lets it wait for its payment; adds every operation."""
    units = StockMoves(order.tenant_id, order.member_id)
    waiting.withdraw(tx, units, order, now)
    shadow = OrderRecord.from_raw_data(order.serialize())
    _set(shadow, plan)
    if dearer := _dearer(order, shadow):
        made = _started(order, "edit_requested", wanted_edit, now)
        _wait(units, order, shadow, plan, made, dearer)
    else:
        made = _started(order, "edited", wanted_edit, now)
        units.take(plan.picks, now, order.side)
        units.give_back(plan.lessened.returned, now, order.side)
        if not plan.moves_units:
            units.only_within_window(order.lines[0].offer_id, now)
        # What was accepted beyond a deposit stands against the total, so only what is beyond that goes back.
        owed = _charge(shadow, recording.owes_deposit_only(order))
        _set(order, plan)
        recording.refund_excess(tx, order, made, f"edit:{made.id}", of=owed)
        order.emit("order.changed", now, order_id=order.id)
    if wanted_edit.by is not None:
        order.emit("order.edited_for_member", now, order_id=order.id, change_id=made.id)
        audit(tx, order.tenant_id, wanted_edit.by, "order.changed", f"order:{order.id}", now, {"change": made.type})
    elif not dearer:
        made.emit("order.edited", now, order_id=order.id, change_id=made.id)
    units.add(tx)
    budgets.take(tx, order, plan.basket.promotions, plan.funding)
    spending.take_more(tx, order, plan.basket.coupon)
    recording.write(tx, order, made)


def _dearer(order: OrderRecord, edited: OrderRecord) -> int:
    """What an order that was paid online costs more online once it is edited, in minor units; else 0."""
    if order.status != Status.PLACED or order.payment_method is None:
        return 0
    by_deposit = recording.owes_balance(order)
    return max(0, _charge(edited, by_deposit) - max(order.kept_minor, _charge(order, by_deposit)))


def _charge(order: OrderRecord, by_deposit: bool) -> int:
    return int(order.deposit_minor or 0) if by_deposit else order.total_minor


def _started(order: OrderRecord, kind: str, wanted_edit: Edit, now: datetime) -> OrderChangeRecord:
    by, cause = wanted_edit.by.label if wanted_edit.by else f"member:{order.member_id}", _cause(wanted_edit)
    return recording.start(order, kind, cause=cause, by=by, now=now, body_hash=wanted_edit.body_hash)


def _wait(
    units: StockMoves, order: OrderRecord, shadow: OrderRecord, plan: _Plan, made: OrderChangeRecord, amount_minor: int
) -> None:
    """Lets the new basket wait for its payment: what it adds is held, what it takes out stays until then."""
    units.take(plan.picks, made.at, "held")
    until = made.at + HOLD
    if not plan.picks:  # no held units keep the close from being decided: it ends at the latest then
        _, closes_at = plan.basket.campaign.window
        until = min(until, closes_at)
        units.only_within_window(order.lines[0].offer_id, made.at)
    order.waiting_edit = WaitingEdit(
        id=made.id,
        amount_minor=amount_minor,
        until=until,
        lines=tuple(shadow.lines),
        discount_minor=int(shadow.discount_minor),
        delivery_minor=int(shadow.delivery_minor),
        deposit_minor=None if shadow.deposit_minor is None else int(shadow.deposit_minor),
        added=plan.added,
        removed=plan.lessened.returned,
        place=None if shadow.place == order.place else shadow.place,
        discounts=tuple(shadow.stored_discounts or ()),
        points=(shadow.points.points, shadow.points.amount_minor) if shadow.points else (0, 0),
    )


def _set(order: OrderRecord, plan: _Plan) -> None:
    recording.set_lines(order, plan.lines)
    order.place = plan.place
    order.discounts, order.delivery_minor = plan.basket.discounts, plan.totals.delivery
    spending.keep_points(order, plan.basket.paid)
    recording.set_deposit(order, plan.basket.campaign)


def _cause(wanted_edit: Edit) -> str:
    return f"edit:{derived_id(wanted_edit.by.label, wanted_edit.key) if wanted_edit.by else wanted_edit.key}"


def _again(order: OrderRecord, done: OrderChangeRecord, wanted_edit: Edit) -> OrderRecord:
    if done.body_hash != wanted_edit.body_hash:
        message = "This Idempotency-Key already changed the order in another way; use a new key for a new change."
        raise IdempotencyMismatch(message, detail_zh="该幂等键已用于另一次修改，请使用新的键。")
    return as_of(order, done)


def _check(order: OrderRecord, revision: int | None, now: datetime) -> None:
    check_revision(order, revision)
    if order.status in (Status.READY, Status.PICKED_UP):
        raise waiting.cutoff_passed()
    state = _state_against(order, now)
    if state is not None:
        raise NotEditable(
            f"The order is {state}; only an order that waits or is placed can be changed. Place a new one.",
            detail_zh="订单当前状态不可修改，请重新下单。",
            extra={"order_status": state},
        )


def _state_against(order: OrderRecord, now: datetime) -> str | None:
    """The state in which an order is not changed; None where it may be."""
    over = order.status == Status.HELD and order.hold_expires_at is not None and order.hold_expires_at <= now
    if order.status not in _EDITABLE or over or order.origin is not None:
        return Status.EXPIRED.value if over else str(order.status)
    return None
