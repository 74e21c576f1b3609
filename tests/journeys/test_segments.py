"""Journeys and segments: what begins with one, ends with it, asks for it, gives tags, and never feeds itself."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.journeys.model.journeys import Definition
from chalicelib.journeys.model.rings import brings_into, ring_of
from chalicelib.journeys.model.steps import Points, Tag, Trigger
from chalicelib.journeys.service import feeding, giving_tags, moving
from chalicelib.kernel import clock as product_clock
from chalicelib.segments.model.membership import Defined
from chalicelib.segments.model.rules import read_rule
from tests.builders import Member, Shop, made
from tests.customer_care import CustomerCare
from tests.journeys.some import agreed, asked, drafted, happens, journey, results, says, turned, way
from tests.journeys.test_faults import group_of
from tests.segments.test_segments import HAS_ORDERED, Segments

NOBODYS = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"
VIP = {"field": "tags", "op": "any_of", "value": ["vip"]}


@pytest.fixture
def segments(care: CustomerCare) -> Segments:
    return Segments(care)


def tagged(shop: Shop, member: Member) -> list[str]:
    found: list[str] = made(shop.brand.get(f"/v1/members/{member.id}/tags"), 200)["tags"]
    return found


def put_in(segments: Segments, segment: Any, *members: Member, out: bool = False) -> None:
    body = {"remove" if out else "add": [each.id for each in members]}
    made(segments.brand.post(f"/v1/segments/{segment['id']}/members", body), 200)
    segments.drain()


def begins_with(segment: Any) -> dict[str, Any]:
    return {"kind": "segment_entered", "segment_id": segment["id"]}


def test_who_comes_into_a_segment_enters_and_who_leaves_it_goes_no_further(segments: Segments) -> None:
    shop, chosen = segments.shop, segments.make(title="Chosen")
    stays, goes = agreed(shop), agreed(shop)
    steps = [says("Hello"), {"kind": "wait", "days": 2}, says("Again")]
    of = journey(shop, trigger=begins_with(chosen), steps=steps)
    put_in(segments, chosen, stays, goes)
    segments.sweep(2)
    assert results(shop, of)["entries"] == 2
    put_in(segments, chosen, goes, out=True)
    segments.clock.advance(days=3)
    segments.sweep(2)
    assert (way(shop, stays, of).state, way(shop, goes, of).state, way(shop, goes, of).why) == (
        "finished", "left", "segment",
    )  # fmt: skip
    assert results(shop, of)["steps"][2]["done"] == 1


def test_a_segment_or_tag_that_the_brand_has_not_is_refused_where_it_is_named(segments: Segments) -> None:
    shop = segments.shop
    refused = asked(shop, trigger={"kind": "segment_entered", "segment_id": NOBODYS})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/trigger/segment_id")
    asks = {"kind": "condition", "asks": "segment", "segment_id": NOBODYS}
    refused = asked(shop, steps=[says("Hello"), asks])
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/steps/1/segment_id")
    refused = asked(shop, steps=[{"kind": "tag", "tag": "vip"}])
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/steps/0/tag")
    of = drafted(shop)
    refused = shop.brand.patch(f"/v1/journeys/{of['id']}", {"steps": [asks]})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/steps/0/segment_id")
    lacking = drafted(shop, steps=[{"kind": "condition", "asks": "segment"}, says("Hello")])
    refused = shop.brand.post(f"/v1/journeys/{lacking['id']}/publish")
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/steps/0/segment_id")


def test_what_a_journey_uses_is_not_deleted(segments: Segments) -> None:
    shop, chosen, asked_for = segments.shop, segments.make(title="Chosen"), segments.make(title="Asked for")
    made(shop.brand.post("/v1/tags", {"tag": "vip"}))
    of = journey(shop, title="Hello", trigger=begins_with(chosen), steps=[{"kind": "tag", "tag": "vip"}])
    asks = {"kind": "condition", "asks": "segment", "segment_id": asked_for["id"]}
    made(shop.brand.patch(f"/v1/journeys/{of['id']}", {"steps": [asks, says("Hello")]}), 200)
    for segment in (chosen, asked_for):  # of what is published, and of the draft
        refused = shop.brand.delete(f"/v1/segments/{segment['id']}")
        assert (refused.status, refused.json["code"]) == (409, "segment_in_use")
        assert "the journey 'Hello'" in refused.json["detail"]
    refused = shop.brand.delete("/v1/tags/vip")
    assert (refused.status, refused.json["code"], "'Hello'" in refused.json["detail"]) == (409, "tag_in_use", True)
    turned(shop, of, "end")
    made(shop.brand.delete(f"/v1/segments/{chosen['id']}"), 204)
    made(shop.brand.delete("/v1/tags/vip"), 204)


def test_a_condition_asks_for_the_segment_as_it_is_then(segments: Segments) -> None:
    shop, chosen = segments.shop, segments.make(title="Chosen")
    inside, outside = agreed(shop), agreed(shop)
    asks = {"kind": "condition", "asks": "segment", "segment_id": chosen["id"], "is": False}
    of = journey(shop, trigger={"kind": "birthday"}, steps=[{"kind": "wait", "days": 1}, asks, says("Hello")])
    read = made(shop.brand.get(f"/v1/journeys/{of['id']}"), 200)["definition"]["steps"][1]
    assert (read["asks"], read["segment_id"], read["is"]) == ("segment", chosen["id"], False)
    for each in (inside, outside):
        _birthday(shop, each)
    put_in(segments, chosen, inside)
    segments.clock.advance(days=2)
    segments.sweep(2)
    assert (way(shop, inside, of).why, way(shop, outside, of).state) == ("condition", "finished")


def _birthday(shop: Shop, member: Member) -> None:
    happens(shop, "member.birthday", member_id=member.id, on="2026-12-01")


def test_a_tag_is_given_once_with_its_step_and_segments_follow(segments: Segments) -> None:
    shop = segments.shop
    made(shop.brand.post("/v1/tags", {"tag": "vip"}))
    very = segments.make(VIP, "Very important")
    fresh, carries = agreed(shop), agreed(shop)
    made(shop.brand.post(f"/v1/members/{carries.id}/tags", {"add": ["vip"]}), 200)
    of = journey(shop, trigger={"kind": "birthday"}, steps=[{"kind": "tag", "tag": "vip"}, says("Hello")])
    for each in (fresh, carries):
        _birthday(shop, each)
    segments.sweep(2)
    assert [tagged(shop, each) for each in (fresh, carries)] == [["vip"], ["vip"]]
    assert set(segments.inside(very)) == {fresh.id, carries.id}
    assert results(shop, of)["steps"][0] == {"kind": "tag", "reached": 2, "done": 2, "held": 0, "no": 0, "held_for": {}}
    assert way(shop, fresh, of).state == "finished"


def test_a_worker_that_dies_while_it_gives_a_tag_leaves_both_or_neither(
    segments: Segments, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = segments.shop
    made(shop.brand.post("/v1/tags", {"tag": "vip"}))
    member = agreed(shop)
    of = journey(shop, trigger={"kind": "birthday"}, steps=[{"kind": "tag", "tag": "vip"}])
    _birthday(shop, member)
    goes_on = giving_tags._goes_on

    def dies(*args: Any) -> None:
        goes_on(*args)
        raise KeyboardInterrupt

    with tenant_scope(shop.tenant_id):
        group = group_of(member, of)
        with monkeypatch.context() as patched:
            patched.setattr(giving_tags, "_goes_on", dies)
            with pytest.raises(KeyboardInterrupt):
                moving.move(shop.tenant_id, group.id, product_clock.now())
        assert (tagged(shop, member), way(shop, member, of).state) == ([], "inside")
        for _ in range(2):
            moving.move(shop.tenant_id, group.id, product_clock.now() + moving.LEASE)
    assert (tagged(shop, member), way(shop, member, of).state) == (["vip"], "finished")
    assert results(shop, of)["steps"][0]["reached"] == 1


def test_a_tag_that_the_member_may_not_carry_is_held_back(segments: Segments) -> None:
    shop, full = segments.shop, agreed(segments.shop)
    names = [f"t{n}" for n in range(50)]
    for each in [*names, "vip"]:
        made(shop.brand.post("/v1/tags", {"tag": each}))
    for start in range(0, 50, 20):
        made(shop.brand.post(f"/v1/members/{full.id}/tags", {"add": names[start : start + 20]}), 200)
    of = journey(shop, trigger={"kind": "birthday"}, steps=[{"kind": "tag", "tag": "vip"}])
    _birthday(shop, full)
    segments.sweep(2)
    (step,) = way(shop, full, of).steps_done
    assert step[1:3] == ("held", "too_many_tags")
    assert "vip" not in tagged(shop, full)


def test_one_that_its_own_tag_begins_again_is_refused_by_name(segments: Segments) -> None:
    shop = segments.shop
    made(shop.brand.post("/v1/tags", {"tag": "vip"}))
    very = segments.make({"any": [VIP, HAS_ORDERED]}, "Very important")
    of = drafted(shop, title="Round", trigger=begins_with(very), steps=[{"kind": "tag", "tag": "vip"}])
    refused = shop.brand.post(f"/v1/journeys/{of['id']}/publish")
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/trigger/segment_id")
    assert "“Round” would begin itself again" in refused.json["detail"]
    assert "“Very important”" in refused.json["detail"]
    outside = segments.make({"not": VIP}, "Not yet greeted")  # the tag takes them out: nothing begins again
    made(shop.brand.patch(f"/v1/journeys/{of['id']}", {"trigger": begins_with(outside)}), 200)
    turned(shop, of, "publish")


def test_a_ring_of_two_is_refused_at_publishing_and_at_resuming_by_both_names(segments: Segments) -> None:
    shop = segments.shop
    made(shop.brand.post("/v1/tags", {"tag": "vip"}))
    very, rich = segments.make(VIP, "Vips"), segments.make({"field": "points", "op": "at_least", "value": 10}, "Rich")
    one = journey(shop, title="One", trigger=begins_with(very), steps=[{"kind": "points", "points": 10}])
    other = drafted(shop, title="Other", trigger=begins_with(rich), steps=[{"kind": "tag", "tag": "vip"}])
    refused = shop.brand.post(f"/v1/journeys/{other['id']}/publish")
    assert (refused.status, "Other → One → Other" in refused.json["detail"]) == (422, True)

    turned(shop, one, "pause")
    turned(shop, other, "publish")
    refused = shop.brand.post(f"/v1/journeys/{one['id']}/resume")
    assert (refused.status, "One → Other → One" in refused.json["detail"]) == (422, True)
    turned(shop, other, "end")
    turned(shop, one, "resume")


def changed(shop: Shop, segment: Any, **fields: Any) -> Any:
    return shop.brand.patch(f"/v1/segments/{segment['id']}", fields)


def a_chain(segments: Segments) -> tuple[Any, Any]:
    """Two journeys that run: who comes into the first segment gets points, who has points gets a tag. The segments."""
    shop = segments.shop
    for each in ("vip", "other", "given"):
        made(shop.brand.post("/v1/tags", {"tag": each}))
    first = segments.make({"field": "tags", "op": "any_of", "value": ["other"]}, "First")
    rich = segments.make({"field": "points", "op": "at_least", "value": 10}, "Rich")
    journey(shop, title="One", trigger=begins_with(first), steps=[{"kind": "points", "points": 10}])
    journey(shop, title="Other", trigger=begins_with(rich), steps=[{"kind": "tag", "tag": "vip"}])
    return first, rich


def test_a_rule_that_would_close_a_ring_is_refused_by_both_names(segments: Segments) -> None:
    shop, (first, rich) = segments.shop, a_chain(segments)
    refused = changed(shop, first, rule={"any": [VIP, HAS_ORDERED]})
    assert (refused.status, refused.json["code"], refused.json["errors"][0]["pointer"]) == (
        422, "rule_refused", "/rule",
    )  # fmt: skip
    assert "One → Other → One" in refused.json["detail"]
    assert made(shop.brand.get(f"/v1/segments/{first['id']}"), 200)["rule"] == first["rule"]
    made(changed(shop, first, rule={"not": VIP}), 200)  # the tag takes them out
    made(changed(shop, first, rule=HAS_ORDERED), 200)
    made(changed(shop, rich, title="Rich ones"), 200)
    (one,) = [each for each in made(shop.brand.get("/v1/journeys"), 200)["items"] if each["title"] == "One"]
    turned(shop, one, "pause")
    made(changed(shop, first, rule=VIP), 200)  # and now it is refused where it would run again
    refused = shop.brand.post(f"/v1/journeys/{one['id']}/resume")
    assert (refused.status, "One → Other → One" in refused.json["detail"]) == (422, True)


def test_a_tag_of_a_segment_and_a_new_segment_that_would_close_a_ring_are_refused(segments: Segments) -> None:
    shop, (first, _) = segments.shop, a_chain(segments)
    made(changed(shop, first, rule={"field": "tags", "op": "any_of", "value": ["given"]}), 200)
    vips = segments.make(VIP, "Vips")
    refused = changed(shop, vips, tag="given")
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/tag")
    assert "One → Other → One" in refused.json["detail"]
    refused = shop.brand.post("/v1/segments", {"title": "New", "rule": VIP, "tag": "given"})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/rule")
    made(changed(shop, vips, tag="other"), 200)


def test_a_rule_by_which_one_would_begin_itself_is_refused_by_its_name(segments: Segments) -> None:
    shop = segments.shop
    made(shop.brand.post("/v1/tags", {"tag": "vip"}))
    begins = segments.make(HAS_ORDERED, "Ordered")
    of = journey(shop, title="Round", trigger=begins_with(begins), steps=[{"kind": "tag", "tag": "vip"}])
    refused = changed(shop, begins, rule=VIP)
    assert (refused.status, "the journey “Round” would begin itself again" in refused.json["detail"]) == (422, True)
    chinese = shop.brand.patch(
        f"/v1/segments/{begins['id']}", {"rule": VIP}, headers={"Accept-Language": "zh"}
    )  # fmt: skip
    assert "旅程“Round”会反复触发自身" in chinese.json["detail"]
    turned(shop, of, "end")
    made(changed(shop, begins, rule=VIP), 200)


@pytest.mark.parametrize(
    ("looks", "others"),
    [("published", 0), ("published", 1), ("ring_of", 0)],
    ids=["the rule first", "the rule first beside others", "the journey first"],
)
def test_of_a_rule_and_a_journey_at_once_that_close_a_ring_one_is_refused(
    segments: Segments, monkeypatch: pytest.MonkeyPatch, looks: str, others: int
) -> None:
    """Each alone closes none; the one looks, then the other is saved, then the one is."""
    shop = segments.shop
    made(shop.brand.post("/v1/tags", {"tag": "vip"}))
    ordered = segments.make(HAS_ORDERED, "Ordered")
    of = drafted(shop, title="Round", trigger=begins_with(ordered), steps=[{"kind": "tag", "tag": "vip"}])
    for _ in range(others):
        journey(shop)

    def rule() -> Any:
        return changed(shop, ordered, rule=VIP)

    def publishing() -> Any:
        return shop.brand.post(f"/v1/journeys/{of['id']}/publish")

    first, second = (rule, publishing) if looks == "published" else (publishing, rule)
    look, between = getattr(feeding, looks), [second]
    answers = []

    def looked(*args: Any) -> Any:
        found = look(*args)
        while between:
            answers.append(between.pop()())
        return found

    monkeypatch.setattr(feeding, looks, looked)
    answers.append(first())
    assert [each.status for each in answers] == [200, 422]


def test_points_of_a_journey_raise_no_tier(segments: Segments) -> None:
    """So a gift for a tier that is reached by points feeds nothing."""
    shop, member = segments.shop, agreed(segments.shop)
    tiers = [{"code": "gold", "title": "Gold", "from": 5}]
    made(shop.brand.put("/v1/tiers", {"measure": "points", "window_months": 12, "tiers": tiers}), 200)
    gift = journey(shop, trigger={"kind": "tier_reached", "tier": "gold"}, steps=[{"kind": "points", "points": 50}])
    journey(shop, trigger={"kind": "birthday"}, steps=[{"kind": "points", "points": 50}])
    _birthday(shop, member)
    segments.sweep(2)
    points = made(shop.caller.call("GET", f"{shop.path}/me/points", token=member.token), 200)
    assert (points["balance"], results(shop, gift)["entries"]) == (50, 0)


# --- the rule alone ------------------------------------------------------------------------------------------------
def rule(said: Any) -> Any:
    return read_rule(said)


def gives(*steps: Any, begins: str | None = None) -> Definition:
    return Definition(Trigger("segment_entered", segment_id=begins) if begins else Trigger("joined"), steps)


@pytest.mark.parametrize(
    ("said", "into"),
    [
        (VIP, True),
        ({"field": "tags", "op": "all_of", "value": ["vip", "old"]}, True),
        ({"field": "tags", "op": "none_of", "value": ["vip"]}, False),
        ({"not": VIP}, False),
        ({"not": {"field": "tags", "op": "none_of", "value": ["vip"]}}, True),
        ({"field": "tags", "op": "any_of", "value": ["old"]}, False),
        ({"all": [HAS_ORDERED, {"any": [VIP, HAS_ORDERED]}]}, True),
        ({"field": "points", "op": "at_least", "value": 5}, True),
        ({"field": "points", "op": "at_most", "value": 5}, False),
        ({"not": {"field": "points", "op": "at_most", "value": 5}}, True),
        (HAS_ORDERED, False),
    ],
)  # fmt: skip
def test_what_a_rule_makes_of_a_tag_and_of_points(said: Any, into: bool) -> None:
    found = brings_into(gives(Tag("vip"), Points(5)), [Defined("S", rule(said)), Defined("L")])
    assert found == (frozenset({"S"}) if into else frozenset())


def test_segments_hand_on_what_turns() -> None:
    segments = [
        Defined("last", rule({"field": "segments", "op": "none_of", "value": ["out"]})),
        Defined("out", rule({"not": {"field": "tags", "op": "any_of", "value": ["given"]}})),
        Defined("gives", rule(VIP), tag="given"),
    ]
    assert brings_into(gives(Tag("vip")), segments) == {"gives", "last"}


def test_a_ring_is_found_by_the_shortest_way_and_a_chain_is_none() -> None:
    segments = [Defined(each, rule({"field": "tags", "op": "any_of", "value": [each]})) for each in "abcd"]
    chain = {"1": gives(Tag("b"), begins="a"), "2": gives(Tag("c"), begins="b"), "3": gives(Tag("d"), begins="c")}
    assert [ring_of(each, chain, segments) for each in chain] == [[], [], []]
    ring = {**chain, "3": gives(Tag("a"), begins="c")}
    assert ring_of("1", ring, segments) == ["1", "2", "3"]
    beside = {**ring, "0": gives(Tag("b"), begins="d")}
    assert ring_of("0", beside, segments) == []
    assert ring_of("1", {**chain, "1": gives(Tag("a"), Tag("b"), begins="a")}, segments) == ["1"]
