"""The rules of events: correction of clocks, refusals, robots, and how a day is stored."""

from __future__ import annotations

import json
import random
import zlib
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from chalicelib.insight.intake.forms import EventForm
from chalicelib.insight.intake.model.packing import (
    Telling,
    day_of,
    pack_day,
    pack_telling,
    unpack_day,
    unpack_telling,
)
from chalicelib.insight.intake.model.robots import is_robot
from chalicelib.insight.intake.model.told import LATE, MOST_MS, SKEW, Told, correction, refusal
from chalicelib.insight.model.stream import Event

NOON = datetime(2026, 5, 15, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("sent", "moved"),
    [
        (None, timedelta()),
        (NOON - SKEW, timedelta()),
        (NOON + SKEW, timedelta()),
        (NOON - SKEW - SECOND, SKEW + SECOND),
        (NOON + timedelta(days=7), -timedelta(days=7)),
    ],
)
def test_a_clock_is_moved_by_what_it_is_off_beyond_a_small_difference(sent, moved):
    assert correction(sent, NOON) == moved


@pytest.mark.parametrize(
    ("at", "refused"),
    [(SKEW, False), (SKEW + SECOND, True), (-LATE, False), (-LATE - SECOND, True), (timedelta(days=7), True)],
)
def test_an_event_may_be_late_but_not_early(at, refused):
    told = Told("e", "view", NOON + at)
    assert (refusal(told, told.at, NOON, None) is not None) == refused


def test_the_brand_itself_may_tell_of_long_ago():
    told = Told("e", "view", datetime(2017, 3, 1, tzinfo=UTC))
    assert refusal(told, told.at, NOON, None) is not None
    assert refusal(told, told.at, NOON, date(1970, 1, 1)) is None


@pytest.mark.parametrize(("kind", "word"), [("veiw", "unknown"), ("survey", "own records"), ("message", "own records")])
def test_a_type_is_one_that_may_be_told(kind, word):
    said = refusal(Told("e", kind, NOON), NOON, NOON, None)
    assert said is not None
    assert word in said.en
    assert kind in said.zh


def test_equal_events_have_one_fingerprint_and_others_have_others():
    told = Told("e", "view", NOON, properties={"a": 1, "b": "x"})
    assert told.fingerprint == Told("other", "view", NOON, properties={"b": "x", "a": 1}).fingerprint
    others = [Told("e", "cart", NOON), Told("e", "view", NOON + SECOND), Told("e", "view", NOON, channel="a")]
    assert len({told.fingerprint, *(each.fingerprint for each in others)}) == 4


@pytest.mark.parametrize(
    ("agent", "robot"),
    [
        ("", True),
        (" ", True),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", True),
        ("Mozilla/5.0 HeadlessChrome/140.0", True),
        ("Baiduspider/2.0", True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", False),
        ("MicroMessenger/8.0 Abbott", False),
    ],
)
def test_robots_say_that_they_are(agent, robot):
    assert is_robot(agent) is robot


def test_what_is_told_is_stored_as_it_was():
    events = [Event(7, "view", NOON, 0, ("p", "q"), "c", "ch", 5), Event(7, "cart", NOON, 1)]
    telling = Telling(NOON, events, [{"q": "梨"}, {}])
    assert unpack_telling(pack_telling(telling)) == telling


def random_day(seed: int) -> list[Telling]:
    chance = random.Random(seed)
    return [
        Telling(
            NOON + timedelta(seconds=n),
            [
                Event(
                    actor,
                    chance.choice("abc"),
                    NOON + timedelta(milliseconds=chance.randrange(9)),
                    place,
                    (f"p{place % 2}", "q"),
                )
                for place in range(chance.randrange(1, 6))
            ],
        )
        for n in range(30)
        for actor in [chance.choice([3, 1, "v-one", "v-two"])]
    ]


@pytest.mark.parametrize("seed", range(5))
def test_a_day_is_sorted_whatever_the_order_of_what_was_told(seed):
    tellings = random_day(seed)
    day = day_of(tellings, [], {"v-two": 3})
    random.Random(seed).shuffle(tellings)
    assert pack_day(day_of(tellings, [], {"v-two": 3})) == pack_day(day)
    assert list(unpack_day(pack_day(day))) == day
    assert {each.actor for each in day} <= {1, 3, "v-one"}
    for before, after in pairwise(day):
        if before.actor == after.actor:
            assert (before.at, before.place) < (after.at, after.place)


def test_at_one_instant_the_order_of_telling_counts():
    first, second = (
        Telling(NOON, [Event(1, "view", NOON), Event(1, "cart", NOON, 1)]),
        Telling(NOON + SECOND, [Event(1, "search", NOON)]),
    )
    assert [each.kind for each in day_of([second, first], [], {})] == ["view", "cart", "search"]


def test_an_order_that_was_told_of_is_the_one_that_was_placed():
    told = [Telling(NOON, [Event(1, "order", NOON), Event(2, "order", NOON), Event("v", "order", NOON)])]
    told = [Telling(NOON, [each]) for each in told[0].events]
    own = [Telling(NOON, [Event(1, "order", NOON + SECOND, 0, (), "campaign")])]
    assert [(each.actor, each.campaign_id) for each in day_of(told, own, {})] == [(1, "campaign"), (2, ""), ("v", "")]


def test_a_day_without_events_is_stored_too():
    assert list(unpack_day(pack_day([]))) == []


def view(actor="v", seconds=0.0, ms=0, products=()):
    return Event(actor, "view", NOON + timedelta(seconds=seconds), 0, products, duration_ms=ms)


GOES_ON = {"continues": True}


def test_what_continues_a_view_makes_it_longer_and_is_none_of_its_own():
    told = [
        Telling(NOON + SECOND, [view(ms=4_000), Event("v", "cart", NOON + SECOND, 1)]),
        Telling(NOON + 60 * SECOND, [view(ms=500)], [GOES_ON]),
        Telling(NOON + 90 * SECOND, [view(7, 3, ms=25)], [GOES_ON]),  # of a device whose clock is corrected
    ]
    for order in (told, told[::-1]):
        day = day_of(order, [], {"v": 7})
        assert [(each.kind, each.duration_ms, each.place) for each in day] == [("view", 4_525, 0), ("cart", None, 1)]


def test_what_continues_nothing_that_came_in_is_a_view():
    first, second = view(ms=10), view(ms=20)
    assert [each.duration_ms for each in day_of([Telling(NOON, [first])] * 2, [], {})] == [10, 10]
    told = [
        Telling(NOON, [each], [GOES_ON]) for each in (first, second, view("w"), view(products=("p",)), view("v", 11))
    ]
    found = [(each.actor, each.product_ids, each.duration_ms) for each in day_of(told, [], {})]
    assert found == [("v", (), 30), ("v", ("p",), 0), ("v", (), 0), ("w", (), 0)]


def test_a_view_is_never_longer_than_a_day():
    told = [Telling(NOON, [view(ms=MOST_MS)]), Telling(NOON + SECOND, [view(ms=MOST_MS)], [GOES_ON])]
    assert [each.duration_ms for each in day_of(told, [], {})] == [MOST_MS]


def test_what_was_stored_of_one_product_is_read_as_before():
    stored = [7, 0, [["view", 0, "p", "", "", None], ["visit", 0, "", "", "", None]], []]
    found = unpack_telling(zlib.compress(json.dumps(stored).encode()))
    assert [each.product_ids for each in found.events] == [("p",), ()]


def test_the_fingerprint_of_one_product_does_not_depend_on_how_it_was_named():
    def told(**more):
        return EventForm(event_id="e", type="view", at="2028-01-10T12:00:00Z", **more).told()

    one, two = "01KC0000000000000000000001", "01KC0000000000000000000002"
    assert told(product_id=one).fingerprint == told(product_ids=[one, one]).fingerprint
    assert told(product_id=one, product_ids=[two]).product_ids == (one, two)
    assert told(product_ids=[two, one]).fingerprint == told(product_ids=[one, two]).fingerprint
    assert told(product_ids=[two]).fingerprint != told(product_ids=[one, two]).fingerprint
