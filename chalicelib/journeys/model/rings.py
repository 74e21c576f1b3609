"""Which journeys begin by what others do, and whether one feeds itself. Pure.

A tag and points are what a journey gives that rules of segments ask for. What turns with them is followed through all
segments: who comes into one carries its tag, and who goes out of one may come into another that asks for those who are
not in it. A rule that a tag only takes somebody out of feeds nothing. Points that are given count for no tier.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.journeys.model.journeys import Definition, tags
from chalicelib.journeys.model.steps import Points
from chalicelib.segments.model.fields import Op
from chalicelib.segments.model.membership import Defined
from chalicelib.segments.model.rules import Condition, Not, Rule


@dataclass(slots=True)
class _Turned:
    """What may have changed for a member: segments and tags that they came into (``gained``) or lost (``lost``), by
    the name of the field that rules ask for them by; and whether their points grew.
    """

    points: bool = False
    gained: dict[str, set[str]] = field(default_factory=lambda: {"segments": set(), "tags": set()})
    lost: dict[str, set[str]] = field(default_factory=lambda: {"segments": set(), "tags": set()})

    def size(self) -> int:
        return sum(len(each) for turned in (self.gained, self.lost) for each in turned.values())

    def notes(self, segment: Defined, turned: Mapping[str, set[str]]) -> None:
        turned["segments"].add(segment.id)
        if segment.tag:
            turned["tags"].add(segment.tag)


def brings_into(definition: Definition, segments: Iterable[Defined]) -> frozenset[str]:
    """The segments into which members may come by what a journey gives them."""
    turned = _Turned(points=any(isinstance(each, Points) for each in definition.steps))
    turned.gained["tags"].update(tag for _, tag in tags(definition))
    ruled = [(each, each.rule) for each in segments if each.rule is not None]
    while True:
        before = turned.size()
        for segment, rule in ruled:
            if _may_turn(rule, turned, to=True):
                turned.notes(segment, turned.gained)
            if _may_turn(rule, turned, to=False):
                turned.notes(segment, turned.lost)
        if turned.size() == before:
            return frozenset(turned.gained["segments"])


def _may_turn(rule: Rule, turned: _Turned, *, to: bool) -> bool:
    """Whether a rule may become true, or false, by what has turned."""
    if isinstance(rule, Not):
        return _may_turn(rule.part, turned, to=not to)
    if not isinstance(rule, Condition):
        return any(_may_turn(part, turned, to=to) for part in rule.parts)
    if rule.field == "points":
        return turned.points and (rule.op is Op.AT_LEAST) is to
    if rule.field in turned.gained:
        has = to is not (rule.op is Op.NONE_OF)
        return not (turned.gained if has else turned.lost)[rule.field].isdisjoint(rule.values)
    return False


def ring_of(
    journey_id: str, journeys: Mapping[str, Definition], segments: Sequence[Defined]
) -> list[str]:  # fmt: skip
    """The ids of the journeys by which one makes itself begin again, itself first, the shortest such way; none where it
    does not.
    """
    ways: list[list[str]] = [[journey_id]]
    seen: set[str] = set()
    for way in ways:
        into = brings_into(journeys[way[-1]], segments)
        begun = [other for other, each in journeys.items() if each.trigger.segment_id in into]
        if journey_id in begun:
            return way
        ways += [[*way, other] for other in begun if other not in seen]
        seen.update(begun)
    return []
