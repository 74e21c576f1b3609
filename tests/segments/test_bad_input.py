"""What is no segment, list or tag is refused at its place over HTTP, and nothing of it is kept."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.segments.service import tags
from tests.builders import Shop, made

UNKNOWN = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"
POINTS = {"field": "points", "op": "at_least", "value": 1}


def nested(levels: int) -> Any:
    """A condition below so many levels of groups."""
    return {"all": [nested(levels - 1)]} if levels else POINTS


def of(field: str, *values: Any, op: str = "any_of") -> dict[str, Any]:
    return {"rule": {"field": field, "op": op, "value": list(values)}}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"rule": POINTS, "colour": "red"}, "/colour"),
        ({"title": "", "rule": POINTS}, "/title"),
        ({"title": "x" * 1_000, "rule": POINTS}, "/title"),
        ({"kind": "rule"}, "/rule"),
        ({"kind": "set", "rule": POINTS}, "/kind"),
        ({"rule": None}, "/rule"),
        ({"rule": []}, "/rule"),
        ({"rule": "points > 1"}, "/rule"),
        ({"rule": POINTS | {"unit": "x"}}, "/rule"),
        ({"rule": {"all": [POINTS], "any": [POINTS]}}, "/rule"),
        ({"rule": {"all": POINTS}}, "/rule/all"),
        ({"rule": {"not": [POINTS]}}, "/rule/not"),
        ({"rule": nested(4)}, "/rule/all/0/all/0/all/0/all/0"),
        ({"rule": nested(25)}, "/rule/all/0/all/0/all/0/all/0"),
        ({"rule": {"any": [POINTS] * 31}}, "/rule/any/30"),
        ({"rule": POINTS | {"value": -1}}, "/rule/value"),
        ({"rule": POINTS | {"value": 10**10}}, "/rule/value"),
        ({"rule": POINTS | {"value": 1.5}}, "/rule/value"),
        (of("shoe", "x"), "/rule/field"),
        (of("tier", "gold"), "/rule/value/0"),
        (of("segments", UNKNOWN), "/rule/value/0"),
        (of("tags", "vip"), "/rule/value/0"),
        (of("favourite_point", UNKNOWN), "/rule/value/0"),
        (of("class", "asleep"), "/rule/value/0"),
        ({"rule": {"field": "joined_on", "op": "from", "value": "2026-02-30"}}, "/rule/value"),
        ({"rule": {"field": "joined_on", "op": "from", "value": "0000-01-01"}}, "/rule/value"),
        ({"rule": POINTS, "tag": "a/b"}, "/tag"),
        ({"rule": POINTS, "tag": "x" * 31}, "/tag"),
        ({"rule": POINTS, "tag": "unknown"}, "/tag"),
    ],
)
def test_what_is_no_segment_is_refused_at_its_place(shop: Shop, body: dict[str, Any], pointer: str) -> None:
    refused = shop.brand.post("/v1/segments", {"title": "Some", **body})
    assert refused.status == 422, refused.text
    assert pointer in [each["pointer"] for each in refused.json["errors"]], refused.text
    assert made(shop.brand.get("/v1/segments"), 200)["items"] == []


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("members", {"add": [UNKNOWN]}, "/add/0"),
        ("members", {"remove": ["me"]}, "/remove/0"),
        ("members", {"add": [UNKNOWN[:-4] + f"{n:04}" for n in range(501)]}, "/add"),
        ("members", {"plus": []}, "/plus"),
        ("imports", {"text": ""}, "/text"),
        ("imports", {"text": "\n\n"}, "/text"),
        ("imports", {"text": "C-1\n" * 5_001}, "/text"),
        ("tags", {}, "/add"),
        ("tags", {"add": ["vip"]}, "/add/0"),
        ("tags", {"add": ["a,b"]}, "/add/0"),
    ],
)
def test_what_a_list_does_not_take_is_refused_at_its_place(
    shop: Shop, path: str, body: dict[str, Any], pointer: str
) -> None:
    chosen = made(shop.brand.post("/v1/segments", {"title": "Chosen", "kind": "list"}))
    refused = shop.brand.post(f"/v1/segments/{chosen['id']}/{path}", body)
    assert refused.status == 422, refused.text
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]


def test_a_member_carries_fifty_tags_and_a_brand_has_so_many(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "MOST_TAGS", 51)
    for n in range(51):
        made(shop.brand.post("/v1/tags", {"tag": f"t{n}"}))
    path = f"/v1/members/{shop.member().id}/tags"
    for start in (0, 20, 40):
        made(shop.brand.post(path, {"add": [f"t{n}" for n in range(start, min(start + 20, 50))]}), 200)
    refused = shop.brand.post(path, {"add": ["t50"]})
    assert (refused.status, refused.json["code"], refused.json["errors"][0]["pointer"]) == (
        422, "too_many_tags", "/add",
    )  # fmt: skip
    assert len(made(shop.brand.get(path), 200)["tags"]) == 50
    refused = shop.brand.post("/v1/tags", {"tag": "one more"})
    assert (refused.status, refused.json["code"]) == (422, "too_many_tags")
