"""A cursor opens only where it was issued, and only unchanged."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.cursor import BadCursor, decode, encode

SECRET = b"a secret of the tests"
KEY = {"pk": {"S": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A#products"}, "sk": {"S": "01J9"}}


@given(st.dictionaries(st.text(), st.text()), st.text())
def test_a_cursor_opens_where_it_was_issued(payload, binding):
    assert decode(encode(payload, binding, SECRET), binding, SECRET) == payload


@pytest.mark.parametrize(
    ("binding", "secret"),
    [("other tenant", SECRET), ("", SECRET), ("tenant a", b"another secret")],
)
def test_a_cursor_of_another_list_or_secret_is_refused(binding, secret):
    with pytest.raises(BadCursor):
        decode(encode(KEY, "tenant a", SECRET), binding, secret)


def test_binding_and_payload_cannot_be_shifted_into_each_other():
    with pytest.raises(BadCursor):
        decode(encode({"a": 1}, "x", SECRET), 'x\0{"a":1}', SECRET)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_bit_is_one_too_many(position, flip):
    raw = bytearray(base64.urlsafe_b64decode(encode(KEY, "t", SECRET) + "=="))
    raw[position % len(raw)] ^= flip
    with pytest.raises(BadCursor):
        decode(base64.urlsafe_b64encode(raw).decode(), "t", SECRET)


def test_a_payload_of_ones_own_is_refused():
    forged = json.dumps({"pk": {"S": "another tenant"}}).encode()
    with pytest.raises(BadCursor):
        decode(base64.urlsafe_b64encode(b"\0" * 12 + forged).decode(), "t", SECRET)


@pytest.mark.parametrize("text", ["", "a", "%%%", "null", "游标", "\0", "A" * 10_000, "-_-_", "ab=cd", "\ud800"])
def test_anything_else_is_refused_as_unreadable_or_foreign(text):
    with pytest.raises(BadCursor):
        decode(text, "t", SECRET)
