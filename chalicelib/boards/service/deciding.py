"""Awards are decided when their time has come, once for each period, and winners get what they have won, once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chalicelib.boards.model.awards import Reward, Winner, winners
from chalicelib.boards.model.boards import Board
from chalicelib.boards.model.notices import AwardWon
from chalicelib.boards.records import DECIDED, AwardRecord, ResultRecord
from chalicelib.boards.service.awards import get_award, move_on
from chalicelib.boards.service.boards import look_at, rows_after
from chalicelib.coupons.errors import BatchPaused, EnoughCoupons, OnlyForNewMembers
from chalicelib.coupons.service.batches import get_batch
from chalicelib.coupons.service.handing_out import Owned, check_may_have, check_open, count, give, read_owned
from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import NotFound
from chalicelib.loyalty.points.model.entries import Cause, CauseType
from chalicelib.loyalty.points.model.lots import Lot
from chalicelib.loyalty.points.service import ledger
from chalicelib.loyalty.points.service.ledger import About, Account
from chalicelib.members.model.identities import member_id as id_of
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.telling.service import tell_member
from chalicelib.tenancy import brand_of

TOGETHER = 20
"""Winners whom one message gives what they have won."""


def decide_award(tenant_id: str, award_id: str, now: datetime) -> None:
    """Decides an award for its period where that can be decided by now: the result is written with the award's next
    period, so that it is decided once, however often it is asked for. Raises NotFound.
    """
    found = get_award(tenant_id, award_id, consistent=True)
    if not _is_due(found, now):
        return
    period, award = found.next_period, found.award
    board = Board(award.by, period)
    _, won = look_at(tenant_id, board, now, lambda counted: winners(award, rows_after(counted, None)), most=None)

    def decide(record: AwardRecord, tx: Transaction) -> None:
        if not _is_due(record, now) or record.next_period != period or record.award != award:
            return
        result = ResultRecord(
            *ResultRecord.address(tenant_id, award_id, period.to_on), award_id=award_id, stored_award=award,
            period=period.name, from_on=period.from_on, to_on=period.to_on, decided_at=now,
        )  # fmt: skip
        result.winners = won
        if won:
            result.emit(DECIDED, now, award_id=award_id, to_on=period.to_on.isoformat(), after=0)
        tx.create("result", result)
        move_on(record)
        tx.replace("award", record)

    change(partial(get_award, tenant_id, award_id, consistent=True), decide)


def _is_due(record: AwardRecord, now: datetime) -> bool:
    return record.ended_at is None and record.decides_at <= now


@dataclass(frozen=True, slots=True)
class _Missed:
    """Why a winner has got nothing but the title, in both languages."""

    en: str
    zh: str


def hand_out(tenant_id: str, award_id: str, to_on: str, after: int, now: datetime) -> None:
    """Gives the next winners theirs after so many, and tells them. Each of it is known by the award and the period: a
    message that comes twice, late or after a crash gives nobody anything twice. Raises NotFound.
    """
    read = partial(_result, tenant_id, award_id, to_on)
    result = read()
    if int(result.handed) != after:
        return
    some = result.winners[after : after + TOGETHER]
    missed = {str(each.ordinal): [why.en, why.zh] for each in some if (why := _give(result, each, now)) is not None}

    def note(found: ResultRecord, tx: Transaction) -> None:
        if int(found.handed) != after:
            return
        found.handed = after + len(some)
        found.missed = {**found.missed, **missed}
        if found.handed < len(found.winners):
            found.emit(DECIDED, now, award_id=award_id, to_on=to_on, after=int(found.handed))
        tx.replace("result", found)

    change(read, note)


def _result(tenant_id: str, award_id: str, to_on: str) -> ResultRecord:
    place = AwardRecord.partition(tenant_id, award_id), f"result#{to_on}"
    found = ResultRecord.fetch(*place, consistent=True)
    if found is None:
        raise NotFound("This award was not decided for such a period.", detail_zh="该奖项在该周期没有结果。")
    return found


def _give(result: ResultRecord, winner: Winner, now: datetime) -> _Missed | None:
    """Gives one winner theirs and tells them; why they have got nothing but the title, or None."""
    try:
        member = get_member(result.tenant_id, id_of(result.tenant_id, winner.ordinal), consistent=True)
    except NotFound:
        return _Missed("There is no such member any more.", "该会员已不存在。")
    if member.blocked:
        return _Missed("This member is blocked from ordering.", "该会员已被限制下单。")
    reward = result.award.reward
    if reward.points is not None:
        _points(result, member, reward.points, now)
    missed = _coupon(result, member, reward.batch_id, now) if reward.batch_id is not None else None
    notice = AwardWon(
        brand_of(result.tenant_id).name, InWords(result.award.title.said("en"), result.award.title.said("zh")),
        result.period, winner.rank, _in_words(reward if missed is None else Reward()),
    )  # fmt: skip
    cause = ("award", result.award_id, result.to_on.isoformat())
    tell_member(result.tenant_id, member.id, notice, cause, now, subject_id=result.award_id)
    return missed


def _points(result: ResultRecord, member: MemberRecord, points: int, now: datetime) -> None:
    cause = Cause(CauseType.AWARD, f"{result.award_id}:{result.to_on.isoformat()}")

    def decide(account: Account, tx: Transaction) -> None:
        if cause in account.booked:
            return
        brand = brand_of(result.tenant_id)
        title = result.award.title.said("zh" if brand.locale.startswith("zh") else "en")
        about = About(reason=f"{title} · {result.period}")
        ledger.give(account, cause, (Lot(points),), now, about)
        ledger.write(tx, account)

    change(lambda: ledger.read_account(result.tenant_id, member.id, (cause,)), decide)


def _coupon(result: ResultRecord, member: MemberRecord, batch_id: str, now: datetime) -> _Missed | None:
    batch = get_batch(result.tenant_id, batch_id, consistent=True)
    cause = f"award:{result.award_id}:{result.to_on.isoformat()}"
    if batch.validity.over(now):
        return _Missed("The batch of coupons has ended.", "该批次优惠券已过期。")

    def decide(found: Sequence[Owned], tx: Transaction) -> None:
        [owned] = found
        if owned.caused_by(cause) is None:
            give(tx, batch, owned, check_may_have(batch, owned), cause, now)
            count(tx, batch, 1, f"{result.award_id}{member.id}")

    try:
        change(lambda: read_owned(batch, [member]), decide, refused=check_open)
    except BatchPaused:
        return _Missed("The batch of coupons is paused.", "该批次优惠券已暂停发放。")
    except (EnoughCoupons, OnlyForNewMembers):
        return _Missed("This member may not have another of these coupons.", "该会员不可再领取该优惠券。")
    return None


def _in_words(reward: Reward) -> InWords:
    if reward.points is not None:
        return InWords(f"{reward.points} points are yours", f"已获得 {reward.points} 积分")
    if reward.batch_id is not None:
        return InWords("a coupon is among yours", "优惠券已放入“我的优惠券”")
    return InWords("well done", "恭喜")
