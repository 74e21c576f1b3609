"""Where an order's units come from, and when a bucket takes orders."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.orders.model import MOVES, Line, Status, Take, may_become, shard_of
from chalicelib.orders.stock.model.buckets import first_bucket, take_units
from chalicelib.orders.stock.model.cutoff import gate

OPENS = datetime(2026, 11, 22, 8, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=12)
INSTANT = timedelta(milliseconds=1)


def test_the_first_bucket_with_enough_gives_everything() -> None:
    assert take_units([5, 5, 5], 3, first=1) == (Take(1, 3),)
    assert take_units([5, 2, 5], 3, first=1) == (Take(2, 3),)
    assert take_units([5, 2, 2], 3, first=1) == (Take(0, 3),)


def test_units_spread_thin_are_gathered_from_the_fullest_bucket_down() -> None:
    assert take_units([1, 2, 0, 2], 4, first=0) == (Take(1, 2), Take(3, 2))
    assert take_units([1, 2, 0, 2], 5, first=0) == (Take(1, 2), Take(3, 2), Take(0, 1))


def test_sold_out_only_when_all_buckets_together_have_too_few() -> None:
    assert take_units([1, 2, 0, 2], 6, first=2) is None
    assert take_units([0, 0], 1, first=0) is None


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20), st.integers(1, 200), st.integers(0, 19))
def test_taking_never_takes_what_is_not_there(free: list[int], units: int, first: int) -> None:
    takes = take_units(free, units, first % len(free))
    if takes is None:
        assert sum(free) < units
        return
    assert sum(take.units for take in takes) == units
    assert len({take.bucket for take in takes}) == len(takes)
    assert all(0 < take.units <= free[take.bucket] for take in takes)
    assert len(takes) == 1 or max(free) < units


def test_orders_start_at_every_bucket() -> None:
    starts = [first_bucket(f"order-{n}", "eggs", 10) for n in range(2_000)]
    assert all(120 <= starts.count(bucket) <= 280 for bucket in range(10))


def test_a_members_orders_share_one_shard() -> None:
    shards = [shard_of(f"member-{n}", 8) for n in range(2_000)]
    assert set(shards) == set(range(8))
    assert shard_of("member-1", 8) == shards[1]


@pytest.mark.parametrize(
    ("status", "now", "says"),
    [
        ("open", OPENS - INSTANT, "not_open"),
        ("open", OPENS, "open"),
        ("open", CLOSES - INSTANT, "open"),
        ("open", CLOSES, "closed"),
        ("closed", OPENS, "closed"),
        ("closed", OPENS - INSTANT, "closed"),
        (None, OPENS, "not_open"),
    ],
)
def test_the_window_is_half_open_and_the_fence_always_holds(status: str | None, now: datetime, says: str) -> None:
    assert gate(status, OPENS, CLOSES, now) == says


def test_a_line_is_stored_short_and_comes_back_whole() -> None:
    whole = Line("eggs", "sku", 3, 1_250, (Take(4, 3),))
    parts = Line("eggs", "sku", 3, 1_250, (Take(4, 2), Take(0, 1)))
    assert whole.as_json() == ["eggs", "sku", 3, 1_250, 4]
    assert parts.as_json() == ["eggs", "sku", 3, 1_250, [[4, 2], [0, 1]]]
    limited = Line("eggs", "sku", 3, 1_250, (Take(4, 3),), limited=True)
    assert [Line.from_json(line.as_json()) for line in (whole, parts, limited)] == [whole, parts, limited]


def test_only_listed_moves_are_made() -> None:
    assert set(MOVES) == set(Status)
    assert may_become("placed", Status.CANCELLED)
    assert not may_become("cancelled", Status.PLACED)
    assert not may_become("picked_up", Status.CANCELLED)
