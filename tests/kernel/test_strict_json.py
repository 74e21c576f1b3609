"""JSON from outside: read one way, refused where readers would differ or could not follow."""

import json

import pytest

from chalicelib.kernel import strict_json
from chalicelib.kernel.strict_json import MOST_DEPTH, NamedTwice, NotTaken


def test_json_is_read_as_it_is() -> None:
    value = {"a": [1, 2.5, None, True, {"é": "\U0001f345"}], "b": {}}

    assert strict_json.read(json.dumps(value)) == strict_json.read(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"{'a': 1}", b'"\xff"', "{}".encode("utf-16"), b"\xef\xbb\xbf{}", b"NaN", b"-Infinity", b"[1] x",
     b"9" * 5000],
)  # fmt: skip
def test_what_is_no_json_is_not_taken(raw: bytes) -> None:
    with pytest.raises(NotTaken):
        strict_json.read(raw)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'], ids=["lists", "objects"])
@pytest.mark.parametrize("depth", [MOST_DEPTH + 1, 500, 100_000])
def test_depth_has_a_limit(opening: bytes, depth: int) -> None:
    closing = {b"[": b"]", b'{"a":': b"}"}[opening]

    with pytest.raises(NotTaken, match="levels deep"):
        strict_json.read(opening * depth + b"1" + closing * depth)
    assert strict_json.read(opening * MOST_DEPTH + b"1" + closing * MOST_DEPTH)


def test_brackets_inside_a_text_are_no_depth() -> None:
    assert strict_json.read(json.dumps(["[{" * 1000])) == ["[{" * 1000]


@pytest.mark.parametrize(
    ("raw", "pointers"),
    [
        ('{"a": 1, "a": 1}', {"/a"}),
        ('{"a": 1, "\\u0061": 2}', {"/a"}),
        ('[{}, {"x/y": {"b": 1, "b": 2, "b": 3}, "c": 1, "c": 2}]', {"/1/x~1y/b", "/1/c"}),
    ],
)
def test_a_key_named_twice_is_pointed_at(raw: str, pointers: set[str]) -> None:
    with pytest.raises(NamedTwice) as refused:
        strict_json.read(raw)

    assert set(refused.value.pointers) == pointers


def test_texts_that_no_carrier_takes_are_pointed_at() -> None:
    value = {"ok": "\U0001f345\n", "a": ["\x00", {"b/c": "x\ufffe"}], "k\x1b": 1, "half": "\ud800"}

    assert set(strict_json.forbidden_texts(value)) == {"/a/0", "/a/1/b~1c", "/k\x1b", "/half"}
    assert strict_json.forbidden_texts("\x00") == [""]
