"""Handing over to whoever says a code: what waits for its member at the pickup point, and all of it in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.typed_codes import read_code
from chalicelib.orders.errors import CodeLocked, NotTheirs, WrongCode, WrongPickupPoint
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.model import Status
from chalicelib.orders.pickup_code.model import MOST_WRONG_CODES, RecentTries, check_possible, same_code
from chalicelib.orders.pickup_code.records import CodeTriesRecord, PickupCodeRecord
from chalicelib.orders.records import OrderRecord, in_state, member_orders
from chalicelib.orders.service.reading import get_orders
from chalicelib.orders.service.surroundings import Surroundings, surroundings
from chalicelib.pickup_points.service import get_pickup_point

MOST_PARCELS = 20
"""Parcels that are handed over in one call, and that are looked for beside the one whose code is said."""


@dataclass(frozen=True, slots=True)
class Parcels:
    """What a member collects at a pickup point: first the order whose code was said, then their others that wait
    there. ``hindrances`` says of an order, by id, why it cannot be handed over yet.
    """

    orders: Sequence[OrderRecord]
    hindrances: Mapping[str, DomainError]
    around: Surroundings

    @property
    def due_minor(self) -> int:
        """What is to be taken in cash for all that can be handed over."""
        return sum(order.totals.due for order in self.orders if order.id not in self.hindrances)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one order of a handover: the order as it was handed over, or why it was not."""

    order_id: str
    order: OrderRecord | None = None
    refusal: DomainError | None = None


def look_up(tenant_id: str, code: str, pickup_point_id: str, by: Principal, now: datetime) -> Parcels:
    """What waits for whoever says a code, to be shown before it is handed over; nothing changes but the count of tries.

    Raises NotFound, NotTheLeader, CodeLocked, WrongCode, WrongPickupPoint, and what stands in the way of that order:
    AlreadyPickedUp, NotCollectable, OrderForfeited, CampaignNotLocked, BalanceUnpaid.
    """
    said = _said(tenant_id, code, pickup_point_id, by, now)
    orders = [said, *_others(said)]
    around = surroundings(tenant_id, orders, with_members=True)
    hindrances = {}
    for order in orders:
        try:
            _check(order, around.campaigns, now)
        except DomainError as refusal:
            hindrances[order.id] = refusal
    if said.id in hindrances:
        raise hindrances[said.id]
    return Parcels(orders, hindrances, around)


def hand_over(
    tenant_id: str,
    code: str,
    order_ids: Sequence[str],
    pickup_point_id: str,
    by: Principal,
    key: str,
    now: datetime,
) -> list[Outcome]:
    """Hands over the order whose code is said or, with ``order_ids``, those orders of its member: each in a write of
    its own, with its own outcome. The same ``key`` hands each over once, and goes on where a call was cut off.

    Raises NotFound, NotTheLeader, CodeLocked, WrongCode, WrongPickupPoint; without ``order_ids`` also what stands in
    the way of the one order.
    """
    asked = get_orders(tenant_id, list(dict.fromkeys(order_ids))) if order_ids else []
    said = _said(tenant_id, code, pickup_point_id, by, now)
    outcomes = []
    for order in asked or [said]:
        try:
            done = _hand_over(order, said, by, key, now)
        except DomainError as refusal:
            if not asked:
                raise
            outcomes.append(Outcome(order.id, refusal=refusal))
        else:
            outcomes.append(Outcome(order.id, order=done))
    return outcomes


def _hand_over(order: OrderRecord, said: OrderRecord, by: Principal, key: str, now: datetime) -> OrderRecord:
    if order.member_id != said.member_id or order.pickup_point_id != said.pickup_point_id:
        raise NotTheirs(
            "No such parcel waits here for whoever said this code.", detail_zh="该取货码的会员在此没有这个包裹。"
        )
    return pickup.hand_over(
        order.tenant_id, order.id, order.pickup_code, said.pickup_point_id, by, f"by-code:{key}", now
    )


def _check(order: OrderRecord, campaigns: Mapping[str, CampaignRecord], now: datetime) -> None:
    pickup.check_order(order, order.pickup_point_id, now)
    pickup.check_at_pickup(campaigns[order.campaign_id])


def _said(tenant_id: str, code: str, pickup_point_id: str, by: Principal, now: datetime) -> OrderRecord:
    """The order at this pickup point whose code was said. The try is counted before the code is looked up; what
    can be no code is none. Raises CodeImpossible and what says that it is wrong.
    """
    if by.kind == "member":
        pickup.check_leader(tenant_id, pickup_point_id, by)
    else:
        get_pickup_point(tenant_id, pickup_point_id)
    check_possible(code)
    counted = _count_try(tenant_id, pickup_point_id, by, now)
    orders = _under(tenant_id, code)
    here = [order for order in orders if order.pickup_point_id == pickup_point_id]
    if not here:
        raise _elsewhere() if orders else _wrong_code(counted, now)
    _give_try_back(tenant_id, pickup_point_id, by, counted)
    # Of two that drew the same code, the one that still waits.
    return min(here, key=lambda order: order.status != Status.READY)


def _under(tenant_id: str, code: str) -> list[OrderRecord]:
    plain = read_code(code.rpartition(":")[2])
    if not plain:
        return []
    leads = PickupCodeRecord.every(PickupCodeRecord.partition(tenant_id, plain), consistent=True)
    orders = get_orders(tenant_id, [each.order_id for each in leads])
    return [order for order in orders if same_code(plain, order.pickup_code, order.id)]


def _others(said: OrderRecord) -> list[OrderRecord]:
    """The member's other orders that lie ready at the same pickup point, as they stand."""
    here = in_state([Status.READY]) & (OrderRecord.pickup_point_id == said.pickup_point_id)
    page = OrderRecord.page(
        member_orders(said.tenant_id, said.member_id), index="gsi2", newest_first=True, limit=MOST_PARCELS, where=here
    )
    ids = [order.id for order in page.items if order.id != said.id]
    orders = get_orders(said.tenant_id, ids) if ids else []
    return [order for order in orders if order.status == Status.READY and not order.delivery_to]


def _count_try(tenant_id: str, pickup_point_id: str, by: Principal, now: datetime) -> RecentTries:
    def decide(record: CodeTriesRecord, tx: Transaction) -> RecentTries:
        if seconds := record.tries.seconds_locked(now):
            minutes = -(-seconds // 60)
            raise CodeLocked(
                f"Too many wrong codes were tried here; try again in {minutes} min, or ask the brand's team.",
                detail_zh=f"取货码错误次数过多，请在 {minutes} 分钟后再试，或联系商家。",
                retry_after=seconds,
            )
        record.tries = record.tries.with_one_more(now)
        record.write(tx)
        return record.tries

    return change(lambda: CodeTriesRecord.of(tenant_id, pickup_point_id, by.label), decide)


def _give_try_back(tenant_id: str, pickup_point_id: str, by: Principal, counted: RecentTries) -> None:
    def decide(record: CodeTriesRecord, tx: Transaction) -> None:
        record.tries = record.tries.with_one_less(counted)
        record.write(tx)

    change(lambda: CodeTriesRecord.of(tenant_id, pickup_point_id, by.label), decide)


def _wrong_code(counted: RecentTries, now: datetime) -> WrongCode:
    seconds, left = counted.seconds_locked(now), MOST_WRONG_CODES - counted.count
    minutes = -(-seconds // 60)
    more, more_zh = f"Tries left for now: {left}.", f"还可尝试 {left} 次。"
    if seconds:
        more, more_zh = f"Try again in {minutes} min.", f"请在 {minutes} 分钟后再试。"
    return WrongCode(
        f"No parcel lies ready under this code; compare it with the one that the member sees. {more}",
        detail_zh=f"没有与此取货码对应的待取包裹，请与顾客核对取货码。{more_zh}",
        extra={"tries_left": left},
    )


def _elsewhere() -> WrongPickupPoint:
    """Says that the code is good elsewhere, not where: its member can read that."""
    return WrongPickupPoint(
        "The parcel with this code lies ready at another pickup point; the member's order says at which.",
        detail_zh="该取货码的包裹在其他自提点，请顾客查看订单中的自提点。",
    )
