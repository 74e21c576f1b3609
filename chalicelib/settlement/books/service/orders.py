"""The journals of an order: each brings its accounts to where its present state says that its money belongs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.campaigns.model.after_sale import last_window
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.coupons.records import CouponRecord
from chalicelib.db import Refused, Transaction, change, fetch_many
from chalicelib.db.records import Record
from chalicelib.db.transaction import MOST_OPERATIONS
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.money import allocate
from chalicelib.orders.discounts.model import by_step, off_lines
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.refunds.model import DELIVERY, Goodwill
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.pricing.model import Step
from chalicelib.pricing.model.tax import Tax, less, plus
from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.commission import Earned, rate_of
from chalicelib.settlement.books.model.journals import Debits, summed
from chalicelib.settlement.books.model.movements import Movement, own_movement
from chalicelib.settlement.books.model.parties import Party, Standing
from chalicelib.settlement.books.model.position import OrderFacts, moves, position
from chalicelib.settlement.books.model.remedies import LINE, PLATFORM, RemedyCost, brought_up_to, of_leader
from chalicelib.settlement.books.model.remedies import suppliers as bearing
from chalicelib.settlement.books.model.taxing import tax_moves
from chalicelib.settlement.books.records import OrderBook
from chalicelib.settlement.books.service.posting import Draft, add_all, journal_of, operations

COUPON_USED = "coupon.redeemed"
COSTS_BOOKED = "order.costs_booked"
"""What an order cost, or who bears it, has changed in the books."""

_COSTS = frozenset({chart.COMMISSION, chart.FEES, chart.UNRECOVERED, chart.REMEDIES, chart.GOODS, chart.PLATFORM})

AT_ONCE = 10
"""Orders of one transaction, which takes a hundred operations: for each its journal, its book, lines in statements, and
the balances of its own pickup point and leader.
"""


@dataclass(frozen=True, slots=True)
class Happened:
    """What is to be booked: ``moved`` on accounts outside the order, and what of it came in for the order, or was given
    back. ``fee`` is what a provider kept, and ``remedy`` what it costs by now to make a complaint about it good, where
    that is no money. Without a cause, the order itself has changed. ``leader_id`` is who paid or took cash, if anyone
    did.
    """

    cause: str = ""
    moved: Debits = field(default_factory=dict)
    received_minor: int = 0
    refunded_minor: int = 0
    leader_id: str | None = None
    fee: Debits = field(default_factory=dict)
    remedy: RemedyCost | None = None


CHANGED = Happened()


@dataclass(frozen=True, slots=True)
class Found:
    """An order and its book; one that was not there is new, and created with its first journal."""

    order: OrderRecord
    book: OrderBook
    is_new: bool


def bring_up_to_date(tenant_id: str, order_id: str, now: datetime, happened: Happened = CHANGED) -> None:
    """Books what has happened to one order, as ``bring_all_up_to_date`` does."""
    bring_all_up_to_date(tenant_id, [(order_id, happened)], now)


def bring_all_up_to_date(tenant_id: str, happenings: Iterable[tuple[str, Happened]], now: datetime) -> None:
    """Books what has happened to orders, once for each cause, and whatever else the state of the orders asks for.

    One read and one transaction for ten orders; the first journal after a handover reads the campaign and the pickup
    point as well. Raises NotFound for an unknown order, Contended where others keep changing a book.
    """
    waiting = list(happenings)
    while waiting:
        together: dict[str, Happened] = {}
        later = []
        for order_id, happened in waiting:
            if order_id in together or len(together) == AT_ONCE:
                later.append((order_id, happened))
            else:
                together[order_id] = happened
        waiting = [*_book(tenant_id, together, now).items(), *later]


def _book(tenant_id: str, happenings: Mapping[str, Happened], now: datetime) -> dict[str, Happened]:
    """Books what fits one transaction, and answers with what is left: nothing, but where many rates of tax meet."""
    left = dict(happenings)

    def decide(orders: list[Found], tx: Transaction) -> dict[str, Happened]:
        drafts: list[Draft] = []
        for number, found in enumerate(orders):
            draft = _draft(found.order, found.book, left[found.order.id], now)
            if draft is not None:
                if drafts and operations([*drafts, draft]) + len(drafts) + 1 > MOST_OPERATIONS:
                    add_all(tx, tenant_id, drafts, now)
                    return {each.order.id: left[each.order.id] for each in orders[number:]}
                drafts.append(draft)
                found.book.journals = int(found.book.journals) + 1
                write(tx, found)
        if drafts:
            add_all(tx, tenant_id, drafts, now)
        return {}

    def drop_booked(refused: Refused) -> None:
        for order_id, happened in happenings.items():
            if happened.cause and journal_of(happened.cause) in refused.names:
                left.pop(order_id, None)

    return change(lambda: _read_all(tenant_id, list(left)), decide, refused=drop_booked)


def read(tenant_id: str, order_id: str) -> Found:
    """An order and its book in one request. Raises NotFound for an unknown order."""
    return _read_all(tenant_id, [order_id])[0]


def _read_all(tenant_id: str, order_ids: Sequence[str]) -> list[Found]:
    addresses: list[tuple[type[Record], str, str]] = []
    for order_id in order_ids:
        addresses.append((OrderRecord, *OrderRecord.address(tenant_id, order_id)))
        addresses.append((OrderBook, *OrderBook.address(tenant_id, order_id)))
    read = fetch_many(addresses, consistent=True)
    found = []
    for order, book in zip(read[::2], read[1::2], strict=True):
        if order is None:
            raise NotFound("There is no such order.", detail_zh="该订单不存在。")
        found.append(Found(order, book or _opened(order), is_new=book is None))
    return found


def write(tx: Transaction, found: Found) -> None:
    """Adds an order's book to a transaction."""
    if found.is_new:
        tx.create(f"book:{found.order.id}", found.book)
    else:
        tx.replace(f"book:{found.order.id}", found.book)


def facts_of(order: OrderRecord) -> OrderFacts:
    """What of an order decides where its money belongs."""
    goods = order.goods_minor - int(order.discount_minor)
    given = Goodwill.from_json(order.goodwill)
    return OrderFacts(
        sold=order.picked_up_at is not None,
        forfeited=order.forfeited_at is not None,
        goods_minor=goods,
        picked_minor=_picked_minor(order, goods),
        delivery_minor=int(order.delivery_minor),
        deposit_minor=int(order.deposit_minor or 0),
        returned_minor=int(order.returned_minor or 0),
        disputed_minor=int(order.disputed_minor or 0),
        delivery_returned_minor=int((order.refunded_lines or {}).get(DELIVERY, 0)),
        goodwill_minor=sum(part for name, part in given.lines.items() if name != DELIVERY),
        charged_minor=given.borne_by(order.charges or {}).get(Party.LEADER.value, 0),
    )


def _picked_minor(order: OrderRecord, goods_minor: int) -> int:
    """What of the goods' worth, net of discounts, was handed over: of each line in proportion to its units."""
    off, picked = off_lines(order.discounts), order.picked_units
    handed = rest = 0
    for line in order.lines:
        cost = line.total_minor - off.get(line.offer_id, 0)
        part = cost * min(line.quantity, picked.get(line.offer_id, 0)) // line.quantity
        handed, rest = handed + part, rest + cost - part
    return allocate(goods_minor, [handed, rest])[0] if handed else 0


def tax_of_sale(order: OrderRecord) -> Tax:
    """The tax in what an order sold, by rate: in the money that stands for goods that were handed over, and for their
    delivery. What a forfeited order keeps beyond that was paid for nothing, and bears none.
    """
    if order.picked_up_at is None and order.forfeited_at is None:
        return ()
    costs = refunds.costs_of(order)
    if order.forfeited_at is not None:
        picked = order.picked_units
        costs = {
            line.offer_id: costs[line.offer_id] * min(line.quantity, picked.get(line.offer_id, 0)) // line.quantity
            for line in order.lines
        }
    return refunds.taxable_as(order, order.lines, costs, refunds.stands_for(order)).kept


def earned_moves(before: Earned, after: Earned, leader_id: str) -> Debits:
    """What a change of a leader's commission on an order moves."""
    return {
        chart.COMMISSION: after.total_minor - before.total_minor,
        chart.commission_frozen(leader_id): before.frozen_minor - after.frozen_minor,
        chart.commission_payable(leader_id): before.payable_minor - after.payable_minor,
    }


def leader_at(tenant_id: str, pickup_point_id: str, at: datetime) -> str | None:
    """Who led a pickup point at an instant, if anyone did; later changes never change that."""
    point = PickupPointRecord.fetch(*PickupPointRecord.address(tenant_id, pickup_point_id), consistent=True)
    return point.leader_at(at) if point else None


def _opened(order: OrderRecord) -> OrderBook:
    address = OrderBook.address(order.tenant_id, order.id)
    return OrderBook(*address, campaign_id=order.campaign_id, currency=order.currency)


def _draft(order: OrderRecord, book: OrderBook, happened: Happened, now: datetime) -> Draft | None:
    """Brings the book up to date and answers the journal of what that moves; None where nothing does."""
    cost, bearers = _remedied(book, happened.remedy)
    facts = facts_of(order)
    facts = replace(facts, charged_minor=facts.charged_minor + of_leader(book.remedies or {}))
    recognised = (facts.sold or facts.forfeited) and book.recognised_at is None
    if recognised:
        _recognise(order, book, facts, now)
    cash, holder = _cash_taken(order, book, now)
    tax = less(tax_of_sale(order), book.tax)
    book.tax = plus(book.tax, tax)
    charged, suppliers = _charged(order, book)
    moved = summed(
        happened.moved,
        {chart.cash(order.pickup_point_id, holder): cash},
        _moved_in_order(book, facts, happened, cash),
        _commission(book, facts),
        tax_moves(tax),
        charged,
        cost,
    )
    ended = _count(order, book)
    told = _tell_of_coupon(order, book, now)
    if not moved and not ended and not recognised and not told and not happened.fee:
        return None
    _tell_of_costs(order, book, summed(moved, happened.fee), now, recognised=recognised)
    cause = happened.cause or _own_cause(order, book, facts, moved, recognised=recognised)
    if happened.remedy is not None and cost and not recognised:
        cause = f"{LINE}:{happened.remedy.name}:{int(book.journals)}"
    return Draft(
        cause,
        moved,
        order.currency,
        order.id,
        order_id=order.id,
        campaign_id=order.campaign_id,
        parties=tuple(
            (Party.LEADER, each) for each in dict.fromkeys((book.leader_id, holder, happened.leader_id)) if each
        )
        + tuple((Party.SUPPLIER, each) for each in dict.fromkeys([*suppliers, *bearers])),
        recognised=ended,
        fee=happened.fee,
        tax=tax,
        taxed=book.leader_id,
    )


def _count(order: OrderRecord, book: OrderBook) -> int:
    """By how much the campaign's count of ended orders changes; as with its progress, an exchange is none of them."""
    before, ended = bool(book.counted), book.recognised_at is not None
    book.counted = ended and order.is_sold and order.origin is None
    return int(book.counted) - int(before)


def _recognise(order: OrderRecord, book: OrderBook, facts: OrderFacts, now: datetime) -> None:
    """Fixes, for good, when the order was handed over, until when its goods may come back, and who earns on it at which
    rate.
    """
    at = book.recognised_at = _ended_at(order) or now
    if not facts.sold:
        return
    addresses = [
        (CampaignRecord, *CampaignRecord.address(order.tenant_id, order.campaign_id)),
        (PickupPointRecord, *PickupPointRecord.address(order.tenant_id, order.pickup_point_id)),
    ]
    if order.coupon is not None:
        addresses.append(
            (CouponRecord, *CouponRecord.address(order.tenant_id, order.member_id, order.coupon.coupon_id))
        )
    campaign, point, *coupons = fetch_many(addresses, consistent=True)
    given = (str(each.cause) for each in coupons if each is not None)
    book.coupon = next(([cause, 0] for cause in given if cause.startswith("complaint:")), None)
    book.releases_at = last_window(at, campaign.goods, [line.offer_id for line in order.lines])
    if not facts.handed_over_minor:
        return
    book.leader_id = point.leader_at(at) if point else None
    book.pickup_point_id = order.pickup_point_id
    book.rate_bps = rate_of(campaign.pickup_points, order.pickup_point_id)


def _tell_of_coupon(order: OrderRecord, book: OrderBook, now: datetime) -> bool:
    """Emits by how much a complaint's coupon makes an order cheaper that was handed over, where that has changed: what
    of it came back with goods costs nobody anything.
    """
    if book.coupon is None:
        return False
    cause, told = book.coupon
    amount = by_step(order.standing_discounts, Step.COUPON)
    if amount == told:
        return False
    book.coupon = [cause, amount]
    book.emit(COUPON_USED, now, order_id=order.id, cause=cause)
    return True


def _tell_of_costs(order: OrderRecord, book: OrderBook, moved: Debits, now: datetime, *, recognised: bool) -> None:
    """Keeps what providers took of the order, and what was lost with it, and emits that its costs have changed: with
    the handover its commission is fixed.
    """
    fees, lost = moved.get(chart.FEES, 0), moved.get(chart.UNRECOVERED, 0)
    book.fees_minor = int(book.fees_minor or 0) + fees or None
    book.lost_minor = int(book.lost_minor or 0) + lost or None
    if recognised or any(chart.head(account) in _COSTS for account in moved):
        book.emit(COSTS_BOOKED, now, order_id=order.id)


def _ended_at(order: OrderRecord) -> datetime | None:
    handed_over: datetime | None = order.picked_up_at
    return handed_over or order.forfeited_at


def _cash_taken(order: OrderRecord, book: OrderBook, now: datetime) -> tuple[int, str | None]:
    """Cash that was taken at the pickup point and is not booked yet, and the leader who has it."""
    taken = int(order.paid_minor if order.payment_method is None else order.cash_minor or 0) - int(book.cash_minor)
    if taken <= 0:
        return 0, None
    if book.pickup_point_id and order.cash_at is None:
        return taken, book.leader_id
    return taken, leader_at(order.tenant_id, order.pickup_point_id, order.cash_at or _ended_at(order) or now)


def _moved_in_order(book: OrderBook, facts: OrderFacts, happened: Happened, cash: int) -> Debits:
    before = book.position
    book.cash_minor = int(book.cash_minor) + cash
    book.received_minor = int(book.received_minor) + happened.received_minor + cash
    book.refunded_minor = int(book.refunded_minor) + happened.refunded_minor
    book.position = position(int(book.received_minor), int(book.refunded_minor), facts)
    return moves(before, book.position)


def _commission(book: OrderBook, facts: OrderFacts) -> Debits:
    if book.leader_id is None:
        return {}
    before = book.earned
    book.base_minor = facts.commission_base_minor
    book.borne_minor = facts.borne_minor(int(book.rate_bps)) or None
    book.earned = before.recomputed(facts.commission_minor(int(book.rate_bps)), released=bool(book.released))
    return earned_moves(before, book.earned, book.leader_id)


def _charged(order: OrderRecord, book: OrderBook) -> tuple[Debits, list[str]]:
    """What suppliers and the platform are to bear of what was given back, as far as it is not booked: it is taken off
    what suppliers are owed and off what the campaign's goods cost; of the platform it is a receivable. With the
    suppliers that it concerns.
    """
    before = {each: int(amount) for each, amount in (book.charged or {}).items()}
    borne = Goodwill.from_json(order.goodwill).borne_by(order.charges or {})
    head = f"{Party.SUPPLIER.value}:"
    after = {who.removeprefix(head): part for who, part in borne.items() if who.startswith(head)}
    rise = {each: after.get(each, 0) - before.get(each, 0) for each in sorted({*before, *after})}
    rise = {each: amount for each, amount in rise.items() if amount}
    platform = borne.get(PLATFORM, 0) - int(book.platform_minor or 0)
    if not rise and not platform:
        return {}, []
    book.charged, book.platform_minor = after or None, borne.get(PLATFORM) or None
    moved = {chart.supplier_payable(each): amount for each, amount in rise.items()}
    recovered = {chart.PLATFORM: platform, chart.REMEDIES: -platform}
    return summed(moved, {chart.GOODS: -sum(rise.values())}, recovered), list(rise)


def _remedied(book: OrderBook, cost: RemedyCost | None) -> tuple[Debits, list[str]]:
    """What a remedy costs beyond what is booked of it, and the suppliers that this concerns."""
    if cost is None:
        return {}, []
    before = book.remedies or {}
    after, moved = brought_up_to(before, cost)
    book.remedies = after or None
    return moved, bearing(before, after) if moved else []


def _own_cause(order: OrderRecord, book: OrderBook, facts: OrderFacts, moved: Debits, *, recognised: bool) -> str:
    """What a change of the order itself is called: its end, cash that was taken before it, or what its leader earns."""
    if recognised:
        return f"{'handover' if facts.sold else 'forfeit'}:{order.id}"
    if all(chart.is_of_tax(account) for account in moved):
        return f"tax:{order.id}:{int(book.journals)}"
    if any(chart.head(account) == chart.CASH for account in moved):
        what = Movement.CASH_TAKEN
    else:
        earned = moved.get(chart.COMMISSION, 0)
        what = own_movement(Standing(frozen_minor=earned))
    return f"{what}:{order.id}:{int(book.journals)}"
