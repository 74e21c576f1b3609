"""Placing an order: read once, price, and decide everything else in one write. By its member, or by the brand's people
for a member who calls.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Refused, Transaction
from chalicelib.kernel.errors import DomainError, IdempotencyMismatch, Invalid, NotFound, Unauthenticated, Unavailable
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.principal import Principal
from chalicelib.members.enrolment.service import find_by_phone, find_or_enrol_by_phone
from chalicelib.members.service.members import check_accepted_terms, get_member, name_unnamed
from chalicelib.orders.audience.service import check_audience, claim_newcomer
from chalicelib.orders.basket.service.pricing import Basket, check_offered, price
from chalicelib.orders.basket.service.reading import Wish, published
from chalicelib.orders.budgets import service as budgets
from chalicelib.orders.budgets.service import PricedAnew
from chalicelib.orders.changes.service import recording
from chalicelib.orders.errors import PaymentMethodUnavailable, SoldOut
from chalicelib.orders.model import HOLD, PAY_AT_PICKUP, Status
from chalicelib.orders.pickup_code.model import new_pickup_code
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.spending import service as spending
from chalicelib.orders.stock.service import drawing
from chalicelib.orders.stock.service.moving import Pick, StockMoves, lines_of
from chalicelib.promotions.service.using import Funding
from chalicelib.tenants.service.audit import audit

if TYPE_CHECKING:  # few orders need it
    from chalicelib.coupons.service.using import Taking

_OF_POINTS = frozenset({"points", "standing", "member"})
_PRICINGS = 20
"""So often an order is priced anew, where others take the last of a promotion's budget first."""


def place(tenant_id: str, member_id: str, wish: Wish, key: str, body_hash: str, now: datetime) -> OrderRecord:
    """Places an order, exactly once for each Idempotency-Key ``key`` of a member. One that is paid online holds its
    units until its payment comes, for ``HOLD`` at most; one that is paid at pickup has them sold at once.

    Whether the campaign takes orders at ``now`` is decided inside the write, by each stock bucket that gives units
    (``orders.stock.service.cutoff``); whether enough is left, likewise (``orders.stock.service.moving``).

    The order's id is derived from the key, so the order is its own marker: there is no window in which the effect is
    there and the marker is not. The same key with the same body answers with that order for ever; the answer is
    given again from what is kept of it (``OrderView.as_placed``), whatever has become of it since. Raises
    IdempotencyMismatch for another body, the refusals of ``basket.price``, and NotInAudience, TermsNotAccepted,
    SoldOut, LimitReached, CampaignNotOpen, CampaignClosed, TeamClosed, TeamExpired, TeamFull, AlreadyInTeam,
    Unavailable.
    """
    return _place(tenant_id, member_id, derived_id(tenant_id, "order", member_id, key), wish, body_hash, now)


@dataclass(frozen=True, slots=True)
class Whose:
    """The member whom an order is for: by id, or by phone number (E.164), with a name where they have none yet."""

    member_id: str | None = None
    phone: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class InStead:
    """Who places an order in its member's stead, and what they noted for its history."""

    by: Principal
    note: str | None = None


def place_for(
    tenant_id: str, whose: Whose, wish: Wish, key: str, body_hash: str, in_stead: InStead, now: datetime
) -> OrderRecord:
    """Places an order for a member who calls, exactly once for each Idempotency-Key ``key`` of whoever places it.

    It is the member's own: by the same rules, in their lists, counted to them; they are told, with the pickup code. Who
    has no membership under the phone number gets one; a refusal by stock or audience may come after that, any other
    comes before. It is paid when it is handed over, since only the member can pay online. Raises what :func:`place`
    does, and NotFound for an unknown member.
    """
    order_id = derived_id(tenant_id, "order", in_stead.by.label, key)
    return place_under(tenant_id, order_id, whose, wish, body_hash, in_stead, now)


def place_under(
    tenant_id: str, order_id: str, whose: Whose, wish: Wish, body_hash: str, in_stead: InStead, now: datetime
) -> OrderRecord:
    """The same under an id that says itself what the order is placed for, so that it is placed once."""
    earlier = OrderRecord.fetch(*OrderRecord.address(tenant_id, order_id), consistent=True)
    if earlier is not None:
        return _same(earlier, body_hash)
    member_id = _member_of(tenant_id, whose, wish, now)
    return _place(tenant_id, member_id, order_id, wish, body_hash, now, in_stead)


def known_member(tenant_id: str, whose: Whose) -> str:
    """The id of a member whom there is already. Raises NotFound."""
    if whose.member_id is not None:
        return get_member(tenant_id, whose.member_id).id
    known = find_by_phone(tenant_id, str(whose.phone))
    if known is None:
        raise NotFound(
            "Nobody with this number is a member yet; an order makes them one.",
            detail_zh="该手机号尚未注册会员，下单时将自动为其注册。",
        )
    return known


def tier_for(campaign: CampaignRecord, whose: Whose, now: datetime) -> str | None:
    """The tier of a member, as far as a campaign asks for it: only before its opening, where some may order earlier.
    Raises NotFound for an unknown member.
    """
    if not campaign.early or campaign.shown_status(now) is not CampaignStatus.SCHEDULED:
        return None
    known = whose.member_id or find_by_phone(campaign.tenant_id, str(whose.phone))
    return get_member(campaign.tenant_id, known).tier if known else None


def _member_of(tenant_id: str, whose: Whose, wish: Wish, now: datetime) -> str:
    campaign = published(tenant_id, wish)
    if PAY_AT_PICKUP not in campaign.payment_methods:
        raise PaymentMethodUnavailable.at(
            "/payment_method",
            "This campaign is paid online only, which members do themselves: ask them to order in the store.",
            "该活动仅支持在线支付，须由会员本人下单并支付，请会员在店铺中下单。",
        )
    check_offered(campaign, wish, now, tier_for(campaign, whose, now))
    if whose.member_id is not None:
        member_id = get_member(tenant_id, whose.member_id).id
    else:
        member_id = find_or_enrol_by_phone(tenant_id, str(whose.phone), whose.name, now)
    if whose.name:
        name_unnamed(tenant_id, member_id, whose.name, now)
    return member_id


def _place(
    tenant_id: str,
    member_id: str,
    order_id: str,
    wish: Wish,
    body_hash: str,
    now: datetime,
    in_stead: InStead | None = None,
) -> OrderRecord:
    placing = _Placing(tenant_id, member_id, order_id, wish, body_hash, now, in_stead)
    try:
        for _ in range(_PRICINGS):
            with suppress(PricedAnew):
                return placing.attempt()
        raise Unavailable("Many orders want the same discount at once; send the same request again.", retry_after=1)
    except Unauthenticated:
        raise  # an order is not shown again to a token that its holder has ended
    except DomainError:
        # A refusal counts only while this key has no order: an answer may have been lost, a price may have changed
        # since, or the same request, sent twice, may have taken the units that are now missing.
        earlier = OrderRecord.fetch(*OrderRecord.address(tenant_id, order_id), consistent=True)
        if earlier is None:
            raise
        return _same(earlier, body_hash)


@dataclass(slots=True)
class _Placing:
    """A request for an order, with what its attempts have found out of the promotions and the part of
    its coupon's batch that pay for it.
    """

    tenant_id: str
    member_id: str
    order_id: str
    wish: Wish
    body_hash: str
    now: datetime
    in_stead: InStead | None
    funding: Funding = field(default_factory=Funding)
    taking: "Taking | None" = None
    part: int | None = None

    def attempt(self) -> OrderRecord:
        """Reads, prices, and writes. Raises PricedAnew where a promotion does not pay, or has nothing left to give."""
        basket = price(self.tenant_id, self.member_id, self.wish, self.now, self.funding)
        check_audience(basket.campaign, basket.member, self.now)
        if self.in_stead is None:  # who calls is told the terms by whoever places their order
            check_accepted_terms(basket.member, basket.legal_texts)
        return self._commit(basket)

    def _commit(self, basket: Basket) -> OrderRecord:
        picks = drawing.first_picks(self.order_id, basket.goods, basket.stocked)
        try:
            drawing.check_seen(picks, self.now)
            return drawing.draw(
                self.tenant_id, picks, self.now, lambda tx: self._add(tx, basket, picks),
                lambda refusal: self._refused(refusal, basket), basket.ahead,
            )  # fmt: skip
        except SoldOut as short:
            if not (gifts := basket.given_by(short.extra["offer_id"])):
                raise
            self.funding.without |= gifts
            raise PricedAnew from short

    def _add(self, tx: Transaction, basket: Basket, picks: list[Pick]) -> OrderRecord:
        order = _order(self.tenant_id, self.member_id, self.order_id, basket, self.wish, picks, self.now)
        order.body_hash = self.body_hash
        if self.in_stead is not None:
            _sign(tx, order, self.in_stead, self.now)
        if basket.member.left_at is not None:
            order.emit("member.returning", self.now, member_id=basket.member.id)
        if basket.team is not None:
            basket.team.add(tx, order, self.now)
        budgets.take(tx, order, basket.promotions, self.funding)
        self._take_own(tx, order, basket)
        tx.create("order", order)
        claim_newcomer(tx, basket.campaign, order, basket.coupon)
        units = StockMoves(self.tenant_id, self.member_id, basket.ahead)
        units.take(picks, self.now, order.side)
        units.add(tx)
        return order

    def _take_own(self, tx: Transaction, order: OrderRecord, basket: Basket) -> None:
        """Adds the coupon and the points that the order takes."""
        self.taking = None
        if basket.coupon is not None:
            from chalicelib.coupons.service.using import Taking

            held = order.status == Status.HELD
            self.taking = Taking(basket.coupon, order.id, basket.coupon_minor, held)
            if self.part is not None:
                self.taking.part = self.part
            self.taking.add(tx, self.now)
            order.coupon = self.taking.in_order
        if basket.paid.points and basket.read is not None and (account := basket.read.account):
            spending.hold_points(tx, order, account, basket.paid, self.now)

    def _refused(self, refusal: Refused, basket: Basket) -> OrderRecord | None:
        if earlier := refusal.item("order", OrderRecord):
            return _same(earlier, self.body_hash)
        if basket.team is not None:
            basket.team.look_again(refusal)
        if self.taking is not None and refusal.names & self.taking.NAMES:
            self.taking.look_again(refusal, self.now)
            self.part = self.taking.part
            raise PricedAnew
        if refusal.names & _OF_POINTS:
            raise PricedAnew  # others of the member's points were booked meanwhile
        if self.funding.learn(self.tenant_id, refusal, basket.wanted(self.funding), self.now):
            raise PricedAnew
        return None


def _sign(tx: Transaction, order: OrderRecord, in_stead: InStead, now: datetime) -> None:
    """Adds who placed an order in its member's stead, in its history and in the audit log; the member is told."""
    order.placed_by = in_stead.by.label
    order.emit("order.placed_for_member", now, order_id=order.id)
    placed = {"member_id": order.member_id, "campaign_id": order.campaign_id}
    audit(tx, order.tenant_id, in_stead.by, "order.placed", f"order:{order.id}", now, placed)
    if in_stead.note is not None:
        tx.create("note", recording.note(order, in_stead.note, in_stead.by.label, now))


def _order(
    tenant_id: str, member_id: str, order_id: str, basket: Basket, wish: Wish, picks: list[Pick], now: datetime
) -> OrderRecord:
    if wish.pickup_point_id is None:
        raise Invalid.at("/pickup_point_id", "Say where the order will be collected.", "请选择自提点。")
    totals = basket.quote.totals
    order = OrderRecord.begun(
        OrderRecord.address(tenant_id, order_id),
        int(basket.campaign.shards),
        campaign_id=basket.campaign.id,
        member_id=member_id,
        pickup_point_id=wish.pickup_point_id,
        currency=basket.quote.currency,
        stored_lines=[line.as_json() for line in lines_of(picks)],
        delivery_minor=totals.delivery,
        delivery_tax_bps=basket.campaign.delivery.tax_bps if basket.campaign.delivery else None,
        pickup_code=new_pickup_code(),
        placed_at=now,
        payment_method=None if wish.payment_method == PAY_AT_PICKUP else wish.payment_method,
        deposit_minor=basket.deposit_minor or None,
        delivery_to=asdict(wish.delivery) if wish.delivery else None,
        stored_via=wish.via.written if wish.via and wish.via.sharer_id != member_id else None,
        is_gift=wish.gift or None,
    )
    order.discounts = basket.discounts
    _begin(order, now)
    return order


def _begin(order: OrderRecord, now: datetime) -> None:
    """Where nothing is to be paid online the order is placed; otherwise its units wait for the payment."""
    if order.payment_method is None or order.first_charge_minor == 0:
        order.move_to(Status.PLACED, now)
        return
    order.hold_expires_at = now + HOLD
    order.move_to(Status.HELD, now)


def _same(earlier: OrderRecord, body_hash: str) -> OrderRecord:
    if earlier.body_hash != body_hash:
        message = "This Idempotency-Key already placed another order; use a new key for a new order."
        raise IdempotencyMismatch(message, detail_zh="该幂等键已用于另一笔订单，请使用新的键。")
    return earlier
