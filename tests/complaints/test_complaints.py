"""Complaints of members and the team's work on them, over HTTP on the engine."""

from datetime import timedelta

import pytest

from chalicelib.complaints.service import handling as service
from chalicelib.db import metered
from chalicelib.kernel.clock import parse_instant
from tests.builders import made

LATE = {"text": "The point was closed, I waited an hour: late again"}


def complain(desk, member=None, **body):
    return made(desk.store("POST", "/complaints", member or desk.shop.shopper, json={**LATE, **body}))


def read(desk, complaint):
    return made(desk.brand.get(f"/v1/complaints/{complaint['id']}"), 200)


def change(desk, complaint, **fields):
    return desk.brand.patch(f"/v1/complaints/{complaint['id']}", fields)


def resolve(desk, complaint, outcome="We are sorry; the point opens earlier now.", **more):
    return desk.brand.post(f"/v1/complaints/{complaint['id']}/resolve", {"outcome": outcome, **more})


def test_a_complaint_has_all_it_needs_from_its_first_moment(desk):
    mine = complain(desk)
    (listed,) = desk.complaints()

    assert listed == read(desk, mine)
    assert (listed["status"], listed["category"], listed["cause"]) == ("open", "pickup", "late")
    assert (listed["urgency"], listed["importance"], listed["priority"]) == ("normal", "low", "p3")
    opened = parse_instant(listed["opened_at"])
    assert parse_instant(listed["first_response_due_at"]) - opened == timedelta(hours=8)
    assert parse_instant(listed["resolution_due_at"]) - opened == timedelta(hours=72)
    assert listed["owner"]


def test_what_the_member_states_is_kept(desk):
    mine = complain(desk, category="payment", cause="charged for two", text="Please look 🙏")

    assert (mine["category"], mine["cause"], mine["urgency"]) == ("payment", "charged for two", "high")


@pytest.mark.parametrize("roles", [["owner"], ["owner", "manager"], ["owner", "manager", "service"]])
def test_the_owner_is_of_the_service_else_a_manager_else_the_owner(desk, roles):
    hired = {role: desk.hire(role) for role in roles[1:]}

    owner = complain(desk)["owner"]

    staff = {person["id"]: person["roles"] for person in made(desk.brand.get("/v1/staff"), 200)["items"]}
    assert roles[-1] in staff[owner]
    assert owner == hired.get(roles[-1], owner)


def test_the_owner_hears_of_it_and_the_member_of_its_end(desk, engine):
    desk.hire("service")
    member = desk.shop.member("li@people.example")
    mine = complain(desk, member)
    desk.drain()
    made(resolve(desk, mine, remedy="a coupon of 5.00"), 200)
    desk.drain()
    desk.drain()

    by_person = [(mail["to"], mail["subject"]) for mail in engine.mail()]
    assert by_person == [
        (f"service@{desk.shop.slug}.example", "Complaint p3: pickup"),
        ("li@people.example", "Your complaint has been answered"),
    ]
    assert "the point opens earlier" in engine.mail()[1]["text"]


def test_an_order_complained_of_is_the_members_own_and_weighs_in(desk):
    member, stranger = desk.shop.member(), desk.shop.member()
    order, foreign = desk.ordered(member, stranger, quantity=23)

    mine = complain(desk, member, order_id=order["id"])

    assert (mine["order_id"], mine["importance"], mine["priority"]) == (order["id"], "high", "p2")
    for wrong in (foreign["id"], desk.id):
        refused = desk.store("POST", "/complaints", member, json={**LATE, "order_id": wrong})
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/order_id")


@pytest.mark.parametrize(
    "body",
    [{}, {"text": ""}, {"text": "x" * 2001}, {"text": "a\x00b"}, {"text": 5}, {**LATE, "category": "weather"},
     {**LATE, "order_id": "1"}, {**LATE, "urgency": "critical"}],
)  # fmt: skip
def test_a_complaint_that_makes_no_sense_is_refused(desk, body):
    assert desk.store("POST", "/complaints", desk.shop.shopper, json=body).status == 422
    assert desk.complaints() == []


def test_a_member_sees_his_own_complaints_only_and_not_the_teams_notes(desk):
    member, stranger = desk.shop.member(), desk.shop.member()
    mine = complain(desk, member)
    made(change(desk, mine, note="calls every week", status="in_progress"), 200)

    (seen,) = made(desk.store("GET", "/complaints", member), 200)["items"]

    assert seen == made(desk.store("GET", f"/complaints/{mine['id']}", member), 200)
    assert [entry["type"] for entry in seen["history"]] == ["opened", "in_progress"]
    assert [entry["type"] for entry in read(desk, mine)["history"]] == ["opened", "in_progress", "note"]
    assert "every week" not in str(seen)
    assert made(desk.store("GET", "/complaints", stranger), 200)["items"] == []
    assert desk.store("GET", f"/complaints/{mine['id']}", stranger).status == 404


def test_work_on_a_complaint_is_written_down(desk):
    colleague = desk.hire("service")
    manager = desk.hire("manager")
    mine = complain(desk)

    edited = change(desk, mine, owner=manager, urgency="critical", status="in_progress", note="called")

    body = edited.json
    assert (edited.status, body["owner"], body["urgency"], body["status"]) == (200, manager, "critical", "in_progress")
    assert [(e["type"], e["before"], e["after"]) for e in body["history"] if e["field"]] == [
        ("changed", "normal", "critical"), ("assigned", colleague, manager), ("in_progress", "open", "in_progress"),
    ]  # fmt: skip
    assert body["history"][-1]["text"] == "called"
    assert body["first_response_at"]
    assert (body["priority"], edited.headers["ETag"]) == ("p1", '"2"')
    assert parse_instant(body["resolution_due_at"]) - parse_instant(body["opened_at"]) == timedelta(hours=8)


def test_the_first_response_stays_the_first(desk, clock):
    mine = complain(desk)
    first = change(desk, mine, note="one").json["first_response_at"]
    clock.advance(minutes=5)

    assert change(desk, mine, note="two").json["first_response_at"] == first


def test_a_complaint_goes_to_somebody_on_the_staff_only(desk, new_desk):
    mine = complain(desk)

    for stranger in (desk.shop.shopper.id, new_desk().hire("service")):
        refused = change(desk, mine, owner=stranger)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/owner")


def test_a_resolved_complaint_is_closed_for_good(desk):
    mine = complain(desk)
    closed = resolve(desk, mine, "Sorry", remedy="refund")

    again = resolve(desk, mine, "Other")
    late = change(desk, mine, note="one more")

    assert (closed.json["status"], closed.json["outcome"], closed.json["remedy"]) == ("resolved", "Sorry", "refund")
    assert closed.json["resolved_at"]
    assert closed.json["history"][-1]["type"] == "resolved"
    assert [reply.json["code"] for reply in (again, late)] == ["complaint_resolved"] * 2
    assert read(desk, mine) == closed.json


def test_a_change_of_a_complaint_that_has_changed_since_is_refused(desk):
    mine = complain(desk)
    made(change(desk, mine, note="one"), 200)
    stale = {"headers": {"If-Match": '"1"'}}

    assert desk.brand.patch(f"/v1/complaints/{mine['id']}", {"note": "two"}, **stale).status == 412
    assert desk.brand.post(f"/v1/complaints/{mine['id']}/resolve", {"outcome": "x"}, **stale).status == 412


def test_a_full_history_takes_no_note_but_the_resolution(desk, monkeypatch):
    monkeypatch.setattr("chalicelib.complaints.model.MAX_HISTORY", 8)
    mine = complain(desk)
    for number in range(2):
        made(change(desk, mine, note=str(number)), 200)

    assert change(desk, mine, note="no room").json["code"] == "history_full"
    assert resolve(desk, mine).status == 200


def test_the_team_lists_what_is_in_work_first_and_by_filter(desk, clock):
    one = complain(desk)
    clock.advance(seconds=1)
    two = complain(desk, text="the milk was spoiled")
    clock.advance(seconds=1)
    three = complain(desk, text="thank you for nothing")
    made(resolve(desk, three), 200)
    made(change(desk, one, status="in_progress"), 200)
    clock.advance(hours=30)

    def ids(query=""):
        return [complaint["id"] for complaint in desk.complaints(query)]

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
    assert desk.brand.get("/v1/complaints?status=lost").status == 422


def test_another_tenants_complaint_does_not_exist(desk, new_desk):
    mine, stranger = complain(desk), new_desk()

    replies = [
        stranger.brand.get(f"/v1/complaints/{mine['id']}"),
        change(stranger, mine, note="mine"),
        resolve(stranger, mine),
    ]

    assert [reply.status for reply in replies] == [404] * 3
    assert stranger.complaints() == []
    assert len(read(desk, mine)["history"]) == 1


def test_what_the_use_cases_cost(desk):
    member = desk.shop.member()
    (order,) = desk.ordered(member)

    with metered() as complaining:
        mine = complain(desk, member, order_id=order["id"])
    with metered() as listing:
        desk.complaints()
    with metered() as editing:
        change(desk, mine, note="called")
    with metered() as resolving:
        resolve(desk, mine)

    # The order and the staff are read, one complaint is written; each call of the team also reads its API key.
    assert (complaining.reads, complaining.writes) == (2, 1)
    assert (listing.reads, listing.writes) == (2, 0)
    assert (editing.reads, editing.writes) == (2, 1)
    assert (resolving.reads, resolving.writes) == (2, 1)


def test_two_colleagues_at_once_both_leave_their_note(desk, monkeypatch):
    mine = complain(desk)
    raced = []
    real = service.get_complaint

    def meanwhile(*arguments, **options):
        found = real(*arguments, **options)
        if not raced:
            raced.append(True)
            made(change(desk, mine, note="first"), 200)
        return found

    monkeypatch.setattr(service, "get_complaint", meanwhile)
    made(change(desk, mine, note="second"), 200)

    assert [entry["text"] for entry in read(desk, mine)["history"]] == [None, "first", "second"]
