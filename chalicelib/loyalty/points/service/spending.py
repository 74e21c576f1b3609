"""Points pay a part of an order: held as it is placed, and given back where it, or a part of it, comes to nothing.

Both add to a transaction of the caller's, who reads the account together with what else it needs.
"""

from datetime import datetime

from chalicelib.db import Transaction
from chalicelib.kernel.counting import counted
from chalicelib.kernel.ids import derived_id
from chalicelib.loyalty.points.errors import NotEnoughPoints
from chalicelib.loyalty.points.model.entries import Cause, CauseType
from chalicelib.loyalty.points.model.lots import Lot, given_back
from chalicelib.loyalty.points.service.ledger import About, Account, expire_due, give, take, write


def cause_of(order_id: str, taking: int = 1) -> Cause:
    """The cause of the points that an order was paid with: an account is read with it. An order that gave all of them
    back may take them again, as its second ``taking``.
    """
    return Cause(CauseType.SPENDING, order_id if taking == 1 else f"{order_id}:{taking}")


def causes_of(order_id: str, cause_id: str, taking: int = 1) -> tuple[Cause, Cause]:
    """The causes that an account is read with to give points of an order back."""
    return cause_of(order_id, taking), Cause(CauseType.SPENDING_RETURNED, cause_id)


def hold(
    tx: Transaction, account: Account, order_id: str, points: int, now: datetime, taking: int = 1, *,
    for_gift: bool = False,
) -> None:  # fmt: skip
    """Takes the points that an order is paid with, once for the order; ``for_gift`` is one of a gift. Raises
    NotEnoughPoints, also for those that have expired by now.
    """
    cause = cause_of(order_id, taking)
    if cause in account.booked or points <= 0:
        return
    expire_due(account, now)
    check_enough(account, points)
    take(account, cause, points, now, About(order_id=order_id, for_gift=for_gift))
    write(tx, account)


def check_enough(account: Account, points: int, asked: int | None = None) -> None:
    """Raises NotEnoughPoints; see that what has expired is booked before. ``asked`` is how many the member named, of
    which no more than ``points`` are needed.
    """
    if points > account.balance:
        has = max(0, account.balance)
        refused = NotEnoughPoints.at(
            "/points",
            f"You have {counted(has, 'point')}, and wanted to use {asked or points:,}; use {has:,} at most.",
            f"您有 {has} 积分，不足 {asked or points}；最多可用 {has}。",
        )
        refused.extra["points"] = has
        raise refused


def give_back_rest(
    tx: Transaction, account: Account, order_id: str, taking: int, kept: int, points: int, now: datetime, *,
    for_gift: bool = False,
) -> None:  # fmt: skip
    """Gives back so many of the points of an order's ``taking``, of which it keeps so many. Once for each number kept.
    They keep their last days, those that
    expire last come back first, and what has expired meanwhile can be used for the rest of the day. Of a taking that
    stands in the ledger of a membership that has become another's, they come back without a last day.
    """
    spending, cause = causes_of(order_id, return_id(order_id, taking, kept), taking)
    spent = account.booked.get(spending)
    if cause in account.booked or points <= 0:
        return
    lots = given_back(spent.used, -int(spent.delta) - kept - points, points) if spent else (Lot(points),)
    give(account, cause, lots, now, About(order_id=order_id, for_gift=for_gift))
    write(tx, account)


def return_id(order_id: str, taking: int, kept: int) -> str:
    """What points that come back to a member are booked under."""
    return derived_id("points-return", order_id, str(taking), str(kept))
