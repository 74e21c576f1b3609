"""Points and standing follow what an order's present state says that it is worth, whatever messages told of it.

At the full handover an order earns, at the terms of then. Whenever less of its money counts, what it earned is computed
anew at those terms, and the difference goes back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.local_day import local_date
from chalicelib.loyalty.points.model.earning import Earned, earned_by
from chalicelib.loyalty.points.model.entries import Cause, CauseType
from chalicelib.loyalty.points.model.lots import Lot
from chalicelib.loyalty.points.model.rules import Action
from chalicelib.loyalty.points.service import ledger
from chalicelib.loyalty.points.service.ledger import About, Account
from chalicelib.loyalty.tiers.model.standing import Month
from chalicelib.loyalty.tiers.service import standings
from chalicelib.members.records import MemberRecord
from chalicelib.orders.records import OrderRecord
from chalicelib.rewards.model import counted_minor
from chalicelib.rewards.records import REWARDED, HandedOverRecord, OrderRewardRecord
from chalicelib.settlement.books.service.orders import facts_of

_TOLD_WITHIN = timedelta(days=14)
"""No queue keeps a message longer: an older handover that has earned nothing was none of which points were told."""


@dataclass(slots=True)
class _Found:
    """An order that has ended, what it has brought so far, and its member's account."""

    order: OrderRecord
    ended_at: datetime
    reward: OrderRewardRecord | None
    account: Account


def handed_over(tenant_id: str, order_id: str, now: datetime) -> None:
    """Books what an order earns, once. Raises NotFound."""
    _follow(tenant_id, order_id, None, now)


def refunded(tenant_id: str, order_id: str, refund_id: str, now: datetime) -> None:
    """Books what goes back with a refund of an order. One that overtakes the handover books what the order earns, and
    less is left to earn then; an order of long before that earned nothing earns nothing now. Raises NotFound.
    """
    _follow(tenant_id, order_id, Cause(CauseType.REFUND, refund_id), now)


def _follow(tenant_id: str, order_id: str, refund: Cause | None, now: datetime) -> None:
    member = _book(tenant_id, order_id, refund, now)
    if member is not None and member.referred_by is not None:
        from chalicelib.rewards.service import referrals  # few members were brought by another

        referrals.follow(tenant_id, member, order_id, now)


def _book(tenant_id: str, order_id: str, refund: Cause | None, now: datetime) -> MemberRecord | None:
    """The member of the order; None of one that brings nothing."""

    def decide(found: _Found | None, tx: Transaction) -> MemberRecord | None:
        if found is None:
            return None
        if found.reward is None:
            if refund is None or found.ended_at > now - _TOLD_WITHIN:
                _begin(found, now, tx)
        elif refund is not None:
            _lessen(found, found.reward, refund, now, tx)
        return found.account.stand.member

    return change(lambda: _read(tenant_id, order_id, refund), decide)


def _read(tenant_id: str, order_id: str, refund: Cause | None) -> _Found | None:
    """None for an order that brings nothing: it has not ended, or replaces goods of another one."""
    order, reward = fetch_many(
        [
            (OrderRecord, *OrderRecord.address(tenant_id, order_id)),
            (OrderRewardRecord, *OrderRewardRecord.address(tenant_id, order_id)),
        ],
        consistent=True,
    )
    if order is None:
        raise NotFound("There is no such order.", detail_zh="该订单不存在。")
    ended_at = order.picked_up_at or order.forfeited_at
    if ended_at is None or order.origin is not None:
        return None
    causes = [Cause.of(Action.ORDER, order_id), *_of_campaign(order.campaign_id), *([refund] if refund else ())]
    account = ledger.read_account(tenant_id, order.member_id, [*causes, *_expiries(reward)])
    return _Found(order, ended_at, reward, account)


def _of_campaign(campaign_id: str) -> tuple[Cause, Cause]:
    return Cause.of(Action.PARTICIPATION, campaign_id), Cause(CauseType.PARTICIPATION_ENDED, campaign_id)


def _expiries(reward: OrderRewardRecord | None) -> Iterator[Cause]:
    """The entries that tell what of the order's points expired unused."""
    days = {reward.expires_on, reward.participation_expires_on} if reward else set[date | None]()
    return (Cause(CauseType.EXPIRY, day.isoformat()) for day in days if day)


def _begin(found: _Found, now: datetime, tx: Transaction) -> None:
    order, account = found.order, found.account
    counted, about = counted_minor(facts_of(order)), About(order_id=order.id)
    on = local_date(found.ended_at, zone(account.stand.tenant.timezone))
    reward = OrderRewardRecord(
        *OrderRewardRecord.address(order.tenant_id, order.id), member_id=account.member_id,
        campaign_id=order.campaign_id, on=on, counted_minor=counted, points=0, booked_at=now,
    )  # fmt: skip
    reward.earned = _earn(found, reward, counted, on, now)
    if counted:
        took_part = ledger.earn(account, Action.PARTICIPATION, order.campaign_id, on, now, about)
        if took_part:
            reward.participation, reward.participation_expires_on = took_part.points, took_part.expires_on
        standings.count(account.stand, on, Month(spend=counted, orders=1), now)
    reward.emit(REWARDED, now, order_id=order.id)
    tx.create("reward", reward)
    if any(order.picked_units.values()):
        counted_in = HandedOverRecord.address(order.tenant_id, on, order.id)
        tx.update("handed over", HandedOverRecord, *counted_in, actions=[HandedOverRecord.orders.add(1)])
    _write(tx, account)


def _earn(found: _Found, reward: OrderRewardRecord, counted: int, on: date, now: datetime) -> Earned:
    """Books the order's own points, at the factor of the tier that the member had before it."""
    account, cause = found.account, Cause.of(Action.ORDER, found.order.id)
    rule = account.rules.earning.get(Action.ORDER)
    if rule is None or cause in account.booked:
        return Earned(counted, 0, 0)
    room = account.head.counts.room(rule, on)
    earned = earned_by(rule, counted, account.stand.privileges.points_factor_bps, room)
    lot = ledger.give_earned(account, rule, cause, earned.given, on, now, About(order_id=found.order.id))
    if lot:
        reward.points, reward.expires_on = lot.points, lot.expires_on
    return earned


def _lessen(found: _Found, reward: OrderRewardRecord, refund: Cause, now: datetime, tx: Transaction) -> None:
    account, before = found.account, int(reward.counted_minor)
    counted, about = counted_minor(facts_of(found.order)), About(order_id=found.order.id)
    # A refund that is booked came with others before: what those take back, their own messages bring.
    if counted >= before or refund in account.booked:
        return
    left = reward.earned.left_of(counted)
    back = Lot(int(reward.points) - left, reward.expires_on)
    ledger.take_back(account, Action.ORDER, refund, back, reward.on, now, about)
    ended = counted == 0
    if ended and reward.participation:
        part = Lot(int(reward.participation), reward.participation_expires_on)
        ended_with = Cause(CauseType.PARTICIPATION_ENDED, reward.campaign_id)
        ledger.take_back(account, Action.PARTICIPATION, ended_with, part, reward.on, now, about)
        reward.participation = 0
    standings.count(account.stand, reward.on, Month(spend=counted - before, orders=-int(ended)), now)
    reward.counted_minor, reward.points = counted, left
    reward.emit(REWARDED, now, order_id=found.order.id)
    tx.replace("reward", reward)
    _write(tx, account)


def _write(tx: Transaction, account: Account) -> None:
    if account.entries:
        ledger.write(tx, account)
    elif account.stand.changed:
        standings.write(tx, account.stand)
