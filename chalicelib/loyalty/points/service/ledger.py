"""A member's ledger: every entry is written with its head, the member's standing, and the balance that they show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from chalicelib.db import Transaction
from chalicelib.loyalty.points.model.earning import granted, to_take_back
from chalicelib.loyalty.points.model.entries import Cause, CauseType
from chalicelib.loyalty.points.model.lots import Lot
from chalicelib.loyalty.points.model.rules import Action, EarningRule, PointsRules
from chalicelib.loyalty.points.records import POINTS_CHANGED, PointsEntryRecord, PointsRecord, PointsRulesRecord
from chalicelib.loyalty.tiers.model.standing import Month
from chalicelib.loyalty.tiers.service import standings
from chalicelib.loyalty.tiers.service.standings import Address, Stand
from chalicelib.members.records import MemberRecord
from chalicelib.tenants.records import Tenant

_MOST_EXPIRED = 25
"""Days whose points expire by entries of their own in one transaction; the further ones share the last one's."""


@dataclass(slots=True)
class Account:
    """A member with the head of their ledger and the brand's rules. ``booked`` has the entries of the causes that were
    asked for, ``entries`` those that are to be written. ``is_new`` marks a ledger that is not stored yet.
    """

    stand: Stand
    head: PointsRecord
    rules: PointsRules
    is_new: bool
    booked: Mapping[Cause, PointsEntryRecord]
    entries: list[PointsEntryRecord] = field(default_factory=list)

    @property
    def tenant_id(self) -> str:
        return self.stand.tenant.id

    @property
    def member_id(self) -> str:
        return self.stand.member.id

    @property
    def balance(self) -> int:
        return self.head.holding.balance


@dataclass(frozen=True, slots=True)
class About:
    """What an entry says beside its points."""

    order_id: str | None = None
    reason: str | None = None
    by: str | None = None
    body_hash: str | None = None
    for_gift: bool = False


NOTHING_MORE = About()


def read_account(tenant_id: str, member_id: str, causes: Sequence[Cause] = ()) -> Account:
    """A member's account in one request, read consistently. Raises NotFound."""

    def further(of: str) -> list[Address]:
        return [
            (PointsRecord, *PointsRecord.address(tenant_id, of)),
            (PointsRulesRecord, *PointsRulesRecord.address(tenant_id)),
            *((PointsEntryRecord, *PointsEntryRecord.address(tenant_id, of, cause)) for cause in causes),
        ]

    stand, (head, rules, *entries) = standings.read_with(tenant_id, member_id, further)
    return _account(stand, head, rules, dict(zip(causes, entries, strict=True)))


def addresses(tenant_id: str, member_id: str) -> list[Address]:
    """Where a member's account is but for the member and the brand, for :func:`account_of`."""
    return [
        *standings.addresses(tenant_id, member_id),
        (PointsRecord, *PointsRecord.address(tenant_id, member_id)),
        (PointsRulesRecord, *PointsRulesRecord.address(tenant_id)),
    ]


def account_of(tenant: Tenant, member: MemberRecord, found: Sequence[Any]) -> Account:
    """A member's account, by what was found under :func:`addresses`; each call begins with what was found."""
    standing, tiers, head, rules = (type(each).from_raw_data(each.serialize()) if each else None for each in found)
    return _account(standings.stand_of(tenant, member, standing, tiers), head, rules, {})


def _account(
    stand: Stand,
    head: PointsRecord | None,
    rules: PointsRulesRecord | None,
    entries: Mapping[Cause, PointsEntryRecord | None],
) -> Account:
    address = PointsRecord.address(stand.tenant.id, stand.member.id)
    return Account(
        stand,
        head or PointsRecord(*address, timezone=stand.tenant.timezone),
        rules.rules if rules else PointsRules(),
        is_new=head is None,
        booked={cause: entry for cause, entry in entries.items() if entry is not None},
    )


def earn(
    account: Account, action: Action, subject_id: str, on: date, now: datetime, about: About = NOTHING_MORE
) -> Lot | None:
    """Books what an action of a local day earns by the brand's rule, under its caps. None where the brand has no rule
    for it, nothing is left under a cap, or the cause is booked already.
    """
    rule, cause = account.rules.earning.get(action), Cause.of(action, subject_id)
    if rule is None or cause in account.booked:
        return None
    points = granted(rule.points, account.head.counts.room(rule, on))
    return give_earned(account, rule, cause, points, on, now, about)


def give_earned(
    account: Account, rule: EarningRule, cause: Cause, points: int, on: date, now: datetime,
    about: About = NOTHING_MORE,
) -> Lot | None:  # fmt: skip
    """Books points that were earned by a rule on a local day: they count against its caps, and for the member's tier.
    The lot that they came into; None for none.
    """
    if not points:
        return None
    account.head.counts = account.head.counts.plus(rule.action, points, on)
    standings.count(account.stand, on, Month(points=points), now)
    lot = usable(Lot(points, rule.expires_on(on)), account.stand.today(now))
    give(account, cause, (lot,), now, about)
    return lot


def usable(lot: Lot, today: date) -> Lot:
    """A lot as it is given: one whose last day is over can be used for the rest of today."""
    return Lot(lot.points, max(lot.expires_on, today) if lot.expires_on else None)


def take_back(
    account: Account, action: Action, cause: Cause, lot: Lot, earned_on: date, now: datetime,
    about: About = NOTHING_MORE,
) -> None:  # fmt: skip
    """Books that points of an action go back, first of all out of the lot that they came into; what of it has expired
    unused is gone already. Where too few are left, the balance falls below zero. ``earned_on`` is the local day on
    which they were earned: they count no more in its month.
    """
    if not lot.points:
        return
    account.head.counts = account.head.counts.plus(action, -lot.points, earned_on)
    standings.count(account.stand, earned_on, Month(points=-lot.points), now)
    expire_due(account, now)
    expired = _expired(account, lot.expires_on)
    take(account, cause, to_take_back(lot.points, expired), now, about, first=(lot.expires_on,))


def give(
    account: Account, cause: Cause, lots: Sequence[Lot], now: datetime, about: About = NOTHING_MORE
) -> PointsEntryRecord | None:
    """Books points, which pay off a debt first; those whose last day is over can be used for the rest of today. None
    for no points.
    """
    expire_due(account, now)
    today, holding = account.stand.today(now), account.head.holding
    for lot in lots:
        holding = holding.plus(usable(lot, today))
    account.head.holding = holding
    only = lots[0].expires_on if len(lots) == 1 else None
    return _enter(account, cause, sum(lot.points for lot in lots), now, about, only)


def take(
    account: Account, cause: Cause, points: int, now: datetime, about: About = NOTHING_MORE,
    first: Sequence[date | None] = (),
) -> PointsEntryRecord | None:  # fmt: skip
    """Takes points, those that expire first before others, and below zero where too few are there. None for none."""
    expire_due(account, now)
    account.head.holding, used = account.head.holding.minus(points, first)
    entry = _enter(account, cause, -points, now, about)
    if entry is not None and cause.type is CauseType.SPENDING:
        entry.used = used
    return entry


def expire_due(account: Account, now: datetime) -> None:
    """Books what has expired by now, an entry for each day: whatever else is booked finds what can still be used."""
    holding = account.head.holding
    _, gone = holding.expire(account.stand.today(now))
    days = [lot.expires_on for lot in gone if lot.expires_on]
    for day in [*days[: _MOST_EXPIRED - 1], *days[-1:]] if len(days) > _MOST_EXPIRED else days:
        before = account.head.holding.balance
        # A lot has expired on the day after its last.
        account.head.holding, _ = account.head.holding.expire(date.fromordinal(day.toordinal() + 1))
        _enter(account, Cause(CauseType.EXPIRY, day.isoformat()), account.head.holding.balance - before, now)


def write(tx: Transaction, account: Account) -> None:
    """Adds everything that was booked to a transaction."""
    for entry in account.entries:
        tx.create(f"points of {entry.cause}", entry)
    if account.is_new:
        tx.create("points", account.head)
    else:
        tx.replace("points", account.head)
    standings.write(tx, account.stand, points=account.balance)


def _enter(
    account: Account,
    cause: Cause,
    delta: int,
    now: datetime,
    about: About = NOTHING_MORE,
    expires_on: date | None = None,
) -> PointsEntryRecord | None:
    """Adds the entry of a change that the head shows already."""
    if not delta:
        return None
    head = account.head
    head.entries = int(head.entries) + 1
    entry = PointsEntryRecord.of_cause(account.tenant_id, account.member_id, cause)
    entry.number, entry.delta, entry.balance = int(head.entries), delta, head.holding.balance
    entry.at, entry.expires_on = now, expires_on
    entry.order_id, entry.reason, entry.by, entry.body_hash = about.order_id, about.reason, about.by, about.body_hash
    entry.for_gift = about.for_gift or None
    entry.emit(POINTS_CHANGED, now, member_id=account.member_id)
    account.entries.append(entry)
    return entry


def _expired(account: Account, last_day: date | None) -> int:
    """How many points of a lot expired unused, as far as the account was read with the entry of that day."""
    if last_day is None:
        return 0
    cause = Cause(CauseType.EXPIRY, last_day.isoformat())
    new = {entry.cause: entry for entry in account.entries}
    found = account.booked.get(cause) or new.get(cause)
    return -int(found.delta) if found else 0
