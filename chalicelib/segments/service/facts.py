"""What is known of members, read for rules: members and brand in one request, purchases only where a rule asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.db import fetch_many
from chalicelib.histories.model import Purchase
from chalicelib.histories.service import histories_of
from chalicelib.kernel.clock import zone
from chalicelib.kernel.language import nearest
from chalicelib.kernel.local_day import local_date
from chalicelib.members.model.classes import Thresholds
from chalicelib.members.records import MemberRecord
from chalicelib.segments.model.facts import Facts
from chalicelib.segments.model.scores import Scores
from chalicelib.segments.service.scores import ScoreOf, nobody_scores
from chalicelib.tenants.records import Tenant


@dataclass(frozen=True, slots=True)
class Known:
    """A brand, and by ordinal those of its members who were asked for; None for one who is no more."""

    tenant: Tenant
    members: dict[int, MemberRecord | None]


def read_members(tenant_id: str, ordinals: Sequence[int]) -> Known:
    """Members and their brand as last committed, in one request for each hundred."""
    wanted = [(MemberRecord, *MemberRecord.address_of_ordinal(tenant_id, each)) for each in ordinals]
    tenant, *found = fetch_many([(Tenant, *Tenant.address(tenant_id)), *wanted], consistent=True)
    return Known(tenant, dict(zip(ordinals, found, strict=True)))


def counts(member: MemberRecord | None) -> bool:
    """Whether somebody can be in a segment at all: not who is no more, nor whose history has become another's. Who is
    blocked stays where they are: whatever is for a segment passes them over itself.
    """
    return member is not None and member.united_with is None


def has_bought(member: MemberRecord) -> bool:
    """Whether anything may be read of what somebody bought: without a first day of an order nothing stands."""
    return counts(member) and member.first_ordered_on is not None


def facts_of(known: Known, now: datetime, *, history: bool, score: ScoreOf = nobody_scores) -> dict[int, Facts]:
    """The facts of those who can be in a segment, by ordinal; with their purchases where ``history`` is asked for, and
    what they ``score`` where a rule asks.

    Of who has bought nothing that stands nothing is read.
    """
    today = local_date(now, zone(known.tenant.timezone))
    members = {ordinal: member for ordinal, member in known.members.items() if member is not None and counts(member)}
    buyers = [ordinal for ordinal, member in members.items() if has_bought(member)]
    bought = histories_of(known.tenant.id, buyers) if history and buyers else {}
    return {
        ordinal: _facts(
            known.tenant, member, today, bought[ordinal].purchases if ordinal in bought else (), score(ordinal)
        )
        for ordinal, member in members.items()
    }


def _facts(
    tenant: Tenant, member: MemberRecord, today: date, purchases: Sequence[Purchase], scores: Scores | None
) -> Facts:  # fmt: skip
    consent = member.consent or {}
    thresholds = thresholds_of(tenant)
    seen = [member.last_ordered_on, member.took_part_on if thresholds.taking_part_counts else None]
    return Facts(
        today=today,
        joined_on=member.joined_on,
        currency=str(tenant.currency),
        origin=member.came,
        language=nearest(member.locale or tenant.locale),
        tier=member.tier,
        points=int(member.points or 0),
        consents=frozenset(purpose for purpose, said in consent.items() if said.get("granted") is True),
        profile=member.usable("personalisation"),
        first_ordered_on=member.first_ordered_on,
        last_ordered_on=member.last_ordered_on,
        last_active_on=member.last_active_on,
        seen_on=max((each for each in seen if each is not None), default=None),
        left=member.left_at is not None,
        thresholds=thresholds,
        purchases=purchases,
        scores=scores,
    )


def thresholds_of(tenant: Tenant) -> Thresholds:
    """Where the brand's classes part."""
    return Thresholds.from_json(tenant.class_thresholds)
