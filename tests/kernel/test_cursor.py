"""A cursor opens only where it was issued, and only unchanged."""

import base64
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.cursor import BadCursor, decode, encode
from tests.keys import Ring

KEYS = Ring(b"a secret of the tests")
OTHERS = Ring(b"another secret")
REPLACED = Ring(b"another secret", b"a secret of the tests")
KEY = {"pk": {"S": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A#products"}, "sk": {"S": "01J9"}}


@given(st.dictionaries(st.text(), st.text()), st.text())
def test_a_cursor_opens_where_it_was_issued(payload, binding):
    assert decode(encode(payload, binding, KEYS), binding, KEYS) == payload


@pytest.mark.parametrize(
    ("binding", "keys"),
    [("other tenant", KEYS), ("", KEYS), ("tenant a", OTHERS), ("other tenant", REPLACED)],
)
def test_a_cursor_of_another_list_or_secret_is_refused(binding, keys):
    with pytest.raises(BadCursor):
        decode(encode(KEY, "tenant a", KEYS), binding, keys)


def test_a_cursor_opens_with_the_key_that_it_names():
    assert decode(encode(KEY, "tenant a", KEYS), "tenant a", REPLACED) == KEY


@pytest.mark.parametrize("keys", [KEYS, REPLACED])
def test_one_from_before_keys_had_ids_opens_with_the_secret_itself(keys):
    body = json.dumps(KEY, separators=(",", ":"), sort_keys=True).encode()
    mac = hmac.digest(b"a secret of the tests", b"tenant a\0" + body, "sha256")[:12]
    cursor = base64.urlsafe_b64encode(mac + body).decode().rstrip("=")

    assert decode(cursor, "tenant a", keys) == KEY
    with pytest.raises(BadCursor):
        decode(cursor, "tenant b", keys)


def test_binding_and_payload_cannot_be_shifted_into_each_other():
    with pytest.raises(BadCursor):
        decode(encode({"a": 1}, "x", KEYS), 'x\0{"a":1}', KEYS)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_bit_is_one_too_many(position, flip):
    key_id, _, sealed = encode(KEY, "t", KEYS).partition(".")
    raw = bytearray(base64.urlsafe_b64decode(sealed + "=="))
    raw[position % len(raw)] ^= flip
    changed = base64.urlsafe_b64encode(raw).decode()
    for text in (f"{key_id}.{changed}", changed, f".{changed}"):
        with pytest.raises(BadCursor):
            decode(text, "t", KEYS)


def test_a_payload_of_ones_own_is_refused():
    forged = json.dumps({"pk": {"S": "another tenant"}}).encode()
    with pytest.raises(BadCursor):
        decode(base64.urlsafe_b64encode(b"\0" * 12 + forged).decode(), "t", KEYS)


@pytest.mark.parametrize(
    "text", ["", "a", "%%%", "null", "游标", "\0", "A" * 10_000, "-_-_", "ab=cd", "\ud800", ".", "a.b.c", "\ud800.AAAA"]
)
def test_anything_else_is_refused_as_unreadable_or_foreign(text):
    with pytest.raises(BadCursor):
        decode(text, "t", KEYS)
