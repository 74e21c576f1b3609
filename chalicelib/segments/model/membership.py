"""Which segments a member is in, and which tags they carry, by all rules of a brand together. Pure.

A rule may ask for a segment or a tag that another one gives: the others are decided first, and no ring is let in.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.segments.model.evaluating import asks_for, holds
from chalicelib.segments.model.facts import Facts
from chalicelib.segments.model.rules import Rule

MOST_SEGMENTS = 50
MOST_TAGS = 200
MOST_MEMBER_TAGS = 50
LONGEST_TAG = 30


@dataclass(frozen=True, slots=True)
class Defined:
    """A segment as it is decided: by a ``rule``, or by hand where there is none. Who is in it carries its ``tag``."""

    id: str
    rule: Rule | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Belongs:
    """The segments of a member, and their tags: those given by hand first, then those of segments; fifty at most."""

    segments: frozenset[str]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is done by hand with a member: lists that they come into or go out of, tags that they get or lose."""

    joins: frozenset[str] = frozenset()
    quits: frozenset[str] = frozenset()
    gets: tuple[str, ...] = ()
    loses: frozenset[str] = frozenset()

    def tags_after(self, tags: Sequence[str]) -> tuple[str, ...]:
        """The tags given by hand, afterwards."""
        return tuple(each for each in dict.fromkeys((*tags, *self.gets)) if each not in self.loses)

    def possible(self, known: Collection[str], tags: Sequence[str]) -> "Wish":
        """What of it can be done with one who carries these ``tags`` by hand: without those that the brand has not
        (any more), nor those for which there is no room.
        """
        wanted = [each for each in dict.fromkeys(self.gets) if each not in self.loses]
        stay = [each for each in dict.fromkeys(tags) if each not in self.loses]
        room = MOST_MEMBER_TAGS - len(stay)
        new = [each for each in wanted if each not in stay]
        fit = [each for each in new if each in known][: max(0, room)]
        return self if fit == new else replace(self, gets=tuple(fit))

    def lists_after(self, lists: frozenset[str]) -> frozenset[str]:
        """The lists that they are in, afterwards."""
        return (lists | self.joins) - self.quits


NOTHING = Wish()


@dataclass(frozen=True, slots=True)
class Order:
    """Segments, each after those that it asks for; ``rings`` are those that ask for one another in a ring."""

    segments: tuple[Defined, ...] = ()
    rings: tuple[Defined, ...] = field(default=())


def needs(defined: Defined, given_by: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The segments that must be decided before this one; ``given_by`` says which give a tag."""
    if defined.rule is None:
        return frozenset()
    tags = asks_for(defined.rule, "tags")
    return asks_for(defined.rule, "segments").union(*(given_by.get(tag, frozenset()) for tag in tags))


def in_order(defined: Iterable[Defined]) -> Order:
    """Segments in the order in which they can be decided."""
    waiting = {each.id: each for each in defined}
    given_by = _given_by(waiting.values())
    done: list[Defined] = []
    while ready := [each for each in waiting.values() if needs(each, given_by).isdisjoint(waiting)]:
        done += ready
        for each in ready:
            del waiting[each.id]
    return Order(tuple(done), tuple(waiting.values()))


def depending_on(defined: Iterable[Defined], segment_id: str) -> frozenset[str]:
    """A segment and all that ask for it, or for the tag that it gives, also by way of others."""
    every = list(defined)
    given_by = _given_by(every)
    found = {segment_id}
    while more := {each.id for each in every if not needs(each, given_by).isdisjoint(found)} - found:
        found |= more
    return frozenset(found)


def _given_by(defined: Iterable[Defined]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for each in defined:
        if each.tag:
            found[each.tag] = found.get(each.tag, frozenset()) | {each.id}
    return found


def belongs(order: Sequence[Defined], facts: Facts, lists: frozenset[str], tags: Sequence[str]) -> Belongs:
    """What a member belongs to. ``lists`` are the segments without a rule that they are in, ``tags`` those that were
    given to them by hand; ``order`` is that of :func:`in_order`.
    """
    inside, carried = frozenset[str](), list(dict.fromkeys(tags))
    for each in order:
        known = facts.having(inside, frozenset(carried))
        if each.id in lists if each.rule is None else holds(each.rule, known):
            inside |= {each.id}
            if each.tag and each.tag not in carried:
                carried.append(each.tag)
    return Belongs(inside, tuple(carried[:MOST_MEMBER_TAGS]))
