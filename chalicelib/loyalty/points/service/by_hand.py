"""Somebody of the team gives a member points, or takes some: once for each Idempotency-Key, with a reason."""

from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.principal import Principal
from chalicelib.loyalty.points.model.entries import Cause, CauseType
from chalicelib.loyalty.points.model.lots import Lot
from chalicelib.loyalty.points.records import PointsEntryRecord
from chalicelib.loyalty.points.service.ledger import About, Account, give, read_account, take, write
from chalicelib.tenants.service.audit import audit


def give_or_take(
    tenant_id: str, member_id: str, delta: int, reason: str, key: str, body_hash: str, by: Principal, now: datetime
) -> tuple[Account, PointsEntryRecord]:
    """Books ``delta`` points, which is not 0, and does not expire where it is given; what is taken may lead below zero.
    They count for no cap and no tier. The same person with the same Idempotency-Key gets the first entry again. Raises
    NotFound, IdempotencyMismatch.
    """
    cause = Cause(CauseType.STAFF, derived_id(tenant_id, by.label, key))

    def decide(account: Account, tx: Transaction) -> tuple[Account, PointsEntryRecord]:
        if done := account.booked.get(cause):
            if done.body_hash != body_hash:
                message = "This Idempotency-Key already booked something else; use a new key."
                raise IdempotencyMismatch(message, detail_zh="该幂等键已用于另一笔积分，请使用新的键。")
            return account, done
        about = About(reason=reason, by=by.label, body_hash=body_hash)
        if delta > 0:
            entry = give(account, cause, (Lot(delta),), now, about)
        else:
            entry = take(account, cause, -delta, now, about)
        if entry is None:
            raise ValueError("no points are no entry")
        write(tx, account)
        told = {"delta": delta, "reason": reason}
        audit(tx, tenant_id, by, "member.points_booked", f"member:{account.member_id}", now, told)
        return account, entry

    return change(lambda: read_account(tenant_id, member_id, (cause,)), decide)


def add(
    tx: Transaction, tenant_id: str, member_id: str, points: int, reason: str, cause_id: str, by: Principal,
    now: datetime, order_id: str | None = None,
) -> None:  # fmt: skip
    """Adds points that somebody of the team gives to a transaction of theirs, which books them once: under
    ``cause_id``. They do not expire. Raises NotFound for a member that there is not.
    """
    cause = Cause(CauseType.STAFF, cause_id)
    account = read_account(tenant_id, member_id, (cause,))
    if cause in account.booked:
        return
    give(account, cause, (Lot(points),), now, About(order_id=order_id, reason=reason, by=by.label))
    write(tx, account)
