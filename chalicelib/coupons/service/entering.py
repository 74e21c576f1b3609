"""A member enters a code, and has a coupon by it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count as count_from

from chalicelib.coupons.errors import CodeRefused, TooManyCodes
from chalicelib.coupons.model.codes import folded
from chalicelib.coupons.records import BatchRecord, CodeRecord, CouponRecord
from chalicelib.coupons.service.handing_out import Owned, check_may_have, count, give, read_owned
from chalicelib.db import Refused, Transaction, change
from chalicelib.kernel.counting import counted
from chalicelib.members.service.members import check_may_order, get_member
from chalicelib.rate_limits import service as rate_limits
from chalicelib.rate_limits.model import Budget, LimitReached


@dataclass(slots=True)
class _Entered:
    """A code with its batch, and what its member has of that."""

    code: CodeRecord
    batch: BatchRecord
    owned: Owned


def enter(tenant_id: str, member_id: str, typed: str, now: datetime) -> CouponRecord:
    """The coupon that a code gives. A single code entered again gives its member the coupon that they have by it; one
    for all gives another only when they can use none of its batch any more, as often as one person may have one.

    Raises TooManyCodes from the eleventh try in a minute on, whatever was typed; CodeRefused, the same for a code that
    is unknown, of another member, or of a batch that has ended or is paused; EnoughCoupons, OnlyForNewMembers,
    MemberBlocked.
    """
    _check_tries(tenant_id, member_id, now)
    member = get_member(tenant_id, member_id)
    check_may_order(member)

    tries = count_from(0)

    def read() -> _Entered:
        # At first as one replica has it: thousands a second may enter one code.
        code, batch = _find(tenant_id, typed, now, consistent=next(tries) > 0)
        if code.member_id not in (None, member.id):
            raise _refused()
        return _Entered(code, batch, read_owned(batch, [member])[0])

    def decide(found: _Entered, tx: Transaction) -> CouponRecord:
        code, batch, owned = found.code, found.batch, found.owned
        single = code.number is not None
        cause = f"code:{code.number}" if single else "code"
        earlier = owned.caused_by(cause) if single else owned.usable(now)
        if earlier is not None:
            return earlier
        coupon = give(tx, batch, owned, check_may_have(batch, owned), cause, now)
        count(tx, batch, 1, coupon.id)
        if single:
            code.member_id, code.entered_at = member.id, now
            tx.replace("code", code)
        return coupon

    return change(read, decide, refused=_check_open)


def _check_tries(tenant_id: str, member_id: str, now: datetime) -> None:
    try:
        rate_limits.take([Budget.of("coupon_codes_a_member", tenant_id, member_id)], now)
    except LimitReached as reached:
        seconds = reached.retry_after or 60
        raise TooManyCodes(
            f"You have entered many codes in a short time; try again in {counted(seconds, 'second')}.",
            detail_zh=f"您在短时间内输入了过多券码，请在 {seconds} 秒后重试。",
            retry_after=seconds,
        ) from reached


def _find(tenant_id: str, typed: str, now: datetime, *, consistent: bool) -> tuple[CodeRecord, BatchRecord]:
    """A code with its batch. Raises CodeRefused unless coupons are handed out by it."""
    known_by = folded(typed)
    code = CodeRecord.fetch(*CodeRecord.address(tenant_id, known_by), consistent=consistent) if known_by else None
    if code is None:
        raise _refused()
    batch = BatchRecord.fetch(*BatchRecord.address(tenant_id, code.batch_id), consistent=consistent)
    if batch is None or batch.paused or batch.validity.over(now):
        raise _refused()
    return code, batch


def _check_open(refusal: Refused) -> None:
    if "part" in refusal.names:
        raise _refused()


def _refused() -> CodeRefused:
    return CodeRefused.at(
        "/code",
        "This code cannot be used: check how it is written. It may also have ended, or be used already.",
        "该券码不可用：请检查是否输入正确，也可能已失效或已被使用。",
    )
