"""The team opens a complaint for a member, and photos go with complaints and messages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.aftersales.conftest import JPEG, fetched
from tests.builders import Member, made
from tests.complaints.conftest import Complaining
from tests.uploads import send


def note(complaining: Complaining, key: str = "call-1", **body: Any) -> Any:
    given = {"text": "Two apples were rotten", "source": "phone", **body}
    return complaining.brand.post("/v1/complaints", given, headers={"Idempotency-Key": key})


def uploaded(complaining: Complaining, who: Member | None = None, content: bytes = JPEG) -> str:
    """A photo that a member has sent."""
    body = {"content_type": "image/jpeg", "size": len(content)}
    form = made(complaining.care.store("POST", "/uploads", who or complaining.member, json=body))
    assert send(form, content) in (200, 204)
    return str(form["id"])


def test_a_call_becomes_a_complaint_once(complaining: Complaining) -> None:
    order = complaining.collected()

    noted = made(note(complaining, order_id=order["id"]))

    assert made(note(complaining, order_id=order["id"])) == noted
    assert note(complaining, order_id=order["id"], text="Other").json["code"] == "idempotency_mismatch"
    assert (noted["member_id"], noted["order_id"], noted["source"]) == (complaining.member.id, order["id"], "phone")
    assert (noted["cause"], noted["urgency"]) == ("spoiled", "high")
    assert noted["history"][0]["by"].startswith("api_key:")
    assert complaining.own(noted)["text"] == "Two apples were rotten"
    assert len(complaining.care.complaints()) == 1
    assert made(note(complaining, key="call-2", member_id=complaining.member.id))["order_id"] is None
    (entry, *_) = made(complaining.brand.get("/v1/audit"), 200)["items"]
    assert entry["action"] == "complaint.opened"


def test_one_about_the_leader_keeps_the_commission_back(complaining: Complaining) -> None:
    order = complaining.collected()
    made(note(complaining, order_id=order["id"], cause="leader"))
    complaining.care.clock.advance(days=16)
    complaining.care.sweep()

    path = f"{complaining.shop.path}/leader/commissions"
    (only,) = made(complaining.shop.caller.call("GET", path, token=complaining.leader.token), 200)["items"]
    assert (only["status"], only["waits_for"]) == ("frozen", ["complaint"])


def test_nobody_and_somebody_elses_order_are_refused_by_name(complaining: Complaining, new_care) -> None:
    order, stranger = complaining.collected(), complaining.shop.member()
    foreign = new_care().shop.shopper

    for body, pointer in (
        ({}, ""),
        ({"member_id": foreign.id}, "/member_id"),
        ({"order_id": foreign.id}, "/order_id"),
        ({"member_id": stranger.id, "order_id": order["id"]}, "/order_id"),
        ({"member_id": stranger.id, "source": "letter"}, "/source"),
    ):
        refused = note(complaining, **body)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)
    assert complaining.brand.post("/v1/complaints", {"text": "x", "source": "phone"}).status == 400
    assert complaining.care.complaints() == []


def test_photos_of_a_complaint_and_of_messages_are_shown_to_both(complaining: Complaining) -> None:
    mine = complaining.complain(photos=[uploaded(complaining), uploaded(complaining)])
    reply = {"text": "And this one", "photos": [uploaded(complaining)]}
    path = f"/complaints/{mine['id']}/messages"
    made(complaining.care.store("POST", path, complaining.member, json=reply, headers={"Idempotency-Key": "r"}))
    picture = {"content_type": "image/jpeg", "size": len(JPEG)}
    form = made(complaining.brand.post(f"/v1/complaints/{mine['id']}/uploads", picture))
    assert send(form, JPEG) in (200, 204)
    told = {"text": "It should look like this", "photos": [form["id"]]}
    made(complaining.brand.post(f"/v1{path}", told, headers={"Idempotency-Key": "t"}))

    for seen in (complaining.read(mine), complaining.own(mine)):
        links = [*seen["photo_links"], *(link for entry in seen["history"] for link in entry["photo_links"] or [])]
        assert [fetched(link) for link in links] == [(200, JPEG)] * 4
    stranger = complaining.shop.member()
    assert complaining.care.store("GET", f"/complaints/{mine['id']}", stranger).status == 404


def test_photos_of_another_too_many_or_of_no_picture_are_refused(complaining: Complaining) -> None:
    theirs = uploaded(complaining, complaining.shop.member())
    no_picture = uploaded(complaining, content=b"GIF89a" + bytes(200))
    for photos, pointer in (
        ([theirs], "/photos/0"),
        ([uploaded(complaining), complaining.member.id], "/photos/1"),
        ([no_picture], "/photos/0"),
        ([theirs] * 10, "/photos"),
    ):
        sent = {"text": "Look", "photos": photos}
        refused = complaining.care.store("POST", "/complaints", complaining.member, json=sent)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)
    assert complaining.care.complaints() == []


@pytest.mark.parametrize(("kind", "size"), [("image/gif", 10), ("image/jpeg", 9_000_000)])
def test_the_team_sends_pictures_of_the_same_types_and_sizes(complaining: Complaining, kind: str, size: int) -> None:
    mine = complaining.complain()
    path = f"/v1/complaints/{mine['id']}/uploads"
    assert complaining.brand.post(path, {"content_type": kind, "size": size}).status == 422


def test_nobody_writes_about_anothers_complaint(complaining: Complaining) -> None:
    mine, stranger = complaining.complain(), complaining.shop.member()
    path = f"/complaints/{mine['id']}/messages"
    sent = complaining.care.store("POST", path, stranger, json={"text": "x"}, headers={"Idempotency-Key": "s"})
    assert sent.status == 404
    assert [entry["type"] for entry in complaining.read(mine)["history"]] == ["opened"]
