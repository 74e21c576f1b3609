"""Who brought a friend is rewarded by the friend's first order that was paid for and collected.

As points do, a reward follows from what the order is worth now, whatever messages told of it: it is booked once while
money of the order counts. Once nothing of it does any more, the reward passes to another order that the friend has
collected and of which money counts; where there is none, it goes back, and the next such order earns it again. An order
earns a reward once. Coupons follow in writes of their own, see :mod:`chalicelib.rewards.service.referral_coupons`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.kernel.errors import NotFound
from chalicelib.loyalty.points.model.entries import Cause, CauseType
from chalicelib.loyalty.points.model.lots import Lot
from chalicelib.loyalty.points.model.rules import Action
from chalicelib.loyalty.points.service import ledger
from chalicelib.loyalty.points.service.ledger import About, Account
from chalicelib.loyalty.tiers.service import standings
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member
from chalicelib.orders.records import OrderRecord
from chalicelib.recruitment.model.referrals import OPEN, Earlier, State, counted, has_room, month_of, one_person
from chalicelib.recruitment.model.rules import ReferralTerms
from chalicelib.recruitment.records import RecruitmentRecord, ReferralRecord, ReferrerRecord
from chalicelib.recruitment.service.welcoming import begin_referral
from chalicelib.rewards.service.other_orders import money_counts, other_order

REWARDED, REVERSED = "referral.rewarded", "referral.reversed"


@dataclass(slots=True)
class _Found:
    """A referral with what is counted of its referrer, their account, and the order that this is about."""

    referral: ReferralRecord
    referrer: ReferrerRecord
    account: Account
    terms: ReferralTerms | None
    order: OrderRecord | None


def follow(tenant_id: str, friend: MemberRecord, order_id: str, now: datetime) -> None:
    """Rewards who brought a member, or takes the reward back, by what an order of the member's is worth now."""
    if friend.referred_by is None:
        return

    def decide(found: _Found | None, tx: Transaction) -> None:
        if found is None or found.order is None:
            return
        referral, worth = found.referral, money_counts(found.order)
        if referral.state in OPEN and worth and not referral.had_from(order_id):
            if found.account.stand.member.blocked:
                return  # who is blocked earns nothing; what they have earned goes back as anybody's does
            _first_order(found, friend, found.order, now, tx)
        elif referral.state == State.REWARDED and referral.stands_by == order_id and not worth:
            _pass_on(found, other_order(friend, order_id), now, tx)

    change(lambda: _read(tenant_id, friend, order_id, now), decide)


def united(tenant_id: str, gone_id: str, now: datetime) -> None:
    """A member's history has become another's: who would have brought themselves is rewarded for nothing."""
    try:
        stays = get_member(tenant_id, gone_id, consistent=True)
    except NotFound:
        return
    for friend_id in dict.fromkeys((gone_id, stays.id)):
        friend = MemberRecord.at(tenant_id, friend_id, consistent=True)
        if friend is not None and friend.referred_by is not None:
            _recheck(tenant_id, friend, stays, now)


def _recheck(tenant_id: str, friend: MemberRecord, stays: MemberRecord, now: datetime) -> None:
    if get_member(tenant_id, str(friend.referred_by), consistent=True).id != stays.id:
        return

    def decide(found: _Found | None, tx: Transaction) -> None:
        if found is None or found.referral.state == State.VOID:
            return
        if found.referral.state == State.REWARDED:
            _reverse(found, State.VOID, now, tx)
        else:
            found.referral.state = State.VOID.value
            tx.replace("referral", found.referral)

    order = ReferralRecord.fetch(*ReferralRecord.address(tenant_id, friend.id), consistent=True)
    change(lambda: _read(tenant_id, friend, order.order_id if order else None, now), decide)


def earn_again(tenant_id: str, friend_id: str, order_id: str, now: datetime) -> None:
    """A reward went back while another order was collected, whose own message found it standing: that one earns it."""
    friend = MemberRecord.at(tenant_id, friend_id, consistent=True)
    other = None if friend is None else other_order(friend, order_id)
    if friend is not None and other is not None:
        follow(tenant_id, friend, other.id, now)


def _read(tenant_id: str, friend: MemberRecord, order_id: str | None, now: datetime) -> _Found | None:
    """None where who brought the friend is nobody any more."""
    try:
        referrer = get_member(tenant_id, str(friend.referred_by), consistent=True)
    except NotFound:
        return None
    referral, counts, rules, order = _records(tenant_id, friend, referrer.id, order_id)
    if referral is None:
        begin_referral(friend, now)  # the message of their joining is on its way yet
        referral, counts, rules, order = _records(tenant_id, friend, referrer.id, order_id)
    if referral is None:
        return None
    terms = rules.rules.referral if rules else None
    causes = [] if order_id is None else [Cause(CauseType.REFERRAL, order_id), Cause(CauseType.REFERRAL_BACK, order_id)]
    expiry = [Cause(CauseType.EXPIRY, referral.points_until)] if referral.points_until else []
    return _Found(
        referral,
        counts or ReferrerRecord(*ReferrerRecord.address(tenant_id, referrer.id), rev=0),
        ledger.read_account(tenant_id, referrer.id, [*causes, *expiry]),
        terms,
        order,
    )


def _records(
    tenant_id: str, friend: MemberRecord, referrer_id: str, order_id: str | None
) -> tuple[ReferralRecord | None, ReferrerRecord | None, RecruitmentRecord | None, OrderRecord | None]:
    referral, counts, rules, order = fetch_many(
        [
            (ReferralRecord, *ReferralRecord.address(tenant_id, friend.id)),
            (ReferrerRecord, *ReferrerRecord.address(tenant_id, referrer_id)),
            (RecruitmentRecord, *RecruitmentRecord.address(tenant_id)),
            (OrderRecord, *OrderRecord.address(tenant_id, order_id or "-")),
        ],
        consistent=True,
    )
    return referral, counts, rules, order


def _first_order(found: _Found, friend: MemberRecord, order: OrderRecord, now: datetime, tx: Transaction) -> None:
    """Rewards the friend's first order, or notes why it earns nothing, which is for good."""
    referral, account, terms = found.referral, found.account, found.terms
    today = account.stand.today(now)
    referral.order_id, referral.rewarded_at, referral.month = order.id, now, month_of(today)
    own = account.stand.member
    if own.id == friend.id or one_person(own.identities, friend.identities):
        referral.state = State.VOID.value
    elif terms is None or not has_room(terms, found.referrer.paid, found.referrer.by_month, month_of(today)):
        referral.state = State.UNREWARDED.value
    else:
        _reward(found, terms, order.id, today, now, tx)
    _while_it_stands(order, tx)
    tx.replace("referral", referral)


def _while_it_stands(order: OrderRecord, tx: Transaction) -> None:
    """Only as the order was read: what takes its money back commits before, and is seen, or after, and follows."""
    tx.check("order", OrderRecord, str(order.pk), str(order.sk), OrderRecord.rev == int(order.rev))


def _pass_on(found: _Found, other: OrderRecord | None, now: datetime, tx: Transaction) -> None:
    """Nothing of the order counts any more: another one carries the reward, which stays as it is; or it goes back."""
    if other is None:
        _reverse(found, State.REVERSED, now, tx)
        return
    found.referral.carried_by = other.id
    _while_it_stands(other, tx)
    tx.replace("referral", found.referral)


def _reward(
    found: _Found, terms: ReferralTerms, order_id: str, today: date, now: datetime, tx: Transaction
) -> None:  # fmt: skip
    referral, account = found.referral, found.account
    referral.state = State.REWARDED.value
    referral.batch_id, referral.friend_batch_id = terms.batch_id, terms.friend_batch_id
    lot = ledger.earn(account, Action.REFERRAL, order_id, today, now, About())
    referral.points, referral.points_until, referral.earned_on = 0, None, today.isoformat()
    if lot:
        referral.points = lot.points
        referral.points_until = lot.expires_on.isoformat() if lot.expires_on else None
    _count(found, 1, tx)
    _write(tx, account)
    referral.emit(REWARDED, now, referrer_id=account.member_id, friend_id=referral.friend_id, order_id=order_id)


def _reverse(found: _Found, state: State, now: datetime, tx: Transaction) -> None:
    """Takes the points back; coupons follow."""
    referral, account, order_id = found.referral, found.account, str(found.referral.order_id)
    until = date.fromisoformat(referral.points_until) if referral.points_until else None
    on = date.fromisoformat(str(referral.earned_on))
    cause = Cause(CauseType.REFERRAL_BACK, order_id)
    ledger.take_back(account, Action.REFERRAL, cause, Lot(int(referral.points), until), on, now, About())
    _count(found, -1, tx)
    _write(tx, account)
    referral.state, referral.carried_by = state.value, None
    referral.earlier = (*referral.earlier, Earlier(order_id, referral.batch_id, referral.friend_batch_id))
    referral.emit(REVERSED, now, referrer_id=account.member_id, friend_id=referral.friend_id, order_id=order_id)
    tx.replace("referral", referral)


def _count(found: _Found, by: int, tx: Transaction) -> None:
    counts = found.referrer
    counts.rewarded = max(0, counts.paid + by)
    counts.by_month = counted(counts.by_month, str(found.referral.month), by)
    if int(counts.rev) == 0:
        counts.rev = 1
        tx.create("referrer", counts)
    else:
        tx.replace("referrer", counts)


def _write(tx: Transaction, account: Account) -> None:
    if account.entries:
        ledger.write(tx, account)
    elif account.stand.changed:
        standings.write(tx, account.stand)
