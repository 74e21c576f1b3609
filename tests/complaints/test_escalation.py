"""Overdue complaints: handed up once for the first response and once for the resolution, whatever the timing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.cases.service import keeping
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service import handling as service
from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from tests.builders import made
from tests.letters import news


@pytest.fixture
def manager(care):
    """A manager above whoever answers complaints."""
    care.hire("service")
    return care.hire("manager")


def complain(care):
    body = {"text": "late again"}
    return made(care.store("POST", "/complaints", care.shop.shopper, json=body))


def read(care, complaint):
    return made(care.brand.get(f"/v1/complaints/{complaint['id']}"), 200)


def types(care, complaint):
    return [entry["type"] for entry in read(care, complaint)["history"]]


def escalate(care, complaint, after=timedelta(hours=73)):
    """What a worker does with a message that the complaint is due, ``after`` so long."""
    address = ComplaintRecord.address(care.id, complaint["id"])
    with tenant_scope(care.id):
        keeping.escalate(service.KEPT, care.id, *address, product_clock.now() + after)


def told(care, engine):
    return [mail["subject"] for mail in news(engine) if mail["to"] == f"manager@{care.shop.slug}.example"]


def test_a_complaint_that_nobody_answers_is_overdue_and_handed_up_once(care, manager, clock, sweep, engine):
    mine = complain(care)
    clock.advance(hours=7)
    sweep()
    assert (types(care, mine), care.complaints("?overdue=true")) == (["opened"], [])

    clock.advance(hours=2)
    assert [found["id"] for found in care.complaints("?overdue=true")] == [mine["id"]]
    assert care.complaints("?overdue=false") == []
    sweep(times=3)

    found = read(care, mine)
    assert [(e["type"], e["by"], e["field"]) for e in found["history"][1:]] == [
        ("escalated", "system", "first_response")
    ]
    assert (found["owner"], found["status"], found["escalated_at"]) == (manager, "open", None)
    assert found["response_escalated_at"] >= found["first_response_due_at"]
    assert told(care, engine) == ["Unanswered complaint about collecting an order"]


def test_a_complaint_that_nobody_resolves_is_handed_up_apart_from_that(care, manager, clock, sweep, engine):
    mine = complain(care)
    clock.advance(hours=9)
    sweep(times=2)
    clock.advance(hours=62)
    sweep()
    assert types(care, mine) == ["opened", "escalated"]

    clock.advance(hours=2)
    sweep(times=3)

    found = read(care, mine)
    assert [entry["field"] for entry in found["history"][1:]] == ["first_response", "resolution"]
    assert found["escalated_at"] >= found["resolution_due_at"]
    assert [entry["after"] for entry in found["history"][1:]] == [manager, found["owner"]]
    assert found["owner"] != manager


def test_the_sweep_hands_an_answered_complaint_up_once(care, manager, clock, sweep, engine):
    mine = complain(care)
    made(care.brand.patch(f"/v1/complaints/{mine['id']}", {"note": "called"}), 200)
    clock.advance(hours=71)
    sweep()
    assert types(care, mine) == ["opened", "note"]
    assert care.complaints("?overdue=true") == []

    clock.advance(hours=2)
    sweep(times=3)

    found = read(care, mine)
    assert [(e["type"], e["by"], e["field"]) for e in found["history"][2:]] == [("escalated", "system", "resolution")]
    assert (found["owner"], found["status"]) == (manager, "open")
    assert found["escalated_at"] >= found["resolution_due_at"]
    assert told(care, engine) == ["Overdue complaint about collecting an order"]


def test_an_escalated_complaint_leaves_the_due_index(care, manager, clock, sweep):
    mine = complain(care)
    clock.advance(hours=73)
    sweep()
    revision = care.brand.get(f"/v1/complaints/{mine['id']}").headers["ETag"]

    made(care.brand.patch(f"/v1/complaints/{mine['id']}", {"urgency": "critical"}), 200)
    sweep(times=2)

    assert types(care, mine) == ["opened", "escalated", "escalated", "changed"]
    assert revision == '"2"'


def test_a_late_sweep_still_finds_it(care, manager, clock, sweep):
    """Both times have passed by then: it is handed up once for both."""
    mine = complain(care)
    clock.advance(days=90)
    sweep(times=2)

    assert types(care, mine) == ["opened", "escalated", "escalated"]
    assert read(care, mine)["owner"] == manager


def test_twenty_workers_at_once_escalate_once(care, manager):
    mine = complain(care)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: escalate(care, mine), range(20)))

    assert types(care, mine) == ["opened", "escalated", "escalated"]


def test_a_resolved_complaint_is_not_escalated(care, manager, clock, sweep):
    mine = complain(care)
    made(care.brand.post(f"/v1/complaints/{mine['id']}/resolve", {"outcome": "done"}), 200)
    clock.advance(hours=73)
    sweep()
    escalate(care, mine)

    assert types(care, mine) == ["opened", "resolved"]


def test_a_resolution_that_comes_first_wins(care, manager, monkeypatch):
    mine = complain(care)
    real = keeping.assign

    def meanwhile(*arguments, **options):
        made(care.brand.post(f"/v1/complaints/{mine['id']}/resolve", {"outcome": "done"}), 200)
        return real(*arguments, **options)

    monkeypatch.setattr(keeping, "assign", meanwhile)
    escalate(care, mine)

    assert types(care, mine) == ["opened", "resolved"]


def test_a_resolution_that_comes_second_keeps_the_escalation(care, manager, monkeypatch):
    mine = complain(care)
    real, raced = service.get_complaint, []

    def meanwhile(*arguments, **options):
        found = real(*arguments, **options)
        if not raced:
            raced.append(True)
            escalate(care, mine)
        return found

    monkeypatch.setattr(service, "get_complaint", meanwhile)
    made(care.brand.post(f"/v1/complaints/{mine['id']}/resolve", {"outcome": "done"}), 200)

    assert types(care, mine) == ["opened", "escalated", "escalated", "resolved"]


def test_more_time_given_in_the_meantime_is_respected(care, manager, clock, sweep):
    mine = complain(care)
    made(care.brand.patch(f"/v1/complaints/{mine['id']}", {"urgency": "low"}), 200)
    escalate(care, mine, after=timedelta(hours=73))
    clock.advance(hours=119)
    sweep()
    assert types(care, mine) == ["opened", "changed"]

    clock.advance(hours=2)
    sweep()
    assert types(care, mine) == ["opened", "changed", "escalated"]


def test_an_owner_alone_keeps_what_is_overdue(care, clock, sweep):
    mine = complain(care)
    clock.advance(hours=73)
    sweep()

    assert (read(care, mine)["owner"], types(care, mine)) == (mine["owner"], ["opened", "escalated", "escalated"])


def test_a_message_about_a_complaint_that_is_gone_is_harmless(care):
    with tenant_scope(care.id):
        keeping.escalate(service.KEPT, care.id, *ComplaintRecord.address(care.id, care.id), product_clock.now())
