"""What clients send by mistake or on purpose."""

from __future__ import annotations

from typing import Any

BODIES: dict[str, bytes] = {
    "half an object": b'{"a": ',
    "a comma too many": b'{"a": 1,}',
    "single quotes": b"{'a': 1}",
    "two documents": b"{}{}",
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "a text": b'"text"',
    "not UTF-8": b'{"a": "\xff\xfe"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "half a surrogate pair": b'{"a": "\\ud83c"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a null byte": b"\0",
    "an infinite number": b'{"a": 1e999, "b": Infinity, "c": NaN}',
    "100,000 brackets": b"[" * 100_000,
    "20,000 nested objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "200,000 digits": b'{"a": ' + b"9" * 200_000 + b"}",
    "a form": b"a=1&b=2",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
}
TEN_MEGABYTES = b'{"a": "' + b"x" * 10_000_000 + b'"}'

VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, -(2**63), "", "x" * 100_000, "🍅𠮷👨‍👩‍👧", "a\0b", "\u202eabc\u2028",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999-12:00", "1900-01-01", "9999-12-31", "Mars/Olympus",
    "../../etc/passwd", "a#b", "' OR 1=1 --", "=cmd|' /C calc'!A0", [], {}, [None], [[[]]], ["a"] * 2_000,
)  # fmt: skip

# Raw texts behind ``name=`` in a query.
QUERY_VALUES = (
    "", "%00", "a%00b", "%F0%9F%8D%85%F0%A0%AE%B7", "-1", "0", "1e400", "9" * 400, "NaN", "true", "null", "[]", "a%23b",
    "..%2F..%2Fetc%2Fpasswd", "0001-01-01", "9999-12-31", "2026-13-01", "1763798400", "x" * 5_000, "%27%20OR%201%3D1",
    ",,,",     "%E2%80%AE", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
)  # fmt: skip
SEGMENTS = (
    "%00",
    "a%00b",
    "%F0%9F%8D%85",
    "..%2F..",
    "x" * 3_000,
    "%E2%80%AE",
    "a%23b",
    "%20",
    "%25",
    "'",
    "%0A",
    "-1",
)

HEADERS: tuple[dict[str, str], ...] = (
    {"Accept-Language": "zh;q=x, " + "en," * 500},
    {"Accept": "text/csv, application/xml;q=nonsense"},
    {"If-Match": '"' + "9" * 500 + '"'},
    {"If-Match": "\u00ff"},
    {"Content-Type": "application/json; charset=utf-16"},
    {"Content-Type": "multipart/form-data"},
    {"Content-Type": "\u00ff"},
    {"Idempotency-Key": "🍅"},
    {"Idempotency-Key": "x" * 300},
    {"Host": "evil.example/\r\nX: 1", "X-Forwarded-Proto": "javascript"},
)
