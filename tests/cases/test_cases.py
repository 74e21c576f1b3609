"""Complaints and after-sales by the brand's calendar, on the engine: due, waiting, opened again, handed over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.cases.service.timing import timing
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel.clock import parse_instant
from tests.builders import Member, made
from tests.customer_care import CustomerCare
from tests.invariants.checks_cases import check_cases
from tests.invariants.snapshot import Snapshot
from tests.letters import news

MONDAY_NINE = datetime(2027, 1, 4, 1, tzinfo=UTC)
"""Monday 4 January 2027, 09:00 in Shanghai."""

OFFICE = [{"from": "08:00", "to": "18:00"}]
WEEKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), OFFICE)


@pytest.fixture
def office(care: CustomerCare) -> CustomerCare:
    """A shop that works from 8 to 18 on weekdays; it is Monday, 9 o'clock."""
    care.clock.set(MONDAY_NINE)
    made(care.brand.put("/v1/business-calendar", {"weekly": WEEKDAYS}), 200)
    return care


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time on the wall in Shanghai, in January 2027."""
    return datetime(2027, 1, day, hour - 8, minute, tzinfo=UTC) if hour >= 8 else at(day, hour + 8) - timedelta(hours=8)


def complain(care: CustomerCare, text: str = "late again", who: Member | None = None) -> Any:
    return made(care.store("POST", "/complaints", who or care.shop.shopper, json={"text": text}))


def read(care: CustomerCare, complaint: Any) -> Any:
    return made(care.brand.get(f"/v1/complaints/{complaint['id']}"), 200)


def ask(care: CustomerCare, complaint: Any, key: str = "q1", **body: Any) -> Any:
    sent = {"text": "Which box was it?"} | body
    path = f"/v1/complaints/{complaint['id']}/messages"
    return made(care.brand.post(path, sent, headers={"Idempotency-Key": key}))


def answer(care: CustomerCare, complaint: Any, text: str = "The blue one.", key: str = "a1") -> Any:
    path = f"/complaints/{complaint['id']}/messages"
    return care.store("POST", path, care.shop.shopper, json={"text": text}, headers={"Idempotency-Key": key})


def due(complaint: Any, name: str = "resolution_due_at") -> datetime:
    return parse_instant(complaint[name]).replace(second=0, microsecond=0)


def types(complaint: Any) -> list[str]:
    return [entry["type"] for entry in complaint["history"]]


def subjects(engine: Any, care: CustomerCare, role: str) -> list[str]:
    return [mail["subject"] for mail in news(engine) if mail["to"] == f"{role}@{care.shop.slug}.example"]


# --- the calendar --------------------------------------------------------------------------------------------------
def test_a_brand_without_a_calendar_is_served_round_the_clock(care: CustomerCare) -> None:
    calendar = made(care.brand.get("/v1/business-calendar"), 200)
    mine = complain(care)

    assert (calendar["standard"], calendar["weekly"]["sun"]) == (True, [{"from": "00:00", "to": "00:00"}])
    opened = parse_instant(mine["opened_at"])
    assert parse_instant(mine["due_at"]["first_response"]) == opened + timedelta(hours=8)
    assert parse_instant(mine["due_at"]["resolution"]) == opened + timedelta(hours=72)


def test_a_calendar_is_read_as_it_was_set_and_audited(office: CustomerCare) -> None:
    body = {
        "weekly": {"mon": [{"from": "13:00", "to": "00:00"}, {"from": "09:00", "to": "12:00"}]},
        "holidays": [{"on": "2027-02-06", "title": "春节"}],
        "workdays": [{"on": "2027-02-20", "hours": OFFICE}],
    }
    made(office.brand.put("/v1/business-calendar", body), 200)
    found = office.brand.get("/v1/business-calendar")

    assert found.json["weekly"]["mon"] == [{"from": "09:00", "to": "12:00"}, {"from": "13:00", "to": "00:00"}]
    assert (found.json["weekly"]["tue"], found.json["holidays"]) == ([], body["holidays"])
    assert found.json["workdays"] == body["workdays"]
    assert (found.json["standard"], found.json["timezone"], found.headers["ETag"]) == (False, "Asia/Shanghai", '"2"')
    assert office.brand.put("/v1/business-calendar", body, headers={"If-Match": '"1"'}).status == 412
    (entry, _) = made(office.brand.get("/v1/audit?action=business_calendar.changed"), 200)["items"]
    assert entry["changes"] == {"hours_a_week": 14, "holidays": 1, "workdays": 1}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"weekly": {}}, "/weekly"),
        ({"weekly": {}, "workdays": [{"on": "2027-01-09", "hours": OFFICE}]}, "/weekly"),
        ({"weekly": {"mon": [{"from": "18:00", "to": "08:00"}]}}, "/weekly/mon"),
        ({"weekly": {"mon": [{"from": "08:00", "to": "12:00"}, {"from": "11:00", "to": "13:00"}]}}, "/weekly/mon"),
        ({"weekly": WEEKDAYS, "holidays": [{"on": "2027-01-01", "title": "a"}] * 2}, "/holidays/1/on"),
        (
            {
                "weekly": WEEKDAYS,
                "holidays": [{"on": "2027-01-01", "title": "a"}],
                "workdays": [{"on": "2027-01-01", "hours": OFFICE}],
            },
            "/workdays/0/on",
        ),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(care: CustomerCare, body: Any, pointer: str) -> None:
    refused = care.brand.put("/v1/business-calendar", body)

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_public_holidays_begin_a_calendar(care: CustomerCare) -> None:
    found = made(care.brand.get("/v1/public-holidays?country=CN&year=2026"), 200)

    assert (len(found["holidays"]), found["workdays"][0]) == (33, "2026-01-04")
    assert care.brand.get("/v1/public-holidays?country=CN&year=2031").status == 404


def test_targets_are_set_by_priority_and_the_rest_stays_standard(office: CustomerCare) -> None:
    body = {"complaint": {"p3": {"first_response_minutes": 60, "resolution_minutes": 240}}, "warn_percent": 50}
    rules = made(office.brand.put("/v1/case-rules", body), 200)
    mine = complain(office)

    assert rules["complaint"]["p3"] == {"first_response_minutes": 60, "resolution_minutes": 240}
    assert rules["complaint"]["p1"] == {"first_response_minutes": 60, "resolution_minutes": 480}
    assert (due(mine, "first_response_due_at"), due(mine)) == (at(4, 10), at(4, 13))
    crossed = {"complaint": {"p3": {"first_response_minutes": 60, "resolution_minutes": 59}}}
    assert office.brand.put("/v1/case-rules", crossed).status == 422
    nobody = office.brand.put("/v1/case-rules", {"fallback": office.id})
    assert (nobody.status, nobody.json["errors"][0]["pointer"]) == (422, "/fallback")


# --- clocks --------------------------------------------------------------------------------------------------------
def test_only_working_hours_count(office: CustomerCare) -> None:
    mine = complain(office)

    # Eight hours are Monday 17:00; seventy-two are nine hours of Monday, six days of ten, three of the Tuesday after.
    assert (due(mine, "first_response_due_at"), due(mine)) == (at(4, 17), at(13, 11))


def test_a_case_that_waits_stands_still_until_its_member_answers_once(office: CustomerCare) -> None:
    mine = complain(office)
    office.clock.set(at(4, 11))
    waits = ask(office, mine)
    assert (waits["waiting_for"], waits["due_at"]["resolution"], types(waits)) == ("member", None, ["opened", "asked"])
    assert ask(office, mine) == waits

    office.clock.set(at(6, 11))
    made(office.brand.patch(f"/v1/complaints/{mine['id']}", {"note": "called twice"}), 200)
    assert read(office, mine)["waiting_for"] == "member"
    assert made(answer(office, mine))["waiting_for"] is None
    office.clock.set(at(7, 11))
    made(answer(office, mine))

    # It stood still for the twenty working hours from Monday to Wednesday 11:00, and the answer resumed it once.
    found = read(office, mine)
    assert (due(found), types(found)) == (at(15, 11), ["opened", "asked", "note", "replied"])
    assert answer(office, mine, "Another text").status == 422


def test_an_answer_by_telephone_resumes_it_as_well(office: CustomerCare) -> None:
    mine = complain(office)
    office.clock.set(at(4, 11))
    ask(office, mine)
    office.clock.set(at(5, 11))
    noted = ask(office, mine, "q2", text="It was the blue one", said_by="member")

    assert (noted["waiting_for"], due(noted)) == (None, at(14, 11))


def test_a_message_that_asks_nothing_stops_no_clock(office: CustomerCare) -> None:
    mine = complain(office)

    told = ask(office, mine, waits=False)

    assert (told["waiting_for"], due(told), types(told)) == (None, due(mine), ["opened", "told"])
    assert told["first_response_at"] is not None


def test_a_member_reads_the_questions_and_nobody_elses(office: CustomerCare, drain: Any, engine: Any) -> None:
    mine = complain(office)
    ask(office, mine)
    made(office.brand.patch(f"/v1/complaints/{mine['id']}", {"note": "hm"}), 200)
    drain()

    own = made(office.store("GET", f"/complaints/{mine['id']}", office.shop.shopper), 200)
    assert types(own) == ["opened", "asked"]
    other = office.shop.member("someone@else.example")
    path = f"/complaints/{mine['id']}/messages"
    assert office.store("POST", path, other, json={"text": "?"}, headers={"Idempotency-Key": "x"}).status == 404
    assert any("Which box was it?" in mail["text"] for mail in engine.mail())


def test_a_changed_holiday_moves_what_is_open_and_nothing_else(office: CustomerCare, drain: Any) -> None:
    mine, done = complain(office), complain(office, "the other one")
    made(office.brand.post(f"/v1/complaints/{done['id']}/resolve", {"outcome": "done"}), 200)
    before = read(office, done)
    body = {"weekly": WEEKDAYS, "holidays": [{"on": "2027-01-05", "title": "free"}]}
    made(office.brand.put("/v1/business-calendar", body), 200)
    drain()

    assert due(read(office, mine)) == at(14, 11)
    assert read(office, done) == before


def test_many_open_cases_move_in_slices_which_survive_repeats(office: CustomerCare, drain: Any) -> None:
    member = office.shop.shopper
    for n in range(27):
        complain(office, f"late {n}", member)
    made(
        office.brand.put(
            "/v1/case-rules", {"complaint": {"p3": {"first_response_minutes": 5, "resolution_minutes": 5}}}
        ),
        200,
    )
    drain()

    found = made(office.brand.get("/v1/complaints?limit=100"), 200)["items"]
    assert {due(each) for each in found} == {at(4, 9, 5)}
    assert len(found) == 27


def test_a_complaint_of_before_there_were_clocks_works_on(office: CustomerCare, sweep: Any) -> None:
    mine = complain(office)
    with tenant_scope(office.id):
        record = ComplaintRecord.fetch(*ComplaintRecord.address(office.id, mine["id"]), consistent=True)
        assert record is not None
        record.stored_run = record.stored_steps = record.answer_warn_at = record.solution_warn_at = None
        record.first_response_due_at, record.resolution_due_at = at(4, 10), at(4, 11)
        tx = Transaction()
        tx.replace("complaint", record)
        tx.commit()
    office.clock.set(at(4, 10, 1))
    sweep(times=2)

    found = read(office, mine)
    assert (due(found, "first_response_due_at"), due(found), types(found)) == (at(4, 17), at(13, 11), ["opened"])


# --- the ladder ----------------------------------------------------------------------------------------------------
def test_the_owner_is_warned_once_and_somebody_above_gets_it_once(
    office: CustomerCare, sweep: Any, engine: Any
) -> None:
    office.hire("service")
    office.hire("manager")
    mine = complain(office)
    office.clock.set(at(4, 14, 59))
    sweep()
    warned = "Complaint about collecting an order due soon"
    assert subjects(engine, office, "service").count(warned) == 0

    # Three quarters of eight hours: two working hours before 17:00.
    office.clock.set(at(4, 15, 1))
    sweep(times=3)
    assert subjects(engine, office, "service").count(warned) == 1
    assert types(read(office, mine)) == ["opened"]

    office.clock.set(at(4, 19))
    sweep(times=3)
    assert types(read(office, mine)) == ["opened", "escalated"]
    assert subjects(engine, office, "manager") == ["Unanswered complaint about collecting an order"]


def test_whoever_waits_long_is_brought_up_again_for_each_question_once(
    office: CustomerCare, sweep: Any, engine: Any
) -> None:
    office.hire("service")
    mine = complain(office)
    ask(office, mine)
    office.clock.set(at(12, 10))
    sweep(times=2)
    about = "Complaint about collecting an order waits for the member"
    assert subjects(engine, office, "service").count(about) == 1

    made(answer(office, mine))
    ask(office, mine, "q2")
    office.clock.set(at(20, 11))
    sweep(times=2)
    assert subjects(engine, office, "service").count(about) == 2


# --- opened again --------------------------------------------------------------------------------------------------
def test_a_reply_opens_a_resolved_complaint_again_with_what_was_left_of_its_time(office: CustomerCare) -> None:
    mine = complain(office)
    office.clock.set(at(4, 11))
    made(office.brand.post(f"/v1/complaints/{mine['id']}/resolve", {"outcome": "done"}), 200)
    office.clock.set(at(6, 9))
    again = made(answer(office, mine, "It is not."))

    # Seventy of seventy-two hours are left: nine of Wednesday, six days of ten, one hour of the Friday after next.
    assert (again["status"], due(again)) == ("in_progress", at(15, 9))
    assert types(again) == ["opened", "resolved", "reopened", "replied"]


def test_the_team_opens_one_again_for_two_weeks_and_only_what_is_closed(office: CustomerCare) -> None:
    mine = complain(office)
    path = f"/v1/complaints/{mine['id']}"
    assert office.brand.post(f"{path}/reopen", {"reason": "?"}).status == 409
    made(office.brand.post(f"{path}/resolve", {"outcome": "done"}), 200)
    office.clock.advance(days=13)
    assert made(office.brand.post(f"{path}/reopen", {"reason": "They wrote again"}), 200)["status"] == "in_progress"
    made(office.brand.post(f"{path}/resolve", {"outcome": "done again"}), 200)
    office.clock.advance(days=15)
    assert office.brand.post(f"{path}/reopen", {"reason": "?"}).status == 409
    assert answer(office, mine, "Hello?").status == 409


def test_opened_again_it_goes_to_somebody_who_is_there(office: CustomerCare, drain: Any) -> None:
    clerk, manager = office.hire("service"), office.hire("manager")
    mine = complain(office)
    assert mine["owner"] == clerk
    made(office.brand.post(f"/v1/complaints/{mine['id']}/resolve", {"outcome": "done"}), 200)
    made(office.brand.patch(f"/v1/staff/{clerk}", {"duty": {"on": False}}), 200)
    drain()

    assert made(answer(office, mine, "It is not."))["owner"] == manager


# --- who has it ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["leaves", "loses the role", "goes off duty"])
def test_whoever_can_have_cases_no_more_hands_them_over_in_one_step(
    office: CustomerCare, drain: Any, engine: Any, how: str
) -> None:
    clerk, manager = office.hire("service"), office.hire("manager")
    cases = [complain(office, f"late {n}") for n in range(3)]
    assert {each["owner"] for each in cases} == {clerk}

    path = f"/v1/staff/{clerk}"
    if how == "leaves":
        assert office.brand.delete(path).status == 204
    else:
        made(
            office.brand.patch(path, {"duty": {"on": False}} if how == "goes off duty" else {"roles": ["editor"]}), 200
        )
    drain()

    after = [read(office, each) for each in cases]
    assert {(each["owner"], each["history"][-1]["by"]) for each in after} == {(manager, "system")}
    assert [types(each) for each in after] == [["opened", "assigned"]] * 3
    assert made(office.brand.get(f"/v1/desk?owner={clerk}"), 200)["items"] == []
    check_cases(Snapshot(engine), office.id)


def test_skills_pickup_points_and_load_decide_who_gets_it(office: CustomerCare) -> None:
    one, two = office.hire("service"), office.hire("service", "editor")
    made(office.brand.patch(f"/v1/staff/{two}", {"skills": ["quality"]}), 200)

    assert complain(office, "The pears were rotten")["owner"] == two
    assert complain(office, "late again")["owner"] == one
    made(office.brand.patch(f"/v1/staff/{two}", {"skills": []}), 200)
    first = complain(office, "late once more")["owner"]
    assert complain(office, "and again late")["owner"] != first


def test_nobody_on_duty_is_the_fallback(office: CustomerCare) -> None:
    clerk, manager = office.hire("service"), office.hire("manager")
    never = {"on": True, "hours": {"sun": [{"from": "03:00", "to": "04:00"}]}}
    owner = made(office.brand.get("/v1/staff"), 200)["items"][0]["id"]
    for each in (clerk, manager, owner):
        made(office.brand.patch(f"/v1/staff/{each}", {"duty": never}), 200)
    made(office.brand.put("/v1/case-rules", {"fallback": manager}), 200)

    assert complain(office)["owner"] == manager
    refused = office.brand.patch(f"/v1/complaints/{complain(office)['id']}", {"owner": office.hire("editor")})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/owner")


# --- the desk ------------------------------------------------------------------------------------------------------
def test_the_desk_has_both_kinds_by_due_time_until_they_end(office: CustomerCare, drain: Any) -> None:
    (order,) = office.collected(office.shop.shopper)
    late, urgent = complain(office, "late again"), complain(office, "My child was at the hospital")
    body = {"kind": "return", "lines": [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1}], "reason": "x"}
    path, key = f"/orders/{order['id']}/after-sales", {"Idempotency-Key": "r1"}
    back = made(office.store("POST", path, office.shop.shopper, json=body, headers=key))

    desk = made(office.brand.get("/v1/desk"), 200)["items"]
    assert [each["id"] for each in desk] == [urgent["id"], late["id"], back["id"]]
    assert [(each["kind"], each["about"], each["act"]) for each in desk] == [
        ("complaint", "quality", "answer"), ("complaint", "pickup", "answer"), ("after_sale", "return", "answer"),
    ]  # fmt: skip
    only = made(office.brand.get("/v1/desk?kind=after_sale"), 200)["items"]
    assert [each["due_at"] for each in only] == [back["due_at"]]
    assert made(office.brand.get("/v1/desk?overdue=true"), 200)["items"] == []
    office.clock.set(parse_instant(urgent["first_response_due_at"]))
    assert [each["id"] for each in made(office.brand.get("/v1/desk?overdue=true"), 200)["items"]] == [urgent["id"]]
    assert len(made(office.brand.get("/v1/desk?overdue=false"), 200)["items"]) == 2

    made(office.brand.post(f"/v1/complaints/{urgent['id']}/resolve", {"outcome": "done"}), 200)
    made(office.store("POST", f"/after-sales/{back['id']}/withdraw", office.shop.shopper), 200)
    assert [each["id"] for each in made(office.brand.get("/v1/desk"), 200)["items"]] == [late["id"]]


def test_an_after_sale_waits_while_goods_are_to_come(office: CustomerCare) -> None:
    (order,) = office.collected(office.shop.shopper)
    body = {"kind": "return", "lines": [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1}], "reason": "x"}
    path, key = f"/orders/{order['id']}/after-sales", {"Idempotency-Key": "r1"}
    back = made(office.store("POST", path, office.shop.shopper, json=body, headers=key))
    made(office.brand.patch(f"/v1/after-sales/{back['id']}", {"priority": "p2"}), 200)
    decision = {"Idempotency-Key": "d1"}
    approved = made(
        office.brand.post(f"/v1/after-sales/{back['id']}/decision", {"outcome": "approve"}, headers=decision), 200
    )
    assert (approved["waiting_for"], approved["priority"]) == ("member", "p2")
    assert parse_instant(approved["due_at"]) - parse_instant(approved["decision"]["at"]) == timedelta(days=7)

    office.clock.advance(days=3)
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1, "disposition": "restock"}]
    came = made(office.brand.post(f"/v1/after-sales/{back['id']}/receive", {"lines": lines}), 200)
    with tenant_scope(office.id):
        calendar = timing(office.id).calendar
    assert came["waiting_for"] is None
    received = parse_instant(came["parts"][0]["at"])
    left = calendar.between(received, parse_instant(came["due_at"]))
    assert left == timedelta(minutes=2 * 24 * 60)
