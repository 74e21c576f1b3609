"""A member invites their neighbours: the link, who came by it, and what it brings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.channels.service import known_link, own_link
from chalicelib.coupons.records import BatchRecord
from chalicelib.coupons.service.by_cause import coupon_in_words
from chalicelib.db import Page, fetch_many
from chalicelib.kernel.counting import counted
from chalicelib.loyalty.points.model.rules import Action
from chalicelib.loyalty.points.service.setting import get_rules
from chalicelib.members.model.masking import masked_name
from chalicelib.members.records import MemberRecord
from chalicelib.pricing.model import Words
from chalicelib.recruitment.model.rules import ReferralTerms
from chalicelib.recruitment.records import ReferralRecord, ReferrerRecord
from chalicelib.recruitment.service.rules import rules_of


@dataclass(frozen=True, slots=True)
class Inviting:
    """What a member sees of inviting: the ``code`` of their link, None while the brand lets nobody invite; how many
    joined by it and for how many they were rewarded; and what is given, in words: to them, and to the friend.
    """

    code: str | None
    joined: int
    rewarded: int
    reward: Words | None
    friend: Words | None
    terms: ReferralTerms | None


def read_inviting(tenant_id: str, member_id: str, now: datetime) -> Inviting:
    """What a member sees of inviting; their link works from the first time that they look."""
    terms = rules_of(tenant_id).referral
    counted_so_far = ReferrerRecord.fetch(*ReferrerRecord.address(tenant_id, member_id))
    joined, rewarded = (counted_so_far.friends, counted_so_far.paid) if counted_so_far else (0, 0)
    if terms is None:
        return Inviting(None, joined, rewarded, None, None, None)
    code = known_link(tenant_id, member_id) or own_link(tenant_id, member_id)
    reward, friend = rewards_in_words(tenant_id, terms, now)
    return Inviting(code, joined, rewarded, reward, friend, terms)


@dataclass(frozen=True, slots=True)
class Inviter:
    """Who invites, as others read their name, or None; and what the friend gets, in words, or None for nothing."""

    name: str | None
    friend: Words | None


def inviter_of(tenant_id: str, member_id: str, now: datetime) -> Inviter | None:
    """Who invites whoever follows a member's link; None where the brand lets nobody invite, or the member is blocked,
    or nobody any more.
    """
    terms = rules_of(tenant_id).referral
    found = None if terms is None else MemberRecord.at(tenant_id, member_id)
    if terms is None or found is None or found.blocked or found.united_with is not None:
        return None
    return Inviter(masked_name(found.name) if found.name else None, rewards_in_words(tenant_id, terms, now)[1])


def rewards_in_words(tenant_id: str, terms: ReferralTerms, now: datetime) -> tuple[Words | None, Words | None]:
    """What who brings a friend gets, and what the friend gets, as things stand; None for nothing."""
    points = get_rules(tenant_id)[0].earning.get(Action.REFERRAL)
    places = [(BatchRecord, *BatchRecord.address(tenant_id, each or "-")) for each in
              dict.fromkeys((terms.batch_id, terms.friend_batch_id))]  # fmt: skip
    found = {each.id: each for each in fetch_many(places) if each is not None}
    coupons = [coupon_in_words(found.get(str(each)), now) for each in (terms.batch_id, terms.friend_batch_id)]
    given = [Words(counted(points.points, "point"), f"{points.points} 积分")] if points else []
    own = [*given, *([coupons[0]] if coupons[0] else [])]
    if not own:
        return None, coupons[1]
    return Words(" and ".join(each.en for each in own), "和".join(each.zh for each in own)), coupons[1]


def friends_of(tenant_id: str, member_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[ReferralRecord]:
    """Whom a member brought, latest first."""
    partition = ReferralRecord.of_referrer(tenant_id, member_id)
    return ReferralRecord.page(partition, index="gsi1", limit=limit, cursor=cursor, newest_first=True)
