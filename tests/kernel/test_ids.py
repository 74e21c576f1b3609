"""Ids sort by creation, derived ids never collide by their parts' boundaries, codes have their shape."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.ids import derived_id, digits_code, is_id, new_id, secret_token
from chalicelib.orders.pickup_code.model import new_pickup_code

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_ids_sort_by_the_instant_they_were_given():
    ids = [new_id(NOW + timedelta(milliseconds=step)) for step in range(50)]
    assert ids == sorted(ids)
    assert all(is_id(made) for made in ids)


def test_two_ids_of_one_instant_differ():
    assert len({new_id(NOW) for _ in range(1000)}) == 1000


@given(st.lists(st.text(max_size=8), min_size=1, max_size=4), st.lists(st.text(max_size=8), min_size=1, max_size=4))
def test_derived_ids_are_equal_exactly_for_equal_parts(one, other):
    assert (derived_id(*one) == derived_id(*other)) == (one == other)
    assert is_id(derived_id(*one))


def test_a_boundary_between_parts_matters():
    assert derived_id("a", "bc") != derived_id("ab", "c") != derived_id("abc")


def test_a_derived_id_stays_what_it_was():
    # Stored orders are found by it: it must never change between releases.
    assert derived_id("tenant", "member", "key") == "6XVZRWMA4CSV19AX9K3TJP9TQ5"


@pytest.mark.parametrize(
    "text",
    ["", "01J9ZQ0W7N8RXC5B2M4T6V8Y0", "01j9zq0w7n8rxc5b2m4t6v8y0a", "81J9ZQ0W7N8RXC5B2M4T6V8Y0A",
     "01J9ZQ0W7N8RXC5B2M4T6V8Y0I", "01J9ZQ0W7N8RXC5B2M4T6V8Y0A\n", "01J9ZQ0W7N8RXC5B2M4T6V8Y0A#"],
)  # fmt: skip
def test_what_is_no_id(text):
    assert not is_id(text)


def test_codes_keep_their_length_and_alphabet():
    assert {len(digits_code()) for _ in range(200)} == {6}
    assert all(digits_code(4).isdigit() for _ in range(200))
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{10}", new_pickup_code()) for _ in range(200))
    assert len({new_pickup_code() for _ in range(1000)}) == 1000
    assert len(secret_token()) == 43  # 256 bits
