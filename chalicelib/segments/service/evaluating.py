"""Members are looked at: who comes into a segment, who goes out, and which tags they carry.

What a segment says (its bits), what the member shows, and the events of both are one transaction, which holds only for
the members, the rules and the scores that were read. So a message that comes twice, late, or is worked by two at once
changes nothing a second time, and no crash leaves one without the other.

Purchases are kept elsewhere, and no transaction holds for them. Whoever has changed somebody by theirs decides of them
again afterwards: another who wrote newer ones meanwhile may have found that nothing changes, and written nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from pynamodb.expressions.update import Action

from chalicelib.db import Transaction, change, fetch_many, put_many
from chalicelib.db.change import MOST_TRIES, Contended
from chalicelib.members.records import MemberRecord
from chalicelib.segments.model.evaluating import next_look_on
from chalicelib.segments.model.facts import Facts
from chalicelib.segments.model.membership import NOTHING, Belongs, Defined, Wish, belongs, in_order
from chalicelib.segments.model.rules import asks_history, asks_scores
from chalicelib.segments.records import (
    CHUNK_MEMBERS,
    ENTERED,
    LEFT,
    ChunkRecord,
    LookRecord,
    SegmentRecord,
    SegmentsRecord,
)
from chalicelib.segments.service.facts import Known, counts, facts_of, has_bought, read_members
from chalicelib.segments.service.scores import Kept, nobody_scores, read_scores

TOGETHER = 40
"""Members who are written in one transaction: with a chunk of each of fifty segments, below a hundred operations."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is decided of members: by all segments, or ``only`` by some, where the others stay as they are. ``wish`` is
    what is done by hand with them, ``noted`` with each transaction that changes anything. Of tags each gets those that
    the brand has, as far as there is room; ``refuses`` is told first who would not get all, with the brand's, and may
    raise.
    """

    now: datetime
    only: frozenset[str] | None = None
    wish: Wish = NOTHING
    noted: Callable[[Transaction], None] | None = None
    refuses: Callable[[MemberRecord, Sequence[str]], None] | None = None

    def wish_for(self, member: MemberRecord, known: Sequence[str]) -> Wish:
        """What is done by hand with one, of a brand with these tags."""
        possible = self.wish.possible(known, member.own_tags or ()) if self.wish.gets else self.wish
        if possible is not self.wish and self.refuses is not None:
            self.refuses(member, known)
        return possible


def look_at(tenant_id: str, ordinals: Iterable[int], now: datetime) -> None:
    """Decides again, by all rules of the brand, in which segments these members are, by ordinal, and which tags they
    carry. A brand without segments costs one read. Members who are no more go out of all.
    """
    wanted = sorted(set(ordinals))
    if wanted and has_segments(tenant_id):
        decide_all(tenant_id, wanted, Look(now))


def has_segments(tenant_id: str) -> bool:
    """Whether the brand has any segment."""
    return bool(SegmentRecord.page(SegmentRecord.partition(tenant_id), limit=1, consistent=True).items)


def decide_all(tenant_id: str, ordinals: Iterable[int], look: Look) -> None:
    """Decides of members by ordinal, some at a time. Raises Contended where others keep changing the same members."""
    for some in _together(sorted(set(ordinals))):
        _decide(tenant_id, some, look)


def _together(ordinals: Sequence[int]) -> Iterator[list[int]]:
    """So many at a time, never of two chunks."""
    for _, of_chunk in groupby(ordinals, key=lambda each: each // CHUNK_MEMBERS):
        some = list(of_chunk)
        yield from (some[at : at + TOGETHER] for at in range(0, len(some), TOGETHER))


@dataclass(slots=True)
class _Read:
    """What a decision is made of. ``bits`` has the chunk of each segment that changes, ``scores`` what members score
    where a rule asks; ``bought`` says whether their purchases were read.
    """

    head: SegmentsRecord
    segments: dict[str, SegmentRecord]
    known: Known
    belongs: dict[int, Belongs]
    shown: dict[int, frozenset[str]]
    wishes: dict[int, Wish] = field(default_factory=dict)
    bits: dict[str, ChunkRecord] = field(default_factory=dict)
    scores: Kept | None = None
    bought: bool = False

    def changes(self) -> Iterator[tuple[int, frozenset[str], frozenset[str]]]:
        """Members with the segments that they come into, and go out of."""
        for ordinal, belonging in self.belongs.items():
            before = self.shown[ordinal]
            yield ordinal, belonging.segments - before, before - belonging.segments


def _decide(tenant_id: str, ordinals: Sequence[int], look: Look) -> None:
    """Decides of members of one chunk, until nobody changes any more by purchases."""
    for _ in range(MOST_TRIES):
        ordinals = _decide_once(tenant_id, ordinals, look)
        if not ordinals:
            return
        look = replace(look, wish=NOTHING, noted=None)  # which is done
    raise Contended("The orders of members keep changing; this is done again.", retry_after=1)


def _decide_once(tenant_id: str, ordinals: Sequence[int], look: Look) -> list[int]:
    """Decides of members; answers who has changed and whose purchases were read for it."""
    chunk = ordinals[0] // CHUNK_MEMBERS

    def decide(read: _Read, tx: Transaction) -> list[int]:
        again = []
        entered, left = _moves(read)
        for segment_id in sorted(entered.keys() | left.keys()):
            _move(tx, read.bits[segment_id], entered.get(segment_id, []), left.get(segment_id, []), look.now)
        for ordinal, member in read.known.members.items():
            if member is not None and _show(tx, member, read.belongs[ordinal], read.wishes[ordinal]):
                again += [ordinal] if read.bought and has_bought(member) else []
        if len(tx):
            same = SegmentsRecord.edition == int(read.head.edition)
            tx.check("rules", SegmentsRecord, *SegmentsRecord.address(tenant_id), same)
            if read.scores is not None:
                read.scores.hold(tx, tenant_id)
            if look.noted is not None:
                look.noted(tx)
        return again

    return change(lambda: _read(tenant_id, ordinals, chunk, look), decide)


def _read(tenant_id: str, ordinals: Sequence[int], chunk: int, look: Look) -> _Read:
    head = SegmentsRecord.at(tenant_id)  # before what it stands for
    segments = {each.id: each for each in SegmentRecord.of_tenant(tenant_id)}
    known = read_members(tenant_id, ordinals)
    read = _Read(head, segments, known, {}, {each: _shown(known.members[each]) for each in ordinals})
    if None in known.members.values():
        _find_gone(read, chunk)
    _fill(read, look)
    moved = {segment_id for _, came, went in read.changes() for segment_id in came | went} - read.bits.keys()
    addresses = {each: ChunkRecord.address(tenant_id, each, chunk) for each in sorted(moved)}
    found = fetch_many([(ChunkRecord, *place) for place in addresses.values()], consistent=True) if moved else []
    for (segment_id, place), record in zip(addresses.items(), found, strict=True):
        read.bits[segment_id] = record or _empty(place)
    return read


def _empty(place: tuple[str, str]) -> ChunkRecord:
    made = ChunkRecord(*place, rev=0)
    made.members = 0
    return made


def _shown(member: MemberRecord | None) -> frozenset[str]:
    return frozenset((member.segment_ids if member else None) or ())


def _find_gone(read: _Read, chunk: int) -> None:
    """Of members who are no more nothing says in which segments they were but the segments themselves."""
    tenant_id = read.known.tenant.id
    places = {each: ChunkRecord.address(tenant_id, each, chunk) for each in read.segments}
    found = fetch_many([(ChunkRecord, *place) for place in places.values()], consistent=True) if places else []
    for segment_id, record in zip(places, found, strict=True):
        if record is None:
            continue
        read.bits[segment_id] = record
        members = record.members
        for ordinal, member in read.known.members.items():
            if member is None and members >> (ordinal % CHUNK_MEMBERS) & 1:
                read.shown[ordinal] |= {segment_id}


def _fill(read: _Read, look: Look) -> None:
    """Decides of each member, and notes when time alone may change it: before that is written, so that nobody is missed
    by a crash.
    """
    standing = [each for each in read.segments.values() if not each.deleting]
    order = in_order(each.defined for each in standing).segments
    decided = [each for each in order if look.only is None or each.id in look.only]
    rules = [each.rule for each in decided if each.rule is not None]
    if any(asks_scores(rule) for rule in rules):
        read.scores = read_scores(read.known.tenant.id, read.known.members)
    score = nobody_scores if read.scores is None else read.scores.of
    read.bought = any(asks_history(rule) for rule in rules)
    facts = facts_of(read.known, look.now, history=read.bought, score=score)
    looks = []
    for ordinal, member in read.known.members.items():
        wish = NOTHING if member is None else look.wish_for(member, read.head.tags)
        read.wishes[ordinal] = wish
        if member is None or not counts(member):
            read.belongs[ordinal] = _left_over(standing, member, wish)
            continue
        read.belongs[ordinal] = _belongs(order, decided, facts[ordinal], member, wish)
        if (on := next_look_on(rules, facts[ordinal])) is not None:
            looks.append(LookRecord.of(read.known.tenant.id, on, ordinal))
    put_many(looks)


def _belongs(
    order: Sequence[Defined], decided: Sequence[Defined], facts: Facts, member: MemberRecord, wish: Wish
) -> Belongs:
    """What a member belongs to; of segments that are not decided now they stay where they are."""
    shown, asked = _shown(member), {each.id for each in decided}
    lists = wish.lists_after(shown)
    as_now = [each if each.id in asked else Defined(each.id, None, each.tag) for each in order]
    return belongs(as_now, facts, lists, wish.tags_after(member.own_tags or ()))


def _left_over(standing: Iterable[SegmentRecord], member: MemberRecord | None, wish: Wish) -> Belongs:
    """What stays with somebody who is in no segment of a rule any more: of one whose history is another's, what was
    said of them by hand, until it has been handed on.
    """
    if member is None:
        return Belongs(frozenset(), ())
    lists = {each.id for each in standing if each.is_list}
    return Belongs(frozenset(wish.lists_after(_shown(member)) & lists), wish.tags_after(member.own_tags or ()))


def _moves(read: _Read) -> tuple[Mapping[str, list[int]], Mapping[str, list[int]]]:
    """By segment, who comes in and who goes out."""
    entered, left = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for ordinal, came, went in read.changes():
        for segment_id in came:
            entered[segment_id].append(ordinal)
        for segment_id in went:
            left[segment_id].append(ordinal)
    return entered, left


def _move(tx: Transaction, record: ChunkRecord, entered: list[int], left: list[int], now: datetime) -> None:
    segment_id, members = record.segment_id, record.members
    for ordinal in entered:
        members |= 1 << (ordinal % CHUNK_MEMBERS)
    for ordinal in left:
        members &= ~(1 << (ordinal % CHUNK_MEMBERS))
    record.members = members
    for event, ordinals in ((ENTERED, entered), (LEFT, left)):
        if ordinals:
            record.emit(event, now, segment_id=segment_id, ordinals=sorted(ordinals))
    if record.rev:
        tx.replace(f"bits:{segment_id}", record)
    else:
        record.rev = 1
        tx.create(f"bits:{segment_id}", record)


def _show(tx: Transaction, member: MemberRecord, belonging: Belongs, wish: Wish) -> bool:
    """Writes what the member shows, where that has changed, and answers whether it has."""
    own = wish.tags_after(member.own_tags or ())
    actions: list[Action] = [
        attribute.set(list(after)) if after else attribute.remove()
        for attribute, before, after in (
            (MemberRecord.segment_ids, member.segment_ids, sorted(belonging.segments)),
            (MemberRecord.tags, member.tags, belonging.tags),
            (MemberRecord.own_tags, member.own_tags, own),
        )
        if list(after) != list(before or ())
    ]
    if not actions:
        return False
    # Without its earlier events, which the relay would be called for in vain.
    actions += [MemberRecord.rev.add(1), MemberRecord.outbox.remove()]
    if member.untouched and wish is NOTHING:
        actions.append(MemberRecord.brought_rev.set(int(member.rev) + 1))  # no hand has changed them
    tx.update(
        f"member:{int(member.ordinal)}", MemberRecord, str(member.pk), str(member.sk),
        actions=actions, condition=MemberRecord.rev == int(member.rev),
    )  # fmt: skip
    return True
