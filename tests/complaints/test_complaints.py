"""Complaints of members and the team's work on them, over HTTP on the engine."""

from datetime import timedelta

import pytest

from chalicelib.complaints.service import handling as service
from chalicelib.db import metered
from chalicelib.kernel.clock import parse_instant
from tests.builders import made
from tests.letters import news

LATE = {"text": "The point was closed, I waited an hour: late again"}


def complain(care, member=None, **body):
    return made(care.store("POST", "/complaints", member or care.shop.shopper, json={**LATE, **body}))


def read(care, complaint):
    return made(care.brand.get(f"/v1/complaints/{complaint['id']}"), 200)


def change(care, complaint, **fields):
    return care.brand.patch(f"/v1/complaints/{complaint['id']}", fields)


def resolve(care, complaint, outcome="We are sorry; the point opens earlier now.", **more):
    return care.brand.post(f"/v1/complaints/{complaint['id']}/resolve", {"outcome": outcome, **more})


def test_a_complaint_has_all_it_needs_from_its_first_moment(care):
    mine = complain(care)
    (listed,) = care.complaints()

    assert listed == read(care, mine)
    assert (listed["status"], listed["category"], listed["cause"]) == ("open", "pickup", "late")
    assert (listed["urgency"], listed["importance"], listed["priority"]) == ("normal", "low", "p3")
    opened = parse_instant(listed["opened_at"])
    assert parse_instant(listed["first_response_due_at"]) - opened == timedelta(hours=8)
    assert parse_instant(listed["resolution_due_at"]) - opened == timedelta(hours=72)
    assert listed["owner"]


def test_what_the_member_states_is_kept(care):
    mine = complain(care, category="payment", cause="overcharged", text="Please look 🙏")

    assert (mine["category"], mine["cause"], mine["urgency"]) == ("payment", "overcharged", "high")


@pytest.mark.parametrize("roles", [["owner"], ["owner", "manager"], ["owner", "manager", "service"]])
def test_a_complaint_goes_to_service_staff_else_to_a_manager_else_to_the_owner(care, roles):
    hired = {role: care.hire(role) for role in roles[1:]}

    owner = complain(care)["owner"]

    staff = {person["id"]: person["roles"] for person in made(care.brand.get("/v1/staff"), 200)["items"]}
    assert roles[-1] in staff[owner]
    assert owner == hired.get(roles[-1], owner)


def test_the_owner_is_told_of_a_complaint_and_the_member_of_its_outcome(care, engine):
    care.hire("service")
    member = care.shop.member("li@people.example")
    mine = complain(care, member)
    care.drain()
    made(resolve(care, mine, remedy="a coupon of 5.00"), 200)
    care.drain()
    care.drain()

    by_person = [(mail["to"], mail["subject"]) for mail in news(engine)]
    assert by_person == [
        (f"service@{care.shop.slug}.example", "Complaint about collecting an order"),
        ("li@people.example", "Your complaint has been answered"),
    ]
    assert "A complaint about collecting an order is yours (normal priority): “" in news(engine)[0]["text"]
    assert "the point opens earlier" in news(engine)[1]["text"]


def test_an_order_complained_of_is_the_members_own_and_weighs_in(care):
    member, stranger = care.shop.member(), care.shop.member()
    order, foreign = care.ordered(member, stranger, quantity=23)

    mine = complain(care, member, order_id=order["id"])

    assert (mine["order_id"], mine["importance"], mine["priority"]) == (order["id"], "high", "p2")
    for wrong in (foreign["id"], care.id):
        refused = care.store("POST", "/complaints", member, json={**LATE, "order_id": wrong})
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/order_id")


@pytest.mark.parametrize(
    "body",
    [{}, {"text": ""}, {"text": "x" * 2001}, {"text": "a\x00b"}, {"text": 5}, {**LATE, "category": "weather"},
     {**LATE, "order_id": "1"}, {**LATE, "urgency": "critical"}],
)  # fmt: skip
def test_a_complaint_that_makes_no_sense_is_refused(care, body):
    assert care.store("POST", "/complaints", care.shop.shopper, json=body).status == 422
    assert care.complaints() == []


def test_members_see_their_own_complaints_only_and_not_the_teams_notes(care):
    member, stranger = care.shop.member(), care.shop.member()
    mine = complain(care, member)
    made(change(care, mine, note="calls every week", status="in_progress"), 200)

    (seen,) = made(care.store("GET", "/complaints", member), 200)["items"]

    assert seen == made(care.store("GET", f"/complaints/{mine['id']}", member), 200)
    assert [entry["type"] for entry in seen["history"]] == ["opened", "in_progress"]
    assert [entry["type"] for entry in read(care, mine)["history"]] == ["opened", "in_progress", "note"]
    assert "every week" not in str(seen)
    assert made(care.store("GET", "/complaints", stranger), 200)["items"] == []
    assert care.store("GET", f"/complaints/{mine['id']}", stranger).status == 404


def test_work_on_a_complaint_is_written_down(care):
    colleague = care.hire("service")
    manager = care.hire("manager")
    mine = complain(care)

    edited = change(care, mine, owner=manager, urgency="critical", status="in_progress", note="called")

    body = edited.json
    assert (edited.status, body["owner"], body["urgency"], body["status"]) == (200, manager, "critical", "in_progress")
    assert [(e["type"], e["before"], e["after"]) for e in body["history"] if e["field"]] == [
        ("changed", "normal", "critical"), ("assigned", colleague, manager), ("in_progress", "open", "in_progress"),
    ]  # fmt: skip
    assert body["history"][-1]["text"] == "called"
    assert body["first_response_at"]
    assert (body["priority"], edited.headers["ETag"]) == ("p1", '"2"')
    assert parse_instant(body["resolution_due_at"]) - parse_instant(body["opened_at"]) == timedelta(hours=8)


def test_the_first_response_stays_the_first(care, clock):
    mine = complain(care)
    first = change(care, mine, note="one").json["first_response_at"]
    clock.advance(minutes=5)

    assert change(care, mine, note="two").json["first_response_at"] == first


def test_a_complaint_goes_to_somebody_on_the_staff_only(care, new_care):
    mine = complain(care)

    for stranger in (care.shop.shopper.id, new_care().hire("service")):
        refused = change(care, mine, owner=stranger)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/owner")


def test_a_resolved_complaint_is_closed_for_good(care):
    mine = complain(care)
    closed = resolve(care, mine, "Sorry", remedy="refund")

    again = resolve(care, mine, "Other")
    late = change(care, mine, note="one more")

    assert (closed.json["status"], closed.json["outcome"]) == ("resolved", "Sorry")
    remedy = closed.json["remedy"]
    assert (remedy["kind"], remedy["text"], remedy["state"]) == ("apology", "refund", "done")
    assert closed.json["resolved_at"]
    assert closed.json["history"][-1]["type"] == "resolved"
    assert [reply.json["code"] for reply in (again, late)] == ["complaint_resolved"] * 2
    assert read(care, mine) == closed.json


def test_a_change_of_a_complaint_that_has_changed_since_is_refused(care):
    mine = complain(care)
    made(change(care, mine, note="one"), 200)
    stale = {"headers": {"If-Match": '"1"'}}

    assert care.brand.patch(f"/v1/complaints/{mine['id']}", {"note": "two"}, **stale).status == 412
    assert care.brand.post(f"/v1/complaints/{mine['id']}/resolve", {"outcome": "x"}, **stale).status == 412


def test_a_full_history_takes_no_note_but_the_resolution(care, monkeypatch):
    monkeypatch.setattr("chalicelib.complaints.model.cases.MAX_HISTORY", 8)
    mine = complain(care)
    for number in range(2):
        made(change(care, mine, note=str(number)), 200)

    assert change(care, mine, note="no room").json["code"] == "history_full"
    assert resolve(care, mine).status == 200


def test_the_team_lists_what_is_in_work_first_and_by_filter(care, clock):
    one = complain(care)
    clock.advance(seconds=1)
    two = complain(care, text="the milk was spoiled")
    clock.advance(seconds=1)
    three = complain(care, text="thank you for nothing")
    made(resolve(care, three), 200)
    made(change(care, one, status="in_progress"), 200)
    clock.advance(hours=30)

    def ids(query=""):
        return [complaint["id"] for complaint in care.complaints(query)]

    assert ids() == [two["id"], one["id"], three["id"]]
    assert ids("?limit=2") == [two["id"], one["id"]]
    assert ids("?status=open") == [two["id"]]
    assert ids("?status=in_progress") == [one["id"]]
    assert ids("?status=resolved") == [three["id"]]
    assert ids("?urgency=high") == [two["id"]]
    assert ids("?category=pickup") == [one["id"]]
    assert ids(f"?owner={one['owner']}&status=resolved") == [three["id"]]
    assert ids("?overdue=true") == [two["id"]]
    assert ids("?overdue=false") == [one["id"], three["id"]]
    assert ids("?overdue=true&status=resolved") == []
    assert care.brand.get("/v1/complaints?status=lost").status == 422


def test_another_tenants_complaint_does_not_exist(care, new_care):
    mine, stranger = complain(care), new_care()

    replies = [
        stranger.brand.get(f"/v1/complaints/{mine['id']}"),
        change(stranger, mine, note="mine"),
        resolve(stranger, mine),
    ]

    assert [reply.status for reply in replies] == [404] * 3
    assert stranger.complaints() == []
    assert len(read(care, mine)["history"]) == 1


def test_the_requests_of_each_use_case_are_counted(care):
    member = care.shop.member()
    (order,) = care.ordered(member)
    care.complaints()  # that the key is used is written down once an hour

    with metered() as complaining:
        mine = complain(care, member, order_id=order["id"])
    with metered() as listing:
        care.complaints()
    with metered() as editing:
        change(care, mine, note="called")
    with metered() as resolving:
        resolve(care, mine)

    # The member (are they still signed in?), the order, the brand's rules, its calendar with its targets, and its
    # staff are read, one complaint with its place on the desk is written; each call of the team also reads its API key.
    assert (complaining.reads, complaining.writes) == (5, 1)
    assert (listing.reads, listing.writes) == (2, 0)
    assert (editing.reads, editing.writes) == (3, 1)
    assert (resolving.reads, resolving.writes) == (2, 1)


def test_two_colleagues_at_once_both_leave_their_note(care, monkeypatch):
    mine = complain(care)
    raced = []
    real = service.get_complaint

    def meanwhile(*arguments, **options):
        found = real(*arguments, **options)
        if not raced:
            raced.append(True)
            made(change(care, mine, note="first"), 200)
        return found

    monkeypatch.setattr(service, "get_complaint", meanwhile)
    made(change(care, mine, note="second"), 200)

    assert [entry["text"] for entry in read(care, mine)["history"]] == [None, "first", "second"]
