"""The lowest price before a reduction: timelines worked out by hand (Directive 98/6/EC, article 6a)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.pricing.model.history import Before, Prior, Span, before, lowest_at_a_time, prior_price

SHANGHAI = ZoneInfo("Asia/Shanghai")
MIDNIGHT = datetime(2026, 11, 30, tzinfo=SHANGHAI).astimezone(UTC)
"""The reduction begins on 30 November, the first moment of the local day, where nothing else is said."""

LIST = (-200, None, 100, False)
"""At 100 for long, and still: the list price."""

SINCE = date(2026, 11, 20)

TIMELINES = {
    "a list price alone": ([LIST], 0, 80, (100, None)),
    "a lower price last week": ([LIST, (-10, -7, 70, True)], 0, 80, (70, None)),
    "a lower price that ended 31 days ago": ([LIST, (-40, -31, 70, True)], 0, 80, (100, None)),
    "one that ended as the thirtieth day began is outside": ([LIST, (-40, -30, 70, True)], 0, 80, (100, None)),
    "one that lasted into the thirtieth day counts": ([LIST, (-40, -29.9, 70, True)], 0, 80, (70, None)),
    "the lowest of several": ([LIST, (-25, -20, 85, True), (-12, -11, 65, True)], 0, 80, (65, None)),
    "a raised price: what it was before counts": ([(-200, -5, 80, False), (-5, None, 120, False)], 0, 90, (80, None)),
    "a raised price, 30 days later": ([(-200, -30, 80, False), (-30, None, 120, False)], 0, 90, (120, None)),
    "a lowered list price": ([(-200, -5, 120, False), (-5, None, 90, False)], 0, 80, (90, None)),
    "new goods: since the start": ([(-10, None, 100, False)], 0, 80, (100, SINCE)),
    "new goods with a lower start": ([(-10, -5, 60, True), (-5, None, 100, False)], 0, 80, (60, SINCE)),
    "on the market for 30 days to the day": ([(-30, None, 100, False)], 0, 80, (100, None)),
    "never on the market": ([], 0, 80, None),
    "on the market from now on": ([(0, None, 100, False)], 0, 80, None),
    "what comes later is not looked at": ([LIST, (1, 3, 50, True)], 0, 80, (100, None)),
    "a growing reduction keeps the first": ([LIST, (-5, 0, 90, True)], 0, 80, (100, None)),
    "in three steps": ([LIST, (-9, -5, 95, True), (-5, 0, 90, True)], 0, 80, (100, None)),
    "interrupted by the list price it does not": ([LIST, (-5, -1, 90, True)], 0, 80, (90, None)),
    "interrupted for a minute neither": ([LIST, (-5, -1 / 1440, 90, True)], 0, 80, (90, None)),
    "a smaller reduction after a larger one begins anew": ([LIST, (-5, 0, 70, True)], 0, 80, (70, None)),
    "the same price going on keeps the first": ([LIST, (-5, 0, 80, True)], 0, 80, (100, None)),
    "a first step long ago keeps what was before it": ([LIST, (-60, 0, 90, True)], 0, 80, (100, None)),
    "the first step's own 30 days count": ([LIST, (-20, -18, 75, True), (-5, 0, 90, True)], 0, 80, (75, None)),
    "two at once: the lower one": ([LIST, (-9, -3, 85, True), (-8, -4, 60, True)], 0, 80, (60, None)),
    "a gap without any price is none": ([(-200, -20, 90, False), (-2, None, 100, False)], 0, 80, (90, None)),
    "later on the day the same days count": ([LIST, (-40, -29.9, 70, True)], 0.9, 80, (70, None)),
}  # fmt: skip


def _spans(rows):
    def at(days):
        return None if days is None else MIDNIGHT + timedelta(days=days)

    return [Span(at(begins), at(ends), minor, reduced) for begins, ends, minor, reduced in rows]


@pytest.mark.parametrize("name", TIMELINES)
def test_the_prior_price_is_the_lowest_of_the_thirty_days_before(name):
    rows, begins, minor, expected = TIMELINES[name]
    found = prior_price(_spans(rows), MIDNIGHT + timedelta(days=begins), minor, SHANGHAI)
    assert found == (Prior(*expected) if expected else None)


def test_the_order_in_which_prices_are_stored_does_not_matter():
    for rows, begins, minor, _ in TIMELINES.values():
        spans, at = _spans(rows), MIDNIGHT + timedelta(days=begins)
        assert prior_price(spans[::-1], at, minor, SHANGHAI) == prior_price(spans, at, minor, SHANGHAI)


@pytest.mark.parametrize(("zone", "expected"), [("Asia/Shanghai", 100), ("America/New_York", 70)])
def test_days_are_those_of_the_brand(zone, expected):
    # Until 23:00 on 30 October in Shanghai, where the 30 days begin on the 31st; in New York they begin on the 30th.
    ended = datetime(2026, 10, 30, 15, tzinfo=UTC)
    spans = [Span(MIDNIGHT - timedelta(days=200), None, 100), Span(ended - timedelta(days=3), ended, 70, reduced=True)]
    begins_at = datetime(2026, 11, 30, 1, tzinfo=UTC)
    assert prior_price(spans, begins_at, 80, ZoneInfo(zone)) == Prior(expected)


def test_an_offer_knows_the_prior_price_of_a_reduction_that_begins_on_a_later_day():
    spans = _spans([LIST, (-29, -28, 60, True), (-20, -19, 85, True), (-10, -9, 70, True), (-3, -2, 75, True)])
    known = before(spans, MIDNIGHT, 95, SHANGHAI)
    assert known.prior == Prior(60)
    assert known.until_on == ((date(2026, 11, 1), 60), (date(2026, 11, 20), 70), (date(2026, 11, 27), 75))
    found = {on: known.lowest(date(2026, 12, on), 95).minor for on in (1, 2, 20, 21, 27, 28)}
    assert found == {1: 60, 2: 70, 20: 70, 21: 75, 27: 75, 28: 95}


def test_a_later_reduction_agrees_with_all_that_is_known_of_the_prices():
    for rows, begins, _, _ in TIMELINES.values():
        opened = MIDNIGHT + timedelta(days=begins)
        spans = [span for span in _spans(rows) if span.from_at < opened]
        known = before(spans, opened, 95, SHANGHAI)
        for days in range(1, 40):
            at = opened + timedelta(days=days)
            own = [*spans, Span(opened, None, 95)]
            assert known.lowest(at.astimezone(SHANGHAI).date(), 95) == prior_price(own, at, 0, SHANGHAI) or not spans


def test_what_an_offer_knows_is_stored_as_it_is():
    for known in (Before(), before(_spans([(-10, None, 100, False), (-3, -2, 70, True)]), MIDNIGHT, 80, SHANGHAI)):
        assert Before.from_json(known.as_json()) == known


def test_prices_beside_each_other_come_to_the_lowest_at_each_time():
    found = lowest_at_a_time(_spans([(0, None, 100, False), (2, 6, 90, True), (4, 8, 80, True)]))
    rows = [
        ((each.from_at - MIDNIGHT).days, each.until_at and (each.until_at - MIDNIGHT).days, each.minor)
        for each in found
    ]
    assert rows == [(0, 2, 100), (2, 4, 90), (4, 8, 80), (8, None, 100)]
