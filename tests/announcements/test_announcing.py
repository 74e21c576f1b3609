"""Announcements over HTTP on the engine, told by the real queues."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.announcements.service import sending
from chalicelib.announcements.service.sending import send_slice
from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.messaging.publish import publish_all
from chalicelib.notices.telling import service as telling
from chalicelib.notices.telling.service import NotAllTaken
from infra.local.engine import Engine
from tests.builders import Member, Shop, in_time, made
from tests.conftest import Drain, Sweep

NEWS = {"zh": {"subject": "荔枝到了", "text": "周日前下单。"}, "en": {"subject": "Lychees", "text": "Order by Sunday."}}


def agreed(shop: Shop, locale: str = "en", **profile: Any) -> Member:
    """Somebody who wants news, and reads that language."""
    member = shop.member()
    body = {"consent": {"marketing": True}, "locale": locale, "profile": profile}
    made(shop.caller.call("PATCH", f"{shop.path}/me", json=body, token=member.token), 200)
    return member


def announce(shop: Shop, **fields: Any) -> Any:
    return made(shop.brand.post("/v1/announcements", {"texts": NEWS, **fields}))


def shown(shop: Shop, announcement: Any) -> Any:
    return made(shop.brand.get(f"/v1/announcements/{announcement['id']}"), 200)


def told(engine: Engine) -> Counter[tuple[str, str]]:
    """To whom which news went, and how often."""
    subjects = {words["subject"] for words in NEWS.values()}
    return Counter((mail["to"], mail["subject"]) for mail in engine.mail() if mail["subject"] in subjects)


@pytest.fixture
def by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of two members, so that seven make four of them."""
    monkeypatch.setattr(sending, "SLICE", 2)


def test_news_reaches_each_who_agreed_to_it_in_their_language(shop: Shop, engine: Engine, drain: Drain) -> None:
    english, chinese = agreed(shop), agreed(shop, "zh")
    shop.member()  # who has not agreed
    blocked = agreed(shop)
    made(shop.brand.patch(f"/v1/members/{blocked.id}", {"status": "blocked", "reason": "Rude"}), 200)

    announcement = announce(shop)
    drain()

    assert told(engine) == {(english.email, "Lychees"): 1, (chinese.email, "荔枝到了"): 1}
    after = shown(shop, announcement)
    assert (after["status"], after["done"], after["total"], after["percent"]) == ("sent", 4, 4, 100)
    assert (after["told"], after["declined"]) == (2, 1)


def test_news_to_some_looks_at_nobody_else(shop: Shop, engine: Engine, drain: Drain) -> None:
    chosen, other = agreed(shop), agreed(shop)

    announcement = announce(shop, audience={"member_ids": [chosen.id]})
    announce(shop, audience={"interests": ["tea"]})
    drain()

    assert told(engine) == {(chosen.email, "Lychees"): 1}
    assert other.email not in {to for to, _ in told(engine)}
    assert shown(shop, announcement)["total"] == 1


def test_interests_narrow_to_who_agreed_that_they_are_used(shop: Shop, engine: Engine, drain: Drain) -> None:
    agreed(shop, interests=["tea"])  # to news alone
    both = agreed(shop, interests=["tea"])
    consent = {"consent": {"personalisation": True}}
    made(shop.caller.call("PATCH", f"{shop.path}/me", json=consent, token=both.token), 200)
    announce(shop, audience={"interests": ["tea"]})
    drain()
    assert told(engine) == {(both.email, "Lychees"): 1}


def test_the_same_request_twice_is_one_announcement(shop: Shop, engine: Engine, drain: Drain) -> None:
    agreed(shop)
    first, second = announce(shop), announce(shop)
    other = announce(shop, audience={"languages": ["en"]})
    drain()

    assert first["id"] == second["id"] != other["id"]
    assert sum(told(engine).values()) == 2


def test_an_hour_later_the_same_words_are_news_again(shop: Shop, clock: Any) -> None:
    first = announce(shop)
    clock.advance(hours=1)
    assert announce(shop)["id"] != first["id"]


def test_what_was_cancelled_is_news_again_when_it_is_asked_for_again(shop: Shop, engine: Engine, drain: Drain) -> None:
    member = agreed(shop)
    first = announce(shop)
    made(shop.brand.post(f"/v1/announcements/{first['id']}/cancel"), 200)
    second = announce(shop)
    drain()
    assert (shown(shop, second)["status"], told(engine)) == ("sent", {(member.email, "Lychees"): 1})


def test_paused_and_resumed_amid_a_slice_nobody_hears_it_twice_or_not_at_all(
    shop: Shop, engine: Engine, drain: Drain, by_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = [agreed(shop) for _ in range(7)]
    paused: list[int] = []

    def amid(queue: str, messages: Any, *more: Any) -> list[int]:
        # The team pauses after the second slice was told and before its place is noted.
        taken = publish_all(queue, messages, *more)
        paused.append(len(messages))
        if len(paused) == 2:
            made(shop.brand.post(f"/v1/announcements/{announcement['id']}/pause"), 200)
        return taken

    monkeypatch.setattr(telling, "publish_all", amid)
    announcement = announce(shop)
    drain()
    held = shown(shop, announcement)
    assert (held["status"], held["done"], held["told"]) == ("paused", 4, 4)

    resumed = [made(shop.brand.post(f"/v1/announcements/{announcement['id']}/resume"), 200) for _ in range(2)]
    drain()

    assert [each["status"] for each in resumed] == ["sending", "sending"]
    assert told(engine) == {(member.email, "Lychees"): 1 for member in members}
    after = shown(shop, announcement)
    assert (after["status"], after["done"], after["told"]) == ("sent", 7, 7)


def test_a_slice_told_twice_or_only_in_part_tells_and_counts_each_once(
    shop: Shop, engine: Engine, drain: Drain, by_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = [agreed(shop) for _ in range(3)]
    announcement = announce(shop)

    # Given a queue that takes only one of the first slice's two
    monkeypatch.setattr(telling, "publish_all", lambda queue, messages, _: [1, publish_all(queue, messages[:1])])
    with tenant_scope(shop.tenant_id), pytest.raises(NotAllTaken):
        send_slice(shop.tenant_id, announcement["id"], product_clock.now())
    monkeypatch.setattr(telling, "publish_all", publish_all)
    # And the message that comes again, twice
    with tenant_scope(shop.tenant_id):
        send_slice(shop.tenant_id, announcement["id"], product_clock.now())
    drain()
    with tenant_scope(shop.tenant_id):
        send_slice(shop.tenant_id, announcement["id"], product_clock.now())

    assert told(engine) == {(member.email, "Lychees"): 1 for member in members}
    assert shown(shop, announcement)["told"] == 3


def test_one_whose_messages_were_lost_goes_on_by_the_sweep(
    shop: Shop, engine: Engine, drain: Drain, sweep: Sweep, clock: Any, by_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = [agreed(shop) for _ in range(3)]
    monkeypatch.setattr("chalicelib.announcements.events.send_slice", lambda *_: None)
    announce(shop)
    drain()
    assert not told(engine)
    monkeypatch.undo()

    clock.advance(minutes=21)
    sweep()

    assert told(engine) == {(member.email, "Lychees"): 1 for member in members}


def test_a_scheduled_one_begins_at_its_time(shop: Shop, engine: Engine, sweep: Sweep, clock: Any) -> None:
    member = agreed(shop)
    announcement = announce(shop, send_at=in_time(product_clock.now() + timedelta(hours=2)))
    later = agreed(shop)
    sweep()
    assert shown(shop, announcement)["status"] == "scheduled"
    assert not told(engine)

    clock.advance(hours=2, seconds=1)
    sweep()

    assert told(engine) == {(member.email, "Lychees"): 1, (later.email, "Lychees"): 1}


def test_a_paused_one_whose_time_has_not_come_waits_for_it_again(shop: Shop, sweep: Sweep, clock: Any) -> None:
    announcement = announce(shop, send_at=in_time(product_clock.now() + timedelta(hours=2)))
    path = f"/v1/announcements/{announcement['id']}"
    made(shop.brand.post(f"{path}/pause"), 200)
    assert made(shop.brand.post(f"{path}/resume"), 200)["status"] == "scheduled"

    made(shop.brand.post(f"{path}/pause"), 200)
    clock.advance(hours=3)
    sweep()
    assert shown(shop, announcement)["status"] == "paused"
    assert made(shop.brand.post(f"{path}/resume"), 200)["status"] == "sending"


def test_a_cancelled_one_tells_nobody_further_and_cannot_go_on(shop: Shop, engine: Engine, drain: Drain) -> None:
    agreed(shop)
    announcement = announce(shop)
    path = f"/v1/announcements/{announcement['id']}"
    assert [made(shop.brand.post(f"{path}/cancel"), 200)["status"] for _ in range(2)] == ["cancelled", "cancelled"]
    drain()

    assert not told(engine)
    refused = shop.brand.post(f"{path}/resume")
    assert (refused.status, refused.json["code"]) == (409, "announcement_over")
    assert made(shop.brand.get("/v1/announcements?status=cancelled"), 200)["items"] == [shown(shop, announcement)]
    assert made(shop.brand.get("/v1/announcements?status=sent"), 200)["items"] == []


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"texts": {}}, "/texts"),
        ({"texts": {"en": {"subject": "", "text": "x"}}}, "/texts/en/subject"),
        ({"texts": {"en": {"subject": "Hello\r\nBcc: all@example.com", "text": "x"}}}, "/texts/en/subject"),
        ({"texts": {"en": {"subject": "x <b>", "text": "5 < 6"}}}, "/texts/en/subject"),
        ({"texts": {"zh": {"subject": "<3", "text": "{a} javascript:x"}}}, "/texts/zh/text"),
        ({"texts": {"en": {"subject": "x", "text": "y" * 2001}}}, "/texts/en/text"),
        ({"texts": {"fr": {"subject": "x", "text": "y"}}}, "/texts/fr"),
        ({"audience": {"member_ids": ["me"]}}, "/audience/member_ids/0"),
        ({"audience": {"member_ids": ["01J9ZQ0W7N8RXC5B2M4T6V8Y0A"]}}, "/audience/member_ids/0"),
        ({"audience": {"joined_from_on": "2026-03-02", "joined_to_on": "2026-03-01"}}, "/audience/joined_to_on"),
        ({"send_at": "2020-01-01T00:00:00Z"}, "/send_at"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(shop: Shop, fields: dict[str, Any], pointer: str) -> None:
    refused = shop.brand.post("/v1/announcements", {"texts": NEWS, **fields})
    assert refused.status == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == [pointer]
