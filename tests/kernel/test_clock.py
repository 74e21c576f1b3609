"""Instants and the tenant's days, with the changes of clocks that break naive arithmetic."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import UnknownZone, instant, parse_instant, sortable, zone
from chalicelib.kernel.local_day import day_bounds, local_date

ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # shifts by half an hour
    "America/Sao_Paulo",  # changed at midnight until 2019
    "Africa/Cairo",  # changes at midnight since 2023
    "Asia/Kathmandu",
    "Pacific/Apia",  # skipped a whole day
    "UTC",
)
INSTANTS = st.datetimes(datetime(2012, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("name", "on", "start", "end"),
    [
        ("Asia/Shanghai", date(2026, 11, 22), "2026-11-21T16:00:00Z", "2026-11-22T16:00:00Z"),
        ("America/New_York", date(2017, 3, 12), "2017-03-12T05:00:00Z", "2017-03-13T04:00:00Z"),  # 23 hours
        ("America/New_York", date(2017, 11, 5), "2017-11-05T04:00:00Z", "2017-11-06T05:00:00Z"),  # 25 hours
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"),  # no 00:00
        ("America/Sao_Paulo", date(2018, 11, 3), "2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z"),
        ("America/Sao_Paulo", date(2018, 2, 17), "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z"),  # 23:00 twice
        ("Africa/Cairo", date(2024, 4, 26), "2024-04-25T22:00:00Z", "2024-04-26T21:00:00Z"),  # no 00:00
        ("Africa/Cairo", date(2024, 10, 31), "2024-10-30T21:00:00Z", "2024-10-31T22:00:00Z"),  # 23:00 twice
        ("Australia/Lord_Howe", date(2026, 4, 5), "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"),
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"),  # never was
    ],
)
def test_a_local_day_in_utc(name, on, start, end):
    assert [instant(moment) for moment in day_bounds(on, zone(name))] == [start, end]


@given(INSTANTS, st.sampled_from(ZONES))
def test_every_instant_lies_in_its_own_local_day(moment, name):
    start, end = day_bounds(local_date(moment, zone(name)), zone(name))
    assert start <= moment < end


@given(st.dates(date(2012, 1, 1), date(2037, 12, 30)), st.sampled_from(ZONES))
def test_days_follow_each_other_without_gap_or_overlap(on, name):
    assert day_bounds(on, zone(name))[1] == day_bounds(on + timedelta(days=1), zone(name))[0]


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_sortable_sorts_as_time_does_from_year_1_to_9999(one, other):
    texts = sortable(one), sortable(other)
    assert {len(text) for text in texts} == {24}
    assert (texts[0] < texts[1]) == (one.replace(microsecond=one.microsecond // 1000 * 1000) < parse_instant(texts[1]))


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_is_written_is_read_back_to_the_millisecond(moment):
    kept = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert parse_instant(sortable(moment)) == parse_instant(instant(moment)) == kept


def test_an_instant_shows_milliseconds_only_where_there_are_any():
    assert instant(datetime(2026, 11, 22, 8, tzinfo=UTC)) == "2026-11-22T08:00:00Z"
    assert instant(datetime(2026, 11, 22, 8, 0, 0, 5_000, tzinfo=UTC)) == "2026-11-22T08:00:00.005Z"
    assert instant(datetime(2026, 11, 22, 16, tzinfo=zone("Asia/Shanghai"))) == "2026-11-22T08:00:00Z"


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-11-22", "2026-11-22T08:00:00", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+08:00"],
)
def test_a_text_that_names_no_instant_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_instant(text)


def test_a_naive_time_names_no_instant():
    with pytest.raises(ValueError, match="naive"):
        sortable(datetime(2026, 11, 22))  # noqa: DTZ001


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "asia/shanghai", "../etc/passwd", "/etc/passwd", "UTC+8", "\0"])
def test_an_unknown_zone_is_refused_with_its_name(name):
    with pytest.raises(UnknownZone) as refused:
        zone(name)
    assert name in refused.value.detail


def test_the_products_clock_moves_and_keeps_milliseconds(clock):
    clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    clock.advance(hours=2)

    ahead = product_clock.now() - datetime(2030, 1, 1, 2, tzinfo=UTC)

    assert timedelta(0) <= ahead < timedelta(seconds=5)
    assert product_clock.now().microsecond % 1000 == 0
