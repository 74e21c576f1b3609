"""Somebody of the team gives a member a tier, up to a day, or takes back what was given."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.principal import Principal
from chalicelib.loyalty.tiers.errors import LowerThanReached, UnknownTier
from chalicelib.loyalty.tiers.model.standing import Given
from chalicelib.loyalty.tiers.service.standings import Stand, brought, put, read_stand, write
from chalicelib.tenants.service.audit import audit


def give(tenant_id: str, member_id: str, given: Given, reason: str, by: Principal, now: datetime) -> Stand:
    """The member has the tier from now on, up to and including the day that is named, or a higher one that they reach
    by themselves. It takes the place of one that was given before. Raises NotFound, UnknownTier, LowerThanReached, and
    Invalid for a day that is over.
    """

    def decide(stand: Stand, tx: Transaction) -> Stand:
        _check(stand, given, stand.today(now))
        return _put(stand, given, reason, by, now, tx)

    return change(lambda: read_stand(tenant_id, member_id), decide)


def take_back(tenant_id: str, member_id: str, reason: str, by: Principal, now: datetime) -> Stand:
    """The member has no more than the tier that they have reached. Raises NotFound."""
    return change(lambda: read_stand(tenant_id, member_id), lambda stand, tx: _put(stand, None, reason, by, now, tx))


def _check(stand: Stand, given: Given, today: date) -> None:
    if stand.tiers.named(given.code) is None:
        known = [tier.code for tier in stand.tiers.tiers]
        raise UnknownTier.at(
            "/tier",
            f"There is no tier '{given.code}'; " + (f"there are {', '.join(known)}." if known else "set tiers first."),
            f"没有等级“{given.code}”；" + (f"现有：{'、'.join(known)}。" if known else "请先设置等级。"),
        )
    if given.until_on < today:
        raise Invalid.at("/until_on", f"The day must be {today} or later.", f"日期不能早于 {today}。")
    standing = brought(stand, today)
    if stand.tiers.place(standing.reached) > stand.tiers.place(given.code):
        raise LowerThanReached(
            f"They have reached '{standing.reached}' by themselves, which is higher than '{given.code}'; "
            "give that or a higher one.",
            detail_zh=f"会员已自行达到“{standing.reached}”，高于“{given.code}”；请选择相同或更高的等级。",
        )


def _put(stand: Stand, given: Given | None, reason: str, by: Principal, now: datetime, tx: Transaction) -> Stand:
    before = stand.record.standing.given
    put(stand, replace(brought(stand, stand.today(now)), given=given), now)
    if before == given:
        return stand
    write(tx, stand)
    told = {"tier": given.code, "until_on": given.until_on.isoformat()} if given else {"tier": None}
    member_id = stand.member.id
    audit(tx, stand.tenant.id, by, "member.tier_given", f"member:{member_id}", now, told | {"reason": reason})
    return stand
