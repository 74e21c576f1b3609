"""Scores kept for rules: packed, written with who is to be looked at for them, and read no older than they are.

What members score is given here; `tests/insight/test_scores_of_segments.py` has it from orders and the report.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pynamodb.exceptions import PynamoDBException

from chalicelib.db import metered, tenant_scope
from chalicelib.db.meter import Meter
from chalicelib.kernel import clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.local_day import local_date
from chalicelib.segments.model.scores import (
    CHUNK_MEMBERS,
    Scored,
    Scores,
    changed,
    compressed,
    decompressed,
    packed,
    score_at,
)
from chalicelib.segments.records import SCORED, ChunkRecord, ScoresRecord, ScoringRecord
from chalicelib.segments.service import evaluating, reading, scores, scoring
from tests.builders import Shop, made
from tests.conftest import Drain
from tests.crowds import crowd
from tests.faults import Faults, Killed, faults
from tests.orders.test_faults import _without_pauses, faulty_runs, repeated, requests_of

__all__ = ["_without_pauses", "faults"]

BEST = {"field": "rfm_recency", "op": "at_least", "value": 5}
HIGH, LOW = (5, 3, 1), (4, 3, 1)

SCORE = some.tuples(*[some.integers(1, 5)] * 3)
PLACES = some.integers(0, 3 * CHUNK_MEMBERS)


@given(some.dictionaries(PLACES, SCORE, max_size=30))
def test_what_was_packed_is_read_again(given: dict[int, Scores]) -> None:
    chunks = {number: decompressed(compressed(raw)) for number, raw in packed(given).items()}
    for ordinal in {*given, *(each + 1 for each in given)}:
        raw = chunks.get(ordinal // CHUNK_MEMBERS, b"")
        assert score_at(raw, ordinal % CHUNK_MEMBERS) == given.get(ordinal)


@given(some.dictionaries(some.integers(0, 50), SCORE), some.dictionaries(some.integers(0, 50), SCORE))
def test_who_changed_is_who_scores_otherwise(before: dict[int, Scores], after: dict[int, Scores]) -> None:
    bits = changed(packed(before).get(0, b""), packed(after).get(0, b""))
    assert bits == sum(1 << each for each in range(51) if before.get(each) != after.get(each))


class Brand:
    """A brand whose members score what is said here."""

    def __init__(self, shop: Shop, drain: Drain) -> None:
        self.shop, self.drain, self.tenant_id = shop, drain, shop.tenant_id
        self.scores: dict[int, Scores] = {}
        self.as_of: date = self.yesterday
        self.counted = 0
        self.looked_at: list[int] = []

    @property
    def yesterday(self) -> date:
        return local_date(clock.now(), zone(self.shop.timezone)) - timedelta(days=1)

    def latest(self, tenant_id: str, now: object) -> Scored:
        self.counted += 1
        return Scored(self.as_of, dict(self.scores))

    def say(self, scores: Mapping[int, Scores]) -> None:
        self.scores = dict(scores)

    def night(self) -> None:
        """The night's message; those that follow are not worked yet."""
        scoring.score_for_night(self.tenant_id, clock.now())

    def segment(self, rule: Any = BEST) -> str:
        found = made(self.shop.brand.post("/v1/segments", {"title": "Scored", "rule": rule}))
        self.drain()
        return str(found["id"])

    def inside(self, segment_id: str) -> list[int]:
        bits = reading.members_of(self.tenant_id, segment_id)
        return [each for each in range(bits.bit_length()) if bits >> each & 1]

    def chunk(self, number: int = 0) -> ScoresRecord | None:
        return ScoresRecord.fetch(*ScoresRecord.address(self.tenant_id, number), consistent=True)

    def right(self) -> list[int]:
        return [each for each, score in sorted(self.scores.items()) if score[0] == 5]


@pytest.fixture
def brand(shop: Shop, drain: Drain, monkeypatch: pytest.MonkeyPatch) -> Iterator[Brand]:
    """What workers do, they do within their tenant."""
    found, look = Brand(shop, drain), evaluating.look_at
    monkeypatch.setattr(scoring, "latest", found.latest)
    monkeypatch.setattr(scores, "latest", found.latest)

    def noted(tenant_id: str, who: Sequence[int], now: Any) -> None:
        found.looked_at.extend(who)
        look(tenant_id, who, now)

    monkeypatch.setattr(scoring, "look_at", noted)
    with tenant_scope(shop.tenant_id):
        yield found


def test_a_rule_that_begins_to_ask_has_members_scored_once(brand: Brand) -> None:
    crowd(brand.shop, 4)
    brand.say({0: HIGH, 1: LOW, 2: HIGH})  # the last has never ordered
    tried = made(brand.shop.brand.post("/v1/segments/count", {"rule": BEST}), 200)
    assert (tried["count"], brand.chunk()) == (2, None)
    best = brand.segment()
    others = brand.segment({"not": BEST})
    assert (brand.inside(best), brand.inside(others)) == ([0, 2], [1, 3])
    assert brand.counted == 2  # tried, and for the first of the segments
    assert brand.looked_at == []  # all were decided for it
    read = made(brand.shop.brand.get(f"/v1/segments/{best}"), 200)
    assert read["scores_as_of"] == brand.yesterday.isoformat()
    assert made(brand.shop.brand.post("/v1/segments/count", {"rule": BEST}), 200)["count"] == 2
    assert brand.counted == 2  # it is kept


def test_a_night_has_those_looked_at_who_score_otherwise(brand: Brand) -> None:
    ordinals = crowd(brand.shop, 90)
    brand.say(dict.fromkeys(ordinals, LOW))
    best = brand.segment()
    costs = []
    for risen in ([], [7], range(20, 60)):
        brand.looked_at.clear()
        brand.say({**brand.scores, **dict.fromkeys(risen, HIGH)})
        with metered() as meter:
            brand.night()
            scoring.look_on(brand.tenant_id, 0, clock.now())
        costs.append((len(risen), meter.reads, meter.items_read))
        assert brand.looked_at == list(risen)
        assert brand.inside(best) == brand.right()
    (_, none, no_items), (_, one, one_item), (_, forty, forty_items) = costs
    assert none <= 6, costs  # the segments, how far scoring is, twice, the chunks, and who waits in this one
    assert no_items <= 6, costs
    assert one <= none + 8, costs
    assert forty <= one + 1, costs  # forty members are one transaction
    assert forty_items - one_item <= 40, costs


def test_a_night_without_change_writes_no_scores_and_a_brand_that_does_not_ask_pays_one_read(brand: Brand) -> None:
    crowd(brand.shop, 2)
    brand.say(dict.fromkeys((0, 1, CHUNK_MEMBERS, 2 * CHUNK_MEMBERS), LOW))
    with metered() as nothing:
        brand.night()
    assert (nothing.reads, nothing.writes, brand.counted) == (1, 0, 0)
    brand.segment()
    chunks = [brand.chunk(number) for number in range(3)]
    brand.as_of += timedelta(days=1)

    def quiet() -> Meter:
        with metered() as meter:
            brand.night()
        return meter

    assert (quiet().writes, quiet().writes) == (2, 1)  # that it begins, and the day that is new
    assert quiet().items_read == 1 + 3 + 2  # the segment, the chunks, and how far it is, twice
    assert [each and each.rev for each in chunks] == [each and each.rev for each in map(brand.chunk, range(3))]


def test_a_message_that_comes_twice_looks_at_nobody_twice(brand: Brand) -> None:
    crowd(brand.shop, 3)
    brand.say({0: HIGH, 1: LOW})
    best = brand.segment()
    brand.say({0: LOW, 1: HIGH})
    brand.night()
    brand.night()
    assert brand.looked_at == []
    brand.drain()
    brand.drain()
    scoring.look_on(brand.tenant_id, 0, clock.now())
    assert (brand.looked_at, brand.inside(best)) == ([0, 1], [1])


def test_who_was_not_looked_at_waits_until_they_are(brand: Brand) -> None:
    crowd(brand.shop, 3)
    brand.say(dict.fromkeys(range(3), LOW))
    best = brand.segment()
    said = []
    for high in (0, 1, 1):  # in the last night nobody changes
        brand.say({**brand.scores, high: HIGH})
        brand.night()
        chunk = brand.chunk()
        assert chunk is not None
        said += chunk.outbox
    assert [(each["t"], each["d"]) for each in said] == [(SCORED, {"chunk": 0})] * 3
    assert len({each["i"] for each in said}) == 3
    scoring.look_on(brand.tenant_id, 0, clock.now())
    assert (brand.looked_at, brand.inside(best)) == ([0, 1], [0, 1])


def test_who_waits_is_decided_by_the_rule_as_it_is_by_then(brand: Brand) -> None:
    crowd(brand.shop, 3)
    brand.say({0: LOW, 1: HIGH})
    best = brand.segment()
    brand.say({0: HIGH, 1: LOW})
    brand.night()
    path = f"/v1/segments/{best}"
    made(brand.shop.brand.patch(path, {"rule": {"not": {**BEST, "op": "at_most", "value": 4}}}), 200)
    brand.drain()
    assert brand.inside(best) == [0, 2]  # who has no score is not at most 4
    brand.say({0: LOW, 1: LOW, 2: LOW})
    brand.night()
    made(brand.shop.brand.delete(path), 204)
    brand.drain()
    assert brand.looked_at == [0, 1, 0, 2]
    assert not list(ChunkRecord.every(ChunkRecord.partition(brand.tenant_id)))


def test_a_look_reads_the_scores_of_its_chunk_only_where_a_rule_asks(brand: Brand) -> None:
    crowd(brand.shop, 3)
    brand.say({0: LOW, 1: HIGH})

    def reads() -> int:
        with metered() as meter:
            evaluating.look_at(brand.tenant_id, [0, 1], clock.now())
        return meter.reads

    brand.segment({"field": "points", "op": "at_least", "value": 1})
    before = reads()
    brand.segment()
    assert reads() == before + 1


def test_many_who_wait_are_looked_at_by_as_many_messages_as_it_takes(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "SLICE", 2)
    monkeypatch.setattr(scoring, "MESSAGE_SECONDS", 0.0)
    ordinals = crowd(brand.shop, 7)
    brand.say(dict.fromkeys(ordinals, LOW))
    best = brand.segment()
    brand.say(dict.fromkeys(ordinals, HIGH))
    brand.night()
    scoring.look_on(brand.tenant_id, 0, clock.now())
    assert brand.looked_at == [0, 1]
    brand.drain()
    assert (brand.looked_at, brand.inside(best)) == (list(ordinals), list(ordinals))
    chunk = brand.chunk()
    assert chunk is not None
    assert chunk.waiting is None


def test_a_look_by_scores_of_before_is_not_committed(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its reading and its commit the night writes, and the look that follows has nothing to change."""
    crowd(brand.shop, 2)
    brand.say({0: LOW, 1: LOW})
    best, moves, times = brand.segment(), evaluating._moves, []
    brand.say({0: HIGH, 1: LOW})
    brand.night()  # 0 waits
    brand.say({0: LOW, 1: LOW})

    def interrupted(read: Any) -> Any:
        times.append(None)
        if len(times) == 1:
            brand.night()
            scoring.look_on(brand.tenant_id, 0, clock.now())
        return moves(read)

    monkeypatch.setattr(evaluating, "_moves", interrupted)
    evaluating.look_at(brand.tenant_id, [0, 1], clock.now())
    assert brand.inside(best) == brand.right() == []
    assert len(times) == 3


def test_who_changes_again_while_they_are_looked_at_waits_again(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(brand.shop, 2)
    brand.say({0: LOW, 1: LOW})
    best, look = brand.segment(), scoring.look_at
    brand.say({0: HIGH, 1: LOW})
    brand.night()

    def interrupted(tenant_id: str, who: Sequence[int], now: Any) -> None:
        look(tenant_id, who, now)
        monkeypatch.setattr(scoring, "look_at", look)
        assert brand.inside(best) == [0]
        brand.say({0: LOW, 1: HIGH})
        brand.night()

    monkeypatch.setattr(scoring, "look_at", interrupted)
    scoring.look_on(brand.tenant_id, 0, clock.now())
    assert brand.inside(best) == [1]


def test_whoever_began_to_score_before_writes_nothing_any_more(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(brand.shop, 2)
    brand.say({0: LOW, 1: LOW})
    best = brand.segment()
    latest = scoring.latest

    def slowly(tenant_id: str, now: Any) -> Scored:
        """Counts, and is overtaken by another, who has newer orders."""
        found = latest(tenant_id, now)
        monkeypatch.setattr(scoring, "latest", latest)
        brand.say({0: LOW, 1: HIGH})
        brand.as_of += timedelta(days=1)
        brand.night()
        return found

    brand.say({0: HIGH, 1: LOW})
    monkeypatch.setattr(scoring, "latest", slowly)
    with pytest.raises(scoring.Overtaken):
        brand.night()
    brand.drain()
    assert brand.inside(best) == [1]
    assert ScoringRecord.at(brand.tenant_id).as_of == brand.as_of


def test_a_rule_that_asks_again_after_days_has_scores_of_the_last_day(brand: Brand) -> None:
    crowd(brand.shop, 2)
    brand.say({0: HIGH, 1: LOW})
    best = brand.segment()
    path = f"/v1/segments/{best}"
    made(brand.shop.brand.patch(path, {"rule": {"field": "points", "op": "at_least", "value": 1}}), 200)
    brand.drain()
    assert made(brand.shop.brand.get(path), 200)["scores_as_of"] is None
    scoring_of = ScoringRecord.at(brand.tenant_id)
    brand.as_of, so_far = brand.yesterday - timedelta(days=9), brand.counted
    brand.night()
    assert brand.counted == so_far  # nobody asks
    _set_as_of(scoring_of, brand.as_of)
    brand.as_of = brand.yesterday
    brand.say({0: LOW, 1: HIGH})
    assert made(brand.shop.brand.post("/v1/segments/count", {"rule": BEST}), 200)["count"] == 1
    made(brand.shop.brand.patch(path, {"rule": BEST}), 200)
    brand.drain()
    assert (brand.inside(best), brand.looked_at) == ([1], [0, 1])
    assert made(brand.shop.brand.get(path), 200)["scores_as_of"] == brand.yesterday.isoformat()


def _set_as_of(record: ScoringRecord, as_of: date) -> None:
    record.as_of = as_of
    record.save()


def gone_through(brand: Brand, faults: Faults, best: str, runs: Iterator[object]) -> int:
    """Two members score by turns, with a fault in each night or in the look after it; what was done is done again."""
    times = 0
    for _ in runs:
        armed = faults.kind, faults.at, faults.times
        faults.arm(None)
        times += 1
        brand.say({0: HIGH, 1: LOW, 2: LOW} if times % 2 else {0: LOW, 1: HIGH, 2: LOW})
        faults.arm(*armed)

        def through() -> None:
            brand.night()
            scoring.look_on(brand.tenant_id, 0, clock.now())

        with suppress(PynamoDBException, Unavailable, Killed):
            through()
        faults.arm(None)
        repeated(faults, through)
        assert brand.inside(best) == brand.right()
        chunk = brand.chunk()
        assert chunk is not None
        assert (chunk.waiting, chunk.scores) == (None, packed(brand.scores)[0])
    return times


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.verify)])
def test_a_night_that_fails_at_any_request_forgets_nobody(brand: Brand, faults: Faults, whole: bool) -> None:
    faults.of("scoring nights")
    crowd(brand.shop, 3)
    brand.say({0: LOW, 1: HIGH, 2: LOW})
    best = brand.segment()
    brand.say({0: HIGH, 1: LOW, 2: LOW})

    def through() -> None:
        brand.night()
        scoring.look_on(brand.tenant_id, 0, clock.now())

    requests = requests_of(faults, through)
    brand.say({0: LOW, 1: HIGH, 2: LOW})
    through()

    def killed() -> Iterator[None]:
        for at in range(requests):
            faults.arm("killed", at)
            yield

    times = gone_through(brand, faults, best, faulty_runs(faults, requests) if whole else killed())
    assert times == requests * (12 if whole else 1)
    assert list(ChunkRecord.of_segment(brand.tenant_id, best))


@pytest.mark.parametrize(("count", "moved"), [(40_000, 80), pytest.param(1_000_000, 1_000, marks=pytest.mark.verify)])
def test_a_night_of_a_large_brand_costs_its_chunks_and_who_changed(brand: Brand, count: int, moved: int) -> None:
    crowd(brand.shop, moved)
    chance = Random(1)
    brand.say({each: (chance.randint(1, 5), chance.randint(1, 5), chance.randint(1, 5)) for each in range(count)})
    best = brand.segment()
    begun, costs = time.monotonic(), []
    for changes in (0, moved):
        before, after = dict(brand.scores), dict(brand.scores)
        after.update({each: (5 if before[each][0] < 5 else 4, *before[each][1:]) for each in range(changes)})
        brand.say(after)
        with metered() as meter:
            brand.night()
        with metered() as looks:
            scoring.look_on(brand.tenant_id, 0, clock.now())
        costs.append((meter.reads, meter.items_read, meter.read_units, meter.write_units))
        assert brand.inside(best) == [each for each in brand.right() if each < moved]
        assert looks.items_read <= 3 * changes + 20 * (changes // 40 + 3)
    chunks = -(-count // CHUNK_MEMBERS)
    (reads, items, _, written), (_, _, _, more) = costs
    assert (reads, items) == (4, 3 + chunks), costs
    assert written <= 8, costs  # how far it is, and its indexes, and nothing of the scores
    assert more <= written + 2 * 40 + 8, costs  # one chunk, of at most 32 KB and 4 KB of who waits, in a transaction
    print(  # noqa: T201
        f"\n{count:,} members scored in {chunks} chunks, twice in {time.monotonic() - begun:.1f} s; nights (reads, "
        f"items read, read units, write units): {costs}; {moved} looked at in {looks.reads} reads"
    )
