"""What follows from a decision: everybody who suggested it hears of it, and gets what was promised, once."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.cases.model.words import one_line
from chalicelib.coupons.records import CouponRecord
from chalicelib.coupons.service.by_cause import Gift, add_gift, read_gift
from chalicelib.db import Transaction, change
from chalicelib.kernel.clock import instant
from chalicelib.loyalty.points.model.entries import Cause, CauseType
from chalicelib.loyalty.points.model.lots import Lot
from chalicelib.loyalty.points.records import PointsEntryRecord
from chalicelib.loyalty.points.service import ledger
from chalicelib.loyalty.points.service.ledger import About, Account
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.telling.service import tell_member
from chalicelib.suggestions.model.notices import SuggestionAdopted, SuggestionDeclined, SuggestionDone
from chalicelib.suggestions.model.suggestions import Status
from chalicelib.suggestions.records import SuggestionRecord
from chalicelib.suggestions.service.deciding import copy_outcome, outcome
from chalicelib.tenants.service.brand import get_tenant


@dataclass(slots=True)
class _Due:
    """A suggestion whose reward is due, with the account or the gift that its member gets it by. One of before rewards
    were marked may have been ``given`` its own.
    """

    suggestion: SuggestionRecord
    account: Account | None
    gift: Gift | None
    given: bool = False


def decided(tenant_id: str, suggestion_id: str, status: str, now: datetime) -> None:
    """Brings what became of a suggestion to all that are one with it, tells who made them, and rewards them. Told of
    again, or of what is over by now, it changes nothing.
    """
    first = _read(tenant_id, suggestion_id)
    if first is None or first.status != status:
        return
    for each in (first.id, *first.others):
        found = first if each == first.id else _follow(first, each)
        if found is not None:
            _tell(found, now)
            _reward(found, now)


def joined(tenant_id: str, suggestion_id: str, now: datetime) -> None:
    """The same for one that came to a group that was decided before."""
    found = _read(tenant_id, suggestion_id)
    if found is not None and found.same_as is not None:
        _tell(found, now)
        _reward(found, now)


def _read(tenant_id: str, suggestion_id: str) -> SuggestionRecord | None:
    return SuggestionRecord.fetch(*SuggestionRecord.address(tenant_id, suggestion_id), consistent=True)


def _follow(first: SuggestionRecord, other_id: str) -> SuggestionRecord | None:
    """The other suggestion with the outcome; None where it is in the group no more, or the outcome is another by now,
    which is brought by the message of that. It is written only while the first stands as it was read.
    """

    def read() -> tuple[SuggestionRecord | None, SuggestionRecord | None]:
        return _read(first.tenant_id, first.id), _read(first.tenant_id, other_id)

    def decide(
        found: tuple[SuggestionRecord | None, SuggestionRecord | None], tx: Transaction
    ) -> SuggestionRecord | None:
        leading, other = found
        if leading is None or leading.status != first.status or other is None or other.same_as != first.id:
            return None
        before = outcome(other)
        copy_outcome(other, leading)
        if before != outcome(other):
            address = SuggestionRecord.address(first.tenant_id, first.id)
            tx.check("first", SuggestionRecord, *address, SuggestionRecord.rev == int(leading.rev))
            tx.replace("suggestion", other)
        return other

    return change(read, decide)


def _tell(suggestion: SuggestionRecord, now: datetime) -> None:
    notice = _notice(get_tenant(suggestion.tenant_id).name, suggestion)
    if notice is not None:
        at = suggestion.done_at if suggestion.status == Status.DONE else suggestion.decided_at
        # By the decision, not by what told of it: one that joins at that moment is told of by two messages.
        cause = (suggestion.id, str(suggestion.status), instant(at) if at else "")
        tell_member(
            suggestion.tenant_id, suggestion.member_id, notice, cause, now, subject_id=suggestion.id
        )  # fmt: skip


def _notice(brand: str, suggestion: SuggestionRecord) -> Notice | None:
    text = one_line(suggestion.text)
    if suggestion.status == Status.ADOPTED and suggestion.done_by is not None:
        return SuggestionAdopted(brand, text, str(suggestion.plan), suggestion.done_by)
    if suggestion.status == Status.DECLINED:
        return SuggestionDeclined(brand, text, str(suggestion.reason))
    return SuggestionDone(brand, text, str(suggestion.plan)) if suggestion.status == Status.DONE else None


def _reward(suggestion: SuggestionRecord, now: datetime) -> None:
    """Gives what was promised with the adoption, once for each suggestion, whatever becomes of it afterwards. A coupon
    that is not given at present is tried again when the suggestion is done.
    """
    tenant_id, reward = suggestion.tenant_id, suggestion.reward
    if reward is None or suggestion.status not in (Status.ADOPTED, Status.DONE):
        return
    cause = Cause(CauseType.SUGGESTION, suggestion.id)

    def read() -> _Due | None:
        found = _read(tenant_id, suggestion.id)
        if found is None or found.rewarded_at is not None:
            return None
        account = ledger.read_account(tenant_id, found.member_id, (cause,)) if reward.points is not None else None
        gift = read_gift(tenant_id, reward.batch_id, found.member_id, now)
        stays = account.member_id if account else gift.owned.member.id if gift else None
        return _Due(found, account, gift, _given_before(found, cause, stays))

    def decide(due: _Due | None, tx: Transaction) -> None:
        if due is None:
            return
        if due.given:
            pass
        elif due.account is not None and cause not in due.account.booked:
            ledger.give(due.account, cause, (Lot(reward.points or 0),), now, About())
            ledger.write(tx, due.account)
        elif add_gift(tx, due.gift, f"suggestion:{suggestion.id}", now) is None:
            return
        due.suggestion.rewarded_at = now
        tx.replace("suggestion", due.suggestion)

    change(read, decide)


def _given_before(suggestion: SuggestionRecord, cause: Cause, stays_id: str | None) -> bool:
    """Whether its reward was given to whoever it was of before it became another's."""
    tenant_id = suggestion.tenant_id
    whose = {str(each) for each in (suggestion.first_member_id, suggestion.member_id) if each not in (stays_id, None)}
    for member_id in sorted(whose):
        if PointsEntryRecord.fetch(*PointsEntryRecord.address(tenant_id, member_id, cause), consistent=True):
            return True
        coupons = CouponRecord.every(CouponRecord.partition(tenant_id, member_id), consistent=True)
        if any(each.cause == f"suggestion:{suggestion.id}" for each in coupons):
            return True
    return False
