"""What is done at once with members, tags and segments: the later of two has seen what the earlier did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.activity.service.own_orders import record_orders
from chalicelib.journeys.service import publishing
from chalicelib.kernel import clock
from chalicelib.kernel.principal import Principal
from chalicelib.segments.errors import UnknownTag
from chalicelib.segments.model import membership
from chalicelib.segments.service import defining, facts, tags
from tests.builders import made
from tests.customer_care import CustomerCare
from tests.journeys import some
from tests.segments.test_segments import HAS_ORDERED, Segments


@pytest.fixture
def segments(care: CustomerCare) -> Segments:
    return Segments(care)


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Has something done once in the midst of another act: as soon as a function has answered, or ``before`` it is
    asked. Answers a list that says whether it was done.
    """

    def arrange(module: Any, name: str, act: Callable[[], object], *, before: bool = False) -> list[str]:
        real, done = getattr(module, name), list[str]()

        def slow(*args: Any, **named: Any) -> Any:
            monkeypatch.setattr(module, name, real)
            done.append(name)
            if before:
                act()
            found = real(*args, **named)
            if not before:
                act()
            return found

        monkeypatch.setattr(module, name, slow)
        return done

    return arrange


def test_who_was_read_with_an_order_that_is_cancelled_meanwhile_is_not_inside(
    segments: Segments, between: Callable[..., list[str]]
) -> None:
    shop, ann = segments.shop, segments.shop.member()
    twice = segments.make({"field": "orders", "op": "at_least", "value": {"number": 2}})
    made(shop.order(ann))
    segments.drain()
    second = made(shop.order(ann))

    def take_over() -> None:
        with tenant_scope(shop.tenant_id):
            record_orders(shop.tenant_id, [second["id"]], clock.now())

    def cancel() -> None:
        made(segments.care.store("POST", f"/orders/{second['id']}/cancel", ann), 200)
        take_over()  # finds one order on the day, as before: nothing changes

    done = between(facts, "histories_of", cancel)
    take_over()
    assert (done, segments.inside(twice)) == (["histories_of"], [])
    segments.drain()
    assert segments.inside(twice) == []


def has_tags(segments: Segments, *names: str) -> None:
    for each in names:
        made(segments.brand.post("/v1/tags", {"tag": each}))


def gives(shop: Any, step: Any, **definition: Any) -> Any:
    """A draft as it is just before it is published with this: it uses neither segment nor tag yet."""
    return some.drafted(shop, steps=[some.TELL]), {"steps": [step], **definition}


def published(shop: Any, drafted: Any, body: Any) -> None:
    made(shop.brand.patch(f"/v1/journeys/{drafted['id']}", body), 200)
    some.turned(shop, drafted, "publish")


def test_a_tag_that_a_segment_takes_meanwhile_is_not_deleted(
    segments: Segments, between: Callable[..., list[str]]
) -> None:
    has_tags(segments, "vip")
    body = {"title": "S", "rule": HAS_ORDERED, "tag": "vip"}
    done = between(tags, "all_segments", lambda: made(segments.brand.post("/v1/segments", body)))
    assert segments.brand.delete("/v1/tags/vip").status == 409
    assert done
    assert "vip" in made(segments.brand.get("/v1/tags"), 200)["tags"]


def test_a_tag_that_a_journey_gives_from_now_on_is_not_deleted(
    segments: Segments, between: Callable[..., list[str]]
) -> None:
    has_tags(segments, "vip")
    drafted, body = gives(segments.shop, {"kind": "tag", "tag": "vip"})
    done = between(tags, "check_objections", lambda: published(segments.shop, drafted, body))
    assert segments.brand.delete("/v1/tags/vip").status == 409
    assert done


def test_a_segment_that_a_journey_begins_with_from_now_on_is_not_deleted(
    segments: Segments, between: Callable[..., list[str]]
) -> None:
    segment = segments.make(HAS_ORDERED)
    drafted, body = gives(segments.shop, some.TELL, trigger={"kind": "segment_entered", "segment_id": segment["id"]})
    done = between(defining, "uses_of", lambda: published(segments.shop, drafted, body))
    assert segments.brand.delete(f"/v1/segments/{segment['id']}").status == 409
    assert done


def test_a_journey_whose_segment_is_deleted_meanwhile_is_not_published(
    segments: Segments, between: Callable[..., list[str]]
) -> None:
    segment = segments.make(HAS_ORDERED)
    shop, drafted = segments.shop, some.drafted(segments.shop)
    body = {"trigger": {"kind": "segment_entered", "segment_id": segment["id"]}}
    made(shop.brand.patch(f"/v1/journeys/{drafted['id']}", body), 200)

    def delete() -> None:
        with pytest.MonkeyPatch.context() as patch:  # the list of journeys lags, so nothing knows of the draft yet
            patch.setattr(defining, "uses_of", lambda *_: [])
            made(segments.brand.delete(f"/v1/segments/{segment['id']}"), 204)

    done = between(publishing, "refuse", delete)
    assert shop.brand.post(f"/v1/journeys/{drafted['id']}/publish").status == 422
    assert done


def test_a_tag_that_is_deleted_meanwhile_is_given_to_nobody(
    segments: Segments, between: Callable[..., list[str]]
) -> None:
    ann = segments.shop.member()
    has_tags(segments, "vip")

    def delete() -> None:
        made(segments.brand.delete("/v1/tags/vip"), 204)
        segments.drain()  # the job that takes it from everybody is over

    done = between(tags, "decide_all", delete, before=True)
    shop = segments.shop
    by = Principal("staff", shop.tenant_id, "owner", frozenset({"manager"}), "Kim", shop.slug)
    with tenant_scope(shop.tenant_id), pytest.raises(UnknownTag):
        tags.tag_member(shop.tenant_id, ann.id, ["vip"], [], by, clock.now())
    assert done
    assert not segments.record(ann).own_tags


def test_two_who_give_tags_at_once_do_not_pass_what_a_member_carries(
    segments: Segments, between: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(membership, "MOST_MEMBER_TAGS", 1)
    ann = segments.shop.member()
    has_tags(segments, "one", "two")
    path = f"/v1/members/{ann.id}/tags"
    done = between(tags, "decide_all", lambda: made(segments.brand.post(path, {"add": ["two"]}), 200), before=True)
    answer = segments.brand.post(path, {"add": ["one"]})
    assert (answer.status, answer.json["code"]) == (422, "too_many_tags")
    assert done
    assert list(segments.record(ann).own_tags) == ["two"]
    made(segments.brand.post(path, {"add": ["one"], "remove": ["two"]}), 200)
    assert list(segments.record(ann).own_tags) == ["one"]
