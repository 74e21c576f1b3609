"""How many members a rule that is not saved yet would have, and why somebody is in a segment or is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, sqrt

from chalicelib.kernel.errors import NotFound
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.service.members import get_member
from chalicelib.segments.model.evaluating import Met, explained, holds
from chalicelib.segments.model.rules import Rule, asks_history, asks_scores
from chalicelib.segments.records import SegmentRecord
from chalicelib.segments.service.facts import counts, facts_of, read_members
from chalicelib.segments.service.naming import check_names
from chalicelib.segments.service.reading import get_segment
from chalicelib.segments.service.scores import nobody_scores, read_scores, scores_now

EXACT_UP_TO = 400
"""Members whom a count looks at. Where there are more, so many of them, evenly spread, stand for all."""

_Z = 1.96  # of 95 %


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule comes to now: ``count`` of ``of`` members. Unless it is ``exact`` that is an estimate, and the true
    number is with 95 % certainty from ``at_least`` to ``at_most`` (Wilson's interval for a share).
    """

    count: int
    of: int
    exact: bool
    at_least: int
    at_most: int


def try_rule(tenant_id: str, rule: Rule, now: datetime) -> Tried:
    """How many members a rule would have. Raises RuleRefused for what the brand does not have."""
    check_names(tenant_id, rule)
    given = ordinals_given(tenant_id)
    step = max(1, ceil(given / EXACT_UP_TO))
    ordinals = range(0, given, step)
    known = read_members(tenant_id, ordinals)
    score = scores_now(tenant_id, ordinals, now) if asks_scores(rule) else nobody_scores
    facts = facts_of(known, now, history=asks_history(rule), score=score)
    found = sum(
        holds(rule, facts[each].having(frozenset(member.segment_ids or ()), frozenset(member.tags or ())))
        for each, member in known.members.items()
        if member is not None and counts(member)
    )
    if step == 1:
        return Tried(found, len(facts), True, found, found)
    low, high = _interval(found, len(ordinals))
    of = round(len(facts) / len(ordinals) * given)
    return Tried(round(found / len(ordinals) * given), of, False, floor(low * given), ceil(high * given))


def _interval(found: int, of: int) -> tuple[float, float]:
    """Wilson's interval of a share (Wilson 1927), 95 %."""
    share, z2 = found / of, _Z * _Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Why:
    """Whether a member is in a segment, and each condition of its rule with what it met; none for a list. ``holds``
    says what the rule comes to as things stand: it differs from ``inside`` for a moment while members are looked at.
    """

    segment: SegmentRecord
    member_id: str
    inside: bool
    holds: bool
    met: Sequence[Met]


def why(tenant_id: str, segment_id: str, member_id: str, now: datetime) -> Why:
    """Why a member is in a segment, or is not. Raises NotFound."""
    segment = get_segment(tenant_id, segment_id)
    member = get_member(tenant_id, member_id, consistent=True)
    inside = segment_id in (member.segment_ids or ())
    rule = segment.rule
    if rule is None:
        return Why(segment, member.id, inside, inside, ())
    ordinal = int(member.ordinal)
    score = read_scores(tenant_id, [ordinal]).of if asks_scores(rule) else nobody_scores
    known = read_members(tenant_id, [ordinal])
    facts = facts_of(known, now, history=asks_history(rule), score=score).get(ordinal)
    if facts is None:
        raise NotFound("There is no such member.", detail_zh="没有该会员。")
    facts = facts.having(frozenset(member.segment_ids or ()), frozenset(member.tags or ()))
    return Why(segment, member.id, inside, holds(rule, facts), explained(rule, facts))
