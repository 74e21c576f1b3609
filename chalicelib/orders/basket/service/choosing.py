"""What a member could use for a basket of theirs: which of their coupons, and how many points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType

from chalicelib.coupons.model.choosing import Weighed, Weighing
from chalicelib.coupons.records import CouponRecord
from chalicelib.coupons.service import people, using
from chalicelib.coupons.service.owning import usable_coupons
from chalicelib.kernel.errors import DomainError
from chalicelib.loyalty.points.model.rules import SpendRule
from chalicelib.loyalty.points.model.spending import NO_POINTS, PaidByPoints, most_of
from chalicelib.loyalty.points.service import ledger
from chalicelib.orders.audience.service import check_audience
from chalicelib.orders.basket.service.pricing import Basket, check_open, delivery_fee, price_read, rules_for
from chalicelib.orders.basket.service.reading import Read, Wish, read
from chalicelib.promotions.service.using import Funding

MOST_COUPONS = 50
"""So many of a member's coupons, the last that they got, are held against a basket. Others can still be named."""

_NOTHING: Mapping[str, DomainError] = MappingProxyType({})

_MOST_ASKED = 3
"""Coupons of which it is asked whether their batch has anything left before the best one is named."""


@dataclass(frozen=True, slots=True)
class UsablePoints:
    """What a member's points could pay of a basket: ``most`` of their ``balance``, by the brand's rule."""

    balance: int
    most: PaidByPoints
    rule: SpendRule


@dataclass(frozen=True, slots=True)
class Choices:
    """A member's coupons held against a basket, the best first, and what could be paid with points, after the coupon
    that the basket was priced with; None where the brand takes no points.
    """

    coupons: Sequence[Weighed] = ()
    points: UsablePoints | None = None

    @property
    def best(self) -> Weighed | None:
        """The coupon that saves most; None where no one can be used."""
        return next((each for each in self.coupons if each.fits), None)


def quote_with_choices(
    tenant_id: str, member_id: str, wish: Wish, now: datetime,
    *, best: bool = False, all_points: bool = False, gone: Mapping[str, DomainError] = _NOTHING,
) -> tuple[Basket, Choices]:  # fmt: skip
    """Prices a wish for a member to look at, with what they could use for it: with the coupon and the points that it
    names or, instead, with the ``best`` coupon, and as many points as can be used. ``gone`` are coupons that were
    refused a moment ago, with why.

    One request reads what the wish is decided on, one the member's coupons; what is left of a coupon's batch is asked
    for the best ones only. Raises what ``pricing.quote_for`` does.
    """
    found = read(tenant_id, member_id, wish, now, account=True)
    check_audience(found.campaign, found.member, now)
    funding, bare = Funding(), replace(wish, coupon_id=None, points=0)
    basket = price_read(found, bare, now, funding, looks=True)
    check_open(found.campaign, now, found.member.tier)
    coupons = {each.id: each for each in usable_coupons(tenant_id, member_id, now, MOST_COUPONS)}
    weighed = _without(gone, _weighed(found, basket, coupons, bare, funding, now))
    choices = Choices(_still_there(weighed, coupons), _points(found, basket, now))
    if best and choices.best is not None:
        mine = coupons[choices.best.coupon.id]
        wish, found = replace(wish, coupon_id=mine.id), replace(found, coupon=mine)
    if wish.coupon_id is not None:
        uses_points = bool(wish.points) or all_points  # then what is left of budgets is read once more with them
        basket = price_read(found, replace(wish, points=0), now, funding, looks=not uses_points)
        choices = replace(choices, points=_points(found, basket, now))
    if all_points:
        wish = replace(wish, points=choices.points.most.points if choices.points else 0)
    if wish.points:
        basket = price_read(found, wish, now, funding, looks=True)
    return basket, choices


def _weighed(
    found: Read, basket: Basket, coupons: Mapping[str, CouponRecord], wish: Wish, funding: Funding, now: datetime
) -> list[Weighed]:
    member, campaign = found.member, found.campaign
    weighing = Weighing(
        basket.bought, rules_for(found, now, funding.without), campaign.currency, campaign.id,
        delivery_fee(campaign, basket.bought, wish), partial(people.has_ordered, member), now,
    )  # fmt: skip
    return weighing.weigh(list(coupons.values()))


def _without(gone: Mapping[str, DomainError], weighed: Sequence[Weighed]) -> list[Weighed]:
    known = [replace(each, refusal=each.refusal or gone.get(each.coupon.id)) for each in weighed]
    return sorted(known, key=lambda each: not each.fits)


def _still_there(weighed: Sequence[Weighed], coupons: Mapping[str, CouponRecord]) -> list[Weighed]:
    """The coupons, of which the best is no longer one whose batch has nothing left for it."""
    usable, others = [each for each in weighed if each.fits], [each for each in weighed if not each.fits]
    for _ in range(_MOST_ASKED):
        if not usable:
            break
        first = usable[0]
        refusal = using.short_of(coupons[first.coupon.id], first.saves_minor)
        if refusal is None:
            break
        others.insert(0, replace(usable.pop(0), refusal=refusal))
    return [*usable, *others]


def _points(found: Read, basket: Basket, now: datetime) -> UsablePoints | None:
    account = found.account
    if account is None or account.rules.spend is None:
        return None
    ledger.expire_due(account, now)
    due = sum(basket.quote.payable_minor)
    most = most_of(account.balance, account.rules.spend, due) if due else NO_POINTS
    return UsablePoints(max(0, account.balance), most, account.rules.spend)
