"""The order of entries, and where a page goes on."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from chalicelib.insight.timelines.model import ROLES, WORDS, Entry, Kind, Place, latest

NOON = datetime(2027, 6, 15, 12, tzinfo=UTC)


def entry(kind: Kind, id_: str, minutes: int) -> Entry:
    return Entry(kind, id_, NOON + timedelta(minutes=minutes))


def test_pages_have_every_entry_once_however_many_are_at_one_instant() -> None:
    chance = random.Random(3)
    kinds = [Kind.ORDER, Kind.POINTS, Kind.REVIEW]
    entries = [entry(chance.choice(kinds), f"{n:03}", chance.randrange(6)) for n in range(60)]
    by_kind = [sorted((e for e in entries if e.kind is kind), key=lambda e: e.place, reverse=True) for kind in kinds]
    seen: list[Entry] = []
    after = None
    while page := latest(by_kind, after, 7):
        seen += page
        after = page[-1].place
    assert seen == sorted(entries, key=lambda e: e.place, reverse=True)


def test_a_key_bounds_what_is_left_of_each_kind() -> None:
    place = entry(Kind.ORDER, "B", 0).place
    at = place.at
    assert place.bound(Kind.ORDER) == f"{at}#B"
    assert f"{at}#Z" <= place.bound(Kind.COMPLAINT, "") == f"{at}#~"  # sorts before orders, so still to come
    assert place.bound(Kind.REVIEW, "open#") == f"open#{at}" < f"open#{at}#A"  # was before
    assert Place.from_json(place.as_json()) == place


def test_every_kind_has_words_and_readers() -> None:
    assert set(WORDS) == set(ROLES) == set(Kind)
