"""The member says whether what came of their complaint settles it."""

from __future__ import annotations

from chalicelib.complaints.model import cases
from tests.builders import made
from tests.complaints.conftest import Complaining
from tests.letters import news


def test_an_answer_is_accepted_once(complaining: Complaining) -> None:
    mine = complaining.complain()
    assert complaining.verdict(mine, "accepted").json["code"] == "complaint_open"
    made(complaining.resolve(mine), 200)

    accepted = made(complaining.verdict(mine, "accepted", "Thank you"), 200)

    assert accepted["verdict"] == {"verdict": "accepted", "comment": "Thank you"}
    assert made(complaining.verdict(mine, "accepted", "Thank you"), 200) == accepted
    assert complaining.verdict(mine, "rejected", "No").json["code"] == "verdict_given"
    assert complaining.read(mine)["verdict"] == accepted["verdict"]
    stranger = complaining.shop.member()
    assert complaining.verdict(mine, "accepted", who=stranger).status == 404


def test_a_rejection_says_why_and_opens_it_again_for_a_new_verdict(complaining: Complaining, engine) -> None:
    complaining.care.hire("service")
    mine = complaining.complain()
    made(complaining.resolve(mine), 200)
    assert complaining.verdict(mine, "rejected").status == 422

    rejected = made(complaining.verdict(mine, "rejected", "Nothing came"), 200)
    again = made(complaining.verdict(mine, "rejected", "Nothing came"), 200)
    complaining.care.drain()

    assert (rejected["status"], rejected["verdict"]) == ("in_progress", None)
    assert again == rejected, "sent again it opens nothing twice"
    types = [entry["type"] for entry in complaining.read(mine)["history"]]
    assert types == ["opened", "resolved", "rejected", "reopened"]
    assert any("Nothing came" in mail["text"] for mail in news(engine))

    made(complaining.resolve(mine, outcome="Now it is there."), 200)
    assert made(complaining.verdict(mine, "accepted", resolution=2), 200)["verdict"]["verdict"] == "accepted"


def test_who_rejects_too_late_opens_another_complaint(complaining: Complaining) -> None:
    mine = complaining.complain()
    made(complaining.resolve(mine), 200)
    complaining.care.clock.advance(days=15)

    assert complaining.verdict(mine, "rejected", "Nothing came").json["code"] == "complaint_resolved"
    assert made(complaining.verdict(mine, "accepted"), 200)["verdict"]["verdict"] == "accepted"


def test_a_rejection_leaves_room_for_the_next_answer(complaining: Complaining, monkeypatch) -> None:
    monkeypatch.setattr(cases, "MAX_HISTORY", 24)
    mine = complaining.complain()
    for _ in range(12):
        if complaining.read(mine)["status"] != "resolved":
            made(complaining.resolve(mine, "Sorry"), 200)
        reply = complaining.verdict(
            mine, "rejected", "It is not settled.", resolution=complaining.read(mine)["resolution"]
        )
        if reply.status != 200:
            break

    assert (reply.status, reply.json["code"]) == (409, "history_full")
    assert complaining.read(mine)["status"] == "resolved"


def test_a_late_verdict_on_an_older_answer_opens_nothing_again(complaining: Complaining) -> None:
    """Two windows show the first answer: the second rejects it when there is another one already."""
    mine = complaining.complain()
    assert mine["resolution"] is None
    first = made(complaining.resolve(mine), 200)
    assert first["resolution"] == 1
    made(complaining.verdict(mine, "rejected", "Nothing came", resolution=1), 200)
    made(complaining.resolve(mine, outcome="Now it is there."), 200)

    for resolution in (1, None):
        late = complaining.verdict(mine, "rejected", "Still nothing", resolution=resolution)
        assert (late.status, late.json["code"], late.json["resolution"]) == (409, "resolution_replaced", 2)
    assert complaining.verdict(mine, "accepted", resolution=1).json["code"] == "resolution_replaced"
    assert "resolution 2" in complaining.verdict(mine, "accepted").json["detail"]
    again = made(complaining.verdict(mine, "rejected", "Nothing came", resolution=1), 200)
    assert (again["status"], again["verdict"], again["resolution"]) == ("resolved", None, 2), "what was said is said"

    unknown = complaining.verdict(mine, "accepted", resolution=3)
    assert (unknown.status, unknown.json["errors"][0]["pointer"]) == (422, "/resolution")
    accepted = made(complaining.verdict(mine, "accepted", resolution=2), 200)
    assert made(complaining.verdict(mine, "accepted"), 200) == accepted
    types = [entry["type"] for entry in complaining.read(mine)["history"]]
    assert types == ["opened", "resolved", "rejected", "reopened", "resolved", "accepted"]


def test_before_the_first_answer_there_is_nothing_to_judge(complaining: Complaining) -> None:
    mine = complaining.complain()
    for resolution in (1, None):
        assert complaining.verdict(mine, "accepted", resolution=resolution).json["code"] == "complaint_open"
